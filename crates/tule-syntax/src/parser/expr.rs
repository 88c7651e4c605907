//! Expressions: one precedence-climbing loop over tokens.
//!
//! The levels are those of `SoQL` (loosest to tightest): OR, AND, NOT, the postfix tests (IS, LIKE,
//! BETWEEN, IN), comparison, `+ - ||`, `* / %`, `^` (to the right), sign, `::`, field and
//! subscript. Parsing an expression never fails: a missing operand becomes a
//! [`ExprKind::Missing`] node and one error, and the clause goes on.

use super::state::State;
use crate::ast::{BinaryOp, ChainOp, ExprId, ExprKind, Literal, UnaryOp};
use crate::error::{Foreign, SyntaxErrorKind, Wanted};
use crate::limits::{MAX_HEIGHT, MAX_NESTING};
use crate::span::Span;
use crate::token::TokenKind as T;

/// Binding levels.
pub(super) mod level {
    pub(in crate::parser) const OR: u8 = 1;
    pub(in crate::parser) const AND: u8 = 2;
    pub(in crate::parser) const NOT: u8 = 3;
    pub(in crate::parser) const TEST: u8 = 4;
    pub(in crate::parser) const COMPARE: u8 = 5;
    pub(in crate::parser) const ADD: u8 = 6;
    pub(in crate::parser) const MULTIPLY: u8 = 7;
    pub(in crate::parser) const POWER: u8 = 8;
    pub(in crate::parser) const SIGN: u8 = 9;
    pub(in crate::parser) const CAST: u8 = 10;
    pub(in crate::parser) const FIELD: u8 = 11;
}

/// A node and the height of the tree below it.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub id: ExprId,
    pub height: u32,
}

fn infix(kind: T) -> Option<(u8, BinaryOp)> {
    Some(match kind {
        T::Equal => (level::COMPARE, BinaryOp::Equal),
        T::EqualEqual => (level::COMPARE, BinaryOp::EqualEqual),
        T::LessGreater => (level::COMPARE, BinaryOp::LessGreater),
        T::BangEqual => (level::COMPARE, BinaryOp::BangEqual),
        T::Less => (level::COMPARE, BinaryOp::Less),
        T::LessEqual => (level::COMPARE, BinaryOp::LessEqual),
        T::Greater => (level::COMPARE, BinaryOp::Greater),
        T::GreaterEqual => (level::COMPARE, BinaryOp::GreaterEqual),
        T::Plus => (level::ADD, BinaryOp::Add),
        T::Dash => (level::ADD, BinaryOp::Subtract),
        T::PipePipe => (level::ADD, BinaryOp::Concat),
        T::Star => (level::MULTIPLY, BinaryOp::Multiply),
        T::Slash => (level::MULTIPLY, BinaryOp::Divide),
        T::Percent => (level::MULTIPLY, BinaryOp::Remainder),
        T::Caret => (level::POWER, BinaryOp::Power),
        _ => return None,
    })
}

/// Tokens that only an operand begins with.
fn begins_operand(kind: T) -> bool {
    matches!(
        kind,
        T::Ident | T::QuotedIdent | T::SystemIdent | T::TableIdent | T::Integer | T::Number
    ) || kind.is_string()
}

impl State<'_> {
    /// Parses an expression at token `at`; gives it and the token behind it.
    pub(super) fn expression(&mut self, at: usize) -> (ExprId, usize) {
        let mut pos = at;
        let node = self.climb(&mut pos, level::OR);
        (node.id, pos)
    }

    /// An expression whose operators all bind at least as tightly as `min`.
    pub(super) fn climb(&mut self, pos: &mut usize, min: u8) -> Node {
        self.depth += 1;
        // A prefix operator or a right operand takes a level of its own besides parentheses.
        if self.depth as usize > 2 * MAX_NESTING {
            self.give_up(*pos);
        }
        let node = if self.gave_up {
            Node { id: self.missing(*pos), height: 1 }
        } else {
            let left = self.prefix(pos, min);
            self.operators(pos, min, left)
        };
        self.depth -= 1;
        node
    }

    fn give_up(&mut self, pos: usize) {
        self.error(pos, SyntaxErrorKind::TooDeep);
        self.gave_up = true;
    }

    pub(super) fn node(&mut self, kind: ExprKind, span: Span, below: u32, pos: usize) -> Node {
        let height = below + 1;
        if height > MAX_HEIGHT && !self.gave_up {
            self.give_up(pos);
        }
        Node { id: self.arena.push(kind, span), height }
    }

    /// Takes operators behind `left` for as long as they bind tightly enough.
    fn operators(&mut self, pos: &mut usize, min: u8, mut left: Node) -> Node {
        // Behind a test such as IS NULL nothing tighter may follow: `a is null = b` is no
        // expression, although `a = b is null` is one.
        let mut ceiling = u8::MAX;
        while !self.gave_up {
            let kind = self.kind(*pos);
            if let Some((at, op)) = infix(kind) {
                if at < min || at > ceiling {
                    break;
                }
                left = self.binary(pos, at, op, left);
                ceiling = at;
                continue;
            }
            let next = match kind {
                T::And if min <= level::AND => self.chain(pos, left, ChainOp::And),
                T::Or if min <= level::OR => self.chain(pos, left, ChainOp::Or),
                T::Is | T::Not | T::Like | T::Ilike | T::Between | T::In
                    if min <= level::TEST && ceiling >= level::TEST =>
                {
                    let Some(node) = self.test(pos, left) else { break };
                    ceiling = level::TEST;
                    node
                }
                T::Ident if min <= level::TEST && ceiling >= level::TEST => {
                    let Some(node) = self.foreign_test(pos, left) else { break };
                    ceiling = level::TEST;
                    node
                }
                T::DoubleColon if min <= level::CAST && ceiling >= level::CAST => {
                    ceiling = level::CAST;
                    self.cast(pos, left)
                }
                T::Dot if min <= level::FIELD && ceiling >= level::FIELD => self.field(pos, left),
                T::LeftBracket if min <= level::FIELD && ceiling >= level::FIELD => {
                    self.index(pos, left)
                }
                _ => break,
            };
            left = next;
        }
        left
    }

    fn binary(&mut self, pos: &mut usize, at: u8, op: BinaryOp, left: Node) -> Node {
        let op_at = *pos;
        *pos += 1;
        let right = self.climb(pos, if at == level::POWER { at } else { at + 1 });
        let span = self.arena.span(left.id).cover(self.arena.span(right.id));
        let kind =
            ExprKind::Binary { op, op_span: self.span(op_at), left: left.id, right: right.id };
        self.node(kind, span, left.height.max(right.height), op_at)
    }

    /// `a AND b AND c` as one flat node.
    fn chain(&mut self, pos: &mut usize, left: Node, op: ChainOp) -> Node {
        let (word, at) = match op {
            ChainOp::And => (T::And, level::AND),
            ChainOp::Or => (T::Or, level::OR),
        };
        let mark = self.pending.len();
        self.pending.push(left.id);
        let mut height = left.height;
        let mut last = left.id;
        let start = *pos;
        while self.kind(*pos) == word && !self.gave_up {
            *pos += 1;
            let operand = self.climb(pos, at + 1);
            self.pending.push(operand.id);
            height = height.max(operand.height);
            last = operand.id;
        }
        let operands = self.finish_list(mark);
        let span = self.arena.span(left.id).cover(self.arena.span(last));
        self.node(ExprKind::Chain { op, operands }, span, height, start)
    }

    /// IS, LIKE, BETWEEN and IN, with or without NOT; `None` if NOT begins none of them.
    fn test(&mut self, pos: &mut usize, left: Node) -> Option<Node> {
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

    fn cast(&mut self, pos: &mut usize, operand: Node) -> Node {
        let start = *pos;
        *pos += 1;
        let from = self.arena.span(operand.id);
        if !self.kind(*pos).is_name() {
            self.expected(*pos, Wanted::TypeName);
            return operand;
        }
        let ty = self.span(*pos);
        *pos += 1;
        let kind = ExprKind::Cast { operand: operand.id, ty };
        self.node(kind, from.cover(ty), operand.height, start)
    }

    fn field(&mut self, pos: &mut usize, operand: Node) -> Node {
        let start = *pos;
        *pos += 1;
        let from = self.arena.span(operand.id);
        if !self.kind(*pos).is_name() {
            self.expected(*pos, Wanted::FieldName);
            if self.kind(*pos) == T::Star {
                *pos += 1;
            }
            return operand;
        }
        let name = self.span(*pos);
        *pos += 1;
        let kind = ExprKind::Field { operand: operand.id, name };
        self.node(kind, from.cover(name), operand.height, start)
    }

    fn index(&mut self, pos: &mut usize, operand: Node) -> Node {
        let open = *pos;
        *pos += 1;
        let index = self.climb(pos, level::OR);
        self.close(pos, T::RightBracket, open);
        let span = self.arena.span(operand.id).cover(self.span(*pos - 1));
        let kind = ExprKind::Index { operand: operand.id, index: index.id };
        self.node(kind, span, operand.height.max(index.height), open)
    }

    /// What an expression begins with.
    fn prefix(&mut self, pos: &mut usize, min: u8) -> Node {
        let at = *pos;
        let kind = self.kind(at);
        match kind {
            T::Ident | T::QuotedIdent | T::UnterminatedIdent => self.name(pos),
            T::String | T::UnterminatedString => self.literal(pos, Literal::String),
            T::DoubleString | T::UnterminatedDoubleString => {
                self.literal(pos, Literal::DoubleString)
            }
            T::Integer => self.integer(pos),
            T::Number => self.literal(pos, Literal::Number),
            T::True => self.literal(pos, Literal::True),
            T::False => self.literal(pos, Literal::False),
            T::Null => self.literal(pos, Literal::Null),
            T::SystemIdent => self.leaf(pos, ExprKind::Column),
            T::Param => self.leaf(pos, ExprKind::Param),
            T::Hole => self.leaf(pos, ExprKind::Hole),
            T::TableIdent => self.qualified(pos),
            T::LeftParen => self.parenthesised(pos),
            T::Dash => self.unary(pos, UnaryOp::Minus, level::SIGN),
            T::Plus => self.unary(pos, UnaryOp::Plus, level::SIGN),
            T::Not if min <= level::NOT => self.unary(pos, UnaryOp::Not, level::NOT),
            T::Bang => {
                self.error(at, SyntaxErrorKind::Foreign(Foreign::BangNot));
                self.unary(pos, UnaryOp::Not, level::SIGN)
            }
            // A template of a host language, reported by the splitter.
            T::Unknown => self.leaf(pos, |_| ExprKind::Missing),
            T::Dot if self.kind(at + 1) == T::Integer => {
                let span = self.span_between(at, at + 2);
                self.error_over(at, SyntaxErrorKind::LeadingDot, span);
                *pos += 2;
                self.node(ExprKind::Missing, span, 0, at)
            }
            _ if kind.is_contextual() => self.name(pos),
            // Functions of other dialects, which the checker knows.
            T::Left | T::Right if self.kind(at + 1) == T::LeftParen => self.name(pos),
            _ if kind.is_reserved() && self.stands_as_name(at) => {
                self.error(at, SyntaxErrorKind::ReservedWord);
                self.name(pos)
            }
            _ => {
                self.expected(at, Wanted::Expression);
                // A doubled operator: the operand stands behind it.
                if infix(kind).is_some() && min > level::OR && begins_operand(self.kind(at + 1)) {
                    *pos += 1;
                    return self.prefix(pos, min);
                }
                Node { id: self.missing(at), height: 1 }
            }
        }
    }

    /// Whether the reserved word at `at` can only be meant as a name: an operator follows, or an
    /// opening parenthesis right behind it.
    fn stands_as_name(&self, at: usize) -> bool {
        let next = self.kind(at + 1);
        if next == T::LeftParen {
            return matches!(self.kind(at), T::Minus | T::Except);
        }
        (infix(next).is_some() && next != T::Star && next != T::Dash)
            || matches!(next, T::Like | T::In | T::Between | T::Is)
            || next == T::Not && matches!(self.kind(at + 2), T::Like | T::In | T::Between)
    }

    fn leaf(&mut self, pos: &mut usize, kind: impl FnOnce(Span) -> ExprKind) -> Node {
        let span = self.span(*pos);
        *pos += 1;
        Node { id: self.arena.push(kind(span), span), height: 1 }
    }

    fn literal(&mut self, pos: &mut usize, literal: Literal) -> Node {
        self.leaf(pos, |_| ExprKind::Literal(literal))
    }

    fn unary(&mut self, pos: &mut usize, op: UnaryOp, at: u8) -> Node {
        let start = *pos;
        *pos += 1;
        let operand = self.climb(pos, at);
        let span = self.span(start).cover(self.arena.span(operand.id));
        self.node(ExprKind::Unary { op, operand: operand.id }, span, operand.height, start)
    }

    fn parenthesised(&mut self, pos: &mut usize) -> Node {
        let open = *pos;
        *pos += 1;
        if self.is_query_start(*pos) {
            self.subquery(pos, open);
            let span = self.span_between(open, *pos);
            return self.node(ExprKind::Missing, span, 0, open);
        }
        let inner = self.climb(pos, level::OR);
        self.close(pos, T::RightParen, open);
        let span = self.span(open).cover(self.span(*pos - 1));
        self.node(ExprKind::Paren(inner.id), span, inner.height, open)
    }

    /// `@table.column`
    fn qualified(&mut self, pos: &mut usize) -> Node {
        let start = *pos;
        let table = self.span(start);
        *pos += 1;
        let named = matches!(self.kind(*pos), T::Dot)
            && (self.kind(*pos + 1).is_name() || self.kind(*pos + 1) == T::SystemIdent);
        if !named {
            let wanted =
                if self.kind(*pos) == T::Dot { Wanted::ColumnName } else { Wanted::Token(T::Dot) };
            let at = *pos + usize::from(self.kind(*pos) == T::Dot);
            self.expected(at, wanted);
            *pos = at;
            return self.node(ExprKind::Missing, table, 0, start);
        }
        let column = self.span(*pos + 1);
        *pos += 2;
        self.node(ExprKind::Qualified { table, column }, table.cover(column), 0, start)
    }

    /// A whole number, or a timestamp that somebody forgot to quote.
    fn integer(&mut self, pos: &mut usize) -> Node {
        let start = *pos;
        let mut end = start + 1;
        let mut time = false;
        while self.touches_previous(end) && end - start < 12 {
            let fits = match end - start {
                1 | 3 => self.kind(end) == T::Dash,
                2 | 4 => self.kind(end) == T::Integer,
                5 => {
                    time = self.token_text(end).starts_with(['T', 't']);
                    time
                }
                _ => matches!(self.kind(end), T::SystemIdent | T::Dot | T::Integer | T::Ident),
            };
            if !fits {
                break;
            }
            end += 1;
        }
        // `2020-01-01 00:00:00`, with a blank in front of the time.
        if end - start == 5 && self.kind(end) == T::Integer && self.is_clock(end + 1) {
            time = true;
            end += 1;
            while self.is_clock(end)
                || self.touches_previous(end) && matches!(self.kind(end), T::Dot | T::Integer)
            {
                end += 1;
            }
        }
        if !time {
            return self.literal(pos, Literal::Integer);
        }
        let span = self.span_between(start, end);
        self.error_over(start, SyntaxErrorKind::Foreign(Foreign::UnquotedTimestamp), span);
        *pos = end;
        self.node(ExprKind::Missing, span, 0, start)
    }

    /// Whether the minutes or seconds of a time stand at `at`: `:00` right behind a number.
    fn is_clock(&self, at: usize) -> bool {
        self.kind(at) == T::SystemIdent
            && self.touches_previous(at)
            && self.token_text(at).bytes().skip(1).all(|byte| byte.is_ascii_digit())
    }

    /// Whether a query begins at `at`, inside parentheses.
    fn is_query_start(&self, at: usize) -> bool {
        matches!(self.kind(at), T::Select)
            || self.kind(at) == T::From && infix(self.kind(at + 1)).is_none()
    }

    fn subquery(&mut self, pos: &mut usize, open: usize) {
        let mut depth = 0_u32;
        loop {
            match self.kind(*pos) {
                T::End => break,
                T::LeftParen => depth += 1,
                T::RightParen if depth == 0 => {
                    *pos += 1;
                    break;
                }
                T::RightParen => depth -= 1,
                _ => {}
            }
            *pos += 1;
        }
        let span = self.span_between(open, *pos);
        self.error_over(open, SyntaxErrorKind::SubqueryInExpression, span);
    }

    /// Comma-separated expressions, pushed onto `pending`; gives the greatest height.
    pub(super) fn expressions(&mut self, pos: &mut usize) -> u32 {
        let mut height = 0;
        loop {
            let node = self.climb(pos, level::OR);
            self.pending.push(node.id);
            height = height.max(node.height);
            if self.kind(*pos) != T::Comma || self.gave_up {
                return height;
            }
            *pos += 1;
            if matches!(self.kind(*pos), T::RightParen | T::RightBracket) {
                self.error(*pos - 1, SyntaxErrorKind::TrailingComma);
                return height;
            }
        }
    }

    /// Passes over the closing `closer`; reports what stands there instead and finds it further
    /// on if it can.
    pub(super) fn close(&mut self, pos: &mut usize, closer: T, open: usize) {
        if self.kind(*pos) == closer {
            *pos += 1;
            return;
        }
        let at_end = self.kind(*pos) == T::End || super::state::is_boundary(self.kind(*pos));
        if at_end {
            let kind = SyntaxErrorKind::Unclosed { open: self.span(open) };
            self.error_over(*pos, kind, self.span(open));
            if self.kind(*pos) == T::End {
                return;
            }
        } else {
            self.expected(*pos, Wanted::Token(closer));
        }
        let after = self.skip_past(closer, *pos);
        *pos = after.max(*pos);
    }
}
