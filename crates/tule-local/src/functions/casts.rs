//! Conversions.
//!
//! Text is read as literals are, with two exceptions that follow the database behind the portal:
//! numbers and booleans may have spaces around them, numbers any exponent, booleans more words.

use tule_core::types::Type;

use super::arguments::{all, number, text};
use super::arithmetic::finite;
use super::{Implementation, strict};
use crate::value::{Decimal, Fault, Value};
use geo_types::Geometry;

pub(super) const ROWS: &[Implementation] = &[
    strict("fixed timestamp to text", to_text),
    strict("floating timestamp to text", to_text),
    strict("date to text", to_text),
    strict("time to text", to_text),
    strict("interval to text", to_text),
    strict("number to text", to_text),
    strict("boolean to text", to_text),
    strict("json to text", to_text),
    strict("text::text", same),
    strict("text to number", |arguments| {
        let [value] = all(arguments)?;
        let text = text(value)?;
        Decimal::parse(text).map(Value::Number).ok_or_else(|| Fault::unreadable(Type::Number, text))
    }),
    strict("number::number", same),
    strict("number to double", |arguments| {
        let [value] = all(arguments)?;
        finite(number(value)?.to_f64())
    }),
    strict("double::double", same),
    strict("text to boolean", |arguments| {
        let [value] = all(arguments)?;
        let text = text(value)?;
        truth(text).map(Value::Boolean).ok_or_else(|| Fault::unreadable(Type::Boolean, text))
    }),
    strict("boolean::boolean", same),
    strict("text to fixed timestamp", |arguments| read(arguments, Type::FixedTimestamp)),
    strict("fixed_timestamp::fixed_timestamp", same),
    strict("text to floating timestamp", |arguments| read(arguments, Type::FloatingTimestamp)),
    strict("floating_timestamp::floating_timestamp", same),
    strict("text to date", |arguments| read(arguments, Type::Datestamp)),
    strict("datestamp::datestamp", same),
    strict("text to time", |arguments| read(arguments, Type::Time)),
    strict("time::time", same),
    strict("text to interval", |arguments| read(arguments, Type::Interval)),
    strict("interval::interval", same),
    strict("text to point", |arguments| geometry(arguments, Type::Point)),
    strict("loc to point", |arguments| match arguments {
        [Value::Location(location)] => Ok(location
            .point
            .and_then(|point| Value::geometry_from(Geometry::Point(point)))
            .unwrap_or_default()),
        other => Err(super::arguments::mismatch("location", other.first())),
    }),
    strict("point::point", same),
    strict("text to multi point", |arguments| geometry(arguments, Type::Multipoint)),
    strict("multipoint::multipoint", same),
    strict("text to line", |arguments| geometry(arguments, Type::Line)),
    strict("line::line", same),
    strict("text to multi line", |arguments| geometry(arguments, Type::Multiline)),
    strict("multiline::multiline", same),
    strict("text to polygon", |arguments| geometry(arguments, Type::Polygon)),
    strict("polygon::polygon", same),
    strict("text to multi polygon", |arguments| geometry(arguments, Type::Multipolygon)),
    strict("multipolygon::multipolygon", same),
    strict("text to location", |arguments| read(arguments, Type::Location)),
    strict("location::location", same),
    strict("text to url", |arguments| read(arguments, Type::Url)),
    strict("url::url", same),
    strict("text to rid", |arguments| read(arguments, Type::RowIdentifier)),
    strict("row_identifier::row_identifier", same),
    strict("text to rowver", |arguments| read(arguments, Type::RowVersion)),
    strict("row_version::row_version", same),
    strict("text to json", |arguments| read(arguments, Type::Json)),
    strict("json::json", same),
    strict("document::document", same),
    strict("text to photo", |arguments| read(arguments, Type::Photo)),
    strict("photo::photo", same),
    strict("text to blob", |arguments| read(arguments, Type::Blob)),
    strict("blob::blob", same),
];

fn same<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [value] = all(arguments)?;
    Ok(value.clone())
}

fn to_text<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [value] = all(arguments)?;
    Ok(Value::Text(value.text().into_owned().into()))
}

fn read<'a>(arguments: &[Value<'a>], ty: Type) -> Result<Value<'a>, Fault> {
    let [value] = all(arguments)?;
    Value::read(text(value)?, ty).map(Value::into_owned)
}

/// Well-known text of another class than `ty` gives null, unlike text that is none.
fn geometry<'a>(arguments: &[Value<'a>], ty: Type) -> Result<Value<'a>, Fault> {
    let [value] = all(arguments)?;
    let text = text(value)?;
    let unreadable = || Fault::unreadable(ty, text);
    let (found, wkt) = tule_core::reading::geometry(text).ok_or_else(unreadable)?;
    if found != ty {
        return Ok(Value::Null);
    }
    let geometry = Geometry::try_from(wkt).ok().and_then(Value::geometry_from);
    geometry.ok_or_else(unreadable)
}

/// A word for true or false, or the beginning of one that is of no other, in any case.
fn truth(text: &str) -> Option<bool> {
    let text = text.trim_ascii();
    let begins = |word: &str, least: usize| {
        text.len() >= least
            && word.get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(text))
    };
    if begins("true", 1) || begins("yes", 1) || begins("on", 2) || text == "1" {
        Some(true)
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || text == "0" {
        Some(false)
    } else {
        None
    }
}
