//! Datasets as documents: their cards with every column, and where a column stands in them.

use std::fmt::Write as _;

use tule_core::schema::Dataset;
use tule_core::types::Type;
use tule_ide::cards;

/// The scheme of the documents' addresses.
pub(crate) const SCHEME: &str = "tule-dataset";

/// A dataset as a document, in Markdown.
pub(crate) struct Card {
    pub(crate) text: String,
    /// The line of each column's heading, in the order of the columns.
    lines: Vec<u32>,
}

impl Card {
    pub(crate) fn of(dataset: &Dataset) -> Self {
        let mut text = cards::dataset(dataset);
        text.push_str("\n\nColumns\n");
        let mut lines = Vec::new();
        for column in &dataset.columns {
            text.push('\n');
            lines.push(u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX));
            let ty = column.ty.map_or("of unknown type", Type::name);
            let name: String =
                column.name.chars().filter(|c| !c.is_control() && *c != '`').collect();
            let _ = writeln!(text, "### `{name}` {ty}");
            let label = cards::plain(&column.label);
            if !label.is_empty() && column.label != column.name {
                let _ = write!(text, "\n{label}\n");
            }
            let description = cards::plain(&column.description);
            if !description.is_empty() {
                let _ = write!(text, "\n{description}\n");
            }
            if !column.values.is_empty() {
                let values: Vec<String> =
                    column.values.iter().map(|value| cards::plain(value)).collect();
                let _ = write!(text, "\nValues: {}\n", values.join(", "));
            }
        }
        Self { text, lines }
    }

    /// The line of a column; the first line for none.
    pub(crate) fn line(&self, dataset: &Dataset, column: Option<&str>) -> u32 {
        let position = column.and_then(|name| {
            let folded = tule_core::names::fold(name);
            dataset.column(&folded).map(|(position, _)| position)
        });
        position.and_then(|position| self.lines.get(position).copied()).unwrap_or(0)
    }
}

/// The address of a dataset's card.
pub(crate) fn address(dataset: &Dataset) -> String {
    format!("{SCHEME}://{}/{}.md", encoded(&dataset.host), encoded(&dataset.id))
}

/// The host and the identifier in the address of a card.
pub(crate) fn place(address: &str) -> Option<(String, String)> {
    let rest = address.strip_prefix(SCHEME)?.strip_prefix("://")?;
    let (host, id) = rest.split_once('/')?;
    Some((decoded(host)?, decoded(id.strip_suffix(".md")?)?))
}

/// Identifiers of some portals are paths; a host may have a port.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            let pair = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
            rest = tail.get(2..)?;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use tule_core::schema::Column;

    use super::*;

    #[test]
    fn addresses_go_there_and_back() {
        for (host, id) in [("data.example.org", "abcd-1234"), ("127.0.0.1:80", "a/b c%é.md")] {
            let dataset = Dataset::new(host, id, "", Vec::new());
            let address = address(&dataset);
            assert!(address.is_ascii(), "{address}");
            assert_eq!(place(&address), Some((host.to_owned(), id.to_owned())));
        }
        for odd in ["file:///x.md", "tule-dataset://h", "tule-dataset://h/%zz.md", "tule-dataset:"]
        {
            assert_eq!(place(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_column_is_found_on_its_line() {
        let mut first = Column::new("beat", Type::Text);
        first.description = "one\n# two".to_owned();
        first.values = vec!["`a`".to_owned()];
        let second = Column::new("n", Type::Number);
        let dataset = Dataset::new("h.example", "abcd-1234", "Calls", vec![first, second]);
        let card = Card::of(&dataset);
        let line = |name| card.line(&dataset, Some(name)) as usize;
        let at = |line| card.text.lines().nth(line).unwrap_or_default().to_owned();
        assert_eq!(at(line("beat")), "### `beat` text");
        assert_eq!(at(line("N")), "### `n` number");
        assert_eq!(line("nothing"), 0);
        assert!(!card.text.contains("\n# two"), "{}", card.text);
    }
}
