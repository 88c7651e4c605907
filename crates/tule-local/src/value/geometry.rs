//! Geometries: which type each is, and their text forms.
//!
//! Absent: anything that measures or combines them, which is in `crate::functions`.

use geo_types::{Geometry, MultiLineString, MultiPoint, MultiPolygon};
use tule_core::types::Type;
use wkt::ToWkt;

/// The type of the language that a geometry is of; `None` for classes that are no type, such as
/// collections.
#[must_use]
pub fn type_of(geometry: &Geometry<f64>) -> Option<Type> {
    Some(match geometry {
        Geometry::Point(_) => Type::Point,
        Geometry::MultiPoint(_) => Type::Multipoint,
        Geometry::LineString(_) => Type::Line,
        Geometry::MultiLineString(_) => Type::Multiline,
        Geometry::Polygon(_) => Type::Polygon,
        Geometry::MultiPolygon(_) => Type::Multipolygon,
        _ => return None,
    })
}

/// The geometry as one of the type `ty`: itself, or one part as the only one of its multi type.
#[must_use]
pub fn as_type(geometry: Geometry<f64>, ty: Type) -> Option<Geometry<f64>> {
    match (geometry, ty) {
        (Geometry::Point(part), Type::Multipoint) => Some(MultiPoint(vec![part]).into()),
        (Geometry::LineString(part), Type::Multiline) => Some(MultiLineString(vec![part]).into()),
        (Geometry::Polygon(part), Type::Multipolygon) => Some(MultiPolygon(vec![part]).into()),
        (geometry, ty) => (type_of(&geometry) == Some(ty)).then_some(geometry),
    }
}

/// Well-known text as portals write it, `POINT (-121.29 37.95)`.
#[must_use]
pub fn to_wkt(geometry: &Geometry<f64>) -> String {
    // The crate writes the closest form, `MULTIPOINT((1 2),(3 4))`.
    geometry.wkt_string().replacen('(', " (", 1).replace(',', ", ")
}

/// The geometry in well-known text, if it is one of the six types and rings are closed.
#[must_use]
pub fn from_wkt(text: &str) -> Option<Geometry<f64>> {
    let (_, wkt) = tule_core::reading::geometry(text)?;
    Geometry::try_from(wkt).ok()
}

/// A `GeoJSON` geometry object.
#[must_use]
pub fn to_geojson(geometry: &Geometry<f64>) -> serde_json::Value {
    let object = geojson::Geometry::new(geojson::GeometryValue::from(geometry));
    serde_json::to_value(&object).unwrap_or_default()
}

/// The geometry in a `GeoJSON` geometry object, if it is of one of the six types.
#[must_use]
pub fn from_geojson(json: &serde_json::Value) -> Option<Geometry<f64>> {
    let object: geojson::Geometry = serde_json::from_value(json.clone()).ok()?;
    let geometry = Geometry::try_from(object).ok()?;
    type_of(&geometry).map(|_| geometry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_give_back_what_they_were_made_of() {
        for (text, ty) in [
            ("POINT (-121.29 37.95)", Type::Point),
            ("MULTIPOINT ((1 2), (3 4))", Type::Multipoint),
            ("LINESTRING (0 0, 1.5 1)", Type::Line),
            ("MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", Type::Multiline),
            ("POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))", Type::Polygon),
            ("MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)))", Type::Multipolygon),
            ("MULTIPOINT EMPTY", Type::Multipoint),
        ] {
            let geometry = from_wkt(text).unwrap();
            assert_eq!(type_of(&geometry), Some(ty), "{text}");
            assert_eq!(to_wkt(&geometry), text);
            assert_eq!(from_geojson(&to_geojson(&geometry)), Some(geometry));
        }
        assert_eq!(from_wkt("GEOMETRYCOLLECTION (POINT (1 2))"), None);
        assert_eq!(from_wkt("POLYGON ((0 0, 4 0, 4 4))"), None);
    }

    #[test]
    fn geojson_is_as_portals_send_it() {
        let point = from_wkt("POINT (-121.29 37.95)").unwrap();
        let json = serde_json::json!({"type": "Point", "coordinates": [-121.29, 37.95]});
        assert_eq!(to_geojson(&point), json);
        let collection = serde_json::json!({"type": "GeometryCollection", "geometries": []});
        assert_eq!(from_geojson(&collection), None);
        assert_eq!(from_geojson(&serde_json::json!("POINT (1 2)")), None);
    }

    #[test]
    fn single_parts_become_multi_types_but_not_back() {
        let line = from_wkt("LINESTRING (0 0, 1 1)").unwrap();
        let multi = as_type(line.clone(), Type::Multiline).unwrap();
        assert_eq!(to_wkt(&multi), "MULTILINESTRING ((0 0, 1 1))");
        assert_eq!(as_type(multi, Type::Line), None);
        assert_eq!(as_type(line, Type::Multipolygon), None);
    }
}
