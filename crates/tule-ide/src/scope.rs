//! Which tables and names can be used at a place.

use std::sync::Arc;

use tule_core::check::{OutputItem, Relation, SelectFacts};
use tule_core::names::fold;
use tule_core::schema::{Column, Dataset};
use tule_core::types::Type;
use tule_syntax::ast::Star;
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use crate::document::Analysis;

/// The select that a place in a statement belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    facts: Option<&'a SelectFacts>,
}

/// A column that can be named at a place.
pub(crate) struct Visible<'a> {
    /// Its name as the portal spells it.
    pub(crate) name: &'a str,
    /// Its type, if known.
    pub(crate) ty: Option<Type>,
    /// The column of a dataset behind it, if it is one.
    pub(crate) column: Option<(&'a Arc<Dataset>, &'a Column)>,
}

impl<'a> Scope<'a> {
    /// The innermost select around `offset`, else the last one that ends in front of it: behind
    /// what is written so far the next clause is typed.
    pub(crate) fn at(analysis: &'a Analysis, offset: u32) -> Self {
        let selects = || analysis.checked.typed.selects.iter();
        let around = selects()
            .filter(|facts| facts.span.touches(offset))
            .min_by_key(|facts| facts.span.len());
        let before = || {
            selects().filter(|facts| facts.span.end <= offset).max_by_key(|facts| facts.span.end)
        };
        Self { facts: around.or_else(before) }
    }

    /// What checking found out about the select.
    pub(crate) fn facts(self) -> Option<&'a SelectFacts> {
        self.facts
    }

    /// The names of joined tables, and of the first where it has one, without `@`.
    pub(crate) fn tables(self) -> impl Iterator<Item = &'a str> {
        let tables = self.facts.into_iter().flat_map(|facts| &facts.tables);
        tables.map(|table| table.name.as_str()).filter(|name| !name.is_empty())
    }

    /// The columns of the table that needs no name in front.
    pub(crate) fn columns(self) -> Vec<Visible<'a>> {
        let first = self.facts.and_then(|facts| facts.tables.first());
        first.map_or(Vec::new(), |table| columns_of(&table.relation))
    }

    /// The columns of the table written `@table`.
    pub(crate) fn columns_of(self, written: &str) -> Vec<Visible<'a>> {
        let name = fold(name_text(written)).into_owned();
        let name = name.strip_prefix('_').unwrap_or(&name);
        let tables = self.facts.into_iter().flat_map(|facts| &facts.tables);
        let mut tables = tables.filter(|table| table.name.trim_start_matches('_') == name);
        tables.next().map_or(Vec::new(), |table| columns_of(&table.relation))
    }

    /// The columns that a star stands for.
    pub(crate) fn of_star(self, text: &str, star: &Star) -> Vec<Visible<'a>> {
        let mut columns = match star.table {
            Some(table) => self.columns_of(table.text(text)),
            None => self.columns(),
        };
        let left_out = |name: &str| {
            let mut except = star.except.iter();
            except.any(|column| fold(name_text(column.text(text))) == fold(name))
        };
        columns
            .retain(|column| column.name.starts_with(':') == star.system && !left_out(column.name));
        columns
    }

    /// The column written so, of the first table or of the table in front of a dot.
    pub(crate) fn column(self, text: &'a str, written: Span) -> Option<Visible<'a>> {
        let word = written.text(text);
        let folded = fold(name_text(word)).into_owned();
        let before = text.get(..written.start as usize)?;
        let columns = match before.strip_suffix('.') {
            Some(table) => {
                let start = table.rfind('@')?;
                self.columns_of(table.get(start..)?)
            }
            None => self.columns(),
        };
        columns.into_iter().find(|column| fold(column.name) == *folded)
    }
}

fn columns_of(relation: &Relation) -> Vec<Visible<'_>> {
    match relation {
        Relation::Dataset(dataset) => dataset
            .columns
            .iter()
            .map(|column| Visible {
                name: &column.name,
                ty: column.ty,
                column: Some((dataset, column)),
            })
            .collect(),
        Relation::Result(output) => {
            let mut columns = Vec::new();
            for item in &output.items {
                match item {
                    OutputItem::Column(column) => {
                        columns.push(Visible { name: &column.name, ty: column.ty, column: None });
                    }
                    OutputItem::Star { relation, system, except } => {
                        columns.extend(columns_of(relation).into_iter().filter(|column| {
                            column.name.starts_with(':') == *system
                                && !except.iter().any(|left_out| **left_out == *fold(column.name))
                        }));
                    }
                }
            }
            columns
        }
        Relation::SingleRow | Relation::Unknown => Vec::new(),
    }
}
