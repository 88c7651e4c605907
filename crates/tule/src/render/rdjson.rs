//! Findings in the Reviewdog Diagnostic Format, `DiagnosticResult` as JSON.
//!
//! Columns count bytes of UTF-8 there. A suggestion is one replacement and each stands for
//! itself, so that a repair in several places has none.

use serde::Serialize;
use tule_core::diagnostics::{Diagnostic, Severity};
use tule_syntax::span::Span;

use super::finding::Finding;
use super::github::text;
use crate::report::{Report, Reported};
use crate::source::SourceFile;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct DiagnosticResult {
    source: Source,
    diagnostics: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Debug, Serialize)]
struct Entry {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
}

#[derive(Debug, Serialize)]
struct Code {
    value: &'static str,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Debug, Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Debug, Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Debug, Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

/// The document about a run.
pub(crate) fn document(report: &Report<'_>) -> DiagnosticResult {
    DiagnosticResult {
        source: Source { name: "tule", url: env!("CARGO_PKG_REPOSITORY") },
        diagnostics: report
            .findings()
            .map(|(file, reported)| entry(file, reported, report.place(file)))
            .collect(),
    }
}

fn entry(file: &SourceFile, reported: &Reported, path: String) -> Entry {
    let found = &reported.diagnostic;
    Entry {
        message: text(&Finding::from(found)).join("\n"),
        location: Location { path, range: range(file, found.span) },
        severity: match found.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code { value: found.code.name() },
        suggestions: suggestions(file, found),
    }
}

fn suggestions(file: &SourceFile, found: &Diagnostic) -> Vec<Suggestion> {
    let single = |fix: &tule_core::diagnostics::Fix| match fix.edits.as_slice() {
        [edit] => Some(Suggestion { range: range(file, edit.span), text: edit.text.clone() }),
        _ => None,
    };
    found.fixes.iter().filter_map(single).collect()
}

fn range(file: &SourceFile, span: Span) -> Range {
    let position = |at| Position { line: file.position(at).line, column: file.byte_column(at) };
    Range { start: position(span.start), end: position(span.end) }
}
