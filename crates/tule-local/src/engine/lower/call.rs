//! Calls of functions of one row.
//!
//! What SQLite does with the right meaning it does itself; everything else is registered.

use rusqlite::types::Value as Sql;
use tule_core::functions::{Function, Kind, Syntax};
use tule_core::types::Type;
use tule_syntax::ast::{ExprId, Ident, SuffixId};
use tule_syntax::span::Span;

use super::source::Scope;
use super::{Writer, internal, not_supported};
use crate::engine::register::{Operator, Parameter, Registration, What};
use crate::error::{RunCode, RunError};
use crate::functions::{Run, by_identity};

/// Arguments that SQLite passes to a function.
const MAX_ARGUMENTS: usize = 1000;

/// Functions of two geometries that are false wherever their bounds do not meet.
const FALSE_APART: [&str; 4] = ["within_polygon", "intersects", "crosses", "overlaps"];

/// An argument of a call.
#[derive(Clone, Debug)]
pub(super) struct Argument {
    pub(super) sql: String,
    pub(super) ty: Type,
}

impl Writer<'_> {
    pub(super) fn call(
        &mut self,
        id: ExprId,
        name: Ident,
        args: &[ExprId],
        suffix: Option<SuffixId>,
        scope: &Scope<'_>,
    ) -> Result<String, RunError> {
        let overload = self.resolved.node(id).overload;
        let function = overload.ok_or_else(|| internal("this call was not checked", name))?;
        let mut given = Vec::with_capacity(args.len());
        for arg in args {
            given.push(self.argument(*arg, scope)?);
        }
        match function.kind {
            Kind::Aggregate | Kind::Window => {
                let suffix = suffix.and_then(|suffix| self.arena.suffix(suffix));
                self.aggregate(id, function, &given, suffix, scope)
            }
            Kind::Operator | Kind::Scalar => {
                self.apply(function, &given, self.ty(id), self.arena.span(id))
            }
        }
    }

    /// The result of a function of one row.
    pub(super) fn apply(
        &mut self,
        function: &'static Function,
        args: &[Argument],
        returns: Type,
        span: Span,
    ) -> Result<String, RunError> {
        if function.identity == "get now in UTC fixed_timestamp" {
            let utc = jiff::tz::Offset::UTC.to_timestamp(self.plan.clock.utc);
            let utc = utc.map_err(|_| internal("the clock is out of range", span))?;
            return self.moment(utc, span);
        }
        if let Some(sql) = self.compared(function, args, span)? {
            return Ok(sql);
        }
        if let Some(sql) = self.begins(function, args, span)? {
            return Ok(sql);
        }
        if let Some(sql) = native(function, args, returns) {
            return Ok(sql);
        }
        let run = computed(function, span)?;
        if !matches!(run, Run::Scalar { .. }) {
            return Err(internal("this function is not one of rows", span));
        }
        let numbers = args.iter().all(|arg| arg.ty == Type::Number);
        let what = match Operator::of(function.identity).filter(|_| numbers && args.len() == 2) {
            Some(operator) => What::Arithmetic { run, operator },
            None => What::Scalar { run, apart: FALSE_APART.contains(&function.identity) },
        };
        self.register(what, function.identity, args, span)
    }

    /// The comparisons, which SQLite makes itself.
    fn compared(
        &mut self,
        function: &Function,
        args: &[Argument],
        span: Span,
    ) -> Result<Option<String>, RunError> {
        const OPERATORS: [&str; 8] =
            ["op$=", "op$==", "op$<>", "op$!=", "op$<", "op$<=", "op$>", "op$>="];
        let (name, [left, right]) = (function.internal_name, args) else { return Ok(None) };
        if !OPERATORS.contains(&name) && name != "nullif" {
            return Ok(None);
        }
        let left_key = self.key_of(left.ty, left.sql.clone(), span)?;
        let right_key = self.key_of(right.ty, right.sql.clone(), span)?;
        Ok(Some(if name != "nullif" {
            let sql = format!("({left_key} {} {right_key})", name.trim_start_matches("op$"));
            self.picking.compares(span, &left_key, [&*right_key], &sql);
            self.picking.compares(span, &right_key, [&*left_key], &sql);
            sql
        } else if left_key == left.sql {
            format!("nullif({left_key}, {right_key})")
        } else {
            format!("unless({}, {right_key})", left.sql)
        }))
    }

    /// `starts_with` of a constant: the texts from it up to the first that begins otherwise.
    fn begins(
        &mut self,
        function: &Function,
        args: &[Argument],
        span: Span,
    ) -> Result<Option<String>, RunError> {
        let ("starts_with", [whole, start]) = (function.internal_name, args) else {
            return Ok(None);
        };
        let number = start.sql.strip_prefix('?').and_then(|number| number.parse::<usize>().ok());
        let constant = number.and_then(|number| self.constants.get(number.checked_sub(1)?));
        let Some(Sql::Text(text)) = constant.filter(|_| !whole.sql.contains('(')) else {
            // What is computed would be written twice.
            return Ok(None);
        };
        let Some(end) = behind(text) else { return Ok(None) };
        let end = self.bind(Sql::Text(end), span)?;
        let sql = format!("({0} >= {1} AND {0} < {end})", whole.sql, start.sql);
        self.picking.compares(span, &whole.sql, [&*start.sql], &sql);
        Ok(Some(sql))
    }

    /// A call of a function that is registered for it.
    pub(super) fn register(
        &mut self,
        what: What,
        identity: &str,
        args: &[Argument],
        span: Span,
    ) -> Result<String, RunError> {
        if args.len() > MAX_ARGUMENTS {
            let message = format!("more than {MAX_ARGUMENTS} arguments");
            return Err(RunError::new(RunCode::TooLarge, message).at(span));
        }
        let list = args.iter().map(|arg| &*arg.sql).collect::<Vec<_>>().join(", ");
        let types = args.iter().map(|arg| arg.ty.name()).collect::<Vec<_>>().join(" ");
        let key = format!("{identity}\n{types}\n{list}");
        let index = if let Some(index) = self.calls.get(&key) {
            *index
        } else {
            let parameters = args.iter().map(|arg| Parameter {
                ty: arg.ty,
                constant: arg.sql.strip_prefix('?').and_then(|index| index.parse().ok()),
            });
            let name = format!("f{}", self.functions.len());
            let parameters = parameters.collect();
            self.functions.push(Registration { name, what, parameters, span });
            self.calls.insert(key, self.functions.len() - 1);
            self.functions.len() - 1
        };
        Ok(format!("f{index}({list})"))
    }
}

/// How a function is computed.
///
/// # Errors
///
/// If it cannot be, with the reason.
pub(super) fn computed(function: &Function, span: Span) -> Result<&'static Run, RunError> {
    match by_identity(function.identity) {
        Some(Run::Refused(reason)) => {
            Err(not_supported(format!("`{}`: this function {reason}", function.name), span))
        }
        Some(run) => Ok(run),
        None => {
            let message = format!("`{}` is not computed by the embedded engine", function.name);
            Err(not_supported(message, span))
        }
    }
}

/// The first text behind all those that begin with `text`, by code point; `None` if there is none.
fn behind(text: &str) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    while let Some(last) = letters.pop() {
        // Numbers that are no letters lie between the two.
        let next =
            if last == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

/// The functions that SQLite has with the same meaning, as values are kept.
fn native(function: &Function, args: &[Argument], returns: Type) -> Option<String> {
    match (function.internal_name, args) {
        ("op$+", [only]) => Some(only.sql.clone()),
        (_, [only]) if function.syntax == Syntax::Cast && only.ty == returns => {
            Some(only.sql.clone())
        }
        ("op$||", [left, right]) if left.ty == Type::Text && right.ty == Type::Text => {
            Some(format!("({} || {})", left.sql, right.sql))
        }
        ("contains", [whole, part]) => Some(format!("(instr({}, {}) > 0)", whole.sql, part.sql)),
        ("iif", [condition, yes, no]) => {
            Some(format!("(CASE WHEN {} THEN {} ELSE {} END)", condition.sql, yes.sql, no.sql))
        }
        ("case", args) => {
            let arms = args.chunks_exact(2).map(|arm| match arm {
                [condition, value] => format!(" WHEN {} THEN {}", condition.sql, value.sql),
                _ => String::new(),
            });
            Some(format!("(CASE{} END)", arms.collect::<String>()))
        }
        ("coalesce", args) => Some(coalesce(args)),
        _ => None,
    }
}

/// The first that is not null, of any number.
fn coalesce(args: &[Argument]) -> String {
    match args {
        [] => "NULL".to_owned(),
        [only] => only.sql.clone(),
        _ => {
            let (head, tail) = args.split_at(args.len().min(MAX_ARGUMENTS / 2));
            let mut parts: Vec<String> = head.iter().map(|arg| arg.sql.clone()).collect();
            if !tail.is_empty() {
                parts.push(coalesce(tail));
            }
            format!("coalesce({})", parts.join(", "))
        }
    }
}
