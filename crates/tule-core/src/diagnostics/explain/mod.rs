//! The long texts: for every code why it matters, a statement that raises it and the same
//! statement repaired.
//!
//! `tule explain`, the documentation page of a code and the editor's link all show these, so they
//! are written for somebody who knows the data rather than the compiler: what the portal does
//! with such a query, or what is wrong with the rows it gives, and what to write instead. The
//! examples run as tests against the datasets of the documentation. Deliberately absent: the
//! one-line summaries and severities ([`super::codes`]), the wording of single findings, which
//! stands where they are raised, and anything about how a text is laid out on a screen.

mod characters;
mod clauses;
mod comments;
mod drift;
mod grammar;
mod literals;
mod names;
mod requests;
mod tables;
#[cfg(test)]
pub(crate) mod tests;

use super::Code;

/// What is to be said about a code at length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// What goes wrong and what to do: plain text with back-quotes for code, an empty line
    /// between paragraphs.
    pub why: &'static str,
    /// A statement that raises the code, or comes near to it where one statement cannot.
    pub failing: &'static str,
    /// The same statement repaired.
    pub repaired: &'static str,
}

static TABLES: [&[Explanation]; 9] = [
    characters::ROWS,
    grammar::ROWS,
    tables::ROWS,
    names::ROWS,
    literals::ROWS,
    clauses::ROWS,
    requests::ROWS,
    comments::ROWS,
    drift::ROWS,
];

/// Stands in for a text that is not written yet; the tests leave no code without one.
static UNWRITTEN: Explanation = Explanation {
    code: Code::UnexpectedToken,
    why: "Nothing more than its one-line summary has been written about this rule.",
    failing: "",
    repaired: "",
};

/// The long text about a code.
///
/// ```
/// use tule_core::diagnostics::{Code, explain};
/// assert!(explain(Code::UnknownColumn).failing.starts_with("select"));
/// ```
#[must_use]
pub fn explain(code: Code) -> &'static Explanation {
    rows().find(|row| row.code == code).unwrap_or(&UNWRITTEN)
}

/// Every text: those of this module, and those that stand with the lints.
fn rows() -> impl Iterator<Item = &'static Explanation> {
    TABLES.into_iter().flatten().chain(crate::lint::lints().map(|lint| &lint.explanation))
}
