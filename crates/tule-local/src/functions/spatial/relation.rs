//! Questions about geometries that are answered with true or false.

use std::cell::RefCell;
use std::sync::Arc;

use geo::dimensions::HasDimensions;
use geo::indexed::IntervalTreeMultiPolygon;
use geo::{
    Area as _, BoundingRect, Contains, CoordsIter, Distance, Geodesic, Geometry, Haversine,
    Intersects, MultiPolygon, Point, Rect, Relate, Validation,
};

use super::{all, geometry, integer, polygons, shape_of};
use crate::functions::arguments::double;
use crate::value::{Fault, Value};

/// The sphere differs from the ellipsoid by less than this share of a distance.
const FLATTENING: f64 = 0.006;

/// Every vertex at most so many metres from the centre.
pub(super) fn within_circle<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape, latitude, longitude, radius] = all(arguments)?;
    let Some(shape) = shape_of(shape)? else { return Ok(Value::Null) };
    let centre = Point::new(double(longitude)?, double(latitude)?);
    let radius = double(radius)?;
    let near = |vertex: Point| {
        // The sphere is many times faster, and nearly always enough.
        let rough = Haversine.distance(centre, vertex);
        if (rough - radius).abs() > FLATTENING * rough {
            return rough < radius;
        }
        Geodesic.distance(centre, vertex) <= radius
    };
    let inside = !shape.is_empty() && shape.coords_iter().all(|vertex| near(vertex.into()));
    Ok(Value::Boolean(inside))
}

/// Within the box of two opposite corners, its border taken as outside.
pub(super) fn within_box<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape, north, west, south, east] = all(arguments)?;
    let Some(shape) = shape_of(shape)? else { return Ok(Value::Null) };
    // Corners given the wrong way round make the same box.
    let corners = Rect::new(
        geo::coord! { x: double(west)?, y: double(south)? },
        geo::coord! { x: double(east)?, y: double(north)? },
    );
    let (south_west, north_east) = (corners.min(), corners.max());
    let Some(bounds) = shape.bounding_rect().filter(|_| corners.unsigned_area() > 0.0) else {
        return Ok(Value::Boolean(false));
    };
    let (low, high) = (bounds.min(), bounds.max());
    let inside = low.x > south_west.x
        && high.x < north_east.x
        && low.y > south_west.y
        && high.y < north_east.y;
    if inside || matches!(*shape, Geometry::Point(_)) {
        return Ok(Value::Boolean(inside));
    }
    // What touches the border may still be within, unless it lies on it altogether.
    Ok(Value::Boolean(shape.relate(&corners.to_polygon()).is_within()))
}

/// The first wholly inside the second; points on its border are outside.
pub(super) fn within<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [inner, outer] = all(arguments)?;
    let Some(inner) = shape_of(inner)? else { return Ok(Value::Null) };
    let outer = geometry(outer)?;
    Ok(Value::Boolean(match *inner {
        Geometry::Point(point) => point_within(point, outer),
        _ => inner.relate(&**outer).is_within(),
    }))
}

fn point_within(point: Point, outer: &Arc<Geometry<f64>>) -> bool {
    match &**outer {
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => {
            LAST.with_borrow_mut(|last| last.contains(point, outer))
        }
        other => other.contains(&point),
    }
}

/// An index is worth its making from so many vertices on.
const LARGE: usize = 50;

thread_local! {
    static LAST: RefCell<Area> = RefCell::default();
}

/// The polygons that the last point was looked for in, with an index once they come again: many
/// rows are asked for one area.
#[derive(Default)]
struct Area {
    geometry: Option<Arc<Geometry<f64>>>,
    index: Option<(Rect, IntervalTreeMultiPolygon<f64>)>,
}

impl Area {
    fn contains(&mut self, point: Point, outer: &Arc<Geometry<f64>>) -> bool {
        if self.geometry.as_ref().is_some_and(|last| Arc::ptr_eq(last, outer)) {
            if self.index.is_none() && outer.coords_count() >= LARGE {
                self.index = indexed(outer);
            }
        } else {
            *self = Self { geometry: Some(Arc::clone(outer)), index: None };
        }
        match &self.index {
            Some((bounds, index)) => bounds.intersects(&point) && index.contains(&point),
            None => outer.contains(&point),
        }
    }
}

fn indexed(outer: &Geometry<f64>) -> Option<(Rect, IntervalTreeMultiPolygon<f64>)> {
    let polygons = MultiPolygon(polygons(outer).ok()?.to_vec());
    Some((polygons.bounding_rect()?, IntervalTreeMultiPolygon::new(&polygons)))
}

pub(super) fn intersects<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [one, other] = all(arguments)?;
    Ok(Value::Boolean(geometry(one)?.intersects(&**geometry(other)?)))
}

pub(super) fn crosses<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [one, other] = all(arguments)?;
    Ok(Value::Boolean(geometry(one)?.relate(&**geometry(other)?).is_crosses()))
}

pub(super) fn overlaps<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [one, other] = all(arguments)?;
    Ok(Value::Boolean(geometry(one)?.relate(&**geometry(other)?).is_overlaps()))
}

/// True of null as well.
pub(super) fn is_empty<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape] = all(arguments)?;
    Ok(Value::Boolean(shape.is_null() || geometry(shape)?.is_empty()))
}

/// Whether a shape is as wide or as high as a resolution; points always are.
pub(super) fn visible_at<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape, resolution] = all(arguments)?;
    if shape.is_null() {
        return Ok(Value::Null);
    }
    let shape = geometry(shape)?;
    let Some(bounds) = shape.bounding_rect() else { return Ok(Value::Boolean(false)) };
    if matches!(**shape, Geometry::Point(_) | Geometry::MultiPoint(_)) {
        return Ok(Value::Boolean(true));
    }
    if resolution.is_null() {
        return Ok(Value::Null);
    }
    let resolution = double(resolution)?;
    Ok(Value::Boolean(bounds.width() >= resolution || bounds.height() >= resolution))
}

/// Why a shape cannot be a curated region, in the portal's own words; null when it can.
pub(super) fn unfitness<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape, most] = all(arguments)?;
    if shape.is_null() {
        return Ok(Value::Text("empty".into()));
    }
    let shape = geometry(shape)?;
    let bounds = shape.bounding_rect();
    let too_many = |most: i64| shape.coords_count() > usize::try_from(most).unwrap_or(0);
    let beyond = |bounds: Rect| {
        let (low, high) = (bounds.min(), bounds.max());
        low.x < -180.0 || high.x > 180.0 || low.y < -90.0 || high.y > 90.0
    };
    let reason = if !most.is_null() && too_many(limit(most)?) {
        "too complex"
    } else if bounds.is_some_and(beyond) {
        "out of bounds"
    } else if !shape.is_valid() {
        "invalid geography data"
    } else {
        return Ok(Value::Null);
    };
    Ok(Value::Text(reason.into()))
}

fn limit(value: &Value<'_>) -> Result<i64, Fault> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "a count of vertices; saturates")]
        Value::Double(double) => Ok(double.floor() as i64),
        other => integer(other),
    }
}
