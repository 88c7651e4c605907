//! From the tree of a statement to breaks between its tokens.
//!
//! A layout is a [`Slot`] before each token and a set of nested [`Group`]s. A break belongs to the
//! smallest group around it, so groups need no markers of their own in the slots. What a group
//! breaks into is indented from the line on which the group begins: nesting that is written side
//! by side costs one step, not one per level.
//!
//! This file knows statements, selects and clauses; [`super::expr`] knows expressions. Recursion
//! is over queries in parentheses only, as deep as the parser allows. Widths are the printer's.

use std::cmp::Reverse;

use super::tokens::Tokens;
use crate::ast::{
    Arena, Atom, Compound, Count, Cte, Distinct, ExprId, ExprKind, Header, Ident, Join, OrderItem,
    Root, Select, SelectItem, Source, Star, Statement, TableRef,
};
use crate::span::Span;
use crate::token::{HINTS, TokenKind as T};

/// How far a break indents its line, in columns.
pub(super) const STEP: u8 = 2;

/// What stands between a token and the one before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Break {
    /// Nothing.
    Glue,
    /// One space.
    Space,
    /// Nothing, or a line break where the group is broken.
    Soft,
    /// One space, or a line break where the group is broken.
    Line,
    /// One space, or a line break where the next member does not fit on the line.
    Fill,
}

impl Break {
    /// Whether a line may end here.
    pub(super) fn may_end(self) -> bool {
        matches!(self, Self::Soft | Self::Line | Self::Fill)
    }

    /// Whether a space stands here where no line ends.
    pub(super) fn is_space(self) -> bool {
        matches!(self, Self::Space | Self::Line | Self::Fill)
    }
}

/// A token's place in the layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// What stands before the token.
    pub gap: Break,
    /// Indentation of the token if it begins a line, from the line its group begins on.
    pub offset: u8,
    /// Whether the token is a keyword here.
    pub keyword: bool,
}

/// Tokens `begin..end`, on one line if they fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub begin: usize,
    pub end: usize,
}

/// The layout of one statement.
#[derive(Debug)]
pub(super) struct Layout {
    /// One for each token.
    pub slots: Vec<Slot>,
    /// In order of their beginning, outer ones first.
    pub groups: Vec<Group>,
}

pub(super) fn layout(tokens: Tokens<'_>, statement: &Statement) -> Layout {
    let mut builder = Builder {
        tokens,
        arena: &statement.arena,
        slots: default_slots(tokens),
        groups: Vec::new(),
        merged: vec![false; statement.arena.len()],
    };
    builder.statement(statement);
    builder.expressions();
    let Builder { slots, mut groups, .. } = builder;
    groups.sort_unstable_by_key(|group| (group.begin, Reverse(group.end)));
    Layout { slots, groups }
}

/// What the kinds of two neighbours say by themselves.
fn default_slots(tokens: Tokens<'_>) -> Vec<Slot> {
    let mut before = T::End;
    (0..tokens.len())
        .map(|i| {
            let kind = tokens.kind(i);
            let gap = default_gap(before, kind);
            before = kind;
            let offset = if kind == T::Semicolon { 0 } else { STEP };
            Slot { gap, offset, keyword: kind.is_reserved() }
        })
        .collect()
}

fn default_gap(before: T, kind: T) -> Break {
    match (before, kind) {
        // `1.x` would be a number and a name.
        (T::Integer, T::Dot) => Break::Space,
        (T::LeftParen | T::LeftBracket | T::Dot | T::DoubleColon, _)
        | (
            _,
            T::RightParen
            | T::RightBracket
            | T::LeftBracket
            | T::Dot
            | T::DoubleColon
            | T::Comma
            | T::Semicolon,
        ) => Break::Glue,
        _ => Break::Space,
    }
}

pub(super) struct Builder<'a> {
    pub tokens: Tokens<'a>,
    pub arena: &'a Arena,
    pub slots: Vec<Slot>,
    pub groups: Vec<Group>,
    /// Expressions whose breaks belong to the group around them.
    pub merged: Vec<bool>,
}

impl Builder<'_> {
    pub(super) fn set(&mut self, token: usize, gap: Break, offset: u8) {
        if let Some(slot) = self.slots.get_mut(token) {
            slot.gap = gap;
            slot.offset = offset;
        }
    }

    /// A break in an indented block before `token`.
    pub(super) fn line(&mut self, token: usize) {
        self.set(token, Break::Line, STEP);
    }

    pub(super) fn group(&mut self, begin: usize, end: usize) {
        if begin + 1 < end {
            self.groups.push(Group { begin, end });
        }
    }

    pub(super) fn group_span(&mut self, span: Span) {
        self.group(self.tokens.first(span), self.tokens.end(span));
    }

    pub(super) fn keyword(&mut self, token: usize) {
        if let Some(slot) = self.slots.get_mut(token) {
            slot.keyword = true;
        }
    }

    pub(super) fn keywords(&mut self, begin: usize, end: usize) {
        (begin..end).for_each(|token| self.keyword(token));
    }

    pub(super) fn merge(&mut self, id: ExprId) {
        if let Some(merged) = self.merged.get_mut(id.0 as usize) {
            *merged = true;
        }
    }

    /// Lets a chain of AND or OR break together with what is around it.
    pub(super) fn merge_chain(&mut self, id: ExprId) {
        if matches!(self.arena.expr(id).kind, ExprKind::Chain { .. }) {
            self.merge(id);
        }
    }

    /// A pair of brackets whose contents form a block of their own when they don't fit.
    pub(super) fn brackets(&mut self, open: usize, close: usize) {
        if open + 1 < close {
            self.set(open + 1, Break::Soft, STEP);
            self.set(close, Break::Soft, 0);
            self.group(open, close + 1);
        }
    }

    /// Members of a list, each of which may begin a line, but for the first.
    fn members(&mut self, spans: impl Iterator<Item = Span>, gap: Break) {
        for span in spans.skip(1) {
            self.set(self.tokens.first(span), gap, STEP);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        if let Some(header) = &statement.header {
            self.header(header);
            self.set(self.tokens.end(header.span), Break::Line, 0);
        }
        for (index, cte) in statement.ctes.iter().enumerate() {
            let begin = self.tokens.first(cte.span);
            if index == 0 {
                self.keyword(begin.saturating_sub(1));
            } else {
                self.set(begin, Break::Line, 0);
            }
            self.cte(cte);
        }
        if let Some(last) = statement.ctes.last() {
            self.set(self.tokens.end(last.span), Break::Line, 0);
        }
        if let Some(query) = &statement.query {
            self.compound(query, 0);
        }
    }

    /// `query name(parameters) as`
    fn header(&mut self, header: &Header) {
        let begin = self.tokens.first(header.span);
        let last = self.tokens.end(header.span).saturating_sub(1);
        self.keyword(begin);
        if self.tokens.kind(begin + 2) == T::LeftParen {
            self.set(begin + 2, Break::Glue, STEP);
            self.brackets(begin + 2, last.saturating_sub(1));
        }
        self.members(header.params.iter().map(|param| param.span), Break::Line);
        for param in &header.params {
            if let Some(default) = param.default {
                let word = self.before(default);
                self.keyword(word);
                self.line(word);
            }
            self.group_span(param.span);
        }
    }

    fn before(&self, root: Root) -> usize {
        self.tokens.first(self.arena.span(root.id)).saturating_sub(1)
    }

    /// `name as (query)`
    fn cte(&mut self, cte: &Cte) {
        let begin = self.tokens.first(cte.span);
        self.brackets(begin + 2, self.tokens.end(cte.span).saturating_sub(1));
        self.compound(&cte.query, STEP);
    }

    /// Selects and the operators between them; each clause begins `offset` further in than the
    /// group around the query.
    fn compound(&mut self, compound: &Compound, offset: u8) {
        self.atom(&compound.first, offset);
        for step in &compound.rest {
            let begin = self.tokens.first(step.op_span);
            self.keywords(begin, self.tokens.end(step.op_span));
            self.set(begin, Break::Line, offset);
            self.atom(&step.right, offset);
        }
    }

    fn atom(&mut self, atom: &Atom, offset: u8) {
        match atom {
            Atom::Select(select) => self.select(select, offset),
            Atom::Paren(compound, span) => {
                self.parenthesised(*span);
                self.compound(compound, STEP);
            }
        }
    }

    fn parenthesised(&mut self, span: Span) {
        self.brackets(self.tokens.first(span), self.tokens.end(span).saturating_sub(1));
    }

    fn select(&mut self, select: &Select, offset: u8) {
        let mut clauses = Clauses(Vec::with_capacity(8));
        if let Some(keyword) = select.keyword {
            let begin = self.tokens.first(keyword);
            self.select_words(select, begin);
            let first = select.items.first().map(|item| self.tokens.first(item.span()));
            clauses.add(begin, first);
            self.members(select.items.iter().map(SelectItem::span), Break::Line);
            select.items.iter().for_each(|item| self.select_item(item));
        }
        if let Some(table) = &select.from {
            clauses.add(self.tokens.first(table.keyword), None);
            self.source(table);
        }
        for join in &select.joins {
            clauses.add(self.tokens.first(join.span), None);
            self.join(join);
        }
        for clause in [&select.filter, &select.having].into_iter().flatten() {
            let begin = self.tokens.first(clause.keyword);
            clauses.add(begin, Some(begin + 1));
            self.merge_chain(clause.value.id);
        }
        if let Some(clause) = &select.group_by {
            let begin = self.tokens.first(clause.keyword);
            clauses.add(begin, Some(begin + 2));
            self.keyword(begin + 1);
            self.roots(&clause.value);
        }
        if let Some(clause) = &select.order_by {
            let begin = self.tokens.first(clause.keyword);
            clauses.add(begin, Some(begin + 2));
            self.order_by(begin, &clause.value);
        }
        if let Some(clause) = &select.search {
            clauses.add(self.tokens.first(clause.keyword), None);
        }
        for clause in [&select.limit, &select.offset].into_iter().flatten() {
            let begin = self.tokens.first(clause.keyword);
            clauses.add(begin, None);
            if matches!(clause.value, Count::All(_)) {
                self.keyword(begin + 1);
            }
        }
        self.clauses(clauses, self.tokens.end(select.span), offset);
    }

    fn clauses(&mut self, mut clauses: Clauses, end: usize, offset: u8) {
        clauses.0.sort_unstable();
        let ends: Vec<_> = clauses.0.iter().skip(1).map(|next| next.0).chain([end]).collect();
        for (index, ((begin, body), end)) in clauses.0.into_iter().zip(ends).enumerate() {
            if index > 0 {
                self.set(begin, Break::Line, offset);
            }
            if let Some(body) = body {
                self.line(body);
                self.group(begin, end);
            }
        }
    }

    /// `[hint(words)] [distinct [on (expressions)]]` behind SELECT at `begin`.
    fn select_words(&mut self, select: &Select, begin: usize) {
        if self.tokens.kind(begin + 1) == T::Hint {
            self.keyword(begin + 1);
            self.set(begin + 2, Break::Glue, STEP);
        }
        for &hint in &select.hints {
            let at = self.tokens.first(hint);
            if HINTS.iter().any(|word| word.eq_ignore_ascii_case(self.tokens.text(at))) {
                self.keyword(at);
            }
        }
        if let Distinct::On(clause) = &select.distinct
            && let Some(last) = clause.value.last()
        {
            let open = self.tokens.end(clause.keyword);
            self.brackets(open, self.tokens.end(self.arena.span(last.id)));
            self.roots(&clause.value);
        }
    }

    fn select_item(&mut self, item: &SelectItem) {
        match item {
            SelectItem::Star(star) => self.star(star),
            SelectItem::Expr { span, .. } => self.group_span(*span),
        }
    }

    fn star(&mut self, star: &Star) {
        if let Some(&first) = star.except.first() {
            let open = self.tokens.first(first).saturating_sub(2);
            self.brackets(open, self.tokens.end(star.span).saturating_sub(1));
            self.members(star.except.iter().copied(), Break::Fill);
        }
    }

    fn roots(&mut self, roots: &[Root]) {
        let arena = self.arena;
        self.members(roots.iter().map(|root| arena.span(root.id)), Break::Line);
    }

    /// ORDER BY with its first word at `begin`.
    pub(super) fn order_by(&mut self, begin: usize, items: &[OrderItem]) {
        self.keyword(begin + 1);
        self.members(items.iter().map(|item| item.span), Break::Line);
        for item in items {
            let behind = self.tokens.end(self.arena.span(item.expr.id));
            self.keywords(behind, self.tokens.end(item.span));
            self.group_span(item.span);
        }
    }

    fn source(&mut self, table: &TableRef) {
        match &table.source {
            Source::Missing(_) | Source::Named(_) => {}
            Source::Call { args, span, .. } => {
                let open = self.tokens.first(*span) + 1;
                self.set(open, Break::Glue, STEP);
                self.brackets(open, self.tokens.end(*span).saturating_sub(1));
                self.roots(args);
            }
            Source::Query(compound) => {
                if compound.span.start < compound.first.span().start {
                    self.parenthesised(compound.span);
                } else {
                    self.group_span(compound.span);
                }
                self.compound(compound, STEP);
            }
        }
    }

    fn join(&mut self, join: &Join) {
        self.source(&join.table);
        let Some(on) = &join.on else { return };
        let word = self.tokens.first(on.keyword);
        let end = self.tokens.end(join.span);
        // ON moves to the next line when it doesn't fit behind the table's last line.
        self.line(word);
        self.group(self.last_part(&join.table), end);
        self.group(word, end);
        self.merge_chain(on.value.id);
    }

    /// The last part of a table that is not divided between lines.
    fn last_part(&self, table: &TableRef) -> usize {
        let alias = |name: Ident| self.tokens.first(name).saturating_sub(1);
        table.alias.map_or_else(|| self.tokens.first(table.source.span()), alias)
    }
}

/// The first token of each clause, and the first one behind its keyword if that may begin a line.
struct Clauses(Vec<(usize, Option<usize>)>);

impl Clauses {
    fn add(&mut self, begin: usize, body: Option<usize>) {
        self.0.push((begin, body));
    }
}
