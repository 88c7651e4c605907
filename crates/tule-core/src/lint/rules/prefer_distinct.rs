//! `group by` where `distinct` says what is meant.

use tule_syntax::ast::Distinct;
use tule_syntax::span::Span;

use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Explanation, Fix};
use crate::lint::pass::{Pass, SelectView};
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::PreferDistinct,
        why: "Grouping by what is selected, without counting or summing anything, gives the \
              distinct values. `distinct` says so, and the reader looks for no missing \
              aggregate. This is style, and reported only when asked for.\n\n\
              Write `select distinct` and drop `group by`.",
        failing: "select beat from police_calls group by beat",
        repaired: "select distinct beat from police_calls",
    },
    look: Look::Select(look),
};

fn look(pass: &Pass<'_>, view: &SelectView<'_>, found: &mut Vec<Diagnostic>) {
    let select = view.select;
    let (Some(groups), Some(keyword)) = (&select.group_by, select.keyword) else { return };
    let plain = matches!(select.distinct, Distinct::No)
        && select.having.is_none()
        && select.order_by.is_none()
        && select.hints.is_empty()
        && select.stars().next().is_none()
        && select.items.len() == groups.value.len();
    if !plain {
        return;
    }
    let mut items = view.items().map(|(id, _)| id);
    let all = items.all(|item| {
        groups.value.iter().any(|group| {
            let meant = pass.aliased(group.id).unwrap_or(group.id);
            pass.same(item, meant)
        })
    });
    let Some(last) = groups.value.last().filter(|_| all) else { return };
    let clause = groups.keyword.cover(pass.arena.span(last.id));
    // The blanks in front of the clause go with it.
    let before = pass.written(Span::new(0, clause.start));
    let blanks = before.len() - before.trim_end().len();
    let start = clause.start - u32::try_from(blanks).unwrap_or(0);
    let fix = Fix {
        title: "write `select distinct`".to_owned(),
        applicability: Applicability::Safe,
        edits: vec![
            Edit { span: Span::empty(keyword.end), text: " distinct".to_owned() },
            Edit { span: Span::new(start, clause.end), text: String::new() },
        ],
    };
    let message = "`group by` without an aggregate gives distinct values";
    let mut diagnostic = Diagnostic::new(Code::PreferDistinct, clause, message)
        .help("write `select distinct` without `group by`");
    diagnostic.fixes.push(fix);
    found.push(diagnostic);
}
