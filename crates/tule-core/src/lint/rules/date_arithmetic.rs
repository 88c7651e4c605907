//! `2022-01-01` without quotes beside a number: a subtraction.

use tule_syntax::ast::{ExprId, ExprKind};

use crate::check::unquoted_date;
use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::compare::operands;
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::DateArithmetic,
        why: "Without quotes a date is arithmetic: `2022-01-01` is 2022 minus 1 minus 1, and \
              `5/1/2024` is 5 divided by 1 and by 2024. Beside a number the portal takes it \
              without a word and compares with 2020. Beside a date it refuses the query.\n\n\
              Put a date into quotes. If the column holds a year or a number like 20220101, \
              compare it with such a number.",
        failing: "select name from every_type where amount > 2022-01-01 limit 10",
        repaired: "select name from every_type where amount > 20220101 limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    if !matches!(kind, ExprKind::Binary { .. }) {
        return;
    }
    let Some(date) = unquoted_date(pass.arena, pass.text, id, false) else { return };
    let span = pass.arena.span(id);
    let (written, compact) = (pass.source(id), date.replace('-', ""));
    let mut diagnostic = Diagnostic::new(
        Code::DateArithmetic,
        span,
        format!("`{written}` without quotes is a calculation, not a date"),
    )
    .help(format!("write `'{date}'` for the day, or the number that the column holds"));
    let beside = pass.parent(id).map(|parent| operands(pass.arena, pass.arena.expr(parent).kind));
    let evidence = beside.and_then(|beside| beside.iter().find_map(|id| pass.type_evidence(*id)));
    diagnostic.notes.extend(evidence);
    found.push(diagnostic.fix(Applicability::Unsafe, format!("write `{compact}`"), span, compact));
}
