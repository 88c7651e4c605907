//! Geometries as bytes: a class, a bounding box unless it is a point, counts and coordinates.
//!
//! Close to well-known binary, but with the box in front, by which most pairs of shapes are told
//! apart without reading either.

use std::sync::Arc;

use geo_types::{
    Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

const POINT: u8 = 1;
const LINE: u8 = 2;
const POLYGON: u8 = 3;
const MULTIPOINT: u8 = 4;
const MULTILINE: u8 = 5;
const MULTIPOLYGON: u8 = 6;

/// The least and the greatest coordinates of a geometry.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Bounds {
    pub(crate) low: Coord,
    pub(crate) high: Coord,
}

impl Bounds {
    /// Those of no coordinate: they meet nothing.
    const NONE: Self = Self {
        low: Coord { x: f64::INFINITY, y: f64::INFINITY },
        high: Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY },
    };

    fn with(self, coord: Coord) -> Self {
        Self {
            low: Coord { x: self.low.x.min(coord.x), y: self.low.y.min(coord.y) },
            high: Coord { x: self.high.x.max(coord.x), y: self.high.y.max(coord.y) },
        }
    }

    /// Whether the two have a point in common.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }
}

/// The bytes of a geometry of one of the six classes that are types; empty for another.
pub(crate) fn encode(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut shape = Shape::default();
    let class = match geometry {
        Geometry::Point(point) => {
            shape.coord(point.0);
            return [&[POINT], &*shape.bytes].concat();
        }
        Geometry::LineString(line) => {
            shape.line(line);
            LINE
        }
        Geometry::Polygon(polygon) => {
            shape.polygon(polygon);
            POLYGON
        }
        Geometry::MultiPoint(points) => {
            shape.count(points.0.len());
            points.0.iter().for_each(|point| shape.coord(point.0));
            MULTIPOINT
        }
        Geometry::MultiLineString(lines) => {
            shape.count(lines.0.len());
            lines.0.iter().for_each(|line| shape.line(line));
            MULTILINE
        }
        Geometry::MultiPolygon(polygons) => {
            shape.count(polygons.0.len());
            polygons.0.iter().for_each(|polygon| shape.polygon(polygon));
            MULTIPOLYGON
        }
        _ => return Vec::new(),
    };
    let Shape { bounds, bytes } = shape;
    let mut out = Vec::with_capacity(33 + bytes.len());
    out.push(class);
    for part in [bounds.low.x, bounds.low.y, bounds.high.x, bounds.high.y] {
        out.extend(part.to_le_bytes());
    }
    out.extend(bytes);
    out
}

struct Shape {
    bounds: Bounds,
    bytes: Vec<u8>,
}

impl Default for Shape {
    fn default() -> Self {
        Self { bounds: Bounds::NONE, bytes: Vec::new() }
    }
}

impl Shape {
    fn count(&mut self, count: usize) {
        // Nothing with more parts fits into a value.
        self.bytes.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
    }

    fn coord(&mut self, coord: Coord) {
        self.bounds = self.bounds.with(coord);
        self.bytes.extend(coord.x.to_le_bytes());
        self.bytes.extend(coord.y.to_le_bytes());
    }

    fn line(&mut self, line: &LineString) {
        self.count(line.0.len());
        line.0.iter().for_each(|coord| self.coord(*coord));
    }

    fn polygon(&mut self, polygon: &Polygon) {
        self.count(1 + polygon.interiors().len());
        self.line(polygon.exterior());
        polygon.interiors().iter().for_each(|ring| self.line(ring));
    }
}

/// The bounds of a geometry, read from the front of its bytes.
pub(crate) fn bounds(bytes: &[u8]) -> Option<Bounds> {
    let (class, rest) = bytes.split_first()?;
    let mut reader = Reader(rest);
    let low = reader.coord()?;
    let high = if *class == POINT { low } else { reader.coord()? };
    Some(Bounds { low, high })
}

/// The geometry that `bytes` are of; `None` for other bytes.
pub(crate) fn decode(bytes: &[u8]) -> Option<Arc<Geometry<f64>>> {
    let (class, rest) = bytes.split_first()?;
    let mut reader = Reader(rest);
    if *class != POINT {
        reader.coord()?;
        reader.coord()?;
    }
    Some(Arc::new(match *class {
        POINT => Point(reader.coord()?).into(),
        LINE => reader.line()?.into(),
        POLYGON => reader.polygon()?.into(),
        MULTIPOINT => MultiPoint(reader.list(|reader| reader.coord().map(Point))?).into(),
        MULTILINE => MultiLineString(reader.list(Reader::line)?).into(),
        MULTIPOLYGON => MultiPolygon(reader.list(Reader::polygon)?).into(),
        _ => return None,
    }))
}

struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn coord(&mut self) -> Option<Coord> {
        let x = f64::from_le_bytes(self.take()?);
        let y = f64::from_le_bytes(self.take()?);
        Some(Coord { x, y })
    }

    fn list<T>(&mut self, mut part: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = u32::from_le_bytes(self.take()?);
        (0..count).map(|_| part(self)).collect()
    }

    fn line(&mut self) -> Option<LineString> {
        self.list(Self::coord).map(LineString)
    }

    fn polygon(&mut self) -> Option<Polygon> {
        let mut rings = self.list(Self::line)?.into_iter();
        Some(Polygon::new(rings.next()?, rings.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::geometry::from_wkt;

    #[test]
    fn geometries_come_back_and_show_their_bounds() {
        for text in [
            "POINT (-121.29 37.95)",
            "MULTIPOINT ((1 2), (3 4))",
            "LINESTRING (0 0, 1.5 1)",
            "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))",
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 0.5, 2 0.5, 2 1, 1 0.5))",
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((9 9, 10 9, 10 10, 9 9)))",
            "MULTIPOINT EMPTY",
        ] {
            let geometry = from_wkt(text).unwrap();
            let bytes = encode(&geometry);
            assert_eq!(*decode(&bytes).unwrap(), geometry, "{text}");
            for cut in 0..bytes.len() {
                assert!(decode(&bytes[..cut]).is_none(), "{text} cut at {cut}");
            }
        }
        let of = |text: &str| bounds(&encode(&from_wkt(text).unwrap())).unwrap();
        let polygon = of("POLYGON ((0 0, 4 0, 4 5, 0 0))");
        assert_eq!(
            polygon,
            Bounds { low: Coord { x: 0.0, y: 0.0 }, high: Coord { x: 4.0, y: 5.0 } }
        );
        assert!(polygon.meets(of("POINT (4 5)")));
        assert!(!polygon.meets(of("POINT (4.1 5)")));
        assert!(!polygon.meets(of("MULTIPOINT EMPTY")));
    }
}
