//! One row from its JSON object, each value by the type of its column.
//!
//! Socrata's objects leave nulls out, write numbers as text and repeat names in every row. Values
//! are taken from the text as it stands, so that a decimal keeps every digit. A value that does
//! not fit the column's type is an error with the column's name: better than a wrong number.

use std::borrow::Cow;
use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use tule_core::check::OutputColumn;
use tule_core::names::fold;
use tule_core::rows::{Row, Value};
use tule_core::types::Type;

use crate::error::Fault;

/// Most digits that an exponent may add to a number.
const MOST_DIGITS: usize = 1_000;

/// What is known of the columns of a result.
#[derive(Debug)]
pub(crate) struct Decoder {
    columns: Vec<OutputColumn>,
    by_name: FxHashMap<Box<str>, usize>,
}

impl Decoder {
    pub(crate) fn new(columns: &[OutputColumn]) -> Self {
        let by_name =
            columns.iter().enumerate().map(|(at, column)| (fold(&column.name).into(), at));
        Self { by_name: by_name.collect(), columns: columns.to_vec() }
    }

    pub(crate) fn columns(&self) -> &[OutputColumn] {
        &self.columns
    }

    /// The position of the column with this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).or_else(|| self.by_name.get(&*fold(name))).copied()
    }

    /// Reads one object. Members that are no column of the result are passed over.
    pub(crate) fn row(&self, object: &[u8]) -> Result<Row, Fault> {
        let mut deserializer = serde_json::Deserializer::from_slice(object);
        deserializer
            .deserialize_map(RowVisitor(self))
            .and_then(|row| deserializer.end().map(|()| row))
            .map_err(|error| Fault::Malformed { reason: reason(&error) })
    }
}

/// The message without the place, which counts inside one row and helps nobody.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

struct RowVisitor<'d>(&'d Decoder);

impl<'de> Visitor<'de> for RowVisitor<'_> {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Row, A::Error> {
        let columns = &self.0.columns;
        let mut row = vec![Value::Null; columns.len()];
        // Members stand in the order of the columns, with gaps.
        let mut expected = 0;
        while let Some(name) = members.next_key::<Name<'de>>()? {
            let raw: &'de RawValue = members.next_value()?;
            let after = columns.get(expected..).unwrap_or_default();
            let near = after.iter().take(3).position(|column| column.name == *name.0);
            let Some(at) = near.map(|near| near + expected).or_else(|| self.0.position(&name.0))
            else {
                continue;
            };
            expected = at + 1;
            let (Some(place), Some(column)) = (row.get_mut(at), columns.get(at)) else { continue };
            *place = value(raw.get(), column.ty).map_err(|reason| {
                serde::de::Error::custom(format_args!("column `{}`: {reason}", column.name))
            })?;
        }
        Ok(row)
    }
}

/// A member's name, borrowed unless it has escapes.
#[derive(serde::Deserialize)]
struct Name<'n>(#[serde(borrow)] Cow<'n, str>);

/// A value by the type of its column; without one, by what it looks like.
fn value(raw: &str, ty: Option<Type>) -> Result<Value, String> {
    if raw == "null" {
        return Ok(Value::Null);
    }
    let Some(ty) = ty else { return untyped(raw) };
    match ty {
        Type::Number => number(&scalar(raw)?).map(Value::Number).ok_or_else(|| wrong(ty, raw)),
        Type::Double => double(&scalar(raw)?).ok_or_else(|| wrong(ty, raw)),
        Type::Boolean => match &*scalar(raw)? {
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            _ => Err(wrong(ty, raw)),
        },
        Type::FixedTimestamp | Type::FloatingTimestamp => {
            string(raw).map(|text| timestamp(&text)).ok_or_else(|| wrong(ty, raw))
        }
        Type::Text
        | Type::Datestamp
        | Type::Time
        | Type::Interval
        | Type::RowIdentifier
        | Type::RowVersion => Ok(Value::Text(scalar(raw)?.into())),
        _ => serde_json::from_str(raw).map(Value::Json).map_err(|error| reason(&error)),
    }
}

fn untyped(raw: &str) -> Result<Value, String> {
    match raw.as_bytes().first() {
        Some(b'"') => Ok(Value::Text(scalar(raw)?.into())),
        Some(b't' | b'f') => Ok(Value::Boolean(raw == "true")),
        Some(b'-' | b'0'..=b'9') => number(raw).map(Value::Number).ok_or_else(|| raw.to_owned()),
        _ => serde_json::from_str(raw).map(Value::Json).map_err(|error| reason(&error)),
    }
}

fn wrong(ty: Type, raw: &str) -> String {
    let shown: String = raw.chars().take(40).collect();
    format!("`{shown}` is not of the type {ty}")
}

/// The text of a JSON string.
fn string(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(raw).ok().map(Cow::Owned)
}

/// The text of anything without parts.
fn scalar(raw: &str) -> Result<Cow<'_, str>, String> {
    match raw.as_bytes().first() {
        Some(b'"') => string(raw).ok_or_else(|| "a string with a broken escape".to_owned()),
        Some(b'{') => Err("an object where a plain value belongs".to_owned()),
        Some(b'[') => Err("a list where a plain value belongs".to_owned()),
        _ => Ok(Cow::Borrowed(raw)),
    }
}

/// With milliseconds, which old interfaces leave out.
fn timestamp(text: &str) -> Value {
    let (clock, zone) = match text.strip_suffix('Z') {
        Some(clock) => (clock, "Z"),
        None => (text, ""),
    };
    let whole = clock.len() == "2025-01-31T08:15:00".len() && !clock.contains('.');
    Value::Text(if whole { format!("{clock}.000{zone}").into() } else { text.into() })
}

fn double(text: &str) -> Option<Value> {
    if matches!(text, "NaN" | "Infinity" | "-Infinity") {
        return Some(Value::Null);
    }
    let value: f64 = number(text)?.parse().ok()?;
    Some(if value.is_finite() { Value::Double(value) } else { Value::Null })
}

/// A decimal in plain notation, digit for digit as it was written.
fn number(text: &str) -> Option<Box<str>> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    if exponent == 0 && !whole.is_empty() && !text.starts_with('+') && !mantissa.ends_with('.') {
        let plain = text.len() == sign.len() + mantissa.len();
        return Some(if plain { text.into() } else { format!("{sign}{mantissa}").into() });
    }
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let all = format!("{whole}{fraction}");
    let length = i64::try_from(all.len()).ok()?;
    let pad = |count: i64| usize::try_from(count).ok().filter(|count| *count <= MOST_DIGITS);
    let plain = if point <= 0 {
        format!("{sign}0.{}{all}", "0".repeat(pad(-point)?))
    } else if point >= length {
        format!("{sign}{all}{}", "0".repeat(pad(point - length)?))
    } else {
        let (whole, fraction) = all.split_at(usize::try_from(point).ok()?);
        format!("{sign}{whole}.{fraction}")
    };
    Some(plain.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoder(columns: &[(&str, Type)]) -> Decoder {
        let columns: Vec<_> = columns
            .iter()
            .map(|(name, ty)| OutputColumn { name: (*name).into(), ty: Some(*ty) })
            .collect();
        Decoder::new(&columns)
    }

    #[test]
    fn values_go_by_the_type_of_their_column() {
        let decoder = decoder(&[
            ("t", Type::Text),
            ("n", Type::Number),
            ("d", Type::Double),
            ("b", Type::Boolean),
            ("at", Type::FloatingTimestamp),
            ("p", Type::Point),
            ("u", Type::Url),
            ("gone", Type::Text),
        ]);
        let row = decoder
            .row(
                br#"{"t":"a\u00e4\"","n":"106346.00","d":1.5,"b":false,"new":[1],
                "at":"2014-10-13T00:00:00","p":{"type":"Point","coordinates":[-1.5,2]},
                "u":{"url":"x"}}"#,
            )
            .unwrap();
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(row[..2], [text("aä\""), Value::Number("106346.00".into())]);
        assert_eq!(
            row[2..5],
            [Value::Double(1.5), Value::Boolean(false), text("2014-10-13T00:00:00.000")]
        );
        assert!(matches!(&row[5], Value::Json(point) if point["type"] == "Point"));
        assert!(matches!(&row[6], Value::Json(url) if url["url"] == "x"));
        assert_eq!(row[7], Value::Null);
        // Any order, any case.
        let row = decoder.row(br#"{"B":true,"T":"x","n":null}"#).unwrap();
        assert_eq!((&row[0], &row[1], &row[3]), (&text("x"), &Value::Null, &Value::Boolean(true)));
    }

    #[test]
    fn numbers_keep_every_digit() {
        for (written, plain) in [
            ("12.50", "12.50"),
            ("-0.1", "-0.1"),
            ("123456789012345678901234567890.123", "123456789012345678901234567890.123"),
            ("1E+21", "1000000000000000000000"),
            ("-1.25e-3", "-0.00125"),
            ("12.5e1", "125"),
            ("1.25E1", "12.5"),
            (".5", "0.5"),
            ("+7", "7"),
            ("1e0", "1"),
        ] {
            assert_eq!(number(written).as_deref(), Some(plain), "{written}");
        }
        for written in ["", "-", ".", "abc", "1e999999999", "1e9223372036854775807", "1,5", "0x1"] {
            assert_eq!(number(written), None, "{written}");
        }
    }

    #[test]
    fn what_does_not_fit_names_its_column() {
        let decoder = decoder(&[("n", Type::Number), ("b", Type::Boolean), ("t", Type::Text)]);
        for (object, expected) in [
            (r#"{"n":"many"}"#, "column `n`: `\"many\"` is not of the type number"),
            (r#"{"b":"Y"}"#, "column `b`: `\"Y\"` is not of the type boolean"),
            (r#"{"t":{}}"#, "column `t`: an object where a plain value belongs"),
            (r#"{"n":}"#, "expected value"),
        ] {
            let fault = decoder.row(object.as_bytes()).unwrap_err();
            let Fault::Malformed { reason } = &fault else { panic!("{fault}") };
            assert_eq!(reason, expected, "{object}");
        }
        assert!(decoder.row(b"{\"t\":\"\xff\"}").is_err());
    }

    #[test]
    fn doubles_that_are_no_number_are_null() {
        let decoder = decoder(&[("d", Type::Double)]);
        for (object, expected) in [
            (r#"{"d":"NaN"}"#, Value::Null),
            (r#"{"d":1e999}"#, Value::Null),
            (r#"{"d":"-2.5"}"#, Value::Double(-2.5)),
        ] {
            assert_eq!(decoder.row(object.as_bytes()).unwrap(), [expected], "{object}");
        }
    }
}
