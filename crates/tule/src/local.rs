//! The project's local portals: folders of files, queried by the embedded engine.
//!
//! What the folder holds decides, not what was locked of it: the files are right here, and a query
//! is checked against them as they are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tule_core::check::OutputColumn;
use tule_core::plan::{DEFAULT_LIMIT, Extent, Plan, extent};
use tule_core::rows::Row;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::Lock;
use tule_core::schema::manifest::{Manifest, Portal, PortalKind};
use tule_local::{LocalPortal, OpenOptions, RunCode, RunError};

use crate::exit::{Outcome, Stop};
use crate::output::{Output, WARNING};
use crate::portal::cache;
use crate::project::{MANIFEST, Project};
use crate::rows::source::{Completeness, Fault, Source};

/// The folders that a project names as portals.
pub(crate) struct LocalPortals {
    portals: Vec<LocalPortal>,
}

impl LocalPortals {
    /// Opens every local portal of the project.
    pub(crate) fn open(out: &mut Output, project: &Project) -> Outcome<Self> {
        let named = named(project).map(|portal| open(out, project, portal));
        Ok(Self { portals: named.collect::<Outcome<_>>()? })
    }

    /// The same for a command that can do without: one that cannot be opened is told of.
    pub(crate) fn open_some(out: &mut Output, project: &Project) -> Outcome<Self> {
        let mut portals = Vec::new();
        for portal in named(project) {
            match open(out, project, portal) {
                Ok(portal) => portals.push(portal),
                Err(Stop::Usage { message, .. }) => out.tell_line(WARNING, "warning", &message)?,
                Err(stop) => return Err(stop),
            }
        }
        Ok(Self { portals })
    }

    /// The portals, in the order of the project.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &LocalPortal> {
        self.portals.iter()
    }

    /// The schemas of all their datasets.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &Arc<Dataset>> {
        self.portals.iter().flat_map(LocalPortal::datasets).map(|dataset| &dataset.schema)
    }

    /// What queries can name: the project's datasets, those of local portals as the folders hold
    /// them. With `instead`, a dataset of another portal is the one of the same identifier here.
    pub(crate) fn catalog(&self, project: &Project, instead: bool) -> Catalog {
        let mut lock = project.lock.clone();
        let Some(manifest) = &project.manifest else { return project.catalog() };
        lock.datasets.retain(|dataset| self.of(dataset).is_none());
        let mut manifest = manifest.clone();
        if instead {
            self.replace(&mut manifest, &mut lock);
        }
        for schema in self.schemas() {
            lock.merge(Dataset::clone(schema));
        }
        Catalog::new(Some(&manifest), lock)
    }

    /// Puts the datasets of the folders in the place of those that other portals have under the
    /// same identifier: the folder becomes another host of that portal.
    fn replace(&self, manifest: &mut Manifest, lock: &mut Lock) {
        let held = |id: &str| self.schemas().any(|schema| schema.id == id);
        lock.datasets.retain(|dataset| !held(&dataset.id));
        let names: Vec<String> = self.iter().map(|portal| portal.name().to_owned()).collect();
        for portal in manifest.portals.iter_mut().filter(|p| p.kind != PortalKind::Local) {
            portal.aliases.extend(names.iter().cloned());
        }
    }

    /// The portal of a dataset.
    fn of(&self, dataset: &Dataset) -> Option<&LocalPortal> {
        self.iter().find(|portal| portal.name().eq_ignore_ascii_case(&dataset.host))
    }

    /// Begins to run a query of datasets that are all in one folder.
    pub(crate) fn run(&self, plan: &Plan<'_>, main: &Dataset) -> Result<LocalRows, Fault> {
        let Some(portal) = self.of(main) else {
            return Err(Fault::Portal(format!("no local portal is called `{}`", main.host)));
        };
        let rows = portal.run(plan).map_err(fault)?;
        let query = plan.valid.statement().query.as_ref();
        let unsaid = query.is_some_and(|query| extent(query) == Extent::Unsaid);
        Ok(LocalRows { rows, left: unsaid.then_some(DEFAULT_LIMIT), is_cut: false })
    }
}

/// Rows of the embedded engine, stopped where a portal would stop.
pub(crate) struct LocalRows {
    rows: tule_local::Rows,
    /// Rows still to be given where the query says nothing of their number.
    left: Option<u64>,
    is_cut: bool,
}

impl LocalRows {
    /// What breaks the run off, from any thread.
    pub(crate) fn cancel(&self) -> tule_local::Cancel {
        self.rows.canceller()
    }
}

impl Source for LocalRows {
    fn columns(&self) -> &[OutputColumn] {
        self.rows.columns()
    }

    fn next_row(&mut self) -> Result<Option<Row>, Fault> {
        if self.is_cut {
            return Ok(None);
        }
        let row = self.rows.next().transpose().map_err(fault)?;
        if row.is_some() {
            self.is_cut = self.left == Some(0);
            self.left = self.left.map(|left| left.saturating_sub(1));
        }
        // The row that is one too many shows that there are more.
        Ok(row.filter(|_| !self.is_cut))
    }

    fn completeness(&self) -> Completeness {
        if self.is_cut { Completeness::CutAt(DEFAULT_LIMIT) } else { Completeness::Whole }
    }
}

fn fault(error: RunError) -> Fault {
    match error.code {
        RunCode::Cancelled => Fault::Cancelled,
        RunCode::File | RunCode::Engine => Fault::Portal(error.message),
        RunCode::UnknownDataset
        | RunCode::StaleSchema
        | RunCode::NotSupported
        | RunCode::BadValue
        | RunCode::TooLarge => {
            Fault::Query { code: error.code.name(), message: error.message, span: error.span }
        }
    }
}

/// The local portals that `tule.toml` names.
fn named(project: &Project) -> impl Iterator<Item = &Portal> {
    let all = project.manifest.iter().flat_map(|manifest| &manifest.portals);
    all.filter(|portal| portal.kind == PortalKind::Local)
}

fn open(out: &mut Output, project: &Project, portal: &Portal) -> Outcome<LocalPortal> {
    open_folder(out, &folder(project, portal), &portal.name)
        .map_err(|stop| stop.help(format!("the folder is the `url` in `{MANIFEST}`, from there")))
}

/// Opens a folder as a portal of this name. Files in the engine's form are kept between runs;
/// without a folder for them, in memory.
pub(crate) fn open_folder(out: &mut Output, folder: &Path, name: &str) -> Outcome<LocalPortal> {
    let opened = LocalPortal::open(folder, name, OpenOptions { cache: cache("local") })
        .map_err(|error| Stop::usage(format!("the local portal `{name}`: {error}")))?;
    for note in opened.skipped() {
        out.tell_line(WARNING, "warning", &note.to_string())?;
    }
    Ok(opened)
}

/// The folder of a portal, as it is found from here.
fn folder(project: &Project, portal: &Portal) -> PathBuf {
    let folder = portal.folder().unwrap_or(".");
    project.root.as_ref().map_or_else(|| PathBuf::from(folder), |root| root.join(folder))
}
