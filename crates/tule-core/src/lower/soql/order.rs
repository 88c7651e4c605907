//! ORDER BY, and the order that makes pages of all rows neither overlap nor leave gaps.

use tule_syntax::ast::{Distinct, OrderItem, Select};

use super::Writer;
use crate::check::{OutputColumn, Relation, SelectFacts};
use crate::lower::text::Text;
use crate::types::TypeSet;

impl Writer<'_> {
    pub(in crate::lower) fn order(&mut self, items: &[OrderItem]) -> Text {
        let mut out = Text::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.raw(", ");
            }
            self.expr(item.expr.id, false, &mut out);
            if item.descending {
                out.raw(" desc");
            }
            match item.nulls_first {
                Some(true) => out.raw(" nulls first"),
                Some(false) => out.raw(" nulls last"),
                None => {}
            }
        }
        out
    }

    /// The order of `select`, with keys behind it that tell all rows apart.
    pub(in crate::lower) fn stable_order(&mut self, select: &Select) -> Text {
        let mut order = match &select.order_by {
            Some(clause) => self.order(&clause.value),
            None => Text::default(),
        };
        let written: Vec<String> = select
            .order_by
            .iter()
            .flat_map(|clause| &clause.value)
            .map(|item| self.root(item.expr).as_str().to_owned())
            .collect();
        for key in self.unique_keys(select) {
            if written.contains(&key) {
                continue;
            }
            if !order.as_str().is_empty() {
                order.raw(", ");
            }
            order.raw(&key);
        }
        order
    }

    /// Expressions of which no two rows of `select` have the same values.
    fn unique_keys(&mut self, select: &Select) -> Vec<String> {
        let Some(facts) = self.facts(select) else { return Vec::new() };
        if !matches!(select.distinct, Distinct::No) {
            return Self::ordered_columns(&facts.output.columns());
        }
        if facts.aggregated {
            let groups = select.group_by.iter().flat_map(|clause| &clause.value);
            return groups
                .filter(|root| {
                    let ty = self.resolved.node(root.id).ty;
                    ty.is_none_or(|ty| TypeSet::ORDERED.has(ty))
                })
                .copied()
                .collect::<Vec<_>>()
                .into_iter()
                .map(|root| self.root(root).as_str().to_owned())
                .collect();
        }
        row_keys(facts).unwrap_or_else(|| Self::ordered_columns(&facts.output.columns()))
    }

    /// The columns that can be ordered by, as written.
    pub(in crate::lower) fn ordered_columns(columns: &[OutputColumn]) -> Vec<String> {
        columns
            .iter()
            .filter(|column| column.ty.is_some_and(|ty| TypeSet::ORDERED.has(ty)))
            .map(|column| crate::print::column(&column.name))
            .collect()
    }
}

/// The row identifiers of all tables, if each table is a dataset.
fn row_keys(facts: &SelectFacts) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    for (index, table) in facts.tables.iter().enumerate() {
        let known = match &table.relation {
            Relation::Dataset(dataset) => dataset.column(":id").is_some(),
            // A schema that is not known is a dataset's all the same.
            Relation::Unknown => true,
            Relation::Result(_) | Relation::SingleRow => false,
        };
        if !known {
            return None;
        }
        keys.push(if index == 0 { ":id".to_owned() } else { format!("@{}.:id", table.name) });
    }
    Some(keys)
}
