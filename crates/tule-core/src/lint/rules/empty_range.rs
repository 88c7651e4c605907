//! Bounds between which there is nothing.

use std::cmp::Ordering;

use tule_syntax::ast::{ChainOp, ExprId, ExprKind};

use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Explanation, Fix, Severity};
use crate::lint::compare::{Bound, Compare, Constant};
use crate::lint::pass::Pass;
use crate::lint::{Lint, Look};

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::EmptyRange,
        why: "The lower bound is above the upper one, so no value lies between them and no row \
              passes. The portal takes such a query without a word and gives nothing. Usually \
              the bounds are in the wrong order; where values on either side of a gap are \
              wanted, the conditions belong joined with `or`.\n\n\
              Exchange the bounds.",
        failing: "select name from every_type where amount between 500 and 100 limit 10",
        repaired: "select name from every_type where amount between 100 and 500 limit 10",
    },
    look: Look::Node(look),
};

fn look(pass: &Pass<'_>, id: ExprId, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    match kind {
        ExprKind::Between { .. } => between(pass, kind, found),
        ExprKind::Chain { op: ChainOp::And, operands } if !is_inner(pass, id) => {
            chain(pass, &bounds(pass, pass.arena.list(operands)), found);
        }
        _ => {}
    }
}

fn between(pass: &Pass<'_>, kind: ExprKind, found: &mut Vec<Diagnostic>) {
    let Some(([value, low, high], negated)) = pass.between(kind) else { return };
    if pass.is_constant(value) {
        return;
    }
    let (Some(lower), Some(upper)) = (pass.constant(low), pass.constant(high)) else { return };
    if order(&lower, &upper) != Some(Ordering::Greater) {
        return;
    }
    let (low_text, high_text) = (pass.source(low), pass.source(high));
    let span = pass.arena.span(low).cover(pass.arena.span(high));
    let effect = if negated { "every row with a value passes" } else { "no row passes" };
    let message = format!("{low_text} is above {high_text}: {effect}");
    let mut diagnostic = Diagnostic::new(Code::EmptyRange, span, message)
        .help(format!("write `between {high_text} and {low_text}`"));
    if negated {
        diagnostic.severity = Severity::Warning;
    }
    diagnostic.notes.extend(pass.type_evidence(value));
    diagnostic.fixes.push(exchange(pass, low, high));
    found.push(diagnostic);
}

/// Two constants change places.
fn exchange(pass: &Pass<'_>, first: ExprId, second: ExprId) -> Fix {
    let edit = |at, from| Edit { span: pass.arena.span(at), text: pass.source(from).to_owned() };
    let mut edits = vec![edit(first, second), edit(second, first)];
    edits.sort_by_key(|edit| edit.span);
    Fix { title: "exchange the bounds".to_owned(), applicability: Applicability::Unsafe, edits }
}

/// Whether an AND chain stands in another one, perhaps in parentheses.
fn is_inner(pass: &Pass<'_>, id: ExprId) -> bool {
    let mut id = id;
    while let Some(parent) = pass.parent(id) {
        match pass.arena.expr(parent).kind {
            ExprKind::Paren(_) => id = parent,
            ExprKind::Chain { op: ChainOp::And, .. } => return true,
            _ => return false,
        }
    }
    false
}

/// The bounds in an AND chain and in AND chains in parentheses inside it.
fn bounds(pass: &Pass<'_>, operands: &[ExprId]) -> Vec<Bound> {
    let mut bounds = Vec::new();
    let mut waiting: Vec<ExprId> = operands.iter().rev().copied().collect();
    while let Some(id) = waiting.pop() {
        let id = pass.arena.strip(id);
        let kind = pass.arena.expr(id).kind;
        if let ExprKind::Chain { op: ChainOp::And, operands } = kind {
            waiting.extend(pass.arena.list(operands).iter().rev());
            continue;
        }
        let found = pass.bounds(id, kind).into_iter().flatten();
        bounds.extend(found.filter(|bound| bound.op != Compare::NotEqual));
    }
    bounds
}

fn chain(pass: &Pass<'_>, bounds: &[Bound], found: &mut Vec<Diagnostic>) {
    if bounds.len() < 2 {
        return;
    }
    for (index, second) in bounds.iter().enumerate() {
        let before = bounds.get(..index).unwrap_or(&[]);
        let clash = before.iter().find(|first| {
            first.node != second.node
                && pass.same_column(first.value, second.value)
                && excludes(pass, first, second)
        });
        let Some(first) = clash else { continue };
        let written = pass.source(second.value);
        let [one, other] = [first, second]
            .map(|bound| format!("`{} {}`", bound.op.text(), pass.source(bound.constant)));
        let message = format!("`{written}` cannot be {one} and {other}: no row passes");
        let mut diagnostic =
            Diagnostic::new(Code::EmptyRange, pass.arena.span(second.node), message)
                .label(pass.arena.span(first.node), "the other bound");
        diagnostic.notes.extend(pass.type_evidence(second.value));
        let range = first.op.is_lower() && second.op.is_upper()
            || first.op.is_upper() && second.op.is_lower();
        let two = bounds.iter().filter(|bound| pass.same_column(bound.value, second.value)).count();
        if range && two == 2 && pass.constant(first.constant) != pass.constant(second.constant) {
            diagnostic = diagnostic.help("exchange the bounds, or join them with `or`");
            diagnostic.fixes.push(exchange(pass, first.constant, second.constant));
        } else {
            diagnostic = diagnostic.help("join the conditions with `or`, or leave one out");
        }
        found.push(diagnostic);
        return;
    }
}

/// Whether no value satisfies both.
fn excludes(pass: &Pass<'_>, a: &Bound, b: &Bound) -> bool {
    let (lower, upper) = match (a.op, b.op) {
        (Compare::Equal, Compare::Equal) => return false,
        (first, second) if first.is_upper() && second.is_upper() => return false,
        (first, second) if first.is_lower() && second.is_lower() => return false,
        (first, Compare::Equal) if first.is_upper() => (b, a),
        (Compare::Equal, second) if second.is_lower() => (b, a),
        (first, _) if first.is_upper() => (b, a),
        _ => (a, b),
    };
    let (Some(low), Some(high)) = (pass.constant(lower.constant), pass.constant(upper.constant))
    else {
        return false;
    };
    match order(&low, &high) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => lower.op == Compare::Greater || upper.op == Compare::Less,
        _ => false,
    }
}

/// The order of two constants; numbers in text are another finding.
fn order(a: &Constant, b: &Constant) -> Option<Ordering> {
    if let (Constant::Text(a), Constant::Text(b)) = (a, b) {
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if a.len() != b.len() && number(a) && number(b) {
            return None;
        }
    }
    a.order(b)
}
