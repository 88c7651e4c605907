//! Queries over small folders, with results worked out by hand.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod clauses;
mod files;
mod functions;
mod harness;
mod joins;
mod run;
mod windows;
