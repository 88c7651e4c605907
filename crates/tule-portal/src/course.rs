//! What is known of rows on their way, beside the rows: how far they are, from where a later run can
//! go on, and what is to be said at the end.

/// How far the rows are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Rows received.
    pub rows: u64,
    /// Pages that are complete.
    pub pages: u64,
    /// Bytes of rows, unpacked.
    pub bytes: u64,
    /// Rows that the portal counts, where it was asked.
    pub expected: Option<u64>,
}

/// What is to be said of a result whose last row came.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct End {
    /// The number of rows at which the portal probably stopped although more match: its default
    /// where the query has no LIMIT, or a ceiling below the LIMIT. A portal does not say so; a
    /// result of exactly that many rows counts as cut.
    pub cut: Option<u64>,
    /// Whether the rows come from a copy that is behind.
    pub out_of_date: bool,
    /// When the copy was last changed, as the portal says it.
    pub last_modified: Option<String>,
    /// Columns of another type than the schema says, and new ones, in words.
    pub drift: Vec<String>,
}

/// A place between two pages from which a later run can go on. It says nothing about the request,
/// which has to be the same.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Point {
    /// The rows in front of it.
    pub rows: u64,
    /// The identifier of the last of them, if pages go by it.
    pub(crate) last: Option<String>,
    /// The state that the rows were in.
    pub(crate) stamp: String,
}
