//! Queries over small folders, with results worked out by hand.

mod clauses;
mod files;
mod functions;
mod harness;
mod joins;
mod run;
mod windows;
