//! Geometries joined, and what they have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo::orient::Direction;
use geo::sweep::{Cross, Intersections};
use geo::{
    BooleanOps, BoundingRect, Coord, CoordsIter, Geometry, Line, LineIntersection, LineString,
    MultiLineString, MultiPoint, MultiPolygon, Orient, Rect, unary_union,
};

use super::{all, geometry, mismatch, of_geometry, polygons};
use crate::functions::Accumulator;
use crate::value::{Fault, Value};

type Shape = Arc<Geometry<f64>>;

/// What two geometries of one kind make together.
fn both<'a>(
    arguments: &[Value<'a>],
    union: fn(&[Shape]) -> Result<Geometry<f64>, Fault>,
) -> Result<Value<'a>, Fault> {
    let [one, other] = all(arguments)?;
    union(&[geometry(one)?.clone(), geometry(other)?.clone()]).map(of_geometry)
}

pub(super) fn union_of_points<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    both(arguments, points)
}

pub(super) fn union_of_lines<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    both(arguments, lines)
}

pub(super) fn union_of_polygons<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    both(arguments, areas)
}

pub(super) fn intersection<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [one, other] = all(arguments)?;
    let multi = |value| Ok(MultiPolygon(polygons(geometry(value)?)?.to_vec()));
    let (one, other) = (multi(one)?, multi(other)?);
    Ok(of_geometry(one.intersection(&other).into()))
}

pub(super) fn every_point() -> Box<dyn Accumulator> {
    Box::new(Union { shapes: Vec::new(), union: points })
}

pub(super) fn every_line() -> Box<dyn Accumulator> {
    Box::new(Union { shapes: Vec::new(), union: lines })
}

pub(super) fn every_polygon() -> Box<dyn Accumulator> {
    Box::new(Union { shapes: Vec::new(), union: areas })
}

pub(super) fn extent() -> Box<dyn Accumulator> {
    Box::new(Extent { bounds: None })
}

/// Geometries that are joined all at once, which is faster than one by one.
struct Union {
    shapes: Vec<Shape>,
    union: fn(&[Shape]) -> Result<Geometry<f64>, Fault>,
}

impl Accumulator for Union {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        let [shape] = all(arguments)?;
        self.shapes.push(geometry(shape)?.clone());
        Ok(())
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        if self.shapes.is_empty() {
            return Ok(Value::Null);
        }
        (self.union)(&self.shapes).map(of_geometry)
    }
}

/// The box around all geometries, which may have no width or height; null of none.
struct Extent {
    bounds: Option<Rect>,
}

impl Accumulator for Extent {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        let [shape] = all(arguments)?;
        let Some(more) = geometry(shape)?.bounding_rect() else { return Ok(()) };
        self.bounds = Some(self.bounds.map_or(more, |bounds| {
            let (low, high) = (bounds.min(), bounds.max());
            Rect::new(
                Coord { x: low.x.min(more.min().x), y: low.y.min(more.min().y) },
                Coord { x: high.x.max(more.max().x), y: high.y.max(more.max().y) },
            )
        }));
        Ok(())
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        let area = self.bounds.map(|bounds| MultiPolygon(vec![bounds.to_polygon()]));
        Ok(area.map_or(Value::Null, |area| of_geometry(area.into())))
    }
}

/// A coordinate with an order, for sets: no coordinate is NaN.
#[derive(Clone, Copy, Debug)]
struct Place(Coord<f64>);

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Adding zero makes one of the two zeros.
        let key = |place: &Self| (place.0.x + 0.0, place.0.y + 0.0);
        let ((x, y), (other_x, other_y)) = (key(self), key(other));
        x.total_cmp(&other_x).then(y.total_cmp(&other_y))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Place {}

/// Each point once, from west to east.
fn points(shapes: &[Shape]) -> Result<Geometry<f64>, Fault> {
    let mut places = BTreeSet::new();
    for shape in shapes {
        match &**shape {
            Geometry::Point(_) | Geometry::MultiPoint(_) => {
                places.extend(shape.coords_iter().map(Place));
            }
            _ => return Err(mismatch("point or multipoint", None)),
        }
    }
    Ok(MultiPoint(places.into_iter().map(|place| place.0.into()).collect()).into())
}

/// The area that any of them covers.
fn areas(shapes: &[Shape]) -> Result<Geometry<f64>, Fault> {
    let mut all = Vec::with_capacity(shapes.len());
    for shape in shapes {
        all.push(MultiPolygon(polygons(shape)?.to_vec()).orient(Direction::Default));
    }
    Ok(unary_union(&all).into())
}

/// One straight piece of a line, by its place among all.
#[derive(Clone, Copy, Debug)]
struct Piece {
    line: usize,
    index: usize,
    segment: Line<f64>,
}

impl Cross for Piece {
    type Scalar = f64;

    fn line(&self) -> Line<f64> {
        self.segment
    }
}

/// Lines cut where they meet, each part once.
fn lines(shapes: &[Shape]) -> Result<Geometry<f64>, Fault> {
    let mut lines: Vec<&LineString<f64>> = Vec::new();
    for shape in shapes {
        match &**shape {
            Geometry::LineString(line) => lines.push(line),
            Geometry::MultiLineString(many) => lines.extend(many),
            _ => return Err(mismatch("line or multiline", None)),
        }
    }
    let (cuts, nodes) = crossings(&lines);
    let mut parts = Parts::default();
    for (line, coords) in lines.iter().enumerate() {
        let mut part: Vec<Coord<f64>> = coords.0.first().copied().into_iter().collect();
        for (index, segment) in coords.lines().enumerate() {
            let mut inside = cuts.get(&(line, index)).cloned().unwrap_or_default();
            let along = |place: &Place| {
                let (x, y) = (place.0.x - segment.start.x, place.0.y - segment.start.y);
                x * x + y * y
            };
            inside.sort_by(|one, other| along(one).total_cmp(&along(other)));
            for place in inside.into_iter().chain([Place(segment.end)]) {
                if part.last().map(|last| Place(*last)) != Some(place) {
                    part.push(place.0);
                }
                if nodes.contains(&place) {
                    parts.add(std::mem::replace(&mut part, vec![place.0]));
                }
            }
        }
        parts.add(part);
    }
    Ok(MultiLineString(parts.kept).into())
}

/// Where each piece is to be cut, and all places where lines end or meet.
#[expect(clippy::type_complexity, reason = "a map and a set, used once")]
fn crossings(
    lines: &[&LineString<f64>],
) -> (BTreeMap<(usize, usize), Vec<Place>>, BTreeSet<Place>) {
    let pieces = lines.iter().enumerate().flat_map(|(line, coords)| {
        let segments = coords.lines().enumerate();
        segments.map(move |(index, segment)| Piece { line, index, segment })
    });
    let mut cuts: BTreeMap<(usize, usize), Vec<Place>> = BTreeMap::new();
    let ends = lines.iter().flat_map(|line| [line.0.first(), line.0.last()]).flatten();
    let mut nodes: BTreeSet<Place> = ends.copied().map(Place).collect();
    for (one, other, meeting) in pieces.collect::<Intersections<_>>() {
        // A line that turns back on itself ends there.
        let turning = matches!(meeting, LineIntersection::Collinear { .. });
        let places = match meeting {
            LineIntersection::SinglePoint { intersection, .. } => vec![intersection],
            LineIntersection::Collinear { intersection } => {
                vec![intersection.start, intersection.end]
            }
        };
        // Neighbours in a line meet where it bends.
        let joint = if one.index < other.index { one.segment.end } else { other.segment.end };
        let neighbours = one.line == other.line && one.index.abs_diff(other.index) == 1;
        for place in places.into_iter().map(Place) {
            if neighbours && !turning && place == Place(joint) {
                continue;
            }
            nodes.insert(place);
            for piece in [one, other] {
                cuts.entry((piece.line, piece.index)).or_default().push(place);
            }
        }
    }
    (cuts, nodes)
}

/// Parts of lines, none of them twice in either direction.
#[derive(Default)]
struct Parts {
    seen: BTreeSet<Vec<Place>>,
    kept: Vec<LineString<f64>>,
}

impl Parts {
    fn add(&mut self, part: Vec<Coord<f64>>) {
        if part.len() < 2 {
            return;
        }
        let forth: Vec<Place> = part.iter().copied().map(Place).collect();
        let back = forth.iter().rev().copied().collect();
        if self.seen.insert(forth.clone().min(back)) {
            self.kept.push(LineString(part));
        }
    }
}
