//! `null` in a list is equal to nothing, and with `not in` no row passes.

use tule_syntax::ast::{ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation, Severity};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::NullInList,
        why: "`not in` compares with each member of the list, and a comparison with `null` is \
              never true: as soon as `null` is among them no row passes. In a list behind a \
              plain `in`, `null` finds nothing, which is a warning.\n\n\
              Leave `null` out, and say `is null` or `is not null` beside the list.",
        failing: "select call_no from police_calls where beat not in ('K1', null) limit 10",
        repaired: "select call_no from police_calls\n\
                   where (beat not in ('K1') and beat is not null) limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::In { operands, negated } = kind else { return };
    let Some((value, members)) = pass.arena.list(operands).split_first() else { return };
    let is_null = |id: &ExprId| {
        matches!(pass.arena.expr(pass.arena.strip(*id)).kind, ExprKind::Literal(Literal::Null))
    };
    let Some(null) = members.iter().copied().find(is_null) else { return };
    let message = if negated {
        "`not in` a list with `null` is true of no row"
    } else {
        "`null` in a list finds no row, not even those without a value"
    };
    let value = pass.source(*value);
    let kept: Vec<&str> =
        members.iter().filter(|id| !is_null(id)).map(|id| pass.source(*id)).collect();
    let repaired = match (kept.is_empty(), negated) {
        (true, true) => format!("{value} is not null"),
        (true, false) => format!("{value} is null"),
        (false, true) => format!("({value} not in ({}) and {value} is not null)", kept.join(", ")),
        (false, false) => format!("({value} in ({}) or {value} is null)", kept.join(", ")),
    };
    let mut diagnostic = Diagnostic::new(Code::NullInList, pass.arena.span(null), message).fix(
        Applicability::Unsafe,
        format!("write `{repaired}`"),
        pass.arena.span(id),
        repaired.clone(),
    );
    if repaired.len() <= 80 {
        diagnostic = diagnostic.help(format!("write `{repaired}`"));
    }
    if !negated {
        diagnostic.severity = Severity::Warning;
    }
    found.push(diagnostic);
}
