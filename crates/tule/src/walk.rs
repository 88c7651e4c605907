//! Which files a command is about.
//!
//! Folders are searched for files that end in `.tule`, in an order that does not depend on the
//! disk, past what git ignores and hidden files. A file that is named is taken whatever it is
//! called.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::exit::{Outcome, Stop};
use crate::source::{is_markdown, shown};

/// One thing to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// What folders are searched for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wanted {
    /// Files of queries.
    Queries,
    /// Markdown files as well.
    MarkdownToo,
}

impl Wanted {
    /// For messages: no such files were found.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queries => "`.tule` files",
            Self::MarkdownToo => "`.tule` or Markdown files",
        }
    }

    fn takes(self, path: &Path) -> bool {
        path.extension().is_some_and(|extension| extension == "tule")
            || self == Self::MarkdownToo && is_markdown(path)
    }
}

/// The files behind `paths`, each once; `-` is standard input.
pub(crate) fn inputs(paths: &[PathBuf], wanted: Wanted) -> Outcome<Vec<Input>> {
    // One folder has each of its files once, unless links lead to some again. Asking the system
    // where each file really is takes longer than checking it.
    if let [path] = paths
        && path.is_dir()
    {
        let found = folder(path, wanted)?;
        if !found.links {
            return Ok(found.files.into_iter().map(Input::File).collect());
        }
    }
    let mut inputs = Vec::new();
    let mut known = HashSet::new();
    for path in paths {
        if path.as_os_str() == "-" {
            if !inputs.contains(&Input::Stdin) {
                inputs.push(Input::Stdin);
            }
            continue;
        }
        let facts = path.metadata().map_err(|error| Stop::file("read", path, &error))?;
        let files = if facts.is_dir() { folder(path, wanted)?.files } else { vec![path.clone()] };
        for file in files {
            let place = file.canonicalize().unwrap_or_else(|_| file.clone());
            if known.insert(place) {
                inputs.push(Input::File(file));
            }
        }
    }
    Ok(inputs)
}

/// Files of a folder.
#[derive(Debug, Default)]
struct Found {
    files: Vec<PathBuf>,
    /// Whether some are links to files.
    links: bool,
}

fn folder(root: &Path, wanted: Wanted) -> Outcome<Found> {
    let mut found = Found::default();
    let walk = WalkBuilder::new(root)
        // A checkout without its `.git` is ignored in the same places.
        .require_git(false)
        .sort_by_file_path(Path::cmp)
        .build();
    for entry in walk {
        let entry = entry.map_err(|error| {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or(&text);
            Stop::usage(format!("cannot search `{}`: {text}", shown(root)))
        })?;
        if !wanted.takes(entry.path()) {
            continue;
        }
        let is_link = entry.path_is_symlink();
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file || is_link && entry.path().is_file() {
            found.links |= is_link;
            found.files.push(entry.into_path());
        }
    }
    Ok(found)
}
