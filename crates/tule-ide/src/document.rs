//! A text that is being edited, and what is known of each of its statements.
//!
//! A statement is parsed and checked once and kept until its text or the world it is checked
//! against changes. An edit looks at the statements it touches and no others: their text is split
//! anew, and as long as the last of the new statements does not end where an old one ended (a
//! quote was opened, a `;` removed), the statements behind are drawn in, twice as many each time.
//! Spans inside a statement count from its beginning, so that statements behind an edit move
//! without being touched. Edits that come in a burst can be taken in one after the other and looked
//! at together.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use tule_core::check::{Checked, Context};
use tule_core::diagnostics::Diagnostic;
use tule_core::lint::{Levels, examine};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_syntax::limits::MAX_BYTES;
use tule_syntax::parser::{ParsedStatement, parse_file};
use tule_syntax::span::Span;

use crate::highlight::{Token, of_statement};
use crate::names::{Name, names};

/// What statements are checked against. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The datasets known.
    pub catalog: Arc<Catalog>,
    /// How seriously each rule is taken.
    pub levels: Arc<Levels>,
    /// What a select without FROM reads.
    pub input: Option<Arc<Dataset>>,
}

/// One statement, parsed and checked. Spans count from the beginning of its text.
#[derive(Debug)]
pub struct Analysis {
    /// Its own text.
    pub text: Box<str>,
    /// Its tree and the faults of its form.
    pub parsed: ParsedStatement,
    /// What checking and linting found.
    pub checked: Checked,
    names: OnceLock<Vec<Name>>,
    tokens: OnceLock<Vec<Token>>,
}

/// One statement of a document and where it stands.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its text in the document, from behind the `;` before it to its own, which is left out.
    pub range: Span,
    /// Whether a `;` ends it.
    pub terminated: bool,
    /// What is known of it.
    pub analysis: Arc<Analysis>,
}

impl Part {
    /// Its findings, with positions in the document.
    pub fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> + '_ {
        let base = self.range.start;
        self.analysis.checked.diagnostics.iter().map(move |found| found.clone().shift(base))
    }

    /// Where the next part begins.
    fn end(&self) -> u32 {
        self.range.end + u32::from(self.terminated)
    }
}

/// A text that is being edited.
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    world: World,
    /// Never empty; together they cover the text, each with its `;`, once it is settled.
    parts: Vec<Part>,
    stale: Option<Stale>,
}

/// What was edited and not looked at since.
#[derive(Clone, Copy, Debug)]
struct Stale {
    /// Indices of the parts that edits touched.
    first: usize,
    last: usize,
    /// Bytes that the text is longer than those parts say.
    grown: i64,
    /// Whether the text is or was over [`MAX_BYTES`], so that no part can be kept.
    whole: bool,
}

impl Stale {
    /// Both together.
    fn and(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            grown: self.grown + other.grown,
            whole: self.whole || other.whole,
        }
    }
}

impl Document {
    /// Analyses a whole text. One over [`MAX_BYTES`] becomes a single part with an error.
    #[must_use]
    pub fn new(text: String, world: World) -> Self {
        let parts = analyse(&text, 0, &world);
        Self { text, world, parts, stale: None }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it is checked against.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Its statements in order, as of when it was settled last; what follows the last `;` is one of
    /// them.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The statement that a cursor at `offset` is in: right behind a `;`, the next one.
    #[must_use]
    pub fn part_at(&self, offset: u32) -> Option<&Part> {
        self.parts.get(self.index_at(offset))
    }

    /// Checks every statement against another world; trees are kept.
    pub fn set_world(&mut self, world: World) {
        self.settle();
        self.parts = each(std::mem::take(&mut self.parts), |part| {
            let Analysis { text, parsed, .. } = &*part.analysis;
            let analysis = Analysis::of(text.clone(), parsed.clone(), &world);
            Part { analysis: Arc::new(analysis), ..part }
        });
        self.world = world;
    }

    /// Replaces a range of the text, in bytes, and looks at what that changes. A range that does not
    /// lie on characters of the text changes nothing and gives `false`.
    pub fn edit(&mut self, range: Range<usize>, replacement: &str) -> bool {
        let fits = self.replace(range, replacement);
        self.settle();
        fits
    }

    /// Replaces a range of the text as [`edit`](Self::edit) does, but looks at nothing: until
    /// [`settle`](Self::settle) is called, the parts are those of an older text.
    pub fn replace(&mut self, range: Range<usize>, replacement: &str) -> bool {
        if self.text.get(range.clone()).is_none() {
            return false;
        }
        let length = self.text.len() - range.len() + replacement.len();
        let touched = Stale {
            first: self.index_now(offset(range.start)),
            last: self.index_now(offset(range.end)),
            grown: i64::from(offset(replacement.len())) - i64::from(offset(range.len())),
            whole: length > MAX_BYTES || self.text.len() > MAX_BYTES,
        };
        self.text.replace_range(range, replacement);
        self.stale = Some(self.stale.map_or(touched, |known| known.and(touched)));
        true
    }

    /// Looks at what was replaced.
    pub fn settle(&mut self) {
        let Some(Stale { first, mut last, grown, whole }) = self.stale.take() else { return };
        if whole {
            self.parts = analyse(&self.text, 0, &self.world);
            return;
        }
        let before = self.parts.get(first).map_or(0, |part| part.range.start);
        let mut more = 1;
        let fresh = loop {
            let old_end = self.parts.get(last).map_or(0, Part::end);
            let new_end = moved(old_end, grown);
            let region = self.text.get(before as usize..new_end as usize).unwrap_or("");
            let is_all = last + 1 >= self.parts.len();
            let mut fresh = analyse(region, before, &self.world);
            // Behind the `;` that ended the region nothing is left: what follows is not new.
            let ended = fresh.last().is_some_and(|part| part.range.is_empty());
            if is_all {
                break fresh;
            }
            if ended && fresh.len() > 1 {
                fresh.pop();
                break fresh;
            }
            last = (last + more).min(self.parts.len() - 1);
            more *= 2;
        };
        for part in self.parts.iter_mut().skip(last + 1) {
            part.range = Span::new(moved(part.range.start, grown), moved(part.range.end, grown));
        }
        self.parts.splice(first..=last, fresh);
    }

    /// Index of the part that a place of the text as it is now lies in; of those that were edited,
    /// any.
    fn index_now(&self, offset: u32) -> usize {
        let Some(stale) = self.stale else { return self.index_at(offset) };
        let end = self.parts.get(stale.last).map_or(0, Part::end);
        if offset >= moved(end, stale.grown) {
            self.index_at(moved(offset, -stale.grown))
        } else {
            self.index_at(offset).min(stale.first)
        }
    }

    /// Index of the part whose text or `;` holds the byte at `offset`.
    fn index_at(&self, offset: u32) -> usize {
        self.parts.partition_point(|part| part.range.start <= offset).saturating_sub(1)
    }
}

impl Analysis {
    fn of(text: Box<str>, parsed: ParsedStatement, world: &World) -> Self {
        let context = Context { catalog: &world.catalog, input: world.input.as_ref() };
        let checked = examine(&text, &parsed, context, &world.levels);
        Self { text, parsed, checked, names: OnceLock::new(), tokens: OnceLock::new() }
    }

    /// Every name of the statement and what it stands for, in order of place; worked out when it
    /// is asked for first.
    #[must_use]
    pub fn names(&self) -> &[Name] {
        self.names.get_or_init(|| names(self))
    }

    /// Its tokens for colouring; worked out when they are asked for first.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        self.tokens.get_or_init(|| of_statement(self))
    }
}

/// The statements of `text`, which stands at `base` in its document.
fn analyse(text: &str, base: u32, world: &World) -> Vec<Part> {
    each(parse_file(text), |parsed| {
        let own: Box<str> = parsed.range.text(text).into();
        let (range, terminated) = (parsed.range.shift(base), parsed.terminated);
        let analysis = Arc::new(Analysis::of(own, parsed, world));
        Part { range, terminated, analysis }
    })
}

/// Statements from which on all cores look at them.
const MANY: usize = 64;

/// Does the same with each: they do not depend on each other.
fn each<T: Send, U: Send>(all: Vec<T>, one: impl Fn(T) -> U + Send + Sync) -> Vec<U> {
    if all.len() < MANY {
        all.into_iter().map(one).collect()
    } else {
        all.into_par_iter().map(one).collect()
    }
}

/// A length that is no offset is far over [`MAX_BYTES`], where no part is kept.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Texts here are shorter than `MAX_BYTES`, so that no sum leaves the range.
fn moved(at: u32, by: i64) -> u32 {
    u32::try_from(i64::from(at) + by).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(document: &Document) -> Vec<(Span, bool, String, Vec<Diagnostic>)> {
        let parts = document.parts().iter();
        parts
            .map(|part| {
                let tree = format!("{:?}", part.analysis.parsed.statement);
                (part.range, part.terminated, tree, part.diagnostics().collect())
            })
            .collect()
    }

    /// After every edit the document is what opening its text anew would give.
    fn same_as_fresh(text: &str, edits: &[(Range<usize>, &str)]) -> Document {
        let mut document = Document::new(text.to_owned(), World::default());
        for (range, replacement) in edits {
            assert!(document.edit(range.clone(), replacement));
            let fresh = Document::new(document.text().to_owned(), World::default());
            assert_eq!(outline(&document), outline(&fresh), "{:?}", document.text());
        }
        document
    }

    const THREE: &str = "select a from x; select b from y;\nselect c from z;\n";

    #[test]
    fn edits_keep_the_statements_they_do_not_touch() {
        let mut document = Document::new(THREE.to_owned(), World::default());
        let before: Vec<_> = document.parts().iter().map(|part| part.analysis.clone()).collect();
        assert!(document.edit(24..25, "beat"));
        assert_eq!(document.text(), "select a from x; select beat from y;\nselect c from z;\n");
        let kept = |at: usize| Arc::ptr_eq(&before[at], &document.parts()[at].analysis);
        assert_eq!([kept(0), kept(1), kept(2), kept(3)], [true, false, true, true]);
        assert_eq!(document.parts()[2].range, Span::new(36, 52));
    }

    #[test]
    fn edits_that_join_or_split_statements_give_what_opening_gives() {
        same_as_fresh(THREE, &[(15..16, ""), (15..15, ";"), (0..0, ";;"), (1..2, "")]);
        same_as_fresh(THREE, &[(7..8, "'"), (8..8, "'"), (0..0, "/*"), (2..2, "*/"), (0..4, "")]);
        same_as_fresh(THREE, &[(33..33, "-- "), (0..THREE.len() + 3, ""), (0..0, THREE)]);
        same_as_fresh("", &[(0..0, "select"), (6..6, " 1;"), (9..9, "\n"), (0..10, "")]);
        same_as_fresh("a;b", &[(1..3, ""), (1..1, ";"), (2..2, "`"), (2..3, "")]);
    }

    #[test]
    fn a_range_outside_the_text_changes_nothing() {
        let mut document = Document::new("é".to_owned(), World::default());
        assert!(!document.edit(0..1, "x"));
        assert!(!document.edit(0..9, "x"));
        assert_eq!(document.text(), "é");
    }

    #[test]
    fn random_edits_give_what_opening_gives() {
        // A linear congruential generator: the same edits in every run.
        let mut state = 17_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(state >> 33).unwrap_or(0) % below.max(1)
        };
        let pieces =
            [";", "'", "\"", "/*", "*/", "--", "\n", "`", " ", "select a from b", "(", "é"];
        for round in 0..90 {
            let mut document = Document::new(THREE.to_owned(), World::default());
            // One at a time, or up to five together.
            let most = if round < 45 { 1 } else { 5 };
            for _ in 0..25 {
                for _ in 0..=random(most) {
                    let text = document.text();
                    let start = random(text.len() + 1);
                    let end = (start + random(4)).min(text.len());
                    document.replace(start..end, pieces[random(pieces.len())]);
                }
                document.settle();
                let fresh = Document::new(document.text().to_owned(), World::default());
                assert_eq!(outline(&document), outline(&fresh), "{:?}", document.text());
            }
        }
    }
}
