//! `tule lock --check`: the portal against the lock, and the queries against both.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use tule_core::diagnostics::Diagnostic;
use tule_core::drift::approval::{Approval, Approvals, Approved};
use tule_core::drift::{Drift, Found, in_lock, in_statement};
use tule_core::lint::Levels;
use tule_core::schema::catalog::Catalog;

use super::approved::{APPROVED, Known};
use super::compared::{Compared, Manner, compared};
use super::fetch::files as queries;
use crate::analysis::{World, analyse};
use crate::commands::check::formats::{Format, exit, findings};
use crate::exit::{Exit, Outcome};
use crate::output::{ERROR, FAINT, INFO, Output, WARNING};
use crate::portal::Portals;
use crate::project::{LOCK, Project};
use crate::render::fingerprint::Fingerprints;
use crate::render::summary::{Counts, count};
use crate::report::{FileReport, Report, Reported};
use crate::source::SourceFile;

/// What is wanted of a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wishes<'w> {
    pub(super) format: Format,
    /// Tell of what no query can notice too.
    pub(super) wording: bool,
    pub(super) manner: Manner,
    /// Accept everything that is found, for this reason and until this day.
    pub(super) approve: Option<(&'w str, Date)>,
}

/// A file and what is to be said of it.
type InFile = (SourceFile, Vec<Found>);

/// Compares, and says which queries each change breaks.
pub(super) fn run(
    out: &mut Output,
    project: &Project,
    root: &Path,
    portals: &Portals,
    wishes: Wishes<'_>,
) -> Outcome {
    let before = project.catalog();
    let mut known = Known::read(out, root, &before)?;
    let compared = compared(out, &project.lock, portals, &before, wishes.manner)?;
    let mut lock = project.lock.clone();
    for schema in &compared.schemas {
        lock.merge(schema.clone());
    }
    let after = Catalog::new(project.manifest.as_ref(), lock);
    let drifts = &compared.drifts;
    let all = found(root, &project.levels(), drifts, (&before, &after), wishes.wording)?;
    if let Some((reason, until)) = wishes.approve {
        let today = wishes.manner.today;
        let found = all.iter().flat_map(|(_, found)| found);
        let open = found.filter(|found| !is_known(found, drifts, &known, today));
        let added: Vec<Approval> =
            open.filter_map(|f| Approval::of(drifts.get(f.drift)?, f, reason, until)).collect();
        let added = known.add(out, &added, &before)?;
        let text = format!("{}: {} written", APPROVED, count(added, "approval", "approvals"));
        out.tell_line(INFO, "note", &text)?;
    }
    let files = approved(all, project, &known, &compared, wishes.manner.today);
    let drifted = drifts.iter().filter(|drift| drift.matters()).count();
    let report = Report { files: &files, base: None, deny_warnings: false };
    findings(out, wishes.format, &report)?;
    let failed = compared.failed.len();
    let exit = if failed > 0 { Exit::Portal } else { exit(&report) };
    if !wishes.format.is_document() {
        summary(out, &report, exit, (drifts.len(), drifted, failed))?;
    }
    Ok(exit)
}

/// What the drifts do, file by file; the lock is the last.
fn found(
    root: &Path,
    levels: &Levels,
    drifts: &[Drift],
    (before, after): (&Catalog, &Catalog),
    wording: bool,
) -> Outcome<Vec<InFile>> {
    let mut all = Vec::new();
    let mut uses: BTreeMap<(usize, Option<usize>), usize> = BTreeMap::new();
    for file in queries(root)? {
        let mut found = in_file(&file, levels, drifts, before, after);
        for found in &found {
            *uses.entry((found.drift, found.change)).or_default() += 1;
        }
        found.retain_mut(|found| levels.apply(&mut found.diagnostic));
        all.push((file, found));
    }
    let file = SourceFile::read(&root.join(LOCK))?;
    let mut found: Vec<Found> = Vec::new();
    for (index, drift) in drifts.iter().enumerate() {
        let count = |change| uses.get(&(index, change)).copied().unwrap_or(0);
        found.extend(in_lock(&file.text, (index, drift), count, wording));
    }
    found.retain_mut(|found| levels.apply(&mut found.diagnostic));
    found.sort_by_key(|found| (found.diagnostic.span, found.diagnostic.code));
    all.push((file, found));
    Ok(all)
}

fn in_file(
    file: &SourceFile,
    levels: &Levels,
    drifts: &[Drift],
    before: &Catalog,
    after: &Catalog,
) -> Vec<Found> {
    let world = World { levels, catalog: before, input: None };
    let mut all = Vec::new();
    for unit in analyse(file, world).iter().filter(|unit| unit.is_query()) {
        let (text, parsed) = unit.parsed();
        let found = in_statement(text, parsed, drifts, before, after);
        all.extend(
            found
                .into_iter()
                .map(|found| Found { diagnostic: found.diagnostic.shift(unit.base()), ..found }),
        );
    }
    all
}

/// Whether there is an approval of a finding that has not ended.
fn is_known(found: &Found, drifts: &[Drift], known: &Known, today: Date) -> bool {
    drifts.get(found.drift).is_some_and(|drift| {
        let change = found.change.and_then(|at| drift.changes().get(at));
        let is_of = |approval: &&Approval| known.place(approval).is_some_and(|p| is_of(p, drift));
        let working = known.all.iter().filter(|approval| approval.until >= today).filter(is_of);
        working.into_iter().any(|approval| approval.covers(found.diagnostic.code, change))
    })
}

fn is_of(place: &(String, String), drift: &Drift) -> bool {
    place.0 == drift.locked.host && place.1 == drift.locked.id
}

/// The findings with what the approvals make of them, and those about the approvals.
fn approved(
    all: Vec<InFile>,
    project: &Project,
    known: &Known,
    compared: &Compared,
    today: Date,
) -> Vec<FileReport> {
    let mut approvals = Approvals::new(&known.all, today);
    let mut files = Vec::new();
    for (file, found) in all {
        let found = found.into_iter().map(|mut found| {
            let approved = compared.drifts.get(found.drift).and_then(|drift| {
                let is_of = |a: &Approval| known.place(a).is_some_and(|place| is_of(place, drift));
                approvals.apply(&mut found, drift, is_of)
            });
            (found.diagnostic, approved)
        });
        files.push(reported(file, project, found.collect()));
    }
    let levels = project.levels();
    let reached = |approval: &Approval| match known.place(approval) {
        Some(place) => !compared.failed.contains(place),
        None => true,
    };
    let mut found = approvals.findings(reached);
    found.retain_mut(|found| levels.apply(found));
    if let Some(file) = &known.file {
        let found = found.into_iter().map(|found| (found, None)).collect();
        files.push(reported(file.with_text(file.text.clone()), project, found));
    }
    files
}

/// A file with its findings, as every form of output takes it.
fn reported(
    file: SourceFile,
    project: &Project,
    found: Vec<(Diagnostic, Option<Approved>)>,
) -> FileReport {
    let path = project.relative(&file);
    let mut prints = Fingerprints::new(path.clone());
    let found = found
        .into_iter()
        .map(|(diagnostic, approved)| {
            let fingerprint = prints.of(&file.text, &diagnostic);
            Reported { diagnostic, fingerprint, approved }
        })
        .collect();
    FileReport { file, path, queries: 0, found, accepted: Vec::new() }
}

/// The last words, by the number of datasets that were compared, that drifted, and that could not
/// be asked about.
fn summary(
    out: &mut Output,
    report: &Report<'_>,
    exit: Exit,
    numbers: (usize, usize, usize),
) -> Outcome<()> {
    let (compared, drifted, failed) = numbers;
    let counts = report.counts();
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
    let approved = report.findings().filter(|(_, found)| found.approved.is_some()).count();
    if approved > 0 {
        parts.push(count(approved, "finding is approved", "findings are approved"));
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
