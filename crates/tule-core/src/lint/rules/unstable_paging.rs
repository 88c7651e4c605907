//! Pages of rows in no order overlap and leave gaps.

use tule_syntax::ast::{Count, Distinct, Select};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::ask::before_limit;
use crate::lint::pass::{Pass, SelectView};
use crate::lint::{Lint, Look};
use crate::types::TypeSet;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::UnstablePaging,
        why: "Without `order by` a portal gives rows in whatever order it finds them, and finds \
              them in another order for the next page. Pages overlap and leave gaps: one user \
              counted a tenth of the rows twice.\n\n\
              Order by something that tells all rows apart, `:id` for one. To get every row, \
              leave the paging to `limit all`.",
        failing: "select call_no, beat from police_calls limit 1000 offset 2000",
        repaired: "select call_no, beat from police_calls order by :id limit 1000 offset 2000",
    },
    look: Look::Select(look),
};

fn look(pass: &Pass<'_>, view: &SelectView<'_>, found: &mut Vec<Diagnostic>) {
    let select = view.select;
    if select.order_by.is_some() || !skips_rows(pass, select) {
        return;
    }
    let Some(offset) = &select.offset else { return };
    let Some(facts) = view.facts else { return };
    if facts.aggregated && select.group_by.is_none() {
        return;
    }
    let mut diagnostic = Diagnostic::new(
        Code::UnstablePaging,
        offset.keyword.cover(offset.value.span()),
        "`offset` without `order by`: pages overlap and leave gaps",
    );
    diagnostic = match keys(pass, view) {
        Some(keys) => {
            let clause = format!("order by {keys}");
            let (at, text) = before_limit(select, &clause);
            let safe = if select.stars().next().is_some() {
                // Ordered, a star leaves out the columns that the portal computes.
                Applicability::Unsafe
            } else {
                Applicability::Safe
            };
            diagnostic.help(format!("add `{clause}`")).fix(
                safe,
                format!("add `{clause}`"),
                at,
                text,
            )
        }
        None => diagnostic.help("order by columns that tell all rows apart"),
    };
    found.push(diagnostic);
}

/// Whether this is one page of several: an offset other than a plain 0. Those of `limit all` are
/// put into an order when the request is built.
pub(super) fn skips_rows(pass: &Pass<'_>, select: &Select) -> bool {
    if select.limit.as_ref().is_some_and(|limit| matches!(limit.value, Count::All(_))) {
        return false;
    }
    match &select.offset {
        Some(offset) => match offset.value {
            Count::Number(_) => pass.count(select.offset.as_ref()) != Some(0),
            Count::Param(_) => true,
            Count::Missing(_) | Count::All(_) => false,
        },
        None => false,
    }
}

/// What tells the rows of a select apart, as written.
fn keys(pass: &Pass<'_>, view: &SelectView<'_>) -> Option<String> {
    let select = view.select;
    if let Some(groups) = &select.group_by {
        let ordered = groups.value.iter().all(|root| {
            pass.ty(root.id).is_some_and(|ty| TypeSet::ORDERED.has(ty)) && !pass.is_literal(root.id)
        });
        let keys: Vec<&str> = groups.value.iter().map(|root| pass.source(root.id)).collect();
        return ordered.then(|| keys.join(", "));
    }
    if matches!(select.distinct, Distinct::No) {
        let dataset = view.only_dataset()?;
        return dataset.column(":id").map(|_| ":id".to_owned());
    }
    None
}
