//! The same for programs without a runtime of their own.
//!
//! A [`Runtime`] runs one future at a time on the thread that asks; [`BlockingRows`] is an
//! ordinary iterator. Nothing runs in between, so that a program that is stopped stops.

use std::sync::Arc;

use tule_core::rows::Row;

use crate::course::{End, Progress};
use crate::error::{Error, Fault};
use crate::rows::Rows;

/// What runs the client's futures on this thread.
#[derive(Clone, Debug)]
pub struct Runtime(Arc<tokio::runtime::Runtime>);

impl Runtime {
    /// A runtime.
    ///
    /// # Errors
    ///
    /// If the system gives none of what it needs.
    pub fn new() -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|error| Error::new(Fault::Setup { reason: error.to_string() }, "runtime"))?;
        Ok(Self(Arc::new(runtime)))
    }

    /// Runs `future` to its end.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.0.block_on(future)
    }

    /// Rows as an iterator. An error is its last item; without one, the result is complete.
    #[must_use]
    pub fn rows(&self, rows: Rows) -> BlockingRows {
        BlockingRows { runtime: self.clone(), rows, failed: false }
    }
}

/// Rows as an iterator.
#[derive(Debug)]
pub struct BlockingRows {
    runtime: Runtime,
    rows: Rows,
    failed: bool,
}

impl BlockingRows {
    /// See [`Rows::progress`].
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.rows.progress()
    }

    /// See [`Rows::end`].
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.rows.end()
    }

    /// See [`Rows::columns`].
    #[must_use]
    pub fn columns(&self) -> &[tule_core::check::OutputColumn] {
        self.rows.columns()
    }
}

impl Iterator for BlockingRows {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = match self.rows.ready() {
            Some(row) => Ok(Some(row)),
            None => self.runtime.wait(self.rows.next()),
        };
        self.failed = next.is_err();
        next.transpose()
    }
}
