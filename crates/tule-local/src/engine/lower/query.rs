//! Statements and compounds: steps, set operations, WITH tables.

use tule_syntax::ast::{Atom, Compound, Step, StepOp};

use super::source::{Scope, table_key};
use super::{Column, Query, Writer};
use crate::error::{RunCode, RunError};

/// Where a query stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'s> {
    /// The select around a LATERAL one.
    pub(super) parent: Option<&'s Scope<'s>>,
    /// Whether its rows are handed to a select, which is to know their order.
    pub(super) inner: bool,
}

impl<'p> Writer<'p> {
    pub(super) fn statement(&mut self) -> Result<Query, RunError> {
        let statement = self.plan.valid.statement();
        let Some(query) = &statement.query else {
            return Err(RunError::new(RunCode::Engine, "there is no query"));
        };
        for cte in &statement.ctes {
            let place = Place { parent: None, inner: true };
            let query = self.compound(&cte.query, None, place)?;
            self.ctes.push((table_key(self.written(cte.name)), query));
        }
        self.compound(query, None, Place { parent: None, inner: false })
    }

    pub(super) fn compound(
        &mut self,
        compound: &'p Compound,
        input: Option<&Query>,
        place: Place<'_>,
    ) -> Result<Query, RunError> {
        // The steps of a compound have its parent and, but for the last, a select behind them.
        let piped = |index: usize| {
            compound.rest.get(index).map_or(place.inner, |step| step.op == StepOp::Pipe)
        };
        let first = Place { inner: piped(0), ..place };
        let mut query = self.atom(&compound.first, input, first)?;
        for (index, step) in compound.rest.iter().enumerate() {
            if step.op == StepOp::Pipe {
                let next = Place { inner: piped(index + 1), ..place };
                query = self.atom(&step.right, Some(&query), next)?;
            } else {
                let next = Place { inner: false, ..place };
                let right = self.atom(&step.right, input, next)?;
                query = set_operation(step, &query, &right);
            }
        }
        Ok(query)
    }

    fn atom(
        &mut self,
        atom: &'p Atom,
        input: Option<&Query>,
        place: Place<'_>,
    ) -> Result<Query, RunError> {
        match atom {
            Atom::Select(select) => self.select(select, input, place),
            Atom::Paren(compound, _) => self.compound(compound, input, place),
        }
    }
}

/// SQLite has neither INTERSECT ALL nor EXCEPT ALL: the copies of a row are numbered, and the n-th
/// on the left meets the n-th on the right.
fn set_operation(step: &Step, left: &Query, right: &Query) -> Query {
    let (word, numbered) = match step.op {
        StepOp::Union => ("UNION", false),
        StepOp::UnionAll | StepOp::Pipe => ("UNION ALL", false),
        StepOp::Intersect => ("INTERSECT", false),
        StepOp::IntersectAll => ("INTERSECT", true),
        StepOp::Minus => ("EXCEPT", false),
        StepOp::MinusAll => ("EXCEPT", true),
    };
    // Rows that are compared have the keys of their numbers.
    let compares = word != "UNION ALL";
    let tailed = left.columns.iter().zip(&right.columns).map(|(l, r)| l.tailed || r.tailed);
    let tailed: Vec<bool> = tailed.collect();
    let list = |written: &dyn Fn(usize, bool) -> String| {
        let columns: Vec<String> =
            tailed.iter().enumerate().map(|(index, tailed)| written(index, *tailed)).collect();
        if columns.is_empty() { "1".to_owned() } else { columns.join(", ") }
    };
    let columns = list(&|index, _| format!("c{index}"));
    let key = |index: usize, tailed: bool| {
        if tailed && compares { format!("plain(c{index})") } else { format!("c{index}") }
    };
    let keys = list(&|index, tailed| format!("{} AS c{index}", key(index, tailed)));
    let parted = list(&key);
    let number = if numbered {
        format!(", row_number() OVER (PARTITION BY {parted}) AS n")
    } else {
        String::new()
    };
    let side = |query: &Query| format!("SELECT {keys}{number} FROM ({})", query.sql);
    let mut sql = format!("{} {word} {}", side(left), side(right));
    if numbered {
        sql = format!("SELECT {columns} FROM ({sql})");
    }
    let columns = left.columns.iter().zip(tailed);
    let columns = columns
        .map(|(column, tailed)| Column { tailed: tailed && !compares, ..column.clone() })
        .collect();
    Query { sql, columns, keys: Vec::new(), limited: false }
}
