//! `tule lock`: schemas into `tule.lock`.
//!
//! From the portals, local ones included, or from saved metadata; what is said about each dataset is what `git diff` of
//! the lock would show, in words. With `--check` nothing is written ([`drift`]).

mod approved;
mod compared;
mod drift;
mod fetch;
mod repair;

pub(crate) use fetch::Place;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use tule_core::names::fold;
use tule_core::schema::lock::{Lock, write};
use tule_core::schema::manifest::{Manifest, PortalKind};
use tule_core::schema::socrata::{MetadataError, Origin, read};
use tule_core::schema::{Column, Dataset};
use tule_portal::Class;

use super::check::formats::Format;
use crate::args::Global;
use crate::atomic;
use crate::escape::{inert, inert_lines, one_line};
use crate::exit::{Exit, Outcome, Stop};
use crate::local::LocalPortals;
use crate::output::{ADDED, FAINT, Output, Paint, REMOVED, STRONG, WARNING};
use crate::portal::{self, Portals};
use crate::project::{LOCK, MANIFEST, Project};
use crate::render::summary::count;
use crate::source::shown;

/// Lock the schemas that queries are checked against
///
/// Asks the portals about the datasets that `tule.toml`, the lock and the queries name, and writes
/// down what changed. Commit the lock: its diff shows what changed at the portal.
///
/// With `--check` nothing is written: the lock is compared with the portals, and the queries that
/// a change breaks are named (exit code 1; 3 if a portal cannot be asked). Drift that is known and
/// accepted for a while is named in `tule.approved.toml`; `--approve` writes the entries.
///
/// With `--fix`, the queries that read a renamed column are given its new name, in all files at
/// once, before the lock is written; `--diff` shows that instead of writing it.
///
/// With `--from`, the schemas come from files: a view (`/api/views/ID.json`), its columns, a
/// download of rows as JSON, or a page of the catalogue. Other datasets of the lock stay.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule lock
  tule lock --check
  tule lock --check --format json > drift.json
  tule lock --check --approve 'the city restores it in May' --until 2026-06-01
  tule lock --fix --diff
  curl -o calls.json https://data.stocktonca.gov/api/views/esc4-8x43.json
  tule lock --from calls.json
  tule lock --from columns.json --host data.stocktonca.gov --id esc4-8x43")]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Arguments {
    /// Files with saved metadata
    #[arg(long, value_name = "FILE.json", num_args = 1..)]
    from: Vec<PathBuf>,
    /// The host that the files came from, where they do not say
    #[arg(long, value_name = "HOST", requires = "from")]
    host: Option<String>,
    /// The identifier of the dataset, where the file does not say
    #[arg(long, value_name = "ID", requires = "from")]
    id: Option<String>,
    /// Compare with the portals, and write nothing
    #[arg(long, conflicts_with = "from")]
    check: bool,
    /// How to show findings of `--check`
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human", requires = "check")]
    format: Format,
    /// With `--check`, tell of labels, descriptions and the order of columns too
    #[arg(long, requires = "check")]
    all: bool,
    /// Accept what `--check` finds, for this reason: entries for `tule.approved.toml`
    #[arg(long, value_name = "REASON", requires_all = ["check", "until"], value_parser = reason)]
    approve: Option<String>,
    /// The last day of what `--approve` accepts
    #[arg(long, value_name = "DATE", requires = "approve")]
    until: Option<Date>,
    /// Write the new names of columns that were renamed into the queries
    #[arg(long, conflicts_with_all = ["check", "from"])]
    fix: bool,
    /// Show what `--fix` would change, and write nothing; exit code 1 if anything would
    #[arg(long, requires = "fix")]
    diff: bool,
    /// Ask for the number of rows and their dates where the metadata do not tell
    #[arg(long, conflicts_with_all = ["from", "offline"])]
    count: bool,
    /// Ask no portal: use what was fetched before
    #[arg(long, conflicts_with = "from")]
    offline: bool,
}

impl Arguments {
    fn wishes(&self) -> drift::Wishes<'_> {
        let today = jiff::ZonedDateTime::now().datetime().date();
        let manner = compared::Manner { count: self.count, offline: self.offline, today };
        let approve = self.approve.as_deref().zip(self.until);
        drift::Wishes { format: self.format, wording: self.all, manner, approve }
    }
}

/// A reason that says something.
fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("a reason is needed".to_owned()) } else { Ok(text.to_owned()) }
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    if arguments.id.is_some() && arguments.from.len() > 1 {
        return Err(Stop::usage("`--id` names one dataset, and there are several files"));
    }
    let project = super::project(out, global, &[])?;
    let (Some(root), Some(manifest)) = (&project.root, &project.manifest) else {
        return Err(Stop::usage(format!("no `{MANIFEST}` here or in a folder above"))
            .help("`tule init` begins a project"));
    };
    if arguments.check {
        let portals = Portals::open(&project, arguments.offline)?;
        return drift::run(out, &project, root, &portals, arguments.wishes());
    }
    let (datasets, exit) = if arguments.from.is_empty() {
        from_portals(out, &project, root, arguments)?
    } else {
        (from_files(arguments, manifest)?, Exit::Clean)
    };
    if datasets.is_empty() {
        // Why has been told; the lock stays as it is.
        return Ok(exit);
    }
    let before = write(&project.lock.datasets);
    let mut lock = project.lock.clone();
    let mut text = String::new();
    if arguments.from.is_empty() {
        text.push_str(&gone(&datasets, &mut lock, out.paint));
    }
    for dataset in datasets {
        text.push_str(&change(&project, &lock, &dataset, out.paint));
        lock.merge(dataset);
    }
    let after = write(&lock.datasets);
    let path = root.join(LOCK);
    let is_new = !path.exists();
    let repairs = if arguments.fix {
        repair::repairs(out, &project, root, &lock)?
    } else {
        repair::Repairs::default()
    };
    if arguments.diff {
        return repair::show(out, &repairs, (&shown(&path), &before, &after), exit);
    }
    repair::write(out, &repairs)?;
    if is_new || before != after {
        atomic::write(&path, &after)?;
    }
    out.print(&text)?;
    let all = count(lock.datasets.len(), "dataset", "datasets");
    let what = if is_new || before != after { "written" } else { "unchanged" };
    let line = format!("{}: {all}, {what}\n", shown(&path));
    out.tell(&out.paint_error.on(FAINT, &inert_lines(&line)))?;
    repair::tell_left(out, &repairs, exit)
}

/// What the folders of local portals hold, and what the others say about the datasets that are
/// needed. One that fails is told and does not
/// keep the others from being locked.
fn from_portals(
    out: &mut Output,
    project: &Project,
    root: &Path,
    arguments: &Arguments,
) -> Outcome<(Vec<Dataset>, Exit)> {
    let local = LocalPortals::open(out, project)?;
    let catalog = local.catalog(project, false);
    let wanted = fetch::wanted(out, project, root, &catalog)?;
    let mut datasets: Vec<Dataset> = local.schemas().map(|schema| Dataset::clone(schema)).collect();
    if wanted.is_empty() && !datasets.is_empty() {
        return Ok((datasets, Exit::Clean));
    }
    if wanted.is_empty() {
        return Err(Stop::usage("nothing to lock: no dataset is named")
            .help(format!("name datasets in `{MANIFEST}` or in queries")));
    }
    let portals = Portals::open(project, arguments.offline)?;
    let mut exit = Exit::Clean;
    for (_, answer) in fetch::fetch(out, &portals, &catalog, &wanted, arguments.count)? {
        match answer {
            Ok(mut dataset) => {
                if let Some(locked) = project.lock.get(&dataset.host, &dataset.id) {
                    keep_counts(&mut dataset, locked);
                }
                datasets.push(dataset);
            }
            Err(error) => {
                portal::tell(out, &error)?;
                exit = match (exit, error.class()) {
                    (Exit::Portal, _) | (_, Class::Portal | Class::Settings) => Exit::Portal,
                    (_, Class::Query) => Exit::Findings,
                };
            }
        }
    }
    Ok((datasets, exit))
}

/// Brings the lock up to date for somebody who looks at the result elsewhere: all that is needed,
/// or only some, and nothing at all if any of it cannot be had. Gives what is not as it was.
pub(crate) fn renew(
    out: &mut Output,
    project: &Project,
    portals: &Portals,
    only: Option<BTreeSet<Place>>,
) -> Outcome<Vec<Place>> {
    let Some(root) = &project.root else { return Ok(Vec::new()) };
    let local = LocalPortals::open(out, project)?;
    let catalog = local.catalog(project, false);
    let mut lock = project.lock.clone();
    let held: Vec<Dataset> = local.schemas().map(|schema| Dataset::clone(schema)).collect();
    let (wanted, mut datasets) = if let Some(only) = only {
        let is_wanted = |d: &Dataset| only.contains(&(d.host.clone(), d.id.clone()));
        let held: Vec<Dataset> = held.into_iter().filter(is_wanted).collect();
        let is_held = |place: &Place| held.iter().any(|d| d.host == place.0 && d.id == place.1);
        let rest: BTreeSet<Place> = only.iter().filter(|place| !is_held(place)).cloned().collect();
        (rest, held)
    } else {
        gone(&held, &mut lock, out.paint);
        (fetch::wanted(out, project, root, &catalog)?, held)
    };
    for (_, answer) in fetch::fetch(out, portals, &catalog, &wanted, false)? {
        let mut dataset = answer.map_err(|error| portal::stop(&error))?;
        if let Some(locked) = lock.get(&dataset.host, &dataset.id) {
            keep_counts(&mut dataset, locked);
        }
        datasets.push(dataset);
    }
    let text = |dataset: Option<&Dataset>| dataset.map(|d| write(std::slice::from_ref(d)));
    let mut changed = Vec::new();
    for dataset in datasets {
        let place = (dataset.host.clone(), dataset.id.clone());
        if text(lock.get(&place.0, &place.1)) != text(Some(&dataset)) {
            changed.push(place);
        }
        lock.merge(dataset);
    }
    let path = root.join(LOCK);
    if !path.exists() || write(&project.lock.datasets) != write(&lock.datasets) {
        atomic::write(&path, &write(&lock.datasets))?;
    }
    Ok(changed)
}

/// Takes datasets of local portals out of the lock that no folder holds any more.
fn gone(held: &[Dataset], lock: &mut Lock, paint: Paint) -> String {
    let is_gone = |dataset: &Dataset| {
        let same = |other: &Dataset| (&other.host, &other.id) == (&dataset.host, &dataset.id);
        dataset.kind == PortalKind::Local && !held.iter().any(same)
    };
    let mut text = String::new();
    for dataset in lock.datasets.iter().filter(|dataset| is_gone(dataset)) {
        let line = format!("{}/{}: gone", dataset.host, dataset.id);
        text.push_str(&(paint.on(REMOVED, &one_line(&line)) + "\n"));
    }
    lock.datasets.retain(|dataset| !is_gone(dataset));
    text
}

/// Keeps what was counted before where nothing was counted now: the lock must not change because
/// of how it was asked for.
fn keep_counts(dataset: &mut Dataset, locked: &Dataset) {
    dataset.rows = dataset.rows.or(locked.rows);
    let range = locked.range.as_ref();
    let range = range.filter(|range| dataset.column(&fold(&range.column)).is_some());
    dataset.range = dataset.range.take().or_else(|| range.cloned());
}

/// What saved metadata says.
fn from_files(arguments: &Arguments, manifest: &Manifest) -> Outcome<Vec<Dataset>> {
    let mut datasets = Vec::new();
    for path in &arguments.from {
        datasets.extend(metadata(path, arguments, manifest)?);
    }
    if datasets.is_empty() {
        return Err(Stop::usage("the files describe no dataset"));
    }
    Ok(datasets)
}

/// The datasets that a file describes.
fn metadata(path: &PathBuf, arguments: &Arguments, manifest: &Manifest) -> Outcome<Vec<Dataset>> {
    let text = std::fs::read_to_string(path).map_err(|error| Stop::file("read", path, &error))?;
    let origin = Origin { host: arguments.host.clone(), id: arguments.id.clone() };
    let datasets = read(&text, &origin).or_else(|error| {
        // A view says its identifier but often not its host; a project with one portal does.
        let host = only_host(manifest).filter(|_| origin.host.is_none()).ok_or(error)?;
        read(&text, &Origin { host: Some(host), id: origin.id.clone() })
    });
    let mut datasets = datasets.map_err(|error| refusal(path, &error))?;
    for dataset in &mut datasets {
        // One dataset, one place: an alias of a portal's host is the portal.
        let portal = manifest.portals.iter().find(|portal| portal.answers_to(&dataset.host));
        if let Some(portal) = portal {
            dataset.host = portal.host().to_owned();
        }
    }
    Ok(datasets)
}

fn refusal(path: &Path, error: &MetadataError) -> Stop {
    let stop = Stop::usage(format!("`{}`: {error}", shown(path)));
    if error.message.contains("a host") {
        return stop.help("`--host` says which portal the file came from");
    }
    if error.message.contains("identifier") {
        return stop.help("`--id` says which dataset the file is about");
    }
    stop
}

/// The host of the only portal that this kind of metadata can come from.
fn only_host(manifest: &Manifest) -> Option<String> {
    let mut portals = manifest.portals.iter().filter(|portal| portal.kind == PortalKind::Socrata);
    let only = portals.next()?;
    portals.next().is_none().then(|| only.host().to_owned())
}

/// What the lock says otherwise than before, in words.
fn change(project: &Project, lock: &Lock, new: &Dataset, paint: Paint) -> String {
    let place = format!("{}/{}", new.host, new.id);
    let name = name_in(project, new).map_or(String::new(), |name| format!(" ({name})"));
    let head = paint.on(STRONG, &inert(&format!("{place}{name}")));
    let columns = |dataset: &Dataset| dataset.columns.iter().filter(|c| !c.is_system()).count();
    let all = count(columns(new), "column", "columns");
    if new.columns.is_empty() {
        let kind = if new.card.asset_type.is_empty() { "it" } else { &new.card.asset_type };
        let text = format!("no columns: {} has no rows of its own", one_line(kind));
        return format!("{head}: {}\n", paint.on(WARNING, &text));
    }
    let Some(old) = lock.get(&new.host, &new.id) else {
        return format!("{head}: new, {all}\n");
    };
    let same =
        |a: &Dataset, b: &Dataset| write(std::slice::from_ref(a)) == write(std::slice::from_ref(b));
    if same(old, new) {
        return format!("{head}: unchanged, {all}\n");
    }
    let lines = column_changes(old, new, paint);
    if lines.is_empty() {
        return format!("{head}: same columns, other facts changed\n");
    }
    format!("{head}: {} changed\n{}", count(lines.len(), "column", "columns"), lines.concat())
}

fn column_changes(old: &Dataset, new: &Dataset, paint: Paint) -> Vec<String> {
    let find = |dataset: &Dataset, name: &str| {
        dataset.columns.iter().find(|column| column.name == name).cloned()
    };
    let mut lines = Vec::new();
    for column in &old.columns {
        match find(new, &column.name) {
            None => {
                let text = format!("- {} {}", column.name, spelled(column));
                lines.push(format!("  {}\n", paint.on(REMOVED, &one_line(&text))));
            }
            Some(now) if spelled(&now) != spelled(column) => {
                let text = format!("~ {} {} -> {}", column.name, spelled(column), spelled(&now));
                lines.push(format!("  {}\n", paint.on(WARNING, &one_line(&text))));
            }
            Some(_) => {}
        }
    }
    for column in new.columns.iter().filter(|column| find(old, &column.name).is_none()) {
        let text = format!("+ {} {}", column.name, spelled(column));
        lines.push(format!("  {}\n", paint.on(ADDED, &one_line(&text))));
    }
    lines
}

/// A column's type, with the portal's spelling where it says more.
fn spelled(column: &Column) -> String {
    match column.ty {
        Some(ty) if ty.name() == column.portal_type => ty.name().to_owned(),
        Some(ty) => format!("{} ({})", ty.name(), column.portal_type),
        None => format!("? ({})", column.portal_type),
    }
}

fn name_in(project: &Project, dataset: &Dataset) -> Option<String> {
    let manifest = project.manifest.as_ref()?;
    let found = manifest.datasets.iter().find(|(_, reference)| {
        manifest.portal(&reference.portal).is_some_and(|portal| {
            portal.answers_to(&dataset.host) && portal.full_id(&reference.id) == dataset.id
        })
    });
    found.map(|(name, _)| name.clone())
}
