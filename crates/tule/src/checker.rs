//! Files to findings.

use std::path::Path;

use rayon::prelude::*;
use tule_core::diagnostics::Diagnostic;

use crate::analysis::{World, analyse_part};
use crate::baseline::Baseline;
use crate::exit::Outcome;
use crate::project::Project;
use crate::render::fingerprint::Fingerprints;
use crate::report::{FileReport, Reported};
use crate::source::{Part, SourceFile};
use crate::walk::Input;

/// With fewer files than this, starting threads costs more than they save.
const FEW: usize = 24;

/// What each file is checked against.
pub(crate) trait Worlds: Sync {
    /// For the file at this path.
    fn of(&self, path: Option<&Path>) -> World<'_>;
}

/// Checks files.
pub(crate) struct Checker<'c> {
    /// What paths in reports are relative to.
    pub(crate) project: &'c Project,
    pub(crate) worlds: &'c dyn Worlds,
    /// Findings that are known and accepted.
    pub(crate) baseline: Option<&'c Baseline>,
}

/// What was found in a part of a file.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) queries: usize,
    pub(crate) found: Vec<Reported>,
    accepted: Vec<String>,
}

impl Checker<'_> {
    /// Reads and checks files, in the order given, on all cores.
    pub(crate) fn all(
        &self,
        inputs: &[Input],
        read: impl Fn(&Input) -> Outcome<SourceFile> + Sync,
    ) -> Outcome<Vec<FileReport>> {
        let one = |input| Ok(self.file(read(input)?));
        if inputs.len() < FEW {
            return inputs.iter().map(one).collect();
        }
        // The first fault in the order of files, whichever thread met its own first.
        let reports: Vec<Outcome<FileReport>> = inputs.par_iter().map(one).collect();
        reports.into_iter().collect()
    }

    /// Checks one file.
    pub(crate) fn file(&self, file: SourceFile) -> FileReport {
        let mut all = Findings::default();
        let mut parts: Vec<(Part<'_>, Vec<Diagnostic>)> = Vec::new();
        if let Some(fault) = &file.fault {
            let part = Part { start: 0, text: &file.text, replaceable: false };
            parts.push((part, vec![fault.clone()]));
        } else {
            let world = self.worlds.of(file.path.as_deref());
            for part in file.parts() {
                let (queries, found) = diagnostics(part, world);
                all.queries += queries;
                parts.push((part, found));
            }
        }
        // The path is asked of the system, which most files can do without.
        let needed = self.baseline.is_some() || parts.iter().any(|(_, found)| !found.is_empty());
        let path = if needed { self.project.relative(&file) } else { String::new() };
        let mut prints = Fingerprints::new(path.clone());
        for (part, found) in parts {
            self.add(&mut all, found, part, &mut prints);
        }
        let Findings { queries, found, accepted } = all;
        FileReport { file, path, queries, found, accepted }
    }

    /// The findings in a part of a file at `path`; spans count from the beginning of the part.
    pub(crate) fn part(
        &self,
        path: Option<&Path>,
        text: &str,
        prints: &mut Fingerprints,
    ) -> Findings {
        let mut all = Findings::default();
        let part = Part { start: 0, text, replaceable: true };
        let (queries, found) = diagnostics(part, self.worlds.of(path));
        all.queries = queries;
        self.add(&mut all, found, part, prints);
        all
    }

    /// Sorts findings into reported and accepted ones.
    fn add(
        &self,
        all: &mut Findings,
        found: Vec<Diagnostic>,
        part: Part<'_>,
        prints: &mut Fingerprints,
    ) {
        for diagnostic in found {
            let fingerprint = prints.of(part.text, &diagnostic);
            if self.baseline.is_some_and(|baseline| baseline.accepts(&fingerprint)) {
                all.accepted.push(fingerprint);
            } else {
                let diagnostic = diagnostic.shift(part.start);
                all.found.push(Reported { diagnostic, fingerprint, approved: None });
            }
        }
    }
}

/// Spans count from the beginning of the part.
fn diagnostics(part: Part<'_>, world: World<'_>) -> (usize, Vec<Diagnostic>) {
    let part = Part { start: 0, ..part };
    let mut queries = 0;
    let mut found = Vec::new();
    for unit in analyse_part(part, world) {
        queries += usize::from(unit.is_query());
        found.extend(unit.diagnostics);
    }
    (queries, found)
}
