//! Statements without a query inside another one, in a loop over the same rules.
//!
//! Nearly all statements are such, and are spared the making of the grammar and its machinery.
//! Whatever nests, or cannot be read here for another reason, goes the full way from the start.

use super::select::plain_select;
use super::{Unexpected, header, step_op};
use crate::ast::{Atom, Compound, Statement, Step};
use crate::parser::state::State;
use crate::token::TokenKind as T;

/// A statement of all tokens and the tokens that begin no clause; `None` where it takes the
/// grammar.
pub(in crate::parser) fn plain_statement(
    state: &mut State<'_>,
) -> Option<(Statement, Vec<Unexpected>)> {
    let mut faults = Vec::new();
    if state.kind(0) == T::End {
        return Some((Statement::default(), faults));
    }
    let (header, start) = match header(state, 0) {
        Some((header, end)) => (Some(header), end),
        None => (None, 0),
    };
    if matches!(state.kind(start), T::LeftParen | T::With) {
        return None;
    }
    let (first, mut at) = plain_select(state, start, &mut faults)?;
    let mut span = first.span;
    let mut rest = Vec::new();
    while let Some(((op, op_span), behind)) = step_op(state, at) {
        if state.kind(behind) == T::LeftParen {
            return None;
        }
        let (right, end) = plain_select(state, behind, &mut faults)?;
        span = span.cover(right.span);
        rest.push(Step { op, op_span, right: Atom::Select(right) });
        at = end;
    }
    let query = Compound { first: Atom::Select(first), rest, span };
    Some((Statement { header, query: Some(query), ..Statement::default() }, faults))
}
