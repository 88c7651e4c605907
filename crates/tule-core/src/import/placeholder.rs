//! Gaps that a script was to fill: `{year}`, `${x}`, `%s`, `…`.
//!
//! Queries are copied out of programs together with their templates. Inside quotes nobody can
//! tell such a gap from text, so it stays; outside quotes it is no SoQL, and a typed parameter is
//! what was meant. Deliberately absent: filling the gap with anything.

use std::ops::Range;

use tule_syntax::lexer::{Lexed, is_ident_part, lex};
use tule_syntax::token::TokenKind;

use super::text::Text;
use super::{ImportError, Result};

/// Longest name made up for a parameter.
const MAX_NAME: usize = 32;

/// Longest gap that is recognised, so that many open braces cost no more than few.
const MAX_GAP: usize = 256;

/// What may take the place of a gap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// A value, hence a parameter of this type.
    Value(&'static str),
    /// A name or an expression, which no parameter can be.
    Name,
}

/// Refuses a clause with a gap outside quotes.
pub(super) fn refuse(text: &Text, param: &str, fill: Fill) -> Result<()> {
    match gap(text.as_str()) {
        Some(range) => Err(error(text, range, param, fill)),
        None => Ok(()),
    }
}

/// Refuses a plain value that is a gap and nothing else.
pub(super) fn refuse_value(text: &Text, param: &str, ty: &'static str) -> Result<()> {
    let value = text.as_str().trim();
    match gap(value) {
        Some(range) if range == (0..value.len()) => {
            Err(error(&text.trim(), range, param, Fill::Value(ty)))
        }
        _ => Ok(()),
    }
}

/// Where `{…}` stands in a text, in bytes of the input.
pub(super) fn braced(text: &Text) -> Option<Range<usize>> {
    let open = text.as_str().find('{')?;
    let close = text.as_str().rfind('}').filter(|close| *close > open)?;
    Some(text.origin(open..close + 1))
}

fn error(text: &Text, range: Range<usize>, param: &str, fill: Fill) -> ImportError {
    let written = text.as_str().get(range.clone()).unwrap_or("");
    let message = match written {
        "…" | "..." => format!("`{written}` in `{param}` stands for something left out"),
        _ => format!(
            "`{}` in `{param}` is a placeholder of another language",
            super::params::shown(written)
        ),
    };
    let help = match fill {
        _ if matches!(written, "…" | "...") => "write out what belongs there".to_owned(),
        Fill::Value(ty) => {
            let name = parameter_name(written);
            format!(
                "write a value, import, then declare a typed parameter and write `${name}` instead: \
                 `query name(${name} {ty}) as …`"
            )
        }
        Fill::Name => "write the name out; only values can be parameters".to_owned(),
    };
    ImportError::new("template-placeholder", message).help(help).at(Some(text.origin(range)))
}

/// `${bbox[1]}` gives `bbox_1`.
fn parameter_name(written: &str) -> String {
    let mut name = String::new();
    // `%(since)s`: the letter behind the name is the format.
    let inner = written.strip_prefix("%(").and_then(|rest| rest.split(')').next());
    for c in inner.unwrap_or(written).chars() {
        if is_ident_part(c) && c != '$' {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name: String = name.trim_matches('_').chars().take(MAX_NAME).collect();
    // `%s` and `%d` say nothing about what they stand for.
    if name.chars().count() < 2 && written.starts_with('%') || name.is_empty() {
        "value".to_owned()
    } else {
        name
    }
}

/// The first gap outside quotes.
fn gap(text: &str) -> Option<Range<usize>> {
    let lexed = lex(text);
    let mut before = TokenKind::End;
    for index in 0..lexed.len() {
        let kind = lexed.kind(index);
        if kind.is_trivia() {
            continue;
        }
        let start = lexed.span(index).start as usize;
        if let Some(end) = gap_at(text, &lexed, index, before) {
            return Some(start..end);
        }
        before = kind;
    }
    None
}

/// The end of a gap that begins with token `index`.
fn gap_at(text: &str, lexed: &Lexed, index: usize, before: TokenKind) -> Option<usize> {
    let span = lexed.span(index);
    let rest = text.get(span.start as usize..).unwrap_or("");
    let end = |length: usize| Some(span.start as usize + length);
    match lexed.kind(index) {
        TokenKind::Param => Some(span.end as usize),
        // `?$limit` is a `?` where an `&` was meant; that is another fault.
        TokenKind::Hole if !rest.starts_with("?$") => Some(span.end as usize),
        TokenKind::Dot if rest.starts_with("...") => end(3),
        // `a %s` is a remainder.
        TokenKind::Percent if !ends_operand(before) => {
            let format = rest.get(1..).unwrap_or("");
            let length = match format.strip_prefix('(') {
                Some(named) => named.bytes().take(MAX_GAP).position(|byte| byte == b')')? + 2,
                None => 0,
            };
            let letter = format.get(length..)?;
            let mut letters = letter.chars();
            let fits = letters.next().is_some_and(|c| "sdif".contains(c))
                && !letters.next().is_some_and(is_ident_part);
            if fits { end(length + 2) } else { None }
        }
        TokenKind::Unknown => match rest.chars().next()? {
            '…' => end('…'.len_utf8()),
            '?' => end(1),
            '{' => end(closing(rest)?),
            '$' | '#' if rest.get(1..)?.starts_with('{') => end(closing(rest)?),
            _ => None,
        },
        _ => None,
    }
}

/// Length up to the `}` that closes the first `{`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices().take(MAX_GAP) {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at + 1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn ends_operand(kind: TokenKind) -> bool {
    kind.is_name()
        || kind.is_string()
        || matches!(
            kind,
            TokenKind::SystemIdent
                | TokenKind::Integer
                | TokenKind::Number
                | TokenKind::RightParen
                | TokenKind::RightBracket
                | TokenKind::True
                | TokenKind::False
                | TokenKind::Null
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_found_outside_quotes_only() {
        let found = |text: &str| gap(text).map(|range| text[range].to_owned());
        for (text, expected) in [
            ("a = {year}", "{year}"),
            ("a > ${bbox[1]} and", "${bbox[1]}"),
            ("a = #{x}", "#{x}"),
            ("a = {{ x }}", "{{ x }}"),
            ("a = %s", "%s"),
            ("a = %(since)s and", "%(since)s"),
            ("… and b", "…"),
            ("a in (...)", "..."),
            ("a = $year", "$year"),
            ("a = ?", "?"),
            ("a = ?year", "?year"),
        ] {
            assert_eq!(found(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["a = '{year}'", "a %s", "a % 2", "a = '…'", "a = `$year`", "x = '1'?$limit=1"]
        {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_made_from_what_stands_in_the_gap() {
        assert_eq!(parameter_name("${bbox[1]}"), "bbox_1");
        assert_eq!(parameter_name("{maxYear}"), "maxYear");
        assert_eq!(parameter_name("%s"), "value");
        assert_eq!(parameter_name("…"), "value");
        assert_eq!(parameter_name("{n}"), "n");
        assert_eq!(parameter_name("%(since)s"), "since");
    }
}
