//! Walking over the selects of a statement.

use tule_syntax::ast::{Atom, Compound, Select, Source, Statement};

/// Calls `visit` for every select of a statement: those of WITH first, each before those inside it.
pub(crate) fn selects<'s>(statement: &'s Statement, visit: &mut dyn FnMut(&'s Select)) {
    for cte in &statement.ctes {
        compound(&cte.query, visit);
    }
    if let Some(query) = &statement.query {
        compound(query, visit);
    }
}

fn compound<'s>(query: &'s Compound, visit: &mut dyn FnMut(&'s Select)) {
    for atom in std::iter::once(&query.first).chain(query.rest.iter().map(|step| &step.right)) {
        match atom {
            Atom::Paren(inner, _) => compound(inner, visit),
            Atom::Select(select) => {
                visit(select);
                let tables = select.from.iter().chain(select.joins.iter().map(|join| &join.table));
                for table in tables {
                    if let Source::Query(inner) = &table.source {
                        compound(inner, visit);
                    }
                }
            }
        }
    }
}
