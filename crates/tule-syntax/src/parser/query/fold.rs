//! From a run of clauses to a select: order and repetition are checked here.

use super::select::Part;
use crate::ast::Select;
use crate::error::{SyntaxErrorKind, Wanted};
use crate::parser::state::State;
use crate::span::Span;
use crate::token::TokenKind as T;

/// Puts the parts together; reports those out of order and those that stand twice.
pub(super) fn fold(state: &mut State<'_>, parts: Vec<Part>, span: Span, at: usize) -> Select {
    let mut folding = Folding { state, select: Select { span, ..Select::default() }, latest: None };
    let bare = !parts
        .iter()
        .any(|part| matches!(part, Part::Select { .. } | Part::From(_) | Part::Nothing));
    if bare {
        folding.state.expected(at, Wanted::Select);
    }
    for part in parts {
        folding.take(part);
    }
    folding.select
}

struct Folding<'s, 't> {
    state: &'s mut State<'t>,
    select: Select,
    /// Rank and word of the clause that must stand latest so far.
    latest: Option<(u8, T)>,
}

impl Folding<'_, '_> {
    fn take(&mut self, part: Part) {
        match part {
            Part::Nothing => {}
            Part::Select { keyword, hints, distinct, items } => {
                if self.once(T::Select, keyword, self.select.keyword) {
                    // FROM may stand in front: then the columns are known while SELECT is typed.
                    let before = self.latest.filter(|(rank, _)| *rank > 2);
                    self.in_order(T::Select, 0, keyword, before);
                    self.select.from_first = self.select.from.is_some();
                    self.select.keyword = Some(keyword);
                    self.select.hints = hints;
                    self.select.distinct = distinct;
                    self.select.items = items;
                }
            }
            Part::From(table) => {
                let before = self.select.from.as_ref().map(|from| from.keyword);
                if self.once(T::From, table.keyword, before) {
                    self.place(T::From, 1, table.keyword);
                    self.select.from_first |= self.select.keyword.is_none();
                    self.select.from = Some(table);
                }
            }
            Part::Join(join) => {
                self.place(T::Join, 2, join.table.keyword);
                self.select.joins.push(join);
            }
            Part::Where(clause) => {
                let before = self.select.filter.as_ref().map(|clause| clause.keyword);
                if self.once(T::Where, clause.keyword, before) {
                    self.place(T::Where, 3, clause.keyword);
                    self.select.filter = Some(clause);
                }
            }
            Part::GroupBy(clause) => {
                let before = self.select.group_by.as_ref().map(|clause| clause.keyword);
                if self.once(T::Group, clause.keyword, before) {
                    self.place(T::Group, 4, clause.keyword);
                    self.select.group_by = Some(clause);
                }
            }
            Part::Having(clause) => {
                let before = self.select.having.as_ref().map(|clause| clause.keyword);
                if self.once(T::Having, clause.keyword, before) {
                    self.place(T::Having, 5, clause.keyword);
                    self.select.having = Some(clause);
                }
            }
            Part::OrderBy(clause) => {
                let before = self.select.order_by.as_ref().map(|clause| clause.keyword);
                if self.once(T::Order, clause.keyword, before) {
                    self.place(T::Order, 6, clause.keyword);
                    self.select.order_by = Some(clause);
                }
            }
            Part::Search(clause) => {
                let before = self.select.search.as_ref().map(|clause| clause.keyword);
                if self.once(T::Search, clause.keyword, before) {
                    self.place(T::Search, 6, clause.keyword);
                    self.select.search = Some(clause);
                }
            }
            Part::Limit(clause) => {
                let before = self.select.limit.as_ref().map(|clause| clause.keyword);
                if self.once(T::Limit, clause.keyword, before) {
                    self.place(T::Limit, 7, clause.keyword);
                    self.select.limit = Some(clause);
                }
            }
            Part::Offset(clause) => {
                let before = self.select.offset.as_ref().map(|clause| clause.keyword);
                if self.once(T::Offset, clause.keyword, before) {
                    self.place(T::Offset, 7, clause.keyword);
                    self.select.offset = Some(clause);
                }
            }
        }
    }

    fn once(&mut self, clause: T, keyword: Span, before: Option<Span>) -> bool {
        let Some(first) = before else { return true };
        let kind = SyntaxErrorKind::ClauseTwice { clause, first };
        self.state.report(kind, keyword);
        false
    }

    fn place(&mut self, clause: T, rank: u8, keyword: Span) {
        let before = self.latest.filter(|(latest, _)| *latest > rank);
        self.in_order(clause, rank, keyword, before);
    }

    fn in_order(&mut self, clause: T, rank: u8, keyword: Span, before: Option<(u8, T)>) {
        if let Some((_, before)) = before {
            self.state.report(SyntaxErrorKind::ClauseOrder { clause, before }, keyword);
        } else if self.latest.is_none_or(|(latest, _)| latest <= rank) {
            self.latest = Some((rank, clause));
        }
    }
}
