//! Datasets from a page of the catalogue.
//!
//! A hit spreads its columns over several lists that go by index, with types under the labels
//! shown to people. Hits have no counts and no ranges.

use std::collections::BTreeSet;

use serde_json::Value;

use super::custom::Fields;
use super::view::column_type;
use super::{MetadataError, Origin, json, place};
use crate::schema::{Card, Column, Dataset, with_system_columns};

/// Reads the `results` of `/api/catalog/v1`. The catalogue may repeat a dataset.
pub(super) fn page(results: &Value, origin: &Origin) -> Result<Vec<Dataset>, MetadataError> {
    let Value::Array(results) = results else {
        return Err(MetadataError::expected("a list", Some(results)).inside(".results"));
    };
    let mut seen = BTreeSet::new();
    let mut datasets = Vec::new();
    for (index, result) in results.iter().enumerate() {
        let dataset = hit(result, origin)
            .map_err(|error| error.inside(&format!("[{index}]")).inside(".results"))?;
        if seen.insert((dataset.host.clone(), dataset.id.clone())) {
            datasets.push(dataset);
        }
    }
    Ok(datasets)
}

fn hit(result: &Value, origin: &Origin) -> Result<Dataset, MetadataError> {
    let resource = match result.get("resource") {
        Some(resource @ Value::Object(_)) => resource,
        other => return Err(MetadataError::expected("an object", other).inside(".resource")),
    };
    let metadata = result.get("metadata").unwrap_or(&Value::Null);
    let domain = metadata.get("domain");
    // Any host lists datasets of all others, so the host that was asked is the last resort.
    let host = domain.map(json::text).filter(|host| !host.is_empty()).or(origin.host.clone());
    let (host, id) =
        place(&Origin { host, id: None }, None, resource.get("id")).map_err(|error| {
            let outer = if error.path == "$" { ".metadata.domain" } else { ".resource" };
            error.inside(outer)
        })?;
    let columns = columns(resource);
    let fields = Fields::of_hit(result);
    Ok(Dataset {
        card: Card {
            description: json::text_of(resource, "description"),
            licence: json::text_of(metadata, "license"),
            attribution: json::text_of(resource, "attribution"),
            owner: result.get("owner").map_or(String::new(), |owner| {
                json::first_text(owner, &["display_name", "displayName"])
            }),
            contact: Some(json::text_of(resource, "contact_email"))
                .filter(|contact| !contact.is_empty())
                .unwrap_or_else(|| fields.contact()),
            frequency: fields.frequency(),
            parent: parent(resource),
            updated: ["data_updated_at", "updatedAt"]
                .iter()
                .filter_map(|key| resource.get(key).map(json::day))
                .find(|day| !day.is_empty())
                .unwrap_or_default(),
            asset_type: json::text_of(resource, "type").to_ascii_lowercase(),
            provenance: String::new(),
        },
        ..Dataset::new(&host, &id, &json::text_of(resource, "name"), columns)
    })
}

/// The dataset that a hit is a view of; several make no single one.
fn parent(resource: &Value) -> String {
    match resource.get("parent_fxf") {
        Some(Value::Array(list)) => match list.as_slice() {
            [only] => json::text(only),
            _ => String::new(),
        },
        Some(one) => json::text(one),
        None => String::new(),
    }
}

fn columns(resource: &Value) -> Vec<Column> {
    let list = |key: &str| resource.get(key).and_then(Value::as_array);
    let Some(names) = list("columns_field_name") else { return Vec::new() };
    // A list of another length can't be aligned; what it says may belong to other columns.
    let aligned = |key: &str| list(key).filter(|list| list.len() == names.len());
    let types = aligned("columns_datatype");
    let labels = aligned("columns_name");
    let descriptions = aligned("columns_description");
    let at = |list: Option<&Vec<Value>>, index: usize| {
        list.and_then(|list| list.get(index)).map(json::text).unwrap_or_default()
    };
    let columns = names
        .iter()
        .enumerate()
        .filter_map(|(index, name)| {
            let name = name.as_str().filter(|name| !name.is_empty())?;
            let portal_type = at(types, index);
            Some(Column {
                name: name.to_owned(),
                ty: column_type(name, &portal_type),
                portal_type,
                label: at(labels, index),
                description: at(descriptions, index),
                values: Vec::new(),
            })
        })
        .collect();
    with_system_columns(columns)
}
