//! The embedded portal: a folder of files that answers queries as a portal would.
//!
//! No network is needed: files are read, kept in an embedded engine, and queried with the meaning
//! that the portals' own language has. Fetching from other portals is deliberately absent;
//! [`Packer`] writes what was fetched as a folder is read.

#![forbid(unsafe_code)]

mod engine;
mod error;
mod folder;
pub mod functions;
mod portal;
#[cfg(feature = "serve")]
pub mod serve;
mod store;
pub mod value;

pub use engine::{Cancel, Rows, RunOptions};
pub use error::{OpenError, RunCode, RunError};
pub use folder::Note;
pub use folder::write::{DESCRIPTION_ENDING, Packer, ROWS_ENDING};
pub use portal::{LocalDataset, LocalPortal, OpenOptions};
