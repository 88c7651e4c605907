//! The grammars for editors name the compiler's words and no others. `TULE_BLESS=1` writes the
//! lists in them anew.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::fs;

use tule_syntax::lexer::lex;
use tule_syntax::parser::parse_file;
use tule_syntax::token::KEYWORDS;
use tule_tests::ebnf::{self, Rule};
use tule_tests::grammar::{
    DIALECTS, FOLDER, highlights, in_dialect, sentences, textmate, words_js,
};
use tule_tests::root;

/// Compares a file with what it should be, or writes it.
fn assert_current(name: &str, wanted: &str) {
    let path = root().join(FOLDER).join(name);
    if std::env::var_os("TULE_BLESS").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    assert!(written == wanted, "{name} is stale: write it anew with `TULE_BLESS=1`");
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(FOLDER).join(name)).unwrap().replace("\r\n", "\n")
}

#[test]
fn the_words_of_the_tree_sitter_grammar_are_up_to_date() {
    assert_current("tree-sitter/words.js", &words_js());
}

#[test]
fn the_words_of_the_highlighting_queries_are_up_to_date() {
    let name = "tree-sitter/queries/highlights.scm";
    let wanted = highlights(&read(name)).unwrap();
    assert_current(name, &wanted);
    for dialect in DIALECTS {
        let name = format!("tree-sitter/queries/{}/highlights.scm", dialect.folder);
        assert_current(&name, &in_dialect(&wanted, dialect));
    }
}

#[test]
fn the_words_of_the_textmate_grammar_are_up_to_date() {
    let name = "textmate/tule.tmLanguage.json";
    assert_current(name, &textmate(&read(name)).unwrap());
}

#[test]
fn the_rules_of_the_ebnf_hang_together() {
    let grammar = ebnf::read(&read("tule.ebnf")).unwrap();
    let named = grammar.rules.values().flat_map(Rule::names);
    let undefined: BTreeSet<String> =
        named.filter(|name| !grammar.rules.contains_key(name)).collect();
    assert!(undefined.is_empty(), "not defined: {undefined:?}");
    let reached = grammar.reached(&[&grammar.order[0], "Space"]);
    let lost: Vec<_> = grammar.order.iter().filter(|name| !reached.contains(*name)).collect();
    assert!(lost.is_empty(), "never used: {lost:?}");
}

#[test]
fn the_ebnf_has_every_keyword_and_no_other_word() {
    let grammar = ebnf::read(&read("tule.ebnf")).unwrap();
    let is_word = |text: &String| text.len() > 1 && text.chars().all(|c| c.is_ascii_alphabetic());
    // Words outside the list of those that are no names: where they do their work.
    let rules = grammar.rules.iter().filter(|(name, _)| *name != "Reserved");
    let used: BTreeSet<String> = rules.flat_map(|(_, rule)| rule.texts()).filter(is_word).collect();
    let mut wanted: BTreeSet<String> =
        KEYWORDS.iter().map(|word| word.text.to_uppercase()).collect();
    wanted.insert("param".to_owned());
    assert_eq!(used, wanted);
    let reserved: BTreeSet<String> =
        KEYWORDS.iter().filter(|word| word.reserved).map(|word| word.text.to_uppercase()).collect();
    assert_eq!(grammar.rules["Reserved"].texts(), reserved);
}

#[test]
fn the_compiler_takes_what_the_ebnf_makes() {
    let made = sentences(&ebnf::read(&read("tule.ebnf")).unwrap());
    let mut unused: BTreeSet<&str> = KEYWORDS.iter().map(|word| word.text).collect();
    for text in &made {
        for parsed in parse_file(text) {
            assert!(parsed.errors.is_empty(), "{:?}\n{text}", parsed.errors);
        }
        for (kind, _) in lex(text).iter().filter(|(kind, _)| kind.is_keyword()) {
            unused.remove(kind.fixed_text());
        }
    }
    assert!(made.len() > 500 && unused.is_empty(), "{} sentences, without {unused:?}", made.len());
}
