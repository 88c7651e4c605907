//! The search for datasets: `/api/catalog/v1`.
//!
//! One portal is all there is, so that a search without `domains` finds no more than with it; an
//! unknown parameter is ignored, as in the original, where `domain=` finds the whole country.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tule_core::schema::Column;
use tule_core::types::Type;

use super::app::App;
use super::errors::Refusal;
use super::metadata::{host, time, title};
use super::rows::params;
use crate::LocalDataset;

/// Results of a page unless the client says otherwise.
const USUAL: usize = 100;
/// `offset` and `limit` together reach no further.
const FURTHEST: usize = 10_000;

/// `GET /api/catalog/v1`
pub(super) async fn search(
    State(app): State<Arc<App>>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let host = host(&headers);
    let search = match Search::read(&params(raw.as_deref())) {
        Ok(search) => search,
        Err(message) => return Refusal::catalogue(&message).into_response(),
    };
    let mut found: Vec<(usize, &LocalDataset)> = app
        .portal
        .datasets()
        .iter()
        .filter(|dataset| search.takes(dataset, &host, app.portal.name()))
        .filter_map(|dataset| Some((search.rank(dataset)?, dataset)))
        .collect();
    match search.order.as_deref() {
        Some("name") => found.sort_by_key(|(_, dataset)| title(&dataset.schema).to_lowercase()),
        Some("dataset_id") => found.sort_by_key(|(_, dataset)| dataset.schema.id.clone()),
        _ => found.sort_by_key(|(rank, _)| *rank),
    }
    let results: Vec<Value> = found
        .iter()
        .skip(search.offset)
        .take(search.limit)
        .map(|(_, dataset)| result(dataset, &host))
        .collect();
    Json(json!({
        "results": results,
        "resultSetSize": found.len(),
        "timings": { "serviceMillis": 1, "searchMillis": [1, 1] },
        "warnings": [],
    }))
    .into_response()
}

/// What is looked for.
#[derive(Debug, Default)]
struct Search {
    ids: Vec<String>,
    domains: Vec<String>,
    names: Vec<String>,
    categories: Vec<String>,
    tags: Vec<String>,
    columns: Vec<String>,
    only: Vec<String>,
    words: Vec<String>,
    order: Option<String>,
    offset: usize,
    limit: usize,
}

impl Search {
    fn read(params: &[(String, String)]) -> Result<Self, String> {
        let mut search = Self { limit: USUAL, ..Self::default() };
        for (name, value) in params {
            let list = || value.split(',').map(|item| item.trim().to_lowercase());
            let number = || {
                value.parse::<usize>().map_err(|_| format!("Invalid value for parameter {name}"))
            };
            match name.trim_end_matches("[]") {
                "ids" => search.ids.extend(list()),
                "domains" | "search_context" => search.domains.extend(list()),
                "names" => search.names.extend(list()),
                "categories" => search.categories.extend(list()),
                "tags" => search.tags.extend(list()),
                "column_names" => search.columns.extend(list()),
                "only" => search.only.extend(list()),
                "q" => search.words = value.split_whitespace().map(str::to_lowercase).collect(),
                "order" => search.order = value.split_whitespace().next().map(str::to_owned),
                "offset" => search.offset = number()?,
                "limit" => search.limit = number()?,
                _ => {}
            }
        }
        if search.offset.saturating_add(search.limit) > FURTHEST {
            return Err(format!("The sum of offset and limit must not exceed {FURTHEST}"));
        }
        Ok(search)
    }

    /// Whether everything but the words fits.
    fn takes(&self, dataset: &LocalDataset, host: &str, portal: &str) -> bool {
        let schema = &dataset.schema;
        let any = |wanted: &[String], has: &dyn Fn(&str) -> bool| {
            wanted.is_empty() || wanted.iter().any(|wanted| has(wanted))
        };
        let bare = host.split(':').next().unwrap_or(host);
        let listed = |name: &str, wanted: &str| match view(dataset, name) {
            Some(Value::Array(items)) => {
                items.iter().filter_map(Value::as_str).any(|item| item.to_lowercase() == wanted)
            }
            Some(Value::String(item)) => item.to_lowercase() == wanted,
            _ => false,
        };
        any(&self.ids, &|id| schema.id.to_lowercase() == id)
            && any(&self.domains, &|domain| [host, bare, portal].contains(&domain))
            && any(&self.names, &|name| title(schema).to_lowercase() == name)
            && any(&self.categories, &|category| listed("category", category))
            && any(&self.tags, &|tag| listed("tags", tag))
            && any(&self.columns, &|name| schema.columns.iter().any(|column| column.name == name))
            && any(&self.only, &|kind| matches!(kind, "dataset" | "datasets"))
    }

    /// How well the words fit, the best first; `None` if one of them is nowhere.
    fn rank(&self, dataset: &LocalDataset) -> Option<usize> {
        let schema = &dataset.schema;
        let name = title(schema).to_lowercase();
        let rest = [&schema.card.description, &schema.card.attribution, &schema.id];
        let rest = rest.map(|text| text.to_lowercase()).join(" ");
        let columns = schema.column_names().collect::<Vec<_>>().join(" ").to_lowercase();
        let rank = |word: &String| {
            let places = [&name, &rest, &columns];
            places.iter().position(|place| place.contains(word.as_str()))
        };
        self.words.iter().map(rank).try_fold(0, |sum, rank| Some(sum + rank?))
    }
}

/// A member of the description.
fn view<'d>(dataset: &'d LocalDataset, name: &str) -> Option<&'d Value> {
    dataset.view.as_ref()?.get(name)
}

fn result(dataset: &LocalDataset, host: &str) -> Value {
    let schema = &dataset.schema;
    let modified = time(dataset);
    let columns: Vec<&Column> =
        schema.columns.iter().filter(|column| !column.is_system()).collect();
    let each = |value: &dyn Fn(&Column) -> Value| -> Vec<Value> {
        columns.iter().map(|column| value(column)).collect()
    };
    let category = view(dataset, "category").and_then(Value::as_str);
    let tags = view(dataset, "tags").cloned().unwrap_or_else(|| json!([]));
    json!({
        "resource": {
            "name": title(schema),
            "id": schema.id,
            "parent_fxf": null,
            "description": schema.card.description,
            "attribution": schema.card.attribution,
            "type": "dataset",
            "updatedAt": modified,
            "createdAt": modified,
            "metadata_updated_at": modified,
            "data_updated_at": modified,
            "page_views": {
                "page_views_last_week": 0, "page_views_last_month": 0, "page_views_total": 0,
            },
            "columns_name": each(&|column| json!(label(column))),
            "columns_field_name": each(&|column| json!(column.name)),
            "columns_datatype": each(&|column| json!(column.ty.map_or("Text", type_label))),
            "columns_description": each(&|column| json!(column.description)),
            "columns_format": each(&|_| json!({})),
            "download_count": 0,
            "provenance": "official",
        },
        "classification": {
            "categories": [],
            "tags": [],
            "domain_category": category,
            "domain_tags": tags,
            "domain_metadata": [],
        },
        "metadata": { "domain": host, "license": schema.card.licence },
        "permalink": format!("http://{host}/d/{}", schema.id),
        "link": format!("http://{host}/d/{}", schema.id),
        "owner": { "id": "locl-user", "display_name": schema.card.owner },
    })
}

fn label(column: &Column) -> &str {
    if column.label.is_empty() { &column.name } else { &column.label }
}

/// The spelling of a type for people, which the catalogue uses.
fn type_label(ty: Type) -> &'static str {
    match ty {
        Type::Text => "Text",
        Type::Number => "Number",
        Type::Double => "Double",
        Type::Boolean => "Checkbox",
        Type::FixedTimestamp => "Date",
        Type::FloatingTimestamp => "Calendar date",
        Type::Point => "Point",
        Type::Multipoint => "MultiPoint",
        Type::Line => "Line",
        Type::Multiline => "MultiLine",
        Type::Polygon => "Polygon",
        Type::Multipolygon => "MultiPolygon",
        Type::Location => "Location",
        Type::Url => "URL",
        other => other.name(),
    }
}
