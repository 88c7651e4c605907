//! A filter on days before the dataset begins.

use jiff::civil::DateTime;
use tule_syntax::ast::{ChainOp, ExprId, ExprKind};

use crate::diagnostics::{Code, Diagnostic, Explanation};
use crate::lint::compare::{Bound, Compare, Constant, Instant, time_evidence};
use crate::lint::pass::{Clause, Pass};
use crate::lint::{Lint, Look};
use crate::schema::Dataset;

/// No portal has rows from before; such a year is a date that was written in another order.
const FIRST_YEAR: i16 = 1000;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::OutOfRangeDate,
        why: "The lock knows the first day of the dataset, and the filter asks for earlier rows \
              only. Datasets lose their first years when a publisher moves them elsewhere or \
              keeps a window of the last few: the query goes on working and gives nothing. A \
              year such as 24 or 11 is the same mistake in another form, a date whose parts \
              are in another order.\n\n\
              Look at the description of the dataset for where the earlier rows went, and ask \
              there.",
        failing: "select request_id from requests where created_date < '2015-01-01' limit 10",
        repaired: "select request_id from requests where created_date < '2021-01-01' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let (value, constant, op) = match kind {
        ExprKind::Binary { .. } => match pass.bound(id, kind) {
            Some(Bound { value, constant, op, .. }) => (value, constant, op),
            None => return,
        },
        ExprKind::Between { .. } => match pass.between(kind) {
            Some(([value, _, high], false)) => (value, high, Compare::LessEqual),
            _ => return,
        },
        ExprKind::In { .. } => {
            if let Some((value, members, false)) = pass.members(kind) {
                for member in members {
                    judge(pass, value, *member, Compare::Equal, found);
                }
            }
            return;
        }
        _ => return,
    };
    judge(pass, value, constant, op, found);
}

fn judge(
    pass: &Pass<'_>,
    value: ExprId,
    constant: ExprId,
    op: Compare,
    found: &mut Vec<Diagnostic>,
) {
    if !matches!(pass.clause(value), Clause::Where | Clause::Having | Clause::On) {
        return;
    }
    let span = pass.arena.span(constant);
    if let Some(instant) = pass.instant(constant)
        && (0..FIRST_YEAR).contains(&instant.at.year())
        && pass.column(value).is_some()
    {
        let year = instant.at.year();
        let message = format!("{} is a day of the year {year}", pass.source(constant));
        found.push(
            Diagnostic::new(Code::OutOfRangeDate, span, message)
                .help("dates are written year, month, day: `'2024-05-31'`"),
        );
        return;
    }
    if op != Compare::Equal && !op.is_upper() {
        return;
    }
    let Some((column, dataset, end)) = asked(pass, value, constant) else { return };
    let Some(first) = first_day(dataset) else { return };
    let before = if op == Compare::Less { end <= first } else { end < first };
    // The other end of a range that is empty by itself is reported there.
    if !before || is_beside_later_start(pass, value, first) {
        return;
    }
    let message = format!("`{}` has no value before {}", pass.source(column), first.date());
    let mut diagnostic = Diagnostic::new(Code::OutOfRangeDate, span, message)
        .help("earlier rows may have been moved to another dataset");
    let known = pass.column(column);
    diagnostic.notes.extend(known.map(|(dataset, column)| time_evidence(dataset, column)));
    found.push(diagnostic);
}

/// The main date column that a condition is about, and the last moment that it asks for.
fn asked<'a>(
    pass: &Pass<'a>,
    value: ExprId,
    constant: ExprId,
) -> Option<(ExprId, &'a Dataset, DateTime)> {
    let main = |id: ExprId| {
        let (dataset, column) = pass.column(id)?;
        let range = dataset.range.as_ref()?;
        (range.column == column.name).then_some(dataset)
    };
    if let Some(dataset) = main(value) {
        return Some((value, dataset, pass.instant(constant)?.at));
    }
    let function = pass.overload(value)?;
    let ExprKind::Call { args, .. } = pass.arena.expr(pass.arena.strip(value)).kind else {
        return None;
    };
    let [column] = *pass.arena.list(args) else { return None };
    let dataset = main(column)?;
    let end = match (function.name, pass.constant(constant)?) {
        ("date_extract_y", Constant::Number(year)) if year.fract() == 0.0 =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "a cast of f64 saturates")]
            Instant::read(&format!("{:04}-12-31T23:59:59", year as i16), false)?.at
        }
        ("date_trunc_ymd" | "date_trunc_ym" | "date_trunc_y", Constant::Instant(instant)) => {
            instant.at
        }
        _ => return None,
    };
    Some((column, dataset, end))
}

fn first_day(dataset: &Dataset) -> Option<DateTime> {
    let first = &dataset.range.as_ref()?.first;
    let at = Instant::read(first.trim_end_matches('Z'), false)?.at;
    // A placeholder such as 1900-01-01 says nothing about where the rows begin.
    (at.year() > 1900).then(|| at.date().to_datetime(jiff::civil::Time::midnight()))
}

/// Whether the same AND chain bounds the column from below by a day of the dataset: then the range
/// is empty, which is another finding.
fn is_beside_later_start(pass: &Pass<'_>, value: ExprId, first: DateTime) -> bool {
    let Some(node) = pass.parent(value) else { return false };
    let Some(chain) = pass.parent(node) else { return false };
    let ExprKind::Chain { op: ChainOp::And, operands } = pass.arena.expr(chain).kind else {
        return false;
    };
    pass.arena.list(operands).iter().any(|id| {
        pass.bound(*id, pass.arena.expr(*id).kind).is_some_and(|bound| {
            bound.op.is_lower()
                && pass.same_column(bound.value, value)
                && pass.instant(bound.constant).is_some_and(|start| start.at >= first)
        })
    })
}
