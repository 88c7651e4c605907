//! Where in the text of a lock something stands.

use tule_syntax::span::Span;

use super::write::quoted;

/// The place of a dataset in the text of a lock, or that of one of its columns. It is the text as
/// this program writes it that is searched: one column a line.
///
/// ```
/// use tule_core::schema::lock::{place, write};
/// use tule_core::schema::{Column, Dataset};
/// use tule_core::types::Type;
/// let columns = vec![Column::new("beat", Type::Text)];
/// let text = write(&[Dataset::new("data.example.org", "abcd-1234", "Calls", columns)]);
/// let span = place(&text, "data.example.org", "abcd-1234", Some("beat")).unwrap();
/// assert_eq!(span.text(&text), "name = \"beat\"");
/// ```
#[must_use]
pub fn place(text: &str, host: &str, id: &str, column: Option<&str>) -> Option<Span> {
    let head = format!("[dataset.{}]", quoted(&format!("{host}/{id}")));
    let start = text.find(&head)?;
    let end = start + head.len();
    let found = column.and_then(|column| {
        let block = text.get(end..)?;
        let block = block.split("\n[dataset.").next().unwrap_or(block);
        let name = format!("name = {}", quoted(column));
        let inside = block.find(&format!("{{ {name}"))? + 2;
        Some((end + inside, end + inside + name.len()))
    });
    let (start, end) = found.unwrap_or((start, end));
    Some(Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}
