//! Whole tables as the portal's download button gives them.
//!
//! Scripts have fetched `rows.csv` for years, and stumble over what is different there: labels
//! instead of field names, `01/31/2025 08:15:00 PM` instead of ISO dates, null as empty text.

use csv::{Terminator, WriterBuilder};
use jiff::civil::DateTime;
use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use tule_core::types::Type;

use super::csv::cell;

pub(super) fn header(labels: &[String], separator: u8, out: &mut Vec<u8>) {
    line(labels.iter().cloned(), separator, out);
}

pub(super) fn row(columns: &[OutputColumn], row: &[Value], separator: u8, out: &mut Vec<u8>) {
    let cells = columns.iter().zip(row).map(|(column, value)| match (column.ty, value) {
        (Some(Type::FloatingTimestamp | Type::FixedTimestamp), Value::Text(text)) => {
            american(text).unwrap_or_else(|| text.to_string())
        }
        _ => cell(column, value).unwrap_or_default(),
    });
    line(cells, separator, out);
}

fn line(cells: impl Iterator<Item = String>, separator: u8, out: &mut Vec<u8>) {
    let mut builder = WriterBuilder::new();
    builder.delimiter(separator).terminator(Terminator::Any(b'\n'));
    let mut writer = builder.from_writer(out);
    // Writing to memory does not fail.
    let _ = writer.write_record(cells.map(String::into_bytes));
    let _ = writer.flush();
}

fn american(text: &str) -> Option<String> {
    let moment: DateTime = text.trim_end_matches('Z').parse().ok()?;
    Some(moment.strftime("%m/%d/%Y %I:%M:%S %p").to_string())
}
