//! Constants: literals, parameters and dates that depend on the clock.

use rusqlite::types::Value as Sql;
use tule_core::types::Type;
use tule_syntax::ast::{ExprId, Ident, Literal};
use tule_syntax::literal::string_value;
use tule_syntax::span::Span;

use super::{Writer, internal};
use crate::error::{RunCode, RunError};
use crate::store::codec;

/// Constants that SQLite binds.
const MAX_CONSTANTS: usize = 32_766;

impl Writer<'_> {
    /// A literal, read as `ty`.
    pub(super) fn literal(
        &mut self,
        id: ExprId,
        literal: Literal,
        ty: Type,
    ) -> Result<String, RunError> {
        let span = self.arena.span(id);
        let written = self.written(span);
        match literal {
            Literal::Null => Ok("NULL".to_owned()),
            Literal::String | Literal::DoubleString => self.text(ty, &string_value(written), span),
            Literal::Integer | Literal::Number | Literal::True | Literal::False => {
                self.text(ty, written, span)
            }
        }
    }

    /// The value of a parameter.
    pub(super) fn parameter(&mut self, name: Ident) -> Result<String, RunError> {
        let value = self.plan.value(self.written(name));
        let value = value.ok_or_else(|| internal("a parameter without a value", name))?;
        match &value.text {
            Some(text) => self.text(value.ty, text, name),
            None => Ok("NULL".to_owned()),
        }
    }

    /// `today()` or `now()`, perhaps with days added; `None` for anything else.
    pub(super) fn relative(&mut self, id: ExprId) -> Result<Option<String>, RunError> {
        let ty = self.resolved.node(id).ty.unwrap_or(Type::FloatingTimestamp);
        match self.plan.relative(id, ty) {
            Some(text) => self.text(ty, &text, self.arena.span(id)).map(Some),
            None => Ok(None),
        }
    }

    /// An instant in UTC.
    pub(super) fn moment(
        &mut self,
        instant: jiff::Timestamp,
        span: Span,
    ) -> Result<String, RunError> {
        self.bind(Sql::Integer(instant.as_millisecond()), span)
    }

    /// A constant of type `ty` from its text.
    pub(super) fn text(&mut self, ty: Type, text: &str, span: Span) -> Result<String, RunError> {
        let value = codec::literal(ty, text)
            .map_err(|fault| RunError::new(RunCode::BadValue, fault.to_string()).at(span))?;
        self.bind(value, span)
    }

    /// The parameter of SQLite that stands for `value`.
    pub(super) fn bind(&mut self, value: Sql, span: Span) -> Result<String, RunError> {
        let key = format!("{value:?}");
        let number = match self.numbers.get(&key) {
            Some(number) => *number,
            None if self.constants.len() == MAX_CONSTANTS => {
                let message = format!("more than {MAX_CONSTANTS} different constants");
                return Err(RunError::new(RunCode::TooLarge, message).at(span));
            }
            None => {
                self.constants.push(value);
                self.numbers.insert(key, self.constants.len());
                self.constants.len()
            }
        };
        Ok(format!("?{number}"))
    }
}
