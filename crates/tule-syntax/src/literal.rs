//! The values behind names and literals.
//!
//! The tree keeps spans only; these functions read the text under them. They are total: text that
//! the parser has already reported as wrong still gives the most useful value.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::SyntaxErrorKind;
use crate::lexer::{is_ident_part, is_ident_start};

/// A name without its back-quotes and without the sigil of a parameter or hole. The `:` of system
/// columns is part of their name and stays; `@` of tables is dropped.
///
/// ```
/// use tule_syntax::literal::name_text;
/// assert_eq!(name_text("`call no`"), "call no");
/// assert_eq!(name_text(":id"), ":id");
/// assert_eq!(name_text("@esc4-8x43"), "esc4-8x43");
/// assert_eq!(name_text("$since"), "since");
/// ```
#[must_use]
pub fn name_text(written: &str) -> &str {
    match written.as_bytes().first() {
        Some(b'`') => {
            let inner = &written[1..];
            inner.strip_suffix('`').unwrap_or(inner)
        }
        Some(b'@' | b'$' | b'?') => &written[1..],
        _ => written,
    }
}

/// Whether `text` inside back-quotes is a name: letters, digits, `_`, `$` and `-`, not empty,
/// not starting with a digit; or a system column.
#[must_use]
pub fn is_quotable_name(text: &str) -> bool {
    let system = text.strip_prefix(':');
    let body = system.map_or(text, |rest| rest.strip_prefix('@').unwrap_or(rest));
    let mut chars = body.chars();
    let Some(first) = chars.next() else { return false };
    let starts = first == '-' || is_ident_start(first) || system.is_some() && is_ident_part(first);
    starts && chars.all(|c| c == '-' || is_ident_part(c))
}

/// The value of a string literal, quotes removed and escapes resolved.
#[must_use]
pub fn string_value(written: &str) -> Cow<'_, str> {
    if let Some(rest) = written.strip_prefix('\'') {
        let inner = rest.strip_suffix('\'').unwrap_or(rest);
        return if inner.contains("''") {
            Cow::Owned(inner.replace("''", "'"))
        } else {
            Cow::Borrowed(inner)
        };
    }
    if let Some(rest) = written.strip_prefix('"') {
        let inner = rest.strip_suffix('"').unwrap_or(rest);
        return if inner.contains('\\') {
            Cow::Owned(unescape(inner))
        } else {
            Cow::Borrowed(inner)
        };
    }
    // Typographic quotes, reported by the parser.
    Cow::Borrowed(written.trim_matches(|c| ('\u{2018}'..='\u{201e}').contains(&c)))
}

/// `value` as a single-quoted literal.
///
/// ```
/// use tule_syntax::literal::quote_string;
/// assert_eq!(quote_string("What's Up"), "'What''s Up'");
/// ```
#[must_use]
pub fn quote_string(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Where a single-quoted string at the start of `text` ends if a backslash in front of a quote
/// keeps it open, as in other languages; on its first line only.
pub(crate) fn backslashed_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'\n', _) => return None,
            (b'\\' | b'\'', Some(b'\'')) => at += 2,
            (b'\'', _) => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// One backslash escape of a double-quoted string.
struct Escape {
    /// Where it stands, from the backslash.
    range: Range<usize>,
    value: Result<char, SyntaxErrorKind>,
}

fn escapes(inner: &str) -> impl Iterator<Item = Escape> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + inner.get(from..)?.find('\\')?;
        let escape = read_escape(inner, at);
        from = escape.range.end;
        Some(escape)
    })
}

fn read_escape(inner: &str, at: usize) -> Escape {
    let rest = &inner[at + 1..];
    let Some(letter) = rest.chars().next() else {
        return Escape { range: at..at + 1, value: Err(SyntaxErrorKind::BadEscape) };
    };
    let simple = |value| Escape { range: at..at + 1 + letter.len_utf8(), value };
    match letter {
        '/' | '"' | '\\' => simple(Ok(letter)),
        'n' => simple(Ok('\n')),
        't' => simple(Ok('\t')),
        'b' => simple(Ok('\u{8}')),
        'f' => simple(Ok('\u{c}')),
        'r' => simple(Ok('\r')),
        'u' | 'U' => {
            let wanted = if letter == 'u' { 4 } else { 6 };
            let (code, digits) = hex(&rest[1..], wanted);
            let end = at + 2 + digits;
            if digits < wanted {
                return Escape { range: at..end, value: Err(SyntaxErrorKind::BadUnicodeEscape) };
            }
            // Two halves of a surrogate pair are one character.
            let second = inner.get(end..).and_then(|rest| rest.strip_prefix("\\u"));
            if let (0xD800..=0xDBFF, Some(second)) = (code, second) {
                let (low, digits) = hex(second, 4);
                let pair =
                    char::decode_utf16([code, low].map(|unit| u16::try_from(unit).unwrap_or(0)))
                        .next();
                if let (4, Some(Ok(value))) = (digits, pair) {
                    return Escape { range: at..end + 6, value: Ok(value) };
                }
            }
            let value = char::from_u32(code).ok_or(SyntaxErrorKind::UnicodeOutOfRange);
            Escape { range: at..end, value }
        }
        _ => simple(Err(SyntaxErrorKind::BadEscape)),
    }
}

/// Reads at most `most` hexadecimal digits; gives the value and how many there were.
fn hex(text: &str, most: usize) -> (u32, usize) {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
    let value = text.get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    (value.unwrap_or(0), digits)
}

fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut from = 0;
    for escape in escapes(inner) {
        out.push_str(&inner[from..escape.range.start]);
        out.push(escape.value.unwrap_or(char::REPLACEMENT_CHARACTER));
        from = escape.range.end;
    }
    out.push_str(&inner[from..]);
    out
}

/// The faulty escapes of a double-quoted string, as ranges of bytes into `written`.
pub(crate) fn bad_escapes(
    written: &str,
) -> impl Iterator<Item = (Range<usize>, SyntaxErrorKind)> + '_ {
    let inner = written.strip_prefix('"').unwrap_or(written);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    escapes(inner).filter_map(|escape| {
        let kind = escape.value.err()?;
        Some((escape.range.start + 1..escape.range.end + 1, kind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_give_their_values() {
        assert_eq!(string_value("'it''s'"), "it's");
        assert_eq!(string_value(r"'a\n'"), r"a\n");
        assert_eq!(string_value(r#""a\n\u0041\U01F600\/""#), "a\nA😀/");
        assert_eq!(string_value("'open"), "open");
        assert_eq!(string_value("'"), "");
    }

    #[test]
    fn faulty_escapes_are_found_where_they_stand() {
        let found: Vec<_> = bad_escapes(r#""ab\q \u12 \U110000""#).collect();
        assert_eq!(
            found,
            [
                (3..5, SyntaxErrorKind::BadEscape),
                (6..10, SyntaxErrorKind::BadUnicodeEscape),
                (11..19, SyntaxErrorKind::UnicodeOutOfRange),
            ]
        );
    }

    #[test]
    fn names_in_back_quotes() {
        for good in ["a", "a-b", "-", "größe", "$a", ":id", ":@computed_1", ":-x"] {
            assert!(is_quotable_name(good), "{good}");
        }
        for bad in ["", "a b", "a.b", "1a", ":", ":@", "a\u{a0}b"] {
            assert!(!is_quotable_name(bad), "{bad}");
        }
    }
}
