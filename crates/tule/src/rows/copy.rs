//! Rows from where they come to where they are printed.

use std::io::Write;

use tule_core::rows::Row;

use super::source::{Fault, Source};
use super::{Look, Printed, Printer};
use crate::exit::{Outcome, Stop};
use crate::resume::Growing;

/// Prints every row of `source`. Each is shown to `each` when it is printed, which says whether
/// to go on; `before` is asked the same before a row is waited for. A growing file that `sink`
/// writes to takes notes between pages, and its rows of an earlier run stay.
///
/// # Errors
///
/// Rows of these columns have no such form, or cannot be written. Why there are no more rows is
/// not an error of printing them.
pub(crate) fn copy(
    source: &mut dyn Source,
    look: Look<'_>,
    sink: &mut dyn Write,
    growing: Option<&Growing>,
    before: impl Fn() -> bool,
    mut each: impl FnMut(Row, Printed),
) -> Outcome<Result<Printed, Fault>> {
    let columns = source.columns().to_vec();
    let mut printer = Printer::new(&columns, look, sink)
        .map_err(|(message, help)| Stop::usage(message).help(help))?;
    // Where no row can be had, a header alone would look like an empty result.
    let mut has_begun = false;
    loop {
        if !before() {
            return Ok(Err(Fault::Cancelled));
        }
        let row = source.next_row();
        if let Some((growing, point)) = growing.zip(source.point()).filter(|_| has_begun) {
            growing.note(point, printer.so_far())?;
        }
        let row = match row {
            Ok(row) => row,
            Err(fault) => return Ok(Err(fault)),
        };
        if !std::mem::replace(&mut has_begun, true) {
            let resumed = source.resumed();
            match growing.map(|growing| growing.written(resumed)).transpose()?.flatten() {
                Some(printed) => printer.resume(printed),
                None => printer.begin()?,
            }
        }
        let Some(row) = row else { break };
        printer.row(&row)?;
        each(row, printer.so_far());
    }
    Ok(Ok(printer.end()?))
}
