//! What the suites of this folder share: the documents of the reference and how they are read,
//! the datasets that their statements query, the corpus of real calls, and the rows of the example
//! project.
//!
//! The documents under `spec/` are prose for people and tests at once. This crate only reads and
//! compares; what is right is said in the documents, never here.

#![forbid(unsafe_code)]

pub mod compile;
pub mod corpus;
pub mod datasets;
pub mod documents;
pub mod ebnf;
pub mod expect;
pub mod form;
pub mod grammar;
pub mod judge;
pub mod normal;
pub mod pains;
pub mod rules;
pub mod sample;
pub mod statements;
pub mod watch;

use std::path::PathBuf;

/// The root of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}
