//! What files are checked against: the projects they are in.
//!
//! A run may meet several projects: a repository with a `tule.toml` in more than one folder, or a
//! hook that is given files from everywhere. Each file is checked against the nearest one above
//! it; paths in reports and baselines are those of the first, which the command line named.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tule_core::lint::Levels;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;

use super::super::or_here;
use super::{Arguments, known};
use crate::analysis::World;
use crate::args::Global;
use crate::checker::{Checker, Worlds};
use crate::exit::Outcome;
use crate::output::Output;
use crate::project::{Project, dataset, find};
use crate::walk::Input;

/// Everything that files are checked against.
pub(super) struct Setup {
    /// The project of the command line.
    first: Scope,
    /// The others that files are in.
    others: Vec<Scope>,
    /// For each folder of files its place among the others; `None` is the first.
    folders: HashMap<PathBuf, Option<usize>>,
    /// Whether the user said which project it is.
    is_named: bool,
    pub(super) known: known::Known,
}

/// One project.
struct Scope {
    project: Project,
    catalog: Catalog,
    input: Option<Arc<Dataset>>,
    levels: Levels,
}

impl Scope {
    fn new(out: &mut Output, mut project: Project, arguments: &Arguments) -> Outcome<Self> {
        out.tell(&project.oddities)?;
        let catalog = project.catalog();
        arguments.levels.apply(&mut project)?;
        let input = arguments.from.as_deref().map(|name| dataset(&catalog, name)).transpose()?;
        let levels = project.levels();
        Ok(Self { project, catalog, input, levels })
    }

    fn world(&self) -> World<'_> {
        World { levels: &self.levels, catalog: &self.catalog, input: self.input.as_ref() }
    }
}

impl Setup {
    /// The project of the command line, and what is known of findings.
    pub(super) fn load(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome<Self> {
        let mut places = or_here(&arguments.paths);
        places.extend(arguments.stdin_filename.clone());
        let project = super::super::project(out, global, &places)?;
        let first = Scope::new(out, project, arguments)?;
        let known = known::Known::load(&arguments.known)?;
        let is_named = global.project.is_some();
        Ok(Self { first, others: Vec::new(), folders: HashMap::new(), is_named, known })
    }

    /// Reads the other projects that files are in.
    pub(super) fn extend(
        &mut self,
        out: &mut Output,
        arguments: &Arguments,
        inputs: &[Input],
    ) -> Outcome<()> {
        if self.is_named {
            return Ok(());
        }
        let mut last: Option<&Path> = None;
        for input in inputs {
            let Input::File(path) = input else { continue };
            let Some(folder) = path.parent() else { continue };
            // Files come folder by folder.
            if last.replace(folder) == Some(folder) || self.folders.contains_key(folder) {
                continue;
            }
            let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let at = self.scope_of(out, arguments, here)?;
            self.folders.insert(folder.to_owned(), at);
        }
        Ok(())
    }

    /// The place of a folder's project among the others, which may be new.
    fn scope_of(
        &mut self,
        out: &mut Output,
        arguments: &Arguments,
        folder: &Path,
    ) -> Outcome<Option<usize>> {
        let root = find(folder);
        let is_it = |scope: &Scope| scope.project.root == root;
        if is_it(&self.first) {
            return Ok(None);
        }
        if let Some(at) = self.others.iter().position(is_it) {
            return Ok(Some(at));
        }
        let project = Project::load(out, root.as_deref(), Some(folder))?;
        self.others.push(Scope::new(out, project, arguments)?);
        Ok(Some(self.others.len() - 1))
    }

    /// The folders of all projects.
    pub(super) fn roots(&self) -> impl Iterator<Item = &Path> {
        let all = std::iter::once(&self.first).chain(&self.others);
        all.filter_map(|scope| scope.project.root.as_deref())
    }

    /// The project of the command line.
    pub(super) fn project(&self) -> &Project {
        &self.first.project
    }

    pub(super) fn checker(&self) -> Checker<'_> {
        Checker { project: self.project(), worlds: self, baseline: self.known.accepted() }
    }
}

impl Worlds for Setup {
    fn of(&self, path: Option<&Path>) -> World<'_> {
        let folder = path.and_then(Path::parent);
        let at = folder.and_then(|folder| self.folders.get(folder)).copied().flatten();
        at.and_then(|at| self.others.get(at)).unwrap_or(&self.first).world()
    }
}
