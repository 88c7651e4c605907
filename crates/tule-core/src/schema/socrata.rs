//! Schemas from what Socrata says about its datasets.
//!
//! Five kinds of document carry one: a view (`/api/views/ID.json`), its columns alone
//! (`columns.json`), a download with its view inside (`rows.json`), a page of the catalogue
//! (`/api/catalog/v1`) and the two headers of a response. [`read`] tells them apart. Facts that
//! are missing or of an unexpected form are unknown, not errors; only what a schema can't do
//! without is insisted on. Deliberately absent: fetching, and rows.

mod catalogue;
mod contents;
mod custom;
mod headers;
mod json;
#[cfg(test)]
mod tests;
mod view;

use serde_json::Value;

use super::Dataset;
pub use headers::from_headers;
use json::describe;

/// Where a document came from. It overrules what the document says of itself, since queries name
/// the dataset that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The host that was asked. A page of the catalogue names the host of each dataset itself.
    pub host: Option<String>,
    /// The dataset that was asked for.
    pub id: Option<String>,
}

impl Origin {
    /// One dataset on one host.
    #[must_use]
    pub fn of(host: &str, id: &str) -> Self {
        Self { host: Some(host.to_owned()), id: Some(id.to_owned()) }
    }
}

/// Why a document gives no schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataError {
    /// What was expected and what was found instead.
    pub message: String,
    /// Where in the document, as a JSON path: `$.columns[3].fieldName`.
    pub path: String,
}

impl MetadataError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), path: "$".to_owned() }
    }

    fn expected(wanted: &str, found: Option<&Value>) -> Self {
        let found = found.map_or("nothing", describe);
        Self::new(format!("expected {wanted}, found {found}"))
    }

    /// The same fault, seen from one level further out.
    fn inside(mut self, step: &str) -> Self {
        self.path.insert_str(1, step);
        self
    }
}

impl std::fmt::Display for MetadataError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at `{}`", self.message, self.path)
    }
}

impl std::error::Error for MetadataError {}

/// The datasets that a document describes: one, or for a page of the catalogue any number.
///
/// ```
/// use tule_core::schema::socrata::{Origin, read};
/// let origin = Origin::of("data.stocktonca.gov", "esc4-8x43");
/// let datasets = read(r#"[{"fieldName": "beat", "dataTypeName": "text"}]"#, &origin).unwrap();
/// assert_eq!(datasets[0].columns[0].name, "beat");
///
/// let error = read(r#"{"id": "esc4-8x43", "columns": 5}"#, &origin).unwrap_err();
/// assert_eq!(error.to_string(), "expected a list, found a number at `$.columns`");
/// ```
pub fn read(text: &str, origin: &Origin) -> Result<Vec<Dataset>, MetadataError> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return Err(MetadataError::new("expected JSON, found a page for people"));
    }
    let document: Value = serde_json::from_str(text)
        .map_err(|error| MetadataError::new(format!("expected JSON: {error}")))?;
    if let Value::Array(columns) = &document {
        return Ok(vec![view::from_columns(columns, origin)?]);
    }
    let Value::Object(object) = &document else {
        return Err(MetadataError::expected("an object or a list", Some(&document)));
    };
    if let Some(results) = object.get("results") {
        return catalogue::page(results, origin);
    }
    if let Some(inner) = object.get("meta").and_then(|meta| meta.get("view")) {
        let dataset = view::from_view(inner, origin);
        return Ok(vec![dataset.map_err(|error| error.inside(".meta.view"))?]);
    }
    if let Some(dataset) = headers::from_document(object, origin) {
        return Ok(vec![dataset?]);
    }
    if object.contains_key("columns") || object.contains_key("id") {
        return Ok(vec![view::from_view(&document, origin)?]);
    }
    if let Some(message) = refusal(&document) {
        return Err(MetadataError::new(format!("the portal answered with an error: {message}")));
    }
    Err(MetadataError::new("expected a view, a list of columns or a page of the catalogue"))
}

/// The message of an error document, of which there are several forms.
fn refusal(document: &Value) -> Option<String> {
    let text = |key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
    let is_error = document.get("error").is_some() || document.get("errorCode").is_some();
    let message = text("message").or_else(|| text("error")).or_else(|| text("errorCode"));
    if is_error { message } else { text("code").and(message) }
}

/// Host and identifier, from the caller or else from the document.
fn place(
    origin: &Origin,
    host: Option<&Value>,
    id: Option<&Value>,
) -> Result<(String, String), MetadataError> {
    let given = |known: &Option<String>, said: Option<&Value>| {
        known.clone().or_else(|| said.map(json::text)).filter(|text| !text.is_empty())
    };
    let host = given(&origin.host, host).ok_or_else(|| {
        MetadataError::new("expected a host, which neither origin nor document give")
    })?;
    let id = given(&origin.id, id).ok_or_else(|| {
        MetadataError::new("expected the dataset's identifier, found nothing").inside(".id")
    })?;
    Ok((host, id))
}
