//! Where expressions may break.
//!
//! One loop over the nodes of the arena, parents before children; no recursion. A node sets the
//! breaks between its own parts and makes a group of them, unless a parent has taken its breaks
//! over: `a + b + c` is one group although it is two nodes.

use super::layout::{Break, Builder, STEP};
use crate::ast::{
    BinaryOp, CallStyle, Expr, ExprId, ExprKind, ExprList, SuffixId, UnaryOp, Window,
};
use crate::span::Span;
use crate::token::TokenKind as T;

impl Builder<'_> {
    /// Lays out every expression of the statement.
    pub(super) fn expressions(&mut self) {
        let count = u32::try_from(self.arena.len()).unwrap_or(u32::MAX);
        for id in (0..count).rev().map(ExprId) {
            self.expression(id);
        }
    }

    fn expression(&mut self, id: ExprId) {
        let Expr { kind, span } = *self.arena.expr(id);
        match kind {
            ExprKind::Missing
            | ExprKind::Literal(_)
            | ExprKind::Column(_)
            | ExprKind::Qualified { .. }
            | ExprKind::Param(_)
            | ExprKind::Hole(_)
            | ExprKind::Cast { .. }
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::IsNull { .. } => {}
            ExprKind::UserParam { .. } => {
                self.set(self.tokens.first(span) + 1, Break::Glue, STEP);
            }
            ExprKind::Call { style, args, suffix, .. } => self.call(span, style, args, suffix),
            ExprKind::Unary { op, .. } => self.unary(op, span),
            ExprKind::Binary { op, op_span, left, .. } => self.binary(id, op, op_span, left),
            ExprKind::Chain { operands, .. } => self.chain(id, operands),
            ExprKind::IsDistinct { left, .. } => self.test(span, left),
            ExprKind::Like { operand, pattern, .. } => {
                self.keywords(self.end(operand), self.first(pattern));
                self.test(span, operand);
            }
            ExprKind::Between { operands, .. } => self.between(span, operands),
            ExprKind::In { operands, .. } => self.in_list(span, operands),
            ExprKind::Case { arms, otherwise, .. } => self.case(span, arms, otherwise),
            ExprKind::Paren(inner) => {
                let end = self.tokens.end(span);
                self.brackets(self.tokens.first(span), end.saturating_sub(1));
                self.merge_chain(inner);
            }
        }
    }

    fn first(&self, id: ExprId) -> usize {
        self.tokens.first(self.arena.span(id))
    }

    fn end(&self, id: ExprId) -> usize {
        self.tokens.end(self.arena.span(id))
    }

    fn is_merged(&self, id: ExprId) -> bool {
        self.merged.get(id.0 as usize).copied().unwrap_or(false)
    }

    fn is_leaf(&self, id: ExprId) -> bool {
        matches!(
            self.arena.expr(id).kind,
            ExprKind::Literal(_)
                | ExprKind::Column(_)
                | ExprKind::Qualified { .. }
                | ExprKind::Param(_)
                | ExprKind::Hole(_)
        )
    }

    /// Expressions separated by commas, each of which may begin a line, but for the first.
    fn list(&mut self, list: ExprList) {
        for &member in self.arena.list(list).iter().skip(1) {
            self.line(self.first(member));
        }
    }

    /// `name(arguments) [filter (...)] [over (...)]`
    fn call(&mut self, span: Span, style: CallStyle, args: ExprList, suffix: Option<SuffixId>) {
        let open = self.tokens.first(span) + 1;
        self.set(open, Break::Glue, STEP);
        let mut end = self.tokens.end(span);
        if let Some(suffix) = suffix.and_then(|id| self.arena.suffix(id)) {
            if let Some(window) = &suffix.over {
                end = self.tokens.first(window.span);
                self.window(window);
            }
            if let Some(filter) = suffix.filter {
                end = self.tokens.first(filter.span);
                let close = self.tokens.end(filter.span).saturating_sub(1);
                self.brackets(end + 1, close);
            }
        }
        if style != CallStyle::Star {
            self.brackets(open, end.saturating_sub(1));
            self.list(args);
        }
    }

    /// `over ([partition by ...] [order by ...] [frame])`
    fn window(&mut self, window: &Window) {
        let over = self.tokens.first(window.span);
        let close = self.tokens.end(window.span).saturating_sub(1);
        self.keyword(over);
        self.brackets(over + 1, close);
        let mut end = close;
        if let Some(frame) = window.frame {
            end = self.tokens.first(frame.span);
            self.keywords(end, close);
            self.window_part(over, end);
        }
        if let Some(item) = window.order.first() {
            let first = self.tokens.first(item.span);
            let order = first.saturating_sub(2);
            self.order_by(order, &window.order);
            self.line(first);
            self.group(order, end);
            self.window_part(over, order);
            end = order;
        }
        if let Some(&id) = self.arena.list(window.partition).first() {
            let first = self.first(id);
            let partition = first.saturating_sub(2);
            self.keywords(partition, first);
            self.list(window.partition);
            self.line(first);
            self.group(partition, end);
        }
    }

    /// A line for a part of a window that is not the first one.
    fn window_part(&mut self, over: usize, begin: usize) {
        if begin > over + 2 {
            self.line(begin);
        }
    }

    fn unary(&mut self, op: UnaryOp, span: Span) {
        let operand = self.tokens.first(span) + 1;
        // `--` would begin a comment; `-+` and the like are merely hard to read.
        let signs = matches!(self.tokens.kind(operand), T::Dash | T::Plus);
        if op != UnaryOp::Not && !signs {
            self.set(operand, Break::Glue, STEP);
        }
    }

    fn binary(&mut self, id: ExprId, op: BinaryOp, op_span: Span, left: ExprId) {
        if !self.is_merged(id) {
            self.group_span(self.arena.span(id));
        }
        if let ExprKind::Binary { op: inner, .. } = self.arena.expr(left).kind
            && level(inner) == level(op)
            && op != BinaryOp::Power
        {
            self.merge(left);
        }
        // A line that holds nothing but the left side of `column = ...` is no gain.
        if level(op) != Level::Comparison || !self.is_leaf(left) {
            self.line(self.tokens.first(op_span));
        }
    }

    fn chain(&mut self, id: ExprId, operands: ExprList) {
        if !self.is_merged(id) {
            self.group_span(self.arena.span(id));
        }
        for &operand in self.arena.list(operands).iter().skip(1) {
            self.line(self.first(operand).saturating_sub(1));
        }
    }

    /// `left word ... right`: breaks before the word, as a comparison does.
    fn test(&mut self, span: Span, left: ExprId) {
        self.group_span(span);
        if !self.is_leaf(left) {
            self.line(self.end(left));
        }
    }

    fn between(&mut self, span: Span, operands: ExprList) {
        if let &[operand, _, high] = self.arena.list(operands) {
            self.group_span(span);
            self.line(self.end(operand));
            self.line(self.first(high).saturating_sub(1));
        }
    }

    fn in_list(&mut self, span: Span, operands: ExprList) {
        let Some((_, items)) = self.arena.list(operands).split_first() else { return };
        let Some(&first) = items.first() else { return };
        let mut begin = self.first(first);
        self.brackets(begin.saturating_sub(1), self.tokens.end(span).saturating_sub(1));
        for (index, &item) in items.iter().enumerate() {
            if index > 0 {
                self.set(begin, Break::Fill, STEP);
            }
            // Long lists are lists of literals: those are not looked up.
            let literal = matches!(self.arena.expr(item).kind, ExprKind::Literal(_));
            let end = if literal { begin + 1 } else { self.end(item) };
            self.group(begin, end);
            begin = end + 1;
        }
    }

    fn case(&mut self, span: Span, arms: ExprList, otherwise: Option<ExprId>) {
        let end = self.tokens.end(span);
        self.group_span(span);
        self.keyword(self.tokens.first(span));
        for arm in self.arena.list(arms).chunks_exact(2) {
            if let &[condition, value] = arm {
                let when = self.first(condition).saturating_sub(1);
                let then = self.first(value).saturating_sub(1);
                self.keyword(when);
                self.keyword(then);
                self.line(when);
                self.line(then);
                self.group(when, self.end(value));
            }
        }
        if let Some(value) = otherwise {
            let word = self.first(value).saturating_sub(1);
            self.keyword(word);
            self.line(word);
        }
        self.keyword(end.saturating_sub(1));
        self.set(end.saturating_sub(1), Break::Line, 0);
    }
}

#[derive(PartialEq, Eq)]
enum Level {
    Comparison,
    Sum,
    Product,
    Power,
}

fn level(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Equal
        | BinaryOp::EqualEqual
        | BinaryOp::LessGreater
        | BinaryOp::BangEqual
        | BinaryOp::Less
        | BinaryOp::LessEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterEqual => Level::Comparison,
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Concat => Level::Sum,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => Level::Product,
        BinaryOp::Power => Level::Power,
    }
}
