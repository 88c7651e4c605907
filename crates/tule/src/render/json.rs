//! Findings as a JSON document, in the form of `docs/check.schema.json`.

use serde::Serialize;
use tule_core::diagnostics::Applicability;

use super::summary::Counts;
use crate::report::{Report, Reported};
use crate::source::{Range, SourceFile};

/// What `tule check --format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    version: u32,
    /// Every file that was checked.
    files: Vec<String>,
    summary: Counts,
    diagnostics: Vec<Entry>,
}

/// What `tule check --format jsonl` prints for each finding.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    version: u32,
    #[serde(flatten)]
    entry: Entry,
}

/// One finding.
#[derive(Debug, Serialize)]
struct Entry {
    code: &'static str,
    severity: &'static str,
    message: String,
    path: String,
    range: Range,
    labels: Vec<Label>,
    notes: Vec<String>,
    help: Option<String>,
    fixes: Vec<Fix>,
    fingerprint: String,
    approved: Option<Approval>,
}

/// Why a drift does not fail the run.
#[derive(Debug, Serialize)]
struct Approval {
    reason: String,
    until: String,
}

#[derive(Debug, Serialize)]
struct Label {
    range: Range,
    text: String,
}

#[derive(Debug, Serialize)]
struct Fix {
    title: String,
    applicability: &'static str,
    edits: Vec<Edit>,
}

#[derive(Debug, Serialize)]
struct Edit {
    range: Range,
    text: String,
}

/// The document about a run.
pub(crate) fn document(report: &Report<'_>) -> Document {
    Document {
        version: 1,
        files: report.files.iter().map(|report| report.file.name.clone()).collect(),
        summary: report.counts(),
        diagnostics: report.findings().map(|(file, found)| entry(file, found)).collect(),
    }
}

/// A finding as a document of one line, in the form of `docs/check-line.schema.json`.
pub(crate) fn line(file: &SourceFile, found: &Reported) -> Line {
    Line { version: 1, entry: entry(file, found) }
}

fn entry(file: &SourceFile, reported: &Reported) -> Entry {
    let found = &reported.diagnostic;
    let edits = |edits: &[tule_core::diagnostics::Edit]| {
        edits
            .iter()
            .map(|edit| Edit { range: file.range(edit.span), text: edit.text.clone() })
            .collect()
    };
    Entry {
        code: found.code.name(),
        severity: found.severity.name(),
        message: found.message.clone(),
        path: file.name.clone(),
        range: file.range(found.span),
        labels: found
            .labels
            .iter()
            .map(|label| Label { range: file.range(label.span), text: label.text.clone() })
            .collect(),
        notes: found.notes.clone(),
        help: found.help.clone(),
        fixes: found
            .fixes
            .iter()
            .map(|fix| Fix {
                title: fix.title.clone(),
                applicability: match fix.applicability {
                    Applicability::Safe => "safe",
                    Applicability::Unsafe => "unsafe",
                },
                edits: edits(&fix.edits),
            })
            .collect(),
        fingerprint: reported.fingerprint.clone(),
        approved: reported.approved.as_ref().map(|approved| Approval {
            reason: approved.reason.clone(),
            until: approved.until.to_string(),
        }),
    }
}
