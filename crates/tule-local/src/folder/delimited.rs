//! Files of fields between separators.

use std::borrow::Cow;
use std::io::{BufRead, Read};

use csv::{ByteRecord, ErrorKind, ReaderBuilder};

use super::notes::{Notes, Oddity};
use super::read::{Cell, ReadError, Sink};

/// Columns that the engine can keep, the ones it adds counted in.
pub(crate) const MOST_COLUMNS: usize = 1990;

pub(super) fn read(
    mut input: Box<dyn BufRead>,
    separator: u8,
    notes: &mut Notes,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let separator = guess_separator(&mut *input, separator, notes)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(input.take(u64::MAX));
    let mut record = ByteRecord::new();
    if !next(&mut reader, &mut record)? {
        return Err(ReadError::Form("the file is empty: there is no header".to_owned()));
    }
    let width = record.len();
    if width > MOST_COLUMNS {
        let message = format!("{width} columns, more than the {MOST_COLUMNS} that can be kept");
        return Err(ReadError::Form(message));
    }
    let names: Vec<Cow<'_, str>> = record.iter().map(|field| text(field, 1, notes)).collect();
    sink.header(&names)?;
    drop(names);
    loop {
        if !next(&mut reader, &mut record)? {
            return Ok(());
        }
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != width {
            ragged(&record, width, line, notes);
        }
        let cells: Vec<Cell<'_>> = (0..width)
            .map(|index| match record.get(index) {
                None | Some([]) => Cell::Empty,
                Some(field) => Cell::Text(text(field, line, notes)),
            })
            .collect();
        sink.cells(line, &cells)?;
    }
}

fn next<R: Read>(reader: &mut csv::Reader<R>, record: &mut ByteRecord) -> Result<bool, ReadError> {
    reader.read_byte_record(record).map_err(|error| match error.into_kind() {
        ErrorKind::Io(error) => ReadError::Io(error),
        other => ReadError::Form(format!("{other:?}")),
    })
}

fn ragged(record: &ByteRecord, width: usize, line: u64, notes: &mut Notes) {
    let found = record.len();
    if found < width {
        notes.line(Oddity::ShortRecord, line, || {
            format!("{found} fields where the header has {width}; the others are taken as null")
        });
    } else {
        notes.line(Oddity::LongRecord, line, || {
            format!("{found} fields where the header has {width}; the last ones are left out")
        });
    }
}

/// Text that is not UTF-8 is read as Windows-1252, what spreadsheets write where they don't say.
fn text<'f>(field: &'f [u8], line: u64, notes: &mut Notes) -> Cow<'f, str> {
    if let Ok(text) = std::str::from_utf8(field) {
        return Cow::Borrowed(text);
    }
    notes.line(Oddity::NotUtf8, line, || "not UTF-8; the field is read as Windows-1252".to_owned());
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(field).0
}

/// Spreadsheets of many countries separate by semicolons.
fn guess_separator(
    input: &mut dyn BufRead,
    separator: u8,
    notes: &mut Notes,
) -> Result<u8, ReadError> {
    let start = input.fill_buf()?;
    let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if separator == b',' && !header.contains(&b',') {
        for (other, name) in [(b';', "semicolons"), (b'\t', "tabs")] {
            if header.contains(&other) {
                notes.file(format!("fields are separated by {name}, not commas"));
                return Ok(other);
            }
        }
    }
    Ok(separator)
}
