//! Statements, selects and clauses, as chumsky combinators.
//!
//! Each clause begins with a word of its own, so a select is a run of clauses in any order that
//! is folded into one [`Select`]; order and repetition are checked while folding. What begins no
//! clause is passed over up to the next word that does, with one error: that is the only
//! recovery, and it costs nothing on valid input. Statements in which no query nests are read by
//! the same rules without the grammar ([`plain`]). Expressions are parsed by [`super::expr`]
//! through `native`.

mod clause;
mod fold;
mod list;
mod plain;
mod select;
mod table;

use chumsky::DefaultExpected;
use chumsky::error::LabelError;
use chumsky::extra;
use chumsky::input::{InputRef, MapExtra};
use chumsky::inspector::SimpleState;
use chumsky::prelude::*;
use chumsky::recursive::{Direct, Recursive};
use chumsky::util::MaybeRef;

use super::state::{State, is_boundary};
use crate::ast::{Atom, Compound, Cte, Header, Ident, ParamDecl, Statement, Step, StepOp};
use crate::error::{SyntaxErrorKind, TokenSet, Wanted};
use crate::span::Span;
use crate::token::TokenKind as T;
use select::select;

pub(super) use plain::plain_statement;

pub(super) type Input<'t> = &'t [T];
pub(super) type Extra<'t> = extra::Full<Unexpected, SimpleState<State<'t>>, ()>;
/// A boxed parser: boxes keep compile time and type names short.
pub(super) type Rule<'t, O> = Boxed<'t, 't, Input<'t>, O, Extra<'t>>;
/// A query inside another one.
pub(super) type Nested<'t> = Recursive<Direct<'t, 't, Input<'t>, Compound, Extra<'t>>>;

/// A token that no rule takes, and those that some rule would have taken. No allocation, so that
/// alternatives stay cheap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unexpected {
    pub at: usize,
    pub expected: TokenSet,
}

impl<'t> chumsky::error::Error<'t, Input<'t>> for Unexpected {
    fn merge(self, other: Self) -> Self {
        Self { at: self.at, expected: self.expected.union(other.expected) }
    }
}

impl<'t> LabelError<'t, Input<'t>, DefaultExpected<'t, T>> for Unexpected {
    fn expected_found<E: IntoIterator<Item = DefaultExpected<'t, T>>>(
        expected: E,
        _found: Option<MaybeRef<'t, T>>,
        span: SimpleSpan,
    ) -> Self {
        let mut set = TokenSet::NONE;
        for item in expected {
            match item {
                DefaultExpected::Token(kind) => {
                    set = set.union(TokenSet::of(&[*kind]));
                }
                DefaultExpected::EndOfInput => {
                    set = set.union(TokenSet::of(&[T::End]));
                }
                _ => {}
            }
        }
        Self { at: span.start, expected: set }
    }
}

/// A rule written by hand: reads tokens through the state from a position on and gives a value
/// and the position behind it, or `None` where it does not begin here.
fn native<'t, O: 't>(
    parse: impl Fn(&mut State<'t>, usize) -> Option<(O, usize)> + Clone + 't,
) -> impl Parser<'t, Input<'t>, O, Extra<'t>> + Clone + 't {
    custom(move |input: &mut InputRef<'t, '_, Input<'t>, Extra<'t>>| {
        let at = *input.cursor().inner();
        let Some((value, end)) = parse(&mut input.state().0, at) else {
            return Err(Unexpected { at, expected: TokenSet::NONE });
        };
        for _ in at..end {
            input.skip();
        }
        Ok(value)
    })
}

fn token<'t>(kind: T) -> impl Parser<'t, Input<'t>, Span, Extra<'t>> + Clone + 't {
    just(kind).map_with(|_, e: &mut MapExtra<'t, '_, Input<'t>, Extra<'t>>| {
        let at: SimpleSpan = e.span();
        e.state().span(at.start)
    })
}

fn name(state: &mut State<'_>, at: usize, wanted: Wanted) -> Option<Ident> {
    let kind = state.kind(at);
    if kind.is_name() {
        return Some(state.span(at));
    }
    if kind.is_reserved() && (!is_boundary(kind) || !begins_clause(kind, state.kind(at + 1))) {
        state.error(at, SyntaxErrorKind::ReservedWord);
        return Some(state.span(at));
    }
    state.expected(at, wanted);
    None
}

/// Whether a reserved word does its work, judged by the token behind it.
fn begins_clause(word: T, next: T) -> bool {
    match word {
        T::Group | T::Order => next == T::By,
        T::Limit | T::Offset => matches!(next, T::Integer | T::All | T::Param),
        T::Left | T::Right | T::Full | T::Inner => matches!(next, T::Join | T::Outer),
        T::Search => next.is_string(),
        _ => true,
    }
}

/// The whole grammar. Build it once for many statements.
pub(super) fn statement<'t>() -> impl Parser<'t, Input<'t>, Statement, Extra<'t>> + 't {
    let compound = compound();
    let cte = native(|state, at| {
        let kind = state.kind(at);
        (kind.is_name() || kind == T::TableIdent).then(|| (state.span(at), at + 1))
    })
    .then_ignore(token(T::As))
    .then_ignore(open())
    .then(compound.clone())
    .then_ignore(close())
    .map_with(|(name, query), e| Cte { name, query, span: here(e) });
    let ctes = with_word()
        .ignore_then(cte.separated_by(just(T::Comma)).at_least(1).collect::<Vec<_>>())
        .or_not()
        .map(Option::unwrap_or_default);
    native(header).or_not().then(ctes).then(compound).map(|((header, ctes), query)| Statement {
        header,
        ctes,
        query: Some(query),
        ..Statement::default()
    })
}

fn here<'t>(e: &mut MapExtra<'t, '_, Input<'t>, Extra<'t>>) -> Span {
    let span: SimpleSpan = e.span();
    e.state().span_between(span.start, span.end)
}

/// WITH at the beginning of a statement, when a definition follows.
fn with_word<'t>() -> impl Parser<'t, Input<'t>, (), Extra<'t>> + 't {
    native(|state, at| {
        let defines = state.kind(at) == T::With && state.kind(at + 2) == T::As;
        defines.then_some(((), at + 1))
    })
}

/// `query name($a type default value, ...) as`
fn header(state: &mut State<'_>, at: usize) -> Option<(Header, usize)> {
    if state.kind(at) != T::Query || !state.kind(at + 1).is_name() {
        return None;
    }
    let name = Some(state.span(at + 1));
    let mut pos = at + 2;
    let mut params = Vec::new();
    if state.kind(pos) == T::LeftParen {
        let open = pos;
        pos += 1;
        while state.kind(pos) == T::Param {
            params.push(param_decl(state, &mut pos));
            if state.kind(pos) != T::Comma {
                break;
            }
            pos += 1;
            if state.kind(pos) != T::Param {
                state.expected(pos, Wanted::Parameter);
            }
        }
        if state.kind(pos) != T::RightParen && params.is_empty() {
            state.expected(pos, Wanted::Parameter);
        }
        state.close(&mut pos, T::RightParen, open);
    }
    state.word(&mut pos, T::As);
    Some((Header { name, params, span: state.span_between(at, pos) }, pos))
}

fn param_decl(state: &mut State<'_>, pos: &mut usize) -> ParamDecl {
    let start = *pos;
    let name = state.span(start);
    *pos += 1;
    let mut ty = None;
    if state.kind(*pos).is_name() && state.kind(*pos) != T::Default {
        ty = Some(state.span(*pos));
        *pos += 1;
    } else {
        state.expected(*pos, Wanted::TypeName);
    }
    let mut default = None;
    if state.kind(*pos) == T::Default {
        let (value, next) = state.root(*pos + 1);
        default = Some(value);
        *pos = next;
    }
    ParamDecl { name, ty, default, span: state.span_between(start, *pos) }
}

/// An opening parenthesis; [`close`] will say where it stood if nothing closes it.
fn open<'t>() -> impl Parser<'t, Input<'t>, (), Extra<'t>> + Clone + 't {
    native(|state, at| {
        if state.kind(at) != T::LeftParen {
            return None;
        }
        state.opened.push(at);
        Some(((), at + 1))
    })
}

fn close<'t>() -> impl Parser<'t, Input<'t>, (), Extra<'t>> + Clone + 't {
    native(|state, at| {
        let mut pos = at;
        let opened = state.opened.pop().unwrap_or(at.saturating_sub(1));
        state.close(&mut pos, T::RightParen, opened);
        Some(((), pos))
    })
}

/// `a |> b union c ...`
fn compound<'t>() -> Nested<'t> {
    recursive(|compound| {
        let atom = atom(compound);
        let step = native(step_op).then(atom.clone()).map_with(|((op, op_span), right), e| {
            if op == StepOp::Pipe && right.as_leaf().is_none() {
                let at: SimpleSpan = e.span();
                let span = right.span();
                e.state().error_over(at.start, SyntaxErrorKind::ExpectedLeafQuery, span);
            }
            Step { op, op_span, right }
        });
        atom.then(step.repeated().collect::<Vec<_>>()).map(|(first, rest)| {
            let last = rest.last().map_or(first.span(), |step: &Step| step.right.span());
            let span = first.span().cover(last);
            Compound { first, rest, span }
        })
    })
}

fn step_op(state: &mut State<'_>, at: usize) -> Option<((StepOp, Span), usize)> {
    let all = state.kind(at + 1) == T::All;
    let op = match (state.kind(at), all) {
        (T::PipeGreater, _) => StepOp::Pipe,
        (T::Union, false) => StepOp::Union,
        (T::Union, true) => StepOp::UnionAll,
        (T::Intersect, false) => StepOp::Intersect,
        (T::Intersect, true) => StepOp::IntersectAll,
        (T::Minus, false) => StepOp::Minus,
        (T::Minus, true) => StepOp::MinusAll,
        _ => return None,
    };
    let end = at + 1 + usize::from(all && op != StepOp::Pipe);
    Some(((op, state.span_between(at, end)), end))
}

fn atom(compound: Nested<'_>) -> Rule<'_, Atom> {
    let paren = open()
        .ignore_then(compound.clone())
        .then_ignore(close())
        .map_with(|compound, e| Atom::Paren(Box::new(compound), here(e)));
    choice((paren, select(compound).map(Atom::Select))).boxed()
}
