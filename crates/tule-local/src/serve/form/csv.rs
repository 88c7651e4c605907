//! Values separated by commas or tabs as the portal quotes them: every value in quotes, null as nothing, so
//! that null and empty text are two things. No CSV library writes that, since it decides by the
//! text; the rest of RFC 4180 is one doubled quote.

use serde_json::Value as Json;
use tule_core::check::OutputColumn;
use tule_core::rows::{Value, wkt};
use tule_core::types::Type;

use super::part;

pub(super) fn header(columns: &[OutputColumn], separator: u8, out: &mut Vec<u8>) {
    line(columns.iter().map(|column| Some(column.name.to_string())), separator, out);
}

pub(super) fn row(columns: &[OutputColumn], row: &[Value], separator: u8, out: &mut Vec<u8>) {
    line(columns.iter().zip(row).map(|(column, value)| cell(column, value)), separator, out);
}

fn line(cells: impl Iterator<Item = Option<String>>, separator: u8, out: &mut Vec<u8>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(separator);
        }
        let Some(cell) = cell else { continue };
        out.push(b'"');
        out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    }
    out.push(b'\n');
}

/// A value as text; `None` is null.
pub(super) fn cell(column: &OutputColumn, value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Boolean(value) => value.to_string(),
        Value::Number(text) | Value::Text(text) => text.to_string(),
        Value::Double(value) => Json::from(*value).to_string(),
        Value::Json(value) => match column.ty {
            Some(Type::Url) => url(value),
            Some(Type::Location) => location(value),
            _ => wkt(value).unwrap_or_else(|| match value {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            }),
        },
    })
}

/// `description (url)`, or the part that is there.
fn url(value: &Json) -> String {
    match (part(value, "description"), part(value, "url")) {
        (Some(description), Some(url)) => format!("{description} ({url})"),
        (only, None) | (None, only) => only.unwrap_or_default().into_owned(),
    }
}

/// The address on two lines, the coordinates on a third; parts that are missing leave no line.
fn location(value: &Json) -> String {
    let address = part(value, "human_address")
        .and_then(|text| serde_json::from_str::<Json>(&text).ok())
        .unwrap_or(Json::Null);
    let said = |name| part(&address, name).filter(|text| !text.is_empty());
    let mut lines: Vec<String> = said("address").into_iter().map(Into::into).collect();
    let region = [said("state"), said("zip")];
    let region = region.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let city = said("city").map(Into::into);
    let place: Vec<String> =
        city.into_iter().chain((!region.is_empty()).then_some(region)).collect();
    if !place.is_empty() {
        lines.push(place.join(", "));
    }
    if let (Some(latitude), Some(longitude)) = (part(value, "latitude"), part(value, "longitude")) {
        lines.push(format!("({latitude}, {longitude})"));
    }
    lines.join("\n")
}
