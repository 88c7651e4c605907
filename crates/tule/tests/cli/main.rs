//! The program as its users run it: real processes, real files, real pipes.
//!
//! One binary, because linking one is cheaper than linking ten. A module per command, and one for
//! what holds for all of them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod baseline;
mod check;
mod ci;
mod clients;
mod common;
mod compile;
mod examples;
mod explain;
mod fix;
mod fmt;
mod formats;
mod import;
mod init;
mod lock;
mod lsp;
mod markdown;
mod portal;
mod run;
mod schema;
mod serve;
mod streams;
mod watch;
