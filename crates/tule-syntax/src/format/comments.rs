//! Comments between two tokens.
//!
//! A comment keeps its place in the order of tokens and its relation to the lines around it:
//! behind something on its line, on lines of its own, or in front of the next token on the line
//! of that. The three are told apart by the line breaks of the input, which the output repeats,
//! so a second formatting tells them apart in the same way.

use std::borrow::Cow;
use std::ops::Range;

use crate::lexer::Lexed;
use crate::span::Span;
use crate::token::TokenKind;

/// One comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'t> {
    pub kind: TokenKind,
    pub span: Span,
    text: &'t str,
    /// Line breaks between what stands before and the comment.
    pub breaks: u32,
}

/// What stands between two tokens.
#[derive(Debug, Default)]
pub(super) struct Gap<'t> {
    pub comments: Vec<Comment<'t>>,
    /// Line breaks behind the last comment.
    pub breaks: u32,
}

/// Reads the trivia `range` of `lexed`.
pub(super) fn read<'t>(text: &'t str, lexed: &Lexed, range: Range<usize>) -> Gap<'t> {
    let mut gap = Gap::default();
    for index in range {
        let kind = lexed.kind(index);
        let span = lexed.span(index);
        if kind.is_comment() {
            let breaks = std::mem::take(&mut gap.breaks);
            gap.comments.push(Comment { kind, span, text: span.text(text), breaks });
        } else {
            gap.breaks = line_breaks(span.text(text));
        }
    }
    gap
}

/// How many lines end in blank space. A lone CR ends one too: the lexer ends a line comment there.
fn line_breaks(blank: &str) -> u32 {
    let mut count = 0;
    let mut after_cr = false;
    for byte in blank.bytes() {
        count += u32::from(byte == b'\r' || byte == b'\n' && !after_cr);
        after_cr = byte == b'\r';
    }
    count
}

impl<'t> Comment<'t> {
    /// The comment as it is written out: without blanks at the end of a line comment, and with
    /// the line ends of the file.
    pub(super) fn written(&self, eol: &str) -> Cow<'t, str> {
        match self.kind {
            TokenKind::LineComment => Cow::Borrowed(self.text.trim_end_matches([' ', '\t'])),
            TokenKind::BlockComment if self.is_multiline() => {
                let lines = self.text.split('\n').map(|line| line.trim_end_matches('\r'));
                Cow::Owned(lines.collect::<Vec<_>>().join(eol))
            }
            _ => Cow::Borrowed(self.text),
        }
    }

    fn is_line(&self) -> bool {
        self.kind == TokenKind::LineComment
    }

    fn is_multiline(&self) -> bool {
        self.text.contains('\n')
    }

    fn columns(&self) -> u32 {
        columns(self.text)
    }
}

impl Gap<'_> {
    /// Whether a line must end here, whatever the layout says: behind a line comment, and around
    /// comments on lines of their own.
    pub(super) fn ends_line(&self) -> bool {
        self.comments.iter().any(Comment::is_line)
            || self.breaks > 0 && self.comments.iter().any(|comment| comment.breaks > 0)
            || self.comments.iter().filter(|comment| comment.breaks > 0).count() > 1
    }

    /// Whether no group around the gap can stand on one line.
    pub(super) fn breaks_groups(&self) -> bool {
        self.ends_line() || self.comments.iter().any(Comment::is_multiline)
    }

    /// Whether the last comments stand on the line of the next token.
    pub(super) fn leads(&self) -> bool {
        self.breaks == 0 && self.comments.iter().any(|comment| comment.breaks > 0)
    }

    /// Columns of all comments side by side, each with a space before it.
    pub(super) fn columns(&self) -> u32 {
        self.comments.iter().map(|comment| 1 + comment.columns()).sum()
    }

    /// Columns that comments add to the line of the token before, if the line `may_end` in the gap
    /// even without them. A line comment adds none: a remark at the end of a line is no reason to
    /// break it.
    pub(super) fn trailing_columns(&self, may_end: bool) -> u32 {
        let may_end = may_end || self.ends_line();
        self.comments
            .iter()
            .take_while(|comment| {
                !(may_end && comment.breaks > 0 || comment.is_line() || comment.is_multiline())
            })
            .map(|comment| 1 + comment.columns())
            .sum()
    }
}

/// Width of a text of one line.
pub(super) fn columns(text: &str) -> u32 {
    let count = if text.is_ascii() { text.len() } else { text.chars().count() };
    u32::try_from(count).unwrap_or(u32::MAX)
}
