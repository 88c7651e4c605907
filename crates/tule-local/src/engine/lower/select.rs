//! One select.

use std::fmt::Write;

use tule_core::check::SelectFacts;
use tule_core::names::fold;
use tule_core::types::Type;
use tule_syntax::ast::{
    Arena, ChainOp, Clause, Count, Distinct, ExprId, ExprKind, Root, Select, SelectItem, Star,
};
use tule_syntax::literal::name_text;

use super::order::{self, Key};
use super::picking;
use super::query::Place;
use super::source::{Scope, table_key};
use super::{Column, Query, Writer};
use crate::error::{RunCode, RunError};

/// The parts of a select in SQL.
struct Parts {
    columns: Vec<Column>,
    /// The select list. Its members are called `c0`, `c1`, …
    list: String,
    /// FROM with everything behind it up to HAVING.
    body: String,
    order: Vec<Key>,
    limit: String,
}

impl<'p> Writer<'p> {
    pub(super) fn select(
        &mut self,
        select: &'p Select,
        input: Option<&Query>,
        place: Place<'_>,
    ) -> Result<Query, RunError> {
        let main = self.main_source(select, input)?;
        let items = select.items.iter().filter_map(|item| match item {
            SelectItem::Expr { expr, .. } => Some(*expr),
            SelectItem::Star(_) => None,
        });
        let items = items.collect();
        let depth = place.parent.map_or(0, |parent| parent.depth + 1);
        let mut from = format!(" FROM {}", main.from);
        let mut scope = Scope { tables: vec![main], items, parent: place.parent, depth };
        for join in &select.joins {
            let (source, words) = self.join(join, &scope)?;
            // Writing to a string does not fail.
            let _ = write!(from, "{words}{}", source.from);
            scope.tables.push(source);
            if let Some(on) = &join.on {
                let _ = write!(from, " ON {}", self.expr(on.value.id, &scope)?);
            }
        }
        let columns = self.items(select, &scope)?;
        let mut list = select_list(&columns);
        if self.is_one_group(select)? {
            // It is aggregated even if nothing that is selected says so.
            list.push_str(", count(*) AS g");
        }
        let alone = scope.tables.first().and_then(|main| main.alias.clone());
        let alone = alone.filter(|_| select.joins.is_empty() && place.parent.is_none());
        match &alone {
            Some(alias) if !place.inner => {
                self.picking.guard(alias, self.is_one_group(select)?, &mut from);
            }
            Some(_) if !self.joins => from.push_str(picking::NEVER),
            _ => {}
        }
        let body = self.body(select, &scope, from)?;
        let mut order = self.order_of(select, &scope)?;
        let limit = self.limit(select)?;
        let is_of_rows = is_of_rows(select, self.facts(select)?);
        let takes_all = select.filter.is_none() && select.search.is_none();
        let count = self.count(select.limit.as_ref())?.filter(|_| takes_all && is_of_rows);
        if let Some((first, count)) = order.first().zip(count) {
            self.picking.orders(&first.sql, count.unsigned_abs());
        }
        // Rows keep the order of the file, with an index and without.
        if let Some(alias) = alone.filter(|_| !place.inner && is_of_rows) {
            order.push(Key { sql: format!("{alias}.id"), direction: "ASC" });
        }
        let parts = Parts { columns, list, body, order, limit };
        let mut query = match &select.distinct {
            Distinct::No => plain(parts, place.inner),
            Distinct::All(_) => {
                let parts = self.without_zeros(parts, select)?;
                distinct(parts)
            }
            Distinct::On(on) => {
                let groups = self.list(&on.value, &scope)?;
                first_of_each(parts, &groups)
            }
        };
        query.limited = select.limit.is_some();
        Ok(query)
    }

    /// Rows that are compared with each other have the keys of their numbers.
    fn without_zeros(&mut self, mut parts: Parts, select: &Select) -> Result<Parts, RunError> {
        for column in parts.columns.iter_mut().filter(|column| column.tailed) {
            column.sql = self.key_of(column.ty, std::mem::take(&mut column.sql), select.span)?;
            column.tailed = false;
        }
        parts.list = select_list(&parts.columns);
        Ok(parts)
    }

    /// FROM, WHERE, GROUP BY and HAVING.
    fn body(
        &mut self,
        select: &Select,
        scope: &Scope<'_>,
        mut body: String,
    ) -> Result<String, RunError> {
        let mut conditions = Vec::new();
        if let Some(clause) = &select.search {
            conditions.push(self.search(clause.value, scope)?);
        }
        if let Some(clause) = &select.filter {
            for condition in conjuncts(self.arena, clause.value.id) {
                self.picking.condition(self.arena.span(condition));
            }
            conditions.push(self.expr(clause.value.id, scope)?);
        }
        if !conditions.is_empty() {
            let _ = write!(body, " WHERE {}", conditions.join(" AND "));
        }
        if let Some(clause) = &select.group_by {
            let _ = write!(body, " GROUP BY {}", self.list(&clause.value, scope)?);
        }
        if let Some(clause) = &select.having {
            let _ = write!(body, " HAVING {}", self.expr(clause.value.id, scope)?);
        }
        Ok(body)
    }

    /// Whether all rows are one group.
    fn is_one_group(&self, select: &Select) -> Result<bool, RunError> {
        Ok(self.facts(select)?.aggregated && select.group_by.is_none())
    }

    /// What the result is ordered by: first as the select says, then as its input was.
    fn order_of(&mut self, select: &Select, scope: &Scope<'_>) -> Result<Vec<Key>, RunError> {
        let facts = self.facts(select)?;
        if self.is_one_group(select)? {
            return Ok(Vec::new());
        }
        let mut keys = match &select.order_by {
            Some(clause) => self.order(&clause.value, scope)?,
            None => Vec::new(),
        };
        if is_of_rows(select, facts) {
            keys.extend(scope.tables.first().into_iter().flat_map(|table| table.keys.clone()));
        }
        Ok(keys)
    }

    fn list(&mut self, roots: &[Root], scope: &Scope<'_>) -> Result<String, RunError> {
        let mut list = Vec::with_capacity(roots.len());
        for root in roots {
            list.push(self.key(root.id, scope)?);
        }
        Ok(list.join(", "))
    }

    /// The result columns, stars expanded.
    fn items(&mut self, select: &Select, scope: &Scope<'_>) -> Result<Vec<Column>, RunError> {
        let names = self.facts(select)?.output.columns();
        let mut columns = Vec::with_capacity(names.len());
        if select.keyword.is_none() {
            self.star(select, None, scope, &mut columns)?;
        }
        for item in &select.items {
            match item {
                SelectItem::Star(star) => {
                    self.star(select, Some(star), scope, &mut columns)?;
                }
                SelectItem::Expr { expr, .. } => {
                    let sql = self.expr(expr.id, scope)?;
                    let ty = self.resolved.node(expr.id).ty.unwrap_or(Type::Text);
                    let tailed = self.is_tailed(ty, &sql);
                    columns.push(Column { name: String::new(), sql, ty, tailed });
                }
            }
        }
        let same = columns.len() == names.len()
            && columns.iter().zip(&names).all(|(column, named)| {
                (column.name.is_empty() || column.name == fold(&named.name))
                    && named.ty.is_none_or(|ty| ty == column.ty)
            });
        if !same {
            let message =
                "the columns of the file are not those of the locked schema; run `tule lock`";
            return Err(RunError::new(RunCode::StaleSchema, message).at(select.span));
        }
        for (column, named) in columns.iter_mut().zip(&names) {
            column.name = fold(&named.name).into_owned();
        }
        Ok(columns)
    }

    fn star(
        &self,
        select: &Select,
        star: Option<&Star>,
        scope: &Scope<'_>,
        columns: &mut Vec<Column>,
    ) -> Result<(), RunError> {
        let system = star.is_some_and(|star| star.system);
        let except: Vec<_> = star
            .into_iter()
            .flat_map(|star| &star.except)
            .map(|name| fold(name_text(self.written(*name))))
            .collect();
        let table = match star.and_then(|star| star.table) {
            None => 0,
            Some(name) => {
                let key = table_key(self.written(name));
                let tables = &self.facts(select)?.tables;
                tables.iter().position(|table| table.name == key).unwrap_or(usize::MAX)
            }
        };
        let source = scope.tables.get(table).into_iter().flat_map(|source| &source.columns);
        columns.extend(
            source
                .filter(|column| column.name.starts_with(':') == system)
                .filter(|column| !except.iter().any(|name| *name == column.name))
                .cloned(),
        );
        Ok(())
    }

    fn limit(&self, select: &Select) -> Result<String, RunError> {
        let limit = self.count(select.limit.as_ref())?;
        let offset = self.count(select.offset.as_ref())?;
        Ok(match (limit, offset) {
            (None, None) => String::new(),
            (Some(limit), None) => format!(" LIMIT {limit}"),
            (limit, Some(offset)) => format!(" LIMIT {} OFFSET {offset}", limit.unwrap_or(-1)),
        })
    }

    fn count(&self, clause: Option<&Clause<Count>>) -> Result<Option<i64>, RunError> {
        let Some(clause) = clause else { return Ok(None) };
        let (text, span) = match clause.value {
            Count::Missing(_) | Count::All(_) => return Ok(None),
            Count::Number(span) => (Some(self.written(span)), span),
            Count::Param(name) => {
                let value = self.plan.value(self.written(name));
                (value.and_then(|value| value.text.as_deref()), name)
            }
        };
        // Null is no limit.
        let Some(text) = text else { return Ok(None) };
        text.parse().ok().filter(|count: &i64| *count >= 0).map(Some).ok_or_else(|| {
            let message = format!("a number of rows is a whole number from 0 on, not `{text}`");
            RunError::new(RunCode::BadValue, message).at(span)
        })
    }
}

/// Whether each row of the result is one of the rows that are read.
fn is_of_rows(select: &Select, facts: &SelectFacts) -> bool {
    !facts.aggregated && matches!(select.distinct, Distinct::No)
}

/// What all holds where a condition does: the members of AND, at any depth.
fn conjuncts(arena: &Arena, condition: ExprId) -> Vec<ExprId> {
    let (mut open, mut found) = (vec![condition], Vec::new());
    while let Some(id) = open.pop() {
        match arena.expr(id).kind {
            ExprKind::Paren(inner) => open.push(inner),
            ExprKind::Chain { op: ChainOp::And, operands } => open.extend(arena.list(operands)),
            _ => found.push(id),
        }
    }
    found
}

/// The select list, its members called `c0`, `c1`, …
fn select_list(columns: &[Column]) -> String {
    if columns.is_empty() {
        return "1".to_owned();
    }
    let named = columns.iter().enumerate();
    named
        .map(|(index, column)| format!("{} AS c{index}", column.sql))
        .collect::<Vec<_>>()
        .join(", ")
}

fn plain(parts: Parts, inner: bool) -> Query {
    let Parts { columns, list, body, order, limit } = parts;
    let clause = order::clause(&order);
    if !inner {
        let sql = format!("SELECT {list}{body}{clause}{limit}");
        return Query { sql, columns, keys: Vec::new(), limited: false };
    }
    let (extra, keys) = key_columns(&order);
    let sql = format!("SELECT {list}{extra}{body}{clause}{limit}");
    Query { sql, columns, keys, limited: false }
}

/// Further columns for the members of an order, and the order by their names.
fn key_columns(order: &[Key]) -> (String, Vec<Key>) {
    let mut extra = String::new();
    let mut keys = Vec::with_capacity(order.len());
    for (index, key) in order.iter().enumerate() {
        let _ = write!(extra, ", {} AS k{index}", key.sql);
        keys.push(Key { sql: format!("k{index}"), ..*key });
    }
    (extra, keys)
}

/// What distinct rows are ordered by is selected: it stands for the column, not for the expression,
/// of which a row that stands for several has several values.
fn distinct(parts: Parts) -> Query {
    let Parts { columns, list, body, order, limit } = parts;
    let keys: Vec<Key> = order
        .into_iter()
        .map(|key| match columns.iter().position(|column| column.sql == key.sql) {
            Some(index) => Key { sql: format!("c{index}"), ..key },
            None => key,
        })
        .collect();
    let sql = format!("SELECT DISTINCT {list}{body}{}{limit}", order::clause(&keys));
    Query { sql, columns, keys, limited: false }
}

/// DISTINCT ON: the rows of each group are numbered, and the first is taken.
fn first_of_each(parts: Parts, groups: &str) -> Query {
    let Parts { columns, list, body, order, limit } = parts;
    let (extra, keys) = key_columns(&order);
    let numbered = format!(
        "SELECT {list}{extra}, row_number() OVER (PARTITION BY {groups}{}) AS n{body}",
        order::clause(&order)
    );
    let names: Vec<String> = (0..columns.len())
        .map(|index| format!("c{index}"))
        .chain(keys.iter().map(|key| key.sql.clone()))
        .collect();
    let names = if names.is_empty() { "1".to_owned() } else { names.join(", ") };
    let sql =
        format!("SELECT {names} FROM ({numbered}) WHERE n = 1{}{limit}", order::clause(&keys));
    Query { sql, columns, keys, limited: false }
}
