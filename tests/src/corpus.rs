//! Real calls and real schemas, kept outside the repository.
//!
//! The corpus is other people's work and is not copied here; suites that need it pass without it
//! and say so. `TULE_CORPUS` names its folder.

use std::path::PathBuf;

use serde_json::Value;
use tule_core::import::{ImportError, import_params};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::{Column, Dataset, with_system_columns};
use tule_core::types::Type;

/// One real call.
#[derive(Debug)]
pub struct Row {
    /// Where it was found, and a hash of what it says: `owner/repository:path#1a2b3c4d`.
    pub key: String,
    /// The host that was called.
    pub host: Option<String>,
    /// The dataset that was called.
    pub dataset: Option<String>,
    /// Decoded parameters.
    pub params: Vec<(String, String)>,
    /// Whether the collector noted that it never worked.
    pub broken: bool,
}

impl Row {
    /// The statement that asks for the same rows.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn statement(&self) -> Result<String, ImportError> {
        let host = self.host.as_deref().unwrap_or("data.example.gov");
        let dataset = self.dataset.as_deref().unwrap_or("abcd-1234");
        import_params(Some(host), Some(dataset), &self.params).map(|imported| imported.statement)
    }
}

/// The calls and the schemas of their datasets.
#[derive(Debug)]
pub struct Corpus {
    /// The calls.
    pub rows: Vec<Row>,
    /// The datasets whose schema is known.
    pub catalog: Catalog,
    /// Datasets of which an older schema is known as well: the older one first.
    pub pairs: Vec<(Dataset, Dataset)>,
}

impl Corpus {
    /// Reads the corpus; `None`, and a line to say so, where there is none.
    #[must_use]
    pub fn read() -> Option<Self> {
        let folder = std::env::var_os("TULE_CORPUS")
            .map_or_else(|| crate::root().join("../shared/corpus"), PathBuf::from);
        let text = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
        let (Some(queries), Some(schemas)) = (text("queries.jsonl"), text("schemas.json")) else {
            eprintln!("skipped: no corpus at {}", folder.display());
            return None;
        };
        let schemas: Value = serde_json::from_str(&schemas).ok()?;
        Some(Self {
            rows: queries.lines().filter_map(row).collect(),
            catalog: catalog(&schemas)?,
            pairs: schemas.as_object()?.iter().filter_map(pair).collect(),
        })
    }
}

fn row(line: &str) -> Option<Row> {
    let value: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    let params = value.get("params")?.as_object()?;
    let params: Vec<(String, String)> = params
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    Some(Row {
        key: format!("{}#{:08x}", text("source")?, hash(&params)),
        host: text("domain"),
        dataset: text("dataset"),
        broken: text("note").is_some_and(|note| note.contains("BROKEN")),
        params,
    })
}

/// FNV-1a: short, and the same on every machine and for every version.
fn hash(params: &[(String, String)]) -> u32 {
    let bytes = params.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
    bytes
        .flatten()
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn catalog(schemas: &Value) -> Option<Catalog> {
    let mut datasets = Vec::new();
    for (place, schema) in schemas.as_object()? {
        let (_, id) = place.split_once('/')?;
        datasets.push((id, dataset(place, schema)?));
    }
    Some(Catalog::of(datasets))
}

fn dataset(place: &str, schema: &Value) -> Option<Dataset> {
    let (host, id) = place.split_once('/')?;
    let columns = schema.get("columns")?.as_array()?.iter().filter_map(column).collect();
    let title = schema.get("name").and_then(Value::as_str).unwrap_or_default();
    Some(Dataset::new(host, id, title, with_system_columns(columns)))
}

fn pair((place, schema): (&String, &Value)) -> Option<(Dataset, Dataset)> {
    Some((dataset(place, schema.get("older_snapshot")?)?, dataset(place, schema)?))
}

fn column(value: &Value) -> Option<Column> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let ty = text("norm").or(text("type"))?;
    Some(Column {
        name: text("field")?.to_owned(),
        ty: Type::from_portal(ty),
        portal_type: ty.to_owned(),
        ..Column::default()
    })
}
