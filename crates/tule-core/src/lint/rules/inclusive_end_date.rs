//! A range of days that stops at the first moment of its last day.

use jiff::civil::Date;
use tule_syntax::ast::{ChainOp, ExprId, ExprKind};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::compare::{Bound, Compare, Instant, Precision, time_evidence};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::InclusiveEndDate,
        why: "A day without a time of day is its first moment, so a range up to `'2024-01-31'` \
              ends at 00:00:00 of the 31st and the last day is missing, and one up to \
              `23:59:59` loses the last second. Sums for a month come out too small without \
              looking wrong. Ranges up to the first day of a month are not reported, nor are \
              columns that hold days only where the lock shows it.\n\n\
              End with `<` and the day behind the last one.",
        failing: "select name from every_type\n\
                  where opened between '2024-01-01' and '2024-01-31' limit 10",
        repaired: "select name from every_type\n\
                   where opened >= '2024-01-01' and opened < '2024-02-01' limit 10",
    },
    look: Look::Node(look),
};

/// What goes missing at the end of the range.
enum Lost {
    /// The days behind the first moment of the first one, up to the second.
    Day(Date, Date),
    /// Less than a second, or than a minute.
    Tail(Date, &'static str),
}

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    match kind {
        ExprKind::Between { .. } => between(pass, id, kind, found),
        ExprKind::Binary { .. } => upper(pass, id, kind, found),
        ExprKind::Chain { op: ChainOp::And, operands } => {
            month(pass, pass.arena.list(operands), found);
        }
        _ => {}
    }
}

fn between(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let Some(([value, low, high], negated)) = pass.between(kind) else { return };
    if pass.timed_column(value).is_none() {
        return;
    }
    let Some(end) = pass.instant(high) else { return };
    let start = pass.instant(low);
    if start.is_some_and(|start| start.at > end.at) {
        return;
    }
    let same = start.is_some_and(|start| start.at == end.at);
    let Some(lost) = lost(pass, value, &end, same) else { return };
    let next = lost.next();
    let (written, low) = (pass.source(value), pass.source(low));
    let mut repaired = if negated {
        format!("{written} < {low} or {written} >= '{next}'")
    } else {
        format!("{written} >= {low} and {written} < '{next}'")
    };
    if pass.parent(id).is_some() && (negated || pass.binds_tighter(id) || under_not(pass, id)) {
        repaired = format!("({repaired})");
    }
    let diagnostic = report(pass, value, high, &lost);
    let title = format!("write `{repaired}`");
    let span = pass.arena.span(id);
    found.push(diagnostic.help(title.clone()).fix(Applicability::Unsafe, title, span, repaired));
}

fn under_not(pass: &Pass<'_>, id: ExprId) -> bool {
    pass.parent(id)
        .is_some_and(|parent| matches!(pass.arena.expr(parent).kind, ExprKind::Unary { .. }))
}

fn upper(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let Some(bound) = pass.bound(id, kind).filter(|bound| bound.op.is_upper()) else { return };
    if pass.timed_column(bound.value).is_none() {
        return;
    }
    let Some(end) = pass.instant(bound.constant) else { return };
    if bound.op == Compare::Less && end.precision < Precision::Time {
        return;
    }
    let Some(lost) = lost(pass, bound.value, &end, false) else { return };
    let diagnostic = report(pass, bound.value, bound.constant, &lost);
    found.push(with_end(pass, diagnostic, &bound, lost.next()));
}

/// The repair of one bound: `x < 'next'`.
fn with_end(pass: &Pass<'_>, diagnostic: Diagnostic, bound: &Bound, next: Date) -> Diagnostic {
    let repaired = format!("{} < '{next}'", pass.source(bound.value));
    let title = format!("write `{repaired}`");
    let span = pass.arena.span(bound.node);
    diagnostic.help(title.clone()).fix(Applicability::Unsafe, title, span, repaired)
}

/// `x >= '2024-07-01' and x < '2024-07-31'`: a month without its last day, whatever the column
/// holds.
fn month(pass: &Pass<'_>, operands: &[ExprId], found: &mut Vec<Diagnostic>) {
    let bound = |id: &ExprId| {
        let id = pass.arena.strip(*id);
        pass.bound(id, pass.arena.expr(id).kind)
            .filter(|bound| bound.op.is_ordered() && pass.column(bound.value).is_some())
    };
    for end in operands.iter().filter_map(bound).filter(|bound| bound.op == Compare::Less) {
        let Some(last) = pass.instant(end.constant).filter(Instant::is_midnight) else { continue };
        let day = last.at.date();
        if day != day.last_of_month() {
            continue;
        }
        let first = operands.iter().filter_map(bound).any(|start| {
            start.op == Compare::GreaterEqual
                && pass.same_column(start.value, end.value)
                && pass.instant(start.constant).is_some_and(|start| {
                    start.is_midnight() && start.at.day() == 1 && start.at < last.at
                })
        });
        let Some(next) = day.tomorrow().ok().filter(|_| first) else { continue };
        let span = pass.arena.span(end.constant);
        let message = format!("`<` leaves out the last day of the month, {day}");
        let mut diagnostic = Diagnostic::new(Code::InclusiveEndDate, span, message);
        diagnostic.notes.extend(pass.type_evidence(end.value));
        found.push(with_end(pass, diagnostic, &end, next));
    }
}

fn lost(pass: &Pass<'_>, value: ExprId, end: &Instant, same: bool) -> Option<Lost> {
    let next = end.next()?;
    if end.precision < Precision::Time {
        // Up to the first of a month means up to the end of the month before as a rule.
        let boundary = end.at.day() == 1 && end.precision == Precision::Day && !same;
        return (!boundary).then_some(Lost::Day(end.at.date(), next));
    }
    let time = end.at.time();
    if (time.hour(), time.minute()) != (23, 59) || time.subsec_nanosecond() > 0 {
        return None;
    }
    match time.second() {
        0 => Some(Lost::Tail(next, "minute")),
        59 => (!whole_seconds(pass, value)).then_some(Lost::Tail(next, "second")),
        _ => None,
    }
}

/// Whether the lock shows that times have no fractions of seconds.
fn whole_seconds(pass: &Pass<'_>, value: ExprId) -> bool {
    let Some((dataset, column)) = pass.column(value) else { return false };
    if pass.ty(value) != Some(Type::FloatingTimestamp) {
        return false;
    }
    dataset.range.as_ref().filter(|range| range.column == column.name).is_some_and(|range| {
        [&range.first, &range.last].iter().all(|text| {
            text.split_once('.').is_none_or(|(_, fraction)| fraction.bytes().all(|b| b == b'0'))
        })
    })
}

impl Lost {
    fn next(&self) -> Date {
        let (Self::Day(_, next) | Self::Tail(next, _)) = self;
        *next
    }
}

fn report(pass: &Pass<'_>, value: ExprId, end: ExprId, lost: &Lost) -> Diagnostic {
    let written = pass.source(value);
    let message = match lost {
        Lost::Day(day, _) => {
            format!("`{written}` is a timestamp: this stops at 00:00:00 of {day}")
        }
        Lost::Tail(_, unit) => format!("the last {unit} of the day is left out"),
    };
    let mut diagnostic = Diagnostic::new(Code::InclusiveEndDate, pass.arena.span(end), message);
    let column = pass.column(value);
    diagnostic.notes.extend(column.map(|(dataset, column)| time_evidence(dataset, column)));
    diagnostic
}
