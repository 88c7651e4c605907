//! Words of other dialects that the grammar itself knows, as diagnostics with translations.

use tule_syntax::error::Foreign;
use tule_syntax::lexer::{Lexed, lex};
use tule_syntax::literal::{quote_string, string_value};
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use super::{Applicability, Code, Diagnostic, Edit, Fix};
use crate::check::{foreign_type, with_unit};
use crate::types::Type;

pub(super) fn from_foreign(foreign: Foreign, span: Span, text: &str) -> Diagnostic {
    let written = span.text(text);
    let at = |message: &str| Diagnostic::new(Code::ForeignSyntax, span, message);
    let write = |diagnostic: Diagnostic, better: &str| {
        let title = format!("write `{}`", better.trim());
        diagnostic.fix(Applicability::Safe, title, span, better)
    };
    match foreign {
        Foreign::Top => top(at("`top` is written in SQL Server"), span, text),
        Foreign::LimitComma => {
            let mut numbers =
                written.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
            let (offset, count) = (numbers.next().unwrap_or("0"), numbers.next().unwrap_or("0"));
            write(
                at("`limit` with two numbers is written in MySQL, where the first one is the \
                    offset"),
                &format!("limit {count} offset {offset}"),
            )
        }
        Foreign::CommaJoin => {
            at("tables are not listed with commas").help("write `join @other as o on condition`")
        }
        Foreign::NotNull => write(at("`not null` needs `is` in front"), "is not null"),
        Foreign::BangNot => write(at("`!` is not an operator here"), "not "),
        Foreign::AmpAnd => write(at("`&&` is not an operator here"), "and"),
        Foreign::HashComment => write(at("a comment begins with `--`"), "--"),
        Foreign::Cast => cast(at("`cast(... as ...)` is written `value::type` here"), span, text),
        Foreign::Extract => {
            extract(at("`extract(... from ...)` is a function of another dialect"), span, text)
        }
        Foreign::Pattern => pattern(at("there are no patterns but those of `like`"), span, text),
        Foreign::NullTest => {
            let negated = written.eq_ignore_ascii_case("notnull");
            let better = if negated { "is not null" } else { "is null" };
            write(at(&format!("`{written}` is not an operator here")), better)
        }
        Foreign::TypedLiteral => at("dates and times are plain text in quotes here").fix(
            Applicability::Safe,
            format!("remove `{written}`"),
            span,
            "",
        ),
        Foreign::Template => Diagnostic::new(
            Code::TemplatePlaceholder,
            span,
            format!("`{written}` is a placeholder of a host language, not a value"),
        )
        .help("declare a parameter, `query name($x text) as ...`, and write `$x`"),
        Foreign::UnquotedTimestamp => {
            let value = written.split_whitespace().collect::<Vec<_>>().join("T");
            let found =
                Diagnostic::new(Code::UnquotedDate, span, "a date and time stands in quotes");
            found.fix(Applicability::Safe, "add quotes", span, format!("'{value}'"))
        }
    }
}

/// `top 10` belongs at the end, as a limit.
fn top(diagnostic: Diagnostic, span: Span, text: &str) -> Diagnostic {
    let count = span.text(text).split_whitespace().last().unwrap_or("n");
    let diagnostic = diagnostic.help(format!("write `limit {count}` at the end"));
    let lexed = lex(text);
    let significant = |kind: TokenKind| !kind.is_trivia() && kind != TokenKind::Semicolon;
    let tokens = || lexed.iter().filter(|(kind, _)| significant(*kind));
    // Only in a statement of one select is its end the end of the text.
    let selects = tokens().filter(|(kind, _)| *kind == TokenKind::Select).count();
    let limited = tokens().any(|(kind, _)| kind == TokenKind::Limit);
    let Some((_, last)) = tokens().last().filter(|_| selects == 1 && !limited) else {
        return diagnostic;
    };
    let blanks = text.get(span.end as usize..).unwrap_or_default();
    let blanks = blanks.len() - blanks.trim_start().len();
    let end = span.end + u32::try_from(blanks).unwrap_or(0);
    let mut diagnostic = diagnostic;
    diagnostic.fixes.push(Fix {
        title: format!("write `limit {count}`"),
        applicability: Applicability::Safe,
        edits: vec![
            Edit { span: Span::new(span.start, end), text: String::new() },
            Edit { span: Span::empty(last.end), text: format!(" limit {count}") },
        ],
    });
    diagnostic
}

/// The tokens inside `name(...)`, split at the word `at`: what stands in front and behind.
fn split_call(span: Span, text: &str, at: TokenKind) -> Option<(&str, &str)> {
    let call = span.text(text);
    let lexed: Lexed = lex(call);
    let mut depth = 0_u32;
    let mut open = None;
    let mut split = None;
    for (kind, place) in lexed.iter() {
        match kind {
            TokenKind::LeftParen => {
                open = open.or(Some(place.end));
                depth += 1;
            }
            TokenKind::RightParen => depth = depth.saturating_sub(1),
            _ if kind == at && depth == 1 => split = Some(place),
            _ => {}
        }
    }
    let (open, split) = (open?, split?);
    let inner = call.strip_suffix(')')?;
    let before = call.get(open as usize..split.start as usize)?.trim();
    let behind = inner.get(split.end as usize..)?.trim();
    (!before.is_empty() && !behind.is_empty()).then_some((before, behind))
}

/// `cast(x as varchar(10))`
fn cast(diagnostic: Diagnostic, span: Span, text: &str) -> Diagnostic {
    let Some((value, ty)) = split_call(span, text, TokenKind::As) else { return diagnostic };
    let word: &str =
        ty.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    let known = Type::from_name(&word.to_ascii_lowercase()).map(Type::name);
    let date = word.eq_ignore_ascii_case("date").then_some("floating_timestamp");
    let Some(ty) = date.or(known).or_else(|| foreign_type(word)) else { return diagnostic };
    let lexed = lex(value);
    let atom = lexed.len() == 1 || value.starts_with('(') || value.ends_with(')');
    let better = if atom { format!("{value}::{ty}") } else { format!("({value})::{ty}") };
    let title = format!("write `{better}`");
    diagnostic.help(title.clone()).fix(Applicability::Safe, title, span, better)
}

/// `extract(year from d)`
fn extract(diagnostic: Diagnostic, span: Span, text: &str) -> Diagnostic {
    let parts = split_call(span, text, TokenKind::From);
    match parts.and_then(|(unit, date)| with_unit("extract", &[unit, date])) {
        Some(better) => {
            let title = format!("write `{better}`");
            diagnostic.help(title.clone()).fix(Applicability::Safe, title, span, better)
        }
        None => diagnostic.help("here it is written `date_extract_y(d)` and the like"),
    }
}

/// `regexp '^Noise'`
fn pattern(diagnostic: Diagnostic, span: Span, text: &str) -> Diagnostic {
    let written = span.text(text);
    let word = written.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let lexed = lex(written);
    let quoted = lexed.iter().find(|(kind, _)| kind.is_string());
    let value = quoted.map(|(_, span)| string_value(span.text(written))).unwrap_or_default();
    match like(&word.to_ascii_lowercase(), &value) {
        Some(like) => {
            let better = format!("like {}", quote_string(&like));
            let title = format!("write `{better}`");
            diagnostic.help(title.clone()).fix(Applicability::Unsafe, title, span, better)
        }
        None => diagnostic.help("`like` knows `%` for any text and `_` for one character"),
    }
}

/// `fetch first 10 rows only` behind a query, which is a limit.
pub(super) fn fetch(span: Span, text: &str) -> Option<Diagnostic> {
    if !span.text(text).eq_ignore_ascii_case("fetch") {
        return None;
    }
    let lexed = lex(text);
    let mut behind =
        (lexed.at(span.start) + 1..lexed.len()).map(|at| (lexed.kind(at), lexed.span(at)));
    let (_, count) = behind.find(|(kind, _)| *kind == TokenKind::Integer)?;
    let last = behind.find(|(_, span)| span.text(text).eq_ignore_ascii_case("only"));
    let end = last.map_or(count, |(_, only)| only);
    let better = format!("limit {}", count.text(text));
    let title = format!("write `{better}`");
    Some(
        Diagnostic::new(Code::ForeignSyntax, span, "`fetch first` is written in other dialects")
            .help(title.clone())
            .fix(Applicability::Safe, title, span.cover(end), better),
    )
}

/// A pattern of `like` for a simple regular expression or one with `*`.
fn like(word: &str, pattern: &str) -> Option<String> {
    if word == "contains" {
        return (!pattern.contains(['%', '_'])).then(|| format!("%{pattern}%"));
    }
    if word == "glob" {
        let plain = !pattern.contains(['[', '%', '_']);
        return plain.then(|| pattern.replace('*', "%").replace('?', "_"));
    }
    if word == "similar" {
        return (!pattern.contains(['|', '(', '[', '*', '+'])).then(|| pattern.to_owned());
    }
    let (start, rest) = match pattern.strip_prefix('^') {
        Some(rest) => ("", rest),
        None => ("%", pattern),
    };
    let (end, rest) = match rest.strip_suffix('$') {
        Some(rest) => ("", rest),
        None => ("%", rest),
    };
    let rest = rest.replace(".*", "%");
    let plain = !rest.contains(['.', '*', '+', '?', '[', '(', '|', '\\', '_', '{']);
    plain.then(|| format!("{start}{rest}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_patterns_are_translated() {
        assert_eq!(like("regexp", "^Noise").as_deref(), Some("Noise%"));
        assert_eq!(like("rlike", "street$").as_deref(), Some("%street"));
        assert_eq!(like("regexp", "a.*b").as_deref(), Some("%a%b%"));
        assert_eq!(like("regexp", "a|b"), None);
        assert_eq!(like("contains", "a.b").as_deref(), Some("%a.b%"));
        assert_eq!(like("glob", "N*?").as_deref(), Some("N%_"));
    }
}
