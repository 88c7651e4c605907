//! `tule.approved.toml`: the file of approvals, read and added to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tule_core::drift::approval::{Approval, append, parse};
use tule_core::schema::catalog::{Catalog, Lookup, Reference};

use super::fetch::Place;
use crate::atomic;
use crate::exit::{Outcome, Stop};
use crate::output::Output;
use crate::project::refuse;
use crate::render::finding::Finding;
use crate::source::{SourceFile, shown};

/// The name of the file, beside `tule.toml`.
pub(super) const APPROVED: &str = "tule.approved.toml";

/// The approvals of a project.
pub(super) struct Known {
    path: PathBuf,
    /// The file; absent where there is none.
    pub(super) file: Option<SourceFile>,
    pub(super) all: Vec<Approval>,
    /// The datasets that they are about; one that the lock does not have is missing.
    places: BTreeMap<String, Place>,
}

impl Known {
    /// Reads the file, if there is one; faults in it are shown and end the run.
    pub(super) fn read(out: &mut Output, root: &Path, catalog: &Catalog) -> Outcome<Self> {
        let path = root.join(APPROVED);
        let mut this = Self { path, file: None, all: Vec::new(), places: BTreeMap::new() };
        if this.path.symlink_metadata().is_ok() {
            let file = SourceFile::read(&this.path)?;
            this.take(out, file, catalog)?;
        }
        Ok(this)
    }

    fn take(&mut self, out: &mut Output, file: SourceFile, catalog: &Catalog) -> Outcome<()> {
        if let Some(fault) = &file.fault {
            return Err(Stop::usage(format!("`{}`: {}", shown(&self.path), fault.message)));
        }
        self.all = match parse(&file.text) {
            Ok(all) => all,
            Err(errors) => {
                let findings: Vec<_> = errors
                    .iter()
                    .map(|error| Finding::error(error.span, &error.message, &error.help))
                    .collect();
                return refuse(out, &file, &findings);
            }
        };
        self.places = self
            .all
            .iter()
            .filter_map(|approval| match catalog.lookup(Reference::Path(&approval.dataset)) {
                Lookup::Found(dataset) => {
                    Some((approval.dataset.clone(), (dataset.host.clone(), dataset.id.clone())))
                }
                _ => None,
            })
            .collect();
        self.file = Some(file);
        Ok(())
    }

    /// The dataset that an approval is about, if the lock has it.
    pub(super) fn place(&self, approval: &Approval) -> Option<&Place> {
        self.places.get(&approval.dataset)
    }

    /// Adds approvals to the file; how many there were to add.
    pub(super) fn add(
        &mut self,
        out: &mut Output,
        added: &[Approval],
        catalog: &Catalog,
    ) -> Outcome<usize> {
        let before = self.all.len();
        let text = self.file.as_ref().map_or("", |file| &file.text);
        let text = append(text, &self.all, added);
        if added.is_empty() {
            return Ok(0);
        }
        atomic::write(&self.path, &text)?;
        let file = SourceFile::read(&self.path)?;
        self.take(out, file, catalog)?;
        Ok(self.all.len() - before)
    }
}
