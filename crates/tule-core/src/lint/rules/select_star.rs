//! `*` gives whatever columns there are on the day.

use tule_syntax::ast::{SelectItem, Star};

use crate::check::Relation;
use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::pass::{Pass, Role, SelectView};
use crate::lint::{Lint, Look};
use crate::schema::Dataset;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::SelectStar,
        why: "With `*` the shape of the answer changes whenever the portal adds, removes or \
              moves a column, and on some portals with the other clauses as well: ordered, a \
              star leaves out the columns that the portal computes. Whether that matters depends \
              on who reads the answer, so this is reported only when asked for.\n\n\
              List the columns that are used. The repair lists those of the locked schema.",
        failing: "select * from districts limit 100",
        repaired: "select poly_code, name, the_geom from districts limit 100",
    },
    look: Look::Select(look),
};

fn look(_: &Pass<'_>, view: &SelectView<'_>, found: &mut Vec<Diagnostic>) {
    if view.role != Role::Result {
        return;
    }
    for item in &view.select.items {
        let SelectItem::Star(star) = item else { continue };
        if star.system {
            continue;
        }
        let message = "`*` gives whatever columns the dataset has on the day";
        let diagnostic = Diagnostic::new(Code::SelectStar, star.span, message);
        found.push(match listed(view, star) {
            Some(columns) => diagnostic.help("list the columns that are used").fix(
                // On the portal a star may give columns that it computes as well.
                Applicability::Unsafe,
                "list the columns",
                star.span,
                columns,
            ),
            None => diagnostic.help("list the columns that are used"),
        });
    }
}

/// The columns that a star of a dataset stands for.
fn listed(view: &SelectView<'_>, star: &Star) -> Option<String> {
    // Behind listed columns no other star may stand.
    let alone = view.select.stars().count() == 1;
    if star.table.is_some() || !star.except.is_empty() || !alone {
        return None;
    }
    let table = view.facts?.tables.first()?;
    let Relation::Dataset(dataset) = &table.relation else { return None };
    // A name behind `as` would win over the column listed by it.
    if view.items().any(|(_, alias)| alias.is_some()) {
        return None;
    }
    let names = plain_columns(dataset);
    (!names.is_empty()).then(|| names.join(", "))
}

fn plain_columns(dataset: &Dataset) -> Vec<String> {
    let columns = dataset.columns.iter().filter(|column| !column.is_system());
    columns.map(|column| crate::print::column(&column.name)).collect()
}
