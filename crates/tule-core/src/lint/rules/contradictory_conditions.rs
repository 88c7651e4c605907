//! Conditions of which only one can hold.

use std::borrow::Cow;

use smallvec::SmallVec;
use tule_syntax::ast::{BinaryOp, ChainOp, ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::ask::is_template;
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};
use crate::types::Type;

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::ContradictoryConditions,
        why: "A row has one value in a column. Two conditions joined by `and` that ask for two \
              different values, or for a value and for none, hold for no row. In speech it is \
              \"beats 1 and 2\"; in a query it is `or`.\n\n\
              Write `in` with both values.",
        failing: "select call_no from police_calls where beat = 'K1' and beat = 'K2' limit 10",
        repaired: "select call_no from police_calls where beat in ('K1', 'K2') limit 10",
    },
    look: Look::Node(look),
};

/// Longer chains were written by a program.
const MANY: usize = 64;

/// What a condition asks of a column.
struct Asked<'a> {
    column: ExprId,
    what: What<'a>,
}

enum What<'a> {
    /// To be one of these.
    Values(Vec<Cow<'a, str>>),
    /// To have no value.
    Null,
}

fn look(pass: &Pass<'_>, _: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let ExprKind::Chain { op: ChainOp::And, operands } = kind else { return };
    let parts = pass.arena.list(operands);
    if parts.len() > MANY {
        return;
    }
    let spoken: SmallVec<[(ExprId, ExprId); 8]> =
        parts.iter().filter_map(|part| Some((*part, subject(pass, *part)?))).collect();
    for (index, (part, column)) in spoken.iter().enumerate() {
        let before = spoken.get(..index).unwrap_or(&[]);
        let clash =
            before.iter().filter(|(_, other)| pass.same(*other, *column)).find_map(|(other, _)| {
                let first = asked(pass, pass.arena.strip(*other))?;
                let second = asked(pass, pass.arena.strip(*part))?;
                excludes(&first.what, &second.what).then_some((other, first, second))
            });
        let Some((other, first, second)) = clash else { continue };
        let column = pass.source(second.column);
        let message = match (&first.what, &second.what) {
            (What::Values(_), What::Values(_)) => {
                format!("`{column}` cannot have both values: no row passes")
            }
            _ => format!("`{column}` cannot have a value and none: no row passes"),
        };
        let (start, end) = (pass.arena.span(*other), pass.arena.span(*part));
        let mut diagnostic = Diagnostic::new(Code::ContradictoryConditions, end, message)
            .label(start, "the other condition");
        let side_by_side = before.last().is_some_and(|(last, _)| last == other)
            && parts.windows(2).any(|pair| pair == [*other, *part]);
        if let (true, Some(list)) = (side_by_side, list(pass, *other, *part)) {
            let repaired = format!("{column} in ({list})");
            diagnostic = diagnostic.help(format!("write `{repaired}`")).fix(
                Applicability::Unsafe,
                format!("write `{repaired}`"),
                start.cover(end),
                repaired.clone(),
            );
        }
        found.push(diagnostic);
        return;
    }
}

/// The column that a condition speaks of, if it may ask something of it.
fn subject(pass: &Pass<'_>, id: ExprId) -> Option<ExprId> {
    let column = match pass.arena.expr(pass.arena.strip(id)).kind {
        ExprKind::Binary { op: BinaryOp::Equal | BinaryOp::EqualEqual, left, right, .. } => {
            if pass.is_literal(left) { right } else { left }
        }
        ExprKind::In { operands, negated: false } => *pass.arena.list(operands).first()?,
        ExprKind::IsNull { operand, negated: false } => operand,
        _ => return None,
    };
    is_column(pass, column).then_some(column)
}

/// What a condition asks, if it speaks of one column and constants.
fn asked<'a>(pass: &Pass<'a>, id: ExprId) -> Option<Asked<'a>> {
    match pass.arena.expr(id).kind {
        ExprKind::Binary { op: BinaryOp::Equal | BinaryOp::EqualEqual, left, right, .. } => {
            let (column, value) = if pass.is_literal(left) { (right, left) } else { (left, right) };
            let values = vec![constant(pass, column, value)?];
            is_column(pass, column).then_some(Asked { column, what: What::Values(values) })
        }
        ExprKind::In { operands, negated: false } => {
            let (column, members) = pass.arena.list(operands).split_first()?;
            if !is_column(pass, *column) {
                return None;
            }
            let values: Option<Vec<_>> =
                members.iter().map(|member| constant(pass, *column, *member)).collect();
            Some(Asked { column: *column, what: What::Values(values?) })
        }
        ExprKind::IsNull { operand, negated: false } => {
            is_column(pass, operand).then_some(Asked { column: operand, what: What::Null })
        }
        _ => None,
    }
}

fn is_column(pass: &Pass<'_>, id: ExprId) -> bool {
    matches!(
        pass.arena.expr(pass.arena.strip(id)).kind,
        ExprKind::Column(_) | ExprKind::Qualified { .. }
    )
}

/// The value of a constant, in the form in which equal values are equal; of texts, numbers and
/// truths only.
fn constant<'a>(pass: &Pass<'a>, column: ExprId, id: ExprId) -> Option<Cow<'a, str>> {
    let id = pass.arena.strip(id);
    let ExprKind::Literal(literal) = pass.arena.expr(id).kind else { return None };
    match (literal, pass.ty(column)?) {
        (Literal::String | Literal::DoubleString, Type::Text) => {
            pass.string(id).filter(|text| !is_template(text))
        }
        (Literal::Integer, Type::Number) => Some(Cow::Borrowed(pass.source(id))),
        (Literal::True, Type::Boolean) => Some(Cow::Borrowed("true")),
        (Literal::False, Type::Boolean) => Some(Cow::Borrowed("false")),
        _ => None,
    }
}

fn excludes(first: &What<'_>, second: &What<'_>) -> bool {
    match (first, second) {
        (What::Values(first), What::Values(second)) => {
            !first.iter().any(|value| second.contains(value))
        }
        (What::Null, What::Values(_)) | (What::Values(_), What::Null) => true,
        (What::Null, What::Null) => false,
    }
}

/// The constants of two equalities, as written.
fn list(pass: &Pass<'_>, first: ExprId, second: ExprId) -> Option<String> {
    let value = |id: ExprId| match pass.arena.expr(pass.arena.strip(id)).kind {
        ExprKind::Binary { left, right, .. } => {
            Some(pass.source(if pass.is_literal(left) { left } else { right }))
        }
        _ => None,
    };
    Some(format!("{}, {}", value(first)?, value(second)?))
}
