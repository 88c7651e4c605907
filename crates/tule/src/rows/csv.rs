//! Comma- and tab-separated values, quoted by RFC 4180 where they must be.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use csv::{Writer, WriterBuilder};
use tule_core::check::OutputColumn;
use tule_core::rows::Value;

use super::Form;
use super::text::plain;
use crate::escape::inert_lines;

pub(super) struct Csv<'c> {
    columns: &'c [OutputColumn],
    /// One writer for all rows: making one costs more than a row.
    writer: Writer<Sink>,
    sink: Sink,
    is_terminal: bool,
}

/// What the writer has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Sink(Rc<RefCell<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'c> Csv<'c> {
    pub(super) fn new(columns: &'c [OutputColumn], delimiter: u8, is_terminal: bool) -> Self {
        let sink = Sink::default();
        let writer = WriterBuilder::new().delimiter(delimiter).from_writer(sink.clone());
        Self { columns, writer, sink, is_terminal }
    }

    /// Ends a record and takes it.
    fn end(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.writer.write_record(None::<&[u8]>)?;
        self.writer.flush()?;
        let mut record = self.sink.0.borrow_mut();
        if self.is_terminal {
            let text = String::from_utf8_lossy(&record);
            out.extend_from_slice(inert_lines(&text).as_bytes());
            record.clear();
        } else {
            out.append(&mut record);
        }
        Ok(())
    }
}

impl Form for Csv<'_> {
    fn head(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        for column in self.columns {
            self.writer.write_field(&column.name)?;
        }
        self.end(out)
    }

    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()> {
        for value in row {
            self.writer.write_field(plain(value).as_bytes())?;
        }
        self.end(out)
    }
}
