//! A condition without a column in it.

use tule_syntax::ast::{ChainOp, ExprId, ExprKind, Literal};

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::compare::{Compare, Constant, operands};
use crate::lint::pass::{Clause, Pass};
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::ConstantCondition,
        why: "Quotes make text, so a column's name in quotes is a word like any other: the \
              condition compares two constants and is the same for every row. Either all rows \
              come back or none. A comparison such as `1 = 1` at the start of a row of \
              conditions is left alone, as programs write it; behind `or` it lets every row \
              through.\n\n\
              Write the name of the column without quotes.",
        failing: "select name from every_type where 'amount' = '100' limit 10",
        repaired: "select name from every_type where amount = 100 limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    match kind {
        ExprKind::Binary { op, .. } if Compare::of(op).is_some() => {}
        ExprKind::Like { .. } | ExprKind::Between { .. } | ExprKind::In { .. } => {}
        ExprKind::Literal(Literal::True) => {
            if stands_in(pass, id, ChainOp::Or) {
                found.push(every_row(pass, id));
            }
            return;
        }
        _ => return,
    }
    if pass.clause(id) == Clause::None {
        return;
    }
    let operands = operands(pass.arena, kind);
    if !operands.iter().all(|operand| is_constant(pass, *operand)) {
        return;
    }
    let numbers = operands.iter().all(|operand| pass.is_number(*operand));
    if numbers {
        if holds(pass, kind) == Some(true) && stands_in(pass, id, ChainOp::Or) {
            found.push(every_row(pass, id));
        }
        return;
    }
    let effect = match holds(pass, kind) {
        Some(true) => "every row passes",
        Some(false) => "no row passes",
        None => "it is the same for every row",
    };
    let message = format!("no column stands in this condition: {effect}");
    let mut diagnostic = Diagnostic::new(Code::ConstantCondition, pass.arena.span(id), message);
    if let Some((literal, name)) = named(pass, &operands) {
        // Names in double quotes are a finding of their own.
        if matches!(pass.arena.expr(literal).kind, ExprKind::Literal(Literal::DoubleString)) {
            return;
        }
        let (written, span) = (pass.source(literal), pass.arena.span(literal));
        diagnostic = diagnostic
            .note(format!("{written} is text in quotes, not the column `{name}`"))
            .help(format!("write `{name}`"))
            .fix(Applicability::Unsafe, format!("write `{name}`"), span, name);
    }
    found.push(diagnostic);
}

fn every_row(pass: &Pass<'_>, id: ExprId) -> Diagnostic {
    let message = "behind `or` this lets every row pass";
    Diagnostic::new(Code::ConstantCondition, pass.arena.span(id), message)
        .help("leave it out, or join it with `and`")
}

/// Whether a node is an operand of such a chain, parentheses aside.
fn stands_in(pass: &Pass<'_>, id: ExprId, chain: ChainOp) -> bool {
    let mut id = id;
    while let Some(parent) = pass.parent(id) {
        match pass.arena.expr(parent).kind {
            ExprKind::Paren(_) => id = parent,
            ExprKind::Chain { op, .. } => return op == chain,
            _ => return false,
        }
    }
    false
}

/// Whether nothing below `id` depends on the row, a parameter or the day.
fn is_constant(pass: &Pass<'_>, id: ExprId) -> bool {
    let mut constant = true;
    let mut waiting = smallvec::SmallVec::<[ExprId; 8]>::from_slice(&[id]);
    while let Some(id) = waiting.pop() {
        match pass.arena.expr(id).kind {
            ExprKind::Literal(literal) => constant &= literal != Literal::Null,
            ExprKind::Paren(inner) => waiting.push(inner),
            ExprKind::Cast { operand, .. } | ExprKind::Unary { operand, .. } => {
                waiting.push(operand);
            }
            ExprKind::Call { args, suffix: None, .. } if !args.is_empty() => {
                waiting.extend_from_slice(pass.arena.list(args));
            }
            ExprKind::Binary { left, right, .. } => waiting.extend_from_slice(&[left, right]),
            _ => return false,
        }
    }
    constant
}

/// The outcome, where both sides are plain constants.
fn holds(pass: &Pass<'_>, kind: ExprKind) -> Option<bool> {
    let ExprKind::Binary { op, left, right, .. } = kind else { return None };
    let (left, right) = (pass.constant(left)?, pass.constant(right)?);
    let op = Compare::of(op)?;
    if let (Constant::Text(left), Constant::Text(right)) = (&left, &right) {
        match op {
            Compare::Equal => return Some(left == right),
            Compare::NotEqual => return Some(left != right),
            _ => {}
        }
    }
    let order = left.order(&right)?;
    Some(match op {
        Compare::Equal => order.is_eq(),
        Compare::NotEqual => order.is_ne(),
        Compare::Less => order.is_lt(),
        Compare::LessEqual => order.is_le(),
        Compare::Greater => order.is_gt(),
        Compare::GreaterEqual => order.is_ge(),
    })
}

/// A text below the operands that is the name of a column, with the name as it is written.
fn named(pass: &Pass<'_>, operands: &[ExprId]) -> Option<(ExprId, String)> {
    let mut waiting = operands.to_vec();
    while let Some(id) = waiting.pop() {
        let literal = pass.string(id).filter(|_| pass.is_literal(id));
        if let Some(text) = literal {
            if let Some(name) = pass.column_called(id, &text) {
                return Some((pass.arena.strip(id), name));
            }
            continue;
        }
        pass.arena.children(id, |child| waiting.push(child));
    }
    None
}
