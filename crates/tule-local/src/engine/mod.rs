//! Plans to SQL, and SQL to rows.

mod lower;
mod pack;
mod register;
mod rows;
mod words;

pub use rows::{Cancel, Rows};

use tule_core::plan::Plan;

use crate::error::RunError;
use crate::portal::LocalPortal;

/// How a query is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunOptions {
    /// How many rows to give where the query itself does not say, not even `limit all`. `None`
    /// gives them all.
    pub default_limit: Option<u64>,
}

pub(crate) fn run(
    portal: &LocalPortal,
    plan: &Plan<'_>,
    options: RunOptions,
) -> Result<Rows, RunError> {
    let lowered = lower::lower(portal, plan, options)?;
    Rows::start(portal, lowered)
}
