//! Values of the language as SQLite keeps them, and back.
//!
//! Every type has one form in which equal values are the same bytes and, where the type has an
//! order, SQLite's own comparison is that order: text as text (by code point), numbers as in
//! `number`, truth values as 0 and 1, moments as whole milliseconds, days as their number.

use jiff::civil::DateTime;
use rusqlite::types::{Value as Sql, ValueRef};
use tule_core::rows::Value;
use tule_core::types::Type;

use super::{marks, number};
use crate::folder::read::Cell;

/// A cell of a file as a value of type `ty`; `None` for what is not of the type.
pub(crate) fn cell(ty: Type, cell: &Cell<'_>) -> Option<Sql> {
    match (ty, cell) {
        (_, Cell::Empty) => Some(Sql::Null),
        (_, Cell::Text(text)) => literal(ty, text),
        (_, Cell::Number(text)) => literal(ty, text),
        (Type::Boolean, Cell::Json(serde_json::Value::Bool(truth))) => {
            Some(Sql::Integer(i64::from(*truth)))
        }
        (Type::Text, Cell::Json(value)) => Some(Sql::Text(value.to_string())),
        (_, Cell::Json(_)) => None,
    }
}

/// The beginning of a cell, for messages.
pub(crate) fn excerpt(cell: &Cell<'_>) -> String {
    let text = match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone().into_owned(),
        Cell::Number(text) => (*text).to_owned(),
        Cell::Json(value) => value.to_string(),
    };
    match text.char_indices().nth(40).and_then(|(at, _)| text.get(..at)) {
        Some(head) => format!("`{head}…`"),
        None => format!("`{text}`"),
    }
}

/// Text as a value of type `ty`, read as literals are.
pub(crate) fn literal(ty: Type, text: &str) -> Option<Sql> {
    Some(match ty {
        Type::Text => Sql::Text(text.to_owned()),
        Type::Number => Sql::Blob(number::encode(text)?),
        Type::Double => Sql::Real(text.parse().ok().filter(|double: &f64| double.is_finite())?),
        Type::Boolean => Sql::Integer(i64::from(text == "1" || text.eq_ignore_ascii_case("true"))),
        Type::FloatingTimestamp => Sql::Integer(milliseconds(text.parse().ok()?)),
        Type::RowIdentifier => mark("row-", text),
        Type::RowVersion => mark("rv-", text),
        _ => Sql::Text(text.to_owned()),
    })
}

fn mark(prefix: &str, text: &str) -> Sql {
    marks::read(prefix, text).map_or_else(|| Sql::Text(text.to_owned()), Sql::Integer)
}

fn milliseconds(moment: DateTime) -> i64 {
    jiff::tz::Offset::UTC.to_timestamp(moment).map_or(0, jiff::Timestamp::as_millisecond)
}

/// A value of a result as rows have it.
pub(crate) fn row_value(ty: Type, value: ValueRef<'_>) -> Value {
    match (ty, value) {
        (Type::Number, ValueRef::Blob(key)) => {
            number::decode(key).map_or(Value::Null, |text| Value::Number(text.into()))
        }
        (Type::Boolean, ValueRef::Integer(truth)) => Value::Boolean(truth != 0),
        (Type::Double, ValueRef::Real(double)) if double.is_finite() => Value::Double(double),
        (Type::RowIdentifier, ValueRef::Integer(row)) => {
            Value::Text(marks::write("row-", row).into())
        }
        (Type::RowVersion, ValueRef::Integer(digest)) => {
            Value::Text(marks::write("rv-", digest).into())
        }
        (Type::FloatingTimestamp, ValueRef::Integer(milliseconds)) => {
            moment(milliseconds, "").map_or(Value::Null, |text| Value::Text(text.into()))
        }
        (Type::FixedTimestamp, ValueRef::Integer(milliseconds)) => {
            moment(milliseconds, "Z").map_or(Value::Null, |text| Value::Text(text.into()))
        }
        (_, ValueRef::Text(text)) => Value::Text(String::from_utf8_lossy(text).into()),
        _ => Value::Null,
    }
}

fn moment(milliseconds: i64, end: &str) -> Option<String> {
    let instant = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    let local = jiff::tz::Offset::UTC.to_datetime(instant);
    Some(format!("{}{end}", local.strftime("%Y-%m-%dT%H:%M:%S%.3f")))
}
