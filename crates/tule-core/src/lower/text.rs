//! Text under construction that remembers where it came from.
//!
//! A portal reports errors at positions of the text it was sent. The map leads from there back to
//! the query that the user wrote.

use tule_syntax::span::Span;

/// Generated text with a map to the source.
#[derive(Clone, Debug, Default)]
pub struct Text {
    out: String,
    map: SourceMap,
}

/// Which part of a generated text came from which part of the source.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SourceMap {
    /// Ends of runs in the generated text, ascending, with the source of each run.
    runs: Vec<(u32, u32, Span)>,
}

impl SourceMap {
    /// The source of the byte at `offset` of the generated text, or of what stands next before it.
    #[must_use]
    pub fn source(&self, offset: u32) -> Option<Span> {
        let after = self.runs.partition_point(|(start, ..)| *start <= offset);
        let (_, _, span) = self.runs.get(after.checked_sub(1)?)?;
        Some(*span)
    }

    /// Moves everything `by` bytes further on in the generated text.
    pub(super) fn shift(&mut self, by: u32) {
        for (start, end, _) in &mut self.runs {
            *start = start.saturating_add(by);
            *end = end.saturating_add(by);
        }
    }
}

impl Text {
    /// Adds text that has no counterpart in the source.
    pub(super) fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Adds text that stands for `source`.
    pub(super) fn mapped(&mut self, text: &str, source: Span) {
        let start = length(&self.out);
        self.out.push_str(text);
        self.map.runs.push((start, length(&self.out), source));
    }

    /// Adds another text, map and all.
    pub(super) fn append(&mut self, other: Self) {
        let by = length(&self.out);
        self.out.push_str(&other.out);
        self.map.runs.extend(
            other.map.runs.into_iter().map(|(start, end, span)| (start + by, end + by, span)),
        );
    }

    /// The text so far.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.out
    }

    /// Where its parts came from.
    #[must_use]
    pub fn map(&self) -> &SourceMap {
        &self.map
    }

    pub(super) fn len(&self) -> usize {
        self.out.len()
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_lead_back_to_the_source() {
        let mut text = Text::default();
        text.raw("select ");
        text.mapped("beat", Span::new(20, 24));
        let mut tail = Text::default();
        tail.raw(", ");
        tail.mapped("ward", Span::new(30, 34));
        text.append(tail);
        assert_eq!(text.as_str(), "select beat, ward");
        assert_eq!(text.map().source(0), None);
        assert_eq!(text.map().source(8), Some(Span::new(20, 24)));
        assert_eq!(text.map().source(11), Some(Span::new(20, 24)));
        assert_eq!(text.map().source(14), Some(Span::new(30, 34)));
    }
}
