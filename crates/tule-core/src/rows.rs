//! Rows of a result, as every source of rows gives them and every format prints them.
//!
//! A value goes with the type of its column: [`Value::Text`] holds text as well as every type that
//! has one canonical written form. Deliberately absent: where rows come from (a portal, the
//! embedded engine), how they are printed, and arithmetic; numbers are exact decimals in writing.

/// One value of one row.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// Of the type boolean.
    Boolean(bool),
    /// Of the type number: an exact decimal in plain notation, such as `-12.50`.
    Number(Box<str>),
    /// Of the type double. Never NaN or infinite: those are null.
    Double(f64),
    /// Of the type text, or the canonical form of a timestamp, date, time, interval, row
    /// identifier, row version, photo or blob: `2025-01-31T08:15:00.000` for floating timestamps,
    /// the same with `Z` for fixed ones, the name under which a photo or blob is stored.
    Text(Box<str>),
    /// Everything with parts: a `GeoJSON` geometry for the six geographic types, an object for
    /// location, url and document, any value for json.
    Json(serde_json::Value),
}

/// One row: a value for each result column, in order.
pub type Row = Vec<Value>;

/// A `GeoJSON` geometry as well-known text: `POINT (-121.29 37.96)`. `None` for what is no geometry
/// of the six kinds.
///
/// ```
/// let line = serde_json::json!({ "type": "LineString", "coordinates": [[1, 2.5], [3, 4]] });
/// assert_eq!(tule_core::rows::wkt(&line).as_deref(), Some("LINESTRING (1 2.5, 3 4)"));
/// assert_eq!(tule_core::rows::wkt(&serde_json::json!({ "url": "https://a.gov" })), None);
/// ```
#[must_use]
pub fn wkt(geometry: &serde_json::Value) -> Option<String> {
    let kinds = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"];
    let kind = kinds.iter().find(|kind| geometry["type"] == **kind)?;
    let name = kind.to_ascii_uppercase();
    let coordinates = geometry["coordinates"].as_array()?;
    if coordinates.is_empty() {
        return Some(name + " EMPTY");
    }
    let is_position = coordinates.first().is_some_and(serde_json::Value::is_number);
    let inner = parts(coordinates)?;
    Some(if is_position { format!("{name} ({inner})") } else { format!("{name} {inner}") })
}

/// A position as its numbers, anything else in brackets. As deep as a geometry of the six kinds
/// goes, which is four lists.
fn parts(list: &[serde_json::Value]) -> Option<String> {
    fn within(list: &[serde_json::Value], depth: usize) -> Option<String> {
        if list.first().is_some_and(serde_json::Value::is_number) {
            let numbers: Option<Vec<String>> =
                list.iter().map(|number| number.is_number().then(|| number.to_string())).collect();
            return Some(numbers?.join(" "));
        }
        let depth = depth.checked_sub(1)?;
        let parts: Option<Vec<String>> =
            list.iter().map(|part| within(part.as_array()?, depth)).collect();
        Some(format!("({})", parts?.join(", ")))
    }
    within(list, 3)
}
