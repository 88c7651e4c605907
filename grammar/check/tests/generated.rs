//! The C files are what the generator makes of `grammar.js`. `TULE_BLESS=1` writes them anew.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tree_sitter_generate::{OptLevel, generate_parser_in_directory, load_grammar_file};
use tule_grammar_check::folder;

/// The version of the interface between a parser and the library that runs it.
const VERSION: usize = 15;

fn generate(into: &Path, grammar: &Path) {
    let from = folder();
    let runtime = None;
    generate_parser_in_directory(
        from.as_path(),
        Some(into),
        Some(grammar),
        VERSION,
        None,
        runtime,
        true,
        OptLevel::default(),
    )
    .unwrap_or_else(|error| panic!("{error}"));
}

fn has_node() -> bool {
    let found = Command::new("node").arg("--version").stdout(Stdio::null()).status().is_ok();
    assert!(found || std::env::var_os("TULE_NODE").is_none(), "node is missing");
    if !found {
        eprintln!("skipped: no node to run grammar.js");
    }
    found
}

#[test]
fn the_c_files_are_what_the_generator_makes() {
    let source = folder().join("src");
    let json = source.join("grammar.json");
    if has_node() {
        let wanted = load_grammar_file(&folder().join("grammar.js"), None);
        let wanted = wanted.unwrap_or_else(|error| panic!("{error}"));
        if std::env::var_os("TULE_BLESS").is_some() {
            fs::write(&json, &wanted).unwrap();
        }
        let written = fs::read_to_string(&json).unwrap();
        assert!(written == wanted, "src/grammar.json is stale: write it with `TULE_BLESS=1`");
    }
    let made = tempfile::tempdir().unwrap();
    generate(made.path(), &json);
    let files = ["parser.c", "node-types.json", "tree_sitter/parser.h", "tree_sitter/alloc.h"];
    for name in files.into_iter().chain(["tree_sitter/array.h"]) {
        let wanted = fs::read_to_string(made.path().join(name)).unwrap();
        if std::env::var_os("TULE_BLESS").is_some() {
            fs::write(source.join(name), &wanted).unwrap();
        }
        let written = fs::read_to_string(source.join(name)).unwrap();
        assert!(written == wanted, "src/{name} is stale: write it with `TULE_BLESS=1`");
    }
}
