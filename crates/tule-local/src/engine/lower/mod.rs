//! Plans as SQL of SQLite.
//!
//! The whole query becomes one statement. Every expression has one SQL form for its type (see
//! `store::codec`), so that comparison, grouping and order are SQLite's own; everything else is a
//! function registered for the call. Names, constants and texts of the query never become part of
//! the SQL: columns are `t1.c0`, constants are bound.

mod constant;
mod expr;
mod query;
mod select;
mod source;

use rusqlite::types::Value as Sql;
use tule_core::check::{OutputColumn, Resolved, SelectFacts};
use tule_core::plan::Plan;
use tule_core::types::Type;
use tule_syntax::ast::{Arena, Select};
use tule_syntax::span::Span;

use super::RunOptions;
use crate::error::{RunCode, RunError};
use crate::portal::{LocalDataset, LocalPortal};
use crate::store::Table;

/// Longest SQL that is made. A name stands for a whole expression each time it is used; this
/// bounds the product.
const MAX_SQL: usize = 4 << 20;
/// Databases that SQLite attaches at a time.
const MAX_TABLES: usize = 10;

/// A query ready to be run.
pub(super) struct Lowered<'p> {
    pub(super) sql: String,
    pub(super) constants: Vec<Sql>,
    /// What `d0`, `d1`, … stand for.
    pub(super) tables: Vec<&'p Table>,
    /// The result's columns, and the type of each.
    pub(super) columns: Vec<OutputColumn>,
    pub(super) types: Vec<Type>,
}

/// Writes the SQL for `plan`.
pub(super) fn lower<'p>(
    portal: &'p LocalPortal,
    plan: &'p Plan<'p>,
    options: RunOptions,
) -> Result<Lowered<'p>, RunError> {
    let mut writer = Writer::new(portal, plan);
    let query = writer.statement()?;
    let sql = match options.default_limit {
        Some(limit) if !query.limited => {
            format!("SELECT * FROM ({}) LIMIT {}", query.sql, limit.min(i64::MAX.unsigned_abs()))
        }
        _ => query.sql,
    };
    let columns = plan.valid.typed().output.columns();
    let types = query.columns.iter().map(|column| column.ty).collect();
    Ok(Lowered { sql, constants: writer.constants, tables: writer.tables, columns, types })
}

struct Writer<'p> {
    portal: &'p LocalPortal,
    plan: &'p Plan<'p>,
    arena: &'p Arena,
    text: &'p str,
    resolved: Resolved,
    constants: Vec<Sql>,
    tables: Vec<&'p Table>,
    /// Table aliases given so far.
    aliases: u32,
}

impl<'p> Writer<'p> {
    fn new(portal: &'p LocalPortal, plan: &'p Plan<'p>) -> Self {
        let statement = plan.valid.statement();
        Self {
            portal,
            plan,
            arena: &statement.arena,
            text: plan.valid.text(),
            resolved: plan.valid.typed().resolve(&statement.arena),
            constants: Vec::new(),
            tables: Vec::new(),
            aliases: 0,
        }
    }

    fn written(&self, span: Span) -> &'p str {
        span.text(self.text)
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }

    fn facts(&self, select: &Select) -> Result<&'p SelectFacts, RunError> {
        self.plan.valid.typed().select(select.span).ok_or_else(|| {
            RunError::new(RunCode::Engine, "this select was not checked").at(select.span)
        })
    }

    /// The number `i` by which the database `di` of a dataset is attached.
    fn attach(&mut self, dataset: &'p LocalDataset, span: Span) -> Result<usize, RunError> {
        let known = self.tables.iter().position(|table| std::ptr::eq(*table, &dataset.table));
        if let Some(index) = known {
            return Ok(index);
        }
        if self.tables.len() == MAX_TABLES {
            let message = format!("more than {MAX_TABLES} datasets in one query");
            return Err(RunError::new(RunCode::TooLarge, message).at(span));
        }
        self.tables.push(&dataset.table);
        Ok(self.tables.len() - 1)
    }
}

/// A query in SQL. Its result columns are called `c0`, `c1`, …
#[derive(Clone, Debug)]
struct Query {
    sql: String,
    columns: Vec<Column>,
    /// It says how many rows it gives.
    limited: bool,
}

/// A column and how it is written.
#[derive(Clone, Debug)]
struct Column {
    /// Its name as queries compare it.
    name: String,
    sql: String,
    ty: Type,
}
