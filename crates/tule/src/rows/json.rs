//! JSON: one array of objects, or an object a line.
//!
//! Decimals are numbers, digit for digit, which a reader that holds numbers in 64 bits may round;
//! nulls are members like others, so that each object has every column.

use std::io;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::value::RawValue;
use tule_core::check::OutputColumn;
use tule_core::rows::Value;

use super::Form;
use crate::escape;

pub(super) struct Json<'c> {
    columns: &'c [OutputColumn],
    is_array: bool,
    is_first: bool,
}

impl<'c> Json<'c> {
    pub(super) fn array(columns: &'c [OutputColumn]) -> Self {
        Self { columns, is_array: true, is_first: true }
    }

    pub(super) fn lines(columns: &'c [OutputColumn]) -> Self {
        Self { columns, is_array: false, is_first: true }
    }
}

impl Form for Json<'_> {
    fn resume(&mut self) {
        self.is_first = false;
    }

    fn head(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        if self.is_array {
            out.extend_from_slice(b"[");
        }
        Ok(())
    }

    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()> {
        if self.is_array {
            out.extend_from_slice(if self.is_first { b"\n" } else { b",\n" });
        }
        self.is_first = false;
        write(&Object { members: self.columns.iter().zip(row) }, out)?;
        if !self.is_array {
            out.push(b'\n');
        }
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        if self.is_array {
            out.extend_from_slice(if self.is_first { b"]\n" } else { b"\n]\n" });
        }
        Ok(())
    }
}

/// Writes a document on one line that a terminal cannot obey.
pub(super) fn write(document: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    let text = serde_json::to_string(document)?;
    out.extend_from_slice(escape::json(text).as_bytes());
    Ok(())
}

/// Columns with their values as an object.
pub(super) struct Object<I> {
    pub(super) members: I,
}

impl<'r, I> Serialize for Object<I>
where
    I: Iterator<Item = (&'r OutputColumn, &'r Value)> + Clone,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, value) in self.members.clone() {
            map.serialize_entry(column.name.as_str(), &Member(value))?;
        }
        map.end()
    }
}

/// A value as JSON.
struct Member<'v>(&'v Value);

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_none(),
            Value::Boolean(value) => serializer.serialize_bool(*value),
            Value::Double(value) => serializer.serialize_f64(*value),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Json(value) => value.serialize(serializer),
            Value::Number(digits) => match RawValue::from_string(String::from(&**digits)) {
                Ok(number) => number.serialize(serializer),
                // Not written as JSON writes numbers: as it is, rather than changed.
                Err(_) => serializer.serialize_str(digits),
            },
        }
    }
}
