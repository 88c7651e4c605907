//! Numbers where they are compared.
//!
//! `1.50` and `1.5` are one number and two forms: results keep the zeros, and whatever compares,
//! groups or orders does it by the key alone. Where no form can have zeros, the two are the same
//! SQL, and an index can be used.

use tule_core::types::Type;
use tule_syntax::ast::ExprId;
use tule_syntax::span::Span;

use super::Writer;
use super::source::Scope;
use crate::engine::register::What;
use crate::error::RunError;
use crate::store::number;

impl Writer<'_> {
    /// The SQL of an expression by which its values are compared.
    pub(super) fn key(&mut self, id: ExprId, scope: &Scope<'_>) -> Result<String, RunError> {
        let sql = self.expr(id, scope)?;
        self.key_of(self.ty(id), sql, self.arena.span(id))
    }

    /// The SQL by which the values of `sql` are compared.
    pub(super) fn key_of(&mut self, ty: Type, sql: String, span: Span) -> Result<String, RunError> {
        if !self.is_tailed(ty, &sql) {
            return Ok(sql);
        }
        if let Some((key, _)) = field(&sql) {
            return Ok(key.to_owned());
        }
        let constant = sql.strip_prefix('?').and_then(|number| number.parse::<usize>().ok());
        let constant = constant.and_then(|number| self.constants.get(number.checked_sub(1)?));
        if let Some(rusqlite::types::Value::Blob(constant)) = constant {
            let key = number::plain(constant).to_vec();
            return self.bind(rusqlite::types::Value::Blob(key), span);
        }
        Ok(format!("plain({sql})"))
    }

    /// Whether numbers of `sql` may have zeros at their end.
    pub(super) fn is_tailed(&self, ty: Type, sql: &str) -> bool {
        if ty != Type::Number || sql == "NULL" {
            return false;
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '.';
        if sql.starts_with('t') && sql.chars().all(is_name) {
            return self.tailed.contains(sql);
        }
        let called = sql.strip_prefix('f').and_then(|rest| rest.split('(').next()?.parse().ok());
        let called = called.and_then(|index: usize| self.functions.get(index));
        // Calls side by side begin like one.
        let alone = || sql.ends_with(')') && !sql.contains(") ");
        !(called.is_some_and(|function| matches!(function.what, What::Whole)) && alone())
    }
}

/// A number of a dataset with its zeros.
pub(super) fn tail(alias: &str, field: usize) -> String {
    format!("tail({alias}.c{field}, {alias}.z, {field})")
}

/// The key in such a number.
fn field(sql: &str) -> Option<(&str, &str)> {
    let (key, rest) = sql.strip_prefix("tail(")?.split_once(", ")?;
    // One column and nothing around it.
    let simple = rest.strip_suffix(')').is_some_and(|rest| !rest.contains([')', '(']));
    simple.then_some((key, rest))
}
