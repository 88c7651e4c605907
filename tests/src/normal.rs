//! What a call asks for, in a form in which two calls that ask for the same are equal.
//!
//! Letter case of keywords, blank space, quotes around names, the order and grouping of
//! conditions joined by AND, and whether a plain select is split into parameters do not count.

use std::collections::BTreeMap;

use tule_syntax::ast::{Atom, Count, Distinct, Select};
use tule_syntax::lexer::lex;
use tule_syntax::literal::{name_text, quote_string, string_value};
use tule_syntax::parser::parse_one;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;

/// The clauses of a call by name; each is a list of parts.
pub type Normal = BTreeMap<&'static str, Vec<String>>;

/// The normal form of decoded parameters; `None` where a `$query` cannot be read.
#[must_use]
pub fn normal(params: &[(String, String)]) -> Option<Normal> {
    let mut clauses = Normal::new();
    for (name, value) in params {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "$query" => query(value, &mut clauses)?,
            "$select" => add(&mut clauses, "select", split(&words(value), ",")),
            "$where" => add(&mut clauses, "where", conjuncts(words(value))),
            "$group" => add(&mut clauses, "group", split(&words(value), ",")),
            "$having" => add(&mut clauses, "having", conjuncts(words(value))),
            "$order" => add(&mut clauses, "order", order(&words(value))),
            "$limit" => add(&mut clauses, "limit", vec![value.to_owned()]),
            "$offset" => add(&mut clauses, "offset", vec![value.to_owned()]),
            "$q" => add(&mut clauses, "search", vec![value.to_owned()]),
            name if name.starts_with('$') => {}
            column => {
                let filter = format!("{column} = {}", quote_string(value));
                add(&mut clauses, "where", vec![filter]);
            }
        }
    }
    for (name, parts) in &mut clauses {
        if matches!(*name, "where" | "having") {
            parts.sort();
            parts.dedup();
        }
    }
    clauses.retain(|_, parts| !parts.is_empty());
    if clauses.get("select").is_some_and(|parts| *parts == ["*"]) {
        clauses.remove("select");
    }
    Some(clauses)
}

fn add(clauses: &mut Normal, name: &'static str, parts: Vec<String>) {
    clauses.entry(name).or_default().extend(parts);
}

/// The words of a text, each in its plainest spelling.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (kind, span) in lex(text).iter().filter(|(kind, _)| !kind.is_trivia()) {
        let written = span.text(text);
        words.push(match kind {
            TokenKind::QuotedIdent => name_text(written).to_lowercase(),
            TokenKind::Ident => written.to_lowercase(),
            kind if kind.is_keyword() => written.to_lowercase(),
            kind if kind.is_string() => quote_string(&string_value(written)),
            _ => written.to_owned(),
        });
    }
    words
}

/// Splits at `sign` outside parentheses and joins the words of each part.
fn split(words: &[String], sign: &str) -> Vec<String> {
    let mut parts = vec![Vec::new()];
    let mut depth = 0_i32;
    for word in words {
        depth += match word.as_str() {
            "(" | "[" => 1,
            ")" | "]" => -1,
            _ => 0,
        };
        if depth == 0 && word == sign {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(word.as_str());
        }
    }
    parts.into_iter().map(|part| part.join(" ")).filter(|part| !part.is_empty()).collect()
}

fn order(words: &[String]) -> Vec<String> {
    let parts = split(words, ",");
    parts
        .into_iter()
        .map(|part| {
            let part =
                part.replace(" null first", " nulls first").replace(" null last", " nulls last");
            part.strip_suffix(" asc").unwrap_or(&part).replace(" asc nulls", " nulls")
        })
        .collect()
}

/// The conditions of a chain of ANDs, parentheses around any of them taken off.
fn conjuncts(words: Vec<String>) -> Vec<String> {
    let words = unwrapped(words);
    let mut parts: Vec<Vec<String>> = vec![Vec::new()];
    let (mut depth, mut between) = (0_i32, 0_u32);
    for word in &words {
        match word.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "or" if depth == 0 => return vec![words.join(" ")],
            "between" if depth == 0 => between += 1,
            "and" if depth == 0 && between > 0 => between -= 1,
            "and" if depth == 0 => {
                parts.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(word.clone());
        }
    }
    if parts.len() == 1 {
        return vec![words.join(" ")];
    }
    parts.into_iter().flat_map(conjuncts).collect()
}

/// Takes off parentheses that hold all of it.
fn unwrapped(mut words: Vec<String>) -> Vec<String> {
    loop {
        let mut depth = 0_i32;
        let closes = words.iter().position(|word| {
            depth += match word.as_str() {
                "(" => 1,
                ")" => -1,
                _ => 0,
            };
            depth == 0
        });
        let whole =
            words.first().is_some_and(|word| word == "(") && closes == Some(words.len() - 1);
        if !whole {
            return words;
        }
        words.pop();
        words.remove(0);
    }
}

/// The clauses of a whole query. Anything but a plain select is kept as one part.
fn query(text: &str, clauses: &mut Normal) -> Option<()> {
    let text = text.trim_end_matches(';');
    let parsed = parse_one(text);
    let query = parsed.statement.query.filter(|_| parsed.errors.is_empty())?;
    let select = match &query.first {
        Atom::Select(select)
            if query.rest.is_empty() && select.joins.is_empty() && select.hints.is_empty() =>
        {
            select
        }
        _ => {
            add(clauses, "query", vec![words(text).join(" ")]);
            return Some(());
        }
    };
    plain(text, select, clauses);
    Some(())
}

fn plain(text: &str, select: &Select, clauses: &mut Normal) {
    let part = |span: Span| words(span.text(text));
    let mut items: Vec<String> =
        select.items.iter().map(|item| part(item.span()).join(" ")).collect();
    if let (Distinct::All(_), Some(first)) = (&select.distinct, items.first_mut()) {
        *first = format!("distinct {first}");
    }
    add(clauses, "select", items);
    let arena = parse_one(text).statement.arena;
    let expr = |id| part(arena.span(id));
    if let Some(clause) = &select.filter {
        add(clauses, "where", conjuncts(expr(clause.value.id)));
    }
    if let Some(clause) = &select.group_by {
        add(clauses, "group", clause.value.iter().map(|root| expr(root.id).join(" ")).collect());
    }
    if let Some(clause) = &select.having {
        add(clauses, "having", conjuncts(expr(clause.value.id)));
    }
    if let Some(clause) = &select.order_by {
        let items = clause.value.iter().flat_map(|item| order(&part(item.span)));
        add(clauses, "order", items.collect());
    }
    if let Some(clause) = &select.search {
        add(clauses, "search", vec![string_value(clause.value.text(text)).into_owned()]);
    }
    for (name, clause) in [("limit", &select.limit), ("offset", &select.offset)] {
        if let Some(Count::Number(span)) = clause.as_ref().map(|clause| clause.value) {
            add(clauses, name, vec![span.text(text).to_owned()]);
        }
    }
}
