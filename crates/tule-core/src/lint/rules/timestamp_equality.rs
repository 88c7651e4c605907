//! A timestamp that is to equal a day.

use tule_syntax::ast::{CallStyle, ExprId, ExprKind};
use tule_syntax::literal::name_text;

use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Explanation, Fix};
use crate::lint::compare::{Compare, Instant, Precision, time_evidence};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::names::fold;
use crate::schema::{Column, Dataset};
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::TimestampEquality,
        why: "A day without a time of day is its first moment, 00:00:00. A column with times \
              equals it only in rows of exactly midnight, so nearly all rows of the day are \
              missing, without a word. Columns that hold days only are spared where the lock \
              shows that they do: first and last value at midnight, a description that says so, \
              or the time in a column of its own.\n\n\
              Cut the time off with `date_trunc_ymd`, or ask for a range that ends before the \
              next day.",
        failing: "select name from every_type where opened = '2024-05-01' limit 10",
        repaired: "select name from every_type\n\
                   where date_trunc_ymd(opened) = '2024-05-01' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    match kind {
        ExprKind::Binary { .. } => binary(pass, id, kind, found),
        ExprKind::In { .. } => list(pass, kind, found),
        _ => {}
    }
}

fn binary(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Binary { op, left, right, .. } = kind else { return };
    let Some(op @ (Compare::Equal | Compare::NotEqual)) = Compare::of(op) else { return };
    let (value, constant) =
        if pass.timed_column(left).is_some() { (left, right) } else { (right, left) };
    let Some((dataset, column)) = pass.timed_column(value) else { return };
    let what = if is_today(pass, constant) {
        None
    } else {
        match pass.instant(constant).filter(|instant| is_day(dataset, column, instant)) {
            Some(instant) => Some(instant),
            None => return,
        }
    };
    let (span, written) = (pass.arena.span(id), pass.source(value));
    let effect = if op == Compare::Equal { "matches" } else { "leaves out" };
    let message = format!("`{written}` is a timestamp: this {effect} 00:00:00 only");
    let mut diagnostic = Diagnostic::new(Code::TimestampEquality, span, message)
        .label(pass.arena.span(constant), "the first moment of the day");
    diagnostic.notes.push(time_evidence(dataset, column));
    let repaired = if pass.ty(value) == Some(Type::FloatingTimestamp) {
        let unit = match what.map(|instant| instant.precision) {
            Some(Precision::Year) => "y",
            Some(Precision::Month) => "ym",
            _ => "ymd",
        };
        Some(format!("date_trunc_{unit}({written}) {} {}", op.text(), pass.source(constant)))
    } else {
        what.and_then(|instant| range(pass, id, value, constant, &instant, op))
    };
    diagnostic = match repaired {
        Some(repaired) => diagnostic.help(format!("write `{repaired}`")).fix(
            Applicability::Unsafe,
            format!("write `{repaired}`"),
            span,
            repaired,
        ),
        None => diagnostic.help("ask for a range that ends before the next day"),
    };
    found.push(diagnostic);
}

/// `x >= day and x < next day`, for instants, which have no day of their own.
fn range(
    pass: &Pass<'_>,
    id: ExprId,
    value: ExprId,
    constant: ExprId,
    instant: &Instant,
    op: Compare,
) -> Option<String> {
    if instant.precision == Precision::Time {
        return None;
    }
    let (written, next) = (pass.source(value), instant.next()?);
    let [first, join, last] =
        if op == Compare::Equal { [">=", "and", "<"] } else { ["<", "or", ">="] };
    let constant = pass.source(constant);
    let range = format!("{written} {first} {constant} {join} {written} {last} '{next}'");
    Some(if pass.parent(id).is_some() { format!("({range})") } else { range })
}

fn list(pass: &Pass<'_>, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let Some((value, members, _)) = pass.members(kind) else { return };
    let Some((dataset, column)) = pass.timed_column(value) else { return };
    let is_day =
        |id: &&ExprId| pass.instant(**id).is_some_and(|instant| is_day(dataset, column, &instant));
    let Some(first) = members.iter().find(is_day) else { return };
    let written = pass.source(value);
    let message = format!("`{written}` is a timestamp: a day in the list is 00:00:00 only");
    let mut diagnostic = Diagnostic::new(Code::TimestampEquality, pass.arena.span(*first), message);
    diagnostic.notes.push(time_evidence(dataset, column));
    let days = members.iter().filter(is_day).count() == members.len();
    if days && pass.ty(value) == Some(Type::FloatingTimestamp) {
        let better = format!("date_trunc_ymd({written})");
        let title = format!("write `{better}`");
        let edits = vec![Edit { span: pass.arena.span(value), text: better }];
        diagnostic = diagnostic.help(title.clone());
        diagnostic.fixes.push(Fix { title, applicability: Applicability::Unsafe, edits });
    }
    found.push(diagnostic);
}

/// Whether the instant stands for a day, though the column has times.
///
/// Midnight that is written out counts too, since that is how portals print days. Only in a series
/// of full hours it is an hour like any other.
fn is_day(dataset: &Dataset, column: &Column, instant: &Instant) -> bool {
    if instant.precision < Precision::Time {
        return true;
    }
    let range = dataset.range.as_ref().filter(|range| range.column == column.name);
    let hourly = |text: &str| {
        let at = Instant::read(text.trim_end_matches('Z'), false);
        at.is_some_and(|at| at.at.minute() == 0 && at.at.second() == 0)
    };
    instant.is_midnight() && !range.is_some_and(|range| hourly(&range.first) && hourly(&range.last))
}

/// `today()`, perhaps with days added.
fn is_today(pass: &Pass<'_>, id: ExprId) -> bool {
    match pass.arena.expr(pass.arena.strip(id)).kind {
        ExprKind::Call { name, style: CallStyle::Plain, args, .. } => {
            pass.arena.list(args).is_empty() && fold(name_text(pass.written(name))) == "today"
        }
        ExprKind::Binary { left, right, .. } => pass.is_literal(right) && is_today(pass, left),
        _ => false,
    }
}
