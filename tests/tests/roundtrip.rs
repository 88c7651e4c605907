//! What holds for every sound statement of the documents, whatever its comments say: it survives
//! formatting, and what is sent means the same as what was written.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use tule_core::check::{Checked, Context, check};
use tule_core::diagnostics::{Code, Severity};
use tule_core::schema::catalog::{Lookup, Reference};
use tule_core::target::Target;
use tule_core::types::Type;
use tule_syntax::format::{Options, format};
use tule_syntax::parser::parse_one;
use tule_tests::compile::{compile, query_text};
use tule_tests::datasets::catalog;
use tule_tests::documents::documents;
use tule_tests::expect::Expectations;
use tule_tests::statements::statements;

/// Names and types of the result columns.
fn columns(checked: &Checked) -> Vec<(String, Option<&'static str>)> {
    let columns = checked.typed.output.columns();
    columns.iter().map(|column| (column.name.to_string(), column.ty.map(Type::name))).collect()
}

#[test]
fn formatting_changes_neither_meaning_nor_its_own_result() {
    let catalog = catalog();
    let context = Context { catalog: &catalog, input: None };
    let mut faults = Vec::new();
    for statement in statements(&documents().unwrap()) {
        let place = &statement.place;
        for width in [40, 88] {
            let once = format(&statement.text, &Options { width });
            let twice = format(&once.text, &Options { width });
            if twice.text != once.text {
                faults.push(format!("{place}: formatting again changes it"));
            }
            let before = check(&statement.text, &statement.parsed, context);
            let parsed = parse_one(&once.text);
            let after = check(&once.text, &parsed, context);
            let codes = |checked: &Checked| {
                checked.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>()
            };
            if columns(&before) != columns(&after) || codes(&before) != codes(&after) {
                faults.push(format!("{place}: formatting changes its meaning:\n{}", once.text));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn what_is_sent_means_what_was_written() {
    let catalog = catalog();
    let mut faults = Vec::new();
    for statement in statements(&documents().unwrap()) {
        let place = &statement.place;
        let context = Context { catalog: &catalog, input: None };
        let checked = check(&statement.text, &statement.parsed, context);
        let params = Expectations::read(&statement.text).map(|found| found.params);
        let (Ok(params), true) = (params, checked.is_valid()) else { continue };
        let compiled =
            compile(&statement.text, &statement.parsed, &checked, &params, Target::Soda3, &catalog);
        let Ok(requests) = compiled else { continue };
        for request in requests {
            let text = query_text(&request).unwrap_or("");
            let path = format!("{}/{}", request.host, request.dataset);
            let reference = Reference::Path(&path);
            let Lookup::Found(main) = catalog.lookup(reference) else {
                // Its schema is not known, so that nothing can be compared.
                continue;
            };
            let parsed = parse_one(text);
            let sent = check(text, &parsed, Context { catalog: &catalog, input: Some(&main) });
            // Identifiers of several portals are ambiguous here, but not on the portal.
            let found = sent.diagnostics.iter().find(|found| {
                found.severity == Severity::Error && found.code != Code::AmbiguousDataset
            });
            if let Some(found) = found {
                faults.push(format!(
                    "{place}: sends what is refused: {text}\n    - {}",
                    found.message
                ));
            } else if columns(&checked) != columns(&sent) && !text.contains("@twin-twin") {
                let (before, after) = (columns(&checked), columns(&sent));
                faults.push(format!("{place}: {before:?} becomes {after:?}: {text}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n{} faults", faults.join("\n"), faults.len());
}
