//! What the editors' plugins hold in copy is what it was copied from: the words of the language, and
//! the tree-sitter queries. `TULE_BLESS=1` copies anew.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tule_core::functions;
use tule_core::types::TYPES;
use tule_syntax::token::KEYWORDS;
use tule_tests::root;

/// Width of the generated lines.
const WIDTH: usize = 96;

/// The words of the language: keywords, functions that are written as calls, types. No word is in
/// two lists; the first one has it.
fn words() -> [(&'static str, Vec<&'static str>); 3] {
    let mut seen = BTreeSet::new();
    let word = |text: &&str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut list = |texts: Vec<&'static str>| {
        let fresh: BTreeSet<&str> =
            texts.into_iter().filter(word).filter(|text| seen.insert(*text)).collect();
        fresh.into_iter().collect::<Vec<_>>()
    };
    [
        ("keyword", list(KEYWORDS.iter().map(|keyword| keyword.text).collect())),
        ("function", list(functions::names().collect())),
        ("type", list(TYPES.iter().map(|info| info.name).collect())),
    ]
}

/// Words in lines of [`WIDTH`], each line after `start`.
fn wrapped(words: &[&str], start: &str, quote: &str) -> String {
    let mut out = String::new();
    let mut line = start.to_owned();
    for word in words {
        if line.len() + word.len() + 3 > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            start.clone_into(&mut line);
        }
        if !line.ends_with(' ') {
            line.push(' ');
        }
        let _ = write!(line, "{quote}{word}{quote}");
    }
    out.push_str(&line);
    out
}

fn vim() -> String {
    let mut out = String::new();
    for (name, words) in words() {
        let group = match name {
            "keyword" => "tuleKeyword",
            "function" => "tuleFunction",
            _ => "tuleType",
        };
        let _ = writeln!(out, "{}", wrapped(&words, &format!("syntax keyword {group}"), ""));
    }
    out
}

fn emacs() -> String {
    let mut out = String::new();
    for (name, words) in words() {
        let listed = wrapped(&words, "    ", "\"");
        let doc = format!("Every {name} of the language.");
        let _ = writeln!(out, "(defconst tule--{name}s\n  '(\n{listed})\n  \"{doc}\")\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The text with what stands between the two marks replaced.
fn with_words(text: &str, comment: &str, words: &str) -> String {
    let (begin, end) = (format!("{comment} words: begin\n"), format!("{comment} words: end\n"));
    let (head, rest) = text.split_once(&begin).unwrap();
    let (_, tail) = rest.split_once(&end).unwrap();
    format!("{head}{begin}{words}{end}{tail}")
}

#[test]
fn the_words_of_the_editors_are_those_of_the_compiler() {
    let files = [
        ("editors/neovim/syntax/tule.vim", "\"", vim()),
        ("editors/emacs/tule-mode.el", ";;", emacs()),
    ];
    for (path, comment, words) in files {
        let file = root().join(path);
        let text = fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
        let wanted = with_words(&text, comment, &words);
        if std::env::var_os("TULE_BLESS").is_some() {
            fs::write(&file, &wanted).unwrap();
        } else {
            assert!(text == wanted, "write {path} anew with `TULE_BLESS=1`");
        }
    }
}

/// The queries in a folder, by the names of their files.
fn queries(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "scm"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap().replace("\r\n", "\n"))
        })
        .collect()
}

#[test]
fn the_queries_of_the_editors_are_those_of_the_grammar() {
    let source = root().join("grammar/tree-sitter/queries");
    let copies = [("", "editors/neovim/queries/tule"), ("zed", "editors/zed/languages/tule")];
    for (from, to) in copies {
        let to = root().join(to);
        let mut wanted = queries(&source.join(from));
        // Tags are for tools that search code; no editor of these reads them.
        wanted.remove("tags.scm");
        assert!(wanted.contains_key("highlights.scm"), "{}", source.join(from).display());
        if std::env::var_os("TULE_BLESS").is_some() {
            for name in queries(&to).keys() {
                fs::remove_file(to.join(name)).unwrap();
            }
            for (name, text) in &wanted {
                fs::write(to.join(name), text).unwrap();
            }
        }
        assert!(queries(&to) == wanted, "copy {} anew with `TULE_BLESS=1`", to.display());
    }
}

#[test]
fn every_list_has_the_words_that_everybody_knows() {
    let [(_, keywords), (_, functions), (_, types)] = words();
    assert!(["select", "from", "limit", "ilike"].iter().all(|word| keywords.contains(word)));
    assert!(["upper", "within_circle", "count"].iter().all(|word| functions.contains(word)));
    assert!(["text", "floating_timestamp"].iter().all(|word| types.contains(word)));
}
