//! Positions in source text.
//!
//! One unit everywhere: `u32` byte offsets, half-open ranges. Lines, characters and UTF-16 exist
//! only at the two edges of the program (terminal and editor) and are computed by
//! [`LineIndex`]; no other module converts between units. Offsets inside a parsed statement count
//! from the first byte of that statement, so that an analysis stays valid when text before it
//! changes; [`Span::shift`] moves them to file positions.

/// A half-open range of bytes, `start..end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just behind the last byte; never less than `start`.
    pub end: u32,
}

impl Span {
    /// The range `start..end`. A reversed pair becomes the empty range at `start`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// The empty range at `at`.
    #[must_use]
    pub const fn empty(at: u32) -> Self {
        Self { start: at, end: at }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `offset` lies inside, the end included, as a text cursor sees it.
    #[must_use]
    pub const fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same range, `by` bytes further on.
    #[must_use]
    pub const fn shift(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The text under the range, or `""` where the range does not fit `text`.
    #[must_use]
    pub fn text(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A line and column for people: both count from 1, columns in Unicode characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// The line starts of one text, for converting offsets at the edges.
///
/// Lines end at LF; a CR before it belongs to the line.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Scans `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.bytes().zip(1u32..).filter_map(|(byte, next)| (byte == b'\n').then_some(next)),
        );
        Self { starts }
    }

    /// Follows an edit of the text: `replacement` in place of the bytes of `range`. Only the
    /// replacement is scanned.
    pub fn replace(&mut self, range: Span, replacement: &str) {
        let first = self.starts.partition_point(|&start| start <= range.start);
        let last = self.starts.partition_point(|&start| start <= range.end);
        let length = u32::try_from(replacement.len()).unwrap_or(u32::MAX);
        for start in self.starts.iter_mut().skip(last) {
            *start = start.saturating_sub(range.len()).saturating_add(length);
        }
        let breaks = replacement.bytes().zip(1u32..).filter(|(byte, _)| *byte == b'\n');
        let fresh = breaks.map(|(_, next)| range.start.saturating_add(next));
        self.starts.splice(first..last, fresh);
    }

    /// The line of `offset`, from 0.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|&start| start <= offset);
        u32::try_from(after.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The offset of the first byte of `line` (from 0), if there is such a line.
    #[must_use]
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get(line as usize).copied()
    }

    /// How many lines there are; at least 1.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Always false: an empty text has one empty line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The position of `offset` in `text` (the text this index was built from), for people.
    #[must_use]
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.line(offset);
        let start = self.start(line).unwrap_or(0);
        let before = text.as_bytes().get(start as usize..offset as usize).unwrap_or(&[]);
        // A byte that does not continue a character starts one.
        let characters = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        LineColumn {
            line: line + 1,
            column: u32::try_from(characters).unwrap_or(u32::MAX).saturating_add(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters() {
        let text = "a\nbé€x\r\n\nend";
        let index = LineIndex::new(text);
        let at = |needle: &str| {
            let offset = u32::try_from(text.find(needle).unwrap()).unwrap();
            let LineColumn { line, column } = index.line_column(text, offset);
            (line, column)
        };
        assert_eq!(at("a"), (1, 1));
        assert_eq!(at("x"), (2, 4));
        assert_eq!(at("end"), (4, 1));
        assert_eq!(index.len(), 4);
    }

    #[test]
    fn an_edited_index_is_that_of_the_edited_text() {
        let text = "a\nbé\r\n\nend\n";
        for start in 0..=text.len() {
            for end in start..=text.len() {
                for replacement in ["", "x", "\n", "x\n\ny"] {
                    if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
                        continue;
                    }
                    let mut edited = text.to_owned();
                    edited.replace_range(start..end, replacement);
                    let mut index = LineIndex::new(text);
                    let at = |offset: usize| u32::try_from(offset).unwrap();
                    index.replace(Span::new(at(start), at(end)), replacement);
                    assert_eq!(index.starts, LineIndex::new(&edited).starts, "{edited:?}");
                }
            }
        }
    }

    #[test]
    fn a_span_outside_the_text_is_empty_text() {
        assert_eq!(Span::new(2, 9).text("abc"), "");
        assert_eq!(Span::new(1, 2).text("é"), "");
        assert_eq!(Span::new(5, 2), Span::empty(5));
    }
}
