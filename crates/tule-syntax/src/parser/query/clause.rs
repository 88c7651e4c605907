//! The simpler clauses: each begins with a word of its own and is read by hand.

use super::list::select_list;
use super::select::Part;
use crate::ast::{Clause, Count, OrderItem, Root};
use crate::error::{Foreign, SyntaxErrorKind, TokenSet, Wanted};
use crate::parser::state::{State, is_boundary};
use crate::span::Span;
use crate::token::TokenKind as T;

/// Words that begin a clause, for error texts.
pub(super) const CLAUSES: TokenSet = TokenSet::of(&[
    T::Select,
    T::From,
    T::Join,
    T::Where,
    T::Group,
    T::Having,
    T::Order,
    T::Limit,
    T::Offset,
    T::Search,
]);

/// Room that lists are made with: most have no more members.
pub(super) const FEW: usize = 4;

/// The clause that begins at `at`, unless it is one of tables.
pub(super) fn clause(state: &mut State<'_>, at: usize) -> Option<(Part, usize)> {
    let word = state.kind(at);
    let mut pos = at + 1;
    let part = match word {
        T::Select => select_list(state, &mut pos),
        T::Where => Part::Where(condition(state, &mut pos)),
        T::Having => Part::Having(condition(state, &mut pos)),
        T::Group => {
            state.word(&mut pos, T::By);
            let keyword = state.span_between(at, pos);
            Part::GroupBy(Clause { keyword, value: root_list(state, &mut pos) })
        }
        T::Order => {
            state.word(&mut pos, T::By);
            let keyword = state.span_between(at, pos);
            Part::OrderBy(Clause { keyword, value: order_items(state, &mut pos) })
        }
        T::Limit => Part::Limit(count(state, &mut pos, word)),
        T::Offset => Part::Offset(count(state, &mut pos, word)),
        T::Search => Part::Search(search(state, &mut pos)),
        _ => return None,
    };
    Some((part, pos))
}

/// WHERE and HAVING, behind the word.
fn condition(state: &mut State<'_>, pos: &mut usize) -> Clause<Root> {
    let keyword = state.span(*pos - 1);
    let (value, next) = state.root(*pos);
    *pos = next;
    Clause { keyword, value }
}

/// Whether no member of a list begins at `at`, behind a comma.
fn ends_list(state: &State<'_>, at: usize) -> bool {
    let kind = state.kind(at);
    // Functions of other dialects, which the checker knows.
    let call = matches!(kind, T::Left | T::Right) && state.kind(at + 1) == T::LeftParen;
    kind == T::RightParen || is_boundary(kind) && !call
}

pub(super) fn root_list(state: &mut State<'_>, pos: &mut usize) -> Vec<Root> {
    let mut roots = Vec::with_capacity(FEW);
    loop {
        let (root, next) = state.root(*pos);
        roots.push(root);
        *pos = next;
        if state.kind(*pos) != T::Comma || state.gave_up {
            return roots;
        }
        *pos += 1;
        if ends_list(state, *pos) {
            state.error(*pos - 1, SyntaxErrorKind::TrailingComma);
            return roots;
        }
    }
}

fn order_items(state: &mut State<'_>, pos: &mut usize) -> Vec<OrderItem> {
    let mut items = Vec::with_capacity(FEW);
    loop {
        items.push(state.order_item(pos));
        if state.kind(*pos) != T::Comma || state.gave_up {
            return items;
        }
        *pos += 1;
        if ends_list(state, *pos) {
            state.error(*pos - 1, SyntaxErrorKind::TrailingComma);
            return items;
        }
    }
}

/// LIMIT and OFFSET, behind the word.
fn count(state: &mut State<'_>, pos: &mut usize, word: T) -> Clause<Count> {
    let at = *pos;
    let keyword = state.span(at - 1);
    let span = state.span(at);
    *pos += 1;
    let value = match state.kind(at) {
        T::Integer => Count::Number(span),
        T::Param => Count::Param(span),
        T::All if word == T::Limit => Count::All(span),
        // A template of a host language, reported by the splitter.
        T::Unknown => Count::Missing(span),
        kind => {
            state.expected(at, Wanted::WholeNumber);
            if is_boundary(kind) || kind == T::RightParen {
                *pos = at;
            } else {
                // The whole of `-5` or `1 + 1` is at fault, not its first token alone.
                let (_, next) = state.root(at);
                *pos = next.max(at + 1);
            }
            Count::Missing(span)
        }
    };
    if word == T::Limit && state.kind(*pos) == T::Comma && state.kind(*pos + 1) == T::Integer {
        let span = state.span_between(at - 1, *pos + 2);
        state.error_over(*pos, SyntaxErrorKind::Foreign(Foreign::LimitComma), span);
        *pos += 2;
    }
    Clause { keyword, value }
}

/// SEARCH, behind the word.
fn search(state: &mut State<'_>, pos: &mut usize) -> Clause<Span> {
    let keyword = state.span(*pos - 1);
    let value = state.span(*pos);
    let found = state.kind(*pos);
    if found.is_string() || found == T::Unknown {
        *pos += 1;
        return Clause { keyword, value };
    }
    state.expected(*pos, Wanted::SearchText);
    Clause { keyword, value: Span::empty(value.start) }
}
