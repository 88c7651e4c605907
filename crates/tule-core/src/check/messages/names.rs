//! The wording of names that stand for nothing: columns, tables, functions, types, parts.

use tule_syntax::ast::{ExprId, ExprKind, Ident};
use tule_syntax::literal::{name_text, quote_string};

use super::dialects::foreign_type;
use crate::check::Checker;
use crate::check::relation::Relation;
use crate::check::scope::Scope;
use crate::check::typed::flag;
use crate::diagnostics::{Applicability, Code, Diagnostic};
use crate::functions::{FUNCTIONS, Function, Syntax, names as function_names};
use crate::names::{alternatives, fold, similar};
use crate::types::{TYPES, Type};

impl<'t> Checker<'t> {
    pub(in crate::check) fn report_unknown_type(&mut self, ty: Ident, written: &str) {
        let message = format!("no type `{written}`");
        let mut diagnostic = Diagnostic::new(Code::UnknownType, ty, message);
        let guess = Type::from_portal(written).map(Type::name).or_else(|| foreign_type(written));
        let known = TYPES.iter().map(|info| info.name);
        let guess = guess.or_else(|| similar(written, known).first().copied());
        diagnostic = match guess {
            Some(name) => diagnostic.help(format!("write `{name}`")).fix(
                Applicability::Safe,
                format!("write `{name}`"),
                ty,
                name,
            ),
            None => diagnostic,
        };
        self.report(diagnostic);
    }

    pub(in crate::check) fn report_no_such_cast(
        &mut self,
        id: ExprId,
        operand: ExprId,
        target: Type,
    ) {
        if self.typed.get(operand).flags & flag::UNKNOWN != 0 {
            return;
        }
        let from = self.types(operand);
        let message = format!("no conversion from {} to {target}", self.type_of(operand));
        let targets: Vec<&str> = FUNCTIONS
            .iter()
            .filter(|function| function.syntax == Syntax::Cast && !function.hidden)
            .filter(|function| {
                function.params.first().is_some_and(|param| {
                    !function.types_of(*param).intersect(from).is_empty()
                        && function.types_of(*param) != function.types_of(function.returns)
                })
            })
            .filter_map(|function| function.types_of(function.returns).single())
            .map(Type::name)
            .collect();
        let mut diagnostic = Diagnostic::new(Code::NoSuchCast, self.arena.span(id), message);
        if !targets.is_empty() && targets.len() <= 6 {
            diagnostic = diagnostic.note(format!(
                "{} converts to {}",
                self.type_of(operand),
                alternatives(&targets)
            ));
        }
        self.report(diagnostic);
    }

    pub(in crate::check) fn report_unknown_field(&mut self, operand: ExprId, name: Ident) {
        let types = self.types(operand);
        let written = self.written(name);
        let fields: Vec<&str> = FUNCTIONS
            .iter()
            .filter(|function| function.syntax == Syntax::Field)
            .filter(|function| {
                function
                    .params
                    .first()
                    .is_some_and(|param| !function.types_of(*param).intersect(types).is_empty())
            })
            .filter_map(|function| function.name.strip_prefix('.'))
            .collect();
        let message = format!(
            "`{}` is {} and has no part `{written}`",
            self.excerpt(operand),
            self.type_of(operand)
        );
        let mut diagnostic = Diagnostic::new(Code::UnknownField, name, message);
        if fields.is_empty() {
            if matches!(self.arena.expr(operand).kind, ExprKind::Column(_)) {
                diagnostic = diagnostic
                    .note("`t.x` is the part `x` of a column `t`; `@t.x` is a column of a table");
            }
        } else {
            diagnostic = diagnostic.note(format!("its parts are {}", alternatives(&fields)));
        }
        self.report(diagnostic);
    }

    pub(in crate::check) fn report_unknown_parameter(&mut self, name: Ident) {
        let written = self.written(name);
        let known: Vec<String> =
            self.parameters.iter().map(|parameter| format!("${}", parameter.name)).collect();
        let near = similar(written, known.iter().map(String::as_str));
        let message = format!("no parameter `{written}`");
        let mut diagnostic = Diagnostic::new(Code::UnknownParameter, name, message);
        diagnostic = match near.first() {
            Some(near) => diagnostic.help(format!("perhaps `{near}` was meant")).fix(
                Applicability::Unsafe,
                format!("write `{near}`"),
                name,
                *near,
            ),
            None => diagnostic.help(format!(
                "declare it in front of the query: `query name({written} text) as ...`"
            )),
        };
        self.report(diagnostic);
    }

    pub(in crate::check) fn report_unknown_table(&mut self, scope: &Scope<'_, 't>, table: Ident) {
        let written = self.written(table);
        let names: Vec<String> = scope
            .tables
            .iter()
            .filter(|table| !table.name.is_empty())
            .map(|table| format!("@{}", table.name))
            .collect();
        let message = format!("no table `{written}` in this select");
        let mut diagnostic = Diagnostic::new(Code::UnknownTable, table, message);
        if let Some(near) = similar(written, names.iter().map(String::as_str)).first() {
            diagnostic = diagnostic.help(format!("perhaps `{near}` was meant")).fix(
                Applicability::Unsafe,
                format!("write `{near}`"),
                table,
                *near,
            );
        } else if !names.is_empty() {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            diagnostic = diagnostic.note(format!("its tables are {}", alternatives(&names)));
        }
        self.report(diagnostic);
    }

    /// A name that is no column of the table `key`, or of the main table.
    pub(in crate::check) fn report_unknown_column(
        &mut self,
        scope: &Scope<'_, 't>,
        name: Ident,
        key: Option<&str>,
    ) {
        let written = name_text(self.written(name));
        let table = match key {
            Some(key) => scope.table(key).map(|(_, _, table)| table),
            None => scope.tables.first(),
        };
        let Some(table) = table else { return };
        if table.relation.is_unknown() {
            return;
        }
        let title = table.title(self.text);
        let message = if title.is_empty() {
            format!("no column `{written}`")
        } else {
            format!("no column `{written}` in {title}")
        };
        let mut diagnostic = Diagnostic::new(Code::UnknownColumn, name, message);
        let mut known = table.relation.names();
        if key.is_none() {
            known.extend(scope.items.iter().map(|item| &*item.name));
        }
        let folded = fold(written);
        known.retain(|name| fold(name) != folded);
        let near = similar(written, known);
        if !near.is_empty() {
            diagnostic = diagnostic.help(format!("perhaps {} was meant", alternatives(&near)));
        }
        for near in &near {
            let quoted = crate::print::column(near);
            diagnostic =
                diagnostic.fix(Applicability::Unsafe, format!("write `{near}`"), name, quoted);
        }
        if near.is_empty() {
            diagnostic = self.explain_column(diagnostic, scope, &table.relation, name, key);
        }
        self.report(diagnostic);
    }

    /// Why somebody may have written a name that is no column, when no column is near.
    fn explain_column(
        &self,
        diagnostic: Diagnostic,
        scope: &Scope<'_, 't>,
        relation: &Relation,
        name: Ident,
        key: Option<&str>,
    ) -> Diagnostic {
        let written = name_text(self.written(name));
        let folded = fold(written);
        if let Relation::Dataset(dataset) = relation {
            let lower = written.to_lowercase();
            let labelled = dataset
                .columns
                .iter()
                .find(|column| lower.len() > 2 && contains_caseless(&column.label, &lower));
            if let Some(column) = labelled {
                let better = crate::print::column(&column.name);
                return diagnostic
                    .note(format!("`{written}` is in the label of `{}`", column.name))
                    .fix(Applicability::Unsafe, format!("write `{better}`"), name, better);
            }
            let valued = dataset.columns.iter().find(|column| {
                column.values.iter().any(|value| value.eq_ignore_ascii_case(written))
            });
            if let Some(column) = valued {
                let better = quote_string(written);
                return diagnostic
                    .note(format!("{better} is a value of `{}`", column.name))
                    .help("text stands in single quotes")
                    .fix(Applicability::Unsafe, format!("write {better}"), name, better);
            }
        }
        if key.is_none() {
            let other = scope.tables.iter().skip(1).find(|table| {
                !table.relation.is_unknown() && table.relation.column(&folded).is_some()
            });
            if let Some(table) = other {
                let better = format!("@{}.{written}", table.name);
                return diagnostic
                    .note("a name without a table is never looked up in joined tables")
                    .fix(Applicability::Safe, format!("write `{better}`"), name, better);
            }
        }
        if written.chars().any(char::is_uppercase) && !written.contains('_') {
            return diagnostic.help(format!("if text was meant, write {}", quote_string(written)));
        }
        diagnostic
    }

    pub(in crate::check) fn report_circular_alias(
        &mut self,
        scope: &Scope<'_, 't>,
        index: u32,
        name: Ident,
    ) {
        let written = self.written(name);
        let message = format!("`{written}` is defined by itself");
        let mut diagnostic = Diagnostic::new(Code::CircularAlias, name, message)
            .note("result names win over columns of the same name");
        if let Some(item) = scope.items.get(index as usize) {
            diagnostic = diagnostic.label(self.arena.span(item.root.id), "defined here");
        }
        self.report(diagnostic);
    }

    /// A call of a function that does not exist.
    pub(in crate::check) fn report_unknown_function(&mut self, name: Ident, lookup: &str) {
        let written = self.written(name);
        if let Some(plain) = lookup.strip_suffix("_distinct") {
            let message = format!("`{plain}` does not take `distinct`");
            let diagnostic =
                Diagnostic::new(Code::UnknownFunction, name, message).note("only `count` does");
            return self.report(diagnostic);
        }
        if let Some(plain) = lookup.strip_suffix("/*") {
            let message = format!("`{plain}` does not take `*`");
            let diagnostic =
                Diagnostic::new(Code::UnknownFunction, name, message).note("only `count` does");
            return self.report(diagnostic);
        }
        let message = format!("no function `{written}`");
        let mut diagnostic = Diagnostic::new(Code::UnknownFunction, name, message);
        let near = similar(lookup, function_names());
        if !near.is_empty() {
            diagnostic = diagnostic.help(format!("perhaps {} was meant", alternatives(&near)));
        }
        for near in near {
            let title = format!("write `{near}`");
            diagnostic = diagnostic.fix(Applicability::Unsafe, title, name, near);
        }
        self.report(diagnostic);
    }

    pub(in crate::check) fn report_arity(
        &mut self,
        name: Ident,
        overloads: &'static [Function],
        args: &[ExprId],
    ) {
        if let Some(diagnostic) = self.two_columns(name, args) {
            return self.report(diagnostic);
        }
        let written = self.written(name);
        let mut counts: Vec<String> = overloads
            .iter()
            .map(|function| {
                let least = function.params.len();
                if function.repeat.is_empty() {
                    least.to_string()
                } else {
                    format!("{least} or more")
                }
            })
            .collect();
        counts.sort();
        counts.dedup();
        let plural = if counts == ["1"] { "argument" } else { "arguments" };
        let counts = counts.join(" or ");
        let message = format!("`{written}` takes {counts} {plural}, found {}", args.len());
        let mut diagnostic = Diagnostic::new(Code::WrongArity, name, message);
        if let Some(function) = overloads.first() {
            diagnostic = diagnostic.note(format!("example: `{}`", function.example));
        }
        self.report(diagnostic);
    }
}

/// Whether `text` holds `lower`, which is in lower case, in any case.
fn contains_caseless(text: &str, lower: &str) -> bool {
    if text.is_ascii() && lower.is_ascii() {
        let mut parts = text.as_bytes().windows(lower.len().max(1));
        return parts.any(|part| part.eq_ignore_ascii_case(lower.as_bytes()));
    }
    text.to_lowercase().contains(lower)
}
