//! The significant tokens of one statement, its `;` included.
//!
//! Tokens are known by their place among the significant ones; what stands between two of them is
//! read again from the lexed text when it is wanted, which costs less than keeping it.

use super::comments::{self, Gap};
use crate::lexer::Lexed;
use crate::span::Span;
use crate::token::TokenKind;

#[derive(Clone, Copy)]
pub(super) struct Tokens<'t> {
    pub text: &'t str,
    pub lexed: &'t Lexed,
    /// Indices into `lexed`.
    pub at: &'t [u32],
    /// Where the spans of the statement's tree count from.
    pub base: u32,
}

impl<'t> Tokens<'t> {
    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    /// The index of token `i` among all tokens of the file.
    pub(super) fn lexed_index(&self, i: usize) -> usize {
        self.at.get(i).map_or(self.lexed.len(), |&index| index as usize)
    }

    pub(super) fn kind(&self, i: usize) -> TokenKind {
        self.lexed.kind(self.lexed_index(i))
    }

    pub(super) fn text(&self, i: usize) -> &'t str {
        self.lexed.span(self.lexed_index(i)).text(self.text)
    }

    /// The token a span of the tree begins with.
    pub(super) fn first(&self, span: Span) -> usize {
        self.begin_at_or_after(span.start)
    }

    /// The token behind the last one of a span of the tree.
    pub(super) fn end(&self, span: Span) -> usize {
        self.begin_at_or_after(span.end)
    }

    fn begin_at_or_after(&self, offset: u32) -> usize {
        let offset = offset + self.base;
        self.at.partition_point(|&index| self.lexed.span(index as usize).start < offset)
    }

    /// What stands between token `i - 1` and token `i`.
    pub(super) fn gap(&self, i: usize) -> Gap<'t> {
        let before = self.lexed_index(i.saturating_sub(1)) + 1;
        comments::read(self.text, self.lexed, before..self.lexed_index(i))
    }
}
