//! The worlds that documents are checked against: one for each folder with a `tule.toml`.
//!
//! Files are read and nothing else: opening a folder never uses the network. A `tule.toml` or
//! `tule.lock` that cannot be read leaves what was known before, and says so once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tule_core::lint::Levels;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::{self, Lock};
use tule_core::schema::manifest;
use tule_ide::document::World;

const MANIFEST: &str = "tule.toml";
const LOCK: &str = "tule.lock";

/// The worlds by the folder of their `tule.toml`.
#[derive(Debug, Default)]
pub(crate) struct Projects {
    worlds: BTreeMap<PathBuf, World>,
}

/// A world and what went wrong while it was read.
pub(crate) struct Loaded {
    pub(crate) root: Option<PathBuf>,
    pub(crate) world: World,
    pub(crate) faults: Vec<String>,
}

impl Projects {
    /// The world of a document at `path`; the empty one outside any project.
    pub(crate) fn world(&mut self, path: Option<&Path>) -> Loaded {
        let Some(root) = path.and_then(root_of) else {
            return Loaded { root: None, world: World::default(), faults: Vec::new() };
        };
        if let Some(world) = self.worlds.get(&root) {
            return Loaded { root: Some(root), world: world.clone(), faults: Vec::new() };
        }
        self.load(root)
    }

    /// Reads the project at `root` anew.
    pub(crate) fn load(&mut self, root: PathBuf) -> Loaded {
        match read(&root) {
            Ok(world) => {
                self.worlds.insert(root.clone(), world.clone());
                Loaded { root: Some(root), world, faults: Vec::new() }
            }
            Err(faults) => {
                let world = self.worlds.get(&root).cloned().unwrap_or_default();
                Loaded { root: Some(root), world, faults }
            }
        }
    }

    /// The folders of the projects that were read.
    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        self.worlds.keys().cloned().collect()
    }

    /// Whether a changed file is part of a project, and of which.
    pub(crate) fn concerned(path: &Path) -> Option<PathBuf> {
        let name = path.file_name()?;
        (name == MANIFEST || name == LOCK).then(|| path.parent().map(Path::to_owned))?
    }
}

/// The nearest folder at or above the document's with a `tule.toml`.
fn root_of(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).find(|folder| folder.join(MANIFEST).is_file()).map(Path::to_owned)
}

fn read(root: &Path) -> Result<World, Vec<String>> {
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
    let levels =
        Levels::default().with(manifest.lints.iter().map(|(name, level)| (name.as_str(), *level)));
    let catalog = Catalog::new(Some(&manifest), lock);
    Ok(World { catalog: Arc::new(catalog), levels: Arc::new(levels), input: None })
}
