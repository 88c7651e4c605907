//! What sort of thing each token is, for colouring.
//!
//! Words, numbers and comments are known from the lexer; what a name stands for, from the
//! analysis. The tokens of a statement are made once and kept with it, so that colouring a long
//! file after a key press costs one statement.

use tule_syntax::lexer::lex;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use crate::document::{Analysis, Document};
use crate::names::{Name, Symbol};

/// One coloured token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// Where. Tokens never overlap; one may reach over several lines.
    pub span: Span,
    /// What sort of thing it is.
    pub sort: Sort,
    /// Whether a name is given here.
    pub defines: bool,
}

/// A sort of token.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
#[repr(u8)]
pub enum Sort {
    Keyword,
    Function,
    Column,
    Alias,
    Dataset,
    Table,
    Parameter,
    Type,
    Field,
    String,
    Number,
    Operator,
    Comment,
}

impl Sort {
    /// Every sort, in the order of their numbers.
    pub const ALL: [Self; 13] = [
        Self::Keyword,
        Self::Function,
        Self::Column,
        Self::Alias,
        Self::Dataset,
        Self::Table,
        Self::Parameter,
        Self::Type,
        Self::Field,
        Self::String,
        Self::Number,
        Self::Operator,
        Self::Comment,
    ];
}

/// The tokens of the statements that `range` touches, in order, with positions in the document.
pub fn tokens(document: &Document, range: Span) -> impl Iterator<Item = Token> + '_ {
    document
        .parts()
        .iter()
        .filter(move |part| part.range.start <= range.end && range.start <= part.range.end)
        .flat_map(|part| {
            let base = part.range.start;
            part.analysis
                .tokens()
                .iter()
                .map(move |token| Token { span: token.span.shift(base), ..*token })
        })
        .filter(move |token| token.span.start < range.end && range.start < token.span.end)
}

/// The tokens of one statement.
pub(crate) fn of_statement(analysis: &Analysis) -> Vec<Token> {
    let lexed = lex(&analysis.text);
    let mut names = analysis.names().iter().peekable();
    let mut tokens = Vec::with_capacity(lexed.len());
    for (kind, span) in lexed.iter() {
        while names.peek().is_some_and(|name| name.span.start < span.start) {
            names.next();
        }
        let name = names.peek().filter(|name| name.span == span);
        let (sort, defines) = match name {
            Some(name) => (sort_of(name), name.defines),
            None => match sort(kind) {
                Some(sort) => (sort, false),
                None => continue,
            },
        };
        tokens.push(Token { span, sort, defines });
    }
    tokens
}

fn sort_of(name: &Name) -> Sort {
    match name.symbol {
        Symbol::Column(..) => Sort::Column,
        Symbol::Dataset(_) => Sort::Dataset,
        Symbol::Item(..) => Sort::Alias,
        Symbol::Table(..) | Symbol::With(_) => Sort::Table,
        Symbol::Parameter(_) => Sort::Parameter,
        Symbol::Query | Symbol::Function(_) => Sort::Function,
        Symbol::Type(_) => Sort::Type,
        Symbol::Field(_) => Sort::Field,
    }
}

fn sort(kind: TokenKind) -> Option<Sort> {
    use TokenKind as T;
    if kind.is_reserved() {
        return Some(Sort::Keyword);
    }
    if kind.is_comment() {
        return Some(Sort::Comment);
    }
    if kind.is_string() {
        return Some(Sort::String);
    }
    match kind {
        // Most words with a meaning in one position are names elsewhere, and names that stand for
        // something were found already.
        _ if kind.is_contextual() => Some(Sort::Keyword),
        T::Integer | T::Number => Some(Sort::Number),
        T::Param | T::Hole => Some(Sort::Parameter),
        T::TableIdent => Some(Sort::Table),
        T::SystemIdent => Some(Sort::Column),
        T::PipeGreater
        | T::PipePipe
        | T::DoubleColon
        | T::Star
        | T::SystemStar
        | T::Plus
        | T::Dash
        | T::Slash
        | T::Percent
        | T::Caret => Some(Sort::Operator),
        _ if kind.is_comparison() => Some(Sort::Operator),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::world;

    fn listed(text: &str) -> Vec<(String, Sort)> {
        let document = Document::new(text.to_owned(), world());
        let all = Span::new(0, u32::try_from(text.len()).unwrap());
        tokens(&document, all).map(|token| (token.span.text(text).to_owned(), token.sort)).collect()
    }

    #[test]
    fn words_are_what_they_stand_for() {
        use Sort as S;
        let found = listed(
            "-- all\nselect upper(beat) as first, x::text from calls where priority = '1' limit 5;",
        );
        let sorts: Vec<Sort> = found.iter().map(|(_, sort)| *sort).collect();
        assert_eq!(
            sorts,
            [
                S::Comment,
                S::Keyword,
                S::Function,
                S::Column,
                S::Keyword,
                S::Alias,
                S::Column,
                S::Operator,
                S::Type,
                S::Keyword,
                S::Dataset,
                S::Keyword,
                S::Column,
                S::Operator,
                S::String,
                S::Keyword,
                S::Number,
            ]
        );
        assert_eq!(found[5].0, "first");
    }

    #[test]
    fn a_range_gives_the_tokens_in_it() {
        let text = "select beat from calls; select x from calls";
        let document = Document::new(text.to_owned(), world());
        let found: Vec<_> =
            tokens(&document, Span::new(25, 33)).map(|t| t.span.text(text)).collect();
        assert_eq!(found, ["select", "x"]);
    }

    #[test]
    fn sorts_have_their_numbers() {
        for (index, sort) in Sort::ALL.iter().enumerate() {
            assert_eq!(*sort as usize, index);
        }
    }
}
