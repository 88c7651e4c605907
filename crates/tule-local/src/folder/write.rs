//! Rows as a file that a folder is read from: the way back of [`super::read`].
//!
//! An object in each line, packed with gzip. Rows are packed in pieces that are whole by
//! themselves; pieces one behind the other are a file, so that one can grow. Every value is
//! written so that reading it by the type of its column gives it again, digit for digit. Deliberately
//! absent: the file itself, and the description beside it.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::value::RawValue;
use tule_core::check::OutputColumn;
use tule_core::rows::{Row, Value};
use tule_core::types::Type;

/// What the name of such a file ends in, behind the dataset's identifier.
pub const ROWS_ENDING: &str = ".jsonl.gz";
/// What the name of the description beside it ends in.
pub const DESCRIPTION_ENDING: &str = super::DESCRIPTION;

/// Packs rows of the same columns.
#[derive(Debug)]
pub struct Packer {
    columns: Vec<OutputColumn>,
    packed: GzEncoder<Vec<u8>>,
    rows: u64,
}

impl Packer {
    /// For rows of these columns. Their names are those that queries use.
    #[must_use]
    pub fn new(columns: &[OutputColumn]) -> Self {
        Self { columns: columns.to_vec(), packed: encoder(), rows: 0 }
    }

    /// Adds a row to the piece.
    ///
    /// # Errors
    ///
    /// None that rows bring about.
    pub fn row(&mut self, row: &Row) -> io::Result<()> {
        serde_json::to_writer(&mut self.packed, &Object(self.columns.iter().zip(row)))?;
        self.packed.write_all(b"\n")?;
        self.rows += 1;
        Ok(())
    }

    /// The rows of the piece so far, and about the bytes that they take.
    #[must_use]
    pub fn size(&self) -> (u64, usize) {
        (self.rows, self.packed.get_ref().len())
    }

    /// The piece, which is a file by itself. The next row begins another.
    ///
    /// # Errors
    ///
    /// None that rows bring about.
    pub fn take(&mut self) -> io::Result<Vec<u8>> {
        self.rows = 0;
        std::mem::replace(&mut self.packed, encoder()).finish()
    }
}

fn encoder() -> GzEncoder<Vec<u8>> {
    GzEncoder::new(Vec::new(), Compression::default())
}

/// A row as an object without its nulls.
struct Object<I>(I);

impl<'r, I> Serialize for Object<I>
where
    I: Iterator<Item = (&'r OutputColumn, &'r Value)> + Clone,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, value) in self.0.clone() {
            let name = column.name.as_str();
            match value {
                Value::Null => {}
                Value::Boolean(truth) => map.serialize_entry(name, truth)?,
                Value::Double(double) => map.serialize_entry(name, double)?,
                Value::Text(text) => map.serialize_entry(name, text)?,
                Value::Number(digits) => match RawValue::from_string(String::from(&**digits)) {
                    Ok(number) => map.serialize_entry(name, &number)?,
                    Err(_) => map.serialize_entry(name, digits)?,
                },
                // The text of a member of this type is read as JSON.
                Value::Json(json) if column.ty == Some(Type::Json) && json.is_string() => {
                    map.serialize_entry(name, &json.to_string())?;
                }
                Value::Json(json) => map.serialize_entry(name, json)?,
            }
        }
        map.end()
    }
}
