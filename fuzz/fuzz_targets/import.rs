//! Any text is imported or refused; what is imported parses.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tule_syntax::parser::parse_file;

fuzz_target!(|text: &str| {
    if let Ok(imported) = tule_core::import::import(text) {
        let parsed = parse_file(&imported.statement);
        assert!(parsed.iter().all(|statement| statement.errors.is_empty()), "{imported:?}");
    }
});
