//! `tule lock --check`: the portal against the lock, and the queries against both.

use std::collections::BTreeMap;
use std::path::Path;

use clap::ValueEnum;
use tule_core::diagnostics::Diagnostic;
use tule_core::drift::{Drift, Now, compare, in_lock, in_statement};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::Lock;
use tule_core::schema::manifest::PortalKind;
use tule_portal::Fault;

use super::fetch::{Answer, fetch, files};
use crate::analysis::{World, analyse, levelled};
use crate::exit::{Exit, Outcome};
use crate::output::{ERROR, FAINT, Output, WARNING};
use crate::portal::{self, Portals};
use crate::project::{LOCK, Project};
use crate::render::finding::Finding;
use crate::render::json::Document;
use crate::render::summary::{Counts, count};
use crate::render::{concise, human, json};
use crate::source::SourceFile;

/// How drift is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Format {
    /// With the lines that findings are about
    Human,
    /// One line each
    Concise,
    /// A JSON document, as that of `tule check`
    Json,
}

/// What is wanted of a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wishes {
    pub(super) format: Format,
    /// Tell of what no query can notice too.
    pub(super) wording: bool,
    /// Count rows where the metadata do not tell.
    pub(super) count: bool,
}

/// Compares, and says which queries each change breaks.
pub(super) fn run(
    out: &mut Output,
    project: &Project,
    root: &Path,
    portals: &Portals,
    wishes: Wishes,
) -> Outcome {
    let before = project.catalog();
    let locked = project.lock.datasets.iter().filter(|dataset| dataset.kind != PortalKind::Local);
    let wanted = locked.map(|dataset| (dataset.host.clone(), dataset.id.clone())).collect();
    let answers = fetch(out, portals, &before, &wanted, wishes.count)?;
    let Compared { drifts, schemas, failed } = compared(out, &project.lock, answers)?;
    let mut lock = project.lock.clone();
    for schema in schemas {
        lock.merge(schema);
    }
    let after = Catalog::new(project.manifest.as_ref(), lock);

    let mut report =
        Report { format: wishes.format, counts: Counts::default(), document: Document::new() };
    let mut uses: BTreeMap<(usize, Option<usize>), usize> = BTreeMap::new();
    for file in files(root)? {
        let found = in_file(&file, project, &drifts, &before, &after, &mut uses);
        report.file(out, project, &file, &found)?;
    }
    let file = SourceFile::read(&root.join(LOCK))?;
    let mut found: Vec<Diagnostic> = Vec::new();
    for (index, drift) in drifts.iter().enumerate() {
        let count = |change| uses.get(&(index, change)).copied().unwrap_or(0);
        found.extend(in_lock(&file.text, drift, count, wishes.wording));
    }
    let manifest = project.manifest.as_ref();
    let mut found: Vec<Diagnostic> =
        found.into_iter().filter_map(|found| levelled(found, manifest)).collect();
    found.sort_by_key(|found| (found.span, found.code));
    report.file(out, project, &file, &found)?;
    let drifted = drifts.iter().filter(|drift| drift.matters()).count();
    report.finish(out, (drifts.len(), drifted, failed))
}

/// What came of asking about the locked datasets.
#[derive(Default)]
struct Compared {
    drifts: Vec<Drift>,
    /// The schemas as they are now.
    schemas: Vec<Dataset>,
    /// Datasets that could not be asked about.
    failed: usize,
}

fn compared(out: &mut Output, lock: &Lock, answers: Vec<Answer>) -> Outcome<Compared> {
    let mut compared = Compared::default();
    for ((host, id), answer) in answers {
        let Some(locked) = lock.get(&host, &id).cloned() else { continue };
        let now = match answer {
            Ok(schema) => {
                let changes = compare(&locked, &schema);
                compared.schemas.push(schema);
                Now::There(changes)
            }
            Err(error) => match &*error.fault {
                Fault::Gone(_) => Now::Gone,
                Fault::Forbidden(_) => Now::Private,
                fault if error.has_moved() => Now::Moved { found: fault.to_string() },
                _ => {
                    portal::tell(out, &error)?;
                    compared.failed += 1;
                    continue;
                }
            },
        };
        compared.drifts.push(Drift { locked, now });
    }
    Ok(compared)
}

fn in_file(
    file: &SourceFile,
    project: &Project,
    drifts: &[Drift],
    before: &Catalog,
    after: &Catalog,
    uses: &mut BTreeMap<(usize, Option<usize>), usize>,
) -> Vec<Diagnostic> {
    let manifest = project.manifest.as_ref();
    let world = World { manifest, catalog: before, input: None };
    let mut all = Vec::new();
    for unit in analyse(file, world).iter().filter(|unit| unit.is_query()) {
        let (text, parsed) = unit.parsed();
        for found in in_statement(text, parsed, drifts, before, after) {
            *uses.entry((found.drift, found.change)).or_default() += 1;
            all.extend(levelled(found.diagnostic.shift(unit.base()), manifest));
        }
    }
    all
}

struct Report {
    format: Format,
    counts: Counts,
    document: Document,
}

impl Report {
    fn file(
        &mut self,
        out: &mut Output,
        project: &Project,
        file: &SourceFile,
        found: &[Diagnostic],
    ) -> Outcome<()> {
        for diagnostic in found {
            self.counts.add(diagnostic);
        }
        self.document.files.push(file.name.clone());
        let findings: Vec<_> = found.iter().map(Finding::from).collect();
        match self.format {
            Format::Human => out.print(&human::findings(file, &findings, out.paint))?,
            Format::Concise => {
                for finding in &findings {
                    out.print(&concise::line(file, finding, out.paint))?;
                }
            }
            Format::Json => {
                let path = project.relative(file);
                self.document.diagnostics.extend(json::entries(file, &path, found));
            }
        }
        Ok(())
    }

    /// The last words, by the number of datasets that were compared, that drifted, and that could
    /// not be asked about.
    fn finish(mut self, out: &mut Output, numbers: (usize, usize, usize)) -> Outcome {
        let (compared, drifted, failed) = numbers;
        let exit = match (failed, self.counts.errors) {
            (1.., _) => Exit::Portal,
            (0, errors) => Exit::findings(errors > 0),
        };
        if self.format == Format::Json {
            self.document.summary = self.counts;
            out.json(&self.document)?;
            return Ok(exit);
        }
        let datasets = |number| count(number, "dataset", "datasets");
        let mut parts = Vec::new();
        if drifted > 0 {
            parts.push(format!(
                "{} drifted: {}, {}",
                datasets(drifted),
                count(self.counts.errors, "error", "errors"),
                count(self.counts.warnings, "warning", "warnings")
            ));
        } else if compared > 0 || failed == 0 {
            parts.push(format!("{}: no drift", datasets(compared)));
        }
        if failed > 0 {
            parts.push(format!("{} could not be asked about", datasets(failed)));
        }
        let style = match (exit, self.counts) {
            (Exit::Clean, Counts { warnings: 0, .. }) => FAINT,
            (Exit::Clean, _) => WARNING,
            _ => ERROR,
        };
        out.tell(&format!("{}\n", out.paint_error.on(style, &parts.join("; "))))?;
        Ok(exit)
    }
}
