//! What was found in files, as all outputs take it.

use std::path::Path;

use tule_core::diagnostics::{Diagnostic, Severity};
use tule_core::drift::approval::Approved;

use crate::render::summary::Counts;
use crate::source::{SourceFile, shown};

/// A finding that can be told from all others.
#[derive(Clone, Debug)]
pub(crate) struct Reported {
    /// The finding; spans count from the beginning of the file's text.
    pub(crate) diagnostic: Diagnostic,
    /// Stays when lines are added above the finding.
    pub(crate) fingerprint: String,
    /// Why it is accepted, for drift that is.
    pub(crate) approved: Option<Approved>,
}

/// One file and its findings, in order of place.
#[derive(Debug)]
pub(crate) struct FileReport {
    pub(crate) file: SourceFile,
    /// The file's path as its project sees it; empty where nobody needs it.
    pub(crate) path: String,
    /// How many queries are in it.
    pub(crate) queries: usize,
    pub(crate) found: Vec<Reported>,
    /// Fingerprints of findings that the baseline accepts.
    pub(crate) accepted: Vec<String>,
}

/// All files of a run, in order.
#[derive(Debug)]
pub(crate) struct Report<'r> {
    pub(crate) files: &'r [FileReport],
    /// The folder that a CI system takes paths to count from.
    pub(crate) base: Option<&'r Path>,
    /// Whether warnings fail the run.
    pub(crate) deny_warnings: bool,
}

impl Report<'_> {
    /// Findings by severity.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, found) in self.findings() {
            counts.add(&found.diagnostic);
        }
        counts
    }

    /// Every finding with its file.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&SourceFile, &Reported)> {
        self.files.iter().flat_map(|report| report.found.iter().map(|found| (&report.file, found)))
    }

    /// How many findings the baseline accepts.
    pub(crate) fn accepted(&self) -> usize {
        self.files.iter().map(|report| report.accepted.len()).sum()
    }

    /// The file's path for a CI system, which knows the folder of the checkout and not the one
    /// that the program was started in.
    pub(crate) fn place(&self, file: &SourceFile) -> String {
        let inside = || {
            let path = file.path.as_ref()?.canonicalize().ok()?;
            path.strip_prefix(self.base?).ok().map(shown)
        };
        inside().unwrap_or_else(|| file.name.clone())
    }

    /// Whether a finding fails the run.
    pub(crate) fn fails(&self, severity: Severity) -> bool {
        severity == Severity::Error || self.deny_warnings && severity == Severity::Warning
    }
}
