//! What the comments above a statement say must come out.
//!
//! Every comment of the form `-- word: …` above a statement is an expectation. An unknown word is
//! a fault, so that a misspelt expectation cannot pass unnoticed; any other comment is prose.

use std::ops::Range;

use tule_core::diagnostics::{Code, Severity};
use tule_syntax::lexer::lex;
use tule_syntax::span::Span;

/// The expectations of one statement.
#[derive(Debug, Default)]
pub struct Expectations {
    /// `type: column type`
    pub types: Vec<(String, String)>,
    /// `columns: a, b`
    pub columns: Option<Vec<String>>,
    /// `error: code at text` and `warning: …`
    pub diagnostics: Vec<Expected>,
    /// `lint: code`: a lint that is off by default and turned on here.
    pub lints: Vec<String>,
    /// `refused: code at text`: what compiling reports of a statement that checks clean.
    pub refused: Vec<Expected>,
    /// `soql: …`: the whole query as it is sent.
    pub soql: Option<String>,
    /// `request: $select=… & …`
    pub request: Option<String>,
    /// `body: {…}`
    pub body: Option<String>,
    /// `paging: strategy size`
    pub paging: Option<String>,
    /// `sent to: host/dataset`
    pub sent_to: Option<String>,
    /// `address: https://…`: without parameters.
    pub address: Option<String>,
    /// `param: name=value`
    pub params: Vec<(String, String)>,
    /// `parses as: …`
    pub form: Option<String>,
    /// `todo: …`: why the statement is known to fail.
    pub todo: Option<String>,
}

/// One diagnostic that must be reported.
#[derive(Debug)]
pub struct Expected {
    /// Which.
    pub code: Code,
    /// How serious.
    pub severity: Severity,
    /// The text that it must point at.
    pub text: String,
    /// Which occurrence of the text, from 1.
    pub occurrence: usize,
}

impl Expectations {
    /// Whether the statement has to be compiled.
    #[must_use]
    pub fn compiles(&self) -> bool {
        !self.refused.is_empty()
            || self.soql.is_some()
            || self.request.is_some()
            || self.body.is_some()
            || self.paging.is_some()
            || self.sent_to.is_some()
            || self.address.is_some()
    }

    /// Reads the comments in front of a statement.
    ///
    /// # Errors
    ///
    /// The comment that is not understood.
    pub fn read(statement: &str) -> Result<Self, String> {
        let mut expectations = Self::default();
        for (kind, span) in lex(statement).iter() {
            if !kind.is_trivia() {
                break;
            }
            let Some(comment) = span.text(statement).strip_prefix("--") else { continue };
            let Some((word, value)) = comment.trim().split_once(": ") else { continue };
            if !word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ') {
                continue;
            }
            expectations.take(word, value.trim()).ok_or_else(|| {
                format!("expectation that is not understood: `{}`", comment.trim())
            })?;
        }
        Ok(expectations)
    }

    fn take(&mut self, word: &str, value: &str) -> Option<()> {
        let pair = |value: &str, sign: char| {
            let (left, right) = value.split_once(sign)?;
            Some((left.trim().to_owned(), right.trim().to_owned()))
        };
        match word {
            "type" => self.types.push(pair(value, ' ')?),
            "columns" => {
                let names = value.split(',').map(|name| name.trim().to_owned());
                self.columns = Some(names.filter(|name| !name.is_empty()).collect());
            }
            "error" => self.diagnostics.push(expected(value, Severity::Error)?),
            "warning" => self.diagnostics.push(expected(value, Severity::Warning)?),
            "lint" => self.lints.push(Code::from_name(value)?.name().to_owned()),
            "refused" => self.refused.push(expected(value, Severity::Error)?),
            "soql" => self.soql = Some(value.to_owned()),
            "request" => self.request = Some(value.to_owned()),
            "body" => self.body = Some(value.to_owned()),
            "paging" => self.paging = Some(value.to_owned()),
            "sent to" => self.sent_to = Some(value.to_owned()),
            "address" => self.address = Some(value.to_owned()),
            "param" => self.params.push(pair(value, '=')?),
            "parses as" => self.form = Some(value.to_owned()),
            "todo" => self.todo = Some(value.to_owned()),
            _ => return None,
        }
        Some(())
    }
}

/// ``code at `text` ``, with `#2` behind it for the second occurrence. Text with back-quotes in
/// it stands between two of them on each side, as in Markdown.
fn expected(value: &str, severity: Severity) -> Option<Expected> {
    let (name, place) = value.split_once(" at ")?;
    let code = Code::from_name(name.trim())?;
    let place = place.trim();
    let fence = place.len() - place.trim_start_matches('`').len();
    if fence == 0 {
        return None;
    }
    let (quotes, rest) = place.split_at_checked(fence)?;
    let end = rest.rfind(quotes)?;
    let (text, tail) = rest.split_at_checked(end)?;
    let tail = tail.trim_start_matches('`').trim();
    let occurrence = match tail.strip_prefix('#') {
        Some(number) => number.parse().ok()?,
        None if tail.is_empty() => 1,
        None => return None,
    };
    let text = if fence > 1 { text.trim() } else { text };
    Some(Expected { code, severity, text: text.to_owned(), occurrence })
}

/// Where the expected text stands in a statement: at whole tokens if it does, else anywhere. The
/// comments above the statement do not count, but for one that speaks to the checker.
#[must_use]
pub fn find(statement: &str, expected: &Expected) -> Option<Range<usize>> {
    let lexed = lex(statement);
    let speaks = |span: Span| span.text(statement).starts_with("-- allow(");
    let code = lexed.iter().find(|(kind, span)| !kind.is_trivia() || speaks(*span));
    let from = code.map_or(0, |(_, span)| span.start as usize);
    let places = |text: &str| -> Vec<Range<usize>> {
        let found = statement.get(from..).unwrap_or("").match_indices(text);
        found.map(|(at, text)| from + at..from + at + text.len()).collect()
    };
    let all = places(&expected.text);
    let bounds: Vec<usize> =
        lexed.iter().flat_map(|(_, span)| [span.start as usize, span.end as usize]).collect();
    let whole: Vec<_> = all
        .iter()
        .filter(|range| {
            bounds.binary_search(&range.start).is_ok() && bounds.binary_search(&range.end).is_ok()
        })
        .cloned()
        .collect();
    let found = if whole.is_empty() { all } else { whole };
    found.get(expected.occurrence.checked_sub(1)?).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_above_a_statement_are_read() {
        let text = "\n-- prose\n-- type: x number\n-- error: type-mismatch at `a`#2\nselect a, a";
        let expectations = Expectations::read(text).unwrap();
        assert_eq!(expectations.types, [("x".to_owned(), "number".to_owned())]);
        let expected = &expectations.diagnostics[0];
        assert_eq!(find(text, expected).map(|range| range.start), Some(text.len() - 1));
        assert!(Expectations::read("-- eror: x at `y`\nselect").is_err());
        assert!(Expectations::read("-- error: no-such-code at `y`\nselect").is_err());
    }

    #[test]
    fn text_with_back_quotes_and_parts_of_tokens_are_found() {
        let text = "-- error: bad-name at `` `a b` ``\nselect count(n), `a b`";
        let expectations = Expectations::read(text).unwrap();
        let range = find(text, &expectations.diagnostics[0]).unwrap();
        assert_eq!(&text[range], "`a b`");
        let n = Expected {
            code: Code::BadName,
            severity: Severity::Error,
            text: "n".to_owned(),
            occurrence: 1,
        };
        assert_eq!(find("select count(n)", &n), Some(13..14));
        assert_eq!(find("select 'an'", &n), Some(9..10));
    }
}
