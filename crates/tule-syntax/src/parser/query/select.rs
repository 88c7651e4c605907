//! One select: a run of clauses in any order, and the recovery between them.

use chumsky::input::InputRef;
use chumsky::prelude::*;

use super::clause::{CLAUSES, clause};
use super::fold::Folding;
use super::table::{named_table, source, table};
use super::{Extra, Input, Nested, Unexpected, native};
use crate::ast::{
    Clause, Count, Distinct, Ident, Join, OrderItem, Root, Select, SelectItem, TableRef,
};
use crate::parser::state::{State, is_boundary};
use crate::span::Span;
use crate::token::TokenKind as T;

/// One part of a select.
pub(super) enum Part {
    Select {
        keyword: Span,
        hints: Vec<Ident>,
        distinct: Distinct,
        items: Vec<SelectItem>,
    },
    From(TableRef),
    Join(Join),
    Where(Clause<Root>),
    GroupBy(Clause<Vec<Root>>),
    Having(Clause<Root>),
    OrderBy(Clause<Vec<OrderItem>>),
    Search(Clause<Span>),
    Limit(Clause<Count>),
    Offset(Clause<Count>),
    /// Tokens passed over.
    Nothing,
}

/// A run of clauses.
pub(super) fn select(
    compound: Nested<'_>,
) -> impl Parser<'_, Input<'_>, Box<Select>, Extra<'_>> + '_ {
    let rest = native(|state, at| passed_over(state, at).map(|end| (Part::Nothing, end)));
    let part = part(table(source(compound))).recover_with(via_parser(rest));
    native(|state, at| Some((Folding::new(state, at), at)))
        .foldl_with(part.repeated(), |mut folding, part, e| {
            folding.take(e.state(), part);
            folding
        })
        .map_with(|folding, e| {
            let tokens: SimpleSpan = e.span();
            folding.finish(e.state(), tokens.start, tokens.end)
        })
}

/// The same without a query inside it, in a loop; `None` where it takes the grammar. What begins
/// no clause goes to `faults`.
pub(super) fn plain_select(
    state: &mut State<'_>,
    start: usize,
    faults: &mut Vec<Unexpected>,
) -> Option<(Box<Select>, usize)> {
    let mut folding = Folding::new(state, start);
    let mut at = start;
    while !ends_select(state.kind(at)) {
        let (part, end) = match clause(state, at) {
            Some(found) => found,
            None if begins_table(state.kind(at)) => named_table(state, at)?,
            None => {
                faults.push(Unexpected { at, expected: CLAUSES });
                (Part::Nothing, passed_over(state, at)?)
            }
        };
        folding.take(state, part);
        at = end;
    }
    Some((folding.finish(state, start, at), at))
}

/// Whether `kind` is a word that FROM or JOIN begins with.
fn begins_table(kind: T) -> bool {
    matches!(kind, T::From | T::Join | T::Inner | T::Left | T::Right | T::Full)
}

/// One clause, chosen by its first word: no alternative is tried in vain.
fn part<'t>(
    table: impl Parser<'t, Input<'t>, Part, Extra<'t>> + 't,
) -> impl Parser<'t, Input<'t>, Part, Extra<'t>> + 't {
    custom(move |input: &mut InputRef<'t, '_, Input<'t>, Extra<'t>>| {
        let at = *input.cursor().inner();
        if begins_table(input.state().kind(at)) {
            return input.parse(&table);
        }
        let Some((part, end)) = clause(input.state(), at) else {
            return Err(Unexpected { at, expected: CLAUSES });
        };
        for _ in at..end {
            input.skip();
        }
        Ok(part)
    })
}

/// The next word behind `at` that begins a clause or ends the select, if any token stands between.
fn passed_over(state: &State<'_>, at: usize) -> Option<usize> {
    // The name of a joined select that stands without parentheses.
    if state.kind(at) == T::As && state.kind(at + 2) == T::On {
        return None;
    }
    let mut pos = at;
    let mut depth = 0_u32;
    loop {
        match state.kind(pos) {
            T::LeftParen | T::LeftBracket => depth += 1,
            T::RightParen | T::RightBracket => {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            }
            // A word that is out of place here (`on` without a join) is passed over too, or
            // the run would never end.
            kind if depth == 0 && is_boundary(kind) && (pos > at || ends_select(kind)) => break,
            T::End => break,
            _ => {}
        }
        pos += 1;
    }
    (pos > at).then_some(pos)
}

fn ends_select(kind: T) -> bool {
    matches!(kind, T::End | T::Union | T::Intersect | T::Minus | T::PipeGreater)
}
