//! `a != 'x' or a != 'y'` holds for every row.

use tule_syntax::ast::{BinaryOp, ChainOp, ExprId, ExprKind};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::NotEqualOr,
        why: "Whatever a row has, it differs from one of two values, so the condition holds for \
              every row with a value and leaves nothing out.\n\n\
              Write `not in` with both values, or `and`.",
        failing: "select call_no from police_calls where beat != 'K1' or beat != 'K2' limit 10",
        repaired: "select call_no from police_calls where beat not in ('K1', 'K2') limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, _: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Chain { op: ChainOp::Or, operands } = kind else { return };
    let parts = pass.arena.list(operands);
    for pair in parts.windows(2) {
        let [first, second] = *pair else { continue };
        let (Some(left), Some(right)) = (unequal(pass, first), unequal(pass, second)) else {
            continue;
        };
        if !pass.same(left.0, right.0) || pass.source(left.1) == pass.source(right.1) {
            continue;
        }
        let span = pass.arena.span(first).cover(pass.arena.span(second));
        let value = pass.source(left.0);
        let repaired =
            format!("{value} not in ({}, {})", pass.source(left.1), pass.source(right.1));
        let message = format!("`{value}` always differs from one of the two: every row passes");
        found.push(
            Diagnostic::new(Code::NotEqualOr, span, message)
                .help(format!("write `{repaired}`"))
                .fix(Applicability::Unsafe, format!("write `{repaired}`"), span, repaired.clone()),
        );
        return;
    }
}

/// The value and the constant of `value != constant`.
fn unequal(pass: &Pass<'_>, id: ExprId) -> Option<(ExprId, ExprId)> {
    let ExprKind::Binary { op: BinaryOp::LessGreater | BinaryOp::BangEqual, left, right, .. } =
        pass.arena.expr(pass.arena.strip(id)).kind
    else {
        return None;
    };
    match (pass.is_literal(left), pass.is_literal(right)) {
        (false, true) => Some((left, right)),
        (true, false) => Some((right, left)),
        _ => None,
    }
}
