//! An instant without a zone, which the portal reads as UTC.

use tule_syntax::ast::{ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::compare::{Instant, Precision};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::UnzonedInstant,
        why: "Columns such as `:updated_at` hold instants, and a time beside them that names no \
              zone is read as UTC: in California a day begins seven or eight hours later. For \
              \"changed since\" that rarely matters.\n\n\
              This rule is off unless a project turns it on. `Z` behind the time says UTC and \
              changes nothing; `-08:00` says Pacific time.",
        failing: "select name from every_type where updated_on > '2024-05-01' limit 10",
        repaired: "select name from every_type where updated_on > '2024-05-01T00:00:00Z' limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Literal(Literal::String | Literal::DoubleString) = kind else { return };
    if pass.ty(id) != Some(Type::FixedTimestamp) {
        return;
    }
    let Some(text) = pass.string(id) else { return };
    let Some(instant) = Instant::read(&text, true).filter(|instant| !instant.zoned) else { return };
    let better = match instant.precision {
        Precision::Time => format!("'{text}Z'"),
        _ => format!("'{}T00:00:00Z'", instant.at.date()),
    };
    let span = pass.arena.span(id);
    found.push(
        Diagnostic::new(Code::UnzonedInstant, span, format!("{} is read as UTC", pass.source(id)))
            .help(format!("write {better}"))
            .fix(Applicability::Safe, format!("write {better}"), span, better),
    );
}
