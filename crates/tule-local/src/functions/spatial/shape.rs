//! Geometries made simpler, coarser, valid or multiple.
//!
//! Parts of a shape that collapse are left out, which may leave an empty one.

use geo::dimensions::HasDimensions;
use geo::{
    Geometry, LineString, MakeValid, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
    Simplify, Validation,
};
use tule_core::types::Type;

use super::{all, geometry, of_geometry};
use crate::functions::arguments::double;
use crate::value::geometry::{as_type, type_of};
use crate::value::{Fault, Value};

/// A part as the only one of its multi type.
pub(super) fn multi<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape] = all(arguments)?;
    if shape.is_null() {
        return Ok(Value::Null);
    }
    let shape = geometry(shape)?;
    let ty = match type_of(shape) {
        Some(Type::Point) => Type::Multipoint,
        Some(Type::Line) => Type::Multiline,
        Some(Type::Polygon) => Type::Multipolygon,
        _ => return Ok(Value::Geometry(shape.clone())),
    };
    Ok(as_type((**shape).clone(), ty).map_or(Value::Null, of_geometry))
}

/// A polygon that is cut into several becomes a multipolygon; other geometries are always valid.
pub(super) fn valid<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape] = all(arguments)?;
    Ok(repaired((**geometry(shape)?).clone()).map_or(Value::Null, of_geometry))
}

fn repaired(shape: Geometry<f64>) -> Option<Geometry<f64>> {
    if shape.is_valid() {
        return Some(shape);
    }
    let repaired = match &shape {
        Geometry::Polygon(polygon) => polygon.make_valid().ok()?,
        Geometry::MultiPolygon(polygons) => polygons.make_valid().ok()?,
        _ => return Some(shape),
    };
    match (shape, <[Polygon; 1]>::try_from(repaired.0)) {
        (Geometry::Polygon(_), Ok([only])) => Some(only.into()),
        (_, Ok(only)) => Some(MultiPolygon(only.into()).into()),
        (_, Err(several)) => Some(MultiPolygon(several).into()),
    }
}

/// Vertices nearer to the simplified outline than a tolerance are dropped. Null if none remain.
pub(super) fn simplify<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape, tolerance] = all(arguments)?;
    let (shape, tolerance) = (geometry(shape)?, double(tolerance)?);
    if tolerance <= 0.0 {
        return Ok(Value::Geometry(shape.clone()));
    }
    let simpler = changed(shape, &|line| line.simplify(tolerance));
    Ok(if simpler.is_empty() { Value::Null } else { of_geometry(simpler) })
}

/// The same with the largest tolerance, halved as often as it takes, that keeps every part and
/// leaves the shape as valid as it was.
pub(super) fn simplify_preserving<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    const ATTEMPTS: i32 = 12;
    let [shape, tolerance] = all(arguments)?;
    let (shape, tolerance) = (geometry(shape)?, double(tolerance)?);
    if tolerance > 0.0 && shape.is_valid() {
        let parts = part_count(shape);
        for attempt in 0..ATTEMPTS {
            let tolerance = tolerance / 2_f64.powi(attempt);
            let simpler = changed(shape, &|line| line.simplify(tolerance));
            if part_count(&simpler) == parts && simpler.is_valid() {
                return Ok(of_geometry(simpler));
            }
        }
    }
    Ok(Value::Geometry(shape.clone()))
}

/// How many points, lines and rings there are that are not empty.
fn part_count(shape: &Geometry<f64>) -> usize {
    let rings = |polygon: &Polygon<f64>| {
        usize::from(!polygon.exterior().0.is_empty()) + polygon.interiors().len()
    };
    match shape {
        Geometry::MultiPoint(points) => points.0.len(),
        Geometry::MultiLineString(lines) => lines.0.len(),
        Geometry::Polygon(polygon) => rings(polygon),
        Geometry::MultiPolygon(polygons) => polygons.0.iter().map(rings).sum(),
        other => usize::from(!other.is_empty()),
    }
}

/// Every coordinate at the nearest multiple of a size.
pub(super) fn snap_to_grid<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape, size] = all(arguments)?;
    // Halves go to the even multiple here, upwards below, as they do in PostGIS.
    Ok(of_geometry(snapped(geometry(shape)?, double(size)?, f64::round_ties_even)))
}

/// The same, with what that broke repaired.
pub(super) fn reduce_precision<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape, size] = all(arguments)?;
    let snapped = snapped(geometry(shape)?, double(size)?, |value| (value + 0.5).floor());
    Ok(repaired(snapped).map_or(Value::Null, of_geometry))
}

fn snapped(shape: &Geometry<f64>, size: f64, round: fn(f64) -> f64) -> Geometry<f64> {
    if size <= 0.0 {
        return shape.clone();
    }
    // A size such as 0.01 is not exact in binary, its inverse is; dividing by that gives the
    // double nearest to the decimal multiple.
    let inverse = (1.0 / size).round();
    let exact = (inverse * size - 1.0).abs() < 1e-12;
    let snap = |value: f64| {
        let snapped =
            if exact { round(value * inverse) / inverse } else { round(value / size) * size };
        // No negative zero.
        snapped + 0.0
    };
    let snap_point = |point: Point| Point::new(snap(point.x()), snap(point.y()));
    match shape {
        Geometry::Point(point) => snap_point(*point).into(),
        Geometry::MultiPoint(points) => {
            MultiPoint(points.iter().copied().map(snap_point).collect()).into()
        }
        other => changed(other, &|line| {
            let mut coords: Vec<_> = line.points().map(|point| snap_point(point).0).collect();
            coords.dedup();
            LineString(coords)
        }),
    }
}

/// The geometry with each line and ring changed. Points stay; a line of less than two different
/// vertices and a ring of less than four vertices is left out.
fn changed(
    shape: &Geometry<f64>,
    change: &dyn Fn(&LineString<f64>) -> LineString<f64>,
) -> Geometry<f64> {
    let line = |line: &LineString<f64>| {
        Some(change(line)).filter(|line| match line.0.as_slice() {
            [] | [_] => false,
            [start, end] => start != end,
            _ => true,
        })
    };
    let ring = |ring: &LineString<f64>| Some(change(ring)).filter(|ring| ring.0.len() >= 4);
    let polygon = |polygon: &Polygon<f64>| {
        let interiors = polygon.interiors().iter().filter_map(ring).collect();
        Some(Polygon::new(ring(polygon.exterior())?, interiors))
    };
    match shape {
        Geometry::LineString(only) => line(only).unwrap_or(LineString(Vec::new())).into(),
        Geometry::MultiLineString(lines) => {
            MultiLineString(lines.iter().filter_map(line).collect()).into()
        }
        Geometry::Polygon(only) => {
            let nothing = || Polygon::new(LineString(Vec::new()), Vec::new());
            polygon(only).unwrap_or_else(nothing).into()
        }
        Geometry::MultiPolygon(polygons) => {
            MultiPolygon(polygons.iter().filter_map(polygon).collect()).into()
        }
        other => other.clone(),
    }
}
