//! A row of a subquery as one text, and its values taken out again.
//!
//! JSON, which carries the rows of a LATERAL query, has neither bytes nor all doubles: each value
//! is a letter for its kind and its bytes in hexadecimal. Beside it, numbers with and without the
//! zeros at their end.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, Error, Result};

use crate::store::number;

/// Makes `pack(values)` and `unpack(row, index)` known; `tail(key, zeros, field)`, a number of a
/// row with the zeros of the row; `plain(number)`, its key; `unless(number, key)`, the number but
/// for one of this key.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("pack", -1, flags, |context| {
        let values = (0..context.len()).map(|index| pack(context.get_raw(index)));
        Ok(values.collect::<Vec<_>>().join(","))
    })?;
    connection.create_scalar_function("unpack", 2, flags, |context| {
        let (row, index) = (context.get_raw(0), context.get::<u32>(1)?);
        let ValueRef::Text(row) = row else { return Ok(Sql::Null) };
        let value = row.split(|byte| *byte == b',').nth(index as usize);
        value
            .and_then(unpack)
            .ok_or_else(|| Error::UserFunctionError("a packed row is broken".into()))
    })?;
    connection.create_scalar_function("tail", 3, flags, |context| {
        let field = context.get::<u32>(2)? as usize;
        Ok(match (context.get_raw(0), context.get_raw(1)) {
            (ValueRef::Blob(key), zeros) => Sql::Blob(tail(key, zeros, field)),
            _ => Sql::Null,
        })
    })?;
    connection.create_scalar_function("unless", 2, flags, |context| {
        Ok(match (context.get_raw(0), context.get_raw(1)) {
            (ValueRef::Blob(number), ValueRef::Blob(key)) if number::plain(number) == key => {
                Sql::Null
            }
            (ValueRef::Blob(number), _) => Sql::Blob(number.to_vec()),
            _ => Sql::Null,
        })
    })?;
    connection.create_scalar_function("plain", 1, flags, |context| {
        Ok(match context.get_raw(0) {
            ValueRef::Blob(number) => Sql::Blob(number::plain(number).to_vec()),
            _ => Sql::Null,
        })
    })
}

fn tail(key: &[u8], zeros: ValueRef<'_>, field: usize) -> Vec<u8> {
    let zeros = match zeros {
        ValueRef::Blob(zeros) => zeros.get(2 * field..).and_then(|rest| rest.first_chunk()),
        _ => None,
    };
    number::with_tail(key.to_vec(), zeros.map_or(0, |zeros| u16::from_be_bytes(*zeros)))
}

fn pack(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "n".to_owned(),
        ValueRef::Integer(integer) => format!("i{integer}"),
        ValueRef::Real(real) => format!("r{:x}", real.to_bits()),
        ValueRef::Text(text) => hex('t', text),
        ValueRef::Blob(bytes) => hex('b', bytes),
    }
}

fn hex(kind: char, bytes: &[u8]) -> String {
    let mut text = String::with_capacity(1 + 2 * bytes.len());
    text.push(kind);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text
}

fn unpack(value: &[u8]) -> Option<Sql> {
    let value = std::str::from_utf8(value).ok()?;
    let kind = value.chars().next()?;
    let body = value.get(1..)?;
    Some(match kind {
        'n' => Sql::Null,
        'i' => Sql::Integer(body.parse().ok()?),
        'r' => Sql::Real(f64::from_bits(u64::from_str_radix(body, 16).ok()?)),
        't' => Sql::Text(String::from_utf8(unhex(body)?).ok()?),
        'b' => Sql::Blob(unhex(body)?),
        _ => return None,
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks_exact(2);
    digits
        .map(|pair| {
            let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
            u8::try_from(digit(0)? << 4 | digit(1)?).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were() {
        for value in [
            Sql::Null,
            Sql::Integer(i64::MIN),
            Sql::Real(-0.1),
            Sql::Real(f64::INFINITY),
            Sql::Text("a,\0ü".to_owned()),
            Sql::Text(String::new()),
            Sql::Blob(vec![0, 255, 44]),
        ] {
            assert_eq!(unpack(pack((&value).into()).as_bytes()), Some(value));
        }
        assert_eq!(unpack(b""), None);
        assert_eq!(unpack(b"tzz"), None);
    }
}
