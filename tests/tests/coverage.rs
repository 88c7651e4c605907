//! The reference leaves nothing out: every code is expected and every function used somewhere in
//! the documents.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use tule_core::check::{Context, check};
use tule_core::diagnostics::{CODES, Code};
use tule_core::functions::FUNCTIONS;
use tule_core::lint::{Levels, examine};
use tule_core::lower::lower;
use tule_core::plan::Plan;
use tule_core::target::Target;
use tule_syntax::ast::ExprId;
use tule_syntax::limits::{MAX_BYTES, MAX_NESTING, MAX_TOKENS};
use tule_syntax::parser::{parse_file, parse_one};
use tule_tests::compile::clock;
use tule_tests::datasets::catalog;
use tule_tests::documents::documents;
use tule_tests::expect::Expectations;
use tule_tests::statements::statements;

/// Codes that no document can show, and why; each has a test of its own below.
const TOO_LONG_FOR_A_DOCUMENT: &[Code] =
    &[Code::TooDeep, Code::TooManyTokens, Code::FileTooLong, Code::UrlTooLong];

#[test]
fn every_code_is_expected_in_some_document() {
    let mut expected: BTreeSet<Code> = TOO_LONG_FOR_A_DOCUMENT.iter().copied().collect();
    for statement in statements(&documents().unwrap()) {
        let Ok(expectations) = Expectations::read(&statement.text) else { continue };
        let all = expectations.diagnostics.iter().chain(&expectations.refused);
        expected.extend(all.map(|expected| expected.code));
    }
    // What a comparison with the portal finds is tested beside it.
    let missing: Vec<_> = CODES
        .iter()
        .filter(|info| !info.name.starts_with("drift-") && !expected.contains(&info.code))
        .map(|info| info.name)
        .collect();
    assert!(missing.is_empty(), "no document shows {}", missing.join(", "));
}

#[test]
fn every_function_is_used_by_some_sound_statement() {
    let catalog = catalog();
    let mut used = BTreeSet::new();
    for statement in statements(&documents().unwrap()) {
        let checked =
            check(&statement.text, &statement.parsed, Context { catalog: &catalog, input: None });
        if !checked.diagnostics.is_empty() {
            continue;
        }
        let arena = &statement.parsed.statement.arena;
        let resolved = checked.typed.resolve(arena);
        for id in 0..u32::try_from(arena.len()).unwrap() {
            used.extend(resolved.node(ExprId(id)).overload.map(|function| function.identity));
        }
    }
    let missing: Vec<_> = FUNCTIONS
        .iter()
        .filter(|function| !function.hidden && !used.contains(function.identity))
        .map(|function| function.identity)
        .collect();
    assert!(missing.is_empty(), "no document uses {}", missing.join(", "));
}

#[test]
fn every_function_has_a_sound_example_of_its_own() {
    let catalog = catalog();
    let mut faults = Vec::new();
    for function in FUNCTIONS {
        let text = format!("select {} as x from every_type", function.example);
        let parsed = parse_one(&text);
        let checked = check(&text, &parsed, Context { catalog: &catalog, input: None });
        if let Some(first) = checked.diagnostics.first() {
            faults.push(format!("{}: `{text}`: {}", function.identity, first.message));
            continue;
        }
        let arena = &parsed.statement.arena;
        let resolved = checked.typed.resolve(arena);
        let shown = (0..u32::try_from(arena.len()).unwrap())
            .filter_map(|id| resolved.node(ExprId(id)).overload)
            .any(|used| used.identity == function.identity);
        if !shown && !function.hidden {
            faults.push(format!("{}: `{text}` uses other functions", function.identity));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn codes(text: &str) -> Vec<Code> {
    let parsed = parse_one(text);
    let catalog = catalog();
    let checked = check(text, &parsed, Context { catalog: &catalog, input: None });
    checked.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn what_is_nested_too_deeply_is_one_error() {
    let nested = |count: usize| {
        format!("select {}amount{} as x from every_type", "(".repeat(count), ")".repeat(count))
    };
    assert_eq!(codes(&nested(MAX_NESTING)), []);
    assert_eq!(codes(&nested(MAX_NESTING + 1)), [Code::TooDeep]);
    assert_eq!(codes(&nested(100_000)), [Code::TooDeep]);
    let flat = vec!["active"; 100_000].join(" and ");
    assert_eq!(codes(&format!("select name from every_type where {flat}")), []);
    let signs = "- ".repeat(100_000);
    assert_eq!(codes(&format!("select {signs}amount as x from every_type")), [Code::TooDeep]);
    let powers = "2 ^ ".repeat(100_000);
    assert_eq!(codes(&format!("select {powers}2 as x from every_type")), [Code::TooDeep]);
}

#[test]
fn what_is_too_long_is_one_error() {
    let tokens = "+1".repeat(MAX_TOKENS / 2 + 8);
    let found = codes(&format!("select amount {tokens} as x from every_type"));
    assert_eq!(found, [Code::TooManyTokens]);
    let parsed = parse_file(&" ".repeat(MAX_BYTES + 1));
    assert_eq!(parsed.len(), 1);
    assert_eq!(parsed.iter().map(|statement| statement.errors.len()).sum::<usize>(), 1);
}

#[test]
fn an_address_that_is_too_long_is_found_without_compiling() {
    let found = |count: usize, head: &str| {
        let list: Vec<String> = (0..count).map(|number| format!("'{number}'")).collect();
        let text = format!(
            "{head}select beat from police_calls where beat in ({}) limit 1",
            list.join(", ")
        );
        let catalog = catalog();
        let context = Context { catalog: &catalog, input: None };
        let checked = examine(&text, &parse_one(&text), context, &Levels::default());
        checked.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>()
    };
    assert_eq!(found(2_000, ""), [Code::UrlTooLong]);
    assert_eq!(found(400, ""), []);
    // Blanks and comments are not sent.
    assert_eq!(found(1, &format!("-- {}\n", "long ".repeat(5_000))), []);
    assert_eq!(found(2_000, "query of($beat text) as "), [Code::UnusedParameter]);
}

#[test]
fn an_address_that_is_too_long_is_a_warning() {
    let list: Vec<String> = (0..2_000).map(|number| format!("'{number}'")).collect();
    let text = format!("select beat from police_calls where beat in ({})", list.join(", "));
    let (parsed, catalog) = (parse_one(&text), catalog());
    let checked = check(&text, &parsed, Context { catalog: &catalog, input: None });
    let valid = tule_core::check::Valid::new(&text, &parsed, &checked).unwrap();
    let plan = Plan::new(valid, &[], clock()).unwrap();
    let warnings = |target| {
        let lowered = lower(&plan, target, &catalog).unwrap();
        lowered.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>()
    };
    assert_eq!(warnings(Target::Soda2), [Code::UrlTooLong]);
    assert_eq!(warnings(Target::Soda3), []);
}
