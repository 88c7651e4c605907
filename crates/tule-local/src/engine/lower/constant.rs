//! Constants: literals, parameters and dates that depend on the clock.

use rusqlite::types::Value as Sql;
use tule_core::types::Type;
use tule_syntax::ast::{ExprId, Literal};
use tule_syntax::literal::string_value;
use tule_syntax::span::Span;

use super::Writer;
use crate::error::{RunCode, RunError};
use crate::store::codec;

/// Constants that SQLite binds.
const MAX_CONSTANTS: usize = 32_766;

impl Writer<'_> {
    pub(super) fn literal(&mut self, id: ExprId, literal: Literal) -> Result<String, RunError> {
        let span = self.arena.span(id);
        let ty = self.resolved.node(id).ty.unwrap_or(Type::Text);
        let written = self.written(span);
        match literal {
            Literal::Null => Ok("NULL".to_owned()),
            Literal::String | Literal::DoubleString => self.text(ty, &string_value(written), span),
            Literal::Integer | Literal::Number | Literal::True | Literal::False => {
                self.text(ty, written, span)
            }
        }
    }

    /// A constant of type `ty` from its text.
    pub(super) fn text(&mut self, ty: Type, text: &str, span: Span) -> Result<String, RunError> {
        let value = codec::literal(ty, text)
            .map_err(|fault| RunError::new(RunCode::BadValue, fault.to_string()).at(span))?;
        self.bind(value, span)
    }

    /// The parameter of SQLite that stands for `value`.
    pub(super) fn bind(&mut self, value: Sql, span: Span) -> Result<String, RunError> {
        let known = self.constants.iter().position(|known| *known == value);
        let index = match known {
            Some(index) => index,
            None if self.constants.len() == MAX_CONSTANTS => {
                let message = format!("more than {MAX_CONSTANTS} different constants");
                return Err(RunError::new(RunCode::TooLarge, message).at(span));
            }
            None => {
                self.constants.push(value);
                self.constants.len() - 1
            }
        };
        Ok(format!("?{}", index + 1))
    }
}
