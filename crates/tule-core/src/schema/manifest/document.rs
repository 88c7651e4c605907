//! TOML with positions.
//!
//! Both project files are read through this module, so that every complaint about them can point
//! at the bytes it is about. Deliberately absent: deserialising into structures, which stops at
//! the first fault and gives no place for an unknown key.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use tule_syntax::span::{LineIndex, Span};

/// A key or value and where it stands.
pub(crate) type Node<'t> = Spanned<DeValue<'t>>;

/// A fault of form: what, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) span: Span,
}

/// The document, or what is wrong with its form: at most one fault a line, since the parser
/// reports the consequences of a fault as well.
pub(crate) fn parse(text: &str) -> Result<Spanned<DeTable<'_>>, Vec<Fault>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(table);
    }
    let lines = LineIndex::new(text);
    let mut faults = BTreeMap::new();
    for error in errors {
        let place = error.span().map_or(Span::default(), bytes);
        faults.entry(lines.line(place.start)).or_insert_with(|| {
            let span = widen(text, place);
            Fault { message: wording(error.message(), span.text(text)), span }
        });
    }
    Err(faults.into_values().collect())
}

/// Where a key or value stands.
pub(crate) fn span_of<T>(node: &Spanned<T>) -> Span {
    bytes(node.span())
}

/// What a value is, in words.
pub(crate) fn describe(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The keys of a table in the order of the file.
pub(crate) fn in_file_order<'d, 't>(table: &'d DeTable<'t>) -> Vec<(&'d str, Span, &'d Node<'t>)> {
    let mut entries: Vec<_> =
        table.iter().map(|(key, value)| (&**key.get_ref(), span_of(key), value)).collect();
    entries.sort_by_key(|(_, span, _)| *span);
    entries
}

fn bytes(range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}

/// An empty place is shown as the text of its line, or as the last text before it.
fn widen(text: &str, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let before = text.get(..span.start as usize).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let (start, shown) = if line.trim().is_empty() {
        let last = before.trim_end().lines().next_back().unwrap_or("");
        (before.trim_end().len() - last.len(), last)
    } else {
        (start, line)
    };
    let indent = shown.len() - shown.trim_start().len();
    bytes(start + indent..start + indent + shown.trim().len())
}

fn wording(message: &str, place: &str) -> String {
    let message = message.lines().collect::<Vec<_>>().join(", ");
    match message.as_str() {
        "duplicate key" => format!("duplicate key `{place}`"),
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(String, &str)> {
        let faults = parse(text).err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.message, fault.span.text(text))).collect()
    }

    #[test]
    fn every_faulty_line_is_reported_once_and_shown() {
        assert_eq!(
            faults("a=1\na=2\n[t]\n[t]"),
            [("duplicate key `a`".to_owned(), "a"), ("duplicate key `t`".to_owned(), "t"),]
        );
        assert_eq!(
            faults("a = \n b = 2"),
            [("string values must be quoted, expected literal string".to_owned(), "a =")]
        );
        assert_eq!(faults("a = [1,\n\n"), [("unclosed array, expected `]`".to_owned(), "a = [1,")]);
    }

    #[test]
    fn no_nesting_is_too_deep() {
        for opening in ["[", "{a=", "[[a]]\n[[a.b]]\n", "a."] {
            let text = format!("a = {}", opening.repeat(20_000));
            assert!(parse(&text).is_err(), "{opening}");
        }
    }
}
