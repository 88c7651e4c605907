//! An offset that looks like the number of a page.

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::{Pass, SelectView};
use crate::lint::{Lint, Look};

/// Pages smaller than this are no pages: `limit 5 offset 1` leaves out the first row.
const PAGE: u64 = 10;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::OffsetNotMultiple,
        why: "`offset` counts rows, not pages. An offset smaller than the limit gives the page \
              before once more, moved on by a few rows.\n\n\
              Multiply the number of the page by its size: page 3 of 50 rows, counted from 0, \
              begins at `offset 150`.",
        failing: "select call_no from police_calls order by call_no limit 50 offset 3",
        repaired: "select call_no from police_calls order by call_no limit 50 offset 150",
    },
    look: Look::Select(look),
};

fn look(pass: &Pass<'_>, view: &SelectView<'_>, found: &mut Vec<Diagnostic>) {
    let Some(offset) = &view.select.offset else { return };
    let limit = pass.count(view.select.limit.as_ref());
    let (Some(limit), Some(rows)) = (limit, pass.count(Some(offset))) else { return };
    // Pages that overlap by half are asked for on purpose more often than by mistake.
    if limit < PAGE || rows == 0 || rows.saturating_mul(2) >= limit {
        return;
    }
    let Some(meant) = limit.checked_mul(rows) else { return };
    let message = format!("`offset` counts rows: {rows} is less than one page of {limit}");
    found.push(
        Diagnostic::new(Code::OffsetNotMultiple, offset.value.span(), message)
            .help(format!("page {rows} of {limit} rows, counted from 0, is `offset {meant}`"))
            .fix(
                Applicability::Unsafe,
                format!("write `offset {meant}`"),
                offset.value.span(),
                meant.to_string(),
            ),
    );
}
