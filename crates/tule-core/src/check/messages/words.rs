//! Words without quotes that are no columns: text, truth values, days.

use tule_syntax::ast::{BinaryOp, ExprId, ExprKind, Ident};
use tule_syntax::literal::{name_text, quote_string};

use super::Checker;
use super::dialects::takes_unit;
use crate::check::relation::Relation;
use crate::check::scope::{Found, Qualified, Scope, table_key};
use crate::diagnostics::{Applicability, Code, Diagnostic};
use crate::names::{alternatives, fold, similar};
use crate::schema::Column;
use crate::types::Type;

impl<'t> Checker<'t> {
    /// Reports a name that is no column and, by what it is compared with, was meant as something
    /// else; `false` if it may well have been meant as a column.
    pub(in crate::check) fn report_bare_word(
        &mut self,
        scope: &Scope<'_, 't>,
        id: ExprId,
        name: Ident,
    ) -> bool {
        let written = self.written(name);
        let unknown = |table: &crate::check::scope::Table<'_>| table.relation.is_unknown();
        if written.starts_with(['`', ':']) || scope.tables.first().is_none_or(unknown) {
            return false;
        }
        if let Some(better) = relative_day(written) {
            let message = format!("`{written}` is written in other dialects, here `{better}`");
            self.report(Diagnostic::new(Code::ForeignSyntax, name, message).fix(
                Applicability::Safe,
                format!("write `{better}`"),
                name,
                better,
            ));
            return true;
        }
        if self.is_unit(id, written) {
            // The call around it is reported.
            return true;
        }
        let Some(beside) = self.beside(id) else { return false };
        let Some(found) = self.column_named(scope, beside) else { return false };
        let diagnostic = match found.ty {
            Some(Type::Text) => self.unquoted_text(scope, beside, name),
            Some(Type::Boolean) => unquoted_truth(written, name),
            Some(Type::FloatingTimestamp | Type::FixedTimestamp | Type::Datestamp) => {
                unquoted_day(written, name)
            }
            _ => None,
        };
        let Some(mut diagnostic) = diagnostic else { return false };
        diagnostic.notes.extend(self.evidence(beside));
        self.report(diagnostic);
        true
    }

    /// Whether a word is the part of a date in a call such as `datepart(year, d)`.
    fn is_unit(&self, id: ExprId, written: &str) -> bool {
        let kind = self.parent(id).map(|parent| self.arena.expr(parent).kind);
        let Some(ExprKind::Call { name, .. }) = kind else { return false };
        takes_unit(&fold(name_text(self.written(name))), written)
    }

    /// What a word is compared with.
    fn beside(&self, id: ExprId) -> Option<ExprId> {
        let parent = self.parent(id)?;
        match self.arena.expr(parent).kind {
            ExprKind::Binary { op, left, right, .. }
                if op as u8 <= BinaryOp::GreaterEqual as u8 =>
            {
                Some(if left == id { right } else { left })
            }
            ExprKind::Like { operand, pattern, .. } => (pattern == id).then_some(operand),
            ExprKind::In { operands, .. } | ExprKind::Between { operands, .. } => {
                self.arena.list(operands).first().copied().filter(|first| *first != id)
            }
            _ => None,
        }
    }

    /// The column that an expression names, typed already or not.
    fn column_named(&self, scope: &Scope<'_, 't>, id: ExprId) -> Option<Found> {
        match self.arena.expr(self.arena.strip(id)).kind {
            ExprKind::Column(name) => scope.column(&fold(name_text(self.written(name)))),
            ExprKind::Qualified { table, column } => {
                let folded = fold(name_text(self.written(column)));
                match scope.qualified(&table_key(self.written(table)), &folded) {
                    Qualified::Found(found) => Some(found),
                    Qualified::NoTable | Qualified::NoColumn => None,
                }
            }
            _ => None,
        }
    }

    /// The column of a dataset behind an expression, for its values.
    fn described<'s>(&self, scope: &'s Scope<'_, 't>, id: ExprId) -> Option<&'s Column> {
        let (ExprKind::Column(name) | ExprKind::Qualified { column: name, .. }) =
            self.arena.expr(self.arena.strip(id)).kind
        else {
            return None;
        };
        let folded = fold(name_text(self.written(name)));
        scope.tables.iter().find_map(|table| match &table.relation {
            Relation::Dataset(dataset) => dataset.column(&folded).map(|(_, column)| column),
            _ => None,
        })
    }

    /// A word beside a text column.
    fn unquoted_text(
        &self,
        scope: &Scope<'_, 't>,
        beside: ExprId,
        name: Ident,
    ) -> Option<Diagnostic> {
        let written = self.written(name);
        let values = self.described(scope, beside).map_or(&[][..], |column| &column.values);
        let value = values.iter().find(|value| value.eq_ignore_ascii_case(written));
        let mut columns = scope.tables.first()?.relation.names();
        columns.extend(scope.items.iter().map(|item| &*item.name));
        let near = similar(written, columns.iter().copied());
        // A slip of the keys in a column's name looks like the name, capitals like a value.
        let capital = written.chars().next().is_some_and(char::is_uppercase);
        let lower = columns.iter().all(|column| !column.chars().any(char::is_uppercase));
        if value.is_none() && !near.is_empty() && !(capital && lower) {
            return None;
        }
        let better = quote_string(value.map_or(written, String::as_str));
        let title = scope.tables.first()?.title(self.text);
        let place = if title.is_empty() { String::new() } else { format!(" in {title}") };
        let message = format!("no column `{written}`{place}: text stands in quotes");
        let mut diagnostic = Diagnostic::new(Code::UnquotedString, name, message)
            .help(format!("write {better}"))
            .fix(Applicability::Unsafe, format!("write {better}"), name, better);
        if !near.is_empty() {
            diagnostic =
                diagnostic.note(format!("if a column was meant, perhaps {}", alternatives(&near)));
        }
        Some(diagnostic)
    }
}

/// Words for the day and the time that other dialects write without parentheses.
fn relative_day(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "current_date" | "curdate" => "today()",
        "current_timestamp" | "localtimestamp" | "sysdate" => "now()",
        _ => return None,
    })
}

fn unquoted_truth(word: &str, name: Ident) -> Option<Diagnostic> {
    let better = match word.to_ascii_lowercase().as_str() {
        "y" | "yes" | "t" | "on" | "checked" => "true",
        "n" | "no" | "f" | "off" | "unchecked" => "false",
        _ => return None,
    };
    let message = format!("`{word}` is compared with a checkbox");
    Some(
        Diagnostic::new(Code::CheckboxCompare, name, message)
            .help(format!("write `{better}`"))
            .fix(Applicability::Safe, format!("write `{better}`"), name, better),
    )
}

fn unquoted_day(word: &str, name: Ident) -> Option<Diagnostic> {
    let better = match word.to_ascii_lowercase().as_str() {
        "today" => "today()",
        "now" => "now()",
        "yesterday" => "today() - 1",
        "tomorrow" => "today() + 1",
        _ => return None,
    };
    let message = format!("no column `{word}`; the day is written `{better}`");
    Some(Diagnostic::new(Code::UnknownColumn, name, message).fix(
        Applicability::Safe,
        format!("write `{better}`"),
        name,
        better,
    ))
}
