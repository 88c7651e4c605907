//! Plans to requests: what is sent to a portal, as inert data.
//!
//! One module per portal interface. Encoding happens in one place (`request`), by the `url`
//! crate; no string is pasted into an address. Sending is deliberately absent.

mod pages;
mod preview;
mod request;
mod soda;
mod soql;
#[cfg(test)]
mod tests;
mod text;

pub use preview::{Part, preview};
pub use request::{Method, Paging, Request, Strategy};
pub use text::{SourceMap, Text};

use crate::diagnostics::Diagnostic;
use crate::plan::Plan;
use crate::schema::catalog::Catalog;
use crate::target::Target;

/// Builds the requests for `plan`. They go to the address of the portal that `catalog` knows for
/// the dataset, and to the dataset's host by https where it knows none.
///
/// # Errors
///
/// A diagnostic for each thing that the target cannot express.
pub fn lower(
    plan: &Plan<'_>,
    target: Target,
    catalog: &Catalog,
) -> Result<Lowered, Vec<Diagnostic>> {
    soda::lower(plan, target, catalog)
}

/// Requests, and what is to be said of them.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The requests, in the order in which they are to be sent.
    pub requests: Vec<Request>,
    /// Warnings, such as an address that is too long.
    pub warnings: Vec<Diagnostic>,
}
