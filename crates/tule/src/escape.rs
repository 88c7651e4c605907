//! Foreign text made harmless for a terminal.
//!
//! Names of files, labels of columns, values and queries come from elsewhere. A terminal obeys
//! control characters in them, and directional marks make text look like other text. They are
//! replaced one for one, so that columns of characters stay what they are: a control character by
//! its picture, anything else by `U+FFFD`. Deliberately absent: a judgement on letters that look
//! like other letters.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What is shown in place of `c`, if it must not be shown itself.
pub(crate) fn replacement(c: char) -> Option<char> {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)),
        '\x7f' => Some('\u{2421}'),
        // C1 controls; marks that turn the direction of text; characters that nobody sees.
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// Text for one line of a message: everything that a terminal could obey is replaced, line breaks
/// included.
pub(crate) fn inert(text: &str) -> Cow<'_, str> {
    replaced(text, |_| false)
}

/// The same for text of several lines: breaks and tabs stay.
pub(crate) fn inert_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |c| matches!(c, '\n' | '\t'))
}

fn replaced(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let harmless = |c| if stays(c) { c } else { replacement(c).unwrap_or(c) };
    Cow::Owned(text.chars().map(harmless).collect())
}

/// A text on one line: runs of blank space, line breaks included, become one space.
pub(crate) fn one_line(text: &str) -> String {
    inert(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// A JSON document with everything that a terminal could obey written as `\u` escapes. Outside
/// strings no such character stands, so the document's meaning is the same.
pub(crate) fn json(document: String) -> String {
    if document.is_ascii() && !document.contains('\x7f') {
        return document;
    }
    let mut out = String::with_capacity(document.len());
    for c in document.chars() {
        if c == '\n' || replacement(c).is_none() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        let hostile = "a\x1b[31mb\u{9b}2Jc\u{202e}d\x07\r\n\te\x7f";
        assert_eq!(inert(hostile), "a␛[31mb\u{fffd}2Jc\u{fffd}d␇␍␊␉e␡");
        assert_eq!(inert_lines("a\n\tb\r"), "a\n\tb␍");
        assert_eq!(inert(hostile).chars().count(), hostile.chars().count());
        assert_eq!(inert("Größe 表 👩‍🚒"), "Größe 表 👩‍🚒");
        assert_eq!(one_line(" a\n  b\x1b "), "a b␛");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = serde_json::json!({ "k": "\u{9b}é\u{e0001}\u{7f}\n" });
        let text = json(value.to_string());
        assert_eq!(text, "{\"k\":\"\\u009bé\\udb40\\udc01\\u007f\\n\"}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
