//! Functions of geometries: relations, measures, shapes, and what joins them.
//!
//! Coordinates are degrees on WGS84. Relations and shapes are computed in the plane of longitude
//! and latitude, distances and areas on the ellipsoid, as `PostGIS` does for the portal. A
//! function that takes a location works with its point; where that is missing the result is null.

mod hull;
mod join;
mod measure;
mod relation;
mod shape;

use std::sync::Arc;

use geo::{Geometry, MultiPolygon, Polygon};
use tule_core::types::Type;

use super::arguments::{all, geometry, integer, mismatch, number};
use super::{Implementation, aggregate, seeing, strict};
use crate::value::{Fault, Value};

pub(super) const ROWS: &[Implementation] = &[
    strict("make_point", |arguments| {
        let [latitude, longitude] = all(arguments)?;
        let (y, x) = (number(latitude)?.to_f64(), number(longitude)?.to_f64());
        let point = Value::geometry_from(Geometry::Point(geo::Point::new(x, y)));
        point.ok_or(Fault::OutOfRange(Type::Point))
    }),
    strict("within_circle", relation::within_circle),
    strict("location_within_circle", relation::within_circle),
    strict("within_box", relation::within_box),
    strict("location_within_box", relation::within_box),
    strict("within_polygon", relation::within),
    strict("location_within_polygon", relation::within),
    strict("intersects", relation::intersects),
    strict("crosses", relation::crosses),
    strict("overlaps", relation::overlaps),
    seeing("is_empty", relation::is_empty),
    seeing("visible_at", relation::visible_at),
    seeing("curated_region_test", relation::unfitness),
    strict("area", measure::area),
    strict("distance_in_meters", measure::distance),
    strict("location_distance_in_meters", measure::distance),
    strict("num_points", measure::vertices),
    strict("union2pt", join::union_of_points),
    strict("union2line", join::union_of_lines),
    strict("union2poly", join::union_of_polygons),
    strict("polygon_intersection", join::intersection),
    aggregate("unionAggPt", join::every_point),
    aggregate("unionAggLine", join::every_line),
    aggregate("unionAggPoly", join::every_polygon),
    aggregate("extent", join::extent),
    strict("convex_hull", hull::convex),
    strict("concave_hull", hull::concave),
    strict("geo_make_valid", shape::valid),
    strict("geo_multi_mpg_mpg", shape::multi),
    strict("geo_multi_mln_mln", shape::multi),
    strict("geo_multi_mpt_mpt", shape::multi),
    strict("geo_multi_mpg_pg", shape::multi),
    strict("geo_multi_mln_ln", shape::multi),
    strict("geo_multi_mpt_pt", shape::multi),
    strict("geo_collection_extract_mpg_mpg", same),
    strict("geo_multi_collection_mln_mln", same),
    strict("geo_multi_collection_mpt_mpt", same),
    strict("reducePrecision", shape::reduce_precision),
    strict("reducePolyPrecision", |arguments| shape::multi(&[shape::reduce_precision(arguments)?])),
    strict("simplify", shape::simplify),
    strict("simplify_preserve_topology", shape::simplify_preserving),
    strict("snap_to_grid", shape::snap_to_grid),
];

/// A geometry is never a mixed collection here, so that nothing is to be left out of it.
fn same<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [value] = all(arguments)?;
    Ok(value.clone())
}

/// A value of a geometry; null where it is of no type of the language.
fn of_geometry<'a>(geometry: Geometry<f64>) -> Value<'a> {
    Value::geometry_from(geometry).unwrap_or_default()
}

/// The geometry of an argument, or the point of a location if it has one.
fn shape_of(value: &Value<'_>) -> Result<Option<Arc<Geometry<f64>>>, Fault> {
    match value {
        Value::Location(location) => {
            Ok(location.point.map(|point| Arc::new(Geometry::Point(point))))
        }
        other => geometry(other).map(|geometry| Some(Arc::clone(geometry))),
    }
}

/// The polygons of a polygon or multipolygon.
fn polygons(geometry: &Geometry<f64>) -> Result<&[Polygon<f64>], Fault> {
    match geometry {
        Geometry::Polygon(polygon) => Ok(std::slice::from_ref(polygon)),
        Geometry::MultiPolygon(MultiPolygon(polygons)) => Ok(polygons),
        _ => Err(mismatch("polygon or multipolygon", None)),
    }
}
