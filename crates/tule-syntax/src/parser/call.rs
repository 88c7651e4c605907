//! Calls and CASE: everything an expression can begin with a word.

use super::expr::{Node, level};
use super::state::State;
use crate::ast::{
    BoundKind, CallStyle, ExprKind, Filter, Frame, FrameBound, FrameExclude, FrameUnit, OrderItem,
    Suffix, SuffixId, Window,
};
use crate::error::{Foreign, SyntaxErrorKind, Wanted};
use crate::token::TokenKind as T;

impl State<'_> {
    /// A column, call or CASE at a name.
    pub(super) fn name(&mut self, pos: &mut usize) -> Node {
        let start = *pos;
        let next = self.kind(start + 1);
        if self.kind(start) == T::Case && self.begins_case(start) {
            return self.case(pos, start, None);
        }
        if next == T::LeftParen {
            let call = self.call(pos);
            // `case (x) when ...`: what looked like a call was the subject of a CASE.
            if self.kind(start) == T::Case && self.kind(*pos) == T::When {
                return self.case_after_subject(pos, start, call);
            }
            return call;
        }
        if next.is_string() && !self.touches_previous(start + 1) && self.is_literal_prefix(start) {
            let span = self.span(start);
            self.error_over(start, SyntaxErrorKind::Foreign(Foreign::TypedLiteral), span);
            *pos += 1;
            let (id, next) = self.expression_atom(*pos);
            *pos = next;
            return Node { id, height: 1 };
        }
        self.leaf(pos, ExprKind::Column(self.span(start)))
    }

    /// `DATE '...'` and its like in other dialects.
    fn is_literal_prefix(&self, at: usize) -> bool {
        ["date", "timestamp", "time", "interval", "datetime"]
            .iter()
            .any(|word| self.is_word(at, word))
    }

    fn expression_atom(&mut self, at: usize) -> (crate::ast::ExprId, usize) {
        let literal = match self.kind(at) {
            T::DoubleString | T::UnterminatedDoubleString => crate::ast::Literal::DoubleString,
            _ => crate::ast::Literal::String,
        };
        let span = self.span(at);
        (self.arena.push(ExprKind::Literal(literal), span), at + 1)
    }

    /// Whether CASE at `at` is the keyword: WHEN or the subject of a simple CASE follows.
    fn begins_case(&self, at: usize) -> bool {
        let next = self.kind(at + 1);
        match next {
            T::When => true,
            // A column, a call or a name in front of a clause word.
            T::EndWord | T::Then | T::Else => false,
            _ => {
                next.is_name()
                    || next.is_string()
                    || matches!(
                        next,
                        T::Integer
                            | T::Number
                            | T::True
                            | T::False
                            | T::SystemIdent
                            | T::TableIdent
                            | T::Param
                            | T::Hole
                    )
            }
        }
    }

    /// CASE with the word at `start`; `subject` if it has been parsed already.
    fn case(&mut self, pos: &mut usize, start: usize, subject: Option<Node>) -> Node {
        let mut height = 0;
        let mut subject = subject;
        if subject.is_none() {
            *pos = start + 1;
            if self.kind(*pos) != T::When {
                subject = Some(self.climb(pos, level::OR));
            }
        }
        if let Some(node) = subject {
            height = node.height;
        }
        let mark = self.pending.len();
        while self.kind(*pos) == T::When && !self.gave_up {
            *pos += 1;
            let condition = self.climb(pos, level::OR);
            self.pending.push(condition.id);
            let value = if self.kind(*pos) == T::Then {
                *pos += 1;
                self.climb(pos, level::OR)
            } else {
                self.expected(*pos, Wanted::Token(T::Then));
                Node { id: self.missing(*pos), height: 1 }
            };
            self.pending.push(value.id);
            height = height.max(condition.height).max(value.height);
        }
        if self.pending.len() == mark {
            self.expected(*pos, Wanted::Token(T::When));
        }
        let arms = self.finish_list(mark);
        let mut otherwise = None;
        if self.kind(*pos) == T::Else {
            *pos += 1;
            let node = self.climb(pos, level::OR);
            height = height.max(node.height);
            otherwise = Some(node.id);
        }
        if self.kind(*pos) == T::EndWord {
            *pos += 1;
        } else {
            self.expected(*pos, Wanted::Token(T::EndWord));
        }
        let span = self.span_between(start, *pos);
        let kind = ExprKind::Case { subject: subject.map(|node| node.id), arms, otherwise };
        self.node(kind, span, height, start)
    }

    /// `case (x) when ...`, where `case (x)` has been read as a call.
    fn case_after_subject(&mut self, pos: &mut usize, start: usize, call: Node) -> Node {
        let ExprKind::Call { style: CallStyle::Plain, args, suffix: None, .. } =
            self.arena.expr(call.id).kind
        else {
            return call;
        };
        let [only] = *self.arena.list(args) else { return call };
        self.arena.retract(call.id);
        let subject = Node { id: only, height: call.height };
        self.case(pos, start, Some(subject))
    }

    /// `name(...) [FILTER (...)] [OVER (...)]`
    fn call(&mut self, pos: &mut usize) -> Node {
        let start = *pos;
        let name = self.span(start);
        let open = start + 1;
        *pos = open + 1;
        if let Some(node) = self.user_param(pos, start) {
            return node;
        }
        if self.is_word(start, "extract") && self.kind(*pos + 1) == T::From {
            *pos = self.skip_past(T::RightParen, *pos + 2);
            let span = self.span_between(start, *pos);
            self.error_over(start, SyntaxErrorKind::Foreign(Foreign::Extract), span);
            return self.node(ExprKind::Missing, span, 0, start);
        }
        let mark = self.pending.len();
        let mut height = 0;
        let style = match self.kind(*pos) {
            T::Star if self.kind(*pos + 1) == T::RightParen => {
                *pos += 1;
                CallStyle::Star
            }
            T::Distinct => {
                *pos += 1;
                height = self.expressions(pos);
                CallStyle::Distinct
            }
            T::RightParen => CallStyle::Plain,
            T::Select if self.is_word(start, "exists") => {
                *pos = open;
                return self.exists(pos, start);
            }
            _ => {
                height = self.expressions(pos);
                CallStyle::Plain
            }
        };
        if self.kind(*pos) == T::As && self.is_word(start, "cast") {
            return self.foreign_cast(pos, start, mark, height);
        }
        self.close(pos, T::RightParen, open);
        let args = self.finish_list(mark);
        let suffix = self.suffix(pos, &mut height);
        let span = self.span_between(start, *pos);
        self.node(ExprKind::Call { name, style, args, suffix }, span, height, start)
    }

    /// `EXISTS (select ...)`, which no portal has.
    fn exists(&mut self, pos: &mut usize, start: usize) -> Node {
        *pos = self.skip_past(T::RightParen, *pos + 1).max(*pos + 1);
        while self.kind(*pos) != T::End && self.kind(*pos - 1) != T::RightParen {
            *pos += 1;
        }
        let span = self.span_between(start, *pos);
        self.error_over(start, SyntaxErrorKind::SubqueryInExpression, span);
        self.node(ExprKind::Missing, span, 0, start)
    }

    /// Tests of other dialects behind a value: `x REGEXP 'pattern'`, `x ISNULL`.
    pub(super) fn foreign_test(&mut self, pos: &mut usize, left: Node) -> Option<Node> {
        let start = *pos;
        let from = self.arena.span(left.id);
        if let Some(negated) = [("isnull", false), ("notnull", true)]
            .iter()
            .find_map(|(word, negated)| self.is_word(start, word).then_some(*negated))
        {
            let span = self.span(start);
            self.error_over(start, SyntaxErrorKind::Foreign(Foreign::NullTest), span);
            *pos += 1;
            let kind = ExprKind::IsNull { operand: left.id, negated };
            return Some(self.node(kind, from.cover(span), left.height, start));
        }
        let known = ["regexp", "rlike", "similar", "matches", "glob", "contains"];
        if !known.iter().any(|word| self.is_word(start, word)) {
            return None;
        }
        let pattern = start + 1 + usize::from(self.is_word(start + 1, "to"));
        if !self.kind(pattern).is_string() {
            return None;
        }
        let span = self.span_between(start, pattern + 1);
        self.error_over(start, SyntaxErrorKind::Foreign(Foreign::Pattern), span);
        let (pattern, next) = self.expression_atom(pattern);
        *pos = next;
        let kind = ExprKind::Like { operand: left.id, pattern, negated: false, caseless: false };
        Some(self.node(kind, from.cover(span), left.height, start))
    }

    /// `CAST(x AS type)`: reported, and of no known type, since types have other names there.
    fn foreign_cast(&mut self, pos: &mut usize, start: usize, mark: usize, height: u32) -> Node {
        self.pending.truncate(mark);
        *pos = self.skip_past(T::RightParen, *pos);
        let span = self.span_between(start, *pos);
        self.error_over(start, SyntaxErrorKind::Foreign(Foreign::Cast), span);
        self.node(ExprKind::Missing, span, height, start)
    }

    /// `param('name')` and `param(@view, 'name')`; only the exact lower-case word counts.
    fn user_param(&mut self, pos: &mut usize, start: usize) -> Option<Node> {
        if self.token_text(start) != "param" {
            return None;
        }
        let open = start + 1;
        let mut at = open + 1;
        let mut view = None;
        if self.kind(at) == T::TableIdent && self.kind(at + 1) == T::Comma {
            view = Some(self.span(at));
            at += 2;
        }
        if !self.kind(at).is_string() {
            self.expected(at, Wanted::ParameterName);
            *pos = at;
            self.close(pos, T::RightParen, open);
            let span = self.span_between(start, *pos);
            return Some(self.node(ExprKind::Missing, span, 0, start));
        }
        let name = self.span(at);
        *pos = at + 1;
        self.close(pos, T::RightParen, open);
        let span = self.span_between(start, *pos);
        Some(self.node(ExprKind::UserParam { view, name }, span, 0, start))
    }

    /// FILTER and OVER behind a call.
    fn suffix(&mut self, pos: &mut usize, height: &mut u32) -> Option<SuffixId> {
        let mut suffix = Suffix::default();
        if self.kind(*pos) == T::Filter {
            suffix.filter = self.filter(pos, height);
        }
        if self.kind(*pos) == T::Over {
            suffix.over = Some(self.window(pos, height));
        }
        let present = suffix.filter.is_some() || suffix.over.is_some();
        present.then(|| self.arena.push_suffix(suffix))
    }

    fn filter(&mut self, pos: &mut usize, height: &mut u32) -> Option<Filter> {
        let start = *pos;
        *pos += 1;
        let open = *pos;
        if self.kind(open) != T::LeftParen {
            self.expected(open, Wanted::Token(T::LeftParen));
            return None;
        }
        *pos += 1;
        let mut condition = None;
        match self.kind(*pos) {
            T::RightParen => {}
            T::Where => {
                *pos += 1;
                let node = self.climb(pos, level::OR);
                *height = (*height).max(node.height);
                condition = Some(node.id);
            }
            _ => self.expected(*pos, Wanted::Token(T::Where)),
        }
        self.close(pos, T::RightParen, open);
        Some(Filter { condition, span: self.span_between(start, *pos) })
    }

    fn window(&mut self, pos: &mut usize, height: &mut u32) -> Window {
        let start = *pos;
        *pos += 1;
        let open = *pos;
        if self.kind(open) != T::LeftParen {
            self.expected(open, Wanted::Token(T::LeftParen));
            // A window by name, as other dialects have them: pass over the name.
            *pos += usize::from(self.kind(open).is_name());
            let partition = self.arena.push_list(&[]);
            let span = self.span_between(start, *pos);
            return Window { partition, order: Vec::new(), frame: None, span };
        }
        *pos += 1;
        let mark = self.pending.len();
        if self.kind(*pos) == T::Partition {
            *pos += 1;
            self.word(pos, T::By);
            *height = (*height).max(self.expressions(pos));
        }
        let partition = self.finish_list(mark);
        let mut order = Vec::new();
        if self.kind(*pos) == T::Order {
            *pos += 1;
            self.word(pos, T::By);
            loop {
                order.push(self.order_item(pos));
                if self.kind(*pos) != T::Comma || self.gave_up {
                    break;
                }
                *pos += 1;
            }
        }
        let frame = self.frame(pos);
        self.close(pos, T::RightParen, open);
        Window { partition, order, frame, span: self.span_between(start, *pos) }
    }

    /// Passes over `word`, or reports that it is missing.
    pub(super) fn word(&mut self, pos: &mut usize, word: T) {
        if self.kind(*pos) == word {
            *pos += 1;
        } else {
            self.expected(*pos, Wanted::Token(word));
        }
    }

    /// `expression [ASC | DESC] [NULLS FIRST | NULLS LAST]`
    pub(super) fn order_item(&mut self, pos: &mut usize) -> OrderItem {
        let start = *pos;
        let (expr, next) = self.root(start);
        *pos = next;
        let descending = self.kind(*pos) == T::Desc;
        if descending || self.kind(*pos) == T::Asc {
            *pos += 1;
        }
        let mut nulls_first = None;
        if matches!(self.kind(*pos), T::Nulls | T::Null) {
            match self.kind(*pos + 1) {
                T::First => nulls_first = Some(true),
                T::Last => nulls_first = Some(false),
                _ => self.expected(*pos + 1, Wanted::Token(T::First)),
            }
            *pos += 1 + usize::from(nulls_first.is_some());
        }
        OrderItem { expr, descending, nulls_first, span: self.span_between(start, *pos) }
    }

    fn frame(&mut self, pos: &mut usize) -> Option<Frame> {
        let from = *pos;
        let unit = match self.kind(from) {
            T::Range => FrameUnit::Range,
            T::Rows => FrameUnit::Rows,
            T::Groups => FrameUnit::Groups,
            _ => return None,
        };
        *pos += 1;
        let mut end = None;
        let start;
        if self.kind(*pos) == T::Between {
            *pos += 1;
            start = self.bound(pos)?;
            self.word(pos, T::And);
            end = Some(self.bound(pos)?);
        } else {
            start = self.bound(pos)?;
        }
        let mut exclude = None;
        if self.kind(*pos) == T::Exclude {
            exclude = self.exclude(pos);
        }
        Some(Frame { unit, start, end, exclude, span: self.span_between(from, *pos) })
    }

    fn bound(&mut self, pos: &mut usize) -> Option<FrameBound> {
        let from = *pos;
        let kind = match (self.kind(from), self.kind(from + 1)) {
            (T::Unbounded, T::Preceding) => BoundKind::UnboundedPreceding,
            (T::Unbounded, T::Following) => BoundKind::UnboundedFollowing,
            (T::Current, T::Row) => BoundKind::CurrentRow,
            (T::Integer, T::Preceding) => BoundKind::Preceding(self.span(from)),
            (T::Integer, T::Following) => BoundKind::Following(self.span(from)),
            (T::Unbounded | T::Current | T::Integer, _) => {
                self.expected(from + 1, Wanted::FrameBound);
                *pos += 1;
                return None;
            }
            _ => {
                self.expected(from, Wanted::FrameBound);
                return None;
            }
        };
        *pos += 2;
        Some(FrameBound { kind, span: self.span_between(from, *pos) })
    }

    fn exclude(&mut self, pos: &mut usize) -> Option<FrameExclude> {
        let word = *pos + 1;
        let (exclude, words) = match (self.kind(word), self.kind(word + 1)) {
            (T::Current, T::Row) => (FrameExclude::CurrentRow, 2),
            (T::Group, _) => (FrameExclude::Group, 1),
            (T::Ties, _) => (FrameExclude::Ties, 1),
            (T::No, T::Others) => (FrameExclude::NoOthers, 2),
            _ => {
                self.expected(word, Wanted::FrameExclude);
                *pos = word;
                return None;
            }
        };
        *pos = word + words;
        Some(exclude)
    }
}
