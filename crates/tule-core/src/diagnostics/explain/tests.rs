//! The examples are run: what fails raises its code and no other error, what is repaired raises
//! nothing.

use std::collections::BTreeSet;

use tule_syntax::parser::{parse_file, parse_one};

use super::{Explanation, explain, rows};
use crate::check::{Context, check};
use crate::diagnostics::{CODES, Code, Diagnostic};
use crate::docs::{DISTRICT_NAMES, EVERY_TYPE, requests};
use crate::lint::{Levels, examine};
use crate::schema::catalog::Catalog;
use crate::schema::manifest::LintLevel;
use crate::schema::{Column, Dataset, with_system_columns};
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
    Code::DriftUpdatesStopped,
    Code::DriftQueryBroken,
    Code::DriftWording,
    Code::DriftApprovalExpired,
    Code::DriftApprovalUnused,
];

fn column(name: &str, ty: Type) -> Column {
    let values = if name == "districtname" { DISTRICT_NAMES } else { &[] };
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Column { values, ..Column::new(name, ty) }
}

fn dataset(id: &str, columns: &[(&str, Type)]) -> Dataset {
    let columns = columns.iter().map(|&(name, ty)| column(name, ty)).collect();
    Dataset::new("data.stocktonca.gov", id, "", with_system_columns(columns))
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
        ("requests", requests()),
    ])
}

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    let catalog = catalog();
    check(text, &parse_one(text), Context { catalog: &catalog, input: None }).diagnostics
}

/// What is reported with `levels`, lints included.
fn examined(text: &str, levels: &Levels) -> Vec<Diagnostic> {
    let catalog = catalog();
    let context = Context { catalog: &catalog, input: None };
    examine(text, &parse_one(text), context, levels).diagnostics
}

/// What is reported of an example of this code: its lint is on, whatever its default.
pub(crate) fn example(code: Code, text: &str) -> Vec<Diagnostic> {
    let info = code.info();
    if code_speaks_of_comments(code) || info.lint {
        let levels = if info.on {
            Levels::default()
        } else {
            Levels::default().with([(info.name, LintLevel::Warn)])
        };
        examined(text, &levels)
    } else {
        diagnostics(text)
    }
}

fn code_speaks_of_comments(code: Code) -> bool {
    matches!(code, Code::AllowWithoutReason | Code::UnknownLint | Code::UnusedAllow)
}

/// The texts whose examples are run.
pub(crate) fn run() -> impl Iterator<Item = &'static Explanation> {
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
        let found = example(row.code, row.failing);
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
        .map(|row| (row.code, example(row.code, row.repaired)))
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
