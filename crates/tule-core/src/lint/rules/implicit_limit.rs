//! A portal stops at 1,000 rows where nothing says how many are wanted.

use jiff::civil::Date;
use tule_syntax::ast::{
    Atom, BinaryOp, ChainOp, Compound, Count, Distinct, ExprId, ExprKind, Select, Source, StepOp,
};
use tule_syntax::span::Span;

use crate::check::{Relation, Target};
use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::{Clause, Pass, SelectView};
use crate::lint::{Lint, Look};
use crate::names::fold;
use crate::print::grouped;

/// Rows that a Socrata portal gives unless a limit is named.
const DEFAULT_ROWS: u64 = 1_000;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::ImplicitLimit,
        why: "Without `limit` the portal gives the first 1,000 rows and does not say that it \
              stopped there; a sum or a map of such a result is wrong without looking wrong. \
              Queries that give one row for each group or each distinct value are spared, \
              since there are few as a rule, and so are those that the lock knows to be small.\n\n\
              Say how many rows are wanted, or `limit all` to page through every one.",
        failing: "select call_no, beat from police_calls where priority = '2'",
        repaired: "select call_no, beat from police_calls where priority = '2' limit all",
    },
    look: Look::Statement(look),
};

/// How many rows come out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// No more than this.
    AtMost(u64),
    /// One a day, for so many days.
    Days(u64),
    /// As many as are asked for, or few by their nature.
    Fine,
    Open,
}

fn look(pass: &Pass<'_>, found: &mut Vec<Diagnostic>) {
    let Some(query) = &pass.statement.query else { return };
    let message = match result(pass, query) {
        Rows::Open => {
            "no `limit`: the portal gives at most 1,000 rows and does not say that it stopped"
                .to_owned()
        }
        Rows::AtMost(rows) if rows > DEFAULT_ROWS => format!(
            "no `limit` here: of at most {} rows the portal gives 1,000 and does not say that it stopped",
            grouped(rows)
        ),
        Rows::Days(days) => format!(
            "no `limit`: of one row a day for {} days the portal gives 1,000 and does not say that it stopped",
            grouped(days)
        ),
        Rows::Fine | Rows::AtMost(_) => return,
    };
    let Some(span) = place(query) else { return };
    let diagnostic = Diagnostic::new(Code::ImplicitLimit, span, message)
        .help("add `limit all` for every row, or `limit` and a number");
    found.push(match last(query) {
        Some(select) => {
            let (at, text) = match &select.offset {
                Some(offset) => (Span::empty(offset.keyword.start), "limit all "),
                None => (Span::empty(select.span.end), " limit all"),
            };
            diagnostic.fix(Applicability::Unsafe, "add `limit all`", at, text)
        }
        None => diagnostic.fix(
            Applicability::Unsafe,
            "add a step with `limit all`",
            Span::empty(query.span.end),
            " |> select * limit all",
        ),
    });
}

/// The select whose limit is that of the whole; none behind a set operation.
fn last(query: &Compound) -> Option<&Select> {
    match query.rest.last() {
        None => query.first.as_leaf(),
        Some(step) if step.op == StepOp::Pipe => step.right.as_leaf(),
        Some(_) => None,
    }
}

/// The first word of what gives the rows.
fn place(query: &Compound) -> Option<Span> {
    let mut atom = match query.rest.last() {
        Some(step) if step.op == StepOp::Pipe => &step.right,
        _ => &query.first,
    };
    loop {
        match atom {
            Atom::Paren(inner, _) => atom = &inner.first,
            Atom::Select(select) => {
                return select.keyword.or(select.from.as_ref().map(|from| from.keyword));
            }
        }
    }
}

/// The rows of the whole statement, of which the portal gives those it was asked for.
fn result(pass: &Pass<'_>, query: &Compound) -> Rows {
    let all = |atom: &Atom| {
        atom.as_leaf()
            .and_then(|select| select.limit.as_ref())
            .is_some_and(|limit| matches!(limit.value, Count::All(_)))
    };
    // Behind a set operation `limit all` speaks for all of it, a number for one side only.
    if query.rest.last().is_some_and(|step| all(&step.right)) {
        return Rows::Fine;
    }
    match last(query) {
        Some(select) if select.limit.is_some() => Rows::Fine,
        _ => rows(pass, query),
    }
}

fn rows(pass: &Pass<'_>, query: &Compound) -> Rows {
    let mut rows = atom(pass, &query.first, None);
    for step in &query.rest {
        rows = match step.op {
            StepOp::Pipe => atom(pass, &step.right, Some(rows)),
            StepOp::Union | StepOp::UnionAll => both(rows, atom(pass, &step.right, None)),
            StepOp::Intersect | StepOp::IntersectAll | StepOp::Minus | StepOp::MinusAll => rows,
        };
    }
    rows
}

fn both(left: Rows, right: Rows) -> Rows {
    match (left, right) {
        (Rows::AtMost(left), Rows::AtMost(right)) => Rows::AtMost(left.saturating_add(right)),
        (Rows::Open, _) | (_, Rows::Open) => Rows::Open,
        (Rows::Days(days), _) | (_, Rows::Days(days)) => Rows::Days(days),
        (Rows::Fine, _) | (_, Rows::Fine) => Rows::Fine,
    }
}

fn atom(pass: &Pass<'_>, atom: &Atom, input: Option<Rows>) -> Rows {
    match atom {
        Atom::Paren(inner, _) => rows(pass, inner),
        Atom::Select(select) => {
            let view = pass.selects().find(|view| view.select.span == select.span);
            view.map_or(Rows::Fine, |view| select_rows(pass, view, input))
        }
    }
}

fn select_rows(pass: &Pass<'_>, view: &SelectView<'_>, input: Option<Rows>) -> Rows {
    let select = view.select;
    let Some(facts) = view.facts else { return Rows::Fine };
    let own = if facts.aggregated {
        if select.group_by.is_none() { Rows::AtMost(1) } else { days(pass, view) }
    } else if !matches!(select.distinct, Distinct::No) && select.stars().next().is_none() {
        Rows::Fine
    } else if let Some(rows) = looked_up(pass, select) {
        Rows::AtMost(rows)
    } else if select.joins.is_empty() {
        input.unwrap_or_else(|| table(pass, view))
    } else {
        Rows::Open
    };
    let Some(limit) = &select.limit else { return own };
    match (limit.value, own) {
        (Count::Number(_), Rows::AtMost(rows)) => {
            Rows::AtMost(rows.min(pass.count(Some(limit)).unwrap_or(rows)))
        }
        (Count::Number(_), _) => pass.count(Some(limit)).map_or(Rows::Fine, Rows::AtMost),
        (Count::All(_), _) => own,
        (Count::Param(_) | Count::Missing(_), _) => Rows::Fine,
    }
}

/// The rows of the one table of a select.
fn table(pass: &Pass<'_>, view: &SelectView<'_>) -> Rows {
    match view.select.from.as_ref().map(|from| &from.source) {
        Some(Source::Query(query)) => return rows(pass, query),
        Some(Source::Named(name)) => {
            let key =
                |span: Span| fold(pass.written(span)).trim_start_matches(['@', '_']).to_owned();
            // Those defined further up: no table is followed in a circle.
            let mut tables = pass.statement.ctes.iter().filter(|cte| cte.span.end <= name.start);
            if let Some(cte) = tables.find(|cte| key(cte.name) == key(*name)) {
                return rows(pass, &cte.query);
            }
        }
        Some(Source::Call { .. } | Source::Missing(_)) | None => {}
    }
    match view.facts.and_then(|facts| facts.tables.first()).map(|table| &table.relation) {
        Some(Relation::Dataset(dataset)) => match dataset.rows {
            Some(rows) if rows < DEFAULT_ROWS => Rows::AtMost(rows),
            _ => Rows::Open,
        },
        Some(Relation::SingleRow) => Rows::AtMost(1),
        // Nothing is known of an input; whoever gives it has been asked already.
        Some(Relation::Result(_)) => Rows::Fine,
        Some(Relation::Unknown) | None => Rows::Open,
    }
}

/// How many rows a lookup by `:id` finds.
fn looked_up(pass: &Pass<'_>, select: &Select) -> Option<u64> {
    let condition = select.filter.as_ref()?.value.id;
    let condition = pass.arena.strip(condition);
    let parts: &[ExprId] = match pass.arena.expr(condition).kind {
        ExprKind::Chain { op: ChainOp::And, operands } => pass.arena.list(operands),
        _ => &[condition],
    };
    parts.iter().find_map(|part| {
        let part = pass.arena.strip(*part);
        match pass.arena.expr(part).kind {
            ExprKind::Binary {
                op: BinaryOp::Equal | BinaryOp::EqualEqual, left, right, ..
            } => (pass.is_system(left, ":id") || pass.is_system(right, ":id")).then_some(1),
            ExprKind::In { operands, negated: false } => {
                let (value, list) = pass.arena.list(operands).split_first()?;
                pass.is_system(*value, ":id").then_some(list.len() as u64)
            }
            _ => None,
        }
    })
}

/// Groups are few as a rule. One for each day of a dataset that goes back for years are not, where
/// the lock knows for how many and no condition chooses among them.
fn days(pass: &Pass<'_>, view: &SelectView<'_>) -> Rows {
    let count = || {
        let [root] = view.select.group_by.as_ref()?.value.as_slice() else { return None };
        let key = pass.aliased(root.id).unwrap_or(root.id);
        let (name, args) = pass.call(key)?;
        let column = (name == "date_trunc_ymd").then_some(*args.first()?)?;
        let (dataset, column) = pass.column(column)?;
        let range = dataset.range.as_ref().filter(|range| range.column == column.name)?;
        let day = |text: &str| text.get(..10)?.parse::<Date>().ok();
        let days = (day(&range.last)? - day(&range.first)?).get_days();
        let days = u64::try_from(days).ok().filter(|days| *days > DEFAULT_ROWS)?;
        let chosen = pass.nodes().any(|id| {
            pass.clause(id) == Clause::Where
                && (matches!(pass.typed.target(id), Target::Alias(_))
                    || pass.column(id).is_some_and(|(_, other)| other.name == column.name))
        });
        (!chosen && view.select.having.is_none()).then_some(days)
    };
    count().map_or(Rows::Fine, Rows::Days)
}
