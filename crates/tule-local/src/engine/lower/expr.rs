//! Expressions.

use std::fmt::Write;

use tule_core::functions::{Function, by_internal_name};
use tule_core::types::Type;
use tule_syntax::ast::{ChainOp, ExprId, ExprKind, Literal, UnaryOp};
use tule_syntax::literal::name_text;

use super::call::Argument;
use super::source::Scope;
use super::{MAX_DEPTH, MAX_SQL, Writer, internal, not_supported};
use crate::error::{RunCode, RunError};

impl Writer<'_> {
    /// The type of the value at `id`.
    pub(super) fn ty(&self, id: ExprId) -> Type {
        self.resolved.node(id).ty.unwrap_or(Type::Text)
    }

    fn overload(&self, id: ExprId) -> Result<&'static Function, RunError> {
        let overload = self.resolved.node(id).overload;
        overload.ok_or_else(|| internal("this call was not checked", self.arena.span(id)))
    }

    /// The SQL of an expression.
    pub(super) fn expr(&mut self, id: ExprId, scope: &Scope<'_>) -> Result<String, RunError> {
        let too_large =
            |message: &str| Err(RunError::new(RunCode::TooLarge, message).at(self.arena.span(id)));
        if self.depth == MAX_DEPTH {
            return too_large("expressions nest too deeply when names stand for what they mean");
        }
        self.depth += 1;
        let sql = self.node(id, scope);
        self.depth -= 1;
        if sql.as_ref().is_ok_and(|sql| sql.len() > MAX_SQL) {
            return too_large("the query grows too large when names stand for what they mean");
        }
        sql
    }

    fn node(&mut self, id: ExprId, scope: &Scope<'_>) -> Result<String, RunError> {
        let arena = self.arena;
        let span = arena.span(id);
        match arena.expr(id).kind {
            ExprKind::Missing => Err(internal("an expression is missing", span)),
            ExprKind::Literal(literal) => self.literal(id, literal, self.ty(id)),
            ExprKind::Column(name) => self.column(id, name, scope),
            ExprKind::Qualified { column, .. } => self.column(id, column, scope),
            ExprKind::Param(name) => self.parameter(name),
            ExprKind::Hole(name) => Err(internal("a hole outside a stored function", name)),
            ExprKind::UserParam { .. } => {
                let message = "parameters of stored views exist on portals only; `query name($x type) as` declares one here";
                Err(not_supported(message, span))
            }
            ExprKind::Paren(inner) => self.expr(inner, scope),
            ExprKind::Call { name, args, suffix, .. } => match self.relative(id)? {
                Some(sql) => Ok(sql),
                None => self.call(id, name, arena.list(args), suffix, scope),
            },
            ExprKind::Binary { left, right, .. } => match self.relative(id)? {
                Some(sql) => Ok(sql),
                None => self.apply_to(id, &[left, right], scope),
            },
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                Ok(format!("(NOT {})", self.expr(operand, scope)?))
            }
            ExprKind::Unary { operand, .. } | ExprKind::Cast { operand, .. } => {
                self.apply_to(id, &[operand], scope)
            }
            ExprKind::Chain { op, operands } => {
                let parts = self.each(arena.list(operands), scope)?;
                Ok(balanced(&parts, if op == ChainOp::And { " AND " } else { " OR " }))
            }
            ExprKind::Field { operand, name } => {
                let function = self.overload(id)?;
                let mut args = vec![self.argument(operand, scope)?];
                if function.params.len() == 2 {
                    // A field of json: the name is a key.
                    let key = self.text(Type::Text, name_text(self.written(name)), name)?;
                    args.push(Argument { sql: key, ty: Type::Text });
                }
                self.apply(function, &args, self.ty(id), span)
            }
            ExprKind::Index { operand, index } => self.apply_to(id, &[operand, index], scope),
            ExprKind::IsNull { operand, negated } => {
                let test = if negated { "IS NOT NULL" } else { "IS NULL" };
                Ok(format!("({} {test})", self.expr(operand, scope)?))
            }
            ExprKind::IsDistinct { left, right, negated } => {
                let test = if negated { "IS" } else { "IS NOT" };
                Ok(format!("({} {test} {})", self.key(left, scope)?, self.key(right, scope)?))
            }
            ExprKind::Like { operand, pattern, caseless: false, .. } => {
                self.apply_to(id, &[operand, pattern], scope)
            }
            ExprKind::Like { operand, pattern, .. } => {
                self.caseless_like(id, operand, pattern, scope)
            }
            ExprKind::Between { operands, negated } => {
                let [value, low, high] = arena.list(operands) else {
                    return Err(internal("a range without bounds", span));
                };
                let not = if negated { "NOT " } else { "" };
                let value = self.key(*value, scope)?;
                let (low, high) = (self.key(*low, scope)?, self.key(*high, scope)?);
                let sql = format!("({value} {not}BETWEEN {low} AND {high})");
                self.picking.compares(span, &value, [&*low, &*high], &sql);
                Ok(sql)
            }
            ExprKind::In { operands, negated } => {
                let parts = self.keys(arena.list(operands), scope)?;
                let Some((value, items)) = parts.split_first() else {
                    return Err(internal("a list without a value", span));
                };
                let not = if negated { "NOT " } else { "" };
                let sql = format!("({value} {not}IN ({}))", items.join(", "));
                self.picking.compares(span, value, items.iter().map(String::as_str), &sql);
                Ok(sql)
            }
            ExprKind::Case { subject, arms, otherwise } => {
                self.case(subject, arena.list(arms), otherwise, scope)
            }
        }
    }

    pub(super) fn each(
        &mut self,
        ids: &[ExprId],
        scope: &Scope<'_>,
    ) -> Result<Vec<String>, RunError> {
        ids.iter().map(|id| self.expr(*id, scope)).collect()
    }

    /// The same as they are compared.
    pub(super) fn keys(
        &mut self,
        ids: &[ExprId],
        scope: &Scope<'_>,
    ) -> Result<Vec<String>, RunError> {
        ids.iter().map(|id| self.key(*id, scope)).collect()
    }

    pub(super) fn argument(&mut self, id: ExprId, scope: &Scope<'_>) -> Result<Argument, RunError> {
        Ok(Argument { sql: self.expr(id, scope)?, ty: self.ty(id) })
    }

    /// The function behind the node `id`, applied to `args`.
    fn apply_to(
        &mut self,
        id: ExprId,
        args: &[ExprId],
        scope: &Scope<'_>,
    ) -> Result<String, RunError> {
        let function = self.overload(id)?;
        let args: Result<Vec<_>, _> = args.iter().map(|arg| self.argument(*arg, scope)).collect();
        self.apply(function, &args?, self.ty(id), self.arena.span(id))
    }

    /// ILIKE: both sides in capitals.
    fn caseless_like(
        &mut self,
        id: ExprId,
        operand: ExprId,
        pattern: ExprId,
        scope: &Scope<'_>,
    ) -> Result<String, RunError> {
        let span = self.arena.span(id);
        let function = self.overload(id)?;
        let upper = by_internal_name("upper").first();
        let upper = upper.ok_or_else(|| internal("there is no `upper`", span))?;
        let mut args = Vec::with_capacity(2);
        for arg in [operand, pattern] {
            let arg = self.argument(arg, scope)?;
            let sql = self.apply(upper, &[arg], Type::Text, span)?;
            args.push(Argument { sql, ty: Type::Text });
        }
        self.apply(function, &args, Type::Boolean, span)
    }

    fn case(
        &mut self,
        subject: Option<ExprId>,
        arms: &[ExprId],
        otherwise: Option<ExprId>,
        scope: &Scope<'_>,
    ) -> Result<String, RunError> {
        let mut sql = "(CASE".to_owned();
        let ty = subject.map(|subject| self.compared_type(subject, arms));
        if let (Some(subject), Some(ty)) = (subject, ty) {
            sql.push(' ');
            sql.push_str(&self.expr_as(subject, ty, scope)?);
        }
        for arm in arms.chunks(2) {
            let [condition, value] = arm else { continue };
            let condition = match ty {
                Some(ty) => self.expr_as(*condition, ty, scope)?,
                None => self.expr(*condition, scope)?,
            };
            // Writing to a string does not fail.
            let _ = write!(sql, " WHEN {condition} THEN {}", self.expr(*value, scope)?);
        }
        if let Some(otherwise) = otherwise {
            let _ = write!(sql, " ELSE {}", self.expr(otherwise, scope)?);
        }
        sql.push_str(" END)");
        Ok(sql)
    }

    /// The type that the subject of a CASE and its WHENs are compared in: that of the first which
    /// is no literal.
    fn compared_type(&self, subject: ExprId, arms: &[ExprId]) -> Type {
        let compared = || std::iter::once(subject).chain(arms.iter().copied().step_by(2));
        let literal = |id: ExprId| match self.arena.expr(self.arena.strip(id)).kind {
            ExprKind::Literal(literal) => Some(literal),
            _ => None,
        };
        let typed = compared().find(|id| literal(*id).is_none());
        typed.and_then(|id| self.resolved.node(self.arena.strip(id)).ty).unwrap_or_else(|| {
            match compared().find_map(literal) {
                Some(Literal::Integer | Literal::Number) => Type::Number,
                Some(Literal::True | Literal::False) => Type::Boolean,
                _ => Type::Text,
            }
        })
    }

    /// The expression as it is compared; a literal is read as `ty`.
    fn expr_as(&mut self, id: ExprId, ty: Type, scope: &Scope<'_>) -> Result<String, RunError> {
        let sql = match self.arena.expr(self.arena.strip(id)).kind {
            ExprKind::Literal(literal) => self.literal(self.arena.strip(id), literal, ty)?,
            _ => self.expr(id, scope)?,
        };
        self.key_of(ty, sql, self.arena.span(id))
    }
}

/// `parts` joined by an operator for which grouping does not count, as a tree of little height:
/// SQLite limits the height of trees, and a list of operands may be long.
pub(super) fn balanced(parts: &[String], word: &str) -> String {
    match parts {
        [] => "1".to_owned(),
        [only] => only.clone(),
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            format!("({}{word}{})", balanced(left, word), balanced(right, word))
        }
    }
}
