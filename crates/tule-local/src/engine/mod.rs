//! Plans to SQL, and SQL to rows.

mod lower;
mod pack;
mod register;
mod rows;
mod turns;
mod words;

pub use rows::{Cancel, Rows};

use tule_core::plan::Plan;

use crate::error::{RunCode, RunError};
use crate::portal::LocalPortal;

/// The stack of the threads that write and run a query: both go down the tree of the query, whose
/// height the parser and the engine limit.
const STACK: usize = 64 << 20;

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
    let broken = || RunError::new(RunCode::Engine, "the query could not be written");
    let lowered = std::thread::scope(|scope| {
        let lower = || lower::lower(portal, plan, options);
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, lower);
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| Err(broken()))
    })?;
    Rows::start(portal, lowered)
}
