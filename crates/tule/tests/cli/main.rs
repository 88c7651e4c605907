//! The program as its users run it: real processes, real files, real pipes.
//!
//! One binary, because linking one is cheaper than linking ten. A module per command, and one for
//! what holds for all of them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod check;
mod common;
mod compile;
mod explain;
mod fmt;
mod import;
mod init;
mod lock;
mod portal;
mod schema;
mod streams;
