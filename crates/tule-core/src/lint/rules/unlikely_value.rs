//! A value that the column does not have.

use std::borrow::Cow;

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::literal::quote_string;

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::ask::{Case, How, is_template, some_values};
use crate::lint::pass::Pass;
use crate::lint::pattern::matches;
use crate::lint::{Lint, Look};
use crate::names::{alternatives, similar};
use crate::schema::Column;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::UnlikelyValue,
        why: "For columns with few values the lock keeps them all. A value that is not among \
              them finds no row: it is misspelt, in another letter case, or the portal has \
              renamed it.\n\n\
              Write one of the known values. If the value is new, `tule lock` fetches them \
              again.",
        failing: "select call_no from police_calls where districtname = 'Nroth' limit 10",
        repaired: "select call_no from police_calls where districtname = 'North' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let Some(test) = pass.text_test(id, kind) else { return };
    if test.members().iter().all(|member| pass.string(*member).is_none()) {
        return;
    }
    let (case, value) = match pass.folded(test.operand) {
        Some((case, value)) => (Some(case), value),
        None => (None, test.operand),
    };
    let Some((_, column)) = pass.known(value) else { return };
    for member in test.members() {
        let Some(text) = pass.string(*member) else { continue };
        let known = |wanted: &str, how: How| {
            column.values.iter().any(|value| matches(how, wanted, &in_case(case, value)))
        };
        // Texts in the wrong letter case and patterns in the wrong place have rules of their own.
        if known(&text, test.how)
            || is_template(&text)
            || case.is_some_and(|case| case.changes(&text))
            || test.how == How::Equal && text.contains('%')
        {
            continue;
        }
        let other_case = || {
            let wanted = Case::Upper.apply(&text);
            column.values.iter().any(|value| matches(test.how, &wanted, &Case::Upper.apply(value)))
        };
        if test.how != How::Equal && other_case() {
            continue;
        }
        found.push(unknown(pass, column, case, *member, &text, test.how));
    }
}

fn in_case(case: Option<Case>, value: &str) -> Cow<'_, str> {
    match case {
        Some(case) => Cow::Owned(case.apply(value)),
        None => Cow::Borrowed(value),
    }
}

fn unknown(
    pass: &Pass<'_>,
    column: &Column,
    case: Option<Case>,
    member: ExprId,
    text: &str,
    how: How,
) -> Diagnostic {
    let span = pass.arena.span(pass.arena.strip(member));
    let written = pass.written(span);
    let message = match how {
        How::Equal => format!("`{}` has no value {written}", column.name),
        How::Like => format!("no value of `{}` is like {written}", column.name),
        How::Starts => format!("no value of `{}` begins with {written}", column.name),
        How::Contains => format!("no value of `{}` contains {written}", column.name),
    };
    let values: Vec<Cow<'_, str>> =
        column.values.iter().map(|value| in_case(case, value)).collect();
    let note = format!(
        "the lock knows {} {}: {}",
        values.len(),
        if values.len() == 1 { "value" } else { "values" },
        some_values(&column.values)
    );
    let mut diagnostic = Diagnostic::new(Code::UnlikelyValue, span, message).note(note);
    if how != How::Equal {
        return diagnostic.help("write a part of one of its values");
    }
    let near = similar(text, values.iter().map(|value| &**value));
    if near.is_empty() {
        return diagnostic.help("write one of its values, or run `tule lock` if this one is new");
    }
    diagnostic = diagnostic.help(format!("perhaps {} was meant", alternatives(&near)));
    for near in near {
        let better = quote_string(near);
        let title = format!("write {better}");
        diagnostic = diagnostic.fix(Applicability::Unsafe, title, span, better);
    }
    diagnostic
}
