//! Findings as commands to GitHub Actions, which shows them beside the lines of a pull request.
//!
//! The form is GitHub's page "Workflow commands": one line each, `%`, line breaks and, in
//! properties, `:` and `,` escaped.

use std::fmt::Write as _;

use tule_core::diagnostics::Severity;

use super::finding::Finding;
use crate::escape::inert;
use crate::report::Report;

/// One command for each finding.
pub(crate) fn annotations(report: &Report<'_>) -> String {
    let mut out = String::new();
    for (file, reported) in report.findings() {
        let found = &reported.diagnostic;
        let command = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let range = file.range(found.span);
        let (start, end) = (range.start, range.end);
        let path = property(&report.place(file));
        let _ = write!(out, "::{command} file={path},line={},endLine={}", start.line, end.line);
        // Columns are refused for places on several lines.
        if start.line == end.line {
            let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
        }
        let title = property(&format!("tule: {}", found.code.name()));
        let _ = writeln!(out, ",title={title}::{}", message(&Finding::from(found)));
    }
    out
}

fn message(finding: &Finding<'_>) -> String {
    let lines: Vec<_> = text(finding).iter().map(|line| inert(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// What is to be said of a finding where there is room for several lines.
pub(crate) fn text(finding: &Finding<'_>) -> Vec<String> {
    let mut lines = vec![finding.message.to_owned()];
    lines.extend(finding.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(finding.help.map(|help| format!("help: {help}")));
    lines
}

fn property(text: &str) -> String {
    inert(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}
