//! Columns under each other.
//!
//! The first rows decide how wide columns are. On a terminal no line is wider than it: long text
//! is broken within its column, and cut where it would fill the screen. In a pipe a row is a line,
//! and a later value that is wider than the first ones moves what stands behind it.

use std::io;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, Width};
use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use unicode_width::UnicodeWidthStr as _;

use super::text::shown;
use super::vertical::Vertical;
use super::{Form, Look, SAMPLE, is_number};
use crate::escape::inert;
use crate::output::{Paint, STRONG};

/// Lines of one row on a terminal; the last ends in `...` where more were needed.
const HEIGHT: usize = 5;
/// A column is not made narrower than this to fit a terminal, unless its content is.
const NARROW: usize = 8;
/// Between columns.
const GAP: usize = 2;

pub(super) struct Table<'c> {
    columns: &'c [OutputColumn],
    width: Option<usize>,
    paint: Paint,
    /// Whether rows that do not fit may be shown otherwise.
    may_turn: bool,
    held: Vec<Vec<Value>>,
    state: State<'c>,
}

enum State<'c> {
    /// Waiting for as many rows as decide the widths.
    Sampling,
    /// Rows go out in blocks, in columns of these widths.
    Laid(Vec<usize>),
    /// No table fits.
    Turned(Vertical<'c>),
}

impl<'c> Table<'c> {
    pub(super) fn new(columns: &'c [OutputColumn], look: Look<'_>, may_turn: bool) -> Self {
        let (width, paint) = (look.width.map(usize::from), look.paint);
        Self { columns, width, paint, may_turn, held: Vec::new(), state: State::Sampling }
    }

    /// Writes the rows held back.
    fn release(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        if let State::Turned(form) = &mut self.state {
            return held.iter().try_for_each(|row| form.row(row, out));
        }
        let cells: Vec<Vec<String>> = held
            .iter()
            .map(|row| row.iter().zip(self.columns).map(|(v, c)| shown(v, c)).collect())
            .collect();
        let is_first = matches!(self.state, State::Sampling);
        if is_first {
            let wanted = self.wanted(&cells);
            if self.may_turn && self.width.is_some_and(|width| least(&wanted) > width) {
                let mut form = Vertical::new(self.columns, self.paint);
                held.iter().try_for_each(|row| form.row(row, out))?;
                self.state = State::Turned(form);
                return Ok(());
            }
            self.state = State::Laid(match self.width {
                Some(width) => fitted(&wanted, width),
                None => wanted,
            });
        }
        let State::Laid(widths) = &self.state else { return Ok(()) };
        if is_first {
            let names = self.columns.iter().map(|column| inert(&column.name).into_owned());
            for line in self.block(vec![names.collect()], widths).lines() {
                out.extend_from_slice((self.paint.on(STRONG, line) + "\n").as_bytes());
            }
        }
        out.extend_from_slice(self.block(cells, widths).as_bytes());
        Ok(())
    }

    /// How wide each column would like to be.
    fn wanted(&self, rows: &[Vec<String>]) -> Vec<usize> {
        let width = |(at, column): (usize, &OutputColumn)| {
            let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width());
            cells.max().unwrap_or(0).max(inert(&column.name).width())
        };
        self.columns.iter().enumerate().map(width).collect()
    }

    /// Rows as lines, in columns of these widths.
    fn block(&self, rows: Vec<Vec<String>>, widths: &[usize]) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_truncation_indicator("...");
        for cells in rows {
            let mut row = Row::from(cells);
            row.max_height(HEIGHT);
            table.add_row(row);
        }
        let last = widths.len().saturating_sub(1);
        for (at, (width, column)) in widths.iter().zip(self.columns).enumerate() {
            let Some(laid) = table.column_mut(at) else { continue };
            let gap = if at == last { 0 } else { GAP };
            let cells = Width::Fixed(u16::try_from(width + gap).unwrap_or(u16::MAX));
            laid.set_padding((0, u16::try_from(gap).unwrap_or(0)));
            laid.set_constraint(match self.width {
                Some(_) => ColumnConstraint::Absolute(cells),
                None => ColumnConstraint::LowerBoundary(cells),
            });
            if is_number(column) {
                laid.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }
}

impl Form for Table<'_> {
    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()> {
        self.held.push(row.to_vec());
        if self.held.len() >= SAMPLE { self.release(out) } else { Ok(()) }
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        if self.held.is_empty() && !matches!(self.state, State::Sampling) {
            return Ok(());
        }
        self.release(out)
    }
}

/// The narrowest line that a table with these columns can have and be read.
fn least(wanted: &[usize]) -> usize {
    let gaps = GAP * wanted.len().saturating_sub(1);
    wanted.iter().map(|width| (*width).min(NARROW)).sum::<usize>() + gaps
}

/// Widths that fit: the widest columns give until all do.
fn fitted(wanted: &[usize], width: usize) -> Vec<usize> {
    let gaps = GAP * wanted.len().saturating_sub(1);
    let room = width.saturating_sub(gaps);
    let sum = |cap: usize| wanted.iter().map(|width| (*width).min(cap)).sum::<usize>();
    let widest = wanted.iter().copied().max().unwrap_or(0);
    // The greatest cap that fits; the sum grows with it.
    let (mut fits, mut over) = (1, widest + 1);
    while fits + 1 < over {
        let cap = usize::midpoint(fits, over);
        if sum(cap) <= room { fits = cap } else { over = cap }
    }
    let mut left = room.saturating_sub(sum(fits));
    wanted
        .iter()
        .map(|width| {
            let extra = usize::from(*width > fits && left > 0);
            left -= extra;
            (*width).min(fits) + extra
        })
        .map(|width| width.max(1))
        .collect()
}
