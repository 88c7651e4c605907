//! A feature collection: the first geometry column in the order of the result is the geometry, the
//! rest are properties, nulls included. Without a geometry column there are features all the same.

use serde_json::{Map, Value as Json, json};
use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use tule_core::types::TypeSet;

use super::{Api, member};

pub(super) const BEGIN: &[u8] = br#"{ "type": "FeatureCollection", "features": ["#;
pub(super) const END: &[u8] = br#"], "crs" : { "type": "name", "properties": { "name": "urn:ogc:def:crs:OGC:1.3:CRS84" } } }"#;

/// Position of the column that is the geometry.
pub(super) fn geometry(columns: &[OutputColumn]) -> Option<usize> {
    let is_geometry =
        |column: &OutputColumn| column.ty.is_some_and(|ty| TypeSet::GEOSPATIAL.has(ty));
    columns.iter().position(is_geometry)
}

pub(super) fn row(
    columns: &[OutputColumn],
    row: &[Value],
    geometry: Option<usize>,
    api: Api,
    out: &mut Vec<u8>,
) {
    let mut properties = Map::new();
    let mut shape = Json::Null;
    for (at, (column, value)) in columns.iter().zip(row).enumerate() {
        let value = member(value, column, api).unwrap_or(Json::Null);
        if Some(at) == geometry {
            shape = value;
        } else {
            properties.insert(column.name.to_string(), value);
        }
    }
    let feature = json!({ "type": "Feature", "geometry": shape, "properties": properties });
    // Writing into memory cannot fail.
    let _ = serde_json::to_writer(out, &feature);
}
