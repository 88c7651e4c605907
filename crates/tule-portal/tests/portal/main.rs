//! The client against a server that misbehaves in every way a portal was seen to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::format_push_string,
    reason = "a test stops where it fails"
)]

mod faults;
mod manners;
mod metadata;
mod paging;
mod server;
mod table;

use tule_core::rows::Row;
use tule_portal::{Error, Rows};

/// Every row, or the error and the rows before it.
async fn all(mut rows: Rows) -> Result<(Vec<Row>, Rows), (Error, Vec<Row>)> {
    let mut taken = Vec::new();
    loop {
        match rows.next().await {
            Ok(Some(row)) => taken.push(row),
            Ok(None) => {
                assert!(rows.end().is_some(), "an end without a word");
                return Ok((taken, rows));
            }
            Err(error) => {
                assert!(rows.end().is_none(), "an error that is an end");
                let again = rows.next().await;
                assert!(again.is_err(), "rows behind an error: {again:?}");
                return Err((error, taken));
            }
        }
    }
}
