//! A limit that means every row, or meant it on the day it was written.

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::{Pass, Role, SelectView};
use crate::lint::{Lint, Look};
use crate::print::grouped;

/// From here on a limit says "all of them" rather than how many.
const ENDLESS: u64 = 1_000_000;

/// Below this a limit above the number of rows is a guard and no guess at it.
const GUARD: u64 = 1_000;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::LimitHardCoded,
        why: "A number that was meant to be larger than the dataset is a guess. Some portals \
              refuse it, some time out on one huge answer, and once the dataset outgrows it the \
              rest is missing without a word.\n\n\
              `limit all` fetches every row page by page, however many there are.",
        failing: "select call_no, beat from police_calls limit 2147483647",
        repaired: "select call_no, priority from police_calls limit all",
    },
    look: Look::Select(look),
};

fn look(pass: &Pass<'_>, view: &SelectView<'_>, found: &mut Vec<Diagnostic>) {
    let select = view.select;
    let Some(limit) = &select.limit else { return };
    let Some(rows) = pass.count(Some(limit)).filter(|rows| *rows >= GUARD) else { return };
    if view.role != Role::Result || view.facts.is_none_or(|facts| facts.aggregated) {
        return;
    }
    let dataset = view.only_dataset();
    let known = dataset.and_then(|dataset| dataset.rows);
    let span = limit.value.span();
    // Far above the number of rows it is a guard, and does no harm for years.
    let near = |known: &u64| (*known..=known.saturating_mul(2)).contains(&rows);
    let diagnostic = if rows >= ENDLESS && known.is_none_or(|known| known <= rows) {
        let message = format!("a limit of {} stands for every row", grouped(rows));
        Diagnostic::new(Code::LimitHardCoded, span, message)
            .note("the portal may refuse it, and so many rows come in one answer or not at all")
    } else if let (Some(dataset), Some(known)) = (dataset, known.filter(near)) {
        let message = "a limit above the number of rows stops being one when rows are added";
        Diagnostic::new(Code::LimitHardCoded, span, message).note(format!(
            "{}/{} has some {} rows according to the lock",
            dataset.host,
            dataset.id,
            grouped(known)
        ))
    } else {
        return;
    };
    let diagnostic = diagnostic.help("write `limit all` for every row");
    found.push(if select.offset.is_some() {
        diagnostic
    } else {
        diagnostic.fix(Applicability::Unsafe, "write `limit all`", span, "all")
    });
}
