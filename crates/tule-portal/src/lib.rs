//! The client for open-data portals: schemas, catalogue and rows over HTTP.
//!
//! The only crate that talks to a network. It sends what `tule_core::lower` makes of a query, to
//! the host that the request names, with that host's token and no other; and what it gives back
//! is complete or an error. Deliberately absent: what a query means, how rows are printed, where
//! a user's files lie, and other interfaces than Socrata's.
//!
//! ```no_run
//! # async fn example(request: tule_core::lower::Request) -> Result<(), tule_portal::Error> {
//! let client = tule_portal::Client::new(tule_portal::Options::default());
//! let mut rows = client.rows(request);
//! while let Some(row) = rows.next().await? {
//!     println!("{row:?}");
//! }
//! assert!(rows.end().is_some(), "complete");
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod blocking;
mod body;
mod cache;
mod catalogue;
mod client;
mod course;
mod decode;
mod envelope;
mod error;
mod exchange;
mod headers;
pub mod options;
mod pace;
mod pages;
mod position;
mod rows;
mod split;
mod survey;
mod tokens;

pub use catalogue::{Found, Search};
pub use client::{Client, Metadata, PortalAddress};
pub use course::{End, Point, Progress};
pub use error::{Class, Error, Family, Fault, NetworkFault, PageFault, Refusal};
pub use exchange::Notice;
pub use options::Options;
pub use rows::Rows;
pub use tokens::{Token, TokenError, Tokens};
