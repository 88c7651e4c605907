//! Statements and compounds: steps, set operations, WITH tables.

use tule_syntax::ast::{Atom, Compound, Step, StepOp};

use super::source::{Input, Scope};
use super::{Query, Writer};
use crate::error::{RunCode, RunError};

impl<'p> Writer<'p> {
    pub(super) fn statement(&mut self) -> Result<Query, RunError> {
        let statement = self.plan.valid.statement();
        let Some(query) = &statement.query else {
            return Err(RunError::new(RunCode::Engine, "there is no query"));
        };
        let input = self.statement_input()?;
        self.compound(query, input.as_ref(), None)
    }

    pub(super) fn compound(
        &mut self,
        compound: &'p Compound,
        input: Option<&Input<'p>>,
        parent: Option<&Scope<'_>>,
    ) -> Result<Query, RunError> {
        let mut query = self.atom(&compound.first, input, parent)?;
        for step in &compound.rest {
            if step.op == StepOp::Pipe {
                query = self.atom(&step.right, Some(&Input::Query(query)), parent)?;
            } else {
                let right = self.atom(&step.right, input, parent)?;
                query = Self::set_operation(step, &query, &right);
            }
        }
        Ok(query)
    }

    fn atom(
        &mut self,
        atom: &'p Atom,
        input: Option<&Input<'p>>,
        parent: Option<&Scope<'_>>,
    ) -> Result<Query, RunError> {
        match atom {
            Atom::Select(select) => self.select(select, input, parent),
            Atom::Paren(compound, _) => self.compound(compound, input, parent),
        }
    }

    /// SQLite has neither INTERSECT ALL nor EXCEPT ALL: the copies of a row are numbered, and the
    /// n-th on the left meets the n-th on the right.
    fn set_operation(step: &Step, left: &Query, right: &Query) -> Query {
        let columns: Vec<String> =
            (0..left.columns.len()).map(|index| format!("c{index}")).collect();
        let columns = if columns.is_empty() { "1".to_owned() } else { columns.join(", ") };
        let (word, numbered) = match step.op {
            StepOp::Union => ("UNION", false),
            StepOp::UnionAll | StepOp::Pipe => ("UNION ALL", false),
            StepOp::Intersect => ("INTERSECT", false),
            StepOp::IntersectAll => ("INTERSECT", true),
            StepOp::Minus => ("EXCEPT", false),
            StepOp::MinusAll => ("EXCEPT", true),
        };
        let number = format!("row_number() OVER (PARTITION BY {columns})");
        let side = |query: &Query| {
            let extra = if numbered { format!(", {number} AS n") } else { String::new() };
            format!("SELECT {columns}{extra} FROM ({})", query.sql)
        };
        let mut sql = format!("{} {word} {}", side(left), side(right));
        if numbered {
            sql = format!("SELECT {columns} FROM ({sql})");
        }
        Query { sql, columns: left.columns.clone(), limited: false }
    }
}
