//! Indexes on demand.
//!
//! A query says by which columns it picks rows or takes the first of them. A column of a large
//! dataset that is asked for again and again in one process gets an index: the database is copied,
//! the index is made in the copy, and the copy takes its place in one step, for this process and all
//! others.
//! Building one costs as much as several scans, so that a single query never waits for it.
//! Deliberately absent: indexes of databases in memory, which go away with their process.

use std::sync::{Arc, PoisonError};

use rusqlite::Connection;

use super::cache::{Loaded, Store, reopened, stored};
use super::table::Table;
use crate::error::RunError;

/// Datasets with fewer rows are gone through faster than anybody notices.
const MANY: u64 = 50_000;
/// Queries by a column after which it gets an index.
const USES: u32 = 3;
/// Indexes of a dataset: each takes room.
const MOST: usize = 8;

impl Store {
    /// The table's database for a query by `fields`, with indexes where they are due.
    pub(crate) fn load_for(&self, table: &Table, fields: &[u32]) -> Result<Arc<Loaded>, RunError> {
        let loaded = self.load(table)?;
        if loaded.rows < MANY || loaded.path().is_none() {
            return Ok(loaded);
        }
        let due = due(table, &loaded, fields);
        if due.is_empty() {
            return Ok(loaded);
        }
        // Who comes while an index is made goes on without it.
        let Ok(_making) = table.indexing.try_lock() else { return Ok(loaded) };
        let Some(path) = loaded.path() else { return Ok(loaded) };
        let made = stored(path, |partial| {
            std::fs::copy(path, partial).map_err(|_| rusqlite::Error::InvalidQuery)?;
            let connection = Connection::open(partial)?;
            connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
            for field in &due {
                connection.execute_batch(&format!("CREATE INDEX i{field} ON r (c{field})"))?;
            }
            // How many rows a value has decides whether the index is used for it.
            connection.execute_batch("ANALYZE")?;
            connection.close().map_err(|(_, error)| error)
        });
        // Without an index, everything is as before.
        let indexed = made.and_then(|()| reopened(&loaded, table));
        let Ok(indexed) = indexed else { return Ok(loaded) };
        let indexed = Arc::new(indexed);
        *table.loaded.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&indexed));
        Ok(indexed)
    }
}

/// The fields that were asked for often enough now and have no index.
fn due(table: &Table, loaded: &Loaded, fields: &[u32]) -> Vec<u32> {
    let mut uses = table.uses.lock().unwrap_or_else(PoisonError::into_inner);
    let mut due = Vec::new();
    for field in fields {
        if loaded.indexed.contains(field) || due.contains(field) {
            continue;
        }
        let count = uses.entry(*field).or_default();
        *count += 1;
        // Once: one that cannot be made is not tried again with every query.
        if *count == USES && loaded.indexed.len() + due.len() < MOST {
            due.push(*field);
        }
    }
    due
}
