//! The examples are run: what fails raises its code and no other error, what is repaired raises
//! nothing.

use std::collections::BTreeSet;

use tule_syntax::parser::{parse_file, parse_one};

use super::{Explanation, TABLES, explain};
use crate::check::{Context, check};
use crate::diagnostics::{CODES, Code, Diagnostic};
use crate::docs::EVERY_TYPE;
use crate::schema::catalog::Catalog;
use crate::schema::{Column, Dataset};
use crate::types::Type;

/// Codes that no single statement over the datasets of the documentation raises; their examples
/// show what is meant and are not run.
const NOT_RUN: &[Code] = &[
    // Limits: an example that passes one would fill the screen for hours.
    Code::TooDeep,
    Code::TooManyTokens,
    Code::FileTooLong,
    // The state of the project, not the text of the statement.
    Code::AmbiguousDataset,
    Code::UnknownColumnType,
    // Found when the request is built, behind the check.
    Code::NotOnThisPortal,
    Code::MissingParameter,
    Code::UrlTooLong,
    // Found by a comparison with the portal.
    Code::DriftDatasetGone,
    Code::DriftDatasetPrivate,
    Code::DriftPortalMoved,
    Code::DriftAssetChanged,
    Code::DriftColumnRemoved,
    Code::DriftColumnRenamed,
    Code::DriftTypeChanged,
    Code::DriftColumnAdded,
    Code::DriftRangeShrunk,
    Code::DriftQueryBroken,
    Code::DriftWording,
];

fn dataset(id: &str, columns: &[(&str, Type)]) -> Dataset {
    let columns = columns.iter().map(|&(name, ty)| Column::new(name, ty)).collect();
    Dataset::new("data.stocktonca.gov", id, "", columns)
}

fn catalog() -> Catalog {
    let police_calls = [
        ("call_no", Type::Text),
        ("call_type_final_d", Type::Text),
        ("priority", Type::Text),
        ("beat", Type::Text),
        ("districtname", Type::Text),
        ("call_entry_date", Type::FloatingTimestamp),
        ("x", Type::Number),
        ("y", Type::Number),
        ("the_point", Type::Point),
    ];
    let districts =
        [("poly_code", Type::Text), ("name", Type::Text), ("the_geom", Type::Multipolygon)];
    Catalog::of(vec![
        ("every_type", dataset("ever-type", EVERY_TYPE)),
        ("police_calls", dataset("esc4-8x43", &police_calls)),
        ("districts", dataset("dist-rict", &districts)),
    ])
}

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    let catalog = catalog();
    check(text, &parse_one(text), Context { catalog: &catalog, input: None }).diagnostics
}

fn rows() -> impl Iterator<Item = &'static Explanation> {
    TABLES.into_iter().flatten()
}

fn run() -> impl Iterator<Item = &'static Explanation> {
    rows().filter(|row| !NOT_RUN.contains(&row.code))
}

#[test]
fn every_code_is_explained_once() {
    let missing: Vec<Code> =
        CODES.iter().map(|info| info.code).filter(|&code| explain(code).code != code).collect();
    assert_eq!(missing, [], "codes without a text");
    assert!(!explain(Code::UnexpectedToken).failing.is_empty());
    let codes: BTreeSet<Code> = rows().map(|row| row.code).collect();
    assert_eq!(codes.len(), rows().count(), "a code with two texts");
}

#[test]
fn failing_examples_raise_their_code_and_no_other_error() {
    let mut faults = Vec::new();
    for row in run() {
        let found = diagnostics(row.failing);
        let raised = found.iter().any(|diagnostic| diagnostic.code == row.code);
        let alone =
            found.iter().all(|diagnostic| diagnostic.code == row.code || !diagnostic.is_error());
        if !(raised && alone) {
            faults.push((row.code, found));
        }
    }
    assert_eq!(faults, []);
}

#[test]
fn repaired_examples_are_clean() {
    let faults: Vec<_> = run()
        .map(|row| (row.code, diagnostics(row.repaired)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert_eq!(faults, []);
}

#[test]
fn examples_are_whole_statements() {
    for row in run() {
        for text in [row.failing, row.repaired] {
            assert!(!text.contains(';') && text.trim() == text, "{}: {text}", row.code);
        }
        assert!(parse_one(row.repaired).statement.query.is_some(), "{}", row.code);
    }
}

#[test]
fn examples_that_are_not_run_have_no_other_fault() {
    // The portals and identifiers that some of them name are not in this catalog.
    let expected = [Code::UnknownDataset, Code::MissingSchema];
    for row in rows().filter(|row| NOT_RUN.contains(&row.code)) {
        for text in [row.failing, row.repaired] {
            for statement in parse_file(text) {
                let found = diagnostics(statement.range.text(text));
                let known = found.iter().all(|diagnostic| expected.contains(&diagnostic.code));
                assert!(known, "{}: {found:?}", row.code);
            }
        }
    }
}

#[test]
fn texts_are_sentences_and_none_stands_twice() {
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(row.why.ends_with('.'), "{}", row.code);
        for text in [row.why, row.failing, row.repaired] {
            assert!(seen.insert(text), "{}: {text}", row.code);
        }
        let paragraphs: Vec<&str> = row.why.split("\n\n").collect();
        assert!(paragraphs.len() <= 2, "{}", row.code);
        let clean = paragraphs
            .iter()
            .all(|text| !text.contains('\n') && !text.contains("  ") && text.trim() == *text);
        assert!(clean, "{}", row.code);
        assert!(row.why.matches('`').count() % 2 == 0, "{}", row.code);
        for line in row.failing.lines().chain(row.repaired.lines()) {
            assert!(line.chars().count() <= 90, "{}: {line}", row.code);
        }
    }
}
