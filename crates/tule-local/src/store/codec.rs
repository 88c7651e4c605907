//! Values of the language as SQLite keeps them, and back.
//!
//! Every type has one form in which equal values are the same bytes and, where the type has an
//! order, SQLite's own comparison is that order: text as text (by code point), numbers as in
//! `number`, truth values as 0 and 1, moments and times of day as whole milliseconds, days as
//! their number since 1970, marks as in `marks`, geometries as in `shape`, everything else as text.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, date, time};
use rusqlite::types::{Value as Sql, ValueRef};
use serde_json::Value as Json;
use tule_core::rows;
use tule_core::types::{Type, TypeSet};

use super::{marks, number, shape};
use crate::folder::read::Cell;
use crate::value::{Fault, Url, Value};

const EPOCH: Date = date(1970, 1, 1);
const MIDNIGHT: Time = time(0, 0, 0, 0);
const HOURS: i64 = 24;
/// Stands between the address and the label of a link. No text sorts before it.
const JOINT: char = '\0';

/// A cell of a file as a value of type `ty`.
pub(crate) fn cell(ty: Type, cell: &Cell<'_>) -> Result<Sql, Fault> {
    match (ty, cell) {
        (_, Cell::Empty) => Ok(Sql::Null),
        (Type::Text, Cell::Text(text)) => Ok(Sql::Text(text.clone().into_owned())),
        (Type::Number, Cell::Text(_) | Cell::Number(_)) => {
            let text = match cell {
                Cell::Number(text) => text,
                Cell::Text(text) => text.trim_ascii(),
                Cell::Empty | Cell::Json(_) => "",
            };
            // The key of a number is made of its digits: no number is computed.
            if text.is_empty() {
                return Ok(Sql::Null);
            }
            number::encode(text).map(Sql::Blob).ok_or_else(|| Fault::unreadable(ty, text))
        }
        (_, Cell::Text(text)) => Value::from_cell(text, ty).map(|value| encode(&value)),
        (Type::Json, Cell::Number(text)) => Ok(Sql::Text((*text).to_owned())),
        (_, Cell::Number(text)) => Value::from_cell(text, ty).map(|value| encode(&value)),
        (_, Cell::Json(json)) => Value::from_json(json, ty).map(|value| encode(&value)),
    }
}

/// Text as a value of type `ty`, read as literals are.
pub(crate) fn literal(ty: Type, text: &str) -> Result<Sql, Fault> {
    match ty {
        Type::Number => {
            number::encode(text).map(Sql::Blob).ok_or_else(|| Fault::unreadable(ty, text))
        }
        _ => Value::read(text, ty).map(|value| encode(&value)),
    }
}

/// A value as SQLite keeps it.
pub(crate) fn encode(value: &Value<'_>) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Text(text) | Value::Photo(text) | Value::Blob(text) => {
            Sql::Text(text.clone().into_owned())
        }
        // What is in range has a key.
        Value::Number(number) => number::of(number).map_or(Sql::Null, Sql::Blob),
        Value::Double(double) => Sql::Real(*double),
        Value::Boolean(truth) => Sql::Integer(i64::from(*truth)),
        Value::FixedTimestamp(instant) => Sql::Integer(instant.as_millisecond()),
        Value::FloatingTimestamp(moment) => Sql::Integer(milliseconds(*moment)),
        Value::Datestamp(day) => Sql::Integer(day.duration_since(EPOCH).as_hours() / HOURS),
        Value::Time(time) => Sql::Integer(milliseconds(DateTime::from_parts(EPOCH, *time))),
        Value::Interval(interval) => Sql::Text(interval.to_string()),
        Value::Geometry(geometry) => Sql::Blob(shape::encode(geometry)),
        Value::Url(url) => Sql::Text(link(url)),
        Value::RowIdentifier(mark) => mark_number("row-", mark),
        Value::RowVersion(mark) => mark_number("rv-", mark),
        Value::Json(json) => Sql::Text(sorted(json).to_string()),
        Value::Location(_) | Value::Document(_) => match value.to_row() {
            rows::Value::Json(json) => Sql::Text(json.to_string()),
            _ => Sql::Null,
        },
    }
}

/// What SQLite keeps as a value of type `ty`. What is no form of the type is null.
pub(crate) fn decode(ty: Type, kept: ValueRef<'_>) -> Value<'_> {
    known(ty, kept).unwrap_or(Value::Null)
}

fn known(ty: Type, kept: ValueRef<'_>) -> Option<Value<'_>> {
    Some(match (ty, kept) {
        (_, ValueRef::Null) => Value::Null,
        (Type::Text, ValueRef::Text(text)) => Value::Text(String::from_utf8_lossy(text)),
        (Type::Number, ValueRef::Blob(key)) => Value::Number(number::read(key)?),
        (Type::Double, ValueRef::Real(double)) => Value::Double(double),
        (Type::Boolean, ValueRef::Integer(truth)) => Value::Boolean(truth != 0),
        (Type::FixedTimestamp, ValueRef::Integer(milliseconds)) => {
            Value::FixedTimestamp(jiff::Timestamp::from_millisecond(milliseconds).ok()?)
        }
        (Type::FloatingTimestamp, ValueRef::Integer(milliseconds)) => {
            Value::FloatingTimestamp(moment(milliseconds)?)
        }
        (Type::Datestamp, ValueRef::Integer(days)) => {
            Value::Datestamp(EPOCH.checked_add(SignedDuration::from_hours(days * HOURS)).ok()?)
        }
        (Type::Time, ValueRef::Integer(milliseconds)) => Value::Time(moment(milliseconds)?.time()),
        (Type::RowIdentifier, ValueRef::Integer(row)) => {
            Value::RowIdentifier(marks::write("row-", row).into())
        }
        (Type::RowVersion, ValueRef::Integer(digest)) => {
            Value::RowVersion(marks::write("rv-", digest).into())
        }
        (Type::RowIdentifier, _) => Value::RowIdentifier(text(kept)?.into()),
        (Type::RowVersion, _) => Value::RowVersion(text(kept)?.into()),
        (Type::Url, _) => Value::Url(Box::new(url(text(kept)?))),
        (Type::Photo, _) => Value::Photo(text(kept)?.into()),
        (Type::Blob, _) => Value::Blob(text(kept)?.into()),
        (ty, ValueRef::Blob(bytes)) if TypeSet::GEOSPATIAL.has(ty) => {
            Value::Geometry(shape::decode(bytes)?)
        }
        (Type::Interval, _) => Value::read(text(kept)?, ty).ok()?,
        (Type::Json | Type::Location | Type::Document, _) => {
            let json: Json = serde_json::from_str(text(kept)?).ok()?;
            Value::from_json(&json, ty).ok()?
        }
        _ => return None,
    })
}

fn text(kept: ValueRef<'_>) -> Option<&str> {
    match kept {
        ValueRef::Text(text) => std::str::from_utf8(text).ok(),
        _ => None,
    }
}

/// A value of a result as rows have it.
pub(crate) fn row_value(ty: Type, kept: ValueRef<'_>) -> rows::Value {
    match (ty, kept) {
        (Type::Number, ValueRef::Blob(key)) => {
            number::decode(key).map_or(rows::Value::Null, |text| rows::Value::Number(text.into()))
        }
        _ => decode(ty, kept).to_row(),
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

fn mark_number(prefix: &str, text: &str) -> Sql {
    marks::read(prefix, text).map_or_else(|| Sql::Text(text.to_owned()), Sql::Integer)
}

/// Milliseconds since the beginning of 1970, of a clock that knows no zones.
fn milliseconds(moment: DateTime) -> i64 {
    let since = moment.duration_since(DateTime::from_parts(EPOCH, MIDNIGHT));
    i64::try_from(since.as_millis()).unwrap_or_default()
}

fn moment(milliseconds: i64) -> Option<DateTime> {
    let epoch = DateTime::from_parts(EPOCH, MIDNIGHT);
    epoch.checked_add(SignedDuration::from_millis(milliseconds)).ok()
}

fn link(url: &Url) -> String {
    let address = url.address.as_deref().unwrap_or_default();
    match &url.description {
        Some(description) => format!("{address}{JOINT}{description}"),
        None => address.to_owned(),
    }
}

fn url(text: &str) -> Url {
    let (address, description) = match text.split_once(JOINT) {
        Some((address, description)) => (address, Some(description.into())),
        None => (text, None),
    };
    let address = (!address.is_empty()).then(|| address.into());
    Url { address, description }
}

/// The same JSON with the members of objects in one order: that of Postgres, where short names
/// come first.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by_key(|(name, _)| (name.len(), *name));
            let members = members.into_iter();
            Json::Object(members.map(|(name, value)| (name.clone(), sorted(value))).collect())
        }
        Json::Array(list) => Json::Array(list.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
