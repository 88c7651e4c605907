//! Which files a command is about.
//!
//! Folders are searched for files that end in `.tule`, in an order that does not depend on the
//! disk, past what git ignores and hidden files. A file that is named is taken whatever it is
//! called.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::exit::{Outcome, Stop};
use crate::source::shown;

/// One thing to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// The files behind `paths`, each once; `-` is standard input.
pub(crate) fn inputs(paths: &[PathBuf]) -> Outcome<Vec<Input>> {
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
        let files = if facts.is_dir() { folder(path)? } else { vec![path.clone()] };
        for file in files {
            let place = file.canonicalize().unwrap_or_else(|_| file.clone());
            if known.insert(place) {
                inputs.push(Input::File(file));
            }
        }
    }
    Ok(inputs)
}

fn folder(root: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
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
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "tule") && path.is_file() {
            files.push(path.to_owned());
        }
    }
    Ok(files)
}
