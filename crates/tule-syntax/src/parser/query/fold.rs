//! From a run of clauses to a select: order and repetition are checked here.

use super::select::Part;
use crate::ast::Select;
use crate::error::{SyntaxErrorKind, Wanted};
use crate::parser::state::State;
use crate::span::Span;
use crate::token::TokenKind as T;

/// A select that is being put together.
pub(super) struct Folding {
    /// Boxed from the beginning: it is handed from clause to clause.
    select: Box<Select>,
    /// Rank and word of the clause that must stand latest so far.
    latest: Option<(u8, T)>,
    /// A clause out of order or standing twice has been reported: more would say nothing new.
    disordered: bool,
    /// Something other than SELECT or FROM stood first.
    headless: bool,
}

impl Folding {
    pub(super) fn new(state: &State<'_>, at: usize) -> Self {
        let headless = matches!(
            state.kind(at),
            T::Where
                | T::Group
                | T::Having
                | T::Order
                | T::Limit
                | T::Offset
                | T::Search
                | T::Join
                | T::Inner
                | T::Left
                | T::Right
                | T::Full
        );
        Self { select: Box::default(), latest: None, disordered: false, headless }
    }

    /// The select made of the tokens from `start` to `end`.
    pub(super) fn finish(mut self, state: &mut State<'_>, start: usize, end: usize) -> Box<Select> {
        if start == end {
            state.expected(start, Wanted::SelectOrParen);
        } else if self.headless && self.select.keyword.is_none() && self.select.from.is_none() {
            let kind =
                SyntaxErrorKind::Expected { wanted: Wanted::Select, found: state.kind(start) };
            let span = state.span(start);
            state.report(kind, span);
        }
        self.select.span = state.span_between(start, end);
        self.select
    }

    pub(super) fn take(&mut self, state: &mut State<'_>, part: Part) {
        match part {
            Part::Nothing => {}
            Part::Select { keyword, hints, distinct, items } => {
                if self.once(state, T::Select, keyword, self.select.keyword) {
                    // FROM may stand in front, with its joins: then the columns are known while SELECT
                    // is typed. A join alone joins nothing.
                    let first = if self.select.from.is_some() { 2 } else { 0 };
                    let before = self.latest.filter(|(rank, _)| *rank > first);
                    self.in_order(state, T::Select, 0, keyword, before);
                    self.select.from_first = self.select.from.is_some();
                    self.select.keyword = Some(keyword);
                    self.select.hints = hints;
                    self.select.distinct = distinct;
                    self.select.items = items;
                }
            }
            Part::From(table) => {
                let before = self.select.from.as_ref().map(|from| from.keyword);
                if self.once(state, T::From, table.keyword, before) {
                    self.place(state, T::From, 1, table.keyword);
                    self.select.from_first |= self.select.keyword.is_none();
                    self.select.from = Some(table);
                }
            }
            Part::Join(join) => {
                self.place(state, T::Join, 2, join.table.keyword);
                self.select.joins.push(join);
            }
            Part::Where(clause) => {
                let before = self.select.filter.as_ref().map(|clause| clause.keyword);
                if self.once(state, T::Where, clause.keyword, before) {
                    self.place(state, T::Where, 3, clause.keyword);
                    self.select.filter = Some(clause);
                }
            }
            Part::GroupBy(clause) => {
                let before = self.select.group_by.as_ref().map(|clause| clause.keyword);
                if self.once(state, T::Group, clause.keyword, before) {
                    self.place(state, T::Group, 4, clause.keyword);
                    self.select.group_by = Some(clause);
                }
            }
            Part::Having(clause) => {
                let before = self.select.having.as_ref().map(|clause| clause.keyword);
                if self.once(state, T::Having, clause.keyword, before) {
                    self.place(state, T::Having, 5, clause.keyword);
                    self.select.having = Some(clause);
                }
            }
            Part::OrderBy(clause) => {
                let before = self.select.order_by.as_ref().map(|clause| clause.keyword);
                if self.once(state, T::Order, clause.keyword, before) {
                    self.place(state, T::Order, 6, clause.keyword);
                    self.select.order_by = Some(clause);
                }
            }
            Part::Search(clause) => {
                let before = self.select.search.as_ref().map(|clause| clause.keyword);
                if self.once(state, T::Search, clause.keyword, before) {
                    self.place(state, T::Search, 6, clause.keyword);
                    self.select.search = Some(clause);
                }
            }
            Part::Limit(clause) => {
                let before = self.select.limit.as_ref().map(|clause| clause.keyword);
                if self.once(state, T::Limit, clause.keyword, before) {
                    self.place(state, T::Limit, 7, clause.keyword);
                    self.select.limit = Some(clause);
                }
            }
            Part::Offset(clause) => {
                let before = self.select.offset.as_ref().map(|clause| clause.keyword);
                if self.once(state, T::Offset, clause.keyword, before) {
                    self.place(state, T::Offset, 7, clause.keyword);
                    self.select.offset = Some(clause);
                }
            }
        }
    }

    fn once(
        &mut self,
        state: &mut State<'_>,
        clause: T,
        keyword: Span,
        before: Option<Span>,
    ) -> bool {
        let Some(first) = before else { return true };
        self.disorder(state, SyntaxErrorKind::ClauseTwice { clause, first }, keyword);
        false
    }

    fn place(&mut self, state: &mut State<'_>, clause: T, rank: u8, keyword: Span) {
        let before = self.latest.filter(|(latest, _)| *latest > rank);
        self.in_order(state, clause, rank, keyword, before);
    }

    fn in_order(
        &mut self,
        state: &mut State<'_>,
        clause: T,
        rank: u8,
        keyword: Span,
        before: Option<(u8, T)>,
    ) {
        if let Some((_, before)) = before {
            self.disorder(state, SyntaxErrorKind::ClauseOrder { clause, before }, keyword);
        } else if self.latest.is_none_or(|(latest, _)| latest <= rank) {
            self.latest = Some((rank, clause));
        }
    }

    fn disorder(&mut self, state: &mut State<'_>, kind: SyntaxErrorKind, keyword: Span) {
        if !self.disordered {
            state.report(kind, keyword);
        }
        self.disordered = true;
    }
}
