//! A folder as a portal: its datasets, and queries over them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tule_core::plan::Plan;
use tule_core::schema::Dataset;

use crate::engine::{self, Rows, RunOptions};
use crate::error::{OpenError, RunError};
use crate::folder::{self, Note};
use crate::store::{Store, Table};

/// How a folder is opened.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Where files are kept in the engine's own form between runs. Several processes may share
    /// the folder; it may be removed at any time. Without one, everything is in memory.
    pub cache: Option<PathBuf>,
}

/// A folder of files that answers queries. Cheap to clone.
#[derive(Clone, Debug)]
pub struct LocalPortal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: String,
    datasets: Vec<LocalDataset>,
    skipped: Vec<Note>,
    store: Store,
}

/// A file of the folder.
#[derive(Debug)]
pub struct LocalDataset {
    /// Its schema; the host is the portal's name.
    pub schema: Arc<Dataset>,
    /// How many rows it has, where they have been counted.
    pub rows: Option<u64>,
    /// When the file was last written.
    pub modified: Timestamp,
    /// When the dataset was made, as its description says, else when the file was written.
    pub created: Timestamp,
    /// When its rows were last changed, as its description says, else when the file was written.
    pub updated: Timestamp,
    /// Where it is.
    pub path: PathBuf,
    /// The view that describes it, as the file beside it has it.
    pub view: Option<serde_json::Value>,
    /// What is odd about the file, known before its rows are read.
    pub notes: Vec<Note>,
    pub(crate) table: Table,
}

impl LocalPortal {
    /// Opens `folder` under the name that queries and locks know the portal by.
    ///
    /// A file that cannot be read as its name says is left out, with a note in
    /// [`LocalPortal::skipped`].
    ///
    /// # Errors
    ///
    /// If the folder cannot be read, or two files are one dataset.
    pub fn open(folder: &Path, name: &str, options: OpenOptions) -> Result<Self, OpenError> {
        let cache = options.cache.clone();
        let store = Store::new(options.cache)?;
        let mut datasets: Vec<LocalDataset> = Vec::new();
        let mut skipped = Vec::new();
        for source in folder::find(folder)? {
            let described = match folder::describe(&source, name, cache.as_deref()) {
                Ok(described) => described,
                Err(error) => {
                    let message = format!("left out: {error}");
                    skipped.push(Note { path: source.path.clone(), line: None, message });
                    continue;
                }
            };
            let id = &described.dataset.id;
            if let Some(first) = datasets.iter().find(|known| known.schema.id == *id) {
                let paths = [first.path.clone(), source.path.clone()];
                return Err(OpenError::DuplicateId { id: id.clone(), paths });
            }
            datasets.push(dataset(source, described)?);
        }
        Ok(Self(Arc::new(Inner { name: name.to_ascii_lowercase(), datasets, skipped, store })))
    }

    /// The portal's name, which stands for its host.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The datasets, in order of file name.
    #[must_use]
    pub fn datasets(&self) -> &[LocalDataset] {
        &self.0.datasets
    }

    /// The dataset with this identifier.
    #[must_use]
    pub fn dataset(&self, id: &str) -> Option<&LocalDataset> {
        self.0.datasets.iter().find(|dataset| dataset.schema.id == id)
    }

    /// Files that look like datasets but are not read, with the reason.
    #[must_use]
    pub fn skipped(&self) -> &[Note] {
        &self.0.skipped
    }

    /// Runs a query. Datasets that it needs are read first, unless they have been.
    ///
    /// # Errors
    ///
    /// What keeps the query from running at all. Faults of single values come with the rows.
    pub fn run(&self, plan: &Plan<'_>) -> Result<Rows, RunError> {
        self.run_with(plan, RunOptions::default())
    }

    /// Runs a query as `options` say.
    ///
    /// # Errors
    ///
    /// As [`LocalPortal::run`].
    pub fn run_with(&self, plan: &Plan<'_>, options: RunOptions) -> Result<Rows, RunError> {
        engine::run(self, plan, options)
    }

    /// Reads the rows of a dataset unless that has been done; gives how many there are and what
    /// is odd about them.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn load(&self, dataset: &LocalDataset) -> Result<(u64, Vec<Note>), RunError> {
        let loaded = self.0.store.load(&dataset.table)?;
        Ok((loaded.rows, loaded.notes.clone()))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }
}

fn dataset(
    source: folder::Source,
    described: folder::Described,
) -> Result<LocalDataset, OpenError> {
    let metadata = std::fs::metadata(&source.path);
    let metadata = metadata.map_err(|error| OpenError::io(&source.path, error))?;
    let modified = metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
    let modified = modified.unwrap_or(Timestamp::UNIX_EPOCH);
    // Seconds since 1970, as views have them.
    let said = |name: &str| {
        let seconds = described.view.as_ref()?.get(name)?.as_i64()?;
        Timestamp::from_second(seconds).ok()
    };
    let (created, updated) = (said("createdAt"), said("rowsUpdatedAt"));
    let schema = Arc::new(described.dataset);
    let path = source.path.clone();
    Ok(LocalDataset {
        rows: described.rows,
        modified,
        created: created.unwrap_or(modified),
        updated: updated.unwrap_or(modified),
        path,
        view: described.view,
        notes: described.notes,
        table: Table::new(source, Arc::clone(&schema), described.fields),
        schema,
    })
}
