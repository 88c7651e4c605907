//! One side is in one letter case, the text it is tested against in the other.

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::literal::quote_string;

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::ask::is_template;
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::CaseFoldMismatch,
        why: "`upper` leaves no small letters and `lower` no capital ones, so a text with such \
              a letter can never match, and the result is empty without a word.\n\n\
              Write the text in the letter case that the function leaves.",
        failing: "select call_no from police_calls\n\
                  where upper(call_type_final_d) like '%Noise%' limit 10",
        repaired: "select call_no from police_calls\n\
                   where upper(call_type_final_d) like '%NOISE%' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let Some(test) = pass.text_test(id, kind) else { return };
    let Some((case, _)) = pass.folded(test.operand) else { return };
    for member in test.members() {
        let Some(text) = pass.string(*member) else { continue };
        if !case.changes(&text) || is_template(&text) {
            continue;
        }
        let better = quote_string(&case.apply(&text));
        let letters = match case {
            crate::lint::ask::Case::Upper => "small",
            crate::lint::ask::Case::Lower => "capital",
        };
        let span = pass.arena.span(pass.arena.strip(*member));
        let message = format!(
            "`{}` leaves no {letters} letters: {} never matches",
            case.function(),
            pass.written(span)
        );
        found.push(
            Diagnostic::new(Code::CaseFoldMismatch, span, message)
                .label(pass.arena.span(test.operand), format!("{} letters only", other(letters)))
                .help(format!("write {better}"))
                .fix(Applicability::Safe, format!("write {better}"), span, better.clone()),
        );
    }
}

fn other(letters: &str) -> &'static str {
    if letters == "small" { "capital" } else { "small" }
}
