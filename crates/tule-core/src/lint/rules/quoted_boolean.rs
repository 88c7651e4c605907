//! `true` or `false` in quotes beside a checkbox.

use tule_syntax::ast::{ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::compare::operands;
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::QuotedBoolean,
        why: "The column is a checkbox, and the portal happens to read the texts `'true'`, \
              `'false'`, `'1'` and `'0'` as truth values; any other text, such as `'Y'`, it \
              refuses. The quotes make the column look like text to everybody who reads the \
              query.\n\n\
              Write `true` or `false` without quotes.",
        failing: "select name from every_type where active = 'true' limit 10",
        repaired: "select name from every_type where active = true limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, _: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    if !matches!(kind, ExprKind::Binary { .. } | ExprKind::In { .. }) {
        return;
    }
    let operands = operands(pass.arena, kind);
    let Some(column) = operands.iter().find(|id| !pass.is_literal(**id)) else { return };
    for id in operands.iter() {
        let inner = pass.arena.strip(*id);
        let quoted = matches!(
            pass.arena.expr(inner).kind,
            ExprKind::Literal(Literal::String | Literal::DoubleString)
        );
        if !quoted || pass.ty(inner) != Some(Type::Boolean) {
            continue;
        }
        let Some(value) = pass.string(inner) else { continue };
        let word =
            if value.eq_ignore_ascii_case("true") || value == "1" { "true" } else { "false" };
        let span = pass.arena.span(inner);
        let message = format!(
            "`{}` is a checkbox, {} is in quotes",
            pass.source(*column),
            pass.source(inner)
        );
        let mut diagnostic = Diagnostic::new(Code::QuotedBoolean, span, message)
            .help(format!("write `{word}`"))
            .fix(Applicability::Safe, format!("write `{word}`"), span, word);
        if let Some(evidence) = pass.type_evidence(*column) {
            diagnostic = diagnostic.note(evidence);
        }
        found.push(diagnostic);
    }
}
