//! Faults of form as diagnostics: the wording of everything the parser reports.

use tule_syntax::error::{SyntaxError, SyntaxErrorKind, TokenSet, Wanted};
use tule_syntax::lexer::lex;
use tule_syntax::literal::{quote_string, string_value};
use tule_syntax::span::Span;
use tule_syntax::token::{KEYWORDS, TokenKind};

use super::foreign::{fetch, from_foreign};
use super::{Applicability, Code, Diagnostic};
use crate::names::{alternatives, similar};

/// Words that begin a clause; an expectation of several is worded as "a clause".
const CLAUSES: &[TokenKind] = &[
    TokenKind::Select,
    TokenKind::From,
    TokenKind::Where,
    TokenKind::Group,
    TokenKind::Having,
    TokenKind::Order,
    TokenKind::Search,
    TokenKind::Limit,
    TokenKind::Offset,
    TokenKind::Join,
];

/// The diagnostic for a fault of form in the statement `text`.
#[must_use]
pub fn from_syntax(error: &SyntaxError, text: &str) -> Diagnostic {
    let span = error.span;
    let written = span.text(text);
    let at = |code, message: String| Diagnostic::new(code, span, message);
    match error.kind {
        SyntaxErrorKind::Expected { wanted, found } => expected(wanted, found, span, text),
        SyntaxErrorKind::Unexpected { found, expected } => unexpected(found, expected, span, text),
        SyntaxErrorKind::ReservedWord => {
            at(Code::ReservedWord, format!("`{written}` is a reserved word"))
                .help("a name that is a reserved word stands in back-quotes")
                .fix(Applicability::Safe, "add back-quotes", span, format!("`{written}`"))
        }
        SyntaxErrorKind::MissingAs => {
            at(Code::MissingAs, format!("`as` is missing in front of `{written}`"))
                .help(format!("write `as {written}`, or a comma if it is another column"))
                .fix(Applicability::Unsafe, "add `as`", Span::empty(span.start), "as ")
        }
        SyntaxErrorKind::QuotedAlias => quoted_alias(span, written),
        SyntaxErrorKind::TrailingComma => at(
            Code::TrailingComma,
            "nothing follows this comma".to_owned(),
        )
        .fix(Applicability::Safe, "remove the comma", span, ""),
        SyntaxErrorKind::UnmatchedClose => at(
            Code::UnmatchedParenthesis,
            format!("`{written}` closes nothing"),
        )
        .fix(Applicability::Unsafe, format!("remove `{written}`"), span, ""),
        SyntaxErrorKind::Unclosed { .. } => {
            at(Code::UnclosedParenthesis, format!("`{written}` is never closed"))
        }
        SyntaxErrorKind::StarAfterExpression => at(
            Code::StarAfterExpression,
            format!("`{written}` must stand first in the select list"),
        )
        .note("the order is `:*`, then `*`, then everything else"),
        SyntaxErrorKind::SystemStarAfterStar => {
            at(Code::SystemStarOrder, format!("`{written}` must stand in front of other stars"))
                .note("the order is `:*`, then `*`, then everything else; `:*` stands once")
        }
        SyntaxErrorKind::ClauseOrder { clause, before } => {
            let (clause, before) = (clause_name(clause), clause_name(before));
            at(Code::ClauseOrder, format!("`{clause}` must stand in front of `{before}`")).note(
                "the order is select, from, join, where, group by, having, order by, limit, offset",
            )
        }
        SyntaxErrorKind::ClauseTwice { clause, first } => {
            at(Code::RepeatedClause, format!("second `{}` in one select", clause_name(clause)))
                .label(first, "first one here")
                .help("separate statements with `;`, steps with `|>`")
        }
        SyntaxErrorKind::ExpectedLeafQuery => {
            at(Code::ExpectedLeafQuery, "only one plain select may follow `|>`".to_owned())
        }
        SyntaxErrorKind::SubqueryAlias => {
            at(Code::SubqueryAlias, "a joined subquery needs a name".to_owned())
                .help("add `as @name` behind it")
        }
        SyntaxErrorKind::SubqueryInExpression => {
            at(Code::SubqueryInExpression, "a query cannot stand inside an expression".to_owned())
                .help("join the query instead, or run it as a step in front with `|>`")
        }
        SyntaxErrorKind::BareDatasetId => {
            at(Code::UnexpectedToken, format!("dataset identifier `{written}` needs `@` in front"))
                .fix(Applicability::Safe, "add `@`", Span::empty(span.start), "@")
        }
        SyntaxErrorKind::BareTableStar => {
            at(Code::UnexpectedToken, format!("table in `{written}` needs `@` in front"))
                .note("`t.x` is the part `x` of a column `t`; `@t.x` is a column of the table `t`")
                .fix(Applicability::Safe, "add `@`", Span::empty(span.start), "@")
        }
        SyntaxErrorKind::Foreign(foreign) => from_foreign(foreign, span, text),
        SyntaxErrorKind::BadEscape => bad_escape(span, text),
        other => from_token(other, span, written),
    }
}

/// A fault that one token shows.
fn from_token(kind: SyntaxErrorKind, span: Span, written: &str) -> Diagnostic {
    let at = |code, message: String| Diagnostic::new(code, span, message);
    match kind {
        SyntaxErrorKind::UnknownCharacter => unknown_character(span, written),
        SyntaxErrorKind::TypographicQuotes => {
            let better = quote_string(&string_value(written));
            at(Code::UnexpectedCharacter, "text stands in typographic quotes".to_owned()).fix(
                Applicability::Safe,
                format!("write {better}"),
                span,
                better,
            )
        }
        SyntaxErrorKind::UnterminatedString => {
            at(Code::UnterminatedString, "text in quotes is never closed".to_owned())
                .help("close it with `'`; a quote inside the text is written twice: `''`")
        }
        SyntaxErrorKind::UnterminatedDoubleString => at(
            Code::UnterminatedString,
            "text in double quotes is not closed on its line".to_owned(),
        )
        .help("close it with `\"`, or write the text in single quotes"),
        SyntaxErrorKind::UnterminatedName => {
            at(Code::UnterminatedName, "name in back-quotes is not closed on its line".to_owned())
        }
        SyntaxErrorKind::UnterminatedComment => {
            at(Code::UnterminatedComment, "comment is never closed".to_owned())
                .help("close it with `*/`")
        }
        SyntaxErrorKind::BadName => bad_name(span, written),
        SyntaxErrorKind::BadUnicodeEscape => {
            let wanted = if written.starts_with("\\U") { "six" } else { "four" };
            at(Code::BadUnicodeEscape, format!("`{written}` needs {wanted} hexadecimal digits"))
        }
        SyntaxErrorKind::UnicodeOutOfRange => {
            at(Code::UnicodeOutOfRange, format!("`{written}` is no character"))
                .note("characters go up to `\\U10FFFF`, without `D800` to `DFFF`")
        }
        SyntaxErrorKind::LeadingDot => {
            at(Code::BadNumber, format!("`{written}` needs a digit in front of the point"))
                .help(format!("write `0{written}`"))
                .fix(
                    Applicability::Safe,
                    format!("write `0{written}`"),
                    span,
                    format!("0{written}"),
                )
        }
        SyntaxErrorKind::TooDeep => at(Code::TooDeep, "nested too deeply".to_owned()),
        SyntaxErrorKind::TooManyTokens => at(
            Code::TooManyTokens,
            format!("statement has more than {} tokens", tule_syntax::limits::MAX_TOKENS),
        ),
        SyntaxErrorKind::TooLong => at(
            Code::FileTooLong,
            format!("file is longer than {} MiB", tule_syntax::limits::MAX_BYTES >> 20),
        ),
        _ => at(Code::UnexpectedToken, format!("`{written}` is not understood here")),
    }
}

fn clause_name(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Group => "group by",
        TokenKind::Order => "order by",
        other => other.fixed_text(),
    }
}

/// What stands at the faulty place, for a message.
fn found_text(found: TokenKind, span: Span, text: &str) -> String {
    if found == TokenKind::End {
        return "the end".to_owned();
    }
    let written = span.text(text);
    let short: String = written.chars().take(32).collect();
    if short.len() < written.len() { format!("`{short}...`") } else { format!("`{written}`") }
}

fn expected(wanted: Wanted, found: TokenKind, span: Span, text: &str) -> Diagnostic {
    let what = match wanted {
        Wanted::Expression => "an expression".to_owned(),
        Wanted::ColumnName => "a column".to_owned(),
        Wanted::Alias => "a name for the result column".to_owned(),
        Wanted::TableAlias => "a name for the table".to_owned(),
        Wanted::Table => "a dataset".to_owned(),
        Wanted::TypeName => "a type".to_owned(),
        Wanted::FieldName => "the name of a part".to_owned(),
        Wanted::Parameter => "a parameter such as `$since`".to_owned(),
        Wanted::ParameterName => "the name of a parameter in quotes".to_owned(),
        Wanted::SearchText => "the words to search for, in quotes".to_owned(),
        Wanted::WholeNumber => "a whole number".to_owned(),
        Wanted::SelectOrParen => "a select".to_owned(),
        Wanted::Select => "`select` or `from`".to_owned(),
        Wanted::JoinCondition => "`on` and a condition".to_owned(),
        Wanted::FrameBound => {
            "`unbounded preceding`, `current row`, `n following` or the like".to_owned()
        }
        Wanted::FrameExclude => "`current row`, `group`, `ties` or `no others`".to_owned(),
        Wanted::Token(kind) => kind.describe(),
    };
    let found_text = found_text(found, span, text);
    let behind = if found == TokenKind::End { " behind this" } else { "" };
    let message = if found == TokenKind::End {
        format!("expected {what}{behind}")
    } else {
        format!("expected {what}, found {found_text}")
    };
    let diagnostic = Diagnostic::new(Code::UnexpectedToken, span, message);
    match wanted {
        Wanted::Expression if found == TokenKind::Not => {
            diagnostic.help("`not` inside a comparison stands in parentheses: `a = (not b)`")
        }
        Wanted::Expression if found.is_reserved() => diagnostic
            .note(format!("{found_text} is a reserved word; as a name it stands in back-quotes")),
        Wanted::Table => diagnostic
            .help("name a dataset of `tule.toml`, `@` and an identifier, or `'portal/dataset'`"),
        Wanted::Token(TokenKind::Null) => {
            let diagnostic = diagnostic
                .note("`is` is followed by `null`, `not null` or `distinct from`")
                .help("compare truth values with `=`: `x = true`");
            match is_before(found, span, text) {
                Some(is) => diagnostic.fix(Applicability::Safe, "write `=`", is, "="),
                None => diagnostic,
            }
        }
        _ => diagnostic,
    }
}

/// The IS of `x is true`.
fn is_before(found: TokenKind, span: Span, text: &str) -> Option<Span> {
    if !matches!(found, TokenKind::True | TokenKind::False) {
        return None;
    }
    let lexed = lex(text);
    let before = (0..lexed.at(span.start)).rev().find(|at| !lexed.kind(*at).is_trivia())?;
    (lexed.kind(before) == TokenKind::Is).then(|| lexed.span(before))
}

fn unexpected(found: TokenKind, expected: TokenSet, span: Span, text: &str) -> Diagnostic {
    if let Some(foreign) = fetch(span, text) {
        return foreign;
    }
    let written = found_text(found, span, text);
    let mut wanted: Vec<&str> = [TokenKind::Comma, TokenKind::As, TokenKind::PipeGreater]
        .into_iter()
        .filter(|kind| expected.has(*kind))
        .map(TokenKind::fixed_text)
        .collect();
    if expected.has(TokenKind::RightParen) {
        wanted.push(")");
    }
    let clauses = CLAUSES.iter().filter(|kind| expected.has(**kind)).count();
    let diagnostic = if clauses > 2 || wanted.is_empty() {
        let message = format!("{written} does not go on with the query and begins no clause");
        Diagnostic::new(Code::UnexpectedToken, span, message)
    } else {
        let message = format!("expected {}, found {written}", alternatives(&wanted));
        Diagnostic::new(Code::UnexpectedToken, span, message)
    };
    if !found.is_name() {
        return diagnostic;
    }
    let keywords = KEYWORDS.iter().filter(|keyword| keyword.reserved).map(|keyword| keyword.text);
    match similar(span.text(text), keywords).first() {
        Some(keyword) => diagnostic.help(format!("perhaps `{keyword}` was meant")).fix(
            Applicability::Unsafe,
            format!("write `{keyword}`"),
            span,
            *keyword,
        ),
        None => diagnostic,
    }
}

fn unknown_character(span: Span, written: &str) -> Diagnostic {
    let replacement = match written {
        "\u{a0}" | "\u{2007}" | "\u{202f}" | "\u{feff}" | "\u{200b}" | "\u{c}" | "\u{b}" => {
            Some((" ", "a kind of blank space that is none here"))
        }
        "\u{2018}" | "\u{2019}" | "\u{201a}" | "\u{201b}" | "\u{b4}" => {
            Some(("'", "a typographic quote"))
        }
        "\u{201c}" | "\u{201d}" | "\u{201e}" => Some(("'", "a typographic quote")),
        "\u{2013}" | "\u{2014}" | "\u{2212}" => Some(("-", "a typographic dash")),
        "\u{ff0c}" => Some((",", "a full-width comma")),
        "\u{2264}" => Some(("<=", "a mathematical sign")),
        "\u{2265}" => Some((">=", "a mathematical sign")),
        "\u{2260}" => Some(("!=", "a mathematical sign")),
        _ => None,
    };
    if let Some((text, what)) = replacement {
        let message = format!("`{}` is {what}", written.escape_debug());
        return Diagnostic::new(Code::UnexpectedCharacter, span, message).fix(
            Applicability::Safe,
            format!("write `{text}`"),
            span,
            text,
        );
    }
    let message = format!("`{}` means nothing in a query", written.escape_debug());
    let diagnostic = Diagnostic::new(Code::UnexpectedCharacter, span, message);
    match written {
        "&" => diagnostic.help(
            "conditions are joined with `and`; `&` belongs between the parameters of an address",
        ),
        "$" | "?" => diagnostic.help("a parameter has a name: `$since`"),
        "\\" => diagnostic.help("a quote inside text is written twice: `''`"),
        _ => diagnostic,
    }
}

/// An escape that does not exist, or any in a text in single quotes.
fn bad_escape(span: Span, text: &str) -> Diagnostic {
    let written = span.text(text);
    let lexed = lex(text);
    let double = lexed.kind(lexed.at(span.start)) == TokenKind::DoubleString;
    let fixed = |diagnostic: Diagnostic, better: &str| {
        let (better, title) = (better.to_owned(), format!("write `{better}`"));
        diagnostic.fix(Applicability::Safe, title, span, better)
    };
    if written == "\\'" {
        let message = if double {
            "a single quote needs no backslash in a text in double quotes"
        } else {
            "a quote inside a text is written twice, a backslash does not escape it"
        };
        let diagnostic = Diagnostic::new(Code::BadEscape, span, message);
        return fixed(diagnostic, if double { "'" } else { "''" });
    }
    let diagnostic = Diagnostic::new(Code::BadEscape, span, format!("no escape `{written}`"))
        .help("write the text in single quotes, where a backslash is an ordinary character");
    diagnostic.fix(
        Applicability::Unsafe,
        "write the backslash twice",
        Span::new(span.start, span.start + 1),
        "\\\\",
    )
}

fn bad_name(span: Span, written: &str) -> Diagnostic {
    let inner = tule_syntax::literal::name_text(written);
    let message =
        if inner.is_empty() { "empty name".to_owned() } else { format!("{written} is no name") };
    Diagnostic::new(Code::BadName, span, message)
        .note("names have letters, digits, `_`, `$` and `-`, and do not begin with a digit")
        .help("use the field name of the column, not its label")
}

fn quoted_alias(span: Span, written: &str) -> Diagnostic {
    let value = string_value(written);
    let name: String =
        value.chars().map(|c| if tule_syntax::lexer::is_ident_part(c) { c } else { '_' }).collect();
    let message = format!("{written} is text, not a name");
    let diagnostic = Diagnostic::new(Code::QuotedAlias, span, message);
    if name.chars().next().is_some_and(tule_syntax::lexer::is_ident_start) {
        let title = format!("write `{name}`");
        return diagnostic.fix(Applicability::Unsafe, title, span, name);
    }
    diagnostic.help("write a name without quotes")
}
