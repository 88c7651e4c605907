//! `count` of a condition counts the rows for which it is false too.

use tule_syntax::ast::{ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::CountOfCondition,
        why: "`count(x)` counts the rows in which `x` has a value, and `false` is a value, as is \
              0. So `count(priority = '1')` and `count(case … else 0 end)` count every row.\n\n\
              Write `count(*) filter (where …)`, or `sum(case … then 1 else 0 end)`.",
        failing: "select count(priority = '1') as urgent from police_calls",
        repaired: "select count(*) filter (where priority = '1') as urgent from police_calls",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Call { name, suffix, .. } = kind else { return };
    let Some(("count", &[argument])) = pass.call(id) else { return };
    let inner = pass.arena.strip(argument);
    let span = pass.arena.span(id);
    let diagnostic = |what: &str| {
        let message = format!("`count` counts {what}: every row with a value");
        Diagnostic::new(Code::CountOfCondition, span, message)
    };
    match pass.arena.expr(inner).kind {
        ExprKind::Binary { .. }
        | ExprKind::Chain { .. }
        | ExprKind::Like { .. }
        | ExprKind::In { .. }
        | ExprKind::Between { .. }
        | ExprKind::IsNull { .. }
            if pass.ty(inner) == Some(Type::Boolean) =>
        {
            let repaired = format!("count(*) filter (where {})", pass.source(inner));
            let found_one = diagnostic("the rows for which this is false too");
            found.push(if suffix.is_none() {
                found_one.help(format!("write `{repaired}`")).fix(
                    Applicability::Unsafe,
                    format!("write `{repaired}`"),
                    span,
                    repaired.clone(),
                )
            } else {
                found_one.help("put the condition into `filter`")
            });
        }
        ExprKind::Case { otherwise: Some(otherwise), .. } if is_number(pass, otherwise) => {
            found.push(sum(diagnostic("the rows of `else` too"), name));
        }
        ExprKind::Call { .. } => {
            let Some(("iif", &[_, yes, no])) = pass.call(inner) else { return };
            if is_number(pass, yes) && is_number(pass, no) {
                found.push(sum(diagnostic("both branches of `iif`"), name));
            }
        }
        _ => {}
    }
}

fn sum(diagnostic: Diagnostic, name: tule_syntax::span::Span) -> Diagnostic {
    diagnostic.help("write `sum`").fix(Applicability::Unsafe, "write `sum`", name, "sum")
}

fn is_number(pass: &Pass<'_>, id: ExprId) -> bool {
    let id = pass.arena.strip(id);
    matches!(pass.arena.expr(id).kind, ExprKind::Literal(Literal::Integer | Literal::Number))
}
