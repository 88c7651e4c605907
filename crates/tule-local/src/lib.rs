//! The embedded portal: a folder of files that answers queries as a portal would.
//!
//! No network is needed: files are read, kept in an embedded engine, and queried with the meaning
//! that the portals' own language has. Fetching from other portals is deliberately absent.

#![forbid(unsafe_code)]

pub mod functions;
pub mod value;
