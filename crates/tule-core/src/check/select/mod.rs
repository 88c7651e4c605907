//! One select: its tables, names and clauses.

mod clauses;
mod names;
mod tables;

use std::sync::Arc;

use smol_str::SmolStr;
use tule_syntax::ast::{Distinct, Select, SelectItem, Source};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;
use tule_syntax::token::HINTS;

use super::Checker;
use super::relation::{Output, OutputColumn, OutputItem, Relation};
use super::scope::{ItemState, Scope};
use super::typed::{SelectFacts, TableFacts, flag};
use crate::diagnostics::{Applicability, Code, Diagnostic};
use crate::names::{fold, similar};

impl<'t> Checker<'t> {
    /// Checks a select that reads from `input`, or from its own FROM.
    pub(super) fn select(
        &mut self,
        select: &Select,
        input: Option<&Relation>,
        parent: Option<&Scope<'_, 't>>,
    ) -> Arc<Output> {
        let mut scope = Scope::new(parent, select.items.len());
        self.main_table(select, input, &mut scope);
        for join in &select.joins {
            let relation = match &join.table.source {
                Source::Query(query) => {
                    let outer = if join.lateral { Some(&scope) } else { None };
                    let output = self.compound(query, None, outer);
                    Relation::Result(output)
                }
                _ => self.source(&join.table, &mut scope),
            };
            self.add_table(&mut scope, &join.table, relation);
        }
        self.hints(select);
        let generated = self.name_items(select, &mut scope);
        for index in 0..scope.items.len() {
            self.item(&mut scope, u32::try_from(index).unwrap_or(u32::MAX));
        }
        if self.qualifies {
            self.cycles_of_names(&scope);
        }
        for (index, join) in select.joins.iter().enumerate() {
            if let Some(on) = &join.on {
                // Tables further right are not there yet.
                let later: Vec<_> =
                    scope.tables.drain((index + 2).min(scope.tables.len())..).collect();
                self.condition(&mut scope, on, None);
                self.looks_left(&scope, on.value);
                scope.tables.extend(later);
            }
        }
        if let Some(filter) = &select.filter {
            self.condition(&mut scope, filter, Some(select));
        }
        let groups = self.group_by(select, &mut scope);
        if let Some(having) = &select.having {
            self.boolean(&mut scope, having.value, "`having`");
            self.forbid(having.value.id, flag::WINDOW, "in `having`");
        }
        if let Some(order) = &select.order_by {
            self.order_by(&mut scope, order);
        }
        if let Distinct::On(on) = &select.distinct {
            for root in &on.value {
                self.infer(&mut scope, *root, None);
                self.settle(*root);
            }
        }
        let aggregated = self.is_aggregated(select, &scope);
        if aggregated {
            self.grouped(select, &mut scope, &groups);
        }
        self.distinct(select, &mut scope);
        for count in [&select.limit, &select.offset].into_iter().flatten() {
            self.count(count);
        }
        let output = Arc::new(self.output(select, &scope));
        self.typed.selects.push(SelectFacts {
            span: select.span,
            tables: scope
                .tables
                .into_iter()
                .map(|table| TableFacts {
                    name: SmolStr::new(&table.name),
                    relation: table.relation,
                })
                .collect(),
            aggregated,
            distinct: matches!(select.distinct, Distinct::All(_)),
            output: Arc::clone(&output),
            generated,
        });
        output
    }

    fn hints(&mut self, select: &Select) {
        for hint in &select.hints {
            let written = fold(name_text(self.written(*hint))).into_owned();
            if HINTS.contains(&written.as_str()) {
                continue;
            }
            let message = format!("no hint `{written}`");
            let mut diagnostic = Diagnostic::new(Code::UnknownHint, *hint, message);
            if let Some(near) = similar(&written, HINTS.iter().copied()).first() {
                let title = format!("write `{near}`");
                diagnostic = diagnostic.fix(Applicability::Safe, title, *hint, *near);
            }
            self.report(diagnostic);
        }
    }

    fn output(&self, select: &Select, scope: &Scope<'_, 't>) -> Output {
        let mut items = Vec::with_capacity(select.items.len().max(1));
        if select.keyword.is_none() {
            // `from calls where ...` gives every column.
            if let Some(table) = scope.tables.first() {
                star_items(&table.relation, false, &[], &mut items);
            }
        }
        let mut named = scope.items.iter();
        for item in &select.items {
            match item {
                SelectItem::Star(star) => {
                    let except: Vec<Box<str>> = star
                        .except
                        .iter()
                        .map(|name| fold(name_text(self.written(*name))).into())
                        .collect();
                    let relation = self.star_relation(scope, star);
                    let relation = relation.unwrap_or(&Relation::Unknown);
                    star_items(relation, star.system, &except, &mut items);
                }
                SelectItem::Expr { .. } => {
                    let Some(item) = named.next() else { continue };
                    let ty = match item.state {
                        ItemState::Done { ty, .. } => ty,
                        _ => None,
                    };
                    let name = (*item.name).into();
                    items.push(OutputItem::Column(OutputColumn { name, ty }));
                }
            }
        }
        Output::new(items)
    }
}

/// Where a diagnostic about a whole select points: its first word.
pub(super) fn anchor(select: &Select) -> Span {
    select.keyword.unwrap_or_else(|| select.from.as_ref().map_or(select.span, |from| from.keyword))
}

/// The columns of a star. Those of an earlier result are copied, so that results never refer to
/// each other in a chain as long as the query.
fn star_items(relation: &Relation, system: bool, except: &[Box<str>], items: &mut Vec<OutputItem>) {
    let Relation::Result(output) = relation else {
        let (relation, except) = (relation.clone(), except.to_vec());
        items.push(OutputItem::Star { relation, system, except });
        return;
    };
    for item in &output.items {
        match item {
            OutputItem::Column(column) => {
                let left_out = except.iter().any(|name| **name == *fold(&column.name));
                if column.name.starts_with(':') == system && !left_out {
                    items.push(item.clone());
                }
            }
            OutputItem::Star { relation, system: inner, except: before } if *inner == system => {
                let except = before.iter().chain(except).cloned().collect();
                items.push(OutputItem::Star { relation: relation.clone(), system, except });
            }
            OutputItem::Star { .. } => {}
        }
    }
}
