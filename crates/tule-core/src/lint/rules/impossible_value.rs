//! A part of a date compared with something it never is.

use tule_syntax::ast::{ExprId, ExprKind};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::compare::{Bound, Compare, Constant, Instant};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::ImpossibleValue,
        why: "Each part of a date has its range: months go from 1 to 12, hours from 0 to 23, \
              weeks from 1 to 53, and days of the week from 0, Sunday, to 6, Saturday. A date \
              that is cut to its month is the first day of the month. Compared with anything \
              else no row passes, and the portal does not say so.\n\n\
              Correct the value. In other systems Sunday is 1 or 7 and months begin with 0.",
        failing: "select name from every_type where date_extract_dow(opened) = 7 limit 10",
        repaired: "select name from every_type where date_extract_dow(opened) = 0 limit 10",
    },
    look: Look::Node(look),
};

/// Parts of dates, by the name of the function or field, with their ranges.
const PARTS: &[(&str, i32, i32)] = &[
    ("date_extract_m", 1, 12),
    (".month", 1, 12),
    ("date_extract_d", 1, 31),
    (".day", 1, 31),
    ("date_extract_hh", 0, 23),
    (".hour", 0, 23),
    ("date_extract_mm", 0, 59),
    (".minute", 0, 59),
    ("date_extract_ss", 0, 59),
    (".second", 0, 59),
    ("date_extract_dow", 0, 6),
    (".dow", 0, 6),
    ("date_extract_woy", 1, 53),
    (".woy", 1, 53),
];

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    match kind {
        ExprKind::Binary { .. } => {
            if let Some(Bound { value, op, constant, .. }) = pass.bound(id, kind) {
                judge(pass, value, op, constant, found);
            }
        }
        ExprKind::Between { .. } => {
            let Some(([value, low, high], false)) = pass.between(kind) else { return };
            judge(pass, value, Compare::GreaterEqual, low, found);
            judge(pass, value, Compare::LessEqual, high, found);
        }
        ExprKind::In { .. } => {
            let Some((value, members, false)) = pass.members(kind) else { return };
            for member in members {
                judge(pass, value, Compare::Equal, *member, found);
            }
        }
        _ => {}
    }
}

fn judge(
    pass: &Pass<'_>,
    value: ExprId,
    op: Compare,
    constant: ExprId,
    found: &mut Vec<Diagnostic>,
) {
    let shown = pass.aliased(value).unwrap_or(value);
    let inner = pass.arena.strip(shown);
    if !matches!(pass.arena.expr(inner).kind, ExprKind::Call { .. } | ExprKind::Field { .. }) {
        return;
    }
    let Some(function) = pass.overload(inner) else { return };
    let written = pass.source(shown);
    match pass.constant(constant) {
        Some(Constant::Number(number)) => {
            let part = PARTS.iter().find(|(name, ..)| *name == function.name);
            let Some(&(name, least, most)) = part else { return };
            if is_possible(op, number, least, most) {
                return;
            }
            let message = format!("`{written}` goes from {least} to {most}: no row has this");
            let span = pass.arena.span(constant);
            let mut diagnostic = Diagnostic::new(Code::ImpossibleValue, span, message);
            // What other systems call the first value.
            let (is_seven, is_24) = (pass.source(constant) == "7", pass.source(constant) == "24");
            let first = match name {
                "date_extract_dow" | ".dow" if is_seven => Some("Sunday"),
                "date_extract_hh" | ".hour" if is_24 => Some("midnight"),
                _ => None,
            };
            if let Some(first) = first.filter(|_| op == Compare::Equal) {
                diagnostic = diagnostic.help(format!("{first} is 0")).fix(
                    Applicability::Unsafe,
                    "write `0`",
                    span,
                    "0",
                );
            }
            found.push(diagnostic);
        }
        Some(Constant::Instant(instant)) if op == Compare::Equal => {
            cut(pass, function.name, constant, &instant, found);
        }
        _ => {}
    }
}

/// Whether some whole number of the range passes.
fn is_possible(op: Compare, number: f64, least: i32, most: i32) -> bool {
    let (least, most) = (f64::from(least), f64::from(most));
    match op {
        Compare::Equal => number.fract() == 0.0 && (least..=most).contains(&number),
        Compare::NotEqual => true,
        Compare::Less => number > least,
        Compare::LessEqual => number >= least,
        Compare::Greater => number < most,
        Compare::GreaterEqual => number <= most,
    }
}

/// `date_trunc_ym(d) = '2024-05-15'`
fn cut(
    pass: &Pass<'_>,
    function: &str,
    constant: ExprId,
    instant: &Instant,
    found: &mut Vec<Diagnostic>,
) {
    let day = instant.at.date();
    let (first, what) = match function {
        "date_trunc_ymd" | "datez_trunc_ymd" => (day, "midnight"),
        "date_trunc_ym" | "datez_trunc_ym" => (day.first_of_month(), "the first day of a month"),
        "date_trunc_y" | "datez_trunc_y" => (day.first_of_year(), "the first day of a year"),
        _ => return,
    };
    if instant.zoned || first == day && instant.is_midnight() {
        return;
    }
    let (span, written) = (pass.arena.span(constant), pass.source(constant));
    let message = format!("`{function}` gives {what}, {written} is none: no row passes");
    found.push(
        Diagnostic::new(Code::ImpossibleValue, span, message).help(format!("write '{first}'")).fix(
            Applicability::Unsafe,
            format!("write '{first}'"),
            span,
            format!("'{first}'"),
        ),
    );
}
