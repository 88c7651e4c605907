//! The text that is being typed, analysed, and kept from one key press to the next.

use std::ops::Range;

use tule_core::diagnostics::{Code, Diagnostic, Severity};
use tule_ide::document::{Document, World};

use super::super::input::is_command;

/// What is wrong only until the rest is written: a column that a GROUP BY to come may name, a call
/// whose arguments are being written, a parenthesis.
const OPEN: [Code; 3] = [Code::NotGrouped, Code::WrongArity, Code::UnclosedParenthesis];

/// What completion of commands knows beside the catalog.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Names of portals.
    pub(crate) portals: Vec<String>,
    /// Parameters that are set or declared.
    pub(crate) parameters: Vec<String>,
}

/// A text that is being typed.
#[derive(Debug)]
pub(crate) struct Live {
    document: Document,
    /// For the arguments of commands.
    pub(crate) known: Known,
}

impl Live {
    /// No text yet.
    pub(crate) fn new(world: World) -> Self {
        Self { document: Document::new(String::new(), world), known: Known::default() }
    }

    /// What is typed is checked against another world from now on.
    pub(crate) fn set_world(&mut self, world: World) {
        self.document.set_world(world);
    }

    /// The text as it is now; only what changed is looked at again.
    pub(crate) fn sync(&mut self, text: &str) -> &Document {
        let (range, new) = difference(self.document.text(), text);
        if !range.is_empty() || !new.is_empty() {
            let new = text.get(new).unwrap_or("");
            if !self.document.edit(range, new) {
                self.document = Document::new(text.to_owned(), self.document.world().clone());
            }
        }
        &self.document
    }

    /// The text as it was when it was looked at last.
    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// What is wrong with the text, as far as it is not still being typed: an error at the cursor,
    /// or at the end of a statement that has not ended, comes of its being incomplete.
    pub(crate) fn faults(&self, cursor: usize) -> Vec<Diagnostic> {
        let text = self.document.text();
        if is_command(text) {
            return Vec::new();
        }
        let cursor = u32::try_from(cursor).unwrap_or(u32::MAX);
        let mut faults = Vec::new();
        for part in self.document.parts() {
            let end = part.range.start + length(part.range.text(text).trim_end());
            let unfinished = |found: &Diagnostic| {
                !part.terminated && (found.span.end >= end || OPEN.contains(&found.code))
            };
            let told = |found: &Diagnostic| {
                found.severity == Severity::Error
                    || found.severity == Severity::Warning && found.code.name() != "implicit-limit"
            };
            faults.extend(
                part.diagnostics().filter(|found| {
                    told(found) && !found.span.touches(cursor) && !unfinished(found)
                }),
            );
        }
        faults
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// What of `old` must be replaced by what of `new`, on the boundaries of characters.
fn difference(old: &str, new: &str) -> (Range<usize>, Range<usize>) {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let mut start = same;
    while !(old.is_char_boundary(start) && new.is_char_boundary(start)) {
        start -= 1;
    }
    let most = old.len().min(new.len()) - start;
    let back = old.bytes().rev().zip(new.bytes().rev()).take(most);
    let mut end = back.take_while(|(a, b)| a == b).count();
    while !(old.is_char_boundary(old.len() - end) && new.is_char_boundary(new.len() - end)) {
        end -= 1;
    }
    (start..old.len() - end, start..new.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_small_and_never_splits_a_character() {
        assert_eq!(difference("select a", "select ab"), (8..8, 8..9));
        assert_eq!(difference("aé", "aè"), (1..3, 1..3));
        assert_eq!(difference("éxé", "éé"), (2..3, 2..2));
        assert_eq!(difference("aa", "aaa"), (2..2, 2..3));
        assert_eq!(difference("", "x"), (0..0, 0..1));
        assert_eq!(difference("same", "same"), (4..4, 4..4));
    }

    #[test]
    fn the_text_follows_what_is_typed() {
        let mut live = Live::new(World::default());
        for text in ["s", "select é", "select è", "select", "", "from x select a; select"] {
            assert_eq!(live.sync(text).text(), text);
        }
    }

    #[test]
    fn what_is_being_typed_is_no_fault_yet() {
        let mut live = Live::new(World::default());
        let mut faults = |text: &str, cursor: usize| {
            live.sync(text);
            live.faults(cursor).len()
        };
        assert_eq!(faults("select", 6), 0);
        assert_eq!(faults("select (a", 9), 0);
        assert_eq!(faults(".help select select", 5), 0);
        assert!(faults("select a a a from; ", 19) > 0);
    }
}
