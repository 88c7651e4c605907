//! Where rows come from, as `tule run` sees it.

use tule_core::check::OutputColumn;
use tule_core::rows::Row;
use tule_portal::Point;
use tule_syntax::span::Span;

/// The rows of one result, one after the other. They may come from the embedded engine or, page by
/// page, from a portal.
pub(crate) trait Source {
    /// The columns of every row.
    fn columns(&self) -> &[OutputColumn];
    /// The next row; `None` behind the last.
    ///
    /// # Errors
    ///
    /// Why there are no more rows although the result is not whole. Nothing comes behind it.
    fn next_row(&mut self) -> Result<Option<Row>, Fault>;
    /// Whether the rows given so far are all that the query asked for; asked behind the last.
    fn completeness(&self) -> Completeness;
    /// What went over the network so far; `None` where nothing does.
    fn traffic(&self) -> Option<Traffic> {
        None
    }
    /// As of when the rows are, where the portal says it; asked behind the last.
    fn as_of(&self) -> Option<String> {
        None
    }
    /// How many rows there will be in all, where that is known.
    fn expected(&self) -> Option<u64> {
        None
    }
    /// How many rows are left out because an earlier run had them; known behind the first row.
    fn resumed(&self) -> u64 {
        0
    }
    /// Where a later run can go on, if such a place lies directly behind the rows that were given
    /// before the last one was asked for, whether or not it came.
    fn point(&self) -> Option<&Point> {
        None
    }
    /// What else is to be said of the rows, a line each; asked behind the last.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What went over the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Traffic {
    /// Pages that are complete.
    pub(crate) pages: u64,
    /// Bytes of rows, unpacked.
    pub(crate) bytes: u64,
}

/// Whether a result is whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Completeness {
    /// Everything that the query asks for.
    Whole,
    /// The query has no LIMIT, so that the portal stopped at its own although there is more.
    CutAt(u64),
}

/// Why there are no more rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// The query asks for what cannot be: a division by zero, a function that is not there.
    Query {
        /// A stable name in kebab-case.
        code: &'static str,
        /// What is wrong, in one sentence.
        message: String,
        /// The part of the statement, where it is known.
        span: Option<Span>,
    },
    /// The portal cannot answer.
    Portal(String),
    /// The user broke it off.
    Cancelled,
}
