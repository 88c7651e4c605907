//! FROM and JOIN as `SoQL` text: which tables need naming, and by what name.

use tule_syntax::ast::{
    Atom, Compound, Distinct, ExprKind, Ident, Join, JoinKind, Root, Select, SelectItem, Source,
    Star, TableRef,
};
use tule_syntax::literal::{name_text, string_value};
use tule_syntax::span::Span;

use super::{Writer, table_name};
use crate::diagnostics::{Code, Diagnostic};
use crate::lower::text::Text;
use crate::schema::Dataset;

impl<'p> Writer<'p> {
    /// The name by which expressions of `select` qualify its main table, if any does.
    pub(in crate::lower) fn qualifier(&self, select: &Select) -> Option<String> {
        let from = select.from.as_ref()?;
        let facts = self.facts(select)?;
        let name = facts.tables.first()?.name.to_string();
        let used = select_roots(select).into_iter().any(|root| {
            root.nodes().any(|id| match self.arena.expr(id).kind {
                ExprKind::Qualified { table, .. } => table_name(self.written(table)) == name,
                _ => false,
            })
        }) || select.items.iter().any(|item| match item {
            SelectItem::Star(Star { table: Some(table), .. }) => {
                table_name(self.written(*table)) == name
            }
            _ => false,
        });
        // Joins bring expressions of their own selects, which may look out (LATERAL).
        let lateral = select.joins.iter().any(|join| join.lateral);
        (used || lateral).then(|| match from.alias {
            Some(alias) => self.written(alias).to_owned(),
            None => name,
        })
    }

    pub(super) fn from(&mut self, select: &Select, from: &TableRef, piped: bool, out: &mut Text) {
        let qualifier = self.qualifier(select);
        if piped || self.joined == 0 && self.reads_main(from) {
            if let Some(name) = qualifier {
                out.raw(" from @this as ");
                out.mapped(&alias_text(&name), from.span);
            }
            return;
        }
        out.raw(" from ");
        self.source_name(&from.source, out);
        if let Some(name) = qualifier.or_else(|| from.alias.map(|a| self.written(a).to_owned())) {
            out.raw(" as ");
            out.mapped(&alias_text(&name), from.span);
        }
    }

    fn reads_main(&self, from: &TableRef) -> bool {
        match &from.source {
            Source::Named(name) => self.dataset(*name).is_some_and(|dataset| {
                dataset.host == self.main.host && dataset.id == self.main.id
            }),
            _ => false,
        }
    }

    fn dataset(&self, name: Ident) -> Option<&'p Dataset> {
        let datasets = &self.plan.valid.typed().datasets;
        datasets.iter().find(|(span, _)| *span == name).map(|(_, dataset)| &**dataset)
    }

    fn source_name(&mut self, source: &Source, out: &mut Text) {
        match source {
            Source::Named(name) => self.table_name(*name, out),
            Source::Call { name, args, .. } => {
                self.table_name(*name, out);
                out.raw("(");
                out.append(self.roots(args));
                out.raw(")");
            }
            Source::Query(query) => self.joined_query(query, out),
            Source::Missing(_) => {}
        }
    }

    fn table_name(&mut self, name: Ident, out: &mut Text) {
        let Some(dataset) = self.dataset(name) else { return self.token(out, name) };
        if dataset.host != self.main.host {
            let message = format!(
                "{} is served by {}, the rest of the query by {}",
                self.written(name),
                dataset.host,
                self.main.host
            );
            self.faults.push(
                Diagnostic::new(Code::NotOnThisPortal, name, message)
                    .note("a portal can only join datasets of its own"),
            );
        }
        out.mapped(&format!("@{}", dataset.id), name);
    }

    pub(super) fn join(&mut self, join: &Join, out: &mut Text) {
        out.raw(match join.kind {
            JoinKind::Inner => " join ",
            JoinKind::Left => " left outer join ",
            JoinKind::Right => " right outer join ",
            JoinKind::Full => " full outer join ",
        });
        if join.lateral {
            out.raw("lateral ");
        }
        let mut alias = join.table.alias.map(|alias| self.written(alias).to_owned());
        match &join.table.source {
            Source::Named(name) => {
                if alias.is_none() {
                    alias = Some(self.join_key(*name));
                }
                if let Some(cte) = self.cte(*name) {
                    self.joined_query(&cte.query, out);
                } else {
                    self.table_name(*name, out);
                    let id = self.dataset(*name).map(|dataset| dataset.id.as_str());
                    let same = alias.as_deref().map(table_name) == id.map(table_name);
                    if same && join.table.alias.is_none() {
                        alias = None;
                    }
                }
            }
            source => self.source_name(source, out),
        }
        if let Some(alias) = alias {
            out.raw(" as ");
            out.mapped(&alias_text(&alias), join.table.span);
        }
        if let Some(on) = &join.on {
            out.raw(" on ");
            out.append(self.root(on.value));
        }
    }

    fn joined_query(&mut self, query: &Compound, out: &mut Text) {
        out.raw("(");
        self.joined += 1;
        self.compound(query, out);
        self.joined -= 1;
        out.raw(")");
    }

    fn join_key(&self, name: Ident) -> String {
        let written = self.written(name);
        if written.starts_with(['\'', '"']) {
            let value = string_value(written);
            return value.rsplit('/').next().unwrap_or_default().to_owned();
        }
        name_text(written).to_owned()
    }
}

/// An alias as `SoQL` takes it: a plain name, or behind `@` where it has a `-`.
fn alias_text(name: &str) -> String {
    let bare = name_text(name);
    if name.starts_with('`') || bare.contains('-') { format!("@{bare}") } else { name.to_owned() }
}

/// Every whole expression of a select.
fn select_roots(select: &Select) -> Vec<Root> {
    let mut roots = Vec::new();
    for item in &select.items {
        if let SelectItem::Expr { expr, .. } = item {
            roots.push(*expr);
        }
    }
    if let Distinct::On(clause) = &select.distinct {
        roots.extend(&clause.value);
    }
    roots.extend(select.joins.iter().filter_map(|join| join.on.as_ref()).map(|on| on.value));
    roots.extend(select.filter.iter().map(|clause| clause.value));
    roots.extend(select.group_by.iter().flat_map(|clause| clause.value.iter().copied()));
    roots.extend(select.having.iter().map(|clause| clause.value));
    roots.extend(
        select.order_by.iter().flat_map(|clause| clause.value.iter().map(|item| item.expr)),
    );
    roots
}

pub(super) fn find_query(compound: &Compound, span: Span) -> Option<&Compound> {
    let atoms =
        std::iter::once(&compound.first).chain(compound.rest.iter().map(|step| &step.right));
    atoms.into_iter().find_map(|atom| match atom {
        Atom::Paren(inner, _) => find_query(inner, span),
        Atom::Select(select) => {
            let tables = select.from.iter().chain(select.joins.iter().map(|join| &join.table));
            tables.into_iter().find_map(|table| match &table.source {
                Source::Query(query) if query.span == span => Some(&**query),
                Source::Query(query) => find_query(query, span),
                _ => None,
            })
        }
    })
}
