//! `tule pull`: a dataset of a portal as files of a local portal.
//!
//! Rows grow in the cache folder and are moved to their place when all of them are there; what was
//! read is told apart by what the portal says of its rows. A run that is broken off in any way
//! leaves nothing in the folder, and the next one goes on from there.

mod place;
mod rows;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use indicatif::{HumanBytes, HumanCount};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tule_core::schema::catalog::{Catalog, Lookup, Reference};
use tule_core::schema::manifest::PortalKind;
use tule_local::{DESCRIPTION_ENDING, LocalPortal, ROWS_ENDING};
use tule_portal::{Metadata, PortalAddress};

use crate::args::Global;
use crate::atomic;
use crate::escape::inert;
use crate::exit::{Exit, Outcome, Stop};
use crate::interrupt::Interrupt;
use crate::local::open_folder;
use crate::output::{INFO, Output, WARNING};
use crate::partial::{self, OpenError, Partial};
use crate::portal::{self, Portals, cache_folder};
use crate::progress::Progress;
use crate::project::{MANIFEST, Project, dataset};
use crate::rows::source::Fault;
use crate::source::shown;
use place::Place;
use rows::{Origin, Reader, State, broken};

/// How often reading begins anew because the rows changed meanwhile.
const ATTEMPTS: u32 = 3;

/// Make a local snapshot of a portal's dataset
///
/// Reads every row and column, system columns included, into a folder of files that is a local
/// portal; `tule run --local` then reads it instead of the portal. An interrupted pull leaves
/// nothing in the folder, and the next one goes on where it stopped, unless the rows changed
/// meanwhile. A snapshot that is as new as the portal's rows is left alone.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule pull police_calls
  tule pull data.stocktonca.gov/esc4-8x43 --to data --add
  tule pull police_calls --check                       is the snapshot still current?

Without `--to`, the folder is that of the project's local portal; without one, `data` beside
`tule.toml`.

Exit codes: 0 the snapshot is whole and current, 1 it is not (`--check`), 2 usage or
configuration, 3 the portal cannot answer, 130 interrupted.")]
pub(crate) struct Arguments {
    /// A name of `tule.toml`, or portal or host and identifier
    #[arg(value_name = "DATASET")]
    dataset: String,
    /// A local portal of the project, or a folder
    #[arg(long, value_name = "PORTAL|FOLDER")]
    to: Option<PathBuf>,
    /// Make the folder a portal of the project, if it is none
    #[arg(long)]
    add: bool,
    /// Read it again even if it is current, from the beginning
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// Only compare: is the snapshot as new as the portal's rows?
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let project = super::project(out, global, &[])?;
    let catalog = project.catalog();
    let (host, id) = dataset_place(&catalog, &arguments.dataset)?;
    let address = portal::address(&catalog, &host).ok_or_else(|| {
        let message = format!("`{host}` is no portal that can be pulled from");
        Stop::usage(message).help(format!("see its `kind` in `{MANIFEST}`"))
    })?;
    let place = Place::find(&project, arguments.to.as_deref())?;
    let portals = Portals::open(&project, false)?;
    let interrupt = Interrupt::listen()?;
    let pull =
        Pull { project: &project, catalog: &catalog, portals: &portals, interrupt, address, id };
    let exit = pull.run(out, arguments, &place)?;
    portals.tell_notices(out)?;
    Ok(exit)
}

/// Host and identifier of the dataset that the user names. Its schema need not be locked.
fn dataset_place(catalog: &Catalog, name: &str) -> Outcome<(String, String)> {
    let reference = name.strip_prefix('@').map_or(Reference::Path(name), Reference::Id);
    if let Lookup::NotLocked { host, id } = catalog.lookup(reference) {
        let unsaid = || {
            let message = format!("which portal has `{id}` is not said");
            Stop::usage(message).help(format!("write `PORTAL/{id}` or `HOST/{id}`"))
        };
        return Ok((host.ok_or_else(unsaid)?, id.clone()));
    }
    let dataset = dataset(catalog, name)?;
    if dataset.kind == PortalKind::Local {
        return Err(Stop::usage(format!("`{name}` is in a folder already")));
    }
    Ok((dataset.host.clone(), dataset.id.clone()))
}

struct Pull<'p> {
    project: &'p Project,
    catalog: &'p Catalog,
    portals: &'p Portals,
    interrupt: Interrupt,
    address: PortalAddress,
    id: String,
}

/// The files of a snapshot.
struct Files {
    rows: PathBuf,
    description: PathBuf,
}

impl Files {
    fn of(folder: &Path, id: &str) -> Self {
        let file = |ending: &str| folder.join(format!("{id}{ending}"));
        Self { rows: file(ROWS_ENDING), description: file(DESCRIPTION_ENDING) }
    }

    /// What the snapshot was made of, if there is one.
    fn origin(&self) -> Option<Value> {
        let text = std::fs::read(&self.description).ok().filter(|_| self.rows.is_file())?;
        let view: Value = serde_json::from_slice(&text).ok()?;
        view.get("snapshot")?.get("origin").cloned()
    }
}

impl Pull<'_> {
    fn run(&self, out: &mut Output, arguments: &Arguments, place: &Place) -> Outcome {
        let Some(metadata) = self.metadata()? else { return cancelled(out, None) };
        let id = &metadata.dataset.id;
        let name = format!("{}/{id}", metadata.dataset.host);
        if !metadata.dataset.is_table() {
            return Err(Stop::usage(format!("`{name}` is no table and has no rows")));
        }
        if id.starts_with('.')
            || !id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        {
            return Err(Stop::usage(format!("`{id}` cannot be the name of a file")));
        }
        let files = Files::of(&place.folder, id);
        only_one(out, place, id, &files)?;
        let growing = growing(place, &metadata);
        let pending = growing.exists();
        let known = files.origin();
        let origin = Origin::of(&metadata);
        let is_current = !pending && known == Some(json!(origin)) && origin.updated.is_some();
        if arguments.check {
            let (text, exit) = match known {
                None => ("no snapshot", Exit::Findings),
                Some(_) if is_current => ("current", Exit::Clean),
                Some(_) => ("the portal's rows are newer", Exit::Findings),
            };
            out.print(&format!("{}: {text}\n", inert(&shown(&files.rows))))?;
            return Ok(exit);
        }
        if is_current && !arguments.force {
            let text = format!("{}: as new as {name}\n", shown(&files.rows));
            out.print(&inert_line(&text))?;
            place.announce(out, self.project, arguments.add)?;
            return Ok(Exit::Clean);
        }
        place.create()?;
        let Some(state) = self.fetch(out, arguments, metadata, &growing, &files)? else {
            return Ok(Exit::Cancelled);
        };
        done(out, place, &files, &name, &state)?;
        place.announce(out, self.project, arguments.add)?;
        Ok(Exit::Clean)
    }

    /// What the portal says of the dataset now; `None` if the user broke it off.
    fn metadata(&self) -> Outcome<Option<Arc<Metadata>>> {
        let cancel = Arc::new(Notify::new());
        let broken_off = Arc::clone(&cancel);
        self.interrupt.set(move || broken_off.notify_one());
        let metadata = self.portals.runtime.wait(async {
            tokio::select! {
                biased;
                () = cancel.notified() => None,
                metadata = self.portals.client.schema(&self.address, &self.id) => Some(metadata),
            }
        });
        self.interrupt.clear();
        metadata.transpose().map_err(|error| portal::stop(&error))
    }

    /// Reads the rows and puts both files in their place; `None` if the user broke it off.
    fn fetch(
        &self,
        out: &mut Output,
        arguments: &Arguments,
        mut metadata: Arc<Metadata>,
        growing: &Path,
        files: &Files,
    ) -> Outcome<Option<State>> {
        let (mut partial, begun) =
            Partial::open::<State>(growing).map_err(|error| match error {
                OpenError::Busy => Stop::usage("another `tule pull` of this dataset is running"),
                OpenError::Io(error) => broken(&error),
            })?;
        let mut begun = begun.filter(|_| !arguments.force);
        for _ in 0..ATTEMPTS {
            let origin = Origin::of(&metadata);
            let mut state = begin(out, &mut partial, begun.take(), &origin)?;
            let progress = Progress::new();
            let reader = Reader {
                portals: self.portals,
                catalog: self.catalog,
                interrupt: &self.interrupt,
                progress: &progress,
            };
            let dataset = Arc::new(metadata.dataset.clone());
            let ended = reader.read(&dataset, &mut partial, &mut state);
            progress.clear();
            match ended? {
                Ok(()) => {}
                Err(Fault::Cancelled) => return cancelled(out, Some(&state)).map(|_| None),
                Err(Fault::Portal(message) | Fault::Query { message, .. }) => {
                    return Err(Stop::Portal { message, help: Some(goes_on(&state)) });
                }
            }
            let Some(now) = self.metadata()? else {
                return cancelled(out, Some(&state)).map(|_| None);
            };
            if Origin::of(&now) == origin {
                put(&now, &state, growing, partial, files)?;
                return Ok(Some(state));
            }
            let text = "the dataset changed while it was read; starting over";
            out.tell_line(WARNING, "warning", text)?;
            metadata = now;
            begun = None;
        }
        let message = format!("the dataset changed during each of {ATTEMPTS} attempts to read it");
        Err(Stop::Portal { message, help: None })
    }
}

/// A folder with two files of one dataset is no portal.
fn only_one(out: &mut Output, place: &Place, id: &str, files: &Files) -> Outcome<()> {
    if !place.folder.is_dir() {
        return Ok(());
    }
    let portal = open_folder(out, &place.folder, &place.name)?;
    let Some(other) = portal.dataset(id).filter(|known| !same(&known.path, &files.rows)) else {
        return Ok(());
    };
    let message = format!("`{}` is a file of the dataset `{id}` already", shown(&other.path));
    Err(Stop::usage(message).help("`--to` names another folder"))
}

/// Reads the snapshot as every later run does, and says what there is.
fn done(out: &mut Output, place: &Place, files: &Files, name: &str, state: &State) -> Outcome<()> {
    let portal: LocalPortal = open_folder(out, &place.folder, &place.name)?;
    let here = portal.datasets().iter().find(|known| same(&known.path, &files.rows));
    let here =
        here.ok_or_else(|| Stop::usage(format!("`{}` cannot be read again", shown(&files.rows))))?;
    let (rows, notes) = portal.load(here).map_err(|error| Stop::usage(error.message))?;
    for note in here.notes.iter().chain(&notes) {
        out.tell_line(WARNING, "warning", &note.to_string())?;
    }
    if rows != state.rows {
        let message = format!("{rows} of {} rows can be read again", state.rows);
        return Err(Stop::usage(format!("`{}`: {message}", shown(&files.rows))));
    }
    let bytes = std::fs::metadata(&files.rows).map_or(0, |facts| facts.len());
    let (count, word) = (HumanCount(rows), if rows == 1 { "row" } else { "rows" });
    let file = shown(&files.rows);
    let text = format!("{file}: {count} {word} of {name}, {}", HumanBytes(bytes));
    out.print(&inert_line(&text))?;
    if state.origin.updated.is_none() {
        let text = "the portal does not say when rows change: the next pull reads all of them";
        out.tell_line(INFO, "note", text)?;
    }
    Ok(())
}

/// What was begun earlier, if it can go on; else nothing, with a word on why.
fn begin(
    out: &mut Output,
    partial: &mut Partial,
    begun: Option<State>,
    origin: &Origin,
) -> Outcome<State> {
    match begun {
        Some(state) if state.continues(origin) => {
            if state.rows > 0 {
                let text = format!("going on behind {} rows", HumanCount(state.rows));
                out.tell_line(INFO, "note", &text)?;
            }
            return Ok(state);
        }
        Some(state) if state.rows > 0 => {
            let text = if origin.updated.is_none() {
                "the portal does not say when rows change; starting over"
            } else {
                "the dataset changed since the pull was broken off; starting over"
            };
            out.tell_line(INFO, "note", text)?;
        }
        _ => {}
    }
    partial.restart().map_err(|error| broken(&error))?;
    Ok(State::new(origin.clone()))
}

/// Puts the description and the rows in their place. Until both are there, the growing file is,
/// and the next run does the rest.
fn put(
    metadata: &Metadata,
    state: &State,
    growing: &Path,
    partial: Partial,
    files: &Files,
) -> Outcome<()> {
    let unread = |error: serde_json::Error| Stop::usage(format!("the metadata: {error}"));
    let mut view: Value = serde_json::from_str(&metadata.text).map_err(unread)?;
    let Some(members) = view.as_object_mut() else {
        return Err(Stop::usage("the metadata are no view"));
    };
    // The dataset is known by this identifier, whatever the view says.
    members.insert("id".to_owned(), json!(metadata.dataset.id));
    let snapshot = json!({ "origin": state.origin, "rows": state.rows });
    members.insert("snapshot".to_owned(), snapshot);
    let text = format!("{view:#}\n");
    let mut description = growing.as_os_str().to_owned();
    description.push(".description");
    let description = PathBuf::from(description);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| Stop::file("write", &path, &error)
    };
    let columns = |origin: &Value| origin.get("columns").cloned();
    if files.origin().is_some_and(|old| columns(&old) != columns(&json!(state.origin))) {
        // No rows for a moment are better than rows under a description of others.
        std::fs::remove_file(&files.rows).map_err(failed(&files.rows))?;
    }
    atomic::write(&description, &text)?;
    partial::put(&description, &files.description).map_err(failed(&files.description))?;
    partial.finish(&files.rows).map_err(failed(&files.rows))
}

/// Where the rows grow: in the cache folder, under a name for this snapshot alone.
fn growing(place: &Place, metadata: &Metadata) -> PathBuf {
    use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
    let folder = std::path::absolute(&place.folder).unwrap_or_else(|_| place.folder.clone());
    let folder = folder.canonicalize().unwrap_or(folder);
    let key = (&folder, &metadata.dataset.host);
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
    let name = format!("{}-{hash:016x}", metadata.dataset.id);
    match cache_folder("pull") {
        Some(cache) => cache.join(name),
        None => place.folder.join(format!(".tule-pull-{name}")),
    }
}

fn same(one: &Path, other: &Path) -> bool {
    one == other
        || one.canonicalize().ok().is_some_and(|one| other.canonicalize().ok() == Some(one))
}

fn cancelled(out: &mut Output, state: Option<&State>) -> Outcome {
    let text = state.map_or("nothing was read".to_owned(), goes_on);
    out.tell_line(WARNING, "interrupted", &text)?;
    Ok(Exit::Cancelled)
}

fn goes_on(state: &State) -> String {
    let rows = HumanCount(state.rows);
    if state.origin.updated.is_some() {
        format!("{rows} rows are kept aside; the next pull goes on behind them")
    } else {
        format!("{rows} rows were read; the next pull starts over")
    }
}

fn inert_line(text: &str) -> String {
    format!("{}\n", inert(text.trim_end()))
}
