//! Measures on the ellipsoid, and counts.

use geo::orient::Direction;
use geo::{
    Closest, CoordsIter, Distance, Geodesic, GeodesicArea, Geometry, HaversineClosestPoint,
    Intersects, MultiPolygon, Orient, Point,
};

use super::{all, geometry, polygons, shape_of};
use crate::value::{Decimal, Fault, Value};

fn number<'a>(value: f64) -> Value<'a> {
    Decimal::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Square metres, whichever way the rings run.
pub(super) fn area<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape] = all(arguments)?;
    let polygons = MultiPolygon(polygons(geometry(shape)?)?.to_vec());
    Ok(number(polygons.orient(Direction::Default).geodesic_area_unsigned()))
}

pub(super) fn vertices<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape] = all(arguments)?;
    let count = i64::try_from(geometry(shape)?.coords_count()).unwrap_or(i64::MAX);
    Ok(Value::Number(Decimal::from(count)))
}

/// Metres; null where a geometry is empty.
pub(super) fn distance<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [one, other] = all(arguments)?;
    let (Some(one), Some(other)) = (shape_of(one)?, shape_of(other)?) else {
        return Ok(Value::Null);
    };
    Ok(apart(&one, &other).map_or(Value::Null, number))
}

/// Lines and borders that do not meet are nearest at a vertex of one of them. Which point of the
/// other is nearest to it is decided on the sphere, how far it is on the ellipsoid.
fn apart(one: &Geometry<f64>, other: &Geometry<f64>) -> Option<f64> {
    if let (Geometry::Point(from), Geometry::Point(to)) = (one, other) {
        return Some(Geodesic.distance(*from, *to));
    }
    if one.intersects(other) {
        return Some(0.0);
    }
    let nearest = |shape: &Geometry<f64>, from: Point| match shape.haversine_closest_point(&from) {
        Closest::Intersection(point) | Closest::SinglePoint(point) => {
            Some(Geodesic.distance(from, point))
        }
        Closest::Indeterminate => None,
    };
    let from_vertices = |shape: &Geometry<f64>, to: &Geometry<f64>| {
        let distances = shape.coords_iter().filter_map(|vertex| nearest(to, vertex.into()));
        distances.min_by(f64::total_cmp)
    };
    let points =
        |shape: &Geometry<f64>| matches!(shape, Geometry::Point(_) | Geometry::MultiPoint(_));
    // Points are nearest as vertices, so that nothing else needs to be tried.
    if points(one) {
        return from_vertices(one, other);
    }
    if points(other) {
        return from_vertices(other, one);
    }
    let distances = [from_vertices(one, other), from_vertices(other, one)];
    distances.into_iter().flatten().min_by(f64::total_cmp)
}
