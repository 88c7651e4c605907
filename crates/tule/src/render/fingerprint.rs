//! What tells a finding from all others, however the file around it changes.

use std::collections::HashMap;

use tule_core::diagnostics::Diagnostic;

/// Fingerprints of one file's findings, taken in order of place.
#[derive(Clone, Debug)]
pub(crate) struct Fingerprints {
    path: String,
    seen: HashMap<u64, u32>,
}

impl Fingerprints {
    /// For a file with this path, as its project sees it.
    pub(crate) fn new(path: String) -> Self {
        Self { path, seen: HashMap::new() }
    }

    /// Tells a finding in `text` from others and stays when lines are added above it or blank
    /// space changes: a hash of the path, the rule, the message, the line, and which of several
    /// alike it is.
    pub(crate) fn of(&mut self, text: &str, found: &Diagnostic) -> String {
        let mut hash = Fnv::new();
        for part in [&self.path, found.code.name(), &found.message] {
            hash.part(part);
        }
        for word in surroundings(text, found.span.start as usize).split_whitespace() {
            hash.part(word);
        }
        let before = self.seen.entry(hash.0).or_insert(0);
        hash.part(&before.to_string());
        *before += 1;
        format!("{:016x}", hash.0)
    }
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
        let found: Vec<_> = text
            .match_indices("bad")
            .map(|(at, _)| {
                let at = u32::try_from(at).unwrap();
                Diagnostic::new(Code::UnknownColumn, Span::new(at, at + 3), "no column `bad`")
            })
            .collect();
        let mut prints = Fingerprints::new("a.tule".to_owned());
        found.iter().map(|found| prints.of(text, found)).collect()
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
