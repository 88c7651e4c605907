//! Drift: what a portal has changed since its datasets were locked, and which queries that breaks.
//!
//! [`compare`] tells two schemas apart; [`in_statement`] judges one statement by checking it
//! against both and by what it refers to; [`in_lock`] says what is left to say about the dataset
//! itself. Severity goes by use: a column that nobody reads may go without a word. What a portal
//! adds and drops by itself (computed regions, system columns) is no change. Deliberately absent:
//! fetching, and the walk over a project's files.

pub mod approval;
mod compare;
mod lock;
mod rename;
mod statement;
mod stopped;
mod successor;
#[cfg(test)]
mod tests;
mod uses;

pub use compare::compare;
pub use lock::in_lock;
pub use statement::{Found, in_statement};
pub use stopped::stopped;
pub use successor::{Successor, successor};

use crate::schema::{Column, Dataset, DateRange};

/// A locked dataset and what became of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Drift {
    /// As it is locked.
    pub locked: Dataset,
    /// As the portal has it.
    pub now: Now,
    /// Where its rows may be instead.
    pub successor: Option<Successor>,
}

/// What a portal has in the place of a locked dataset.
#[derive(Clone, PartialEq, Debug)]
pub enum Now {
    /// A dataset, with what changed about it.
    There(Vec<Change>),
    /// Nothing.
    Gone,
    /// Something that it does not show.
    Private,
    /// The host answers, but not as this kind of portal does.
    Moved {
        /// What answers instead.
        found: String,
    },
}

/// One thing that changed about a dataset.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// A column is gone.
    Removed(Column),
    /// A column is gone, and another one is probably the same under a new name.
    Renamed {
        /// As it was.
        old: Column,
        /// As it probably is.
        new: Column,
        /// What speaks for it.
        evidence: Vec<String>,
    },
    /// A column has another type.
    Retyped {
        /// As it was.
        old: Column,
        /// As it is.
        new: Column,
    },
    /// A column is new.
    Added(Column),
    /// Rows are gone: fewer than nine in ten are left.
    Shrunk {
        /// Rows when it was locked, in coarse steps.
        old: u64,
        /// Rows now.
        new: u64,
    },
    /// The rows begin later or end earlier than they did.
    Range {
        /// As it was.
        old: DateRange,
        /// As it is.
        new: DateRange,
    },
    /// It became another sort of thing: a map, a file, a view of another dataset.
    Asset {
        /// What it was.
        old: String,
        /// What it is.
        new: String,
    },
    /// No row has changed for much longer than the publisher's own interval.
    Stopped {
        /// The day when rows last changed.
        updated: String,
        /// The interval, in the publisher's words.
        frequency: String,
        /// Days since then.
        days: u32,
    },
    /// A label, a description, the title or the order of columns: nothing that a query reads.
    Wording {
        /// The column, unless it is about the dataset.
        column: Option<String>,
        /// What changed, in words.
        what: String,
    },
}

impl Drift {
    /// A dataset and what became of it.
    #[must_use]
    pub fn new(locked: Dataset, now: Now) -> Self {
        Self { locked, now, successor: None }
    }

    /// Whether rows may be somewhere else now: the dataset is gone, has become something else, or
    /// has lost rows.
    #[must_use]
    pub fn has_lost_rows(&self) -> bool {
        matches!(self.now, Now::Gone) || self.changes().iter().any(Change::loses_rows)
    }

    /// What changed; nothing where there is no dataset any more.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        match &self.now {
            Now::There(changes) => changes,
            Now::Gone | Now::Private | Now::Moved { .. } => &[],
        }
    }

    /// Whether anything changed that could matter to a query.
    #[must_use]
    pub fn matters(&self) -> bool {
        match &self.now {
            Now::There(changes) => {
                changes.iter().any(|change| !matches!(change, Change::Wording { .. }))
            }
            Now::Gone | Now::Private | Now::Moved { .. } => true,
        }
    }
}

impl Change {
    /// What the portal has in the place of what was locked, in a word: the new name, the new type,
    /// the new kind of thing. It tells one change from another of the same kind.
    #[must_use]
    pub fn now(&self) -> Option<&str> {
        match self {
            Self::Renamed { new, .. } => Some(&new.name),
            Self::Retyped { new, .. } => Some(spelled(new)),
            Self::Asset { new, .. } => Some(new),
            _ => None,
        }
    }

    /// The name of the column that it is about: as it was locked, or of a new one.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Added(new) => Some(&new.name),
            other => other.column(),
        }
    }

    /// Whether rows may be somewhere else behind it.
    pub(crate) fn loses_rows(&self) -> bool {
        matches!(self, Self::Shrunk { .. } | Self::Range { .. } | Self::Asset { .. })
    }

    /// The name of the locked column that it is about.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Removed(old) | Self::Renamed { old, .. } | Self::Retyped { old, .. } => {
                Some(&old.name)
            }
            Self::Range { old, .. } => Some(&old.column),
            Self::Wording { column, .. } => column.as_deref(),
            Self::Added(_) | Self::Shrunk { .. } | Self::Stopped { .. } | Self::Asset { .. } => {
                None
            }
        }
    }
}

/// A type as people know it: the language's name, else the portal's.
fn spelled(column: &Column) -> &str {
    column.ty.map_or(&*column.portal_type, |ty| ty.name())
}
