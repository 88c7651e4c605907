//! What was worked out about files that nobody described, kept between runs: otherwise every start
//! goes through all of each.
//!
//! A record holds for a file of one path as long as its length and the time of its last change are
//! the same. Records are written beside and moved into place; one that is broken or old is made anew.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tule_core::types::Type;

use super::describe::Field;
use super::{Note, Source};

/// Changes whenever what is worked out does.
const VERSION: u32 = 1;

/// What is kept of a file.
#[derive(Serialize, Deserialize)]
pub(super) struct Known {
    state: String,
    pub(super) rows: u64,
    /// Header, field name and type of each column.
    columns: Vec<(String, String, String)>,
    notes: Vec<(Option<u64>, String)>,
}

impl Known {
    /// What is to be kept. `None` for a file whose state the system does not tell.
    pub(super) fn new(
        source: &Source,
        fields: &[Field],
        rows: u64,
        notes: &[Note],
    ) -> Option<Self> {
        let columns = fields
            .iter()
            .map(|field| (field.header.clone(), field.name.clone(), field.ty.name().to_owned()));
        let notes = notes.iter().map(|note| (note.line, note.message.clone()));
        Some(Self {
            state: state(&source.path)?,
            rows,
            columns: columns.collect(),
            notes: notes.collect(),
        })
    }

    /// What was kept of a file, if it is still as it was.
    pub(super) fn read(folder: &Path, source: &Source) -> Option<Self> {
        let known: Self =
            serde_json::from_slice(&std::fs::read(place(folder, source)).ok()?).ok()?;
        (known.state == state(&source.path)?).then_some(known)
    }

    /// Keeps it. That this fails costs time alone.
    pub(super) fn keep(&self, folder: &Path, source: &Source) {
        let keep = || -> std::io::Result<()> {
            let mut file = tempfile::Builder::new().prefix("types-").tempfile_in(folder)?;
            file.write_all(&serde_json::to_vec(self)?)?;
            file.persist(place(folder, source))?;
            Ok(())
        };
        let _ = keep();
    }

    pub(super) fn fields(&self) -> Option<Vec<Field>> {
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(position, (header, name, ty))| {
                let ty = Type::from_name(ty)?;
                Some(Field { header: header.clone(), position, name: name.clone(), ty })
            })
            .collect()
    }

    pub(super) fn notes(&self, source: &Source) -> Vec<Note> {
        let note = |(line, message): &(Option<u64>, String)| Note {
            path: source.path.clone(),
            line: *line,
            message: message.clone(),
        };
        self.notes.iter().map(note).collect()
    }
}

/// What the file is like now.
fn state(path: &Path) -> Option<String> {
    let facts = std::fs::metadata(path).ok()?;
    let modified = facts.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(format!("{VERSION} {} {} {}", path.display(), facts.len(), modified.as_nanos()))
}

fn place(folder: &Path, source: &Source) -> PathBuf {
    use std::hash::BuildHasher as _;
    let path = source.path.canonicalize().unwrap_or_else(|_| source.path.clone());
    folder.join(format!("types-{:016x}.json", rustc_hash::FxBuildHasher.hash_one(path)))
}
