//! The rows of the example project, invented.
//!
//! No row is real: numbers, places, times and premises come from a seeded generator, so that the
//! files in `examples/stockton/data` can be made again to the byte. Columns are those of the real
//! datasets, where those are known, so that queries for the portal run on the sample unchanged.
//! Deliberately absent: any likeness to the frequency or the place of real events.

mod calls;
mod licences;
mod places;

use std::io::Write as _;
use std::path::PathBuf;

use csv::Writer;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use crate::root;

/// What stands in every description.
const NOTICE: &str = "Synthetic: every row was invented by a program (tests/src/sample) so that \
                      the example runs without a network. Nothing in it happened.";

/// Where the files are.
#[must_use]
pub fn folder() -> PathBuf {
    root().join("examples/stockton/data")
}

/// A file of the sample.
#[derive(Debug)]
pub struct File {
    /// Its name in [`folder`].
    pub name: &'static str,
    /// Whether it is compressed there.
    pub is_packed: bool,
    /// The bytes, not compressed.
    pub contents: Vec<u8>,
}

impl File {
    /// The bytes as they lie on the disk.
    ///
    /// # Errors
    ///
    /// None in memory; the encoder's interface has one.
    pub fn packed(&self) -> std::io::Result<Vec<u8>> {
        if !self.is_packed {
            return Ok(self.contents.clone());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.contents)?;
        encoder.finish()
    }
}

/// All files of the sample, made anew.
#[must_use]
pub fn files() -> Vec<File> {
    let plain = |name, contents| File { name, is_packed: false, contents };
    let packed = |name, contents| File { name, is_packed: true, contents };
    vec![
        packed("esc4-8x43.csv.gz", calls::rows()),
        plain("esc4-8x43.meta.json", described("esc4-8x43")),
        plain("gdix-arru.csv", places::districts()),
        plain("gdix-arru.meta.json", described("gdix-arru")),
        packed("liquor_licenses.csv.gz", licences::rows()),
        plain("liquor_licenses.meta.json", pretty(&licences::description())),
    ]
}

/// The description of a real dataset, marked.
fn described(id: &str) -> Vec<u8> {
    let path = root().join(format!("examples/stockton/metadata/{id}.json"));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut view: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    let said = |name| view.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = format!("{} (synthetic sample)", said("name"));
    let about = format!("{NOTICE} {}", said("description"));
    // What was counted of the real rows says nothing of these.
    let columns = view.get_mut("columns").and_then(Value::as_array_mut);
    for column in columns.into_iter().flatten().filter_map(Value::as_object_mut) {
        column.remove("cachedContents");
    }
    view.remove("domainCName");
    let marks = [
        ("_provenance", json!("synthetic")),
        ("name", json!(name)),
        ("description", json!(about)),
        ("provenance", json!("community")),
        ("tags", json!(["synthetic"])),
    ];
    for (key, value) in marks {
        view.insert(key.to_owned(), value);
    }
    pretty(&Value::Object(view))
}

fn pretty(document: &Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(document).unwrap_or_default();
    text.push(b'\n');
    text
}

/// One of a list, all alike.
fn pick<'l, T>(random: &mut fastrand::Rng, list: &'l [T]) -> &'l T {
    #[expect(clippy::indexing_slicing, reason = "lists here are constant and not empty")]
    &list[random.usize(..list.len())]
}

/// One of a list, by weight.
fn weighted<'l, T>(random: &mut fastrand::Rng, list: &'l [(T, u32)]) -> &'l T {
    let all: u32 = list.iter().map(|(_, weight)| weight).sum();
    let mut at = random.u32(..all);
    let found = list.iter().find(|(_, weight)| {
        let here = at < *weight;
        at = at.saturating_sub(*weight);
        here
    });
    found.map_or_else(|| &pick(random, list).0, |(item, _)| item)
}

/// Records with a header as CSV.
fn table<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Vec<u8> {
    let mut writer = Writer::from_writer(Vec::new());
    // Writing into memory cannot fail, and every record has N fields.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}
