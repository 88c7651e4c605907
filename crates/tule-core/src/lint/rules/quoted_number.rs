//! A number in quotes beside a number.

use tule_syntax::ast::{ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Explanation, Fix};
use crate::lint::compare::{Compare, operands};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::QuotedNumber,
        why: "The column holds numbers, so the portal reads the text in quotes as a number and \
              the rows are the right ones. But the quotes say to everybody who reads the query \
              that the column is text, where `'9'` comes behind `'10'`, and the query stops \
              working as soon as a column of that name is text in another dataset or year.\n\n\
              Leave the quotes out.",
        failing: "select name from every_type where amount between '40000' and '60000' limit 10",
        repaired: "select name from every_type where amount between 40000 and 60000 limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, _: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let operands = operands(pass.arena, kind);
    let quoted = |id: &ExprId| {
        matches!(
            pass.arena.expr(pass.arena.strip(*id)).kind,
            ExprKind::Literal(Literal::String | Literal::DoubleString)
        ) && pass.ty(*id) == Some(Type::Number)
    };
    let mut quoted = operands.iter().copied().filter(quoted).peekable();
    let Some(&first) = quoted.peek() else { return };
    let number = operands.iter().find(|id| !pass.is_literal(**id));
    let is_sum = matches!(kind, ExprKind::Binary { op, .. } if Compare::of(op).is_none());
    let edits: Vec<Edit> = quoted
        .filter_map(|id| {
            let value = pass.string(id)?;
            // `x - '-1'` must not become a comment.
            let signed = is_sum && value.starts_with(['-', '+']);
            let text = if signed { format!("({value})") } else { value.into_owned() };
            Some(Edit { span: pass.arena.span(pass.arena.strip(id)), text })
        })
        .collect();
    let span = pass.arena.span(pass.arena.strip(first));
    let message = match (number, edits.len()) {
        (Some(number), 2..) => {
            format!("`{}` is a number, the values are in quotes", pass.source(*number))
        }
        (Some(number), _) => {
            format!("`{}` is a number, {} is in quotes", pass.source(*number), pass.source(first))
        }
        (None, _) => format!("{} is in quotes and read as a number", pass.source(first)),
    };
    let mut diagnostic = Diagnostic::new(Code::QuotedNumber, span, message).help("drop the quotes");
    if let Some(evidence) = number.and_then(|number| pass.type_evidence(*number)) {
        diagnostic = diagnostic.note(evidence);
    }
    let title = "drop the quotes".to_owned();
    diagnostic.fixes.push(Fix { title, applicability: Applicability::Safe, edits });
    found.push(diagnostic);
}
