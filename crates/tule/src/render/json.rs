//! Findings as a JSON document, in the form of `docs/check.schema.json`.

use std::collections::HashMap;

use serde::Serialize;
use tule_core::diagnostics::{Applicability, Diagnostic};

use super::summary::Counts;
use crate::source::{Range, SourceFile};

/// What `tule check --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    pub(crate) version: u32,
    /// Every file that was checked.
    pub(crate) files: Vec<String>,
    pub(crate) summary: Counts,
    pub(crate) diagnostics: Vec<Entry>,
}

impl Document {
    /// A document without findings.
    pub(crate) fn new() -> Self {
        Self { version: 1, files: Vec::new(), summary: Counts::default(), diagnostics: Vec::new() }
    }
}

/// One finding.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    code: &'static str,
    severity: &'static str,
    message: String,
    path: String,
    range: Range,
    labels: Vec<Label>,
    notes: Vec<String>,
    help: Option<String>,
    fixes: Vec<Fix>,
    fingerprint: String,
}

#[derive(Debug, Serialize)]
struct Label {
    range: Range,
    text: String,
}

#[derive(Debug, Serialize)]
struct Fix {
    title: String,
    applicability: &'static str,
    edits: Vec<Edit>,
}

#[derive(Debug, Serialize)]
struct Edit {
    range: Range,
    text: String,
}

/// The findings of one file. `path` is that of the file as its project sees it.
pub(crate) fn entries(file: &SourceFile, path: &str, findings: &[Diagnostic]) -> Vec<Entry> {
    let mut seen = HashMap::new();
    findings
        .iter()
        .map(|found| entry(file, found, fingerprint(file, path, found, &mut seen)))
        .collect()
}

fn entry(file: &SourceFile, found: &Diagnostic, fingerprint: String) -> Entry {
    let edits = |edits: &[tule_core::diagnostics::Edit]| {
        edits
            .iter()
            .map(|edit| Edit { range: file.range(edit.span), text: edit.text.clone() })
            .collect()
    };
    Entry {
        code: found.code.name(),
        severity: found.severity.name(),
        message: found.message.clone(),
        path: file.name.clone(),
        range: file.range(found.span),
        labels: found
            .labels
            .iter()
            .map(|label| Label { range: file.range(label.span), text: label.text.clone() })
            .collect(),
        notes: found.notes.clone(),
        help: found.help.clone(),
        fixes: found
            .fixes
            .iter()
            .map(|fix| Fix {
                title: fix.title.clone(),
                applicability: match fix.applicability {
                    Applicability::Safe => "safe",
                    Applicability::Unsafe => "unsafe",
                },
                edits: edits(&fix.edits),
            })
            .collect(),
        fingerprint,
    }
}

/// Tells a finding from others and stays when lines are added above it or blank space changes:
/// a hash of the path, the rule, the message, the line, and which of several alike it is.
fn fingerprint(
    file: &SourceFile,
    path: &str,
    found: &Diagnostic,
    seen: &mut HashMap<u64, u32>,
) -> String {
    let mut hash = Fnv::new();
    for part in [path, found.code.name(), &found.message] {
        hash.part(part);
    }
    for word in surroundings(&file.text, found.span.start as usize).split_whitespace() {
        hash.part(word);
    }
    let before = seen.entry(hash.0).or_insert(0);
    hash.part(&before.to_string());
    *before += 1;
    format!("{:016x}", hash.0)
}

/// The line around `at`; of a very long one, what is near.
fn surroundings(text: &str, at: usize) -> &str {
    const NEAR: usize = 200;
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let at = boundary(at.min(text.len()));
    let (before, after) = text.split_at(at);
    let start = before.rfind('\n').map_or(0, |found| found + 1).max(at.saturating_sub(NEAR));
    let end = after.find('\n').map_or(text.len(), |found| at + found).min(at + NEAR);
    text.get(boundary(start)..boundary(end)).unwrap_or("")
}

/// FNV-1a, which is the same everywhere and for ever; nobody gains by a collision here.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn part(&mut self, text: &str) {
        // A byte that no text holds ends the part.
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use tule_core::diagnostics::Code;
    use tule_syntax::span::Span;

    use super::*;

    fn prints(text: &str) -> Vec<String> {
        let file = SourceFile::text("a.tule", text);
        let found: Vec<_> = text
            .match_indices("bad")
            .map(|(at, _)| {
                let at = u32::try_from(at).unwrap();
                Diagnostic::new(Code::UnknownColumn, Span::new(at, at + 3), "no column `bad`")
            })
            .collect();
        entries(&file, "a.tule", &found).into_iter().map(|entry| entry.fingerprint).collect()
    }

    #[test]
    fn fingerprints_survive_moves_and_tell_findings_apart() {
        let before = prints("select bad, bad\nfrom calls where bad = 1");
        assert_eq!(before.len(), 3);
        assert!(before[0] != before[1] && before[1] != before[2]);
        let after = prints("-- new\n\n  select  bad,   bad\r\nfrom calls where bad = 1\n");
        assert_eq!(before, after);
        assert_eq!(before[0], "1df33b03b6f383d2");
    }

    #[test]
    fn a_long_line_is_hashed_around_the_finding() {
        let text = "é".repeat(100_000) + "bad";
        assert_eq!(surroundings(&text, text.len() - 3).len(), 203);
        assert_eq!(surroundings("a\nbé\nc", 3), "bé");
        assert_eq!(surroundings("", 9), "");
    }
}
