//! Where our answers differ from PostgreSQL's, and why.

use crate::calls::Call;

/// A kind of difference.
pub(crate) struct Difference {
    /// Why the answers differ.
    pub(crate) reason: &'static str,
    /// Whether it takes the geographic functions.
    pub(crate) spatial: bool,
    /// Whether it may be the reason for a difference in this call.
    pub(crate) applies: fn(&Call) -> bool,
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        reason: "PostgreSQL sums squares for the mean of doubles as well, which overflow first",
        spatial: false,
        applies: |call| call.identity == "avg" && call.sql.contains("e199"),
    },
    Difference {
        reason: "of vertices equally far from a line, PostGIS keeps the first and geo the last",
        spatial: true,
        applies: |call| call.identity == "simplify",
    },
    Difference {
        reason: "PostGIS leaves a line that crosses itself as it is, even where simplifying is safe",
        spatial: true,
        applies: |call| {
            call.identity == "simplify_preserve_topology" && call.sql.contains("LINESTRING")
        },
    },
];
