//! The same condition, or the same member of a list, twice.

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::span::Span;

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

/// Longer lists are somebody's data.
const MANY: usize = 64;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::RepeatedCondition,
        why: "Said twice, a condition chooses the same rows. Mostly the line was copied and the \
              copy was meant to be changed, so that a condition is missing.\n\n\
              Change the copy, or remove it.",
        failing: "select call_no from police_calls where beat = 'C7' or beat = 'C7' limit 10",
        repaired: "select call_no from police_calls where beat = 'C7' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, _: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let (parts, what) = match kind {
        ExprKind::Chain { operands, .. } => (pass.arena.list(operands), "this condition"),
        ExprKind::In { operands, .. } => {
            (pass.arena.list(operands).get(1..).unwrap_or(&[]), "this value")
        }
        _ => return,
    };
    if parts.len() > MANY {
        return;
    }
    for (index, part) in parts.iter().enumerate() {
        let before = parts.get(..index).unwrap_or(&[]);
        let Some(first) = before.iter().find(|other| pass.same(**other, *part)) else { continue };
        let span = pass.arena.span(*part);
        let diagnostic =
            Diagnostic::new(Code::RepeatedCondition, span, format!("{what} stands twice"))
                .label(pass.arena.span(*first), "first one here")
                .help("change one of the two, or remove it");
        let Some(previous) = before.last() else { continue };
        // With the sign between it and what stands before.
        let all = Span::new(pass.arena.span(*previous).end, span.end);
        let between = pass.written(Span::new(all.start, span.start));
        found.push(if between.contains("--") || between.contains("/*") {
            diagnostic
        } else {
            diagnostic.fix(Applicability::Safe, "remove the second one", all, "")
        });
    }
}
