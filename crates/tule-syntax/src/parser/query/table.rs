//! FROM and JOIN: which table, by what name.

use chumsky::input::InputRef;
use chumsky::prelude::*;

use super::clause::root_list;
use super::select::Part;
use super::{Extra, Input, Nested, Rule, Unexpected, close, here, native, open};
use crate::ast::{Clause, Ident, Join, JoinKind, Source, TableRef};
use crate::error::{Foreign, SyntaxErrorKind, TokenSet, Wanted};
use crate::parser::state::{State, is_boundary};
use crate::span::Span;
use crate::token::TokenKind as T;

/// The words in front of a table.
#[derive(Clone, Copy)]
struct Head {
    /// Index of the first word.
    at: usize,
    /// FROM, or all words of a JOIN.
    keyword: Span,
    /// For a JOIN: which rows are kept, and LATERAL.
    join: Option<(JoinKind, bool)>,
}

/// FROM or JOIN with its table, alias and condition.
pub(super) fn table(source: Rule<'_, Source>) -> impl Parser<'_, Input<'_>, Part, Extra<'_>> + '_ {
    custom(move |input: &mut InputRef<'_, '_, Input<'_>, Extra<'_>>| {
        let at = *input.cursor().inner();
        let Some((head, pos)) = head(input.state(), at) else {
            return Err(Unexpected { at, expected: TokenSet::NONE });
        };
        for _ in at..pos {
            input.skip();
        }
        let source = input.parse(&source)?;
        let pos = *input.cursor().inner();
        let (part, end) = tail(input.state(), head, source, pos);
        for _ in pos..end {
            input.skip();
        }
        Ok(part)
    })
}

/// The same where the table has a name; `None` where a query stands in its place.
pub(super) fn named_table(state: &mut State<'_>, at: usize) -> Option<(Part, usize)> {
    let (head, pos) = head(state, at)?;
    let (source, pos) = named_source(state, pos)?;
    Some(tail(state, head, source, pos))
}

fn head(state: &mut State<'_>, at: usize) -> Option<(Head, usize)> {
    let mut pos = at;
    let kind = match state.kind(pos) {
        T::From => return Some((Head { at, keyword: state.span(at), join: None }, at + 1)),
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
    let keyword = state.span_between(at, pos);
    Some((Head { at, keyword, join: Some((kind, lateral)) }, pos))
}

/// What stands behind the table: its alias, and ON or the tables that another dialect lists.
fn tail(state: &mut State<'_>, head: Head, source: Source, at: usize) -> (Part, usize) {
    let (alias, mut pos) = table_alias(state, at);
    let unnamed = alias.is_none() && matches!(source, Source::Query(_));
    let table = table_ref(head.keyword, source, alias);
    let Some((kind, lateral)) = head.join else {
        pos = more_tables(state, pos);
        return (Part::From(table), pos);
    };
    let mut on = None;
    if state.kind(pos) == T::On {
        let keyword = state.span(pos);
        let (value, next) = state.root(pos + 1);
        on = Some(Clause { keyword, value });
        pos = next;
    } else {
        state.expected(pos, Wanted::JoinCondition);
    }
    if unnamed {
        state.error_over(head.at, SyntaxErrorKind::SubqueryAlias, table.span);
    }
    let span = state.span_between(head.at, pos);
    (Part::Join(Join { kind, lateral, table, on, span }), pos)
}

/// `from a, b` of other dialects: reports it and passes over the other tables.
fn more_tables(state: &mut State<'_>, at: usize) -> usize {
    if state.kind(at) != T::Comma {
        return at;
    }
    let mut pos = at;
    while !is_boundary(state.kind(pos)) && state.kind(pos) != T::RightParen {
        pos += 1;
    }
    let span = state.span_between(at, pos);
    state.error_over(at, SyntaxErrorKind::Foreign(Foreign::CommaJoin), span);
    pos
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

fn table_alias(state: &mut State<'_>, at: usize) -> (Option<Ident>, usize) {
    let is_alias = |kind: T| kind.is_name() || kind == T::TableIdent;
    if state.kind(at) == T::As {
        if is_alias(state.kind(at + 1)) {
            return (Some(state.span(at + 1)), at + 2);
        }
        state.expected(at + 1, Wanted::TableAlias);
        return (None, at + 1);
    }
    if state.kind(at) == T::TableIdent || state.is_bare_alias(at) {
        state.error(at, SyntaxErrorKind::MissingAs);
        return (Some(state.span(at)), at + 1);
    }
    (None, at)
}
