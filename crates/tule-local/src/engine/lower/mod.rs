//! Plans as SQL of SQLite.
//!
//! The whole query becomes one statement. Every expression has one SQL form for its type (see
//! `store::codec`), so that comparison, grouping and order are SQLite's own; everything else is a
//! function registered for the call. Names, constants and texts of the query never become part of
//! the SQL: columns are `t1.c0`, constants are bound.

mod aggregate;
mod call;
mod constant;
mod expr;
mod key;
mod order;
mod picking;
mod query;
mod search;
mod select;
mod source;
mod window;

use rusqlite::types::Value as Sql;
use rustc_hash::{FxHashMap, FxHashSet};
use tule_core::check::{OutputColumn, Resolved, SelectFacts};
use tule_core::plan::Plan;
use tule_core::types::Type;
use tule_syntax::ast::{Arena, Select};
use tule_syntax::span::Span;

use super::RunOptions;
use super::register::Registration;
use crate::error::{RunCode, RunError};
use crate::portal::{LocalDataset, LocalPortal};
use crate::store::Table;
use order::Key;
use picking::Picking;
pub(super) use picking::{Finds, Pick};

/// Longest SQL that is made. A name stands for a whole expression each time it is used; this
/// bounds the product.
const MAX_SQL: usize = 4 << 20;
/// Deepest nesting of expressions, names replaced by what they mean; SQLite's own limit is 1000
/// with what is put around them.
const MAX_DEPTH: u32 = 900;
/// Databases that SQLite attaches at a time.
const MAX_TABLES: usize = 10;

/// A query ready to be run.
pub(super) struct Lowered<'p> {
    pub(super) sql: String,
    pub(super) constants: Vec<Sql>,
    /// What `d0`, `d1`, … stand for.
    pub(super) tables: Vec<&'p Table>,
    /// The fields of each by which it picks or orders rows.
    pub(super) fields: Vec<Vec<u32>>,
    /// What indexes may be good for.
    pub(super) picks: Vec<Pick>,
    /// The functions that the SQL calls.
    pub(super) functions: Vec<Registration>,
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
    let mut sql = query.sql;
    if let Some(limit) = options.default_limit.filter(|_| !query.limited) {
        sql = format!("SELECT * FROM ({sql}) LIMIT {}", limit.min(i64::MAX.unsigned_abs()));
    }
    let ctes: Vec<String> = writer
        .ctes
        .iter()
        .enumerate()
        .map(|(index, (_, query))| format!("w{index} AS ({})", query.sql))
        .collect();
    if !ctes.is_empty() {
        sql = format!("WITH {} {sql}", ctes.join(", "));
    }
    let columns = plan.valid.typed().output.columns();
    let types = query.columns.iter().map(|column| column.ty).collect();
    let fields = (0..writer.tables.len()).map(|table| writer.picking.fields(table)).collect();
    Ok(Lowered {
        fields,
        picks: writer.picking.end(&sql),
        sql,
        constants: writer.constants,
        tables: writer.tables,
        functions: writer.functions,
        columns,
        types,
    })
}

struct Writer<'p> {
    portal: &'p LocalPortal,
    plan: &'p Plan<'p>,
    arena: &'p Arena,
    text: &'p str,
    resolved: Resolved,
    constants: Vec<Sql>,
    /// The number of each constant, from 1.
    numbers: FxHashMap<String, usize>,
    tables: Vec<&'p Table>,
    functions: Vec<Registration>,
    /// Which function was registered for which call: the same call has the same name, so that
    /// SQLite sees equal expressions as equal.
    calls: FxHashMap<String, usize>,
    /// WITH tables by the names that queries compare; `wi` in SQL.
    ctes: Vec<(String, Query)>,
    /// Columns of queries in which numbers may have zeros at their end.
    tailed: FxHashSet<String>,
    /// By which fields rows are picked.
    picking: Picking,
    /// Whether the statement joins anything.
    joins: bool,
    /// Table aliases given so far.
    aliases: u32,
    /// How many expressions stand around the one that is written.
    depth: u32,
    /// The outermost select that an expression written since was found to look into, counted
    /// from the outermost one.
    reached: usize,
}

impl<'p> Writer<'p> {
    fn new(portal: &'p LocalPortal, plan: &'p Plan<'p>) -> Self {
        let statement = plan.valid.statement();
        let joins = plan.valid.typed().selects.iter().any(|facts| facts.tables.len() > 1);
        Self {
            portal,
            plan,
            arena: &statement.arena,
            text: plan.valid.text(),
            resolved: plan.valid.typed().resolve(&statement.arena),
            constants: Vec::new(),
            numbers: FxHashMap::default(),
            tables: Vec::new(),
            functions: Vec::new(),
            calls: FxHashMap::default(),
            ctes: Vec::new(),
            tailed: FxHashSet::default(),
            picking: Picking::default(),
            joins,
            aliases: 0,
            depth: 0,
            reached: usize::MAX,
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
        let facts = self.plan.valid.typed().select(select.span);
        facts.ok_or_else(|| internal("this select was not checked", select.span))
    }

    /// The number `i` by which the database `di` of a dataset is attached.
    fn attach(&mut self, dataset: &'p LocalDataset, span: Span) -> Result<usize, RunError> {
        let known =
            self.tables.iter().position(|table| std::ptr::eq(*table, &raw const dataset.table));
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

/// A fault of this program: checking should have ruled it out.
fn internal(message: &str, span: Span) -> RunError {
    RunError::new(RunCode::Engine, message).at(span)
}

fn not_supported(message: impl Into<String>, span: Span) -> RunError {
    RunError::new(RunCode::NotSupported, message).at(span)
}

/// A query in SQL. Its result columns are called `c0`, `c1`, …
#[derive(Clone, Debug)]
struct Query {
    sql: String,
    columns: Vec<Column>,
    /// Further result columns by which its rows are ordered.
    keys: Vec<Key>,
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
    /// Its numbers may have zeros at their end.
    tailed: bool,
}
