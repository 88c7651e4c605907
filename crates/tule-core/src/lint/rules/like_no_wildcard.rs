//! `like` without a wildcard is `=`.

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::literal::quote_string;

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::ask::is_template;
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::LikeNoWildcard,
        why: "A pattern without `%` or `_` matches the whole value or nothing: `like 'noise'` \
              finds no `noise complaint`. Somebody who writes `like` rather than `=` mostly \
              expects it to look inside.\n\n\
              Put `%` where other text may stand, or write `=` if the whole value is meant.",
        failing: "select call_no from police_calls where call_type_final_d like 'NOISE' limit 10",
        repaired: "select call_no from police_calls where call_type_final_d like '%NOISE%' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    // ILIKE without a wildcard is the shortest way to compare without regard to letter case.
    let ExprKind::Like { operand, pattern, negated, caseless: false } = kind else { return };
    let Some(text) = pass.string(pattern) else { return };
    if text.contains(['%', '_', '\\']) || is_template(&text) {
        return;
    }
    let span = pass.arena.span(pass.arena.strip(pattern));
    let inside = quote_string(&format!("%{text}%"));
    let sign = if negated { "!=" } else { "=" };
    let equal = format!("{} {sign} {}", pass.source(operand), pass.written(span));
    let message = format!("{} has no `%`: it matches whole values only", pass.written(span));
    let mut diagnostic = Diagnostic::new(Code::LikeNoWildcard, span, message)
        .help(format!("write {inside} to look inside, or `{sign}`"))
        .fix(Applicability::Unsafe, format!("write {inside}"), span, inside.clone());
    if !pass.binds_tighter(id) {
        let title = format!("write `{equal}`");
        diagnostic = diagnostic.fix(Applicability::Unsafe, title, pass.arena.span(id), equal);
    }
    found.push(diagnostic);
}
