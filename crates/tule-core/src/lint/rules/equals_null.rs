//! Nothing equals null, null included.

use tule_syntax::ast::{BinaryOp, ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::EqualsNull,
        why: "A comparison with `null` is neither true nor false, not even for rows without a \
              value, so no row passes. The portal takes it without a word and gives nothing.\n\n\
              Write `is null` or `is not null`.",
        failing: "select call_no from police_calls where beat = null limit 10",
        repaired: "select call_no from police_calls where beat is null limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Binary { op, left, right, .. } = kind else { return };
    let is_null =
        |id| matches!(pass.arena.expr(pass.arena.strip(id)).kind, ExprKind::Literal(Literal::Null));
    let value = match (is_null(left), is_null(right)) {
        (false, true) => left,
        (true, false) => right,
        _ => return,
    };
    let test = match op {
        BinaryOp::Equal | BinaryOp::EqualEqual => "is null",
        BinaryOp::LessGreater | BinaryOp::BangEqual => "is not null",
        _ => return,
    };
    let mut repaired = format!("{} {test}", pass.source(value));
    if pass.binds_tighter(id) {
        repaired = format!("({repaired})");
    }
    let span = pass.arena.span(id);
    found.push(
        Diagnostic::new(
            Code::EqualsNull,
            span,
            format!("`{}` with `null` is true of no row", op.text()),
        )
        .help(format!("write `{repaired}`"))
        .fix(Applicability::Safe, format!("write `{repaired}`"), span, repaired.clone()),
    );
}
