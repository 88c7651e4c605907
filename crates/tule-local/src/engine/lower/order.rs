//! ORDER BY, and the order that a step hands on to the next.
//!
//! SQL forgets the order of a subquery. The language does not: rows keep the order of the step
//! before them unless they are grouped, made distinct or ordered anew. What a step is ordered by
//! is handed on as further columns.

use tule_syntax::ast::OrderItem;

use super::Writer;
use super::source::Scope;
use crate::error::RunError;

/// One member of an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Key {
    /// The expression, or the name of a result column.
    pub(super) sql: String,
    /// `DESC NULLS FIRST` and so on.
    pub(super) direction: &'static str,
}

impl Key {
    fn write(&self) -> String {
        format!("{} {}", self.sql, self.direction)
    }
}

/// The members of ORDER BY.
pub(super) fn list(keys: &[Key]) -> String {
    keys.iter().map(Key::write).collect::<Vec<_>>().join(", ")
}

/// ORDER BY with a space in front, if there is anything to order by.
pub(super) fn clause(keys: &[Key]) -> String {
    if keys.is_empty() { String::new() } else { format!(" ORDER BY {}", list(keys)) }
}

impl Writer<'_> {
    pub(super) fn order(
        &mut self,
        items: &[OrderItem],
        scope: &Scope<'_>,
    ) -> Result<Vec<Key>, RunError> {
        items
            .iter()
            .map(|item| {
                let sql = self.key(item.expr.id, scope)?;
                Ok(Key { sql, direction: direction(item) })
            })
            .collect()
    }
}

/// Nulls come last, and first where the order is turned round.
pub(super) fn direction(item: &OrderItem) -> &'static str {
    match (item.descending, item.nulls_first.unwrap_or(item.descending)) {
        (false, false) => "ASC NULLS LAST",
        (false, true) => "ASC NULLS FIRST",
        (true, false) => "DESC NULLS LAST",
        (true, true) => "DESC NULLS FIRST",
    }
}
