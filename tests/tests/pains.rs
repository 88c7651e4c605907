//! `docs/pains.md` holds: each rule that it names exists and is raised by an example beside it,
//! and where it names none, the example is sound.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use tule_core::check::Context;
use tule_core::diagnostics::Code;
use tule_core::import::import;
use tule_core::lint::{Levels, examine};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::LintLevel;
use tule_syntax::parser::parse_one;
use tule_tests::datasets::catalog;
use tule_tests::pains::{PAGE, Pain, read};
use tule_tests::root;

/// How many things that go wrong were collected.
const COLLECTED: usize = 85;

/// Rules that no statement of a readable length raises when it is checked; `coverage` and the
/// documents show them.
const NO_EXAMPLE: &[Code] = &[Code::UrlTooLong, Code::NotOnThisPortal];

/// What checking finds in a statement, with the rules that are named turned on.
fn found(text: &str, on: &[Code], catalog: &Catalog) -> BTreeSet<Code> {
    let off = on.iter().filter(|code| !code.info().on);
    let levels = Levels::default().with(off.map(|code| (code.name(), LintLevel::Warn)));
    let context = Context { catalog, input: None };
    let checked = examine(text, &parse_one(text), context, &levels);
    checked.diagnostics.iter().map(|found| found.code).collect()
}

fn faults(pain: &Pain, catalog: &Catalog) -> Vec<String> {
    let codes: Vec<Code> = pain.names.iter().filter_map(|name| Code::from_name(name)).collect();
    let mut faults = Vec::new();
    let mut fault = |text: String| faults.push(format!("{}: {text}", pain.number));
    let (calls, statements): (Vec<_>, Vec<_>) =
        pain.examples.iter().partition(|example| example.starts_with("https:"));
    let raised: Vec<BTreeSet<Code>> =
        statements.iter().map(|statement| found(statement, &codes, catalog)).collect();
    // Importing has names for its errors of its own.
    for code in codes.iter().filter(|_| calls.is_empty()) {
        if !NO_EXAMPLE.contains(code) && !raised.iter().any(|raised| raised.contains(code)) {
            fault(format!("no example raises {code}: {raised:?}"));
        }
    }
    for (statement, raised) in statements.iter().zip(&raised) {
        let other: Vec<&Code> = raised.iter().filter(|code| !codes.contains(code)).collect();
        if !other.is_empty() {
            fault(format!("`{statement}` raises {other:?} as well"));
        }
    }
    for call in calls {
        let code = import(call).err().map(|error| error.code);
        if !code.is_some_and(|code| pain.names.iter().any(|name| name == code)) {
            fault(format!("importing {call} gives {code:?}"));
        }
    }
    // A name that looks like a rule and is none is misspelt.
    let import = pain.answer.contains("`tule import`");
    for name in pain.names.iter().filter(|name| name.contains('-') && !name.contains(' ')) {
        if Code::from_name(name).is_none() && !import {
            fault(format!("no rule `{name}`"));
        }
    }
    if codes.is_empty() && pain.examples.is_empty() && !pain.answer.starts_with("not ") {
        fault("neither a rule nor an example nor a reason".to_owned());
    }
    faults
}

#[test]
fn everything_that_goes_wrong_has_an_answer_that_holds() {
    let page = std::fs::read_to_string(root().join(PAGE)).unwrap();
    let pains = read(&page).unwrap();
    let numbers: Vec<usize> = pains.iter().map(|pain| pain.number).collect();
    assert_eq!(numbers, (1..=COLLECTED).collect::<Vec<_>>());
    let catalog = catalog();
    let faults: Vec<String> = pains.iter().flat_map(|pain| faults(pain, &catalog)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
