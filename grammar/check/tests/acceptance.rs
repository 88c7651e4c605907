//! tree-sitter finds a text faulty exactly where the compiler's parser does: the documents, the
//! corpus, what the EBNF makes, and all of the documents with something left out, doubled,
//! exchanged or cut off.

use std::collections::BTreeSet;
use std::fs;

use tule_grammar_check::{first_fault, folder, parser};
use tule_syntax::lexer::lex;
use tule_syntax::parser::parse_file;
use tule_syntax::span::Span;
use tule_tests::corpus::Corpus;
use tule_tests::documents::documents;
use tule_tests::statements::statements;

/// Compares texts, and stops at the end with all that differ.
struct Comparison {
    parser: tree_sitter::Parser,
    seen: BTreeSet<String>,
    faulty: usize,
    differing: Vec<String>,
}

impl Comparison {
    fn new() -> Self {
        let (seen, differing) = (BTreeSet::new(), Vec::new());
        Self { parser: parser(), seen, faulty: 0, differing }
    }

    fn compare(&mut self, place: &str, text: &str) {
        if !self.seen.insert(text.to_owned()) {
            return;
        }
        let tree = self.parser.parse(text, None).expect("a tree without a limit");
        let theirs = first_fault(&tree);
        let ours = parse_file(text).into_iter().find_map(|parsed| parsed.errors.into_iter().next());
        self.faulty += usize::from(ours.is_some());
        match (theirs, ours) {
            (Some(at), None) => {
                self.differing.push(format!("{place}: tree-sitter alone, at {at:?}:\n{text}"));
            }
            (None, Some(error)) => {
                self.differing.push(format!("{place}: the compiler alone, {error:?}:\n{text}"));
            }
            _ => {}
        }
    }

    fn finish(self, what: &str) {
        println!("{what}: {} texts, {} of them faulty", self.seen.len(), self.faulty);
        let few = self.differing.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(few.is_empty(), "{what}: {} differ:\n{few}", self.differing.len());
    }
}

#[test]
fn in_the_documents() {
    let documents = documents().unwrap();
    let mut comparison = Comparison::new();
    for statement in statements(&documents) {
        comparison.compare(&statement.place, &statement.text);
    }
    for document in &documents {
        for block in &document.blocks {
            comparison.compare(&format!("{}:{}", document.name, block.line), &block.text);
        }
    }
    comparison.finish("documents");
}

#[test]
fn in_the_corpus() {
    // Where there is none, reading it says so.
    let Some(corpus) = Corpus::read() else { return };
    let mut comparison = Comparison::new();
    for row in &corpus.rows {
        if let Ok(text) = row.statement() {
            comparison.compare(&row.key, &text);
        }
        // The query as its author wrote it.
        for (_, text) in row.params.iter().filter(|(name, _)| name == "$query" || name == "query") {
            comparison.compare(&row.key, text);
        }
    }
    comparison.finish("corpus");
}

#[test]
fn in_what_the_ebnf_makes() {
    let text = fs::read_to_string(folder().join("../tule.ebnf")).unwrap();
    let grammar = tule_tests::ebnf::read(&text).unwrap();
    let mut comparison = Comparison::new();
    for text in tule_tests::grammar::sentences(&grammar) {
        comparison.compare("tule.ebnf", &text);
    }
    comparison.finish("EBNF");
}

#[test]
fn in_broken_statements() {
    let mut comparison = Comparison::new();
    for statement in statements(&documents().unwrap()) {
        let text = &statement.text;
        let lexed = lex(text);
        let words: Vec<Span> =
            lexed.iter().filter(|(kind, _)| !kind.is_trivia()).map(|(_, span)| span).collect();
        // Longer ones have nothing in them that shorter ones have not.
        if words.len() > 60 {
            continue;
        }
        for (index, word) in words.iter().enumerate() {
            let (start, end) = (word.start as usize, word.end as usize);
            let (before, behind) = (&text[..start], &text[end..]);
            let word = &text[start..end];
            comparison.compare(&statement.place, &format!("{before} {behind}"));
            comparison.compare(&statement.place, &format!("{before}{word} {word} {behind}"));
            comparison.compare(&statement.place, before);
            comparison.compare(&statement.place, &text[start..]);
            if let Some(next) = words.get(index + 1) {
                let between = &text[end..next.start as usize];
                let rest = &text[next.end as usize..];
                let next = next.text(text);
                comparison
                    .compare(&statement.place, &format!("{before}{next} {between} {word}{rest}"));
            }
        }
    }
    comparison.finish("broken statements");
}

#[test]
fn in_every_prefix() {
    let mut comparison = Comparison::new();
    for statement in statements(&documents().unwrap()) {
        let comments = lex(&statement.text).iter().take_while(|(kind, _)| kind.is_trivia()).last();
        let start = comments.map_or(0, |(_, span)| span.end as usize);
        let text = &statement.text[start..];
        for (end, _) in text.char_indices() {
            comparison.compare(&statement.place, &text[..end]);
        }
    }
    comparison.finish("prefixes");
}
