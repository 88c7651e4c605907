//! A portal stops at 1,000 rows where nothing says how many are wanted.

use tule_syntax::span::Span;

use crate::check::{Relation, SelectFacts};
use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::{Pass, Role, SelectView};
use crate::lint::{Lint, Look};

/// Rows that a Socrata portal gives unless a limit is named.
const DEFAULT_ROWS: u64 = 1_000;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::ImplicitLimit,
        why: "Without `limit` the portal gives the first 1,000 rows and does not say that it \
              stopped there; a sum or a map of such a result is wrong without looking wrong. \
              Queries that give one row for each group are spared as long as the groups are \
              few, which nobody can know beforehand: they are not reported.\n\n\
              Say how many rows are wanted, or `limit all` to page through every one.",
        failing: "select call_no, beat from police_calls where priority = '2'",
        repaired: "select call_no, beat from police_calls where priority = '2' limit all",
    },
    look: Look::Select(look),
};

fn look(_: &Pass<'_>, view: &SelectView<'_>, found: &mut Vec<Diagnostic>) {
    let select = view.select;
    let Some(facts) = view.facts.filter(|_| view.role == Role::Result) else { return };
    if select.limit.is_some() || facts.aggregated || is_small(facts) {
        return;
    }
    let span = select.keyword.or(select.from.as_ref().map(|from| from.keyword));
    let Some(span) = span else { return };
    let (at, text) = match &select.offset {
        Some(offset) => (offset.keyword.start, "limit all "),
        None => (select.span.end, " limit all"),
    };
    found.push(
        Diagnostic::new(
            Code::ImplicitLimit,
            span,
            "no `limit`: the portal gives at most 1,000 rows and does not say that it stopped",
        )
        .help("add `limit all` for every row, or `limit` and a number")
        .fix(Applicability::Unsafe, "add `limit all`", Span::empty(at), text),
    );
}

/// Whether the lock says that the one table has fewer rows than a portal gives unasked.
fn is_small(facts: &SelectFacts) -> bool {
    let [table] = facts.tables.as_slice() else { return false };
    match &table.relation {
        Relation::Dataset(dataset) => dataset.rows.is_some_and(|rows| rows < DEFAULT_ROWS),
        Relation::SingleRow => true,
        Relation::Result(_) | Relation::Unknown => false,
    }
}
