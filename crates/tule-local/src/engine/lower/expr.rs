//! Expressions.

use tule_core::types::Type;
use tule_syntax::ast::{BinaryOp, ChainOp, ExprId, ExprKind, UnaryOp};

use super::source::Scope;
use super::{MAX_SQL, Writer};
use crate::error::{RunCode, RunError};

impl Writer<'_> {
    pub(super) fn expr(&mut self, id: ExprId, scope: &Scope<'_>) -> Result<String, RunError> {
        let arena = self.arena;
        let span = arena.span(id);
        let sql = match arena.expr(id).kind {
            ExprKind::Literal(literal) => self.literal(id, literal)?,
            ExprKind::Column(name) => self.column(id, name, scope)?,
            ExprKind::Qualified { column, .. } => self.column(id, column, scope)?,
            ExprKind::Param(name) => match self.plan.value(self.written(name)).cloned() {
                Some(value) => match &value.text {
                    Some(text) => self.text(value.ty, text, name)?,
                    None => "NULL".to_owned(),
                },
                None => return Err(RunError::new(RunCode::Engine, "no such parameter").at(name)),
            },
            ExprKind::Paren(inner) => self.expr(inner, scope)?,
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                format!("(NOT {})", self.expr(operand, scope)?)
            }
            ExprKind::Binary { op, left, right, .. }
                if op as u8 <= BinaryOp::GreaterEqual as u8 =>
            {
                let (left, right) = (self.expr(left, scope)?, self.expr(right, scope)?);
                format!("({left} {} {right})", op.text())
            }
            ExprKind::Chain { op, operands } => {
                let word = match op {
                    ChainOp::And => " AND ",
                    ChainOp::Or => " OR ",
                };
                let mut parts = Vec::new();
                for operand in arena.list(operands) {
                    parts.push(self.expr(*operand, scope)?);
                }
                balanced(&parts, word)
            }
            ExprKind::IsNull { operand, negated } => {
                let test = if negated { "IS NOT NULL" } else { "IS NULL" };
                format!("({} {test})", self.expr(operand, scope)?)
            }
            _ => {
                if let Some(text) = self
                    .plan
                    .relative(id, self.resolved.node(id).ty.unwrap_or(Type::FloatingTimestamp))
                {
                    let ty = self.resolved.node(id).ty.unwrap_or(Type::FloatingTimestamp);
                    return self.text(ty, &text, span);
                }
                let message = format!("`{}` is not supported yet", self.written(span));
                return Err(RunError::new(RunCode::NotSupported, message).at(span));
            }
        };
        if sql.len() > MAX_SQL {
            let message = "the query grows too large when its names are replaced by what they mean";
            return Err(RunError::new(RunCode::TooLarge, message).at(span));
        }
        Ok(sql)
    }
}

/// `parts` joined by an operator that is associative, as a tree of little height: SQLite limits
/// the height of trees, and a list of operands may be long.
fn balanced(parts: &[String], word: &str) -> String {
    match parts {
        [] => "1".to_owned(),
        [only] => only.clone(),
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            format!("({}{word}{})", balanced(left, word), balanced(right, word))
        }
    }
}
