//! What holds of every lint, and of the comments that allow a finding. What single lints find and
//! leave alone stands in the documents of `tests/spec/lints`.

use std::collections::BTreeSet;

use tule_syntax::parser::parse_one;

use super::{Levels, examine, lints};
use crate::check::Context;
use crate::diagnostics::explain_tests::{self, example};
use crate::diagnostics::{CODES, Code, Diagnostic, Explanation, Severity};
use crate::schema::catalog::Catalog;
use crate::schema::manifest::LintLevel;
use crate::schema::{Column, Dataset, with_system_columns};
use crate::types::Type;

pub(super) fn found(text: &str, levels: &Levels) -> Vec<Diagnostic> {
    let columns = vec![
        Column::new("beat", Type::Text),
        Column::new("x", Type::Number),
        Column::new("place", Type::Point),
    ];
    let columns = with_system_columns(columns);
    let dataset = Dataset::new("data.example.org", "call-call", "Calls", columns);
    let catalog = Catalog::of(vec![("calls", dataset)]);
    examine(text, &parse_one(text), Context { catalog: &catalog, input: None }, levels).diagnostics
}

fn codes(text: &str) -> Vec<&'static str> {
    found(text, &Levels::default()).iter().map(|found| found.code.name()).collect()
}

#[test]
fn every_lint_of_the_catalogue_exists_once() {
    let written: Vec<Code> = lints().map(|lint| lint.explanation.code).collect();
    let listed: Vec<Code> = CODES.iter().filter(|row| row.lint).map(|row| row.code).collect();
    assert_eq!(written.iter().collect::<BTreeSet<_>>(), listed.iter().collect());
    assert_eq!(written, listed, "the order of the catalogue");
}

#[test]
fn levels_change_what_is_reported() {
    let text = "select beat from calls";
    let with = |level| found(text, &Levels::default().with([("implicit-limit", level)]));
    assert_eq!(with(LintLevel::Error)[0].severity, Severity::Error);
    assert_eq!(with(LintLevel::Warn)[0].severity, Severity::Warning);
    assert!(with(LintLevel::Allow).is_empty());
    let levels = Levels::default().with([("unknown-column", LintLevel::Allow)]);
    assert_eq!(found("select bat from calls limit 1", &levels)[0].code, Code::UnknownColumn);
}

#[test]
fn a_comment_in_front_speaks_for_the_whole_statement() {
    assert_eq!(
        codes("-- allow(equals-null): why\nselect beat from calls\nwhere x = null limit 1"),
        [""; 0]
    );
    assert_eq!(
        codes(
            "/* allow( equals-null , implicit-limit ): why */ select beat from calls where x = null"
        ),
        [""; 0]
    );
}

#[test]
fn a_comment_inside_speaks_for_one_line() {
    let own = "select beat from calls\nwhere x = null -- allow(equals-null): why\nand beat = null limit 1";
    assert_eq!(codes(own), ["equals-null"]);
    let next = "select beat from calls where\n-- allow(equals-null): why\n\n-- more\nx = null\nand beat = null limit 1";
    assert_eq!(codes(next), ["equals-null"]);
    let last = "select beat from calls limit 1\n-- allow(equals-null): why";
    assert_eq!(codes(last), ["unused-allow"]);
}

#[test]
fn comments_that_allow_nothing_are_reported() {
    assert_eq!(
        codes("-- allow(equals-null): why\nselect beat from calls limit 1"),
        ["unused-allow"]
    );
    assert_eq!(
        codes("-- allow(equals-null)\nselect beat from calls where x = null limit 1"),
        ["allow-without-reason", "equals-null"]
    );
    assert_eq!(
        codes("-- allow(equal-null): why\nselect beat from calls limit 1"),
        ["unknown-lint"]
    );
    assert_eq!(
        codes("-- allow(unknown-column): why\nselect bat from calls limit 1"),
        ["unknown-lint", "unknown-column"]
    );
    let broken = "-- allow(equals-null): why\nselect beat from calls where (";
    assert!(!codes(broken).contains(&"unused-allow"));
}

#[test]
fn an_unused_comment_is_removed_by_its_repair() {
    let text = "-- allow(equals-null): why\nselect beat from calls limit 1";
    let fix = &found(text, &Levels::default())[0].fixes[0];
    assert_eq!(fix.edits[0].span.text(text), "-- allow(equals-null): why");
}

#[test]
fn lints_are_silent_where_the_form_is_at_fault() {
    assert!(!codes("select beat, from calls where x = null").contains(&"equals-null"));
    assert_eq!(
        codes("select beat from calls where x = null and bat = 1 limit 1"),
        ["equals-null", "unknown-column"]
    );
}

/// The text with the first repair of each finding applied, where they do not overlap.
pub(super) fn repaired(text: &str, found: &[Diagnostic]) -> String {
    let mut edits: Vec<_> =
        found.iter().filter_map(|found| found.fixes.first()).flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    edits.dedup_by(|b, a| b.span.start < a.span.end || a == b);
    edits.iter().rev().fold(text.to_owned(), |mut text, edit| {
        text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        text
    })
}

#[test]
fn repairs_of_examples_repair_them() {
    let mut repairs = 0;
    for Explanation { code, failing, .. } in explain_tests::run() {
        let (code, failing) = (*code, *failing);
        let before: Vec<_> =
            example(code, failing).into_iter().filter(|found| found.code == code).collect();
        if before.iter().all(|found| found.fixes.is_empty()) {
            continue;
        }
        repairs += 1;
        let after = repaired(failing, &before);
        let left: Vec<_> = example(code, &after)
            .into_iter()
            .filter(|found| found.code == code || found.is_error())
            .collect();
        assert!(left.is_empty(), "{code}: {after}: {left:?}");
    }
    assert!(repairs > 30, "{repairs}");
}
