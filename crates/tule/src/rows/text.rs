//! One value as text: for programs, and for people.

use std::borrow::Cow;

use tule_core::check::OutputColumn;
use tule_core::rows::{Value, wkt};
use tule_core::types::Type;

use crate::escape::inert;

/// The value as it stands in CSV: exact, null as nothing, geometries as well-known text.
pub(super) fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Value::Number(text) | Value::Text(text) => Cow::Borrowed(text),
        Value::Double(value) => Cow::Owned(double(*value)),
        Value::Json(value) => Cow::Owned(structured(value)),
    }
}

/// The value for people: one line, harmless, dates and times without what they do not say.
pub(crate) fn shown(value: &Value, column: &OutputColumn) -> String {
    let text = plain(value);
    let is_timestamp =
        matches!(column.ty, Some(Type::FloatingTimestamp | Type::FixedTimestamp | Type::Time));
    if is_timestamp && matches!(value, Value::Text(_)) {
        return inert(&text.replacen(".000", "", 1).replacen('T', " ", 1)).into_owned();
    }
    inert(&text).into_owned()
}

/// The shortest decimal that reads as the same number; an exponent where it is long otherwise.
fn double(value: f64) -> String {
    serde_json::Number::from_f64(value).map_or(String::new(), |number| number.to_string())
}

fn structured(value: &serde_json::Value) -> String {
    if let Some(text) = wkt(value) {
        return text;
    }
    // An address without a label is an address.
    let only = value.as_object().filter(|members| members.len() == 1);
    match only.and_then(|members| members.get("url")).and_then(serde_json::Value::as_str) {
        Some(url) => url.to_owned(),
        None => value.to_string(),
    }
}
