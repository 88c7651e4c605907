//! A line for each value, for rows that are wider than a screen.

use std::io;

use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use unicode_width::UnicodeWidthStr as _;

use super::Form;
use super::text::shown;
use crate::escape::inert;
use crate::output::{FAINT, Paint, STRONG};

pub(super) struct Vertical<'c> {
    columns: &'c [OutputColumn],
    names: Vec<String>,
    paint: Paint,
    number: u64,
}

impl<'c> Vertical<'c> {
    pub(super) fn new(columns: &'c [OutputColumn], paint: Paint) -> Self {
        let names: Vec<_> = columns.iter().map(|column| inert(&column.name)).collect();
        let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
        let padded = names
            .iter()
            .map(|name| format!("{}{}", paint.on(STRONG, name), " ".repeat(width - name.width())))
            .collect();
        Self { columns, names: padded, paint, number: 0 }
    }
}

impl Form for Vertical<'_> {
    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()> {
        self.number += 1;
        let head = self.paint.on(FAINT, &format!("row {}", self.number));
        out.extend_from_slice(format!("{head}\n").as_bytes());
        for ((name, column), value) in self.names.iter().zip(self.columns).zip(row) {
            let line = format!("{name}  {}", shown(value, column));
            out.extend_from_slice(line.trim_end().as_bytes());
            out.push(b'\n');
        }
        out.push(b'\n');
        Ok(())
    }
}
