//! A column's name in double quotes, which make text here.

use tule_syntax::ast::{ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::compare::operands;
use crate::lint::pass::{Clause, Pass};
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::DoubleQuotedName,
        why: "In most databases double quotes make a name. Here they make text, as single \
              quotes do, so `\"beat\"` is a word of four letters and not the column. The portal \
              takes the query and gives the word in every row, or compares with the word.\n\n\
              Write the name without quotes, or in back-quotes where it is a reserved word.",
        failing: "select call_no from police_calls where \"beat\" = 'K1' limit 10",
        repaired: "select call_no from police_calls where beat = 'K1' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Literal(Literal::DoubleString) = kind else { return };
    if let Some(name) = column_in_quotes(pass, id) {
        let (span, written) = (pass.arena.span(id), pass.source(id));
        let message = format!("{written} is text in double quotes, not the column `{name}`");
        found.push(
            Diagnostic::new(Code::DoubleQuotedName, span, message)
                .help(format!("write `{name}`"))
                .fix(Applicability::Unsafe, format!("write `{name}`"), span, name),
        );
    }
}

/// The column that a text in double quotes stands for by all appearance.
pub(super) fn column_in_quotes(pass: &Pass<'_>, id: ExprId) -> Option<String> {
    if matches!(pass.clause(id), Clause::None | Clause::Argument) {
        return None;
    }
    let text = pass.string(id)?;
    let name = pass.column_called(id, &text)?;
    // The key of a part of a json value, or a known value of the column beside it.
    let mut outer = pass.parent(id);
    while let Some(parent) =
        outer.filter(|id| matches!(pass.arena.expr(*id).kind, ExprKind::Paren(_)))
    {
        outer = pass.parent(parent);
    }
    let Some(parent) = outer else { return Some(name) };
    let kind = pass.arena.expr(parent).kind;
    let known = || {
        operands(pass.arena, kind).iter().any(|beside| {
            pass.column(*beside).is_some_and(|(_, column)| column.values.iter().any(|v| *v == text))
        })
    };
    (!matches!(kind, ExprKind::Index { .. }) && !known()).then_some(name)
}
