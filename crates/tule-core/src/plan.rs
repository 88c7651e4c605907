//! A valid statement with everything that was still open filled in: parameter values and the
//! clock.
//!
//! The plan is what every back end lowers. It still speaks of columns, functions and datasets,
//! not of any portal's wire format; values are values, never text to be pasted.

use tule_syntax::ast::{
    Clause, Compound, Count, ExprId, ExprKind, Literal, Root, Select, StepOp, UnaryOp,
};
use tule_syntax::literal::{name_text, string_value};

use crate::check::{Valid, text_reads_as};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::fold;
use crate::types::Type;

/// The local date and time of the portal when the request is built, from the caller: this crate
/// has no clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    /// Local date and time in the portal's zone, for floating timestamps and dates.
    pub local: jiff::civil::DateTime,
    /// The same instant in UTC, for fixed timestamps.
    pub utc: jiff::civil::DateTime,
}

/// A statement that is ready to be lowered.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The statement.
    pub valid: Valid<'a>,
    /// A value for each parameter, in order of declaration.
    pub values: Vec<Value>,
    /// The clock for `today()` and `now()`.
    pub clock: Clock,
}

/// Rows that a portal gives when a query has no LIMIT.
pub const DEFAULT_LIMIT: u64 = 1_000;

/// What a query says of the number of its rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// Nothing: a portal stops at [`DEFAULT_LIMIT`].
    Unsaid,
    /// At most a number.
    Limited,
    /// Every row: `LIMIT ALL`.
    All,
}

/// What `query` says of the number of its rows. The LIMIT of a select that others are joined to by
/// UNION and the like is not that of the whole; `ALL` is.
#[must_use]
pub fn extent(query: &Compound) -> Extent {
    let last = query.rest.last().map_or(&query.first, |step| &step.right);
    let is_all =
        |select: &Select| matches!(select.limit, Some(Clause { value: Count::All(_), .. }));
    if last.as_leaf().is_some_and(is_all) {
        return Extent::All;
    }
    let limited = last_select(query).is_some_and(|select| select.limit.is_some());
    if limited { Extent::Limited } else { Extent::Unsaid }
}

/// The select whose LIMIT is that of the whole: the last step of a pipe.
pub(crate) fn last_select(query: &Compound) -> Option<&Select> {
    match query.rest.last() {
        None => query.first.as_leaf(),
        Some(step) if step.op == StepOp::Pipe => step.right.as_leaf(),
        Some(_) => None,
    }
}

/// The value of a parameter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value {
    /// The declared type.
    pub ty: Type,
    /// The value as text, in the form literals of the type have; `None` is null.
    pub text: Option<String>,
}

impl<'a> Plan<'a> {
    /// Binds `given` parameter values (name without `$`, text) to a statement.
    ///
    /// # Errors
    ///
    /// A diagnostic for each parameter without a value or with one that is not of its type. Names
    /// that the statement does not declare are ignored: a file of statements shares its values.
    pub fn new(
        valid: Valid<'a>,
        given: &[(String, String)],
        clock: Clock,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut values = Vec::new();
        let parameters = &valid.typed().parameters;
        for parameter in parameters {
            // A parameter of no known type is an error that checking has found.
            let Some(ty) = parameter.ty else { continue };
            let text = given
                .iter()
                .rev()
                .find(|(name, _)| fold(name) == fold(&parameter.name))
                .map(|(_, text)| text.clone());
            let default = parameter.default.map(|root| default_value(valid, root, clock, ty));
            match (text, default) {
                (Some(text), _) if reads_as(&text, ty) => {
                    values.push(Value { ty, text: Some(text) });
                }
                (Some(text), _) => {
                    let message =
                        format!("`{text}` given for `${}` is not of the type {ty}", parameter.name);
                    faults.push(Diagnostic::new(Code::TypeMismatch, parameter.declared, message));
                }
                (None, Some(text)) => values.push(Value { ty, text }),
                (None, None) => {
                    let message = format!("no value for parameter `${}`", parameter.name);
                    let help = format!("give one with `--param {}=value`", parameter.name);
                    faults.push(
                        Diagnostic::new(Code::MissingParameter, parameter.declared, message)
                            .help(help),
                    );
                }
            }
        }
        if faults.is_empty() { Ok(Self { valid, values, clock }) } else { Err(faults) }
    }

    /// The value of the parameter written `$name`.
    #[must_use]
    pub fn value(&self, written: &str) -> Option<&Value> {
        let folded = fold(name_text(written));
        let position = self
            .valid
            .typed()
            .parameters
            .iter()
            .position(|parameter| fold(&parameter.name) == folded)?;
        self.values.get(position)
    }

    /// `today()` or `now()`, perhaps with days added or taken away, at the time of the request.
    #[must_use]
    pub fn relative(&self, id: ExprId, ty: Type) -> Option<String> {
        relative(self.valid, id, self.clock, ty)
    }
}

fn reads_as(text: &str, ty: Type) -> bool {
    match ty {
        Type::Double => text_reads_as(text, Type::Number),
        Type::Json => serde_json::from_str::<serde_json::Value>(text).is_ok(),
        _ => text_reads_as(text, ty),
    }
}

/// The text of a default value, which is a constant; `None` is null.
fn default_value(valid: Valid<'_>, root: Root, clock: Clock, ty: Type) -> Option<String> {
    constant(valid, root.id, clock, ty)
}

fn constant(valid: Valid<'_>, id: ExprId, clock: Clock, ty: Type) -> Option<String> {
    let arena = &valid.statement().arena;
    let expr = arena.expr(id);
    let written = expr.span.text(valid.text());
    match expr.kind {
        ExprKind::Literal(Literal::Null) => None,
        ExprKind::Literal(Literal::String | Literal::DoubleString) => {
            Some(string_value(written).into_owned())
        }
        ExprKind::Literal(_) => Some(written.to_ascii_lowercase()),
        ExprKind::Paren(inner) | ExprKind::Cast { operand: inner, .. } => {
            constant(valid, inner, clock, ty)
        }
        ExprKind::Unary { op: UnaryOp::Minus, operand } => {
            constant(valid, operand, clock, ty).map(|text| format!("-{text}"))
        }
        ExprKind::Unary { op: UnaryOp::Plus, operand } => constant(valid, operand, clock, ty),
        _ => relative(valid, id, clock, ty),
    }
}

fn relative(valid: Valid<'_>, id: ExprId, clock: Clock, ty: Type) -> Option<String> {
    use tule_syntax::ast::BinaryOp;
    let arena = &valid.statement().arena;
    let text = valid.text();
    let mut days: i64 = 0;
    let mut at = arena.strip(id);
    while let ExprKind::Binary { op, left, right, .. } = arena.expr(at).kind {
        let count: i64 = arena.span(right).text(text).parse().ok()?;
        days = match op {
            BinaryOp::Add => days.checked_add(count)?,
            BinaryOp::Subtract => days.checked_sub(count)?,
            _ => return None,
        };
        at = arena.strip(left);
    }
    let ExprKind::Call { name, .. } = arena.expr(at).kind else { return None };
    let base = if ty == Type::FixedTimestamp { clock.utc } else { clock.local };
    let base = match &*fold(name_text(name.text(text))) {
        "today" => clock.local.date().at(0, 0, 0, 0),
        "now" => base,
        _ => return None,
    };
    let moved = base.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    Some(match ty {
        Type::Datestamp => moved.date().to_string(),
        Type::FixedTimestamp => format!("{}Z", moved.strftime("%Y-%m-%dT%H:%M:%S%.3f")),
        _ => moved.strftime("%Y-%m-%dT%H:%M:%S%.3f").to_string(),
    })
}
