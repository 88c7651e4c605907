//! Counts in words.

use tule_core::diagnostics::{Diagnostic, Severity};

/// How many findings of which severity.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, serde::Serialize)]
pub(crate) struct Counts {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Counts {
    pub(crate) fn add(&mut self, diagnostic: &Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => {}
        }
    }
}

/// `1 file`, `2 files`
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `2 errors, 1 warning in 3 files`, or `3 files, 14 queries: no problems`
pub(crate) fn checked(files: usize, queries: usize, counts: Counts) -> String {
    let files = count(files, "file", "files");
    let parts: Vec<String> = [
        (counts.errors, count(counts.errors, "error", "errors")),
        (counts.warnings, count(counts.warnings, "warning", "warnings")),
    ]
    .into_iter()
    .filter_map(|(number, words)| (number > 0).then_some(words))
    .collect();
    if parts.is_empty() {
        return format!("{files}, {}: no problems", count(queries, "query", "queries"));
    }
    format!("{} in {files}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_as_a_sentence() {
        let counts = |errors, warnings| Counts { errors, warnings };
        assert_eq!(checked(3, 14, counts(0, 0)), "3 files, 14 queries: no problems");
        assert_eq!(checked(1, 1, counts(0, 0)), "1 file, 1 query: no problems");
        assert_eq!(checked(3, 14, counts(2, 1)), "2 errors, 1 warning in 3 files");
        assert_eq!(checked(1, 14, counts(0, 2)), "2 warnings in 1 file");
    }
}
