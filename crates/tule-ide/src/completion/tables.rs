//! Whether a dataset is being named at the cursor, for callers who can look further than the lock.

use tule_syntax::lexer::lex;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use crate::document::Document;
use crate::place::{Want, frames};

/// The name of a dataset on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Naming {
    /// What a name replaces, in the document.
    pub replaced: Span,
    /// What is typed of it, without `@`.
    pub typed: String,
    /// Whether it stands in quotes, as text.
    pub quoted: bool,
}

/// The name of a dataset that is being typed at `offset`.
#[must_use]
pub fn naming(document: &Document, offset: u32) -> Option<Naming> {
    let part = document.part_at(offset)?;
    let local = offset.checked_sub(part.range.start)?;
    let before = part.analysis.text.get(..local as usize)?;
    let lexed = lex(before);
    let last = lexed.len().checked_sub(1)?;
    let (kind, span) = (lexed.kind(last), lexed.span(last));
    let quoted = kind == TokenKind::UnterminatedString;
    let is_word = kind.is_keyword()
        || kind.is_name()
        || matches!(kind, TokenKind::TableIdent | TokenKind::Unknown);
    let (at, replaced) = if quoted {
        (last, Span::new(span.start + 1, local))
    } else if is_word {
        (last, span)
    } else {
        (last + 1, Span::empty(local))
    };
    if frames(&lexed, at).last()?.want != Want::Table {
        return None;
    }
    let typed = replaced.text(before).trim_start_matches('@').to_owned();
    Some(Naming { replaced: replaced.shift(part.range.start), typed, quoted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{marked, world};

    fn typed(text: &str) -> Option<(String, bool)> {
        let (text, offset) = marked(text);
        let document = Document::new(text, world());
        naming(&document, offset).map(|naming| (naming.typed, naming.quoted))
    }

    #[test]
    fn names_of_datasets_are_told_from_other_words() {
        let word = |text: &str, quoted| Some((text.to_owned(), quoted));
        assert_eq!(typed("select beat from cal§"), word("cal", false));
        assert_eq!(typed("select beat from §"), word("", false));
        assert_eq!(typed("from @ca§ select beat"), word("ca", false));
        assert_eq!(typed("select beat from 'stockton/po§"), word("stockton/po", true));
        assert_eq!(typed("select beat from calls join dis§"), word("dis", false));
        assert_eq!(typed("select be§ from calls"), None);
        assert_eq!(typed("select beat from calls where beat = 'C§"), None);
    }
}
