//! `tule lock --check`: the portal against the lock, and the queries against both.

use std::collections::BTreeMap;
use std::path::Path;

use tule_core::diagnostics::Diagnostic;
use tule_core::drift::{Drift, Now, compare, in_lock, in_statement};
use tule_core::lint::Levels;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::Lock;
use tule_core::schema::manifest::PortalKind;
use tule_portal::Fault;

use super::fetch::{Answer, fetch, files as queries};
use crate::analysis::{World, analyse};
use crate::commands::check::formats::{Format, exit, findings};
use crate::exit::{Exit, Outcome};
use crate::output::{ERROR, FAINT, Output, WARNING};
use crate::portal::{self, Portals};
use crate::project::{LOCK, Project};
use crate::render::fingerprint::Fingerprints;
use crate::render::summary::{Counts, count};
use crate::report::{FileReport, Report, Reported};
use crate::source::SourceFile;

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

    let levels = project.levels();
    let mut files = Vec::new();
    let mut uses: BTreeMap<(usize, Option<usize>), usize> = BTreeMap::new();
    for file in queries(root)? {
        let found = in_file(&file, &levels, &drifts, (&before, &after), &mut uses);
        files.push(reported(file, project, found));
    }
    let file = SourceFile::read(&root.join(LOCK))?;
    let mut found: Vec<Diagnostic> = Vec::new();
    for (index, drift) in drifts.iter().enumerate() {
        let count = |change| uses.get(&(index, change)).copied().unwrap_or(0);
        found.extend(in_lock(&file.text, drift, count, wishes.wording));
    }
    found.retain_mut(|found| levels.apply(found));
    found.sort_by_key(|found| (found.span, found.code));
    files.push(reported(file, project, found));
    let drifted = drifts.iter().filter(|drift| drift.matters()).count();
    let report = Report { files: &files, base: None, deny_warnings: false };
    findings(out, wishes.format, &report)?;
    let exit = if failed > 0 { Exit::Portal } else { exit(&report) };
    if !wishes.format.is_document() {
        summary(out, report.counts(), exit, (drifts.len(), drifted, failed))?;
    }
    Ok(exit)
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
    levels: &Levels,
    drifts: &[Drift],
    (before, after): (&Catalog, &Catalog),
    uses: &mut BTreeMap<(usize, Option<usize>), usize>,
) -> Vec<Diagnostic> {
    let world = World { levels, catalog: before, input: None };
    let mut all = Vec::new();
    for unit in analyse(file, world).iter().filter(|unit| unit.is_query()) {
        let (text, parsed) = unit.parsed();
        for found in in_statement(text, parsed, drifts, before, after) {
            *uses.entry((found.drift, found.change)).or_default() += 1;
            all.push(found.diagnostic.shift(unit.base()));
        }
    }
    all.retain_mut(|found| levels.apply(found));
    all
}

/// A file with its findings, as every form of output takes it.
fn reported(file: SourceFile, project: &Project, found: Vec<Diagnostic>) -> FileReport {
    let path = project.relative(&file);
    let mut prints = Fingerprints::new(path.clone());
    let found = found
        .into_iter()
        .map(|diagnostic| {
            let fingerprint = prints.of(&file.text, &diagnostic);
            Reported { diagnostic, fingerprint }
        })
        .collect();
    FileReport { file, path, queries: 0, found, accepted: Vec::new() }
}

/// The last words, by the number of datasets that were compared, that drifted, and that could not
/// be asked about.
fn summary(
    out: &mut Output,
    counts: Counts,
    exit: Exit,
    numbers: (usize, usize, usize),
) -> Outcome<()> {
    let (compared, drifted, failed) = numbers;
    let datasets = |number| count(number, "dataset", "datasets");
    let mut parts = Vec::new();
    if drifted > 0 {
        parts.push(format!(
            "{} drifted: {}, {}",
            datasets(drifted),
            count(counts.errors, "error", "errors"),
            count(counts.warnings, "warning", "warnings")
        ));
    } else if compared > 0 || failed == 0 {
        parts.push(format!("{}: no drift", datasets(compared)));
    }
    if failed > 0 {
        parts.push(format!("{} could not be asked about", datasets(failed)));
    }
    let style = match (exit, counts) {
        (Exit::Clean, Counts { warnings: 0, .. }) => FAINT,
        (Exit::Clean, _) => WARNING,
        _ => ERROR,
    };
    out.tell(&format!("{}\n", out.paint_error.on(style, &parts.join("; "))))?;
    Ok(())
}
