//! Byte offsets and the editor's positions.

use tower_lsp::ls_types::{Position, PositionEncodingKind, Range};
use tule_syntax::span::{LineIndex, Span};

/// What an editor counts columns in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every editor understands.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The cheapest encoding among those an editor offers.
    pub(crate) fn choose(offered: Option<&[PositionEncodingKind]>) -> Self {
        let has = |kind: &PositionEncodingKind| offered.is_some_and(|kinds| kinds.contains(kind));
        if has(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if has(&PositionEncodingKind::UTF32) && !has(&PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// The width of a text in this encoding.
    pub(crate) fn width(self, text: &str) -> u32 {
        let width = match self {
            Self::Utf8 => text.len(),
            _ if text.is_ascii() => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        };
        u32::try_from(width).unwrap_or(u32::MAX)
    }

    /// How many bytes of `line` lie in front of a column; a column inside a character is taken
    /// back to its beginning, one past the end to the end.
    fn bytes(self, line: &str, column: u32) -> u32 {
        let column = column as usize;
        if self == Self::Utf8 || line.is_ascii() {
            let mut at = column.min(line.len());
            while !line.is_char_boundary(at) {
                at -= 1;
            }
            return u32::try_from(at).unwrap_or(u32::MAX);
        }
        let mut seen = 0;
        for (at, c) in line.char_indices() {
            seen += if self == Self::Utf16 { c.len_utf16() } else { 1 };
            if seen > column {
                return u32::try_from(at).unwrap_or(u32::MAX);
            }
        }
        u32::try_from(line.len()).unwrap_or(u32::MAX)
    }
}

/// A text with its line starts, as an editor sees it.
#[derive(Clone, Copy)]
pub(crate) struct View<'t> {
    pub(crate) text: &'t str,
    pub(crate) lines: &'t LineIndex,
    pub(crate) encoding: Encoding,
}

impl View<'_> {
    pub(crate) fn position(self, offset: u32) -> Position {
        let line = self.lines.line(offset);
        let start = self.lines.start(line).unwrap_or(0);
        let before = Span::new(start, offset).text(self.text);
        Position { line, character: self.encoding.width(before) }
    }

    pub(crate) fn range(self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The offset of a position; past the end of a line its end, past the last line the end.
    pub(crate) fn offset(self, position: Position) -> u32 {
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let Some(start) = self.lines.start(position.line) else { return end };
        let next = self.lines.start(position.line + 1).unwrap_or(end + 1);
        let line = Span::new(start, (next - 1).min(end)).text(self.text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        start + self.encoding.bytes(line, position.character)
    }

    pub(crate) fn span(self, range: Range) -> Span {
        Span::new(self.offset(range.start), self.offset(range.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_in_every_encoding_go_there_and_back() {
        let text = "aé😀b\r\n\nz";
        let lines = LineIndex::new(text);
        for (encoding, column) in [(Encoding::Utf8, 7), (Encoding::Utf16, 4), (Encoding::Utf32, 3)]
        {
            let view = View { text, lines: &lines, encoding };
            assert_eq!(view.position(7), Position::new(0, column));
            for (offset, _) in text.char_indices().filter(|(_, c)| *c != '\n') {
                let offset = u32::try_from(offset).unwrap();
                assert_eq!(view.offset(view.position(offset)), offset, "{encoding:?}");
            }
        }
    }

    #[test]
    fn impossible_positions_are_brought_back_into_the_text() {
        let text = "a😀\nb";
        let lines = LineIndex::new(text);
        let view = View { text, lines: &lines, encoding: Encoding::Utf16 };
        assert_eq!(view.offset(Position::new(0, 2)), 1);
        assert_eq!(view.offset(Position::new(0, 99)), 5);
        assert_eq!(view.offset(Position::new(1, 99)), 7);
        assert_eq!(view.offset(Position::new(99, 0)), 7);
    }
}
