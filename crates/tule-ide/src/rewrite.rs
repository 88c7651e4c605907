//! What becomes of the words that no portal knows.
//!
//! Shown where such a word stands, for sound statements only: what is sent of the others is not
//! known.

use tule_core::check::Valid;
use tule_core::lower::{Part, preview};
use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::lexer::lex;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use crate::cards;
use crate::document::Analysis;

/// Longest text that is shown.
const LONGEST: usize = 2_000;

/// What is sent in place of the keyword at `word` and what belongs to it, if that is something
/// else.
pub(crate) fn sent(analysis: &Analysis, kind: TokenKind, word: Span) -> Option<String> {
    use TokenKind as T;
    let part = match kind {
        T::With | T::Inner | T::Query => Part::Whole,
        T::From if !is_test(analysis, word) => return None,
        T::Ilike | T::Is | T::Distinct | T::From | T::Not | T::Case | T::When | T::Null => {
            Part::Expr(around(analysis, word)?)
        }
        _ => return None,
    };
    let (span, header) = match part {
        Part::Whole => (analysis.parsed.statement.query.as_ref()?.span, true),
        Part::Expr(id) => (analysis.parsed.statement.arena.span(id), false),
    };
    let valid = Valid::new(&analysis.text, &analysis.parsed, &analysis.checked)?;
    let text = preview(valid, part).filter(|text| text.len() <= LONGEST)?;
    let written = span.text(&analysis.text);
    if !header && words(written) == words(&text) {
        return None;
    }
    // Back-quotes of names have to be seen; a fence holds them.
    Some(match text.find('`') {
        None => format!("Sent as {}", cards::code(&text)),
        Some(_) if text.contains("```") => return None,
        Some(_) => format!("Sent as\n```tule\n{text}\n```"),
    })
}

/// The words of a text, so that blanks and the case of keywords make no difference.
fn words(text: &str) -> Vec<String> {
    let lexed = lex(text);
    let tokens = lexed.iter().filter(|(kind, _)| !kind.is_trivia());
    tokens
        .map(|(kind, span)| {
            let word = span.text(text);
            if kind.is_keyword() { word.to_lowercase() } else { word.to_owned() }
        })
        .collect()
}

/// Whether the word belongs to an expression: FROM of `is distinct from`.
fn is_test(analysis: &Analysis, word: Span) -> bool {
    let arena = &analysis.parsed.statement.arena;
    let is_distinct = |id| matches!(arena.expr(id).kind, ExprKind::IsDistinct { .. });
    around(analysis, word).is_some_and(is_distinct)
}

/// The narrowest expression around a word.
fn around(analysis: &Analysis, word: Span) -> Option<ExprId> {
    let arena = &analysis.parsed.statement.arena;
    let nodes = (0..u32::try_from(arena.len()).unwrap_or(u32::MAX)).map(ExprId);
    let around = nodes.filter(|id| arena.span(*id).contains(word) && arena.span(*id) != word);
    around.min_by_key(|id| arena.span(*id).len())
}
