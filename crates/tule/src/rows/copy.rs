//! Rows from where they come to where they are printed.

use std::io::Write;

use tule_core::rows::Row;

use super::source::{Fault, Source};
use super::{Look, Printed, Printer};
use crate::exit::{Outcome, Stop};

/// Prints every row of `source`. Each is shown to `each` when it is printed, which says whether
/// to go on; `before` is asked the same before a row is waited for.
///
/// # Errors
///
/// Rows of these columns have no such form, or cannot be written. Why there are no more rows is
/// not an error of printing them.
pub(crate) fn copy(
    source: &mut dyn Source,
    look: Look<'_>,
    sink: &mut dyn Write,
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
        let row = match source.next_row() {
            Ok(row) => row,
            Err(fault) => return Ok(Err(fault)),
        };
        if !std::mem::replace(&mut has_begun, true) {
            printer.begin()?;
        }
        let Some(row) = row else { break };
        printer.row(&row)?;
        each(row, printer.so_far());
    }
    Ok(Ok(printer.end()?))
}
