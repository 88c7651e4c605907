//! Wildcards where they are ordinary characters.

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::literal::quote_string;

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::ask::{How, TextTest, is_template};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::LikeLiteralWildcard,
        why: "`%` and `_` stand for other characters behind `like` only. For `=`, `in`, \
              `starts_with` and `contains` they are themselves, and hardly any value has \
              them.\n\n\
              Write `like` with the pattern, or leave the wildcards out.",
        failing: "select call_no from police_calls where starts_with(call_no, '24____-') limit 10",
        repaired: "select call_no from police_calls where call_no like '24____-%' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let Some(test) = pass.text_test(id, kind).filter(|test| test.how != How::Like) else {
        return;
    };
    for member in test.members() {
        let Some(text) = pass.string(*member) else { continue };
        let Some(wildcard) = wildcard(&text) else { continue };
        if is_template(&text) || holds(pass, &test, wildcard) {
            continue;
        }
        let place = match (test.how, kind) {
            (How::Starts, _) => "in `starts_with`",
            (How::Contains, _) => "in `contains`",
            (_, ExprKind::In { .. }) => "behind `in`",
            _ => "behind `=`",
        };
        let span = pass.arena.span(pass.arena.strip(*member));
        let message = format!("`{wildcard}` is an ordinary character {place}");
        let diagnostic = Diagnostic::new(Code::LikeLiteralWildcard, span, message);
        found.push(match repaired(pass, &test, kind, &text) {
            Some(repaired) => diagnostic.help(format!("write `{repaired}`")).fix(
                Applicability::Unsafe,
                format!("write `{repaired}`"),
                pass.arena.span(id),
                repaired.clone(),
            ),
            None => diagnostic.help("compare with `like`, in a condition of its own"),
        });
    }
}

/// What in a text was hardly meant literally: `%` at an end, unless it stands behind a number,
/// and several `_` in a row.
fn wildcard(text: &str) -> Option<char> {
    if !text.contains(['%', '_']) {
        return None;
    }
    let before = text.strip_suffix('%');
    let at_end = before.is_some_and(|before| {
        before.chars().next_back().is_some_and(|last| !last.is_numeric() && last != ' ')
    });
    if text.len() > 1 && (text.starts_with('%') || at_end) {
        return Some('%');
    }
    text.contains("__").then_some('_')
}

/// Whether known values have the character.
fn holds(pass: &Pass<'_>, test: &TextTest<'_>, wildcard: char) -> bool {
    pass.known(test.operand)
        .is_some_and(|(_, column)| column.values.iter().any(|value| value.contains(wildcard)))
}

fn repaired(pass: &Pass<'_>, test: &TextTest<'_>, kind: ExprKind, text: &str) -> Option<String> {
    let pattern = match test.how {
        How::Starts => format!("{}%", text.trim_end_matches('%')),
        How::Contains => format!("%{}%", text.trim_matches('%')),
        How::Equal if matches!(kind, ExprKind::Binary { .. }) => text.to_owned(),
        How::Equal | How::Like => return None,
    };
    let not = if test.negated { "not " } else { "" };
    Some(format!("{} {not}like {}", pass.source(test.operand), quote_string(&pattern)))
}
