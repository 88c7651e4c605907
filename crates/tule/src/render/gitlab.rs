//! Findings as a code quality report of GitLab, a subset of Code Climate's form.

use serde::Serialize;
use tule_core::diagnostics::Severity;

use crate::report::Report;

/// One finding.
#[derive(Debug, Serialize)]
pub(crate) struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// The report: a list of findings and nothing else.
pub(crate) fn issues(report: &Report<'_>) -> Vec<Issue> {
    report
        .findings()
        .map(|(file, reported)| {
            let found = &reported.diagnostic;
            let range = file.range(found.span);
            Issue {
                description: found.message.clone(),
                check_name: found.code.name(),
                fingerprint: reported.fingerprint.clone(),
                severity: match found.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                location: Location {
                    path: report.place(file),
                    lines: Lines { begin: range.start.line, end: range.end.line },
                },
            }
        })
        .collect()
}
