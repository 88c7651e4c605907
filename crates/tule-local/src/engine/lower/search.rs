//! SEARCH: words in text, or a number among numbers.

use tule_core::types::Type;
use tule_syntax::literal::string_value;
use tule_syntax::span::Span;

use super::Writer;
use super::call::Argument;
use super::expr::balanced;
use super::source::{Scope, Source};
use crate::engine::register::What;
use crate::engine::words::Words;
use crate::error::RunError;
use crate::store::codec;

/// Texts that one call looks into; further ones are joined first.
const MAX_TEXTS: usize = 500;

impl Writer<'_> {
    /// The condition on the tables of a select: one of them has the words.
    pub(super) fn search(&mut self, words: Span, scope: &Scope<'_>) -> Result<String, RunError> {
        let text = string_value(self.written(words)).into_owned();
        let mut tests = Vec::new();
        for table in &scope.tables {
            tests.extend(self.texts(&text, table, words)?);
            tests.extend(self.numbers(&text, table, words)?);
        }
        Ok(if tests.is_empty() { "0".to_owned() } else { balanced(&tests, " OR ") })
    }

    fn texts(
        &mut self,
        text: &str,
        table: &Source,
        span: Span,
    ) -> Result<Option<String>, RunError> {
        let mut columns: Vec<String> =
            own(table, Type::Text).chain(own(table, Type::Url)).map(str::to_owned).collect();
        let words = Words::of(text);
        if columns.is_empty() || words.is_empty() {
            return Ok(None);
        }
        while columns.len() > MAX_TEXTS {
            columns = columns
                .chunks(MAX_TEXTS)
                .map(|chunk| format!("concat_ws(char(10), {})", chunk.join(", ")))
                .collect();
        }
        let args: Vec<Argument> =
            columns.into_iter().map(|sql| Argument { sql, ty: Type::Text }).collect();
        self.register(What::Search(words), &format!("search {text}"), &args, span).map(Some)
    }

    fn numbers(
        &mut self,
        text: &str,
        table: &Source,
        span: Span,
    ) -> Result<Option<String>, RunError> {
        let columns: Vec<&str> = own(table, Type::Number).collect();
        let Ok(number) = codec::literal(Type::Number, text.trim()) else { return Ok(None) };
        if columns.is_empty() {
            return Ok(None);
        }
        let number = self.bind(number, span)?;
        // A null among the columns makes IN null where nothing is equal, and null is not true.
        Ok(Some(format!("coalesce({number} IN ({}), 0)", columns.join(", "))))
    }
}

/// The columns of a type that are not the portal's own.
fn own(table: &Source, ty: Type) -> impl Iterator<Item = &str> {
    let columns = table.columns.iter();
    columns
        .filter(move |column| column.ty == ty && !column.name.starts_with(':'))
        .map(|column| &*column.sql)
}
