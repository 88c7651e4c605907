//! A result name hides a column, and a condition reads the result.

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::literal::name_text;

use crate::check::Target;
use crate::diagnostics::{Code, Diagnostic, Explanation};
use crate::lint::pass::{Clause, Pass};
use crate::lint::{Lint, Look};
use crate::names::fold;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::AliasShadows,
        why: "On a portal a name behind `as` wins over the column of that name in every clause, \
              `where` included; in other databases it is the other way round there. The \
              condition tests the result, not what the dataset holds.\n\n\
              Give the result another name.",
        failing: "select call_no, upper(beat) as beat from police_calls\n\
                  where beat = 'K1' limit 10",
        repaired: "select call_no, upper(beat) as upper_beat from police_calls\n\
                   where beat = 'K1' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Column(name) = kind else { return };
    let Target::Alias(position) = pass.typed.target(id) else { return };
    let place = match pass.clause(id) {
        Clause::Where => "`where`",
        Clause::On => "`on`",
        Clause::Item => "another result",
        _ => return,
    };
    let Some(view) = pass.select_of(id) else { return };
    let Some((item, Some(alias))) = view.items().nth(position as usize) else { return };
    let folded = fold(name_text(pass.written(name)));
    let hidden = view.facts.and_then(|facts| facts.tables.first()).is_some_and(|table| {
        !table.relation.is_unknown() && table.relation.column(&folded).is_some()
    });
    if !hidden || is_that_column(pass, item, &folded) {
        return;
    }
    let written = pass.written(name);
    let message = format!("`{written}` in {place} is the result of that name, not the column");
    found.push(
        Diagnostic::new(Code::AliasShadows, name, message)
            .label(alias, format!("hides the column `{written}`"))
            .help("give the result another name"),
    );
}

/// Whether a result is the column whose name it has.
fn is_that_column(pass: &Pass<'_>, item: ExprId, folded: &str) -> bool {
    match pass.arena.expr(pass.arena.strip(item)).kind {
        ExprKind::Column(name) => fold(name_text(pass.written(name))) == folded,
        _ => false,
    }
}
