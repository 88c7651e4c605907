//! Taking arguments apart by type.
//!
//! The checker has made sure of the types, so a mismatch is a fault of the caller; it is an error
//! all the same, never a panic.

use std::sync::Arc;

use geo_types::Geometry;
use jiff::civil::{Date, DateTime, Time};

use tule_core::types::Type;

use crate::value::{Decimal, Fault, Interval, Value};

/// The fault of an argument that is not what the function takes.
#[cold]
pub(super) fn mismatch(wanted: &'static str, found: Option<&Value<'_>>) -> Fault {
    Fault::Mismatch { wanted, found: found.map_or("nothing", Value::kind) }
}

/// The arguments as an array of the number that the function takes.
pub(super) fn all<'v, 'a, const N: usize>(
    arguments: &'v [Value<'a>],
) -> Result<&'v [Value<'a>; N], Fault> {
    arguments.try_into().map_err(|_| mismatch("another number of arguments", arguments.last()))
}

pub(super) fn text<'v>(value: &'v Value<'_>) -> Result<&'v str, Fault> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(mismatch("text", Some(other))),
    }
}

pub(super) fn number<'v>(value: &'v Value<'_>) -> Result<&'v Decimal, Fault> {
    match value {
        Value::Number(number) => Ok(number),
        other => Err(mismatch("number", Some(other))),
    }
}

/// A number as a whole one, rounded half away from zero.
pub(super) fn integer(value: &Value<'_>) -> Result<i64, Fault> {
    let number = number(value)?;
    match number.to_i64() {
        Some(whole) => Ok(whole),
        None => number.rounded(0).to_i64().ok_or(Fault::OutOfRange(Type::Number)),
    }
}

/// A number or double as the nearest double.
pub(super) fn double(value: &Value<'_>) -> Result<f64, Fault> {
    match value {
        Value::Number(number) => Ok(number.to_f64()),
        Value::Double(double) => Ok(*double),
        other => Err(mismatch("number or double", Some(other))),
    }
}

pub(super) fn boolean(value: &Value<'_>) -> Result<bool, Fault> {
    match value {
        Value::Boolean(truth) => Ok(*truth),
        other => Err(mismatch("boolean", Some(other))),
    }
}

pub(super) fn geometry<'v>(value: &'v Value<'_>) -> Result<&'v Arc<Geometry<f64>>, Fault> {
    match value {
        Value::Geometry(geometry) => Ok(geometry),
        other => Err(mismatch("geometry", Some(other))),
    }
}

pub(super) fn instant(value: &Value<'_>) -> Result<jiff::Timestamp, Fault> {
    match value {
        Value::FixedTimestamp(instant) => Ok(*instant),
        other => Err(mismatch("fixed_timestamp", Some(other))),
    }
}

pub(super) fn local(value: &Value<'_>) -> Result<DateTime, Fault> {
    match value {
        Value::FloatingTimestamp(local) => Ok(*local),
        other => Err(mismatch("floating_timestamp", Some(other))),
    }
}

pub(super) fn date(value: &Value<'_>) -> Result<Date, Fault> {
    match value {
        Value::Datestamp(date) => Ok(*date),
        other => Err(mismatch("datestamp", Some(other))),
    }
}

pub(super) fn time(value: &Value<'_>) -> Result<Time, Fault> {
    match value {
        Value::Time(time) => Ok(*time),
        other => Err(mismatch("time", Some(other))),
    }
}

pub(super) fn interval(value: &Value<'_>) -> Result<Interval, Fault> {
    match value {
        Value::Interval(interval) => Ok(*interval),
        other => Err(mismatch("interval", Some(other))),
    }
}

pub(super) fn point(value: &Value<'_>) -> Result<geo_types::Point<f64>, Fault> {
    match **geometry(value)? {
        Geometry::Point(point) => Ok(point),
        _ => Err(mismatch("point", Some(value))),
    }
}
