//! Findings as test results: a suite for each file, a test that passed for a file without fault.
//!
//! What fails the run is a failure; a warning that does not is a test that passed with something
//! to say.

use std::io;

use quick_junit::{NonSuccessKind, Report as Results, TestCase, TestCaseStatus, TestSuite};

use super::finding::Finding;
use super::github::text;
use crate::escape::{inert, inert_lines};
use crate::report::{FileReport, Report, Reported};

/// The document.
pub(crate) fn document(report: &Report<'_>) -> io::Result<String> {
    let mut results = Results::new("tule check");
    for file in report.files {
        results.add_test_suite(suite(report, file));
    }
    let text = results.to_string().map_err(io::Error::other)?;
    // The schema knows the attribute of a suite, and not that of all suites together; no test is
    // ever skipped.
    Ok(text.replacen(" skipped=\"0\"", "", 1))
}

fn suite(report: &Report<'_>, file: &FileReport) -> TestSuite {
    let name = inert(&file.file.name);
    let mut suite = TestSuite::new(&*name);
    for found in &file.found {
        let mut case = case(report, file, found);
        case.set_classname(&*name);
        suite.add_test_case(case);
    }
    if file.found.is_empty() {
        let mut case = TestCase::new("check", TestCaseStatus::success());
        case.set_classname(&*name);
        suite.add_test_case(case);
    }
    suite
}

fn case(report: &Report<'_>, file: &FileReport, reported: &Reported) -> TestCase {
    let found = &reported.diagnostic;
    let at = file.file.position(found.span.start);
    let name = format!("{}:{}: {}", at.line, at.column, found.code.name());
    let place = format!("{}:{}:{}", file.file.name, at.line, at.column);
    let lines = text(&Finding::from(found)).join("\n");
    let told = inert_lines(&format!("{place}: {}: {lines}", found.severity.name())).into_owned();
    if !report.fails(found.severity) {
        let mut case = TestCase::new(name, TestCaseStatus::success());
        case.set_system_out(told);
        return case;
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(found.code.name()).set_message(&*inert(&found.message)).set_description(told);
    TestCase::new(name, status)
}
