//! What a select reads: datasets, results and their columns.

use tule_core::check::{Relation, Target};
use tule_core::names::fold;
use tule_core::types::Type;
use tule_syntax::ast::{ExprId, Ident, Join, JoinKind, Root, Select, Source as Named};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use super::order::Key;
use super::query::Place;
use super::{Column, Query, Writer, internal, key, not_supported};
use crate::error::{RunCode, RunError};
use crate::portal::LocalDataset;
use crate::store;

/// A table of a select, as its expressions see it.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// What stands in FROM, with its alias.
    pub(super) from: String,
    pub(super) columns: Vec<Column>,
    /// Its alias, if it is a dataset.
    pub(super) alias: Option<String>,
    /// What its rows are ordered by.
    pub(super) keys: Vec<Key>,
}

/// The names that the expressions of a select can use.
pub(super) struct Scope<'s> {
    pub(super) tables: Vec<Source>,
    /// The members of the select list that are not stars.
    pub(super) items: Vec<Root>,
    pub(super) parent: Option<&'s Scope<'s>>,
    /// How many selects stand around it.
    pub(super) depth: usize,
}

/// A table's name as comparison uses it: one leading `@` or `_` does not count.
pub(super) fn table_key(written: &str) -> String {
    let name = name_text(written);
    fold(name.strip_prefix('_').unwrap_or(name)).into_owned()
}

impl<'p> Writer<'p> {
    fn find(&self, host: &str, id: &str, span: Span) -> Result<&'p LocalDataset, RunError> {
        if host != self.portal.name() {
            let portal = self.portal.name();
            let message =
                format!("`{id}` is a dataset of `{host}`, and this query runs on `{portal}`");
            return Err(not_supported(message, span));
        }
        self.portal.dataset(id).ok_or_else(|| {
            let message = format!("`{}` has no dataset `{id}`", self.portal.name());
            RunError::new(RunCode::UnknownDataset, message).at(span)
        })
    }

    /// FROM, or the rows of the step before, or the dataset that the statement is about.
    pub(super) fn main_source(
        &mut self,
        select: &'p Select,
        input: Option<&Query>,
    ) -> Result<Source, RunError> {
        let this = |source: &Named| match source {
            Named::Named(name) => fold(self.written(*name)) == "@this",
            _ => false,
        };
        if let Some(from) = select.from.as_ref().filter(|from| !this(&from.source)) {
            return self.source(&from.source);
        }
        if let Some(input) = input {
            return Ok(self.query_source(input));
        }
        match self.facts(select)?.tables.first().map(|table| &table.relation) {
            Some(Relation::Dataset(dataset)) => {
                let found = self.find(&dataset.host, &dataset.id, select.span)?;
                self.dataset_source(found, select.span)
            }
            _ => Err(internal("there is nothing to read", select.span)),
        }
    }

    /// A table that uses no other.
    fn source(&mut self, source: &'p Named) -> Result<Source, RunError> {
        match source {
            Named::Named(name) => self.named_source(*name),
            Named::Query(query) => {
                let query = self.compound(query, None, Place { parent: None, inner: true })?;
                Ok(self.query_source(&query))
            }
            Named::Call { name, span, .. } => {
                let message = format!(
                    "`{}` is a stored function of a portal, which a folder of files does not have",
                    self.written(*name)
                );
                Err(not_supported(message, *span))
            }
            Named::Missing(span) => Err(internal("there is nothing to read", *span)),
        }
    }

    /// The joined table, and the join in SQL but for its condition.
    pub(super) fn join(
        &mut self,
        join: &'p Join,
        scope: &Scope<'_>,
    ) -> Result<(Source, &'static str), RunError> {
        let words = match join.kind {
            JoinKind::Inner => " JOIN ",
            JoinKind::Left => " LEFT JOIN ",
            JoinKind::Right => " RIGHT JOIN ",
            JoinKind::Full => " FULL JOIN ",
        };
        let Named::Query(query) = &join.table.source else {
            return Ok((self.source(&join.table.source)?, words));
        };
        if !join.lateral {
            return Ok((self.source(&join.table.source)?, words));
        }
        let before = std::mem::replace(&mut self.reached, usize::MAX);
        let place = Place { parent: Some(scope), inner: false };
        let query = self.compound(query, None, place)?;
        let looks_out = self.reached <= scope.depth;
        self.reached = self.reached.min(before);
        if !looks_out {
            return Ok((self.query_source(&query), words));
        }
        if matches!(join.kind, JoinKind::Right | JoinKind::Full) {
            // The rows that have no partner would have nothing to look at.
            let message = "columns of tables to the left can be used in `join lateral` and `left join lateral` only";
            return Err(not_supported(message, join.span));
        }
        Ok((self.lateral_source(&query), words))
    }

    /// SQLite has no LATERAL, but a table function whose argument may use columns to its left, and
    /// subqueries in expressions: the rows of the subquery are packed into a list and unpacked.
    fn lateral_source(&mut self, query: &Query) -> Source {
        let alias = self.alias();
        let names: Vec<String> =
            (0..query.columns.len()).map(|index| format!("c{index}")).collect();
        let rows =
            format!("(SELECT json_group_array(pack({})) FROM ({}))", names.join(", "), query.sql);
        let columns = query.columns.iter().enumerate();
        Source {
            alias: None,
            from: format!("json_each({rows}) AS {alias}"),
            columns: columns
                .map(|(index, column)| Column {
                    sql: format!("unpack({alias}.value, {index})"),
                    ..column.clone()
                })
                .collect(),
            keys: Vec::new(),
        }
    }

    fn named_source(&mut self, name: Ident) -> Result<Source, RunError> {
        let written = self.written(name);
        let datasets = &self.plan.valid.typed().datasets;
        let named = datasets.iter().find(|(span, _)| *span == name).map(|(_, dataset)| dataset);
        if let Some(dataset) = named {
            let found = self.find(&dataset.host, &dataset.id, name)?;
            return self.dataset_source(found, name);
        }
        let key = table_key(written);
        let cte = self.ctes.iter().position(|(known, _)| *known == key);
        if let Some((index, (_, query))) = cte.and_then(|at| Some((at, self.ctes.get(at)?))) {
            let query = Query { sql: format!("SELECT * FROM w{index}"), ..query.clone() };
            return Ok(self.query_source(&query));
        }
        if key == "single_row" {
            let from = format!("(SELECT 1) AS {}", self.alias());
            return Ok(Source { from, columns: Vec::new(), keys: Vec::new(), alias: None });
        }
        let message = format!("the schema of `{written}` is not locked");
        Err(RunError::new(RunCode::UnknownDataset, message).at(name))
    }

    fn query_source(&mut self, query: &Query) -> Source {
        let alias = self.alias();
        for (index, column) in query.columns.iter().enumerate().filter(|(_, c)| c.tailed) {
            debug_assert_eq!(column.ty, Type::Number, "only numbers have zeros at their end");
            self.tailed.insert(format!("{alias}.c{index}"));
        }
        let columns = query.columns.iter().enumerate();
        let keys = query.keys.iter();
        Source {
            from: format!("({}) AS {alias}", query.sql),
            alias: None,
            columns: columns
                .map(|(index, column)| Column {
                    sql: format!("{alias}.c{index}"),
                    ..column.clone()
                })
                .collect(),
            keys: keys.map(|key| Key { sql: format!("{alias}.{}", key.sql), ..*key }).collect(),
        }
    }

    fn dataset_source(
        &mut self,
        dataset: &'p LocalDataset,
        span: Span,
    ) -> Result<Source, RunError> {
        use store::Place;
        let database = self.attach(dataset, span)?;
        let alias = self.alias();
        self.picking.dataset(&alias, database);
        let loaded = self.portal.store().load(&dataset.table)?;
        let mut columns = Vec::with_capacity(dataset.schema.columns.len());
        for column in &dataset.schema.columns {
            let Some((place, ty)) = dataset.table.place(&column.name) else { continue };
            let has_zeros = |index| loaded.zeros.iter().any(|field| *field as usize == index);
            let tailed = matches!(place, Place::Field(index) if has_zeros(index));
            let sql = match place {
                Place::Field(index) if tailed => key::tail(&alias, index),
                Place::Field(index) => format!("{alias}.c{index}"),
                Place::Row => format!("{alias}.id"),
                Place::Digest => format!("{alias}.v"),
                Place::Created => self.moment(dataset.created, span)?,
                Place::Updated => self.moment(dataset.updated, span)?,
            };
            columns.push(Column { name: fold(&column.name).into_owned(), sql, ty, tailed });
        }
        let from = format!("d{database}.r AS {alias}");
        Ok(Source { from, columns, keys: Vec::new(), alias: Some(alias) })
    }

    /// The SQL of the column that the name at `id` stands for.
    pub(super) fn column(
        &mut self,
        id: ExprId,
        name: Ident,
        scope: &Scope<'_>,
    ) -> Result<String, RunError> {
        let stale = || {
            let message = format!("the file has no column `{}` any more", self.written(name));
            RunError::new(RunCode::StaleSchema, message).at(name)
        };
        match self.plan.valid.typed().target(id) {
            Target::Alias(index) => {
                let root = scope.items.get(index as usize).ok_or_else(stale)?;
                self.expr(root.id, scope)
            }
            Target::Column { table, outer, .. } => {
                let mut scope = scope;
                for _ in 0..outer {
                    scope = scope.parent.ok_or_else(stale)?;
                }
                let source = scope.tables.get(usize::from(table)).ok_or_else(stale)?;
                let folded = fold(name_text(self.written(name)));
                let column = source.columns.iter().find(|column| column.name == folded);
                let column = column.ok_or_else(stale)?;
                self.reached = self.reached.min(scope.depth);
                match self.resolved.node(id).ty {
                    Some(ty) if ty != column.ty => {
                        let message = format!(
                            "`{}` is {} in the file, and {ty} in the locked schema; run `tule lock`",
                            self.written(name),
                            column.ty
                        );
                        Err(RunError::new(RunCode::StaleSchema, message).at(name))
                    }
                    _ => Ok(column.sql.clone()),
                }
            }
            Target::None | Target::Parameter(_) => Err(stale()),
        }
    }
}
