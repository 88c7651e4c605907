//! The select list: hints, DISTINCT, stars, expressions and their names.

use super::clause::{FEW, root_list};
use super::name;
use super::select::Part;
use crate::ast::{Clause, Distinct, Ident, SelectItem, Star};
use crate::error::{Foreign, SyntaxErrorKind, Wanted};
use crate::parser::state::{State, is_boundary};
use crate::token::TokenKind as T;

/// SELECT, behind the word.
pub(super) fn select_list(state: &mut State<'_>, pos: &mut usize) -> Part {
    let keyword = state.span(*pos - 1);
    let hints = hints(state, pos);
    let distinct = distinct(state, pos);
    let items = select_items(state, pos);
    Part::Select { keyword, hints, distinct, items }
}

fn hints(state: &mut State<'_>, pos: &mut usize) -> Vec<Ident> {
    let mut hints = Vec::new();
    if state.kind(*pos) != T::Hint {
        return hints;
    }
    *pos += 1;
    let open = *pos;
    state.word(pos, T::LeftParen);
    while state.kind(*pos).is_name() {
        hints.push(state.span(*pos));
        *pos += 1;
        if state.kind(*pos) != T::Comma {
            break;
        }
        *pos += 1;
        if state.kind(*pos) == T::RightParen {
            state.error(*pos - 1, SyntaxErrorKind::TrailingComma);
        }
    }
    state.close(pos, T::RightParen, open);
    hints
}

fn distinct(state: &mut State<'_>, pos: &mut usize) -> Distinct {
    let at = *pos;
    if state.kind(at) != T::Distinct {
        return Distinct::No;
    }
    *pos += 1;
    if state.kind(at + 1) != T::On || state.kind(at + 2) != T::LeftParen {
        return Distinct::All(state.span(at));
    }
    let keyword = state.span_between(at, at + 2);
    *pos = at + 3;
    let mut value = Vec::new();
    if state.kind(*pos) != T::RightParen {
        value = root_list(state, pos);
    }
    state.close(pos, T::RightParen, at + 2);
    Distinct::On(Clause { keyword, value })
}

fn select_items(state: &mut State<'_>, pos: &mut usize) -> Vec<SelectItem> {
    let mut items = Vec::new();
    skip_top(state, pos);
    if is_boundary(state.kind(*pos)) && !matches!(state.kind(*pos), T::Left | T::Right | T::Minus)
        || state.kind(*pos) == T::RightParen
    {
        return items;
    }
    items.reserve_exact(FEW);
    let mut plain = false;
    let mut starred = false;
    loop {
        let start = *pos;
        if let Some(star) = star(state, pos) {
            if plain {
                state.error_over(start, SyntaxErrorKind::StarAfterExpression, star.span);
            } else if star.system && starred {
                state.error_over(start, SyntaxErrorKind::SystemStarAfterStar, star.span);
            }
            starred = true;
            items.push(SelectItem::Star(star));
        } else {
            plain = true;
            items.push(select_expr(state, pos));
        }
        if state.kind(*pos) != T::Comma || state.gave_up {
            return items;
        }
        *pos += 1;
        let next = state.kind(*pos);
        if is_boundary(next) && !matches!(next, T::Left | T::Right) || next == T::RightParen {
            state.error(*pos - 1, SyntaxErrorKind::TrailingComma);
            return items;
        }
    }
}

/// `TOP n` of another dialect.
fn skip_top(state: &mut State<'_>, pos: &mut usize) {
    let at = *pos;
    if state.is_word(at, "top") && state.kind(at + 1) == T::Integer {
        let span = state.span_between(at, at + 2);
        state.error_over(at, SyntaxErrorKind::Foreign(Foreign::Top), span);
        *pos += 2;
    }
}

/// `[@t.](*|:*) [(EXCEPT a, b)]`; also `t.*`, reported.
fn star(state: &mut State<'_>, pos: &mut usize) -> Option<Star> {
    let start = *pos;
    let is_star = |kind| matches!(kind, T::Star | T::SystemStar);
    let mut table = None;
    if state.kind(start + 1) == T::Dot && is_star(state.kind(start + 2)) {
        if state.kind(start).is_name() {
            let span = state.span_between(start, start + 3);
            state.error_over(start, SyntaxErrorKind::BareTableStar, span);
        } else if state.kind(start) != T::TableIdent {
            return None;
        }
        table = Some(state.span(start));
        *pos += 2;
    } else if !is_star(state.kind(start)) {
        return None;
    }
    let system = state.kind(*pos) == T::SystemStar;
    *pos += 1;
    let mut except = Vec::new();
    if state.kind(*pos) == T::LeftParen {
        let open = *pos;
        *pos += 1;
        state.word(pos, T::Except);
        loop {
            let kind = state.kind(*pos);
            let fits = if system { kind == T::SystemIdent } else { kind.is_name() };
            if !fits && (kind == T::SystemIdent || kind.is_name()) {
                state.expected(*pos, Wanted::ColumnName);
            }
            if kind == T::SystemIdent || kind.is_name() {
                except.push(state.span(*pos));
                *pos += 1;
            } else {
                state.expected(*pos, Wanted::ColumnName);
                break;
            }
            if state.kind(*pos) != T::Comma {
                break;
            }
            *pos += 1;
        }
        state.close(pos, T::RightParen, open);
    }
    Some(Star { table, system, except, span: state.span_between(start, *pos) })
}

fn select_expr(state: &mut State<'_>, pos: &mut usize) -> SelectItem {
    let start = *pos;
    let (expr, next) = state.root(start);
    *pos = next;
    let mut alias = None;
    if state.kind(*pos) == T::As {
        *pos += 1;
        let kind = state.kind(*pos);
        if kind == T::SystemIdent {
            alias = Some(state.span(*pos));
            *pos += 1;
        } else if kind.is_string() {
            state.error(*pos, SyntaxErrorKind::QuotedAlias);
            alias = Some(state.span(*pos));
            *pos += 1;
        } else {
            alias = name(state, *pos, Wanted::Alias);
            *pos += usize::from(alias.is_some());
        }
    } else if next > start && state.is_bare_alias(*pos) {
        state.error(*pos, SyntaxErrorKind::MissingAs);
        alias = Some(state.span(*pos));
        *pos += 1;
    }
    let span = state.span_between(start, *pos);
    SelectItem::Expr { expr, alias, span }
}
