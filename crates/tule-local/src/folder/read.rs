//! Records of a file, one at a time, whatever its format.
//!
//! Memory is bounded by the longest record: files are never held as a whole. Deliberately absent:
//! what the values mean; a record gives text and JSON as the file has it.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use serde_json::Value;

use super::notes::Notes;
use super::{delimited, json};

/// How a file is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// Fields separated by commas, with a header.
    Csv,
    /// Fields separated by tabs, with a header.
    Tsv,
    /// A list of objects.
    Json,
    /// An object in each line.
    JsonLines,
    /// A collection of features.
    GeoJson,
}

impl Format {
    const ENDINGS: [(&'static str, Self); 6] = [
        (".csv", Self::Csv),
        (".tsv", Self::Tsv),
        (".json", Self::Json),
        (".jsonl", Self::JsonLines),
        (".ndjson", Self::JsonLines),
        (".geojson", Self::GeoJson),
    ];

    /// The format of a file by its name, and the name without its endings. `.gz` behind them does
    /// not count, nor does case.
    pub(crate) fn of(name: &str) -> Option<(Self, &str)> {
        let plain = strip_ending(name, ".gz").unwrap_or(name);
        Self::ENDINGS.iter().find_map(|(ending, format)| {
            let stem = strip_ending(plain, ending).filter(|stem| !stem.is_empty())?;
            Some((*format, stem))
        })
    }
}

fn strip_ending<'n>(name: &'n str, ending: &str) -> Option<&'n str> {
    let at = name.len().checked_sub(ending.len())?;
    name.get(at..).filter(|tail| tail.eq_ignore_ascii_case(ending))?;
    name.get(..at)
}

/// Why the records of a file cannot be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The system says so.
    Io(std::io::Error),
    /// The file is not what its name says.
    Form(String),
    /// Whoever takes the records had enough.
    Stopped,
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Form(message) => f.write_str(message),
            Self::Stopped => f.write_str("reading was stopped"),
        }
    }
}

/// One value of a record, as the file has it.
#[derive(Clone, Debug)]
pub(crate) enum Cell<'r> {
    /// Nothing there.
    Empty,
    /// Text of a delimited file.
    Text(Cow<'r, str>),
    /// A number of a JSON file, as written: no digit is lost.
    Number(&'r str),
    /// Any other value of a JSON file but null.
    Json(Value),
}

/// Takes the records of a file.
pub(crate) trait Sink {
    /// The columns that are known before the first record: the header of a delimited file.
    fn header(&mut self, names: &[Cow<'_, str>]) -> Result<(), ReadError>;

    /// A record of a delimited file: a cell for each name of the header.
    fn cells(&mut self, line: u64, cells: &[Cell<'_>]) -> Result<(), ReadError>;

    /// A record of a JSON file: names and values, in the order of the file.
    fn members(&mut self, line: u64, members: &[(&str, Cell<'_>)]) -> Result<(), ReadError>;
}

/// Gives every record of the file to `sink`. Lines count from 1; in JSON files, records do.
pub(crate) fn read(
    path: &Path,
    format: Format,
    notes: &mut Notes,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let mut input = open(path)?;
    skip_mark(&mut input)?;
    match format {
        Format::Csv => delimited::read(input, b',', notes, sink),
        Format::Tsv => delimited::read(input, b'\t', notes, sink),
        Format::Json => json::list(input, notes, sink),
        Format::JsonLines => json::lines(input, notes, sink),
        Format::GeoJson => json::features(input, notes, sink),
    }
}

const BUFFER: usize = 256 << 10;

/// The contents of a file, unpacked if it is packed: what begins like gzip is gzip.
fn open(path: &Path) -> Result<Box<dyn BufRead>, ReadError> {
    let mut file = BufReader::with_capacity(BUFFER, File::open(path)?);
    let packed = file.fill_buf()?.starts_with(&[0x1F, 0x8B]);
    if packed {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file))));
    }
    Ok(Box::new(file))
}

/// Skips the mark that some programs put in front of UTF-8, and refuses that of UTF-16.
fn skip_mark(input: &mut dyn BufRead) -> Result<(), ReadError> {
    let start = input.fill_buf()?;
    if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
        return Err(ReadError::Form("the file is UTF-16; save it as UTF-8".to_owned()));
    }
    if start.starts_with(&[0xEF, 0xBB, 0xBF]) {
        let mut mark = [0; 3];
        input.read_exact(&mut mark)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_format_and_identifier() {
        assert_eq!(Format::of("esc4-8x43.csv"), Some((Format::Csv, "esc4-8x43")));
        assert_eq!(Format::of("a.b.GeoJSON.gz"), Some((Format::GeoJson, "a.b")));
        assert_eq!(Format::of("calls.ndjson"), Some((Format::JsonLines, "calls")));
        for other in ["README.md", ".csv", "csv", "x.csv.zip", "é", ""] {
            assert_eq!(Format::of(other), None, "{other}");
        }
    }
}
