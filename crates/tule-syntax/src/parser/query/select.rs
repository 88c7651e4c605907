//! One select: a run of clauses in any order, and the recovery between them.

use chumsky::prelude::*;

use super::clause::{count, filter, order_items, roots, search, words};
use super::fold::fold;
use super::list::select_list;
use super::table::{from, join};
use super::{Extra, Input, Rule, here, native};
use crate::ast::{
    Clause, Compound, Count, Distinct, Ident, Join, OrderItem, Root, Select, SelectItem, TableRef,
};
use crate::error::Wanted;
use crate::parser::state::is_boundary;
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

/// A run of clauses; at least one token long unless nothing is left.
pub(super) fn select(compound: Rule<'_, Compound>) -> Rule<'_, Select> {
    let part = choice((
        select_list(),
        from(compound.clone()),
        filter(T::Where).map(Part::Where),
        words(T::Group, T::By)
            .then(roots())
            .map(|(keyword, value)| Part::GroupBy(Clause { keyword, value })),
        filter(T::Having).map(Part::Having),
        words(T::Order, T::By)
            .then(order_items())
            .map(|(keyword, value)| Part::OrderBy(Clause { keyword, value })),
        count(T::Limit).map(Part::Limit),
        count(T::Offset).map(Part::Offset),
        search().map(Part::Search),
        join(compound).map(Part::Join),
    ))
    .boxed();
    let part = part.recover_with(via_parser(passed_over())).boxed();
    let nothing = native(|state, at| {
        state.expected(at, Wanted::SelectOrParen);
        let span = state.span(at);
        Some((Select { span, ..Select::default() }, at))
    });
    let run = part.repeated().at_least(1).collect::<Vec<_>>().map_with(|parts, e| {
        let tokens: SimpleSpan = e.span();
        let span = here(e);
        fold(e.state(), parts, span, tokens.start)
    });
    choice((run, nothing)).boxed()
}

/// Tokens up to the next word that begins a clause or ends the select.
fn passed_over<'t>() -> impl Parser<'t, Input<'t>, Part, Extra<'t>> + 't {
    native(|state, at| {
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
        (pos > at).then_some((Part::Nothing, pos))
    })
}

fn ends_select(kind: T) -> bool {
    matches!(kind, T::End | T::Union | T::Intersect | T::Minus | T::PipeGreater)
}
