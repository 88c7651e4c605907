//! Datasets to the text of a lock file.
//!
//! Written by hand and not by a TOML library, because the layout is the point: what a line holds
//! decides what a diff shows.

use std::fmt::Write as _;

use super::{Lock, VERSION, coarse};
use crate::schema::manifest::PortalKind;
use crate::schema::{Column, Dataset, system_columns, with_system_columns};

const HEAD: &str = "\
# The schemas that queries are checked against: one dataset a block, one column a line.
# Written by `tule lock`. Commit it: its diff shows what changed at the portal.
";

/// The text of a lock file: sorted, and the same for the same datasets.
#[must_use]
pub fn write(datasets: &[Dataset]) -> String {
    let lock = Lock::of(datasets.iter().cloned());
    let mut out = format!("{HEAD}version = {VERSION}\n");
    for dataset in &lock.datasets {
        block(&mut out, dataset);
    }
    out
}

fn block(out: &mut String, dataset: &Dataset) {
    let place = quoted(&format!("{}/{}", dataset.host, dataset.id));
    line(out, &format!("\n[dataset.{place}]"));
    let kind = if dataset.kind == PortalKind::Socrata { "" } else { dataset.kind.name() };
    let card = &dataset.card;
    text(out, "title", &dataset.title);
    text(out, "kind", kind);
    text(out, "resource-name", &dataset.resource_name);
    text(out, "asset-type", &card.asset_type);
    text(out, "view-of", &card.parent);
    text(out, "description", &card.description);
    if let Some(rows) = dataset.rows {
        line(out, &format!("rows = {}", coarse(rows)));
    }
    if let Some(range) = &dataset.range {
        let (column, first, last) =
            (quoted(&range.column), quoted(&range.first), quoted(&range.last));
        line(out, &format!("range = {{ column = {column}, first = {first}, last = {last} }}"));
    }
    text(out, "updated", &card.updated);
    text(out, "frequency", &card.frequency);
    text(out, "licence", &card.licence);
    text(out, "attribution", &card.attribution);
    text(out, "owner", &card.owner);
    text(out, "contact", &card.contact);
    text(out, "provenance", &card.provenance);

    let own = own_columns(dataset);
    if own.is_none() {
        text(out, "system-columns", "listed");
    }
    let columns = own.unwrap_or_else(|| dataset.columns.iter().collect());
    if columns.is_empty() {
        line(out, "columns = []");
        return;
    }
    line(out, "columns = [");
    for column in columns {
        line(out, &format!("  {},", entry(column)));
    }
    line(out, "]");
}

/// The columns without those that every dataset of its kind has, if a reader can add them again.
fn own_columns(dataset: &Dataset) -> Option<Vec<&Column>> {
    if dataset.kind != PortalKind::Socrata {
        return Some(dataset.columns.iter().collect());
    }
    let system = system_columns();
    let own: Vec<&Column> =
        dataset.columns.iter().filter(|column| !system.contains(column)).collect();
    let whole = with_system_columns(own.iter().map(|column| (*column).clone()).collect());
    (whole == dataset.columns).then_some(own)
}

fn entry(column: &Column) -> String {
    let mut parts = vec![format!("name = {}", quoted(&column.name))];
    let mut part = |key: &str, text: &str| parts.push(format!("{key} = {}", quoted(text)));
    let ty = column.ty.map_or("", |ty| ty.name());
    if !ty.is_empty() {
        part("type", ty);
    }
    if column.portal_type != ty {
        part("portal", &column.portal_type);
    }
    if !column.label.is_empty() {
        part("label", &column.label);
    }
    if !column.description.is_empty() {
        part("description", &column.description);
    }
    if !column.values.is_empty() {
        let values: Vec<String> = column.values.iter().map(|value| quoted(value)).collect();
        parts.push(format!("values = [{}]", values.join(", ")));
    }
    format!("{{ {} }}", parts.join(", "))
}

fn text(out: &mut String, key: &str, text: &str) {
    if !text.is_empty() {
        line(out, &format!("{key} = {}", quoted(text)));
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// A basic string of TOML, on one line. Characters that don't show are escaped: in a review, a
/// label must not be able to look like something else.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => {
                // Writing to a text never fails.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Control characters, and those that steer or hide the text around them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}
