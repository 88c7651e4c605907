//! A table in GitHub's Markdown, columns padded to the width of the first rows.

use std::io;

use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use unicode_width::UnicodeWidthStr as _;

use super::text::shown;
use super::{Form, SAMPLE, is_number};
use crate::escape::inert;

pub(super) struct Markdown<'c> {
    columns: &'c [OutputColumn],
    held: Vec<Vec<String>>,
    widths: Option<Vec<usize>>,
}

impl<'c> Markdown<'c> {
    pub(super) fn new(columns: &'c [OutputColumn]) -> Self {
        Self { columns, held: Vec::new(), widths: None }
    }

    fn release(&mut self, out: &mut Vec<u8>) {
        let header: Vec<String> =
            self.columns.iter().map(|column| literal(&inert(&column.name))).collect();
        let widths: Vec<usize> = (0..header.len())
            .map(|at| {
                let cells = std::iter::once(&header).chain(&self.held);
                cells.filter_map(|row| row.get(at)).map(|cell| cell.width()).fold(3, usize::max)
            })
            .collect();
        self.line(&header, &widths, out);
        let rule: Vec<String> =
            widths
                .iter()
                .zip(self.columns)
                .map(|(width, column)| {
                    if is_number(column) { "-".repeat(width - 1) + ":" } else { "-".repeat(*width) }
                })
                .collect();
        self.line(&rule, &widths, out);
        for row in std::mem::take(&mut self.held) {
            self.line(&row, &widths, out);
        }
        self.widths = Some(widths);
    }

    fn line(&self, cells: &[String], widths: &[usize], out: &mut Vec<u8>) {
        for ((cell, width), column) in cells.iter().zip(widths).zip(self.columns) {
            let gap = " ".repeat(width.saturating_sub(cell.width()));
            let (left, right) = if is_number(column) { (&*gap, "") } else { ("", &*gap) };
            out.extend_from_slice(format!("| {left}{cell}{right} ").as_bytes());
        }
        out.extend_from_slice(b"|\n");
    }
}

impl Form for Markdown<'_> {
    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()> {
        let cells: Vec<String> = self
            .columns
            .iter()
            .zip(row)
            .map(|(column, value)| literal(&shown(value, column)))
            .collect();
        if let Some(widths) = &self.widths {
            self.line(&cells, widths, out);
            return Ok(());
        }
        self.held.push(cells);
        if self.held.len() >= SAMPLE {
            self.release(out);
        }
        Ok(())
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        if self.widths.is_none() {
            self.release(out);
        }
        Ok(())
    }
}

/// Text that Markdown takes for nothing but itself. `_` means something at the edge of a word
/// only.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let means_something = match c {
            '\\' | '|' | '`' | '*' | '[' | '<' | '&' | '~' => true,
            '_' => !is_word(before) || !is_word(rest.peek().copied()),
            _ => false,
        };
        if means_something {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}
