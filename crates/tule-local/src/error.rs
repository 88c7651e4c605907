//! What can go wrong: opening a folder, and running a query over it.

use std::fmt;
use std::path::{Path, PathBuf};

use tule_syntax::span::Span;

/// Why a folder cannot be opened as a portal.
#[derive(Debug)]
pub enum OpenError {
    /// The folder or a file in it cannot be read.
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Two files are the same dataset.
    DuplicateId {
        /// The identifier.
        id: String,
        /// Both files.
        paths: [PathBuf; 2],
    },
}

impl OpenError {
    pub(crate) fn io(path: &Path, error: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), error }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "cannot read `{}`: {error}", path.display()),
            Self::DuplicateId { id, paths: [first, second] } => write!(
                f,
                "`{}` and `{}` are both the dataset `{id}`; rename one of them",
                first.display(),
                second.display()
            ),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { error, .. } => Some(error),
            Self::DuplicateId { .. } => None,
        }
    }
}

/// Why a query gives no rows, or no more of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunError {
    /// What kind of fault it is.
    pub code: RunCode,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The part of the statement at fault, where it is known.
    pub span: Option<Span>,
}

/// Kinds of faults of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RunCode {
    /// A dataset that this portal does not have.
    UnknownDataset,
    /// The schema that the query was checked with is not that of the file.
    StaleSchema,
    /// Something that the embedded engine does not do; found before any row is read.
    NotSupported,
    /// A value that a function or conversion cannot take: division by zero, text that is no number.
    BadValue,
    /// A query too large for the engine.
    TooLarge,
    /// A file that changed or cannot be read any more.
    File,
    /// The run was cancelled.
    Cancelled,
    /// A fault of the engine itself.
    Engine,
}

impl RunCode {
    /// The stable name, in kebab case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownDataset => "unknown-dataset",
            Self::StaleSchema => "stale-schema",
            Self::NotSupported => "not-supported",
            Self::BadValue => "bad-value",
            Self::TooLarge => "too-large",
            Self::File => "file",
            Self::Cancelled => "cancelled",
            Self::Engine => "engine",
        }
    }
}

impl RunError {
    pub(crate) fn new(code: RunCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: None }
    }

    pub(crate) fn at(self, span: Span) -> Self {
        Self { span: Some(span), ..self }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RunError {}
