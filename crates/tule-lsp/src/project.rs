//! The projects that documents belong to: one for each folder with a `tule.toml`, and one for
//! documents outside of any.
//!
//! Files are read and nothing else: opening a folder never uses the network. A `tule.toml` or
//! `tule.lock` that cannot be read leaves what was known before, and says so once. Schemas that
//! were fetched for the session are laid over the locked ones and are gone with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tule_core::lint::Levels;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::{self, Lock};
use tule_core::schema::manifest::{self, Manifest};
use tule_ide::document::World;

pub(crate) const MANIFEST: &str = "tule.toml";
pub(crate) const LOCK: &str = "tule.lock";

/// What is known of a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) manifest: Option<Arc<Manifest>>,
    /// What `tule.lock` says.
    locked: Arc<Lock>,
    /// The same with what was fetched for this session.
    pub(crate) lock: Arc<Lock>,
    fetched: Vec<Dataset>,
    pub(crate) world: World,
}

impl Known {
    fn new(manifest: Option<Arc<Manifest>>, locked: Arc<Lock>, fetched: Vec<Dataset>) -> Self {
        let levels = manifest.iter().flat_map(|manifest| &manifest.lints);
        let levels = Levels::default().with(levels.map(|(name, level)| (name.as_str(), *level)));
        // What was locked meanwhile needs no other copy.
        let fetched: Vec<Dataset> =
            fetched.into_iter().filter(|d| locked.get(&d.host, &d.id).is_none()).collect();
        let lock = if fetched.is_empty() {
            Arc::clone(&locked)
        } else {
            let mut lock = Lock::clone(&locked);
            fetched.iter().for_each(|dataset| lock.merge(dataset.clone()));
            Arc::new(lock)
        };
        let catalog = Catalog::new(manifest.as_deref(), Lock::clone(&lock));
        let world =
            World { catalog: Arc::new(catalog), levels: Arc::new(levels), ..World::default() };
        Self { manifest, locked, lock, fetched, world }
    }

    /// Whether `tule.lock` itself has the schema.
    pub(crate) fn is_locked(&self, dataset: &Dataset) -> bool {
        self.locked.get(&dataset.host, &dataset.id).is_some()
    }
}

/// Projects by the folder of their `tule.toml`.
#[derive(Debug, Default)]
pub(crate) struct Projects {
    known: BTreeMap<Option<PathBuf>, Known>,
}

/// A world and what went wrong while it was read.
pub(crate) struct Loaded {
    pub(crate) root: Option<PathBuf>,
    pub(crate) world: World,
    pub(crate) faults: Vec<String>,
}

impl Projects {
    /// The world of a document at `path`; an empty one outside any project.
    pub(crate) fn world(&mut self, path: Option<&Path>) -> Loaded {
        let root = path.and_then(root_of);
        if let Some(known) = self.known.get(&root) {
            return Loaded { root, world: known.world.clone(), faults: Vec::new() };
        }
        match root {
            Some(root) => self.load(root),
            None => {
                let world = World::default();
                let known = Known { world: world.clone(), ..Known::default() };
                self.known.insert(None, known);
                Loaded { root, world, faults: Vec::new() }
            }
        }
    }

    /// Reads the project at `root` anew.
    pub(crate) fn load(&mut self, root: PathBuf) -> Loaded {
        let key = Some(root);
        let before = self.known.get(&key);
        match read(key.as_deref().unwrap_or(Path::new("."))) {
            Ok((manifest, lock)) => {
                let fetched = before.map_or(Vec::new(), |known| known.fetched.clone());
                let known = Known::new(Some(Arc::new(manifest)), Arc::new(lock), fetched);
                let world = known.world.clone();
                self.known.insert(key.clone(), known);
                Loaded { root: key, world, faults: Vec::new() }
            }
            Err(faults) => {
                let world = before.map_or_else(World::default, |known| known.world.clone());
                Loaded { root: key, world, faults }
            }
        }
    }

    /// Lays fetched schemas over the locked ones; gives the new world.
    pub(crate) fn add(&mut self, root: Option<&PathBuf>, datasets: Vec<Dataset>) -> World {
        let known = self.known.entry(root.cloned()).or_default();
        let mut fetched = std::mem::take(&mut known.fetched);
        for dataset in datasets {
            fetched.retain(|old| (&old.host, &old.id) != (&dataset.host, &dataset.id));
            fetched.push(dataset);
        }
        *known = Known::new(known.manifest.take(), Arc::clone(&known.locked), fetched);
        known.world.clone()
    }

    /// Forgets what was fetched, so that it is fetched anew.
    pub(crate) fn forget(&mut self, root: Option<&PathBuf>) {
        if let Some(known) = self.known.get_mut(&root.cloned()) {
            *known = Known::new(known.manifest.take(), Arc::clone(&known.locked), Vec::new());
        }
    }

    pub(crate) fn get(&self, root: Option<&PathBuf>) -> Option<&Known> {
        self.known.get(&root.cloned())
    }

    pub(crate) fn catalogs(&self) -> impl Iterator<Item = &Catalog> {
        self.known.values().map(|known| &*known.world.catalog)
    }

    /// The folders of the projects that were read.
    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        self.known.keys().flatten().cloned().collect()
    }

    /// Whether a changed file is part of a project, and of which.
    pub(crate) fn concerned(path: &Path) -> Option<PathBuf> {
        let name = path.file_name()?;
        (name == MANIFEST || name == LOCK).then(|| path.parent().map(Path::to_owned))?
    }
}

/// The nearest folder at or above the document's with a `tule.toml`.
pub(crate) fn root_of(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).find(|folder| folder.join(MANIFEST).is_file()).map(Path::to_owned)
}

fn read(root: &Path) -> Result<(Manifest, Lock), Vec<String>> {
    let file = |name: &str| {
        let path = root.join(name);
        std::fs::read_to_string(&path)
            .map_err(|error| vec![format!("cannot read {}: {error}", path.display())])
    };
    let manifest = manifest::parse(&file(MANIFEST)?).map_err(|errors| {
        errors.iter().map(|error| format!("{MANIFEST}: {}", error.message)).collect::<Vec<_>>()
    })?;
    let lock = if root.join(LOCK).exists() {
        lock::read(&file(LOCK)?).map_err(|error| vec![format!("{LOCK}: {}", error.message)])?
    } else {
        Lock::default()
    };
    Ok((manifest, lock))
}
