//! What a select reads: datasets, results and their columns.

use tule_core::check::{Relation, Target};
use tule_core::names::fold;
use tule_syntax::ast::{ExprId, Ident, Root, Select, Source as Named};
use tule_syntax::literal::name_text;

use super::{Column, Query, Writer};
use crate::error::{RunCode, RunError};
use crate::portal::LocalDataset;
use crate::store::Place;

/// What a select without FROM reads.
#[derive(Clone, Debug)]
pub(super) enum Input<'p> {
    Query(Query),
    Dataset(&'p LocalDataset),
}

/// A table of a select, as its expressions see it.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// What stands in FROM, with its alias.
    pub(super) from: String,
    pub(super) columns: Vec<Column>,
}

/// The names that the expressions of a select can use.
pub(super) struct Scope<'s> {
    pub(super) tables: Vec<Source>,
    /// The members of the select list that are not stars.
    pub(super) items: Vec<Root>,
    pub(super) parent: Option<&'s Scope<'s>>,
}

impl<'p> Writer<'p> {
    /// The dataset that a statement without FROM reads.
    pub(super) fn statement_input(&self) -> Result<Option<Input<'p>>, RunError> {
        let Some(query) = &self.plan.valid.statement().query else { return Ok(None) };
        let typed = self.plan.valid.typed();
        let unnamed = typed.selects.iter().flat_map(|select| &select.tables);
        let mut unnamed = unnamed.filter(|table| table.name.is_empty());
        let Some(dataset) = unnamed.find_map(|table| match &table.relation {
            Relation::Dataset(dataset) => Some(dataset),
            _ => None,
        }) else {
            return Ok(None);
        };
        self.find(&dataset.host, &dataset.id, query.span).map(|found| Some(Input::Dataset(found)))
    }

    fn find(&self, host: &str, id: &str, span: Ident) -> Result<&'p LocalDataset, RunError> {
        if host != self.portal.name() {
            let message = format!("`{id}` is served by `{host}`, not by `{}`", self.portal.name());
            return Err(RunError::new(RunCode::NotSupported, message).at(span));
        }
        self.portal.dataset(id).ok_or_else(|| {
            let message = format!("`{}` has no dataset `{id}` any more", self.portal.name());
            RunError::new(RunCode::UnknownDataset, message).at(span)
        })
    }

    /// The table of FROM, or the input.
    pub(super) fn main_source(
        &mut self,
        select: &'p Select,
        input: Option<&Input<'p>>,
    ) -> Result<Source, RunError> {
        let this = |name: Ident| fold(self.written(name)) == "@this";
        match (&select.from, input) {
            (None, Some(input)) => self.input_source(input, select.span),
            (Some(from), input) => match (&from.source, input) {
                (Named::Named(name), Some(input)) if this(*name) => self.input_source(input, *name),
                (Named::Named(name), _) => self.named_source(*name),
                (source, _) => {
                    let message = "this table is not supported yet";
                    Err(RunError::new(RunCode::NotSupported, message).at(source.span()))
                }
            },
            (None, None) => {
                Err(RunError::new(RunCode::Engine, "there is nothing to read").at(select.span))
            }
        }
    }

    fn input_source(&mut self, input: &Input<'p>, span: Ident) -> Result<Source, RunError> {
        match input {
            Input::Query(query) => Ok(self.query_source(query)),
            Input::Dataset(dataset) => self.dataset_source(dataset, span),
        }
    }

    fn named_source(&mut self, name: Ident) -> Result<Source, RunError> {
        let datasets = &self.plan.valid.typed().datasets;
        let named = datasets.iter().find(|(span, _)| *span == name).map(|(_, dataset)| dataset);
        let Some(dataset) = named else {
            let message = format!("the schema of `{}` is not locked", self.written(name));
            return Err(RunError::new(RunCode::UnknownDataset, message).at(name));
        };
        let found = self.find(&dataset.host, &dataset.id, name)?;
        self.dataset_source(found, name)
    }

    pub(super) fn query_source(&mut self, query: &Query) -> Source {
        let alias = self.alias();
        let columns = query.columns.iter().enumerate();
        Source {
            from: format!("({}) AS {alias}", query.sql),
            columns: columns
                .map(|(index, column)| Column {
                    sql: format!("{alias}.c{index}"),
                    ..column.clone()
                })
                .collect(),
        }
    }

    fn dataset_source(
        &mut self,
        dataset: &'p LocalDataset,
        span: Ident,
    ) -> Result<Source, RunError> {
        let database = self.attach(dataset, span)?;
        let alias = self.alias();
        let mut columns = Vec::with_capacity(dataset.schema.columns.len());
        for column in &dataset.schema.columns {
            let Some((place, ty)) = dataset.table.place(&column.name) else { continue };
            let sql = match place {
                Place::Field(index) => format!("{alias}.c{index}"),
                Place::Row => format!("{alias}.id"),
                Place::Digest => format!("{alias}.v"),
                Place::Created | Place::Updated => {
                    let moment = dataset.modified.as_millisecond();
                    self.bind(rusqlite::types::Value::Integer(moment), span)?
                }
            };
            columns.push(Column { name: fold(&column.name).into_owned(), sql, ty });
        }
        Ok(Source { from: format!("d{database}.r AS {alias}"), columns })
    }

    /// The column that the name at `id` stands for.
    pub(super) fn column(
        &mut self,
        id: ExprId,
        name: Ident,
        scope: &Scope<'_>,
    ) -> Result<String, RunError> {
        let missing = || {
            let message = format!("`{}` is not in the file any more", self.written(name));
            RunError::new(RunCode::StaleSchema, message).at(name)
        };
        match self.plan.valid.typed().target(id) {
            Target::Alias(index) => {
                let root = scope.items.get(index as usize).ok_or_else(missing)?;
                self.expr(root.id, scope)
            }
            Target::Column { table, outer, .. } => {
                let mut scope = scope;
                for _ in 0..outer {
                    scope = scope.parent.ok_or_else(missing)?;
                }
                let source = scope.tables.get(usize::from(table)).ok_or_else(missing)?;
                let folded = fold(name_text(self.written(name)));
                let column = source.columns.iter().find(|column| column.name == folded);
                Ok(column.ok_or_else(missing)?.sql.clone())
            }
            Target::None | Target::Parameter(_) => Err(missing()),
        }
    }
}
