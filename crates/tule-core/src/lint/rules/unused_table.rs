//! A WITH table that nothing reads.

use tule_syntax::ast::Source;
use tule_syntax::span::Span;

use crate::diagnostics::{Code, Diagnostic, Explanation};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::names::fold;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::UnusedTable,
        why: "The query defines a table and then reads something else, so the conditions in the \
              definition choose nothing. Mostly the `from` behind it still names the \
              dataset.\n\n\
              Read the table, or remove it.",
        failing: "with urgent as (select beat from police_calls where priority = '1')\n\
                  select beat from police_calls limit 10",
        repaired: "with urgent as (select beat from police_calls where priority = '1')\n\
                   select beat from urgent limit 10",
    },
    look: Look::Statement(look),
};

fn look(pass: &Pass<'_>, found: &mut Vec<Diagnostic>) {
    if pass.statement.ctes.is_empty() {
        return;
    }
    let key = |name: Span| fold(pass.written(name)).trim_start_matches(['@', '_']).to_owned();
    let read: Vec<String> = pass
        .selects()
        .flat_map(|view| {
            let joins = view.select.joins.iter().map(|join| &join.table);
            view.select.from.iter().chain(joins)
        })
        .filter_map(|table| match table.source {
            Source::Named(name) => Some(key(name)),
            _ => None,
        })
        .collect();
    for cte in &pass.statement.ctes {
        if !read.contains(&key(cte.name)) {
            let message = format!("nothing reads the table `{}`", pass.written(cte.name));
            found.push(
                Diagnostic::new(Code::UnusedTable, cte.name, message)
                    .help("read it in `from`, or remove it"),
            );
        }
    }
}
