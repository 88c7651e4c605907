//! What commands change for the results that follow.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tule_core::check::OutputColumn;
use tule_core::rows::Row;
use tule_core::schema::Dataset;

use crate::rows::Format;
use crate::rows::source::Completeness;

/// Most rows of the last result that are kept for charts, reports and `.last`.
pub(crate) const KEPT: usize = 100_000;

/// Where rows go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Destination {
    /// Into a file, whole or not at all.
    File(PathBuf),
    /// Into a command of the shell.
    Command(String),
}

/// Settings of a session.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The form of rows; `None` chooses by what reads them.
    pub(crate) mode: Option<Format>,
    /// Whether the footer tells the time.
    pub(crate) timing: bool,
    /// Where every result goes, if not to the screen.
    pub(crate) output: Option<Destination>,
    /// Where the next one goes.
    pub(crate) once: Option<Destination>,
    /// Values of parameters, by name.
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        let parameters = BTreeMap::new();
        Self { mode: None, timing: true, output: None, once: None, parameters }
    }
}

/// The last result, as far as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// The statement.
    pub(crate) text: String,
    /// Its columns.
    pub(crate) columns: Vec<OutputColumn>,
    /// Its first [`KEPT`] rows.
    pub(crate) rows: Vec<Row>,
    /// How many there were.
    pub(crate) total: u64,
    /// Whether the portal gave all of them.
    pub(crate) completeness: Completeness,
    /// The datasets that they come from.
    pub(crate) datasets: Vec<Arc<Dataset>>,
    /// As of when the rows are, where the portal says it.
    pub(crate) as_of: Option<String>,
}

impl Kept {
    /// Whether every row that the query asks for is here.
    pub(crate) fn is_whole(&self) -> bool {
        self.completeness == Completeness::Whole && self.total == self.rows.len() as u64
    }
}
