//! FROM and JOIN: which table, by what name.

use chumsky::prelude::*;

use super::clause::root_list;
use super::select::Part;
use super::{Extra, Input, Nested, Rule, close, here, native, open, token};
use crate::ast::{Clause, Ident, Join, JoinKind, Source, TableRef};
use crate::error::{Foreign, SyntaxErrorKind, Wanted};
use crate::parser::state::{State, is_boundary};
use crate::span::Span;
use crate::token::TokenKind as T;

pub(super) fn from(source: Rule<'_, Source>) -> impl Parser<'_, Input<'_>, Part, Extra<'_>> + '_ {
    let more = native(|state, at| {
        // `from a, b` of other dialects: report it and pass over the other tables.
        if state.kind(at) != T::Comma {
            return None;
        }
        let mut pos = at;
        while !is_boundary(state.kind(pos)) && state.kind(pos) != T::RightParen {
            pos += 1;
        }
        let span = state.span_between(at, pos);
        state.error_over(at, SyntaxErrorKind::Foreign(Foreign::CommaJoin), span);
        Some(((), pos))
    })
    .or_not();
    token(T::From)
        .then(source)
        .then(table_alias())
        .then_ignore(more)
        .map(|((keyword, source), alias)| Part::From(table_ref(keyword, source, alias)))
}

fn table_ref(keyword: Span, source: Source, alias: Option<Ident>) -> TableRef {
    let span = source.span();
    let span = alias.map_or(span, |alias| span.cover(alias));
    TableRef { keyword, source, alias, span }
}

pub(super) fn source(compound: Nested<'_>) -> Rule<'_, Source> {
    let paren =
        open().ignore_then(compound.clone()).then_ignore(close()).map_with(|mut compound, e| {
            compound.span = here(e);
            Source::Query(Box::new(compound))
        });
    // A select without parentheses, as JOIN allows.
    let bare = any()
        .filter(|kind| *kind == T::Select)
        .rewind()
        .ignore_then(compound)
        .map(|compound| Source::Query(Box::new(compound)));
    let missing = native(|state, at| {
        state.expected(at, Wanted::Table);
        Some((Source::Missing(state.span(at)), at))
    });
    choice((native(named_source), paren, bare, missing)).boxed()
}

fn named_source(state: &mut State<'_>, at: usize) -> Option<(Source, usize)> {
    if let Some(end) = bare_dataset_id(state, at) {
        let span = state.span_between(at, end);
        state.error_over(at, SyntaxErrorKind::BareDatasetId, span);
        return Some((Source::Named(span), end));
    }
    let kind = state.kind(at);
    if kind == T::TableIdent && state.kind(at + 1) == T::LeftParen {
        let mut pos = at + 2;
        let mut args = Vec::new();
        if state.kind(pos) != T::RightParen {
            args = root_list(state, &mut pos);
        }
        state.close(&mut pos, T::RightParen, at + 1);
        let span = state.span_between(at, pos);
        return Some((Source::Call { name: state.span(at), args, span }, pos));
    }
    if kind == T::TableIdent || kind.is_name() || kind.is_string() {
        return Some((Source::Named(state.span(at)), at + 1));
    }
    None
}

/// The end of `abcd-1234` written without `@` at `at`.
fn bare_dataset_id(state: &State<'_>, at: usize) -> Option<usize> {
    let mut end = at + 1;
    while state.touches_previous(end)
        && matches!(state.kind(end), T::Dash | T::Integer | T::Ident | T::Number)
    {
        end += 1;
    }
    let span = state.span_between(at, end);
    let text = state.source_text(span);
    let id = text.as_bytes();
    let fits = id.len() == 9
        && id.iter().enumerate().all(|(i, byte)| match i {
            4 => *byte == b'-',
            _ => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
        });
    fits.then_some(end)
}

fn table_alias<'t>() -> impl Parser<'t, Input<'t>, Option<Ident>, Extra<'t>> + 't {
    native(|state, at| {
        let is_alias = |kind: T| kind.is_name() || kind == T::TableIdent;
        if state.kind(at) == T::As {
            if is_alias(state.kind(at + 1)) {
                return Some((Some(state.span(at + 1)), at + 2));
            }
            state.expected(at + 1, Wanted::TableAlias);
            return Some((None, at + 1));
        }
        if state.kind(at) == T::TableIdent || state.is_bare_alias(at) {
            state.error(at, SyntaxErrorKind::MissingAs);
            return Some((Some(state.span(at)), at + 1));
        }
        Some((None, at))
    })
}

pub(super) fn join(source: Rule<'_, Source>) -> impl Parser<'_, Input<'_>, Part, Extra<'_>> + '_ {
    let words = native(|state, at| {
        let mut pos = at;
        let kind = match state.kind(pos) {
            T::Left => JoinKind::Left,
            T::Right => JoinKind::Right,
            T::Full => JoinKind::Full,
            T::Inner | T::Join => JoinKind::Inner,
            _ => return None,
        };
        if state.kind(pos) != T::Join {
            pos += 1;
        }
        if kind != JoinKind::Inner && state.kind(pos) == T::Outer {
            pos += 1;
        }
        state.word(&mut pos, T::Join);
        let lateral = state.kind(pos) == T::Lateral;
        pos += usize::from(lateral);
        Some(((kind, lateral, state.span_between(at, pos)), pos))
    });
    let on = native(|state, at| {
        if state.kind(at) != T::On {
            state.expected(at, Wanted::JoinCondition);
            return Some((None, at));
        }
        let keyword = state.span(at);
        let (value, next) = state.root(at + 1);
        Some((Some(Clause { keyword, value }), next))
    });
    words.then(source).then(table_alias()).then(on).map_with(
        |((((kind, lateral, keyword), source), alias), on), e| {
            if alias.is_none() && matches!(source, Source::Query(_)) {
                let tokens: SimpleSpan = e.span();
                let span = source.span();
                e.state().error_over(tokens.start, SyntaxErrorKind::SubqueryAlias, span);
            }
            let table = table_ref(keyword, source, alias);
            Part::Join(Join { kind, lateral, table, on, span: here(e) })
        },
    )
}
