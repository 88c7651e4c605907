//! A corpus of realistic statements from a seed.
//!
//! Two sets. The *plain* one stays within what other SQL parsers read too, so that they can be
//! measured on the same bytes; the *extended* one adds casts, joins and `|>`. All statements are
//! free of diagnostics, which [`crate::assert_sound`] verifies before anything is measured.

mod expressions;
mod writer;

use std::fmt::Write as _;

use tule_core::schema::catalog::Catalog;
use tule_core::schema::{Column, Dataset};
use tule_core::types::Type;

use crate::random::Random;
use writer::Writer;

/// Shortest and longest statement in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 80..=600;

const CALLS: &[(&str, Type)] = &[
    ("incident_id", Type::Text),
    ("call_entry_date", Type::FloatingTimestamp),
    ("call_entry_time", Type::Text),
    ("dispatched_at", Type::FloatingTimestamp),
    ("on_scene_at", Type::FloatingTimestamp),
    ("closed_at", Type::FloatingTimestamp),
    ("beat", Type::Text),
    ("district", Type::Text),
    ("call_type", Type::Text),
    ("call_type_final", Type::Text),
    ("priority", Type::Text),
    ("disposition", Type::Text),
    ("first_cross_street", Type::Text),
    ("second_cross_street", Type::Text),
    ("zip_code", Type::Text),
    ("units_assigned", Type::Number),
    ("response_minutes", Type::Number),
    ("x", Type::Number),
    ("y", Type::Number),
    ("officer_initiated", Type::Boolean),
    ("location", Type::Point),
];

const BEATS: &[(&str, Type)] = &[
    ("beat_code", Type::Text),
    ("area_name", Type::Text),
    ("sergeant", Type::Text),
    ("population", Type::Number),
    ("square_miles", Type::Number),
    ("formed_on", Type::FloatingTimestamp),
    ("outline", Type::Multipolygon),
];

/// The datasets that the statements name.
pub fn catalog() -> Catalog {
    let dataset = |id, title, columns: &[(&str, Type)]| {
        let columns = columns.iter().map(|&(name, ty)| Column::new(name, ty)).collect();
        Dataset::new("data.example.org", id, title, columns)
    };
    Catalog::of(vec![
        ("police_calls", dataset("aaaa-0001", "Police calls", CALLS)),
        ("patrol_beats", dataset("aaaa-0002", "Patrol beats", BEATS)),
    ])
}

/// Statements that both Tule and `sqlparser` read.
pub fn plain(seed: u64, count: usize) -> Vec<String> {
    statements(seed, count, false)
}

/// Statements with casts, joins and `|>` as well.
pub fn extended(seed: u64, count: usize) -> Vec<String> {
    statements(seed, count, true)
}

/// Statements of some 80 bytes.
pub fn short(seed: u64, count: usize) -> Vec<String> {
    let mut found = statements(seed, count * 40, false);
    found.retain(|text| text.len() < 110);
    found.truncate(count);
    found
}

/// A file of statements with this many lines.
pub fn file(seed: u64, lines: usize) -> String {
    let mut text = String::new();
    let mut written = 0;
    let mut random = Random(seed);
    while written < lines {
        let next = statement(&mut random, false);
        let rows = next.matches('\n').count() + 2;
        if written + rows <= lines {
            text.push_str(&next);
            text.push_str(";\n\n");
        } else {
            text.push_str(&"\n".repeat(lines - written));
        }
        written += rows;
    }
    text
}

/// The same statements with one fault each: a token left out, followed by `)` or preceded by `=`.
pub fn broken(seed: u64, statements: &[String]) -> Vec<String> {
    let mut random = Random(seed);
    let damage = |text: &String| {
        let lexed = tule_syntax::lexer::lex(text);
        let tokens: Vec<_> = lexed.iter().filter(|(kind, _)| !kind.is_trivia()).collect();
        let (_, span) = tokens[random.below(tokens.len())];
        let (start, end) = (span.start as usize, span.end as usize);
        match random.below(3) {
            0 => format!("{}{}", &text[..start], &text[end..]),
            1 => format!("{}){}", &text[..end], &text[end..]),
            _ => format!("{}= {}", &text[..start], &text[start..]),
        }
    };
    statements.iter().map(damage).collect()
}

/// `beat in ('…', …)` with so many members.
pub fn in_list(items: usize) -> String {
    let mut text = String::from("select incident_id from police_calls where incident_id in (");
    for item in 0..items {
        let _ = write!(text, "{}'P-{item:07}'", if item == 0 { "" } else { ", " });
    }
    text.push_str(") limit 10");
    text
}

/// A condition of so many parts joined by AND.
pub fn and_terms(terms: usize) -> String {
    let mut text = String::from("select incident_id from police_calls where ");
    for term in 0..terms {
        let and = if term == 0 { "" } else { " and " };
        let _ = match term % 3 {
            0 => write!(text, "{and}response_minutes != {term}"),
            1 => write!(text, "{and}incident_id != 'P-{term:07}'"),
            _ => write!(text, "{and}call_entry_date > '2024-01-{:02}'", term % 28 + 1),
        };
    }
    text.push_str(" limit 10");
    text
}

/// So many parentheses around a column.
pub fn nested_parentheses(depth: usize) -> String {
    let (open, close) = ("(".repeat(depth), ")".repeat(depth));
    format!("select incident_id from police_calls where {open}x{close} > 1 limit 10")
}

/// So many calls around a column.
pub fn nested_calls(depth: usize) -> String {
    let (open, close) = ("abs(".repeat(depth), ")".repeat(depth));
    format!("select incident_id from police_calls where {open}x{close} > 1 limit 10")
}

fn statements(seed: u64, count: usize, extended: bool) -> Vec<String> {
    let mut random = Random(seed);
    (0..count).map(|_| statement(&mut random, extended)).collect()
}

fn statement(random: &mut Random, extended: bool) -> String {
    loop {
        let mut writer = Writer {
            lines: random.percent(50),
            upper: random.percent(25),
            random,
            out: String::new(),
            casts: extended,
            joined: false,
            depth: 0,
        };
        writer.statement(extended);
        let text = writer.out;
        if LENGTHS.contains(&text.len()) {
            return text;
        }
    }
}
