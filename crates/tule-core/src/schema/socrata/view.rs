//! One dataset from a view, or from its columns alone.

use serde_json::Value;

use super::contents::{self, Contents};
use super::custom::Fields;
use super::{MetadataError, Origin, json, place};
use crate::names::fold;
use crate::schema::lock::coarse;
use crate::schema::{Card, Column, Dataset, DateRange, system_columns, with_system_columns};
use crate::types::{Type, TypeSet};

/// The types that date a row.
const DATES: TypeSet =
    TypeSet::of(&[Type::FloatingTimestamp, Type::FixedTimestamp, Type::Datestamp]);

/// Reads `/api/views/ID.json`.
pub(super) fn from_view(view: &Value, origin: &Origin) -> Result<Dataset, MetadataError> {
    if !view.is_object() {
        return Err(MetadataError::expected("an object", Some(view)));
    }
    let (host, id) = place(origin, view.get("domainCName"), view.get("id"))?;
    let list = match view.get("columns") {
        None | Some(Value::Null) => &Vec::new(),
        Some(Value::Array(list)) => list,
        other => return Err(MetadataError::expected("a list", other).inside(".columns")),
    };
    let read = columns(list).map_err(|error| error.inside(".columns"))?;
    let title = json::text_of(view, "name");
    let fields = Fields::of_view(view);
    Ok(Dataset {
        resource_name: json::text_of(view, "resourceName"),
        rows: read.rows,
        range: read.range,
        card: Card {
            description: json::text_of(view, "description"),
            licence: licence(view),
            attribution: json::text_of(view, "attribution"),
            owner: ["owner", "tableAuthor"]
                .iter()
                .filter_map(|key| view.get(key))
                .map(|person| json::first_text(person, &["displayName", "screenName"]))
                .find(|name| !name.is_empty())
                .unwrap_or_default(),
            contact: Some(fields.contact())
                .filter(|contact| !contact.is_empty())
                .unwrap_or_else(|| json::text_of(view, "attributionLink")),
            frequency: fields.frequency(),
            parent: Some(json::text_of(view, "modifyingViewUid"))
                .filter(|parent| *parent != id)
                .unwrap_or_default(),
            updated: view.get("rowsUpdatedAt").map(json::day).unwrap_or_default(),
            asset_type: asset_type(view),
            provenance: json::text_of(view, "_provenance"),
        },
        ..Dataset::new(&host, &id, &title, read.columns)
    })
}

/// Reads `columns.json`, which says neither whose columns they are nor where.
pub(super) fn from_columns(list: &[Value], origin: &Origin) -> Result<Dataset, MetadataError> {
    let (host, id) = place(origin, None, None)?;
    let read = columns(list)?;
    Ok(Dataset { rows: read.rows, range: read.range, ..Dataset::new(&host, &id, "", read.columns) })
}

/// What a list of columns says of the dataset.
struct Schema {
    columns: Vec<Column>,
    rows: Option<u64>,
    range: Option<DateRange>,
}

fn columns(list: &[Value]) -> Result<Schema, MetadataError> {
    let mut columns = Vec::new();
    let mut rows = None;
    let mut range = None;
    let mut widest = 0;
    for (index, value) in list.iter().enumerate() {
        let inside = |error: MetadataError| error.inside(&format!("[{index}]"));
        let Some((column, contents)) = column(value).map_err(inside)? else { continue };
        rows = rows.max(contents.rows);
        let dates = column.ty.is_some_and(|ty| DATES.has(ty)) && !column.is_system();
        if let Some((first, last)) = contents.extremes.filter(|_| dates)
            && (range.is_none() || contents.filled > widest)
        {
            widest = contents.filled;
            range = Some(DateRange { column: column.name.clone(), first, last });
        }
        columns.push((position(value), column));
    }
    // The list is nearly always in order; where it tells positions, they count.
    if columns.iter().all(|(position, _)| position.is_some()) {
        columns.sort_by_key(|(position, _)| *position);
    }
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    Ok(Schema { columns: with_system_columns(columns), rows: rows.map(coarse), range })
}

fn position(column: &Value) -> Option<u64> {
    column.get("position").and_then(json::count)
}

/// A column with what was counted in it; `None` for one that queries can't name.
fn column(value: &Value) -> Result<Option<(Column, Contents)>, MetadataError> {
    if !value.is_object() {
        return Err(MetadataError::expected("an object", Some(value)));
    }
    let name = match value.get("fieldName") {
        Some(Value::String(name)) => name.clone(),
        other => return Err(MetadataError::expected("text", other).inside(".fieldName")),
    };
    if name.is_empty() || is_hidden(value) {
        return Ok(None);
    }
    let portal_type = json::first_text(value, &["dataTypeName", "renderTypeName"]);
    let ty = column_type(&name, &portal_type);
    let Contents { rows, filled, extremes, values } =
        contents::read(value.get("cachedContents"), ty);
    let column = Column {
        ty,
        portal_type,
        label: json::text_of(value, "name"),
        description: json::text_of(value, "description"),
        values,
        name,
    };
    Ok(Some((column, Contents { rows, filled, extremes, values: Vec::new() })))
}

/// The type behind a portal's spelling. `meta_data` covers all system columns, old ones as well.
pub(super) fn column_type(name: &str, portal_type: &str) -> Option<Type> {
    if !portal_type.eq_ignore_ascii_case("meta_data") {
        return Type::from_portal(portal_type);
    }
    let name = fold(name);
    system_columns().into_iter().find(|system| *system.name == *name).and_then(|system| system.ty)
}

fn is_hidden(column: &Value) -> bool {
    match column.get("flags") {
        Some(Value::Array(flags)) => flags.iter().any(|flag| flag.as_str() == Some("hidden")),
        Some(Value::String(flag)) => flag == "hidden",
        _ => false,
    }
}

fn licence(view: &Value) -> String {
    let named = match view.get("license") {
        Some(licence @ Value::Object(_)) => json::text_of(licence, "name"),
        Some(licence) => json::text(licence),
        None => String::new(),
    };
    if named.is_empty() { json::text_of(view, "licenseId") } else { named }
}

/// What kind of asset a view is. Newer portals say so; before, two fields said it together.
fn asset_type(view: &Value) -> String {
    let field = |key: &str| json::text_of(view, key).to_ascii_lowercase();
    let (asset, view_type, display) = (field("assetType"), field("viewType"), field("displayType"));
    if !asset.is_empty() {
        return asset;
    }
    let known = match (&*view_type, &*display) {
        ("", "") => "",
        ("geo", _) => "map",
        ("blobby", _) => "file",
        ("tabular" | "", "" | "table" | "fatrow" | "page" | "grid") => "dataset",
        ("tabular" | "", display) => display,
        (other, _) => other,
    };
    known.to_owned()
}
