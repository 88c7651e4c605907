//! A value compared with itself.

use tule_syntax::ast::{BinaryOp, ExprId, ExprKind};

use crate::diagnostics::{Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::SelfComparison,
        why: "A value equals itself and is never less than itself, whatever the row holds: the \
              condition keeps every row with a value, or none. One of the sides was meant to be \
              something else. In a join it is mostly the table in front that is missing.\n\n\
              Correct one side.",
        failing: "select call_no from police_calls where beat = beat limit 10",
        repaired: "select call_no from police_calls where beat = districtname limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Binary { op, left, right, .. } = kind else { return };
    let always = match op {
        BinaryOp::Equal | BinaryOp::EqualEqual | BinaryOp::LessEqual | BinaryOp::GreaterEqual => {
            true
        }
        BinaryOp::LessGreater | BinaryOp::BangEqual | BinaryOp::Less | BinaryOp::Greater => false,
        _ => return,
    };
    // `1 = 1` is a habit of programs that write conditions.
    if pass.is_literal(left) || !pass.same(left, right) {
        return;
    }
    let rows = if always { "every row with a value passes" } else { "no row passes" };
    let message = format!("`{}` is compared with itself: {rows}", pass.excerpt(left));
    found.push(
        Diagnostic::new(Code::SelfComparison, pass.arena.span(id), message)
            .help("one of the two sides was meant to be something else"),
    );
}
