//! Kinds of token, and the keyword table.
//!
//! The lexer, the parser's error texts, completion, highlighting and the grammars of editors all
//! read the words from here. Rules follow `SoQL` (letters of any script in names, two kinds of
//! string, `@tables`, `:system` columns); what is added is `;`, `$parameters` and a few words
//! that mean something only in one position.

use logos::Logos;

macro_rules! tokens {
    (
        reserved { $($reserved:ident $reserved_text:literal,)* }
        contextual { $($contextual:ident $contextual_text:literal,)* }
        symbols { $($symbol:ident $symbol_text:literal,)* }
    ) => {
        /// What a token is. One byte, so that the parser can work on plain slices of kinds.
        #[derive(Logos, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum TokenKind {
            /// Blank space: space, tab, CR and LF only.
            #[regex(r"[ \t\r\n]+")]
            Whitespace,
            /// `-- ...` to the end of the line.
            #[regex(r"--[^\r\n]*", allow_greedy = true)]
            LineComment,
            /// `/* ... */`; does not nest.
            #[regex(r"/\*([^*]|\*+[^*/])*\*+/")]
            BlockComment,
            /// `/* ...` up to the end of the text.
            #[regex(r"/\*([^*]|\*+[^*/])*\**", priority = 3)]
            UnterminatedComment,
            /// Anything no other kind takes; one character.
            Unknown,

            $(
                #[doc = concat!("`", $reserved_text, "`, a reserved word.")]
                #[token($reserved_text, ignore(case))]
                $reserved,
            )*
            $(
                #[doc = concat!("`", $contextual_text, "`, a name everywhere but in one position.")]
                #[token($contextual_text, ignore(case))]
                $contextual,
            )*

            /// A name without quotes.
            #[regex(r"[a-zA-Z_\u{80}-\u{10FFFF}][a-zA-Z0-9_$\u{80}-\u{10FFFF}]*", priority = 2)]
            Ident,
            /// A name in back-quotes.
            #[regex(r"`[^`\n]*`")]
            QuotedIdent,
            /// A back-quote that is not closed on its line.
            #[regex(r"`[^`\n]*", priority = 3)]
            UnterminatedIdent,
            /// A system column: `:id`, `:@computed_region_a_b`.
            #[regex(r":@?[a-zA-Z0-9_$\u{80}-\u{10FFFF}]+")]
            SystemIdent,
            /// A table: `@esc4-8x43`, `@calls`.
            #[regex(r"@[a-zA-Z0-9_$\-\u{80}-\u{10FFFF}]+")]
            TableIdent,
            /// A parameter of the statement: `$since`.
            #[regex(r"\$[a-zA-Z0-9_$\u{80}-\u{10FFFF}]+")]
            Param,
            /// A parameter of a stored function: `?since`.
            #[regex(r"\?[a-zA-Z_$\u{80}-\u{10FFFF}][a-zA-Z0-9_$\u{80}-\u{10FFFF}]*")]
            Hole,

            /// Digits only.
            #[regex(r"[0-9]+", priority = 4)]
            Integer,
            /// A number with a point or an exponent.
            #[regex(r"[0-9]+(\.[0-9]*)?([eE][+\-]?[0-9]+)?", priority = 3)]
            Number,
            /// Text in single quotes; `''` is a quote.
            #[regex(r"'([^']|'')*'")]
            String,
            /// Text in single quotes that is never closed.
            #[regex(r"'([^']|'')*", priority = 3)]
            UnterminatedString,
            /// Text in double quotes; backslash escapes.
            #[regex(r#""([^"\\\n]|\\[^\n])*""#)]
            DoubleString,
            /// Text in double quotes that is not closed on its line.
            #[regex(r#""([^"\\\n]|\\[^\n])*"#, priority = 3)]
            UnterminatedDoubleString,

            $(
                #[doc = concat!("`", $symbol_text, "`")]
                #[token($symbol_text)]
                $symbol,
            )*
            /// The end of the text or of the statement; never made by the lexer.
            End,
        }

        /// Every keyword, reserved words first.
        pub static KEYWORDS: &[Keyword] = &[
            $(Keyword { kind: TokenKind::$reserved, text: $reserved_text, reserved: true },)*
            $(Keyword { kind: TokenKind::$contextual, text: $contextual_text, reserved: false },)*
        ];

        impl TokenKind {
            /// The only spelling of this kind (keywords in lower case), or `""` where the text
            /// varies.
            #[must_use]
            pub const fn fixed_text(self) -> &'static str {
                match self {
                    $(Self::$reserved => $reserved_text,)*
                    $(Self::$contextual => $contextual_text,)*
                    $(Self::$symbol => $symbol_text,)*
                    _ => "",
                }
            }
        }
    };
}

tokens! {
    reserved {
        Select "select",
        Distinct "distinct",
        Except "except",
        As "as",
        From "from",
        Full "full",
        Left "left",
        Right "right",
        Outer "outer",
        Inner "inner",
        Join "join",
        Lateral "lateral",
        On "on",
        Where "where",
        Group "group",
        Having "having",
        Order "order",
        Asc "asc",
        Desc "desc",
        Limit "limit",
        Offset "offset",
        Search "search",
        Filter "filter",
        And "and",
        Or "or",
        Not "not",
        Is "is",
        Between "between",
        Like "like",
        In "in",
        Null "null",
        True "true",
        False "false",
        Union "union",
        Intersect "intersect",
        Minus "minus",
    }
    contextual {
        By "by",
        Nulls "nulls",
        First "first",
        Last "last",
        Case "case",
        When "when",
        Then "then",
        Else "else",
        EndWord "end",
        Over "over",
        Partition "partition",
        Range "range",
        Rows "rows",
        Groups "groups",
        Unbounded "unbounded",
        Preceding "preceding",
        Following "following",
        Current "current",
        Row "row",
        Exclude "exclude",
        Ties "ties",
        No "no",
        Others "others",
        Hint "hint",
        All "all",
        With "with",
        Query "query",
        Default "default",
        Ilike "ilike",
    }
    symbols {
        LeftParen "(",
        RightParen ")",
        LeftBracket "[",
        RightBracket "]",
        Comma ",",
        Dot ".",
        Semicolon ";",
        DoubleColon "::",
        SystemStar ":*",
        Star "*",
        Plus "+",
        Dash "-",
        Slash "/",
        Percent "%",
        Caret "^",
        PipePipe "||",
        PipeGreater "|>",
        Equal "=",
        EqualEqual "==",
        LessGreater "<>",
        BangEqual "!=",
        Less "<",
        LessEqual "<=",
        Greater ">",
        GreaterEqual ">=",
        Bang "!",
        Tilde "~",
    }
}

/// A word with a meaning in the grammar.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    /// Its token.
    pub kind: TokenKind,
    /// Its spelling in lower case; any case is accepted.
    pub text: &'static str,
    /// Whether it needs back-quotes to be a name everywhere.
    pub reserved: bool,
}

/// Words inside `HINT(...)`; ordinary names everywhere else.
pub static HINTS: [&str; 5] =
    ["materialized", "no_rollup", "no_chain_merge", "compound_rollup", "rollup_at_join"];

impl TokenKind {
    /// Blank space or a comment.
    #[must_use]
    pub const fn is_trivia(self) -> bool {
        matches!(
            self,
            Self::Whitespace | Self::LineComment | Self::BlockComment | Self::UnterminatedComment
        )
    }

    /// A comment, closed or not.
    #[must_use]
    pub const fn is_comment(self) -> bool {
        matches!(self, Self::LineComment | Self::BlockComment | Self::UnterminatedComment)
    }

    /// A reserved word.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        Self::Select as u8 <= self as u8 && self as u8 <= Self::Minus as u8
    }

    /// A word with a meaning in one position only.
    #[must_use]
    pub const fn is_contextual(self) -> bool {
        Self::By as u8 <= self as u8 && self as u8 <= Self::Ilike as u8
    }

    /// Any keyword.
    #[must_use]
    pub const fn is_keyword(self) -> bool {
        Self::Select as u8 <= self as u8 && self as u8 <= Self::Ilike as u8
    }

    /// May stand as the name of a column, function, alias or type.
    #[must_use]
    pub const fn is_name(self) -> bool {
        self.is_contextual()
            || matches!(self, Self::Ident | Self::QuotedIdent | Self::UnterminatedIdent)
    }

    /// A string literal, closed or not.
    #[must_use]
    pub const fn is_string(self) -> bool {
        matches!(
            self,
            Self::String
                | Self::DoubleString
                | Self::UnterminatedString
                | Self::UnterminatedDoubleString
        )
    }

    /// An operator that compares two values.
    #[must_use]
    pub const fn is_comparison(self) -> bool {
        Self::Equal as u8 <= self as u8 && self as u8 <= Self::GreaterEqual as u8
    }

    /// How an error text names this kind: the spelling in back-quotes, or a description.
    #[must_use]
    pub fn describe(self) -> String {
        let fixed = self.fixed_text();
        if !fixed.is_empty() {
            return format!("`{fixed}`");
        }
        match self {
            Self::Ident | Self::QuotedIdent | Self::UnterminatedIdent => "a name",
            Self::SystemIdent => "a system column",
            Self::TableIdent => "a table",
            Self::Param => "a parameter",
            Self::Hole => "a function parameter",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::String
            | Self::DoubleString
            | Self::UnterminatedString
            | Self::UnterminatedDoubleString => "text in quotes",
            Self::End => "the end of the statement",
            _ => "an unknown character",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_fit_a_set_of_128_bits() {
        assert!((TokenKind::End as u8) < 128, "{}", TokenKind::End as u8);
    }

    #[test]
    fn comparisons_stand_side_by_side() {
        let kinds = ["=", "==", "<>", "!=", "<", "<=", ">", ">="];
        let found = kinds.map(|text| TokenKind::lexer(text).next());
        assert!(found.iter().all(|kind| kind.is_some_and(|kind| kind.unwrap().is_comparison())));
        assert!(!TokenKind::PipeGreater.is_comparison() && !TokenKind::Bang.is_comparison());
    }

    #[test]
    fn keyword_classes_follow_the_table() {
        for keyword in KEYWORDS {
            assert_eq!(keyword.kind.is_reserved(), keyword.reserved, "{}", keyword.text);
            assert_eq!(keyword.kind.is_contextual(), !keyword.reserved, "{}", keyword.text);
            assert_eq!(keyword.kind.fixed_text(), keyword.text);
        }
    }
}
