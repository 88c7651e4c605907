//! The portal makes up the name of an aggregate without `as`.

use tule_syntax::ast::{ExprKind, SelectItem};
use tule_syntax::span::Span;

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::functions::Kind;
use crate::lint::pass::{Pass, SelectView};
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::UnaliasedAggregate,
        why: "The portal calls `sum(x)` `sum_x`, and `SUM_x` if it was written so; a second \
              `count(*)` is `count_1`, and one more joined table can change a number. Whoever \
              reads the answer reads such a name. Nothing is wrong as long as the query stays as \
              it is, so this is reported only when asked for.\n\n\
              Say `as` and a name. The repair writes the name that it has today.",
        failing: "select beat, count(*) from police_calls group by beat",
        repaired: "select beat, count(*) as count from police_calls group by beat",
    },
    look: Look::Select(look),
};

fn look(pass: &Pass<'_>, view: &SelectView<'_>, found: &mut Vec<Diagnostic>) {
    let Some(facts) = view.facts.filter(|facts| facts.aggregated) else { return };
    for (position, item) in (0u32..).zip(&view.select.items) {
        let SelectItem::Expr { expr, alias: None, .. } = item else { continue };
        let id = pass.arena.strip(expr.id);
        let aggregate = matches!(pass.arena.expr(id).kind, ExprKind::Call { .. })
            && pass.overload(id).is_some_and(|function| function.kind == Kind::Aggregate);
        let named = facts.generated.iter().find(|(known, _)| *known == position);
        let Some((_, name)) = named.filter(|_| aggregate) else { continue };
        let span = pass.arena.span(expr.id);
        let message = format!("the portal makes up the name of this result: `{name}` today");
        let title = format!("add `as {}`", crate::print::column(name));
        found.push(
            Diagnostic::new(Code::UnaliasedAggregate, span, message).help(title.clone()).fix(
                Applicability::Safe,
                title,
                Span::empty(span.end),
                format!(" as {}", crate::print::column(name)),
            ),
        );
    }
}
