//! What the parser carries along: the arena it fills, the tokens it reads and the faults it finds.

use smallvec::SmallVec;

use crate::ast::{Arena, ExprId, ExprKind, Root};
use crate::error::{SyntaxError, SyntaxErrorKind, TokenSet, Wanted};
use crate::span::Span;
use crate::token::TokenKind as T;

/// The state of parsing one statement. Positions are indices of significant tokens.
pub(super) struct State<'t> {
    pub arena: Arena,
    pub errors: Vec<SyntaxError>,
    pub text: &'t str,
    kinds: &'t [T],
    spans: &'t [Span],
    /// Offset of the statement in the file; spans in the tree count from here.
    base: u32,
    /// Members of lists that are not complete yet.
    pub pending: SmallVec<[ExprId; 16]>,
    /// Parentheses of queries that are open.
    pub opened: Vec<usize>,
    /// Recursion of the expression parser.
    pub depth: u32,
    /// Token of the last fault of form, so that one cause gives one report.
    last_error: usize,
    /// A limit was passed: nothing more is parsed or reported.
    pub gave_up: bool,
}

impl<'t> State<'t> {
    pub(super) fn new(text: &'t str, kinds: &'t [T], spans: &'t [Span], base: u32) -> Self {
        Self {
            // A token gives one node at most, and two of three do.
            arena: Arena::with_capacity(kinds.len() - kinds.len() / 4),
            errors: Vec::new(),
            text,
            kinds,
            spans,
            base,
            pending: SmallVec::new(),
            opened: Vec::new(),
            depth: 0,
            last_error: usize::MAX,
            gave_up: false,
        }
    }

    /// The kind of token `at`; the end past the last.
    #[inline]
    pub(super) fn kind(&self, at: usize) -> T {
        self.kinds.get(at).copied().unwrap_or(T::End)
    }

    /// Where token `at` stands in the statement; past the last, where the last one stands.
    #[inline]
    pub(super) fn span(&self, at: usize) -> Span {
        match self.spans.get(at) {
            Some(span) => self.based(*span),
            None => self.last_span(),
        }
    }

    #[cold]
    fn last_span(&self) -> Span {
        self.spans.last().map_or(Span::empty(0), |span| self.based(*span))
    }

    /// A place in the file as a place in the statement.
    fn based(&self, span: Span) -> Span {
        Span { start: span.start.wrapping_sub(self.base), end: span.end.wrapping_sub(self.base) }
    }

    /// The text of token `at`.
    pub(super) fn token_text(&self, at: usize) -> &'t str {
        self.spans.get(at).map_or("", |span| span.text(self.text))
    }

    /// Whether token `at` is a word with this spelling, whatever its case.
    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.token_text(at).eq_ignore_ascii_case(word)
    }

    /// Whether nothing stands between token `at` and the one before it.
    pub(super) fn touches_previous(&self, at: usize) -> bool {
        match (at.checked_sub(1).and_then(|i| self.spans.get(i)), self.spans.get(at)) {
            (Some(before), Some(this)) => before.end == this.start,
            _ => false,
        }
    }

    /// Whether a name without AS stands at `at`: what follows it must be able to follow a name,
    /// or it is rather a misspelt keyword.
    pub(super) fn is_bare_alias(&self, at: usize) -> bool {
        let next = self.kind(at + 1);
        matches!(self.kind(at), T::Ident | T::QuotedIdent)
            && (is_boundary(next) || matches!(next, T::Comma | T::RightParen))
    }

    /// From the first byte of token `from` to the last of the token before `to`.
    pub(super) fn span_between(&self, from: usize, to: usize) -> Span {
        self.span(from).cover(self.span(to.saturating_sub(1).max(from)))
    }

    /// Reports a fault at token `at`, unless one was reported there just before.
    pub(super) fn error(&mut self, at: usize, kind: SyntaxErrorKind) {
        self.error_over(at, kind, self.span(at));
    }

    /// The same with a wider span.
    pub(super) fn error_over(&mut self, at: usize, kind: SyntaxErrorKind, span: Span) {
        if self.gave_up || self.last_error == at {
            return;
        }
        self.last_error = at;
        self.errors.push(SyntaxError { kind, span });
    }

    /// Reports a fault that has a place but no token of its own.
    pub(super) fn report(&mut self, kind: SyntaxErrorKind, span: Span) {
        if !self.gave_up {
            self.errors.push(SyntaxError { kind, span });
        }
    }

    /// Reports a token that no clause begins with.
    pub(super) fn unexpected(&mut self, at: usize, expected: TokenSet) {
        let span = self.span(at);
        // The expression or clause before may have reported the same place already.
        if self.gave_up || self.errors.iter().any(|error| error.span.contains(span)) {
            return;
        }
        let found = self.kind(at);
        self.errors
            .push(SyntaxError { kind: SyntaxErrorKind::Unexpected { found, expected }, span });
    }

    /// The text under a span of this statement.
    pub(super) fn source_text(&self, span: Span) -> &'t str {
        span.shift(self.base).text(self.text)
    }

    /// Reports that `wanted` had to stand at token `at`.
    pub(super) fn expected(&mut self, at: usize, wanted: Wanted) {
        self.error(at, SyntaxErrorKind::Expected { wanted, found: self.kind(at) });
    }

    /// A node for what is not there, after reporting it.
    pub(super) fn missing(&mut self, at: usize) -> ExprId {
        let span = self.span(at);
        self.arena.push(ExprKind::Missing, span)
    }

    /// Parses a whole expression at token `at`; gives it and the token behind it.
    pub(super) fn root(&mut self, at: usize) -> (Root, usize) {
        let first = self.arena.next();
        let (id, next) = self.expression(at);
        (Root { first, id }, next)
    }

    /// Moves list members from `pending` on into the arena.
    pub(super) fn finish_list(&mut self, mark: usize) -> crate::ast::ExprList {
        let list = self.arena.push_list(self.pending.get(mark..).unwrap_or(&[]));
        self.pending.truncate(mark);
        list
    }

    /// Passes over tokens up to a `closer` on this level of nesting and over it; stops in front
    /// of a word that begins a clause.
    pub(super) fn skip_past(&self, closer: T, mut at: usize) -> usize {
        let mut depth = 0_u32;
        loop {
            match self.kind(at) {
                T::End => return at,
                T::LeftParen | T::LeftBracket => depth += 1,
                kind if kind == closer && depth == 0 => return at + 1,
                T::RightParen | T::RightBracket => {
                    if depth == 0 {
                        return at;
                    }
                    depth -= 1;
                }
                kind if depth == 0 && is_boundary(kind) => return at,
                _ => {}
            }
            at += 1;
        }
    }
}

/// Words and signs that no expression contains: where parsing can start afresh.
pub(super) fn is_boundary(kind: T) -> bool {
    matches!(
        kind,
        T::End
            | T::Select
            | T::From
            | T::Where
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
            | T::On
            | T::Union
            | T::Intersect
            | T::Minus
            | T::PipeGreater
    )
}
