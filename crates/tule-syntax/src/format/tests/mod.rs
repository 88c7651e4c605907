//! What must hold for every text, as one function that each suite calls.

mod corpus;
mod examples;
mod limits;
mod noise;
mod statements;

use super::{Options, format};
use crate::lexer::lex;
use crate::parser::{ParsedStatement, parse_file};
use crate::token::{HINTS, TokenKind};

const WIDTHS: [u32; 3] = [40, 88, 200];

fn at(width: u32, text: &str) -> String {
    format(text, &Options { width }).text
}

/// Formats `text` at several widths and checks that nothing but the layout changed.
fn check(text: &str) {
    let (words_before, trees_before) = (words(text), trees(text));
    for width in WIDTHS {
        let first = format(text, &Options { width });
        let again = format(&first.text, &Options { width });
        assert_eq!(first.text, again.text, "not stable at {width}:\n{text}");
        assert_eq!(first.skipped.len(), again.skipped.len(), "at {width}:\n{text}");
        assert_eq!(words_before, words(&first.text), "other tokens at {width}:\n{text}");
        assert_eq!(trees_before, trees(&first.text), "another tree at {width}:\n{text}");
        assert!(first.text.is_empty() || first.text.ends_with('\n'), "{text}");
    }
}

/// Tokens and comments, with the letter case of keywords and the blanks at line ends evened out.
fn words(text: &str) -> Vec<(TokenKind, String)> {
    let lexed = lex(text);
    let tokens = lexed.iter().filter(|(kind, _)| *kind != TokenKind::Whitespace);
    tokens
        .map(|(kind, span)| {
            let written = span.text(text);
            let hint = HINTS.iter().find(|word| word.eq_ignore_ascii_case(written));
            let word = match kind {
                _ if kind.is_keyword() => kind.fixed_text().to_owned(),
                TokenKind::Ident => hint.map_or(written, |hint| hint).to_owned(),
                TokenKind::LineComment
                | TokenKind::UnterminatedComment
                | TokenKind::UnterminatedString => written.trim_end().to_owned(),
                TokenKind::BlockComment => written.replace('\r', ""),
                _ => written.to_owned(),
            };
            (kind, word)
        })
        .collect()
}

/// The trees of all statements without faults, with tokens counted instead of bytes.
fn trees(text: &str) -> Vec<String> {
    parse_file(text).iter().map(|statement| tree(text, statement)).collect()
}

fn tree(text: &str, parsed: &ParsedStatement) -> String {
    if !parsed.errors.is_empty() {
        return format!("{} faults", parsed.errors.len());
    }
    let lexed = lex(parsed.range.text(text));
    let starts: Vec<u32> =
        lexed.iter().filter(|(kind, _)| !kind.is_trivia()).map(|(_, span)| span.start).collect();
    let count = |offset: &str| {
        let offset: u32 = offset.parse().unwrap();
        starts.partition_point(|&start| start < offset).to_string()
    };
    // Spans are the only numbers in the tree that have dots between them.
    let debug = format!("{:?}", parsed.statement);
    let mut tree = String::new();
    for (index, part) in debug.split("..").enumerate() {
        let (number, rest) = match index {
            0 => ("", part),
            _ => part.split_at(part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len())),
        };
        if index > 0 {
            tree += "..";
            tree += &count(number);
        }
        let digits = rest.len() - rest.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (rest, number) = rest.split_at(rest.len() - digits);
        tree += rest;
        if digits > 0 {
            tree += &count(number);
        }
    }
    tree
}
