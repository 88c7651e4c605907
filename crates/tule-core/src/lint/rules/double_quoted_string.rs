//! Text in double quotes, where single quotes are the custom.

use tule_syntax::ast::{ExprId, ExprKind, Literal};
use tule_syntax::literal::quote_string;

use super::double_quoted_name::column_in_quotes;
use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::DoubleQuotedString,
        why: "Text may stand in double quotes as well as in single ones, and the portal's own \
              editor writes it so. Everywhere else double quotes make a name, which is what \
              readers take it for.\n\n\
              This rule is off unless a project turns it on. Single quotes mean the same.",
        failing: "select call_no from police_calls where beat = \"K1\" limit 10",
        repaired: "select call_no from police_calls where beat = 'K1' limit 5",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Literal(Literal::DoubleString) = kind else { return };
    if column_in_quotes(pass, id).is_some() {
        return;
    }
    let Some(text) = pass.string(id) else { return };
    let (better, span) = (quote_string(&text), pass.arena.span(id));
    found.push(
        Diagnostic::new(Code::DoubleQuotedString, span, "text stands in double quotes")
            .help(format!("write {better}"))
            .fix(Applicability::Safe, format!("write {better}"), span, better),
    );
}
