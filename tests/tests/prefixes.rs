//! No text breaks the parser or the checker, whatever is missing from it.
//!
//! An editor checks at every keystroke: what it sees is mostly the beginning of a statement, or one
//! with a word taken out. Each must give a tree and a handful of findings at places that exist.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::time::Instant;

use tule_core::check::{Context, check};
use tule_core::import::import_params;
use tule_core::schema::catalog::Catalog;
use tule_syntax::lexer::lex;
use tule_syntax::parser::parse_file;
use tule_syntax::token::TokenKind;
use tule_tests::corpus::Corpus;
use tule_tests::datasets::catalog;
use tule_tests::documents::documents;
use tule_tests::statements::statements;
use tule_tests::watch::watched;

/// Most findings of a sound statement that was cut or has lost a word.
const MOST: usize = 6;

/// Parses and checks; says what is wrong with what comes out. `most` is for each statement.
fn survives(text: &str, catalog: &Catalog, most: usize) -> Vec<String> {
    let mut faults = Vec::new();
    for parsed in parse_file(text) {
        let statement = parsed.range.text(text);
        let words = lex(statement).kinds().iter().any(|kind| !kind.is_trivia());
        if words && parsed.statement.query.is_none() && parsed.errors.is_empty() {
            faults.push(format!("neither a tree nor an error: {statement:?}"));
        }
        let checked = check(statement, &parsed, Context { catalog, input: None });
        if checked.diagnostics.len() > most {
            faults.push(format!("{} findings in {statement:?}", checked.diagnostics.len()));
        }
        for found in &checked.diagnostics {
            let edits = found.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            let labels = found.labels.iter().map(|label| label.span);
            for span in std::iter::once(found.span).chain(edits).chain(labels) {
                let (start, end) = (span.start as usize, span.end as usize);
                if start > end || statement.get(start..end).is_none() {
                    faults.push(format!("{} at {start}..{end} of {statement:?}", found.code));
                }
            }
            if found.span.is_empty() && !statement.is_empty() {
                faults.push(format!("{} has an empty place in {statement:?}", found.code));
            }
        }
    }
    faults
}

/// Checks many texts, most of them as the statements of one file: that is quicker.
fn all_survive(what: &str, catalog: Catalog, texts: Vec<String>, most: usize) {
    let (start, count) = (Instant::now(), texts.len());
    let faults = watched(move |progress| {
        let mut faults = Vec::new();
        let (together, alone): (Vec<String>, Vec<String>) =
            texts.into_iter().partition(|text| can_be_followed(text));
        for text in together.chunks(64).map(|chunk| chunk.join(";")).chain(alone) {
            progress.at(&text);
            faults.extend(survives(&text, &catalog, most));
        }
        faults
    });
    let faults = faults.unwrap_or_else(|fault| vec![fault]);
    eprintln!("{count} {what} in {:.1} s", start.elapsed().as_secs_f64());
    let first: Vec<&str> = faults.iter().take(40).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} of {count} {what}:\n{}", faults.len(), first.join("\n"));
}

/// Whether `;` behind the text ends it.
fn can_be_followed(text: &str) -> bool {
    let lexed = lex(text);
    let open = lexed.kinds().last().is_some_and(|last| {
        matches!(
            last,
            TokenKind::LineComment
                | TokenKind::UnterminatedComment
                | TokenKind::UnterminatedString
                | TokenKind::UnterminatedDoubleString
                | TokenKind::UnterminatedIdent
        )
    });
    !open && !lexed.kinds().contains(&TokenKind::Semicolon)
}

/// The statement without each of its words in turn.
fn without_one_word(text: &str) -> impl Iterator<Item = String> + '_ {
    let words: Vec<_> = lex(text)
        .iter()
        .filter(|(kind, _)| !kind.is_trivia())
        .map(|(_, span)| span.start as usize..span.end as usize)
        .collect();
    words.into_iter().map(move |range| {
        let mut text = text.to_owned();
        text.replace_range(range, "");
        text
    })
}

fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.filter_map(|end| text.get(..end))
}

/// The sound statements of the documents, without the comments above them.
fn sound_statements(catalog: &Catalog) -> Vec<String> {
    let mut sound = Vec::new();
    for statement in statements(&documents().unwrap()) {
        let context = Context { catalog, input: None };
        let checked = check(&statement.text, &statement.parsed, context);
        if checked.diagnostics.is_empty() {
            let lexed = lex(&statement.text);
            let word = lexed.iter().find(|(kind, _)| !kind.is_trivia());
            let start = word.map_or(0, |(_, span)| span.start as usize);
            sound.extend(statement.text.get(start..).map(str::to_owned));
        }
    }
    sound
}

#[test]
fn every_beginning_of_a_real_query_is_survived() {
    let Some(corpus) = Corpus::read() else { return };
    let mut texts = Vec::new();
    for row in &corpus.rows {
        let host = row.host.as_deref().unwrap_or("data.example.gov");
        let dataset = row.dataset.as_deref().unwrap_or("abcd-1234");
        let Ok(imported) = import_params(Some(host), Some(dataset), &row.params) else { continue };
        let text = imported.statement.trim_end_matches(';').to_owned();
        // Long calls are mostly lists of values: not every one of their beginnings is needed.
        let step = 1 + text.len() / 100;
        texts.extend(prefixes(&text).step_by(step).map(str::to_owned));
        texts.extend(without_one_word(&text).step_by(step));
    }
    all_survive("parts of real queries", corpus.catalog, texts, MOST);
}

#[test]
fn every_beginning_of_an_example_is_survived() {
    let catalog = catalog();
    let mut texts = Vec::new();
    for text in sound_statements(&catalog) {
        // The ends of words, and every third place inside them.
        let ends: Vec<usize> = lex(&text).iter().map(|(_, span)| span.end as usize).collect();
        let kept =
            |part: &&str| part.len().is_multiple_of(3) || ends.binary_search(&part.len()).is_ok();
        texts.extend(prefixes(&text).filter(kept).map(str::to_owned));
        texts.extend(without_one_word(&text));
    }
    all_survive("parts of examples", catalog, texts, MOST);
}

/// Marsaglia's xorshift: enough to wander about, and the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or(0)
    }
}

/// Words put in at random: keywords, signs, and the beginnings of what is never closed.
const WORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "group by",
    "having",
    "order by",
    "limit",
    "offset",
    "search",
    "join",
    "lateral",
    "on",
    "union all",
    "|>",
    "with a as (",
    "query q($x text) as",
    "distinct on (",
    "hint(",
    "case",
    "when",
    "then",
    "else",
    "end",
    "over (",
    "filter (",
    "partition by",
    "rows between",
    "and",
    "or",
    "not",
    "is",
    "null",
    "like",
    "ilike",
    "in (",
    "between",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "::",
    "*",
    ":*",
    "@",
    "@this",
    "@x.",
    "$x",
    "?x",
    ":id",
    "'",
    "\"",
    "`",
    "/*",
    "--",
    ";",
    "1",
    "1.5",
    ".5",
    "'a'",
    "\"\\u\"",
    "beat",
    "x",
    "count(*)",
    "=",
    "<>",
    "^",
    "||",
    "{x}",
    "\u{a0}",
    "é",
    "😀",
    "as",
    "except",
    "asc",
    "nulls first",
    "today()",
    "unbounded preceding",
    "current row",
    "true",
];

#[test]
fn random_changes_are_survived() {
    let catalog = catalog();
    let statements = sound_statements(&catalog);
    let mut random = Random(0x5eed_cafe_f00d_0001);
    let mut texts = Vec::new();
    for _ in 0..8_000 {
        let text = &statements[random.below(statements.len())];
        let mut words: Vec<&str> = lex(text).iter().map(|(_, span)| span.text(text)).collect();
        for _ in 0..=random.below(4) {
            let (at, other) = (random.below(words.len()), random.below(words.len()));
            match random.below(4) {
                0 if words.len() > 1 => drop(words.remove(at)),
                1 => words.swap(at, other),
                2 => words.insert(at, words[other]),
                _ => {
                    words.insert(at, " ");
                    words.insert(at, WORDS[random.below(WORDS.len())]);
                }
            }
        }
        texts.push(words.concat());
    }
    all_survive("changed statements", catalog, texts, usize::MAX);
}
