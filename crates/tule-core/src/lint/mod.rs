//! What a portal takes without a word and answers with the wrong rows.
//!
//! A lint looks at a statement that is typed already. It reports what is doubtful with the
//! evidence and a repair, and stays silent wherever the locked schema leaves room for doubt: a
//! false alarm is as bad as a miss. Each lint is one file of `rules`, with its explanation and
//! examples. [`examine`] is what commands and editors call: checking, lints, the project's levels
//! and the comments that allow a finding, in this order. Deliberately absent: what the portal
//! refuses ([`crate::check`]) and the applying of repairs.

mod address;
mod allow;
mod ask;
mod compare;
mod levels;
mod pass;
mod pattern;
mod places;
#[cfg(test)]
mod repairs;
mod rules;
#[cfg(test)]
mod tests;

pub use levels::Levels;

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::parser::ParsedStatement;

use crate::check::{Checked, Context, check};
use crate::diagnostics::{Code, Diagnostic, Explanation};
use pass::{Pass, SelectView};

/// One lint.
pub(crate) struct Lint {
    /// The long text; its code is the lint's.
    pub(crate) explanation: Explanation,
    /// What it looks at.
    look: Look,
}

/// What a lint looks at, one at a time.
#[derive(Clone, Copy)]
enum Look {
    /// The statement's text, even where its form is at fault.
    Text(fn(&str, &mut Vec<Diagnostic>)),
    /// The statement as a whole.
    Statement(fn(&Pass<'_>, &mut Vec<Diagnostic>)),
    /// Every select, outer ones first.
    Select(fn(&Pass<'_>, &SelectView<'_>, &mut Vec<Diagnostic>)),
    /// Every node of every expression.
    Node(fn(&Pass<'_>, ExprId, ExprKind, &mut Vec<Diagnostic>)),
}

/// Every lint, in the order of the catalogue.
pub(crate) fn lints() -> impl Iterator<Item = &'static Lint> {
    rules::RULES.iter().copied()
}

/// Checks a statement, lints it, and leaves out what the project or a comment in the statement
/// allows. `text` is the statement's own text.
#[must_use]
pub fn examine<'t>(
    text: &'t str,
    parsed: &'t ParsedStatement,
    context: Context<'t>,
    levels: &Levels,
) -> Checked {
    let mut checked = check(text, parsed, context);
    let mut found = lint(text, parsed, &checked, levels);
    checked.diagnostics.append(&mut found);
    let mut long = address::too_long(text, parsed, &checked, context);
    checked.diagnostics.append(&mut long);
    lint_text(text, levels, &mut checked.diagnostics);
    checked.diagnostics.retain_mut(|diagnostic| levels.apply(diagnostic));
    allow::apply(text, &mut checked.diagnostics, levels);
    checked.diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    checked
}

/// What the lints of the text as such find.
fn lint_text(text: &str, levels: &Levels, found: &mut Vec<Diagnostic>) {
    for lint in lints() {
        if let Look::Text(look) = lint.look
            && levels.is_on(lint.explanation.code)
        {
            look(text, found);
        }
    }
}

/// What the lints that are turned on find. Where something is an error, nothing more is said of
/// the same place.
fn lint(
    text: &str,
    parsed: &ParsedStatement,
    checked: &Checked,
    levels: &Levels,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if parsed.statement.query.is_none() || !parsed.errors.is_empty() {
        return found;
    }
    let pass = Pass::new(text, &parsed.statement, &checked.typed);
    for lint in lints().filter(|lint| levels.is_on(lint.explanation.code)) {
        match lint.look {
            Look::Statement(look) => look(&pass, &mut found),
            Look::Select(look) => pass.selects().for_each(|select| look(&pass, select, &mut found)),
            Look::Text(_) | Look::Node(_) => {}
        }
    }
    let looks: Vec<_> = lints()
        .filter(|lint| levels.is_on(lint.explanation.code))
        .filter_map(|lint| match lint.look {
            Look::Node(look) => Some(look),
            _ => None,
        })
        .collect();
    for id in pass.nodes() {
        let kind = pass.arena.expr(id).kind;
        for look in &looks {
            look(&pass, id, kind, &mut found);
        }
    }
    let errors = || checked.diagnostics.iter().filter(|known| known.is_error());
    found.retain(|new| {
        !errors().any(|error| {
            error.code != Code::MissingSchema
                && (error.span.contains(new.span) || new.span.contains(error.span))
        })
    });
    found
}
