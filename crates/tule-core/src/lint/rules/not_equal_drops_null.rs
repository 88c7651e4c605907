//! `!=` drops rows without a value.

use tule_syntax::ast::{ChainOp, ExprId, ExprKind};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::{Clause, Pass};
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::NotEqualDropsNull,
        why: "Nothing is known to differ from a value that is not there, so `!=`, `not in` and \
              `not like` drop the rows without one. Counted as \"everything else\", such a \
              result is too small. Whether a column has empty cells does not stand in its \
              schema, so this is reported only when asked for.\n\n\
              Add `or … is null` if these rows belong to the answer.",
        failing: "select call_no from police_calls where beat != 'K1' limit 10",
        repaired: "select call_no from police_calls where (beat != 'K1' or beat is null) limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let (ExprKind::Binary { .. } | ExprKind::In { .. } | ExprKind::Like { .. }) = kind else {
        return;
    };
    let Some(test) = pass.text_test(id, kind).filter(|test| test.negated) else { return };
    if !matches!(pass.clause(id), Clause::Where | Clause::Having) {
        return;
    }
    let Some((_, column)) = pass.column(test.operand) else { return };
    let constant = test.members().iter().all(|member| pass.is_literal(*member));
    if column.is_system() || !constant || is_guarded(pass, id, test.operand) {
        return;
    }
    let value = pass.source(test.operand);
    let repaired = format!("({} or {value} is null)", pass.source(id));
    found.push(
        Diagnostic::new(
            Code::NotEqualDropsNull,
            pass.arena.span(id),
            format!("rows without a value in `{value}` are dropped"),
        )
        .help(format!("add `or {value} is null` if they are wanted"))
        .fix(
            Applicability::Unsafe,
            format!("add `or {value} is null`"),
            pass.arena.span(id),
            repaired,
        ),
    );
}

/// Whether rows without a value are spoken of beside the comparison.
fn is_guarded(pass: &Pass<'_>, id: ExprId, value: ExprId) -> bool {
    let mut at = id;
    while let Some(parent) = pass.parent(at) {
        let kind = pass.arena.expr(parent).kind;
        if let ExprKind::Chain { op: ChainOp::And | ChainOp::Or, operands } = kind {
            let spoken = pass.arena.list(operands).iter().any(|part| {
                matches!(pass.arena.expr(pass.arena.strip(*part)).kind,
                    ExprKind::IsNull { operand, .. } if pass.same(operand, value))
            });
            if spoken {
                return true;
            }
        }
        at = parent;
    }
    false
}
