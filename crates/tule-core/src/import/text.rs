//! Text that knows where its characters came from.
//!
//! A clause reaches the parser through a shell, a JSON string, percent escapes and the removal of
//! comments; a fault found at the end has to be shown in what was pasted. Each character carries
//! the bytes of the input it stands for. Deliberately absent: any change of a value that is not
//! listed here.

use std::ops::Range;

use tule_syntax::lexer::lex;
use tule_syntax::token::TokenKind;

/// A decoded text and, for each of its bytes, the bytes of the input it stands for.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    value: String,
    origins: Vec<(u32, u32)>,
    /// Where an empty text stands.
    place: u32,
}

impl Text {
    /// The input itself.
    pub(super) fn plain(value: &str) -> Self {
        let mut text = Self::default();
        for (at, c) in value.char_indices() {
            text.push(c, at..at + c.len_utf8());
        }
        text
    }

    /// `value`, all of which stands for `origin`.
    pub(super) fn standing_for(value: &str, origin: &Range<usize>) -> Self {
        let mut text = Self { place: offset(origin.start), ..Self::default() };
        for c in value.chars() {
            text.push(c, origin.clone());
        }
        text
    }

    /// Nothing yet, at the place of `other`.
    pub(super) fn beside(other: &Self) -> Self {
        Self { place: offset(other.origin(0..0).start), ..Self::default() }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.value
    }

    pub(super) fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// Adds a character that stands for these bytes of the input.
    pub(super) fn push(&mut self, c: char, origin: Range<usize>) {
        self.value.push(c);
        let origin = (offset(origin.start), offset(origin.end));
        self.origins.resize(self.value.len(), origin);
    }

    /// Adds the bytes `range` of `other`.
    pub(super) fn append(&mut self, other: &Self, range: Range<usize>) {
        let origins = other.origins.get(range.clone());
        if let (Some(piece), Some(origins)) = (other.value.get(range), origins) {
            self.value.push_str(piece);
            self.origins.extend_from_slice(origins);
        }
    }

    /// The bytes `range` as a text of their own.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let mut part =
            Self { place: offset(self.origin(range.start..range.start).start), ..Self::default() };
        part.append(self, range);
        part
    }

    /// Without blank space at both ends.
    pub(super) fn trim(&self) -> Self {
        let start = self.value.len() - self.value.trim_start().len();
        self.part(start..start + self.value.trim().len())
    }

    /// The pieces between `separator`.
    pub(super) fn split(&self, separator: char) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut start = 0;
        for (at, found) in self.value.match_indices(separator) {
            pieces.push(self.part(start..at));
            start = at + found.len();
        }
        pieces.push(self.part(start..self.value.len()));
        pieces
    }

    /// Which bytes of the input the bytes `range` stand for.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let last = self.origins.last().map_or(self.place, |origin| origin.1);
        let at = |index: usize| self.origins.get(index).copied();
        let start = at(range.start).map_or(last, |origin| origin.0);
        let end = match range.end.checked_sub(1) {
            Some(index) if index >= range.start => at(index).map_or(last, |origin| origin.1),
            _ => start,
        };
        start as usize..end.max(start) as usize
    }

    /// Which bytes of the input the whole text stands for.
    pub(super) fn whole(&self) -> Range<usize> {
        self.origin(0..self.value.len())
    }

    /// Resolves percent escapes, and reads `+` as a space where `form` says so.
    ///
    /// What is no escape stays as it is, and so does an escape that is no UTF-8: `'%FARM%'` in an
    /// address that was never encoded must not lose its first letters. The second value says
    /// whether there was such an escape.
    pub(super) fn decode(&self, form: bool) -> (Self, bool) {
        let mut out = Self::beside(self);
        let mut broken = false;
        let mut at = 0;
        while let Some(c) = self.value.get(at..).and_then(|rest| rest.chars().next()) {
            let bytes = escapes(self.value.get(at..).unwrap_or(""));
            if bytes.is_empty() {
                let origin = self.origin(at..at + c.len_utf8());
                out.push(if form && c == '+' { ' ' } else { c }, origin);
                at += c.len_utf8();
                continue;
            }
            for chunk in bytes.utf8_chunks() {
                for c in chunk.valid().chars() {
                    let end = at + 3 * c.len_utf8();
                    out.push(c, self.origin(at..end));
                    at = end;
                }
                let end = at + 3 * chunk.invalid().len();
                out.append(self, at..end);
                broken |= end > at;
                at = end;
            }
        }
        (out, broken)
    }

    /// Without comments, and with one space for each run of blank space outside quotes; says
    /// whether there was a comment.
    pub(super) fn clean(&self) -> (Self, bool) {
        let mut out = Self::beside(self);
        let mut commented = false;
        let mut gap: Option<usize> = None;
        for (kind, span) in lex(&self.value).iter() {
            let range = span.start as usize..span.end as usize;
            if kind.is_trivia() && kind != TokenKind::UnterminatedComment {
                commented |= kind.is_comment();
                gap.get_or_insert(range.start);
                continue;
            }
            if let Some(from) = gap.take().filter(|_| !out.is_empty()) {
                out.push(' ', self.origin(from..range.start));
            }
            out.append(self, range);
        }
        (out, commented)
    }
}

/// The bytes of the percent escapes that `text` begins with.
fn escapes(text: &str) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [b'%', high, low, tail @ ..] = rest {
        let (Some(high), Some(low)) = (digit(high), digit(low)) else {
            break;
        };
        bytes.push(u8::try_from(high << 4 | low).unwrap_or(0));
        rest = tail;
    }
    bytes
}

/// Inputs are far shorter than `u32::MAX`; see [`super::MAX_INPUT`].
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_keeps_the_places() {
        let text = Text::plain("a%20%C3%A9+%zz%FA%");
        let (decoded, broken) = text.decode(true);
        assert!(broken);
        assert_eq!(decoded.as_str(), "a é %zz%FA%");
        assert_eq!(decoded.origin(2..4), 4..10);
        assert_eq!(decoded.origin(4..5), 10..11);
        assert_eq!(decoded.whole(), 0..18);
        assert_eq!(text.decode(false).0.as_str(), "a é+%zz%FA%");
    }

    #[test]
    fn broken_utf_8_stays_as_written() {
        assert_eq!(Text::plain("%E9t%C3%A9").decode(true).0.as_str(), "%E9té");
        assert_eq!(Text::plain("%41%FF%42").decode(true).0.as_str(), "A%FFB");
    }

    #[test]
    fn cleaning_drops_comments_and_keeps_what_is_quoted() {
        let (clean, commented) = Text::plain(" a  = /* x */ 'b  --'\n-- end").clean();
        assert_eq!(clean.as_str(), "a = 'b  --'");
        assert!(commented);
        assert_eq!(clean.origin(4..11), 14..21);
    }

    #[test]
    fn parts_and_pieces() {
        let text = Text::plain(" a&b ");
        let pieces = text.split('&');
        let trimmed: Vec<_> = pieces.iter().map(|piece| piece.trim().whole()).collect();
        assert_eq!(trimmed, [1..2, 3..4]);
        assert_eq!(Text::plain("").whole(), 0..0);
    }
}
