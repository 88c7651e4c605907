//! From all tokens of a file to the significant tokens of its statements.
//!
//! Here trivia is dropped, faults that a single token shows are reported, parentheses are matched
//! and the depth limit is checked, so that the grammar proper sees clean input.

use std::cell::Cell;

use crate::error::{Foreign, SyntaxError, SyntaxErrorKind};
use logos::Logos;
use smallvec::SmallVec;

use crate::lexer::{Lexed, is_word, lex};
use crate::limits::{MAX_NESTING, MAX_QUERIES, MAX_TOKENS};
use crate::literal::{backslashed_end, bad_escapes, is_quotable_name, name_text};
use crate::span::Span;
use crate::token::TokenKind;

/// Unknown characters reported per statement; more would say nothing new.
const MAX_UNKNOWN: usize = 3;

/// Significant tokens of a whole file, as parallel arrays.
#[derive(Default)]
pub(super) struct Tokens {
    pub kinds: Vec<TokenKind>,
    /// Positions in the file.
    pub spans: Vec<Span>,
}

thread_local! {
    /// The tables of the text before, emptied: most texts are short, and many follow each other.
    static SPARE: Cell<Tokens> = const { Cell::new(Tokens { kinds: Vec::new(), spans: Vec::new() }) };
}

/// Tables of more tokens than this are not kept.
const MAX_SPARE: usize = 1 << 12;

impl Tokens {
    /// Empty tables with room for so many tokens.
    fn with_capacity(tokens: usize) -> Self {
        let mut spare = SPARE.take();
        spare.kinds.reserve(tokens);
        spare.spans.reserve(tokens);
        spare
    }

    /// Leaves the tables to the next text.
    pub(super) fn recycle(mut self) {
        if self.kinds.capacity().max(self.spans.capacity()) <= MAX_SPARE {
            self.kinds.clear();
            self.spans.clear();
            SPARE.set(self);
        }
    }
}

/// One statement's share of [`Tokens`].
pub(super) struct Piece {
    /// Where the statement's text stands in the file, `;` left out.
    pub range: Span,
    /// Its tokens.
    pub tokens: std::ops::Range<usize>,
    /// Whether a `;` follows.
    pub terminated: bool,
    /// Faults found here; positions in the file.
    pub errors: Vec<SyntaxError>,
}

/// The statements of a file; most texts that are parsed hold one.
pub(super) type Pieces = SmallVec<[Piece; 1]>;

/// Splits `text` at `;` into pieces of significant tokens. There is always at least one piece.
pub(super) fn split(text: &str) -> (Tokens, Pieces) {
    clean(text).unwrap_or_else(|| split_with_care(text, &lex(text)))
}

/// The same for a text in which nothing is out of the ordinary but a closing parenthesis too
/// many: no table of all tokens is made. `None` where a closer look is needed.
fn clean(text: &str) -> Option<(Tokens, Pieces)> {
    let capacity = text.len() / 4 + 4;
    let mut tokens = Tokens::with_capacity(capacity);
    let mut pieces = Pieces::new();
    let (mut start, mut first, mut depth) = (0, 0, 0_usize);
    let mut errors = Vec::new();
    let mut lexer = TokenKind::lexer(text);
    while let Some(kind) = lexer.next() {
        let kind = kind.ok()?;
        // Blank space and whole comments come first in the order of the kinds.
        if kind <= TokenKind::BlockComment {
            continue;
        }
        let range = lexer.span();
        let span = Span { start: position(range.start), end: position(range.end) };
        match kind {
            // Words, by the order of the kinds.
            _ if TokenKind::Unknown < kind && kind <= TokenKind::Ident => {}
            TokenKind::Semicolon => {
                if depth != 0 || tokens.kinds.len() - first > MAX_TOKENS {
                    return None;
                }
                let range = Span::new(start, span.start);
                let errors = std::mem::take(&mut errors);
                let own = first..tokens.kinds.len();
                pieces.push(Piece { range, tokens: own, terminated: true, errors });
                first = tokens.kinds.len();
                start = span.end;
                continue;
            }
            TokenKind::LeftParen => {
                depth += 1;
                if depth > MAX_QUERIES {
                    return None;
                }
            }
            TokenKind::RightParen if depth == 0 => {
                errors.push(SyntaxError { kind: SyntaxErrorKind::UnmatchedClose, span });
                continue;
            }
            TokenKind::RightParen => depth -= 1,
            TokenKind::LeftBracket
            | TokenKind::RightBracket
            | TokenKind::QuotedIdent
            | TokenKind::UnterminatedIdent
            | TokenKind::UnterminatedString
            | TokenKind::UnterminatedDoubleString
            | TokenKind::UnterminatedComment
            | TokenKind::DoubleString => return None,
            _ => {}
        }
        tokens.kinds.push(kind);
        tokens.spans.push(span);
    }
    if tokens.kinds.len() - first > MAX_TOKENS || !is_ascii(text) && has_foreign_word(text, &tokens)
    {
        return None;
    }
    let range = Span::new(start, position(text.len()));
    let own = first..tokens.kinds.len();
    pieces.push(Piece { range, tokens: own, terminated: false, errors });
    Some((tokens, pieces))
}

/// What [`str::is_ascii`] says; that looks at the last 31 bytes one by one, which most statements
/// would feel.
fn is_ascii(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let bits = words.iter().fold(0, |bits, word| bits | u64::from_ne_bytes(*word));
    bits & (u64::MAX / 255 * 128) == 0 && rest.is_ascii()
}

/// Whether a word has letters outside ASCII, which are to be looked at one by one.
fn has_foreign_word(text: &str, tokens: &Tokens) -> bool {
    let mut words = tokens.kinds.iter().zip(&tokens.spans).filter(|(kind, _)| is_word(**kind));
    words.any(|(_, span)| !span.text(text).is_ascii())
}

/// An offset in a text whose length the caller has limited.
#[expect(clippy::cast_possible_truncation, reason = "texts are shorter than `MAX_BYTES`")]
fn position(offset: usize) -> u32 {
    offset as u32
}

/// Strings with escaped quotes that are put together per text; each costs a look at its rest.
const MAX_BACKSLASHED: usize = 32;

/// Puts strings such as `'What\'s up'` together again, which end at the backslash by the rules and
/// were meant to go on. Gives the tokens, if there are any, and where these strings begin.
fn backslashed(text: &str, lexed: &Lexed) -> Option<(Lexed, Vec<u32>)> {
    let broken = |(kind, span): (TokenKind, Span)| {
        kind == TokenKind::UnterminatedString
            || kind == TokenKind::Unknown && span.text(text) == "\\"
    };
    if !lexed.iter().any(broken) {
        return None;
    }
    let (mut changed, mut starts) = (None::<Lexed>, Vec::new());
    let mut index = 0;
    loop {
        let tokens = changed.as_ref().unwrap_or(lexed);
        if index >= tokens.len() || starts.len() >= MAX_BACKSLASHED {
            break;
        }
        let span = tokens.span(index);
        let behind = text.get(span.end as usize..).and_then(|rest| rest.chars().next());
        let escaped = tokens.kind(index) == TokenKind::String
            && span.text(text).ends_with("\\'")
            && behind.is_some_and(char::is_alphanumeric);
        let end = text.get(span.start as usize..).filter(|_| escaped).and_then(backslashed_end);
        if let Some(end) = end {
            changed = Some(tokens.with_string(text, index, span.start as usize + end));
            starts.push(span.start);
        }
        index += 1;
    }
    changed.map(|changed| (changed, starts))
}

/// Splits `lexed` at `;` and cleans each piece.
fn split_with_care(text: &str, lexed: &Lexed) -> (Tokens, Pieces) {
    let changed = backslashed(text, lexed);
    let (lexed, backslashed) = match &changed {
        Some((changed, starts)) => (changed, starts.as_slice()),
        None => (lexed, [].as_slice()),
    };
    let mut splitter = Splitter {
        text,
        lexed,
        backslashed,
        tokens: Tokens::with_capacity(lexed.len() / 2 + 1),
        errors: Vec::new(),
        open: Vec::new(),
        queries: 0,
        first: 0,
        unknown: 0,
        overflow: false,
    };
    let mut pieces = Pieces::new();
    let mut start = 0;
    let mut index = 0;
    while index < lexed.len() {
        let kind = lexed.kind(index);
        if kind == TokenKind::Semicolon {
            let at = lexed.span(index);
            pieces.push(splitter.finish(Span::new(start, at.start), true));
            start = at.end;
            index += 1;
        } else {
            index = splitter.take(kind, index);
        }
    }
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    pieces.push(splitter.finish(Span::new(start, end), false));
    (splitter.tokens, pieces)
}

struct Splitter<'a> {
    text: &'a str,
    lexed: &'a Lexed,
    /// Where strings begin in which a backslash stands in front of a quote.
    backslashed: &'a [u32],
    tokens: Tokens,
    errors: Vec<SyntaxError>,
    /// The parentheses and brackets open now, and whether each holds a query.
    open: Vec<(TokenKind, bool)>,
    /// How many of them hold a query.
    queries: usize,
    first: usize,
    unknown: usize,
    overflow: bool,
}

impl Splitter<'_> {
    fn finish(&mut self, range: Span, terminated: bool) -> Piece {
        let tokens = self.first..self.tokens.kinds.len();
        self.first = tokens.end;
        self.open.clear();
        self.queries = 0;
        self.unknown = 0;
        self.overflow = false;
        Piece { range, tokens, terminated, errors: std::mem::take(&mut self.errors) }
    }

    fn error(&mut self, kind: SyntaxErrorKind, span: Span) {
        self.errors.push(SyntaxError { kind, span });
    }

    fn push(&mut self, kind: TokenKind, span: Span) {
        self.tokens.kinds.push(kind);
        self.tokens.spans.push(span);
    }

    /// Takes the token at `index` and gives the index of the next one.
    fn take(&mut self, kind: TokenKind, index: usize) -> usize {
        if kind.is_trivia() && kind != TokenKind::UnterminatedComment || self.overflow {
            return index + 1;
        }
        let span = self.lexed.span(index);
        if self.tokens.kinds.len() - self.first >= MAX_TOKENS {
            self.error(SyntaxErrorKind::TooManyTokens, span);
            self.overflow = true;
            return index + 1;
        }
        match kind {
            TokenKind::UnterminatedComment => {
                self.error(
                    SyntaxErrorKind::UnterminatedComment,
                    Span::new(span.start, span.start + 2),
                );
                return index + 1;
            }
            TokenKind::Unknown => return self.unknown(span, index),
            TokenKind::LeftParen | TokenKind::LeftBracket => {
                let query = kind == TokenKind::LeftParen && self.opens_query();
                self.open.push((kind, query));
                self.queries += usize::from(query);
                if self.open.len() > MAX_NESTING || self.queries > MAX_QUERIES {
                    self.error(SyntaxErrorKind::TooDeep, span);
                    self.overflow = true;
                    return index + 1;
                }
            }
            TokenKind::RightParen if !self.close(TokenKind::LeftParen, span) => {
                return index + 1;
            }
            TokenKind::RightBracket if !self.close(TokenKind::LeftBracket, span) => {
                return index + 1;
            }
            TokenKind::UnterminatedString => {
                // The quote alone is the faulty place; what follows it is anybody's guess.
                self.error(
                    SyntaxErrorKind::UnterminatedString,
                    Span::new(span.start, span.start + 1),
                );
            }
            TokenKind::UnterminatedDoubleString => {
                self.error(SyntaxErrorKind::UnterminatedDoubleString, span);
            }
            TokenKind::UnterminatedIdent => self.error(SyntaxErrorKind::UnterminatedName, span),
            TokenKind::QuotedIdent if !is_quotable_name(name_text(span.text(self.text))) => {
                self.error(SyntaxErrorKind::BadName, span);
            }
            TokenKind::DoubleString => self.escapes(span),
            TokenKind::String if self.backslashed.binary_search(&span.start).is_ok() => {
                let quotes = span.text(self.text).match_indices("\\'");
                for at in quotes.filter_map(|(at, _)| u32::try_from(at).ok()) {
                    let start = span.start + at;
                    self.error(SyntaxErrorKind::BadEscape, Span::new(start, start + 2));
                }
            }
            _ => {}
        }
        let kind = match kind {
            TokenKind::QuotedIdent if span.text(self.text).starts_with("`:") => {
                TokenKind::SystemIdent
            }
            other => other,
        };
        self.push(kind, span);
        index + 1
    }

    /// Whether a parenthesis at this place can hold a query: where a table or a select stands.
    fn opens_query(&self) -> bool {
        match self.tokens.kinds.get(self.first..).and_then(<[_]>::last) {
            None => true,
            Some(TokenKind::LeftParen) => self.open.last().is_some_and(|(_, query)| *query),
            Some(before) => matches!(
                before,
                TokenKind::From
                    | TokenKind::Join
                    | TokenKind::Lateral
                    | TokenKind::As
                    | TokenKind::Union
                    | TokenKind::Intersect
                    | TokenKind::Minus
                    | TokenKind::All
                    | TokenKind::PipeGreater
            ),
        }
    }

    fn close(&mut self, opener: TokenKind, span: Span) -> bool {
        if !self.open.iter().any(|(kind, _)| *kind == opener) {
            self.error(SyntaxErrorKind::UnmatchedClose, span);
            return false;
        }
        // An inner bracket of the other sort may have been left open; the grammar reports that.
        while let Some((kind, query)) = self.open.pop() {
            self.queries -= usize::from(query);
            if kind == opener {
                break;
            }
        }
        true
    }

    fn escapes(&mut self, span: Span) {
        let written = span.text(self.text);
        if !written.contains('\\') {
            return;
        }
        for (range, kind) in bad_escapes(written) {
            let at = |offset: usize| span.start + u32::try_from(offset).unwrap_or(0);
            self.errors.push(SyntaxError { kind, span: Span::new(at(range.start), at(range.end)) });
        }
    }

    /// A character that no token begins with. `{x}` and `${x}` of host languages stand for a
    /// value and stay as one token; everything else is dropped once reported.
    fn unknown(&mut self, span: Span, index: usize) -> usize {
        if let Some(end) = self.template(index) {
            let whole = span.cover(self.lexed.span(end));
            self.error(SyntaxErrorKind::Foreign(Foreign::Template), whole);
            self.push(TokenKind::Unknown, whole);
            return end + 1;
        }
        let written = span.text(self.text);
        let kind = SyntaxErrorKind::UnknownCharacter;
        match written {
            "&" => {
                let next = self.lexed.span(index + 1);
                let twice = next.text(self.text) == "&";
                let whole = if twice { span.cover(next) } else { span };
                let kind = if twice { SyntaxErrorKind::Foreign(Foreign::AmpAnd) } else { kind };
                self.error(kind, whole);
                self.push(TokenKind::And, whole);
                return index + 1 + usize::from(twice);
            }
            // The placeholder of a prepared statement stands for a value.
            "?" => {
                self.error(kind, span);
                self.push(TokenKind::Unknown, span);
                return index + 1;
            }
            "#" => {
                self.error(SyntaxErrorKind::Foreign(Foreign::HashComment), span);
                return self.next_line(index);
            }
            "\u{2018}" | "\u{2019}" | "\u{201a}" | "\u{201c}" | "\u{201d}" | "\u{201e}" => {
                if let Some(end) = self.typographic_string(index) {
                    let whole = span.cover(self.lexed.span(end));
                    self.error(SyntaxErrorKind::TypographicQuotes, whole);
                    self.push(TokenKind::String, whole);
                    return end + 1;
                }
            }
            _ => {
                if let Some(meant) = look_alike(written) {
                    self.error(kind, span);
                    self.push(meant, span);
                    return index + 1;
                }
            }
        }
        if self.unknown < MAX_UNKNOWN {
            self.error(kind, span);
        }
        self.unknown += 1;
        index + 1
    }

    /// Index of the first token behind the line of `index`.
    fn next_line(&self, mut index: usize) -> usize {
        while index < self.lexed.len() && !self.lexed.span(index).text(self.text).contains('\n') {
            index += 1;
        }
        index
    }

    /// Index of the typographic quote that closes the one at `index`, on the same line.
    fn typographic_string(&self, index: usize) -> Option<usize> {
        let line = self.next_line(index);
        (index + 1..line).find(|i| {
            matches!(
                self.lexed.span(*i).text(self.text),
                "\u{2018}" | "\u{2019}" | "\u{201c}" | "\u{201d}"
            )
        })
    }

    /// Index of the `}` that ends a template which begins at `index`.
    fn template(&self, index: usize) -> Option<usize> {
        let text_at = |i: usize| self.lexed.span(i).text(self.text);
        let brace = match text_at(index) {
            "$" | "#" if text_at(index + 1) == "{" => index + 1,
            "{" => index,
            _ => return None,
        };
        let mut depth = 0;
        for i in brace..self.lexed.len().min(brace + 64) {
            match text_at(i) {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(i);
                    }
                }
                ";" => return None,
                _ => {}
            }
        }
        None
    }
}

/// The token that a character from elsewhere stands for.
fn look_alike(character: &str) -> Option<TokenKind> {
    Some(match character {
        "\u{2013}" | "\u{2014}" | "\u{2212}" => TokenKind::Dash,
        "\u{2264}" => TokenKind::LessEqual,
        "\u{2265}" => TokenKind::GreaterEqual,
        "\u{2260}" => TokenKind::BangEqual,
        "\u{ff0c}" => TokenKind::Comma,
        _ => return None,
    })
}
