//! What can be wrong with the form of a statement.
//!
//! Facts only: a kind, a span and the tokens concerned. Wording, codes and repairs are the
//! diagnostics catalogue's, in `tule-core`.

use crate::span::Span;
use crate::token::TokenKind;

/// A set of token kinds, for "expected one of".
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TokenSet(u128);

impl TokenSet {
    /// No kind.
    pub const NONE: Self = Self(0);

    /// The set of exactly these kinds.
    #[must_use]
    pub const fn of(kinds: &[TokenKind]) -> Self {
        let mut bits = 0;
        let mut rest = kinds;
        while let [first, tail @ ..] = rest {
            bits |= 1 << *first as u8;
            rest = tail;
        }
        Self(bits)
    }

    /// Kinds in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `kind` is in the set.
    #[must_use]
    pub const fn has(self, kind: TokenKind) -> bool {
        self.0 >> kind as u8 & 1 == 1
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl std::fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenSet({:x})", self.0)
    }
}

/// Something that the grammar wanted, for error texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Wanted {
    Expression,
    ColumnName,
    Alias,
    TableAlias,
    Table,
    TypeName,
    FieldName,
    Parameter,
    ParameterName,
    SearchText,
    WholeNumber,
    SelectOrParen,
    Select,
    Token(TokenKind),
    JoinCondition,
    FrameBound,
    FrameExclude,
}

/// One fault of form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where; never empty where text exists.
    pub span: Span,
}

/// What is wrong with the form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxErrorKind {
    /// Something else had to stand here.
    Expected {
        /// What was wanted.
        wanted: Wanted,
        /// What stands here instead.
        found: TokenKind,
    },
    /// A token that neither goes on with what stands before it nor begins a clause.
    Unexpected {
        /// What stands here.
        found: TokenKind,
        /// Tokens that could have stood here, besides operators.
        expected: TokenSet,
    },
    /// A character that no token begins with.
    UnknownCharacter,
    /// Text in typographic quotes; the span is the text, quotes included.
    TypographicQuotes,
    /// A string that is never closed.
    UnterminatedString,
    /// A double-quoted string that is not closed on its line.
    UnterminatedDoubleString,
    /// A back-quoted name that is not closed on its line.
    UnterminatedName,
    /// A comment that is never closed.
    UnterminatedComment,
    /// A back-quoted name with a character that names can't have, or with none at all.
    BadName,
    /// A backslash escape that doesn't exist; the span is the escape.
    BadEscape,
    /// `\u` or `\U` without enough hexadecimal digits.
    BadUnicodeEscape,
    /// `\U` beyond 10FFFF or in the surrogate range.
    UnicodeOutOfRange,
    /// `*` behind an expression in the select list.
    StarAfterExpression,
    /// `:*` behind another star or an expression.
    SystemStarAfterStar,
    /// The right side of `|>` is not one plain select.
    ExpectedLeafQuery,
    /// A clause stands behind one that must follow it.
    ClauseOrder {
        /// The clause that stands too late.
        clause: TokenKind,
        /// The clause it must precede.
        before: TokenKind,
    },
    /// A clause stands twice.
    ClauseTwice {
        /// The clause.
        clause: TokenKind,
        /// Where it stood first.
        first: Span,
    },
    /// A reserved word used as a name.
    ReservedWord,
    /// `.5`
    LeadingDot,
    /// A name in FROM or JOIN that needs `@` in front: `esc4-8x43`.
    BareDatasetId,
    /// A name without AS behind a column or table.
    MissingAs,
    /// `t.*` instead of `@t.*`.
    BareTableStar,
    /// A name after AS in quotes that make text.
    QuotedAlias,
    /// A comma with nothing behind it.
    TrailingComma,
    /// More closing than opening parentheses.
    UnmatchedClose,
    /// An opening parenthesis or bracket that is not closed.
    Unclosed {
        /// Where it was opened.
        open: Span,
    },
    /// A subquery in JOIN without a name.
    SubqueryAlias,
    /// A query inside an expression.
    SubqueryInExpression,
    /// Parentheses, brackets or operators nested deeper than the limit.
    TooDeep,
    /// More tokens than the limit.
    TooManyTokens,
    /// More bytes than the limit.
    TooLong,
    /// Words of another dialect, recognised.
    Foreign(Foreign),
}

/// A construct of another dialect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Foreign {
    /// `SELECT TOP n`
    Top,
    /// `LIMIT offset, count`
    LimitComma,
    /// A comma between tables in FROM.
    CommaJoin,
    /// `x NOT NULL` or `x NOTNULL`
    NotNull,
    /// `!x` or `!(...)`
    BangNot,
    /// `&&`
    AmpAnd,
    /// `# comment`
    HashComment,
    /// Template braces `{x}` or `${x}`.
    Template,
    /// A timestamp without quotes, `2020-01-01T00:00:00`.
    UnquotedTimestamp,
    /// `CAST(x AS type)`
    Cast,
    /// `EXTRACT(part FROM x)`
    Extract,
    /// `REGEXP 'pattern'` and its like; the span ends behind the pattern.
    Pattern,
    /// `ISNULL` or `NOTNULL` behind a value.
    NullTest,
    /// `DATE '2020-01-01'`
    TypedLiteral,
}
