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
    /// Tighter than any operator.
    pub(in crate::parser) const NONE: u8 = 12;
}

/// A node and the height of the tree below it.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub id: ExprId,
    pub height: u32,
}

/// How tightly the operator that a token begins holds what stands in front of it, by kind; 0 for
/// a token that begins no such operator. A table, since every operand asks.
static BINDING: [u8; 256] = {
    let levels: [(u8, &[T]); 9] = [
        (level::OR, &[T::Or]),
        (level::AND, &[T::And]),
        (level::TEST, &[T::Is, T::Not, T::Like, T::Ilike, T::Between, T::In]),
        (
            level::COMPARE,
            &[
                T::Equal,
                T::EqualEqual,
                T::LessGreater,
                T::BangEqual,
                T::Less,
                T::LessEqual,
                T::Greater,
                T::GreaterEqual,
            ],
        ),
        (level::ADD, &[T::Plus, T::Dash, T::PipePipe]),
        (level::MULTIPLY, &[T::Star, T::Slash, T::Percent]),
        (level::POWER, &[T::Caret]),
        (level::CAST, &[T::DoubleColon]),
        (level::FIELD, &[T::Dot, T::LeftBracket]),
    ];
    let mut table = [0; 256];
    let mut levels: &[(u8, &[T])] = &levels;
    while let [(at, kinds), others @ ..] = levels {
        let mut kinds = *kinds;
        while let [kind, rest @ ..] = kinds {
            #[expect(clippy::indexing_slicing, reason = "a byte is an index of a table of 256")]
            {
                table[*kind as usize] = *at;
            }
            kinds = rest;
        }
        levels = others;
    }
    table
};

#[expect(clippy::indexing_slicing, reason = "a byte is an index of a table of 256")]
fn binding(kind: T) -> u8 {
    BINDING[kind as usize]
}

fn infix(kind: T) -> Option<BinaryOp> {
    Some(match kind {
        T::Equal => BinaryOp::Equal,
        T::EqualEqual => BinaryOp::EqualEqual,
        T::LessGreater => BinaryOp::LessGreater,
        T::BangEqual => BinaryOp::BangEqual,
        T::Less => BinaryOp::Less,
        T::LessEqual => BinaryOp::LessEqual,
        T::Greater => BinaryOp::Greater,
        T::GreaterEqual => BinaryOp::GreaterEqual,
        T::Plus => BinaryOp::Add,
        T::Dash => BinaryOp::Subtract,
        T::PipePipe => BinaryOp::Concat,
        T::Star => BinaryOp::Multiply,
        T::Slash => BinaryOp::Divide,
        T::Percent => BinaryOp::Remainder,
        T::Caret => BinaryOp::Power,
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
        // Most expressions and operands are one token, which takes no more than this.
        if self.gave_up || self.depth as usize >= 2 * MAX_NESTING {
            return self.climb_on(pos, min, None);
        }
        let left = self.single(*pos).map(|kind| self.leaf(pos, kind));
        match left {
            Some(left) if self.kind(*pos) != T::Ident && binding(self.kind(*pos)) < min => left,
            _ => self.climb_on(pos, min, left),
        }
    }

    /// The same; `left` if the first operand has been parsed already.
    #[inline(never)]
    fn climb_on(&mut self, pos: &mut usize, min: u8, left: Option<Node>) -> Node {
        self.depth += 1;
        // A prefix operator or a right operand takes a level of its own besides parentheses.
        if self.depth as usize > 2 * MAX_NESTING {
            self.give_up(*pos);
        }
        let node = if self.gave_up {
            Node { id: self.missing(*pos), height: 1 }
        } else {
            // Nothing that binds more tightly than a prefix operator may follow its operand.
            let ceiling = match self.kind(*pos) {
                T::Not if left.is_none() => level::NOT,
                T::Dash | T::Plus if left.is_none() => level::SIGN,
                _ => u8::MAX,
            };
            let left = left.unwrap_or_else(|| self.prefix(pos, min));
            self.operators(pos, min, ceiling, left)
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
    ///
    /// Behind a test such as IS NULL nothing tighter may follow: `a is null = b` is no expression,
    /// although `a = b is null` is one.
    fn operators(&mut self, pos: &mut usize, min: u8, mut ceiling: u8, mut left: Node) -> Node {
        while !self.gave_up {
            let kind = self.kind(*pos);
            let at = binding(kind);
            if at < min || at > ceiling {
                let tests = kind == T::Ident && min <= level::TEST && ceiling >= level::TEST;
                let Some(node) = tests.then(|| self.foreign_test(pos, left)).flatten() else {
                    break;
                };
                ceiling = level::TEST;
                left = node;
                continue;
            }
            left = match at {
                level::OR => {
                    ceiling = at;
                    self.chain(pos, left, ChainOp::Or)
                }
                level::AND => {
                    ceiling = at;
                    self.chain(pos, left, ChainOp::And)
                }
                level::FIELD if kind == T::Dot => self.field(pos, left),
                level::FIELD => self.index(pos, left),
                level::CAST => {
                    ceiling = at;
                    self.cast(pos, left)
                }
                level::TEST => {
                    let Some(node) = self.test(pos, left) else { break };
                    ceiling = at;
                    node
                }
                _ => {
                    let Some(op) = infix(kind) else { break };
                    ceiling = at;
                    self.binary(pos, at, op, left)
                }
            };
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

    /// The operand that the one token at `at` is, whatever follows.
    #[inline]
    fn single(&self, at: usize) -> Option<ExprKind> {
        let next = self.kind(at + 1);
        Some(match self.kind(at) {
            T::Ident | T::QuotedIdent | T::UnterminatedIdent
                if next != T::LeftParen && !next.is_string() =>
            {
                ExprKind::Column(self.span(at))
            }
            T::SystemIdent => ExprKind::Column(self.span(at)),
            T::String | T::UnterminatedString => ExprKind::Literal(Literal::String),
            T::DoubleString | T::UnterminatedDoubleString => {
                ExprKind::Literal(Literal::DoubleString)
            }
            // A timestamp that somebody forgot to quote goes on with a dash.
            T::Integer if next != T::Dash => ExprKind::Literal(Literal::Integer),
            T::Number => ExprKind::Literal(Literal::Number),
            T::True => ExprKind::Literal(Literal::True),
            T::False => ExprKind::Literal(Literal::False),
            T::Null => ExprKind::Literal(Literal::Null),
            T::Param => ExprKind::Param(self.span(at)),
            T::Hole => ExprKind::Hole(self.span(at)),
            // A template of a host language, reported by the splitter.
            T::Unknown => ExprKind::Missing,
            _ => return None,
        })
    }

    /// What an expression begins with, if it is not one token.
    fn prefix(&mut self, pos: &mut usize, min: u8) -> Node {
        let at = *pos;
        let kind = self.kind(at);
        match kind {
            T::Ident | T::QuotedIdent | T::UnterminatedIdent => self.name(pos),
            T::Integer => self.integer(pos),
            T::TableIdent => self.qualified(pos),
            T::LeftParen => self.parenthesised(pos),
            T::Dash => self.unary(pos, UnaryOp::Minus, level::SIGN),
            T::Plus => self.unary(pos, UnaryOp::Plus, level::SIGN),
            T::Not if min <= level::NOT => self.unary(pos, UnaryOp::Not, level::NOT),
            T::Bang => {
                self.error(at, SyntaxErrorKind::Foreign(Foreign::BangNot));
                self.unary(pos, UnaryOp::Not, level::SIGN)
            }
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
                    return self.climb(pos, level::NONE);
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

    /// The node of the one token at `pos`.
    #[inline]
    pub(super) fn leaf(&mut self, pos: &mut usize, kind: ExprKind) -> Node {
        let span = self.span(*pos);
        *pos += 1;
        Node { id: self.arena.push(kind, span), height: 1 }
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
            return self.leaf(pos, ExprKind::Literal(Literal::Integer));
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
    pub(super) fn is_query_start(&self, at: usize) -> bool {
        matches!(self.kind(at), T::Select)
            || self.kind(at) == T::From && infix(self.kind(at + 1)).is_none()
    }

    pub(super) fn subquery(&mut self, pos: &mut usize, open: usize) {
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
