//! Values of any form, read for what they can mean.
//!
//! Portals print numbers as text and text as numbers, and leave out what they don't know. These
//! readers never fail: what can't be read is empty or absent.

use serde_json::Value;

/// What a value is, in words.
pub(super) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Text, or a number or truth value in its printed form; empty for anything else.
pub(super) fn text(value: &Value) -> String {
    scalar(value).unwrap_or_default().trim().to_owned()
}

/// The text under `key`; empty where there is none.
pub(super) fn text_of(object: &Value, key: &str) -> String {
    object.get(key).map(text).unwrap_or_default()
}

/// The first of `keys` with a text that is not empty.
pub(super) fn first_text(object: &Value, keys: &[&str]) -> String {
    keys.iter().map(|key| text_of(object, key)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// Text as it is, or a number or truth value in its printed form.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// A count, whether printed as a number or as text, with or without a fraction of zero.
pub(super) fn count(value: &Value) -> Option<u64> {
    let text = text(value);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if fraction.bytes().any(|byte| byte != b'0') {
        return None;
    }
    whole.parse().ok()
}

/// The day of a time: seconds since 1970 in UTC, or a date in ISO 8601. Empty for anything else.
pub(super) fn day(value: &Value) -> String {
    let text = text(value);
    let date = match text.parse::<i64>() {
        Ok(seconds) => jiff::Timestamp::from_second(seconds)
            .ok()
            .map(|time| jiff::tz::Offset::UTC.to_datetime(time).date()),
        Err(_) => text.get(..10).and_then(|day| day.parse().ok()),
    };
    date.filter(|date: &jiff::civil::Date| date.year() > 0)
        .map(|date| date.to_string())
        .unwrap_or_default()
}
