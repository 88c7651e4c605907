//! What is odd in a file without making it useless.

use std::fmt;
use std::path::{Path, PathBuf};

/// Notes of one kind that are kept in full; further ones are counted.
const KEPT: u64 = 5;

/// One oddity of a file and what was made of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1; absent where the whole file is meant.
    pub line: Option<u64>,
    /// What was found and what was made of it.
    pub message: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A kind of oddity that can come up in every line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Oddity {
    ShortRecord,
    LongRecord,
    NotUtf8,
    NotOfType,
    NotAnObject,
}

impl Oddity {
    const fn text(self) -> &'static str {
        match self {
            Self::ShortRecord => "fewer fields than the header",
            Self::LongRecord => "more fields than the header",
            Self::NotUtf8 => "bytes that are not UTF-8",
            Self::NotOfType => "values that are not of their column's type",
            Self::NotAnObject => "members that are not objects",
        }
    }
}

/// Collects the notes of one file; the same oddity in a million lines is a few notes.
#[derive(Debug)]
pub(crate) struct Notes {
    path: PathBuf,
    list: Vec<Note>,
    counts: Vec<(Oddity, u64)>,
}

impl Notes {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), list: Vec::new(), counts: Vec::new() }
    }

    /// A note on the file as a whole.
    pub(crate) fn file(&mut self, message: impl Into<String>) {
        self.list.push(Note { path: self.path.clone(), line: None, message: message.into() });
    }

    /// A note on one line; `message` is asked for only where it is kept.
    pub(crate) fn line(&mut self, oddity: Oddity, line: u64, message: impl FnOnce() -> String) {
        let index = self.counts.iter().position(|(known, _)| *known == oddity);
        let index = index.unwrap_or_else(|| {
            self.counts.push((oddity, 0));
            self.counts.len() - 1
        });
        let Some((_, count)) = self.counts.get_mut(index) else { return };
        *count += 1;
        if *count <= KEPT {
            let message = message();
            self.list.push(Note { path: self.path.clone(), line: Some(line), message });
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Note> {
        for (oddity, count) in std::mem::take(&mut self.counts) {
            if count > KEPT {
                self.file(format!("{count} lines in all with {}", oddity.text()));
            }
        }
        self.list
    }
}
