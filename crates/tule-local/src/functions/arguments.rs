//! Taking arguments apart by type.
//!
//! The checker has made sure of the types, so a mismatch is a fault of the caller; it is an error
//! all the same, never a panic.

use std::sync::Arc;

use geo_types::Geometry;

use crate::value::{Decimal, Fault, Value};

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
