//! Cards of datasets as documents: where a column or a dataset is defined.
//!
//! An editor that asks for documents is given an address of the scheme `tule-dataset`, and asks
//! for its text. Others are given a read-only file with the same text in the user's cache folder.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{Location, Position, Range, Uri};
use tule_core::schema::Dataset;

use super::Backend;
use crate::cards::{self, Card};

#[derive(Debug, Deserialize)]
pub(super) struct ContentParams {
    uri: String,
}

impl Backend {
    /// The text of a document that no file holds.
    #[expect(clippy::unused_async, reason = "the framework takes futures")]
    pub(super) async fn content(&self, params: ContentParams) -> Result<Value> {
        let unknown = || Error::invalid_params(format!("no document at `{}`", params.uri));
        let (host, id) = cards::place(&params.uri).ok_or_else(unknown)?;
        let dataset = self.session().dataset(&host, &id).ok_or_else(unknown)?;
        Ok(json!({ "text": Card::of(&dataset).text }))
    }

    /// Where a dataset is defined, or one of its columns.
    pub(super) fn card_place(
        &self,
        dataset: &Arc<Dataset>,
        column: Option<&str>,
    ) -> Option<Location> {
        let card = Card::of(dataset);
        let line = card.line(dataset, column);
        let address = cards::address(dataset);
        let uri = if self.session().asks_for_documents {
            address.parse().ok()?
        } else {
            let folder = self.portals.cache()?.join("datasets");
            let name = address.rsplit("://").next()?.replace(['/', '%'], "-");
            let path = folder.join(name);
            // Without a file there is no place to show, and nothing else suffers.
            keep(&path, &card.text).ok()?;
            Uri::from_file_path(path)?
        };
        let start = Position { line, character: 0 };
        Some(Location { uri, range: Range { start, end: start } })
    }
}

/// Writes a file that is for reading, unless it is there already. Several servers may share it:
/// each sees a whole one.
fn keep(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let written = fs::write(&beside, text).and_then(|()| {
        let mut mode = fs::metadata(&beside)?.permissions();
        mode.set_readonly(true);
        fs::set_permissions(&beside, mode)?;
        fs::rename(&beside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
