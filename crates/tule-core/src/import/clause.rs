//! One clause of a call, checked on its own.
//!
//! A portal parses each parameter by itself, so `a = 1) or (b = 2` is no condition there and must
//! not become one here by what is written around it. Deliberately absent: any rewriting of what
//! a clause says.

use tule_syntax::ast::{Atom, ChainOp, Compound, ExprKind, Select};
use tule_syntax::error::{SyntaxError, SyntaxErrorKind};
use tule_syntax::lexer::lex;
use tule_syntax::parser::{ParsedStatement, parse_one};
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

use super::placeholder::{self, Fill};
use super::text::Text;
use super::{ImportError, Result};
use crate::diagnostics::from_syntax;

/// A parameter that holds one clause.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slot {
    Select,
    Where,
    Group,
    Having,
    Order,
}

impl Slot {
    /// What makes the clause a statement.
    fn prefix(self) -> &'static str {
        match self {
            Self::Select => "select ",
            Self::Where => "select * where ",
            Self::Group => "select * group by ",
            Self::Having => "select * having ",
            Self::Order => "select * order by ",
        }
    }

    fn fill(self) -> Fill {
        match self {
            Self::Where | Self::Having => Fill::Value("number"),
            Self::Select | Self::Group | Self::Order => Fill::Name,
        }
    }
}

/// A clause that parses.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) text: String,
    /// It is an OR, which an AND beside it would take apart.
    pub(super) is_or: bool,
}

pub(super) fn read(
    slot: Slot,
    param: &str,
    value: &Text,
    notes: &mut Vec<String>,
) -> Result<Clause> {
    let mut text = without_comments(value, param, notes);
    if slot == Slot::Order {
        text = spaced(&text);
    }
    placeholder::refuse(&text, param, slot.fill())?;
    let prefix = slot.prefix();
    let statement = format!("{prefix}{}", text.as_str());
    let parsed = parse_one(&statement);
    refuse_errors(&parsed, &statement, prefix.len(), &text, param)?;
    let select = parsed.statement.query.as_ref().and_then(only_select);
    let extra = match select {
        Some(select) => outside(slot, select),
        None => Some(Span::new(0, parsed.range.end)),
    };
    if let Some(span) = extra {
        let message = format!("`{param}` holds more than one clause");
        return Err(ImportError::new("syntax", message)
            .help("each clause has a parameter of its own, or all stand in `$query`")
            .at(Some(text.origin(within(span, prefix.len(), &text)))));
    }
    let root = select.and_then(|select| select.filter.as_ref()).map(|filter| filter.value.id);
    let is_or = root.is_some_and(|root| {
        let kind = parsed.statement.arena.expr(root).kind;
        slot == Slot::Where && matches!(kind, ExprKind::Chain { op: ChainOp::Or, .. })
    });
    Ok(Clause { text: text.as_str().to_owned(), is_or })
}

/// The clause without comments, which would swallow what is written behind it.
pub(super) fn without_comments(value: &Text, param: &str, notes: &mut Vec<String>) -> Text {
    let (text, commented) = value.clean();
    if commented {
        notes.push(format!("comments in `{param}` were left out"));
    }
    text
}

/// The fault of a statement made of a prefix and `text`, if there is one.
pub(super) fn refuse_errors(
    parsed: &ParsedStatement,
    statement: &str,
    prefix: usize,
    text: &Text,
    param: &str,
) -> Result<()> {
    if let Some(error) = parsed.errors.first() {
        return Err(syntax(error, statement, prefix, text, param));
    }
    if parsed.terminated {
        let at = Span::new(parsed.range.end, parsed.range.end + 1);
        return Err(ImportError::new("syntax", format!("`{param}` holds a `;`"))
            .help("portals read one statement, without `;`")
            .at(Some(text.origin(within(at, prefix, text)))));
    }
    Ok(())
}

fn syntax(
    error: &SyntaxError,
    statement: &str,
    prefix: usize,
    text: &Text,
    param: &str,
) -> ImportError {
    let range = within(error.span, prefix, text);
    let faulty = text.as_str().get(range.start..).unwrap_or("");
    let diagnostic = from_syntax(error, statement);
    let message = format!("`{param}` cannot be read: {}", diagnostic.message);
    let help = if faulty.starts_with("?$") {
        Some("parameters are separated by `&`, not by `?`".to_owned())
    } else if still_encoded(text.as_str(), range.start) {
        Some("escapes such as `%20` are left in it: it was encoded twice".to_owned())
    } else if matches!(error.kind, SyntaxErrorKind::UnknownCharacter) && faulty.starts_with('&') {
        Some(
            "behind `&` a portal expects `name=value`; inside a value it is written `%26`"
                .to_owned(),
        )
    } else {
        let fix = diagnostic.fixes.first().map(|fix| fix.title.clone());
        diagnostic.help.or(fix).or_else(|| diagnostic.notes.first().cloned())
    };
    let error = ImportError::new("syntax", message).at(Some(text.origin(range)));
    match help {
        Some(help) => error.help(help),
        None => error,
    }
}

/// Whether the fault stands at what was once `%20` or `%27`.
fn still_encoded(text: &str, at: usize) -> bool {
    ["%20", "%27", "%22", "%2C", "%28", "%3D", "%3E", "%3C"]
        .iter()
        .any(|escape| text.match_indices(escape).any(|(found, _)| found <= at && at < found + 6))
}

/// A span of a statement as bytes of the text behind its prefix.
fn within(span: Span, prefix: usize, text: &Text) -> std::ops::Range<usize> {
    let length = text.as_str().len();
    let at = |offset: u32| (offset as usize).saturating_sub(prefix).min(length);
    let (start, end) = (at(span.start), at(span.end));
    if start == end { 0..length } else { start..end }
}

fn only_select(compound: &Compound) -> Option<&Select> {
    match &compound.first {
        Atom::Select(select) if compound.rest.is_empty() => Some(select),
        _ => None,
    }
}

/// A part of `select` that the clause has no business to hold.
fn outside(slot: Slot, select: &Select) -> Option<Span> {
    let keyword = |slot_of, keyword: Option<Span>| keyword.filter(|_| slot != slot_of);
    select
        .from
        .as_ref()
        .map(|from| from.keyword)
        .or_else(|| select.joins.first().map(|join| join.span))
        .or_else(|| keyword(Slot::Where, select.filter.as_ref().map(|clause| clause.keyword)))
        .or_else(|| keyword(Slot::Group, select.group_by.as_ref().map(|clause| clause.keyword)))
        .or_else(|| keyword(Slot::Having, select.having.as_ref().map(|clause| clause.keyword)))
        .or_else(|| keyword(Slot::Order, select.order_by.as_ref().map(|clause| clause.keyword)))
        .or_else(|| select.search.as_ref().map(|clause| clause.keyword))
        .or_else(|| select.limit.as_ref().map(|clause| clause.keyword))
        .or_else(|| select.offset.as_ref().map(|clause| clause.keyword))
}

/// Reads the `+` of `total+desc` as the space it was before somebody forgot to decode it.
fn spaced(text: &Text) -> Text {
    let lexed = lex(text.as_str());
    let direction = |index: usize| matches!(lexed.kind(index), TokenKind::Asc | TokenKind::Desc);
    if !(1..lexed.len()).any(|at| direction(at) && lexed.kind(at - 1) == TokenKind::Plus) {
        return text.clone();
    }
    let mut out = Text::beside(text);
    for index in 0..lexed.len() {
        let span = lexed.span(index);
        let range = span.start as usize..span.end as usize;
        let after_comma = index > 0 && lexed.kind(index - 1) == TokenKind::Comma;
        if lexed.kind(index) == TokenKind::Plus && (direction(index + 1) || after_comma) {
            out.push(' ', text.origin(range));
        } else {
            out.append(text, range);
        }
    }
    out
}
