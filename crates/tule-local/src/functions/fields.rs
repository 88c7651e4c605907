//! Parts of values that have parts: locations, links, documents and JSON; and how such values are
//! put together. The parts of dates are in `date`.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::arguments::{all, geometry, integer, mismatch, text};
use super::{Implementation, Run, seeing, strict};
use crate::value::{Address, Decimal, Document, Fault, Location, Url, Value};

pub(super) const ROWS: &[Implementation] = &[
    strict("location_latitude", |arguments| coordinate(arguments, geo_types::Point::y)),
    strict("point_latitude", |arguments| coordinate(arguments, geo_types::Point::y)),
    strict("location_longitude", |arguments| coordinate(arguments, geo_types::Point::x)),
    strict("point_longitude", |arguments| coordinate(arguments, geo_types::Point::x)),
    strict("location_human_address", |arguments| {
        let [value] = all(arguments)?;
        Ok(json_text(&location(value)?.address))
    }),
    strict("url_url", |arguments| url_part(arguments, |url| url.address.as_deref())),
    strict("url_description", |arguments| url_part(arguments, |url| url.description.as_deref())),
    strict("document_filename", |arguments| {
        document_part(arguments, |document| document.filename.as_deref())
    }),
    strict("document_file_id", |arguments| {
        document_part(arguments, |document| document.file_id.as_deref())
    }),
    strict("document_content_type", |arguments| {
        document_part(arguments, |document| document.content_type.as_deref())
    }),
    seeing("location", |arguments| {
        let Some((point, parts)) = arguments.split_first() else { return Ok(Value::Null) };
        let point = if point.is_null() { None } else { Some(super::arguments::point(point)?) };
        let location = Location { point, address: address(parts)? };
        Ok(if location.is_empty() { Value::Null } else { Value::Location(Box::new(location)) })
    }),
    seeing("human_address", |arguments| Ok(json_text(&address(arguments)?))),
    seeing("url", |arguments| {
        let [address, description] = all(arguments)?;
        let url = Url { address: optional(address)?, description: optional(description)? };
        Ok(if url == Url::default() { Value::Null } else { Value::Url(Box::new(url)) })
    }),
    strict(".J", |arguments| {
        let [whole, key] = all(arguments)?;
        Ok(member(json(whole)?.get(text(key)?)))
    }),
    strict("[]J", |arguments| {
        let [whole, index] = all(arguments)?;
        let index = integer(index)?;
        let list = json(whole)?.as_array();
        // Counted backwards from the end if negative.
        let at = list.and_then(|list| match usize::try_from(index) {
            Ok(at) => Some(at),
            Err(_) => list.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?),
        });
        Ok(member(at.and_then(|at| list?.get(at))))
    }),
    Implementation {
        identity: "get_context",
        run: Run::Refused("asks for the request's user, whom a folder of files does not have"),
    },
];

fn location<'v>(value: &'v Value<'_>) -> Result<&'v Location, Fault> {
    match value {
        Value::Location(location) => Ok(location),
        other => Err(mismatch("location", Some(other))),
    }
}

/// A coordinate of a point or of the point of a location; null where that has none.
fn coordinate<'a>(
    arguments: &[Value<'a>],
    part: fn(geo_types::Point<f64>) -> f64,
) -> Result<Value<'a>, Fault> {
    let [value] = all(arguments)?;
    let point = match value {
        Value::Location(location) => location.point,
        other => match **geometry(other)? {
            geo_types::Geometry::Point(point) => Some(point),
            _ => return Err(mismatch("point", Some(other))),
        },
    };
    Ok(point.and_then(|point| Decimal::from_f64(part(point))).map_or(Value::Null, Value::Number))
}

/// Text that is there, else null.
fn part<'a>(text: Option<&str>) -> Value<'a> {
    text.map_or(Value::Null, |text| Value::Text(Cow::Owned(text.to_owned())))
}

fn url_part<'a>(arguments: &[Value<'a>], of: fn(&Url) -> Option<&str>) -> Result<Value<'a>, Fault> {
    match arguments {
        [Value::Url(url)] => Ok(part(of(url))),
        other => Err(mismatch("url", other.first())),
    }
}

fn document_part<'a>(
    arguments: &[Value<'a>],
    of: fn(&Document) -> Option<&str>,
) -> Result<Value<'a>, Fault> {
    match arguments {
        [Value::Document(document)] => Ok(part(of(document))),
        other => Err(mismatch("document", other.first())),
    }
}

fn optional(value: &Value<'_>) -> Result<Option<Box<str>>, Fault> {
    if value.is_null() { Ok(None) } else { text(value).map(|text| Some(text.into())) }
}

/// Street, city, state and ZIP code.
fn address(parts: &[Value<'_>]) -> Result<Address, Fault> {
    let [street, city, state, zip] = all(parts)?;
    Ok(Address {
        street: optional(street)?,
        city: optional(city)?,
        state: optional(state)?,
        zip: optional(zip)?,
    })
}

/// An address as JSON text; null where every part is missing.
fn json_text<'a>(address: &Address) -> Value<'a> {
    if address.is_empty() { Value::Null } else { Value::Text(address.to_json().into()) }
}

fn json<'v>(value: &'v Value<'_>) -> Result<&'v Json, Fault> {
    match value {
        Value::Json(json) => Ok(json),
        other => Err(mismatch("json", Some(other))),
    }
}

/// A member that is there, JSON null included, else null.
fn member<'a>(json: Option<&Json>) -> Value<'a> {
    json.map_or(Value::Null, |json| Value::Json(Box::new(json.clone())))
}
