//! The projects that documents belong to: one for each folder with a `tule.toml`, and one for
//! documents outside of any.
//!
//! Files are read and nothing else: opening a folder never uses the network. A `tule.toml` or
//! `tule.lock` that cannot be read leaves what was known before. Schemas that
//! were fetched for the session are laid over the locked ones and are gone with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tule_core::lint::Levels;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::{self, Lock};
use tule_core::schema::manifest::{self, Manifest};
use tule_ide::document::World;
use tule_syntax::span::Span;

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
            for dataset in &fetched {
                lock.merge(dataset.clone());
            }
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
    /// Files that the editor was told faults of.
    faulty: BTreeSet<PathBuf>,
}

/// A world and what went wrong while it was read.
pub(crate) struct Loaded {
    pub(crate) root: Option<PathBuf>,
    pub(crate) world: World,
    pub(crate) trouble: Trouble,
}

/// What is wrong with the files of a project.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    /// What has no place in a file.
    pub(crate) messages: Vec<String>,
    /// The files that were read, each with its faults; none where all is well now.
    pub(crate) files: Vec<Checked>,
}

/// A file of a project and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// Where, and what: a message and perhaps advice.
    pub(crate) faults: Vec<(Span, String)>,
}

impl Trouble {
    pub(crate) fn extend(&mut self, other: Self) {
        self.messages.extend(other.messages);
        self.files.extend(other.files);
    }
}

impl Projects {
    /// The world of a document at `path`; an empty one outside any project.
    pub(crate) fn world(&mut self, path: Option<&Path>) -> Loaded {
        let root = path.and_then(root_of);
        if let Some(known) = self.known.get(&root) {
            return Loaded { root, world: known.world.clone(), trouble: Trouble::default() };
        }
        if let Some(root) = root {
            return self.load(root);
        }
        let world = World::default();
        let known = Known { world: world.clone(), ..Known::default() };
        self.known.insert(None, known);
        Loaded { root, world, trouble: Trouble::default() }
    }

    /// Reads the project at `root` anew.
    pub(crate) fn load(&mut self, root: PathBuf) -> Loaded {
        let key = Some(root);
        let before = self.known.get(&key);
        let mut trouble = Trouble::default();
        let world = match read(key.as_deref().unwrap_or(Path::new(".")), &mut trouble) {
            Some((manifest, lock)) => {
                let fetched = before.map_or(Vec::new(), |known| known.fetched.clone());
                let known = Known::new(Some(Arc::new(manifest)), Arc::new(lock), fetched);
                let world = known.world.clone();
                self.known.insert(key.clone(), known);
                world
            }
            None => before.map_or_else(World::default, |known| known.world.clone()),
        };
        // That a file is well is worth a word only where it was not.
        trouble.files.retain(|file| {
            let was_faulty = self.faulty.remove(&file.path);
            if !file.faults.is_empty() {
                self.faulty.insert(file.path.clone());
            }
            was_faulty || !file.faults.is_empty()
        });
        Loaded { root: key, world, trouble }
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

/// What the files of a project say; what is wrong with them goes to `trouble`.
fn read(root: &Path, trouble: &mut Trouble) -> Option<(Manifest, Lock)> {
    let manifest = part(root, MANIFEST, trouble, |text| {
        manifest::parse(text).map_err(|errors| {
            errors.into_iter().map(|error| (error.span, said(error.message, &error.help))).collect()
        })
    });
    let lock = if root.join(LOCK).exists() {
        part(root, LOCK, trouble, |text| {
            lock::read(text).map_err(|error| vec![(error.span, said(error.message, &error.help))])
        })
    } else {
        Some(Lock::default())
    };
    Some((manifest?, lock?))
}

/// One file of a project.
fn part<T>(
    root: &Path,
    name: &str,
    trouble: &mut Trouble,
    parse: impl FnOnce(&str) -> Result<T, Vec<(Span, String)>>,
) -> Option<T> {
    let path = root.join(name);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            trouble.messages.push(format!("cannot read {}: {error}", path.display()));
            return None;
        }
    };
    let (value, faults) = match parse(&text) {
        Ok(value) => (Some(value), Vec::new()),
        Err(faults) => (None, faults),
    };
    trouble.files.push(Checked { path, text, faults });
    value
}

/// A message with its advice.
fn said(message: String, help: &str) -> String {
    if help.is_empty() { message } else { format!("{message}\n{help}") }
}
