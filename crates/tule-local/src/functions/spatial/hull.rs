//! Hulls. One that has no area, of points in a line, is an empty multipolygon.

use geo::concave_hull::ConcaveHullOptions;
use geo::{Area, ConcaveHull, ConvexHull, CoordsIter, MultiPoint, MultiPolygon, Polygon};
use geo::{Distance, Euclidean, TriangulateDelaunayUnconstrained};

use super::{all, geometry, of_geometry};
use crate::functions::arguments::double;
use crate::value::{Fault, Value};

pub(super) fn convex<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [shape] = all(arguments)?;
    Ok(filled(geometry(shape)?.convex_hull()))
}

fn filled<'a>(hull: Polygon<f64>) -> Value<'a> {
    let hull = Some(hull).filter(|hull| hull.unsigned_area() > 0.0);
    of_geometry(MultiPolygon(hull.into_iter().collect()).into())
}

/// The hull whose edges are no longer than a share of the way from the shortest to the longest
/// edge between neighbouring vertices: 1 gives the convex hull, 0 the most detailed one.
pub(super) fn concave<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    const BEYOND: Fault =
        Fault::Undefined { function: "concave_hull", why: "needs a ratio from 0 to 1" };
    let [shape, ratio] = all(arguments)?;
    let (shape, ratio) = (geometry(shape)?, double(ratio)?);
    if !(0.0..=1.0).contains(&ratio) {
        return Err(BEYOND);
    }
    let vertices = MultiPoint::from(shape.coords_iter().collect::<Vec<_>>());
    let convex = vertices.convex_hull();
    let Some(longest) = edge_length(&convex, &vertices, ratio).filter(|_| ratio < 1.0) else {
        return Ok(filled(convex));
    };
    // Lower values than 1 would let the outline touch itself.
    let options = ConcaveHullOptions { concavity: 1.0, length_threshold: longest };
    Ok(filled(vertices.concave_hull_with_options(options)))
}

/// That share of the way from the shortest to the longest edge of a Delaunay triangulation.
fn edge_length(convex: &Polygon<f64>, vertices: &MultiPoint<f64>, share: f64) -> Option<f64> {
    if convex.unsigned_area() == 0.0 {
        return None;
    }
    let triangles = vertices.unconstrained_triangulation().ok()?;
    let lengths = || {
        let edges = triangles.iter().flat_map(geo::Triangle::to_lines);
        edges.map(|edge| Euclidean.distance(edge.start, edge.end))
    };
    let (shortest, longest) =
        (lengths().min_by(f64::total_cmp)?, lengths().max_by(f64::total_cmp)?);
    Some(shortest + share * (longest - shortest))
}
