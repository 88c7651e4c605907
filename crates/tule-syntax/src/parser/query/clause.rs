//! The simpler clauses.

use chumsky::prelude::*;

use super::{Extra, Input, native, root, token};
use crate::ast::{Clause, Count, OrderItem, Root};
use crate::error::{Foreign, SyntaxErrorKind, Wanted};
use crate::parser::state::{State, is_boundary};
use crate::span::Span;
use crate::token::TokenKind as T;

pub(super) fn root_list(state: &mut State<'_>, pos: &mut usize) -> Vec<Root> {
    let mut roots = Vec::new();
    loop {
        let (root, next) = state.root(*pos);
        roots.push(root);
        *pos = next;
        if state.kind(*pos) != T::Comma || state.gave_up {
            return roots;
        }
        *pos += 1;
        if is_boundary(state.kind(*pos)) || state.kind(*pos) == T::RightParen {
            state.error(*pos - 1, SyntaxErrorKind::TrailingComma);
            return roots;
        }
    }
}

pub(super) fn roots<'t>() -> impl Parser<'t, Input<'t>, Vec<Root>, Extra<'t>> + 't {
    native(|state, at| {
        let mut pos = at;
        let roots = root_list(state, &mut pos);
        Some((roots, pos))
    })
}

pub(super) fn order_items<'t>() -> impl Parser<'t, Input<'t>, Vec<OrderItem>, Extra<'t>> + 't {
    native(|state, at| {
        let mut pos = at;
        let mut items = Vec::new();
        loop {
            items.push(state.order_item(&mut pos));
            if state.kind(pos) != T::Comma || state.gave_up {
                return Some((items, pos));
            }
            pos += 1;
            if is_boundary(state.kind(pos)) || state.kind(pos) == T::RightParen {
                state.error(pos - 1, SyntaxErrorKind::TrailingComma);
                return Some((items, pos));
            }
        }
    })
}

pub(super) fn filter<'t>(word: T) -> impl Parser<'t, Input<'t>, Clause<Root>, Extra<'t>> + 't {
    token(word).then(root()).map(|(keyword, value)| Clause { keyword, value })
}

pub(super) fn count<'t>(word: T) -> impl Parser<'t, Input<'t>, Clause<Count>, Extra<'t>> + 't {
    native(move |state, at| {
        if state.kind(at) != word {
            return None;
        }
        let keyword = state.span(at);
        let mut pos = at + 2;
        let value = match state.kind(at + 1) {
            T::Integer => Count::Number(state.span(at + 1)),
            T::Param => Count::Param(state.span(at + 1)),
            T::All if word == T::Limit => Count::All(state.span(at + 1)),
            // A template of a host language, reported by the splitter.
            T::Unknown => Count::Missing(state.span(at + 1)),
            kind => {
                state.expected(at + 1, Wanted::WholeNumber);
                let span = state.span(at + 1);
                if is_boundary(kind) || kind == T::RightParen {
                    pos = at + 1;
                } else {
                    // The whole of `-5` or `1 + 1` is at fault, not its first token alone.
                    let (_, next) = state.root(at + 1);
                    pos = next.max(at + 2);
                }
                Count::Missing(span)
            }
        };
        if word == T::Limit && state.kind(pos) == T::Comma && state.kind(pos + 1) == T::Integer {
            let span = state.span_between(at, pos + 2);
            state.error_over(pos, SyntaxErrorKind::Foreign(Foreign::LimitComma), span);
            pos += 2;
        }
        Some((Clause { keyword, value }, pos))
    })
}

pub(super) fn search<'t>() -> impl Parser<'t, Input<'t>, Clause<Span>, Extra<'t>> + 't {
    native(|state, at| {
        if state.kind(at) != T::Search {
            return None;
        }
        let keyword = state.span(at);
        let found = state.kind(at + 1);
        let value = state.span(at + 1);
        if found.is_string() || found == T::Unknown {
            return Some((Clause { keyword, value }, at + 2));
        }
        state.expected(at + 1, Wanted::SearchText);
        Some((Clause { keyword, value: Span::empty(value.start) }, at + 1))
    })
}

/// Two words, the second of which may be missing (and is then reported).
pub(super) fn words<'t>(first: T, second: T) -> impl Parser<'t, Input<'t>, Span, Extra<'t>> + 't {
    native(move |state, at| {
        if state.kind(at) != first {
            return None;
        }
        let mut pos = at + 1;
        state.word(&mut pos, second);
        Some((state.span_between(at, pos), pos))
    })
}
