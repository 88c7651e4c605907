//! A Parquet file: columns with their types, for programs that count.
//!
//! The types depend on those of the columns and on no row, so that files of different days fit
//! together. A number is a decimal of 38 digits, 18 of them behind the point, exactly as it was; one
//! that does not fit is an error with its column, not another number. A floating timestamp is local
//! time without a zone, and says so; geometries are GeoJSON texts. What the language calls the types
//! stands in the file's metadata under `tule:types`. Rows are held until a group of them is full,
//! which is all that a file of any size needs in memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, DateTime, Time};
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type as Node;
use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use tule_core::types::Type;

use super::Form;
use super::text::plain;

/// Digits of a number, and those behind the point.
const PRECISION: usize = 38;
const SCALE: usize = 18;
/// Bytes that hold so many digits.
const WIDTH: i32 = 16;
/// Rows of a group, and about how many bytes of text it may hold.
const GROUP_ROWS: usize = 100_000;
const GROUP_BYTES: usize = 64 << 20;

pub(super) struct Parquet {
    names: Vec<String>,
    columns: Vec<Column>,
    sink: Sink,
    /// Absent behind the last row.
    writer: Option<SerializedFileWriter<Sink>>,
    rows: usize,
    bytes: usize,
}

/// The values of a column in the group that is being filled: those that are there, and for each row
/// whether one is.
struct Column {
    values: Values,
    there: Vec<i16>,
}

enum Values {
    Boolean(Vec<bool>),
    Double(Vec<f64>),
    Decimal(Vec<FixedLenByteArray>),
    /// Days since 1970, or milliseconds since midnight.
    Int32(Vec<i32>, fn(&str) -> Option<i32>),
    /// Milliseconds since 1970.
    Int64(Vec<i64>),
    Text(Vec<ByteArray>),
}

/// What the writer has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Parquet {
    pub(super) fn new(columns: &[OutputColumn]) -> Result<Self, (String, String)> {
        let refused = |error: ParquetError| {
            let message = format!("the columns make no Parquet file: {error}");
            (message, "give each column a name of its own with `as`".to_owned())
        };
        let fields: Result<Vec<_>, ParquetError> = columns.iter().map(node).collect();
        let fields = fields.map_err(refused)?;
        let schema = Node::group_type_builder("schema").with_fields(fields).build();
        let types: serde_json::Map<String, serde_json::Value> = columns
            .iter()
            .map(|column| (column.name.to_string(), column.ty.map(Type::name).into()))
            .collect();
        let types =
            KeyValue::new("tule:types".to_owned(), serde_json::Value::from(types).to_string());
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("tule {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(vec![types]))
            .build();
        let sink = Sink::default();
        let schema = Arc::new(schema.map_err(refused)?);
        let writer = SerializedFileWriter::new(sink.clone(), schema, Arc::new(properties));
        Ok(Self {
            names: columns.iter().map(|column| column.name.to_string()).collect(),
            columns: columns.iter().map(|column| Column::new(column.ty)).collect(),
            sink,
            writer: Some(writer.map_err(refused)?),
            rows: 0,
            bytes: 0,
        })
    }

    /// Writes the group that is held.
    fn group(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        if let Some(writer) = self.writer.as_mut().filter(|_| self.rows > 0) {
            let mut group = writer.next_row_group().map_err(broken)?;
            for column in &mut self.columns {
                column.write(&mut group).map_err(broken)?;
            }
            group.close().map_err(broken)?;
        }
        (self.rows, self.bytes) = (0, 0);
        out.append(&mut self.sink.take());
        Ok(())
    }
}

impl Form for Parquet {
    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()> {
        for ((column, value), name) in self.columns.iter_mut().zip(row).zip(&self.names) {
            let added = column.add(value).map_err(|why| {
                let shown: String = plain(value).chars().take(60).collect();
                io::Error::other(format!("column `{name}`: `{shown}` {why}"))
            })?;
            self.bytes += added;
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.group(out)?;
        }
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.group(out)?;
        if let Some(writer) = self.writer.take() {
            writer.close().map_err(broken)?;
        }
        out.append(&mut self.sink.take());
        Ok(())
    }
}

fn broken(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

/// The column as the file describes it.
fn node(column: &OutputColumn) -> Result<Arc<Node>, ParquetError> {
    let timestamp = |utc| LogicalType::timestamp(utc, TimeUnit::MILLIS);
    let (physical, logical) = match column.ty {
        Some(Type::Boolean) => (Physical::BOOLEAN, None),
        Some(Type::Double) => (Physical::DOUBLE, None),
        Some(Type::Number) => {
            let decimal = LogicalType::decimal(
                i32::try_from(SCALE).unwrap_or(0),
                i32::try_from(PRECISION).unwrap_or(0),
            );
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(decimal))
        }
        Some(Type::Datestamp) => (Physical::INT32, Some(LogicalType::Date)),
        Some(Type::Time) => (Physical::INT32, Some(LogicalType::time(false, TimeUnit::MILLIS))),
        Some(Type::FloatingTimestamp) => (Physical::INT64, Some(timestamp(false))),
        Some(Type::FixedTimestamp) => (Physical::INT64, Some(timestamp(true))),
        Some(ty) if super::is_geometry(column) || ty == Type::Json => {
            (Physical::BYTE_ARRAY, Some(LogicalType::Json))
        }
        _ => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let mut builder = Node::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if column.ty == Some(Type::Number) {
        builder = builder
            .with_length(WIDTH)
            .with_precision(i32::try_from(PRECISION).unwrap_or(0))
            .with_scale(i32::try_from(SCALE).unwrap_or(0));
    }
    builder.build().map(Arc::new)
}

impl Column {
    fn new(ty: Option<Type>) -> Self {
        let values = match ty {
            Some(Type::Boolean) => Values::Boolean(Vec::new()),
            Some(Type::Double) => Values::Double(Vec::new()),
            Some(Type::Number) => Values::Decimal(Vec::new()),
            Some(Type::Datestamp) => Values::Int32(Vec::new(), day),
            Some(Type::Time) => Values::Int32(Vec::new(), time),
            Some(Type::FloatingTimestamp | Type::FixedTimestamp) => Values::Int64(Vec::new()),
            _ => Values::Text(Vec::new()),
        };
        Self { values, there: Vec::new() }
    }

    /// Adds a value; about how many bytes that takes.
    fn add(&mut self, value: &Value) -> Result<usize, &'static str> {
        if *value == Value::Null {
            self.there.push(0);
            return Ok(2);
        }
        let wrong = "is not of the column's type";
        match (&mut self.values, value) {
            (Values::Boolean(all), Value::Boolean(value)) => all.push(*value),
            (Values::Double(all), Value::Double(value)) => all.push(*value),
            (Values::Decimal(all), Value::Number(digits)) => {
                let units = units(digits).ok_or(
                    "does not fit a decimal of 20 and 18 digits; convert with `::text` or `::double`",
                )?;
                all.push(ByteArray::from(units.to_be_bytes().to_vec()).into());
            }
            (Values::Int32(all, read), Value::Text(text)) => all.push(read(text).ok_or(wrong)?),
            (Values::Int64(all), Value::Text(text)) => all.push(moment(text).ok_or(wrong)?),
            (Values::Text(all), Value::Json(value)) => {
                all.push(value.to_string().into_bytes().into());
            }
            (Values::Text(all), value) => all.push(plain(value).as_bytes().to_vec().into()),
            _ => return Err(wrong),
        }
        self.there.push(1);
        let text = match &self.values {
            Values::Text(all) => all.last().map_or(0, ByteArray::len),
            _ => 0,
        };
        Ok(text + 32)
    }

    fn write(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, Sink>,
    ) -> Result<(), ParquetError> {
        let there = std::mem::take(&mut self.there);
        match &mut self.values {
            Values::Boolean(all) => put::<BoolType>(group, all, &there),
            Values::Double(all) => put::<DoubleType>(group, all, &there),
            Values::Decimal(all) => put::<FixedLenByteArrayType>(group, all, &there),
            Values::Int32(all, _) => put::<Int32Type>(group, all, &there),
            Values::Int64(all) => put::<Int64Type>(group, all, &there),
            Values::Text(all) => put::<ByteArrayType>(group, all, &there),
        }
    }
}

fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Sink>,
    values: &mut Vec<T::T>,
    there: &[i16],
) -> Result<(), ParquetError> {
    if let Some(mut column) = group.next_column()? {
        column.typed::<T>().write_batch(values, Some(there), None)?;
        column.close()?;
    }
    values.clear();
    Ok(())
}

/// A decimal in units of its last digit.
fn units(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > SCALE {
        return None;
    }
    let digits = format!("{whole}{fraction}{}", "0".repeat(SCALE - fraction.len()));
    let units: i128 = digits.parse().ok()?;
    (units.unsigned_abs() < 10_u128.pow(u32::try_from(PRECISION).ok()?)).then_some(units)
}

/// Days since 1970.
fn day(text: &str) -> Option<i32> {
    let date: Date = text.get(..10)?.parse().ok()?;
    Some(date.since(Date::constant(1970, 1, 1)).ok()?.get_days())
}

/// Milliseconds since midnight.
fn time(text: &str) -> Option<i32> {
    let time: Time = text.parse().ok()?;
    let seconds = (i32::from(time.hour()) * 60 + i32::from(time.minute())) * 60;
    Some((seconds + i32::from(time.second())) * 1000 + i32::from(time.millisecond()))
}

/// Milliseconds since 1970, of local time or of UTC, as it stands there.
fn moment(text: &str) -> Option<i64> {
    let at: DateTime = text.strip_suffix('Z').unwrap_or(text).parse().ok()?;
    Some(jiff::tz::Offset::UTC.to_timestamp(at).ok()?.as_millisecond())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use serde_json::json;

    use super::*;

    fn columns() -> Vec<OutputColumn> {
        let all = [
            ("t", Some(Type::Text)),
            ("n", Some(Type::Number)),
            ("d", Some(Type::Double)),
            ("b", Some(Type::Boolean)),
            ("local", Some(Type::FloatingTimestamp)),
            ("utc", Some(Type::FixedTimestamp)),
            ("day", Some(Type::Datestamp)),
            ("clock", Some(Type::Time)),
            ("p", Some(Type::Point)),
            ("odd", None),
        ];
        all.map(|(name, ty)| OutputColumn { name: name.into(), ty }).to_vec()
    }

    fn row() -> Vec<Value> {
        let text = |text: &str| Value::Text(text.into());
        vec![
            text("a\u{e4}"),
            Value::Number("-123456789012345678.000000000000000001".into()),
            Value::Double(1.5),
            Value::Boolean(true),
            text("2025-01-31T08:15:00.250"),
            text("1969-12-31T23:59:59.999Z"),
            text("2025-01-31"),
            text("08:15:00.250"),
            Value::Json(json!({"type": "Point", "coordinates": [-121.3, 37.9]})),
            Value::Number("7".into()),
        ]
    }

    fn file(rows: &[Vec<Value>]) -> SerializedFileReader<Bytes> {
        let mut form = Parquet::new(&columns()).unwrap();
        let mut out = Vec::new();
        form.head(&mut out).unwrap();
        for row in rows {
            form.row(row, &mut out).unwrap();
        }
        form.foot(&mut out).unwrap();
        SerializedFileReader::new(Bytes::from(out)).unwrap()
    }

    #[test]
    fn values_come_back_as_they_were() {
        let nulls = vec![Value::Null; columns().len()];
        let reader = file(&[row(), nulls]);
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        let first: Vec<String> =
            rows[0].get_column_iter().map(|(_, field)| field.to_string()).collect();
        assert_eq!(first[0], "\"a\u{e4}\"");
        assert_eq!(first[1], "-123456789012345678.000000000000000001");
        assert_eq!(first[2..4], ["1.5", "true"]);
        assert_eq!(first[8], "\"{\"type\":\"Point\",\"coordinates\":[-121.3,37.9]}\"");
        assert_eq!(first[9], "\"7\"");
        assert!(rows[1].get_column_iter().all(|(_, field)| field.to_string() == "null"));
        let file = reader.metadata().file_metadata();
        let types = &file.key_value_metadata().unwrap()[0];
        assert!(
            types.key == "tule:types"
                && types.value.as_ref().unwrap().contains("floating_timestamp")
        );
        let logical = |at: usize| file.schema_descr().column(at).logical_type_ref().cloned();
        assert_eq!(logical(1), Some(LogicalType::decimal(18, 38)));
        assert_eq!(logical(4), Some(LogicalType::timestamp(false, TimeUnit::MILLIS)));
        assert_eq!(logical(5), Some(LogicalType::timestamp(true, TimeUnit::MILLIS)));
        assert_eq!(logical(6), Some(LogicalType::Date));
        assert_eq!(moment("2025-01-31T08:15:00.250"), Some(1_738_311_300_250));
        assert_eq!(moment("1969-12-31T23:59:59.999Z"), Some(-1));
        assert_eq!((day("1970-01-02"), time("00:00:01.005")), (Some(1), Some(1_005)));
    }

    #[test]
    fn no_row_is_a_file_and_many_are_several_groups() {
        assert_eq!(file(&[]).metadata().file_metadata().num_rows(), 0);
        let rows = vec![row(); GROUP_ROWS + 1];
        let reader = file(&rows);
        assert_eq!(reader.num_row_groups(), 2);
        assert_eq!(reader.metadata().file_metadata().num_rows(), 100_001);
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_no_other_number() {
        for (text, expected) in [
            ("1", Some(1_000_000_000_000_000_000)),
            ("-0.5", Some(-500_000_000_000_000_000)),
            ("0.1000000000000000000000", Some(100_000_000_000_000_000)),
            ("0.0000000000000000001", None),
            ("100000000000000000000", None),
            ("99999999999999999999", Some(99_999_999_999_999_999_999_000_000_000_000_000_000)),
        ] {
            assert_eq!(units(text), expected, "{text}");
        }
        let mut form = Parquet::new(&columns()).unwrap();
        let mut long = row();
        long[1] = Value::Number("0.0000000000000000001".into());
        let error = form.row(&long, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().starts_with("column `n`: `0.0000000000000000001` does not fit"));
    }
}
