//! Rows of a result in the forms that people and programs read.
//!
//! A form takes one row at a time and keeps none of them, so that a million rows need the memory
//! of one; [`table`] and [`markdown`] hold back the first [`SAMPLE`] rows to know how wide columns
//! are. Values are written exactly: decimals digit for digit, dates and times without a zone that
//! they do not have. Deliberately absent: where rows come from, and files.

mod copy;
mod csv;
mod geojson;
mod json;
mod markdown;
#[cfg(feature = "parquet")]
mod parquet;
pub(crate) mod source;
mod table;
mod text;
mod vertical;

pub(crate) use copy::copy;
pub(crate) use text::shown;

use std::io::{self, Write};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use tule_core::types::{Type, TypeSet};

use crate::output::Paint;

/// Rows that decide how wide columns are.
const SAMPLE: usize = 1_000;

/// A form of rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// Columns under each other, fitted to the terminal
    Table,
    /// Comma-separated values with a header; null and empty text are both empty
    Csv,
    /// The same with tabs
    Tsv,
    /// One array of objects, nulls included
    Json,
    /// An object a line
    Jsonl,
    /// A feature collection of the geometry column
    Geojson,
    /// A table for Markdown
    Markdown,
    /// A line for each value
    Vertical,
    /// A Parquet file, with the types of the columns
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// Whether it is for programs alone, and no text: a form that only some builds have.
    pub(crate) fn is_binary(self) -> bool {
        self.to_possible_value().is_some_and(|value| value.get_name() == "parquet")
    }

    /// Whether rows can be added behind those of an earlier run.
    pub(crate) fn is_resumable(self) -> bool {
        matches!(self, Self::Csv | Self::Tsv | Self::Json | Self::Jsonl | Self::Geojson)
    }

    /// Whether results can stand behind each other in this form.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Markdown | Self::Vertical)
    }
}

/// How rows are to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'l> {
    /// The form; without one, a table, or a line for each value where a table would not fit.
    pub(crate) format: Option<Format>,
    /// Columns of the terminal; `None` where nothing is to be fitted.
    pub(crate) width: Option<u16>,
    /// Whether a terminal shows them, which obeys control characters.
    pub(crate) is_terminal: bool,
    /// Colours.
    pub(crate) paint: Paint,
    /// The column that is the geometry of features, where there are several.
    pub(crate) geometry: Option<&'l str>,
}

/// One of the forms.
trait Form {
    /// Takes note that rows stand in front of the next one already.
    fn resume(&mut self) {}
    /// What stands in front of the first row.
    fn head(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }
    /// One row; it may be held back.
    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()>;
    /// What was held back, and what stands behind the last row.
    fn foot(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }
}

/// Writes rows in a form.
pub(crate) struct Printer<'p> {
    form: Box<dyn Form + 'p>,
    out: &'p mut dyn Write,
    buffer: Vec<u8>,
    printed: Printed,
}

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Printed {
    /// Rows.
    pub(crate) rows: u64,
    /// Bytes.
    pub(crate) bytes: u64,
}

impl<'p> Printer<'p> {
    /// A printer of rows with these columns. Writes nothing yet.
    ///
    /// # Errors
    ///
    /// Why rows with these columns have no such form, and what to do.
    pub(crate) fn new(
        columns: &'p [OutputColumn],
        look: Look<'_>,
        out: &'p mut dyn Write,
    ) -> Result<Self, (String, String)> {
        let form: Box<dyn Form> = match look.format {
            None => Box::new(table::Table::new(columns, look, true)),
            Some(Format::Table) => Box::new(table::Table::new(columns, look, false)),
            Some(Format::Csv) => Box::new(csv::Csv::new(columns, b',', look.is_terminal)),
            Some(Format::Tsv) => Box::new(csv::Csv::new(columns, b'\t', look.is_terminal)),
            Some(Format::Json) => Box::new(json::Json::array(columns)),
            Some(Format::Jsonl) => Box::new(json::Json::lines(columns)),
            Some(Format::Geojson) => Box::new(geojson::Features::new(columns, look.geometry)?),
            #[cfg(feature = "parquet")]
            Some(Format::Parquet) => Box::new(parquet::Parquet::new(columns)?),
            Some(Format::Markdown) => Box::new(markdown::Markdown::new(columns)),
            Some(Format::Vertical) => Box::new(vertical::Vertical::new(columns, look.paint)),
        };
        Ok(Self { form, out, buffer: Vec::new(), printed: Printed::default() })
    }

    /// Writes what stands in front of the rows.
    pub(crate) fn begin(&mut self) -> io::Result<()> {
        self.form.head(&mut self.buffer)?;
        self.pass_on()
    }

    /// Goes on behind rows that were written earlier, instead of [`Printer::begin`].
    pub(crate) fn resume(&mut self, printed: Printed) {
        self.form.resume();
        self.printed = printed;
    }

    /// Writes a row.
    pub(crate) fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.form.row(row, &mut self.buffer)?;
        self.printed.rows += 1;
        self.pass_on()
    }

    /// What was written so far.
    pub(crate) fn so_far(&self) -> Printed {
        self.printed
    }

    /// Writes what is left; without this, the result is not whole.
    pub(crate) fn end(mut self) -> io::Result<Printed> {
        self.form.foot(&mut self.buffer)?;
        self.pass_on()?;
        self.out.flush()?;
        Ok(self.printed)
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.printed.bytes += u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
        self.buffer.clear();
        Ok(())
    }
}

/// Whether numbers stand in the column, which are compared digit under digit.
fn is_number(column: &OutputColumn) -> bool {
    column.ty.is_some_and(|ty| TypeSet::NUM_LIKE.has(ty))
}

/// Whether the column holds geometries.
fn is_geometry(column: &OutputColumn) -> bool {
    column.ty.is_some_and(|ty: Type| TypeSet::GEOSPATIAL.has(ty))
}

#[cfg(test)]
mod tests;
