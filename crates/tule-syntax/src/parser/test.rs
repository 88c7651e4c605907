//! IS, LIKE, BETWEEN and IN: the operators that begin with a word behind their operand.

use super::expr::{Node, level};
use super::state::State;
use crate::ast::ExprKind;
use crate::error::{Foreign, SyntaxErrorKind, Wanted};
use crate::token::TokenKind as T;

impl State<'_> {
    /// IS, LIKE, BETWEEN and IN, with or without NOT; `None` if NOT begins none of them.
    pub(super) fn test(&mut self, pos: &mut usize, left: Node) -> Option<Node> {
        let start = *pos;
        let from = self.arena.span(left.id);
        if self.kind(start) == T::Is {
            *pos += 1;
            return Some(self.is_test(pos, left, start));
        }
        let negated = self.kind(start) == T::Not;
        let word = start + usize::from(negated);
        match self.kind(word) {
            T::Like | T::Ilike => {
                *pos = word + 1;
                let caseless = self.kind(word) == T::Ilike;
                let pattern = self.climb(pos, level::TEST);
                let span = from.cover(self.arena.span(pattern.id));
                let kind =
                    ExprKind::Like { operand: left.id, pattern: pattern.id, negated, caseless };
                Some(self.node(kind, span, left.height.max(pattern.height), start))
            }
            T::Between => {
                *pos = word + 1;
                Some(self.between(pos, left, negated, start))
            }
            T::In => {
                *pos = word + 1;
                Some(self.in_list(pos, left, negated, start))
            }
            T::Null if negated => {
                let span = self.span_between(start, word + 1);
                self.error_over(start, SyntaxErrorKind::Foreign(Foreign::NotNull), span);
                *pos = word + 1;
                let kind = ExprKind::IsNull { operand: left.id, negated: true };
                Some(self.node(kind, from.cover(span), left.height, start))
            }
            _ => None,
        }
    }

    fn is_test(&mut self, pos: &mut usize, left: Node, start: usize) -> Node {
        let negated = self.kind(*pos) == T::Not;
        *pos += usize::from(negated);
        let from = self.arena.span(left.id);
        if self.kind(*pos) == T::Distinct && self.kind(*pos + 1) == T::From {
            *pos += 2;
            let right = self.climb(pos, level::COMPARE);
            let span = from.cover(self.arena.span(right.id));
            let kind = ExprKind::IsDistinct { left: left.id, right: right.id, negated };
            return self.node(kind, span, left.height.max(right.height), start);
        }
        if self.kind(*pos) == T::Null {
            *pos += 1;
        } else {
            self.expected(*pos, Wanted::Token(T::Null));
            // `IS TRUE` and the like: pass over the word, so that the clause goes on behind it.
            if matches!(self.kind(*pos), T::True | T::False | T::Ident) {
                *pos += 1;
            }
        }
        let span = from.cover(self.span(*pos - 1));
        self.node(ExprKind::IsNull { operand: left.id, negated }, span, left.height, start)
    }

    fn between(&mut self, pos: &mut usize, left: Node, negated: bool, start: usize) -> Node {
        let low = self.climb(pos, level::TEST);
        let high = if self.kind(*pos) == T::And {
            *pos += 1;
            self.climb(pos, level::TEST)
        } else {
            self.expected(*pos, Wanted::Token(T::And));
            Node { id: self.missing(*pos), height: 1 }
        };
        let operands = self.arena.push_list(&[left.id, low.id, high.id]);
        let span = self.arena.span(left.id).cover(self.arena.span(high.id));
        let height = left.height.max(low.height).max(high.height);
        self.node(ExprKind::Between { operands, negated }, span, height, start)
    }

    fn in_list(&mut self, pos: &mut usize, left: Node, negated: bool, start: usize) -> Node {
        let mark = self.pending.len();
        self.pending.push(left.id);
        let mut height = left.height;
        if self.kind(*pos) == T::LeftParen {
            let open = *pos;
            *pos += 1;
            if self.is_query_start(*pos) {
                self.subquery(pos, open);
            } else {
                height = height.max(self.expressions(pos));
                self.close(pos, T::RightParen, open);
            }
        } else {
            self.expected(*pos, Wanted::Token(T::LeftParen));
        }
        let operands = self.finish_list(mark);
        let span = self.arena.span(left.id).cover(self.span(pos.saturating_sub(1)));
        self.node(ExprKind::In { operands, negated }, span, height, start)
    }
}
