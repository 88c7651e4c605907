//! One select.

use tule_core::names::fold;
use tule_core::types::Type;
use tule_syntax::ast::{Clause, Count, OrderItem, Select, SelectItem, Star};
use tule_syntax::literal::name_text;

use super::source::{Input, Scope};
use super::{Column, Query, Writer};
use crate::error::{RunCode, RunError};

impl<'p> Writer<'p> {
    pub(super) fn select(
        &mut self,
        select: &'p Select,
        input: Option<&Input<'p>>,
        parent: Option<&Scope<'_>>,
    ) -> Result<Query, RunError> {
        let main = self.main_source(select, input)?;
        let items = select.items.iter().filter_map(|item| match item {
            SelectItem::Expr { expr, .. } => Some(*expr),
            SelectItem::Star(_) => None,
        });
        let scope = Scope { tables: vec![main], items: items.collect(), parent };
        let columns = self.items(select, &scope)?;
        let mut sql = "SELECT ".to_owned();
        for (index, column) in columns.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            sql.push_str(&format!("{comma}{} AS c{index}", column.sql));
        }
        let from: Vec<&str> = scope.tables.iter().map(|table| table.from.as_str()).collect();
        sql.push_str(&format!(" FROM {}", from.join(", ")));
        if let Some(clause) = &select.filter {
            sql.push_str(&format!(" WHERE {}", self.expr(clause.value.id, &scope)?));
        }
        if let Some(clause) = &select.order_by {
            sql.push_str(&format!(" ORDER BY {}", self.order(&clause.value, &scope)?));
        }
        sql.push_str(&self.limit(select)?);
        Ok(Query { sql, columns, limited: select.limit.is_some() })
    }

    /// The result columns, stars expanded.
    fn items(&mut self, select: &'p Select, scope: &Scope<'_>) -> Result<Vec<Column>, RunError> {
        let facts = self.facts(select)?;
        let mut columns = Vec::new();
        if select.keyword.is_none() {
            self.star(None, scope, &mut columns);
        }
        for item in &select.items {
            match item {
                SelectItem::Star(star) => self.star(Some(star), scope, &mut columns),
                SelectItem::Expr { expr, .. } => {
                    let sql = self.expr(expr.id, scope)?;
                    let ty = self.resolved.node(expr.id).ty.unwrap_or(Type::Text);
                    columns.push(Column { name: String::new(), sql, ty });
                }
            }
        }
        let names = facts.output.columns();
        for (column, named) in columns.iter_mut().zip(&names) {
            column.name = fold(&named.name).into_owned();
        }
        if columns.len() == names.len() {
            return Ok(columns);
        }
        let message = "the columns of a file have changed since the query was checked";
        Err(RunError::new(RunCode::StaleSchema, message).at(select.span))
    }

    fn star(&self, star: Option<&Star>, scope: &Scope<'_>, columns: &mut Vec<Column>) {
        let system = star.is_some_and(|star| star.system);
        let except: Vec<_> = star
            .into_iter()
            .flat_map(|star| &star.except)
            .map(|name| fold(name_text(self.written(*name))))
            .collect();
        let Some(source) = scope.tables.first() else { return };
        columns.extend(
            source
                .columns
                .iter()
                .filter(|column| column.name.starts_with(':') == system)
                .filter(|column| !except.iter().any(|name| *name == column.name))
                .cloned(),
        );
    }

    fn order(&mut self, items: &[OrderItem], scope: &Scope<'_>) -> Result<String, RunError> {
        let mut order = Vec::with_capacity(items.len());
        for item in items {
            let direction = if item.descending { "DESC" } else { "ASC" };
            let first = item.nulls_first.unwrap_or(item.descending);
            let nulls = if first { "FIRST" } else { "LAST" };
            let key = self.expr(item.expr.id, scope)?;
            order.push(format!("{key} {direction} NULLS {nulls}"));
        }
        Ok(order.join(", "))
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
        // Null means no limit, as in Postgres.
        let Some(text) = text else { return Ok(None) };
        text.parse().ok().filter(|count: &i64| *count >= 0).map(Some).ok_or_else(|| {
            let message = format!("a number of rows is a whole number from 0, not `{text}`");
            RunError::new(RunCode::BadValue, message).at(span)
        })
    }
}
