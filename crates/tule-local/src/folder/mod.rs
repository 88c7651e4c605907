//! Files in a folder: which of them are datasets, and what is known of each.

pub(crate) mod delimited;
mod describe;
mod infer;
mod json;
mod names;
mod notes;
pub(crate) mod read;
pub(crate) mod write;

pub(crate) use describe::{Described, Field, describe};
pub use notes::Note;
pub(crate) use notes::{Notes, Oddity};

use std::path::{Path, PathBuf};

use crate::error::OpenError;
use read::Format;

/// A file of rows, and the file that describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) format: Format,
    /// The file's name without its endings.
    pub(crate) stem: String,
    pub(crate) metadata: Option<PathBuf>,
}

/// What a description is called, beside the file or in a folder of its own.
pub(crate) const DESCRIPTION: &str = ".meta.json";
const DESCRIPTIONS: &str = "metadata";

/// The files of rows in `folder`, in order of name. Folders in it, hidden files and files of other
/// formats do not count.
pub(crate) fn find(folder: &Path) -> Result<Vec<Source>, OpenError> {
    let io = |error| OpenError::io(folder, error);
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let path = entry.path();
        let name = entry.file_name();
        // A name that is not Unicode cannot be an identifier.
        let Some(name) = name.to_str() else { continue };
        if name.starts_with('.') || name.ends_with(DESCRIPTION) || !path.is_file() {
            continue;
        }
        let Some((format, stem)) = Format::of(name) else { continue };
        let metadata = [
            folder.join(format!("{stem}{DESCRIPTION}")),
            folder.join(DESCRIPTIONS).join(format!("{stem}.json")),
        ];
        let metadata = metadata.into_iter().find(|path| path.is_file());
        sources.push(Source { format, stem: stem.to_owned(), metadata, path: path.clone() });
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}
