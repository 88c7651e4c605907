//! Comma- and tab-separated values, quoted by RFC 4180 where they must be.

use std::io;

use csv::WriterBuilder;
use tule_core::check::OutputColumn;
use tule_core::rows::Value;

use super::Form;
use super::text::plain;
use crate::escape::inert_lines;

pub(super) struct Csv<'c> {
    columns: &'c [OutputColumn],
    builder: WriterBuilder,
    is_terminal: bool,
}

impl<'c> Csv<'c> {
    pub(super) fn new(columns: &'c [OutputColumn], delimiter: u8, is_terminal: bool) -> Self {
        let mut builder = WriterBuilder::new();
        // A record at a time needs no large buffer.
        builder.delimiter(delimiter).buffer_capacity(512);
        Self { columns, builder, is_terminal }
    }

    fn record<I: AsRef<[u8]>>(
        &self,
        fields: impl IntoIterator<Item = I>,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let before = out.len();
        let mut writer = self.builder.from_writer(&mut *out);
        writer.write_record(fields)?;
        writer.flush()?;
        drop(writer);
        if self.is_terminal {
            let text = String::from_utf8_lossy(out.get(before..).unwrap_or(&[])).into_owned();
            out.truncate(before);
            out.extend_from_slice(inert_lines(&text).as_bytes());
        }
        Ok(())
    }
}

impl Form for Csv<'_> {
    fn head(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.record(self.columns.iter().map(|column| column.name.as_bytes()), out)
    }

    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()> {
        let fields: Vec<_> = row.iter().map(plain).collect();
        self.record(fields.iter().map(|field| field.as_bytes()), out)
    }
}
