//! The one way a statement is laid out.
//!
//! A layout is computed from the tree and written by one loop over the tokens, so what comes out
//! is exactly what went in: the same tokens in the same order, every comment between the same two
//! tokens, the inside of strings and quoted names untouched. Only blank space, line breaks and
//! the letter case of keywords change. Line breaks of the input have no say, but for those beside
//! comments and for one blank line between statements, so formatting twice changes nothing.
//!
//! `layout` and `expr` turn the tree into a break between every two tokens and nested groups of
//! tokens; `print` decides which groups fit on their line; `tokens` and `comments` read what is
//! written and what stands between; `file` puts the statements of a file together. What is
//! deliberately absent: options of taste beside the width, any repair of the text, and recursion
//! over expressions.

mod comments;
mod expr;
mod file;
mod layout;
mod print;
#[cfg(test)]
mod tests;
mod tokens;

use crate::limits::MAX_BYTES;
use crate::parser::parse_file;
use crate::span::Span;

/// Narrowest width; a lesser one counts as this.
pub const MIN_WIDTH: u32 = 40;

/// Greatest width; a greater one counts as this.
pub const MAX_WIDTH: u32 = 200;

/// How to lay text out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// Columns a line should have at most, in Unicode characters; from [`MIN_WIDTH`] to
    /// [`MAX_WIDTH`].
    pub width: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 88 }
    }
}

/// Text that has been laid out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Formatted {
    /// The new text.
    pub text: String,
    /// Where in the old text the statements stand that were left as written because of faults of
    /// form, from their first token to their last.
    pub skipped: Vec<Span>,
}

/// Lays out a file of statements.
///
/// ```
/// use tule_syntax::format::{Options, format};
/// let done = format("SELECT beat,COUNT( * ) AS n\nGROUP BY beat", &Options::default());
/// assert_eq!(done.text, "select beat, COUNT(*) as n group by beat\n");
/// assert!(done.skipped.is_empty());
/// ```
#[must_use]
pub fn format(text: &str, options: &Options) -> Formatted {
    if text.len() > MAX_BYTES {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        return Formatted { text: text.to_owned(), skipped: vec![Span::new(0, end)] };
    }
    file::format(text, &parse_file(text), options.width.clamp(MIN_WIDTH, MAX_WIDTH))
}
