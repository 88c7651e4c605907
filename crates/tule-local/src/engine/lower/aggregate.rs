//! Aggregates and window functions.

use std::fmt::Write;

use tule_core::functions::{Function, Kind};
use tule_core::types::Type;
use tule_syntax::ast::{ExprId, Suffix};
use tule_syntax::span::Span;

use super::call::{Argument, computed};
use super::source::Scope;
use super::{Writer, not_supported};
use crate::engine::register::What;
use crate::error::RunError;

impl Writer<'_> {
    pub(super) fn aggregate(
        &mut self,
        id: ExprId,
        function: &'static Function,
        args: &[Argument],
        suffix: Option<&Suffix>,
        scope: &Scope<'_>,
    ) -> Result<String, RunError> {
        let span = self.arena.span(id);
        let mut tail = String::new();
        if let Some(filter) = suffix.and_then(|suffix| suffix.filter)
            && let Some(condition) = filter.condition
        {
            if function.kind == Kind::Window {
                let message = format!(
                    "`{}` takes no `filter` when it runs: portals refuse it too, only aggregates leave rows out",
                    function.name
                );
                return Err(not_supported(message, filter.span));
            }
            tail = format!(" FILTER (WHERE {})", self.expr(condition, scope)?);
        }
        let window = suffix.and_then(|suffix| suffix.over.as_ref());
        if let Some(window) = window {
            // Writing to a string does not fail.
            let _ = write!(tail, " OVER ({})", self.window(window, scope)?);
        }
        let sql = |name: &str, args: &[String]| format!("{name}({}){tail}", args.join(", "));
        let plain: Vec<String> = args.iter().map(|arg| arg.sql.clone()).collect();
        match function.identity {
            "count(*)" => self.whole(&sql("count", &["*".to_owned()]), span),
            "count" => self.whole(&sql("count", &plain), span),
            "count_distinct" => {
                let keys: Result<Vec<_>, _> =
                    args.iter().map(|arg| self.key_of(arg.ty, arg.sql.clone(), span)).collect();
                let distinct = format!("DISTINCT {}", keys?.join(", "));
                self.whole(&sql("count", &[distinct]), span)
            }
            "row_number" | "rank" | "dense_rank" => self.whole(&sql(function.name, &plain), span),
            "ntile" => {
                let buckets = self.integers(args, span)?;
                self.whole(&sql("ntile", &buckets), span)
            }
            "min" | "max" | "first value" | "last value" | "lead" | "lag" => {
                Ok(sql(function.internal_name, &plain))
            }
            "lead_offset" | "lead_offset_default" | "lag_offset" | "lag_offset_default" => {
                let mut parts = plain;
                let offset = args.get(1..2).unwrap_or_default();
                parts.splice(1..2, self.integers(offset, span)?);
                Ok(sql(function.internal_name, &parts))
            }
            _ => {
                let run = computed(function, span)?;
                let windowed = window.is_some();
                let identity = format!("{} {windowed}", function.identity);
                let what = What::Aggregate { run, windowed };
                let call = self.register(what, &identity, args, span)?;
                Ok(format!("{call}{tail}"))
            }
        }
    }

    /// A whole number of SQLite as a number of the language.
    fn whole(&mut self, sql: &str, span: Span) -> Result<String, RunError> {
        let args = [Argument { sql: sql.to_owned(), ty: Type::Number }];
        self.register(What::Whole, "whole", &args, span)
    }

    /// Numbers of the language as whole numbers of SQLite.
    fn integers(&mut self, args: &[Argument], span: Span) -> Result<Vec<String>, RunError> {
        let mut integers = Vec::with_capacity(args.len());
        for arg in args {
            integers.push(self.register(
                What::Integer,
                "integer",
                std::slice::from_ref(arg),
                span,
            )?);
        }
        Ok(integers)
    }
}
