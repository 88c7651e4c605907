//! What is known of a dataset: the view with its columns, and the shorter record of the asset.
//!
//! A description that stands beside the file is given as it is; what it lacks is filled in from
//! the schema. Times are seconds in the one and ISO 8601 in the other, as the portals have it.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize as _;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};
use tule_core::schema::{Column, Dataset};
use tule_core::types::Type;

use super::app::App;
use super::errors::Refusal;
use super::rows::{no_path, params};
use crate::LocalDataset;

/// `GET /api/views/ID.json`
pub(super) async fn view(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    let id = file.strip_suffix(".json").unwrap_or(&file);
    match app.dataset(id) {
        Some(dataset) => pretty(&document(dataset)),
        None => Refusal::no_view(id).into_response(),
    }
}

/// `GET /api/views/ID/columns.json`
pub(super) async fn columns(
    State(app): State<Arc<App>>,
    Path((id, file)): Path<(String, String)>,
) -> Response {
    if !matches!(&*file, "columns.json" | "columns") {
        return no_path(&format!("/api/views/{id}/{file}")).into_response();
    }
    match app.dataset(&id) {
        Some(dataset) => pretty(document(dataset).get("columns").unwrap_or(&Value::Null)),
        None => Refusal::no_view(&id).into_response(),
    }
}

/// `GET /api/views/metadata/v1`
pub(super) async fn assets(
    State(app): State<Arc<App>>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let params = params(raw.as_deref());
    let number = |name: &str, usual: usize| {
        let found = params.iter().find(|(known, _)| known == name);
        found.map_or(Ok(usual), |(_, value)| {
            let number = value.parse().ok().filter(|number| *number > 0);
            number.ok_or_else(|| Refusal::bad_parameter(name, value))
        })
    };
    let (limit, page) = match (number("limit", 100), number("page", 1)) {
        (Ok(limit), Ok(page)) => (limit, page),
        (Err(refusal), _) | (_, Err(refusal)) => return refusal.into_response(),
    };
    let skip = limit.saturating_mul(page - 1);
    let host = host(&headers);
    let all = app.portal.datasets().iter().skip(skip).take(limit);
    pretty(&Value::Array(all.map(|dataset| record(dataset, &host)).collect()))
}

/// `GET /api/views/metadata/v1/ID`
pub(super) async fn asset(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let id = file.strip_suffix(".json").unwrap_or(&file);
    match app.dataset(id) {
        Some(dataset) => pretty(&record(dataset, &host(&headers))),
        None => Refusal::no_view(id).into_response(),
    }
}

/// The host by which a client reached the server.
pub(super) fn host(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.unwrap_or("localhost").to_ascii_lowercase()
}

/// The view of a dataset.
fn document(dataset: &LocalDataset) -> Value {
    let mut view = match &dataset.view {
        Some(Value::Object(view)) => view.clone(),
        _ => Map::new(),
    };
    let schema = &dataset.schema;
    // The identifier of the address counts, whatever the description says.
    view.insert("id".to_owned(), json!(schema.id));
    let modified = dataset.modified.as_second();
    let mut missing = |name: &str, value: Value| {
        if !value.is_null() && !view.contains_key(name) {
            view.insert(name.to_owned(), value);
        }
    };
    let said = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    missing("name", json!(title(schema)));
    missing("assetType", json!("dataset"));
    missing("description", said(&schema.card.description));
    missing("attribution", said(&schema.card.attribution));
    missing("provenance", json!("official"));
    missing("createdAt", json!(modified));
    missing("publicationDate", json!(modified));
    missing("rowsUpdatedAt", json!(modified));
    missing("viewLastModified", json!(modified));
    missing("publicationStage", json!("published"));
    missing("displayType", json!("table"));
    missing("viewType", json!("tabular"));
    missing("newBackend", json!(true));
    missing("rights", json!(["read"]));
    if !schema.card.licence.is_empty() {
        missing("license", json!({ "name": schema.card.licence }));
    }
    let owner = if schema.card.owner.is_empty() { "local" } else { &schema.card.owner };
    missing("owner", json!({ "id": "locl-user", "displayName": owner, "screenName": owner }));
    missing("metadata", json!({ "availableDisplayTypes": ["table", "fatrow", "page"] }));
    let described = view.get("columns").and_then(Value::as_array).is_some_and(|c| !c.is_empty());
    if !described {
        let own = schema.columns.iter().filter(|column| !column.is_system());
        let columns: Vec<Value> = (1..).zip(own).map(|(at, column)| entry(at, column)).collect();
        view.insert("columns".to_owned(), Value::Array(columns));
    }
    Value::Object(view)
}

fn entry(position: u32, column: &Column) -> Value {
    let label = if column.label.is_empty() { &column.name } else { &column.label };
    let spelling = match column.ty {
        Some(ty) => portal_type(ty),
        None => &column.portal_type,
    };
    let mut entry = json!({
        "id": position,
        "name": label,
        "dataTypeName": spelling,
        "renderTypeName": spelling,
        "fieldName": column.name,
        "position": position,
        "format": {},
    });
    if let Some(entry) = entry.as_object_mut().filter(|_| !column.description.is_empty()) {
        entry.insert("description".to_owned(), json!(column.description));
    }
    entry
}

/// The spelling of a type in metadata.
fn portal_type(ty: Type) -> &'static str {
    match ty {
        Type::FloatingTimestamp => "calendar_date",
        Type::FixedTimestamp => "date",
        Type::Boolean => "checkbox",
        other => other.name(),
    }
}

/// The title for people; a file without one has its name.
pub(super) fn title(schema: &Dataset) -> &str {
    if schema.title.is_empty() { &schema.id } else { &schema.title }
}

/// When the rows last changed, as an ISO 8601 time.
pub(super) fn time(dataset: &LocalDataset) -> String {
    dataset.modified.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The record of an asset, which says nothing of columns.
fn record(dataset: &LocalDataset, host: &str) -> Value {
    let schema = &dataset.schema;
    let view = document(dataset);
    let modified = time(dataset);
    json!({
        "id": schema.id,
        "name": title(schema),
        "attribution": view.get("attribution"),
        "category": view.get("category"),
        "createdAt": modified,
        "dataUpdatedAt": modified,
        "dataUri": format!("http://{host}/resource/{}", schema.id),
        "description": view.get("description"),
        "domain": host,
        "hideFromCatalog": false,
        "hideFromDataJson": false,
        "license": schema.card.licence,
        "metadataUpdatedAt": modified,
        "provenance": "OFFICIAL",
        "tags": view.get("tags"),
        "updatedAt": modified,
        "webUri": format!("http://{host}/d/{}", schema.id),
    })
}

/// JSON as the metadata interface lays it out: with blank space on both sides of the colon.
fn pretty(document: &Value) -> Response {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, Spaced(PrettyFormatter::new()));
    if let Err(error) = document.serialize(&mut serializer) {
        return Refusal::internal(&format!("metadata cannot be written: {error}")).into_response();
    }
    text.push(b'\n');
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], Body::from(text)).into_response()
}

struct Spaced(PrettyFormatter<'static>);

impl Formatter for Spaced {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b" : ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
