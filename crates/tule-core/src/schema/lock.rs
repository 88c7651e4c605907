//! `tule.lock`: the schemas that queries are checked against, as a text to commit.
//!
//! Its diff is the drift report, so the text is made for line-wise comparison: datasets sorted by
//! place, one column a line, keys in one order, nothing that changes unless the portal did. It is
//! TOML. Deliberately absent: reading and writing the file itself, the moment of fetching, and
//! what a difference breaks.

mod place;
mod read;
#[cfg(test)]
mod stockton;
#[cfg(test)]
mod tests;
mod write;

use tule_syntax::span::Span;

use super::Dataset;
pub use place::place;
pub use read::read;
pub(crate) use write::quoted;
pub use write::write;

/// The version of the format that this program reads and writes.
pub const VERSION: u64 = 1;

/// The schemas of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// The datasets, sorted by host and identifier; [`Lock::merge`] keeps them so.
    pub datasets: Vec<Dataset>,
}

/// Why a text is not a lock file that this program can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockError {
    /// What is wrong.
    pub message: String,
    /// Where; never empty where text exists.
    pub span: Span,
    /// What to do; empty where nothing more can be said.
    pub help: String,
}

impl std::fmt::Display for LockError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LockError {}

impl Lock {
    /// A lock of these datasets; the last of two for one place wins.
    #[must_use]
    pub fn of(datasets: impl IntoIterator<Item = Dataset>) -> Self {
        let mut lock = Self::default();
        for dataset in datasets {
            lock.merge(dataset);
        }
        lock
    }

    /// Adds a dataset, or puts it in place of the one of the same host and identifier.
    pub fn merge(&mut self, dataset: Dataset) {
        match self.position(&dataset.host, &dataset.id) {
            Ok(at) => {
                if let Some(old) = self.datasets.get_mut(at) {
                    *old = dataset;
                }
            }
            Err(at) => self.datasets.insert(at, dataset),
        }
    }

    /// The dataset at this place. Hosts are in lower case.
    #[must_use]
    pub fn get(&self, host: &str, id: &str) -> Option<&Dataset> {
        self.datasets.get(self.position(host, id).ok()?)
    }

    /// Takes the dataset at this place out.
    pub fn remove(&mut self, host: &str, id: &str) -> Option<Dataset> {
        let at = self.position(host, id).ok()?;
        Some(self.datasets.remove(at))
    }

    fn position(&self, host: &str, id: &str) -> Result<usize, usize> {
        self.datasets.binary_search_by(|known| (&*known.host, &*known.id).cmp(&(host, id)))
    }
}

/// A number of rows as the lock keeps it: its two leading digits, so that a dataset which grows
/// every day does not change the file every day.
///
/// ```
/// use tule_core::schema::lock::coarse;
/// assert_eq!(coarse(1_234_567), 1_200_000);
/// assert_eq!(coarse(98), 98);
/// ```
#[must_use]
pub fn coarse(rows: u64) -> u64 {
    // What TOML can hold.
    let rows = rows.min(i64::MAX.unsigned_abs());
    let step = 10_u64.pow(rows.checked_ilog10().unwrap_or(0).saturating_sub(1));
    rows / step * step
}
