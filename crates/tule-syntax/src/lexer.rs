//! Text to tokens.
//!
//! Every byte of the text belongs to exactly one token, trivia included, so the formatter and the
//! editor can rebuild the text from the tokens. Lexing never fails: what is not a token is
//! [`TokenKind::Unknown`], and an unclosed string, name or comment has a kind of its own. Values
//! (unescaped strings, numbers) are deliberately not computed here; see [`crate::literal`].

use logos::Logos;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::span::Span;
use crate::token::TokenKind;

/// The tokens of a text, as parallel arrays.
#[derive(Clone, Debug, Default)]
pub struct Lexed {
    kinds: Vec<TokenKind>,
    /// Start of each token, and one more entry: the length of the text.
    starts: Vec<u32>,
}

impl Lexed {
    /// How many tokens there are, trivia included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether the text was empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The kinds of all tokens.
    #[must_use]
    pub fn kinds(&self) -> &[TokenKind] {
        &self.kinds
    }

    /// The kind of token `index`; [`TokenKind::End`] past the last.
    #[must_use]
    pub fn kind(&self, index: usize) -> TokenKind {
        self.kinds.get(index).copied().unwrap_or(TokenKind::End)
    }

    /// Where token `index` stands; empty at the end of the text past the last.
    #[must_use]
    pub fn span(&self, index: usize) -> Span {
        let last = self.starts.last().copied().unwrap_or(0);
        let at = |i: usize| self.starts.get(i).copied().unwrap_or(last);
        Span::new(at(index), at(index + 1))
    }

    /// All tokens with their spans, in order.
    pub fn iter(&self) -> impl Iterator<Item = (TokenKind, Span)> + '_ {
        self.kinds.iter().enumerate().map(|(index, &kind)| (kind, self.span(index)))
    }

    /// Index of the token that holds the byte at `offset`, or the number of tokens at the end.
    #[must_use]
    pub fn at(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The same tokens up to `index`, one string that begins there and ends at `end`, and the tokens
    /// of the rest of `text`.
    pub(crate) fn with_string(&self, text: &str, index: usize, end: usize) -> Self {
        let start = self.span(index).start;
        let mut changed = Self {
            kinds: self.kinds.get(..index).unwrap_or_default().to_vec(),
            starts: self.starts.get(..index).unwrap_or_default().to_vec(),
        };
        changed.push(TokenKind::String, start as usize);
        let rest = lex(text.get(end..).unwrap_or_default());
        let shift = u32::try_from(end).unwrap_or(u32::MAX);
        changed.kinds.extend_from_slice(&rest.kinds);
        changed.starts.extend(rest.starts.iter().map(|at| at.saturating_add(shift)));
        changed
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.kinds.push(kind);
        // Texts over `u32::MAX` bytes are refused before they come here (`limits`).
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
    }
}

/// Splits `text` into tokens that cover every byte.
///
/// ```
/// use tule_syntax::lexer::lex;
/// let lexed = lex("select beat -- patrol area");
/// assert_eq!(lexed.iter().map(|(_, span)| span.len()).sum::<u32>(), 26);
/// ```
#[must_use]
pub fn lex(text: &str) -> Lexed {
    let mut lexed = Lexed {
        kinds: Vec::with_capacity(text.len() / 4 + 4),
        starts: Vec::with_capacity(text.len() / 4 + 5),
    };
    let ascii = text.is_ascii();
    let mut lexer = TokenKind::lexer(text);
    while let Some(result) = lexer.next() {
        let start = lexer.span().start;
        match result {
            Ok(kind) if !ascii && is_word(kind) && !lexer.slice().is_ascii() => {
                split_foreign(&mut lexed, kind, lexer.slice(), start);
            }
            Ok(kind) => lexed.push(kind, start),
            Err(()) => {
                for (at, _) in lexer.slice().char_indices() {
                    lexed.push(TokenKind::Unknown, start + at);
                }
            }
        }
    }
    lexed.starts.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
    lexed
}

/// A kind that may hold letters outside ASCII.
pub(crate) fn is_word(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Ident
            | TokenKind::SystemIdent
            | TokenKind::TableIdent
            | TokenKind::Param
            | TokenKind::Hole
    )
}

/// Takes apart a word with letters outside ASCII.
///
/// The automaton takes every such character for a letter, which keeps it small; those that are
/// not (a no-break space pasted from a web page, a typographic quote) become unknown tokens here.
/// What stands between them is lexed anew: it may be a keyword.
fn split_foreign(lexed: &mut Lexed, kind: TokenKind, word: &str, start: usize) {
    let is_part = |at: usize, c: char| {
        is_ident_part(c) || c == '-' || at == 0 && matches!(c, ':' | '@' | '$' | '?')
    };
    if word.char_indices().all(|(at, c)| is_part(at, c) || c == '@' && at == 1) {
        lexed.push(kind, start);
        return;
    }
    let mut from = 0;
    for (at, c) in word.char_indices() {
        if c.is_ascii() || is_ident_part(c) {
            continue;
        }
        relex(lexed, word, from..at, start);
        lexed.push(TokenKind::Unknown, start + at);
        from = at + c.len_utf8();
    }
    relex(lexed, word, from..word.len(), start);
}

/// Lexes a part of a word that has no foreign character but letters.
fn relex(lexed: &mut Lexed, word: &str, range: std::ops::Range<usize>, start: usize) {
    let at = start + range.start;
    let mut lexer = TokenKind::lexer(word.get(range).unwrap_or(""));
    while let Some(kind) = lexer.next() {
        lexed.push(kind.unwrap_or(TokenKind::Unknown), at + lexer.span().start);
    }
}

/// Whether `c` may stand in a name, by the Java rules that the reference language uses.
#[must_use]
pub fn is_ident_part(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_' || c == '$';
    }
    is_ident_start(c)
        || matches!(
            c.general_category(),
            GeneralCategory::DecimalNumber
                | GeneralCategory::SpacingMark
                | GeneralCategory::NonspacingMark
                | GeneralCategory::Format
        )
}

/// Whether `c` may begin a name, by the Java rules that the reference language uses.
#[must_use]
pub fn is_ident_start(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || c == '_' || c == '$';
    }
    matches!(
        c.general_category(),
        GeneralCategory::UppercaseLetter
            | GeneralCategory::LowercaseLetter
            | GeneralCategory::TitlecaseLetter
            | GeneralCategory::ModifierLetter
            | GeneralCategory::OtherLetter
            | GeneralCategory::LetterNumber
            | GeneralCategory::CurrencySymbol
            | GeneralCategory::ConnectorPunctuation
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind as T;

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(text).kinds().iter().copied().filter(|kind| !kind.is_trivia()).collect()
    }

    #[test]
    fn words_numbers_and_symbols() {
        assert_eq!(kinds("SELECT selectx By"), [T::Select, T::Ident, T::By]);
        assert_eq!(
            kinds("1 1. 1.5e-3 1e"),
            [T::Integer, T::Number, T::Number, T::Integer, T::Ident]
        );
        assert_eq!(kinds(".5"), [T::Dot, T::Integer]);
        assert_eq!(kinds("a-b"), [T::Ident, T::Dash, T::Ident]);
        assert_eq!(
            kinds("`a-b` @a-b @t.x-1"),
            [T::QuotedIdent, T::TableIdent, T::TableIdent, T::Dot, T::Ident, T::Dash, T::Integer]
        );
        assert_eq!(
            kinds(":id :@computed_x :* ::text"),
            [T::SystemIdent, T::SystemIdent, T::SystemStar, T::DoubleColon, T::Ident]
        );
        assert_eq!(kinds("$since ?x a$b"), [T::Param, T::Hole, T::Ident]);
        assert_eq!(
            kinds("|> || == <> != <= >="),
            [
                T::PipeGreater,
                T::PipePipe,
                T::EqualEqual,
                T::LessGreater,
                T::BangEqual,
                T::LessEqual,
                T::GreaterEqual
            ]
        );
    }

    #[test]
    fn strings_and_comments_that_are_not_closed_have_their_own_kinds() {
        assert_eq!(kinds("'it''s' 'x"), [T::String, T::UnterminatedString]);
        assert_eq!(kinds(r#""a\"b" "x"#), [T::DoubleString, T::UnterminatedDoubleString]);
        assert_eq!(kinds("\"a\nb"), [T::UnterminatedDoubleString, T::Ident]);
        assert_eq!(kinds("`a\nb"), [T::UnterminatedIdent, T::Ident]);
        assert_eq!(lex("/* a ** b **/x").kinds(), [T::BlockComment, T::Ident]);
        assert_eq!(lex("/* a *").kinds(), [T::UnterminatedComment]);
        assert_eq!(kinds("1--2\n3"), [T::Integer, T::Integer]);
    }

    #[test]
    fn letters_of_any_script_are_names_and_stray_characters_are_not() {
        assert_eq!(kinds("größe 数据 été_2"), [T::Ident, T::Ident, T::Ident]);
        assert_eq!(kinds("select\u{a0}x"), [T::Select, T::Unknown, T::Ident]);
        assert_eq!(
            kinds("{a} & “b”"),
            [T::Unknown, T::Ident, T::Unknown, T::Unknown, T::Unknown, T::Ident, T::Unknown]
        );
    }

    #[test]
    fn every_byte_belongs_to_one_token() {
        for text in ["", "a", "sel\u{a0}é{'x", "\u{feff}select 1", "`", "/*", "--\r\n;", "😀😀"]
        {
            let lexed = lex(text);
            let mut at = 0;
            for (_, span) in lexed.iter() {
                assert_eq!(span.start, at, "{text:?}");
                assert!(!span.is_empty() && text.is_char_boundary(span.end as usize), "{text:?}");
                at = span.end;
            }
            assert_eq!(at as usize, text.len(), "{text:?}");
        }
    }
}
