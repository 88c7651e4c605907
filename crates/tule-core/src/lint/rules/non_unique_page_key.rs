//! Pages in an order with ties: rows that tie change places between two requests.

use tule_syntax::ast::{Distinct, ExprId, OrderItem};

use super::unstable_paging::skips_rows;
use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::{Pass, SelectView};
use crate::lint::{Lint, Look};
use crate::types::Type;
use tule_syntax::span::Span;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::NonUniquePageKey,
        why: "Rows with the same value come in no fixed order, so some of them appear on two \
              pages and others on none. Dates and times tie far more often than they seem to: \
              after a nightly load tens of thousands of rows share one `:updated_at`.\n\n\
              Add something behind it that tells the rows apart: `:id`, or in a grouped query \
              the columns that it groups by.",
        failing: "select call_no from police_calls\n\
                  order by call_entry_date limit 1000 offset 1000",
        repaired: "select call_no from police_calls\n\
                   order by call_entry_date, :id limit 1000 offset 1000",
    },
    look: Look::Select(look),
};

fn look(pass: &Pass<'_>, view: &SelectView<'_>, found: &mut Vec<Diagnostic>) {
    let select = view.select;
    let (Some(order), Some(facts)) = (&select.order_by, view.facts) else { return };
    if !skips_rows(pass, select) || !matches!(select.distinct, Distinct::No) {
        return;
    }
    let missing = if let Some(groups) = &select.group_by {
        let keys = groups.value.iter().map(|root| root.id);
        let missing: Vec<&str> = keys
            .filter(|key| !order.value.iter().any(|item| is_same(pass, item.expr.id, *key)))
            .map(|key| pass.source(key))
            .collect();
        if missing.is_empty() {
            return;
        }
        Some(missing.join(", "))
    } else {
        if facts.aggregated || !order.value.iter().all(|item| has_ties(pass, item)) {
            return;
        }
        let keyed = view.only_dataset().and_then(|dataset| dataset.column(":id"));
        keyed.map(|_| ":id".to_owned())
    };
    let (Some(first), Some(last)) = (order.value.first(), order.value.last()) else { return };
    let written = pass.excerpt(first.expr.id);
    let what = if select.group_by.is_some() { "groups" } else { "rows" };
    let diagnostic = Diagnostic::new(
        Code::NonUniquePageKey,
        first.span.cover(last.span),
        format!(
            "{what} with the same `{written}` come in no fixed order: pages overlap and leave gaps"
        ),
    );
    found.push(match missing {
        Some(keys) => diagnostic.help(format!("add `, {keys}` as a tie-break")).fix(
            Applicability::Safe,
            format!("add `, {keys}`"),
            Span::empty(last.span.end),
            format!(", {keys}"),
        ),
        None => diagnostic.help("add a column that tells the rows apart"),
    });
}

/// Whether something ordered by stands for a key that is grouped by.
fn is_same(pass: &Pass<'_>, ordered: ExprId, key: ExprId) -> bool {
    let meant = |id| pass.aliased(id).unwrap_or(id);
    pass.same(ordered, key) || pass.same(meant(ordered), meant(key))
}

/// Whether many rows surely share a value. What cannot be known is taken for a key: most orders
/// of text and numbers are.
fn has_ties(pass: &Pass<'_>, item: &OrderItem) -> bool {
    let id = item.expr.id;
    if pass.column(id).is_some_and(|(_, column)| !column.values.is_empty()) {
        return true;
    }
    matches!(
        pass.ty(id),
        Some(
            Type::FixedTimestamp
                | Type::FloatingTimestamp
                | Type::Datestamp
                | Type::Time
                | Type::Boolean
        )
    )
}
