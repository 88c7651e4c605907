//! Geometry and the older location type. Latitude comes before longitude everywhere but in WKT.

use super::row::{
    A, B, BOOLEAN, LINE, LOCATION, MULTILINE, MULTIPOINT, MULTIPOLYGON, NUMBER, POINT, POLYGON,
    TEXT, aggregate, scalar,
};
use crate::functions::Function;
use crate::types::{Type, TypeSet};

pub(super) const ROWS: &[Function] = &[
    scalar("make_point", &[NUMBER, NUMBER], POINT)
        .doc("The point at a latitude and a longitude in degrees.")
        .note("latitude first, the other way round than in WKT")
        .example("make_point(37.95, -121.29)"),
    scalar("within_circle", &[A, B, B, B], BOOLEAN)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::NUM_LIKE)
        .since_20()
        .doc("True when the whole geometry lies inside a circle around a position.")
        .note("latitude, longitude, radius in metres; documented for 2.0 on locations only")
        .example("within_circle(place, 37.95, -121.29, 500)"),
    scalar("within_circle", &[LOCATION, A, A, A], BOOLEAN)
        .identity("location_within_circle")
        .a(TypeSet::NUM_LIKE)
        .since_20()
        .doc("True when the point of a location lies inside a circle around a position.")
        .note("latitude, longitude, then the radius in metres")
        .example("within_circle(address, 37.95, -121.29, 500)"),
    scalar("within_box", &[A, B, B, B, B], BOOLEAN)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::NUM_LIKE)
        .since_20()
        .doc("True when the geometry lies inside a box along the meridians.")
        .note("latitude and longitude of the north-west corner, then of the south-east one")
        .example("within_box(place, 38.05, -121.40, 37.90, -121.20)"),
    scalar("within_box", &[LOCATION, A, A, A, A], BOOLEAN)
        .identity("location_within_box")
        .a(TypeSet::NUM_LIKE)
        .since_20()
        .doc("True when the point of a location lies inside a box along the meridians.")
        .note("latitude and longitude of the north-west corner, then of the south-east one")
        .example("within_box(address, 38.05, -121.40, 37.90, -121.20)"),
    scalar("within_polygon", &[A, B], BOOLEAN)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::GEOSPATIAL)
        .since_21()
        .doc("True when the first geometry lies wholly inside the second.")
        .note("a WKT literal closes its ring and puts longitude first")
        .example("within_polygon(place, district)"),
    scalar("within_polygon", &[LOCATION, A], BOOLEAN)
        .identity("location_within_polygon")
        .a(TypeSet::GEOSPATIAL)
        .since_21()
        .doc("True when the point of a location lies inside a geometry.")
        .example("within_polygon(address, district)"),
    scalar("spatial_union", &[A, B], MULTIPOINT)
        .identity("union2pt")
        .a(TypeSet::POINT_LIKE)
        .b(TypeSet::POINT_LIKE)
        .doc("Every position of two points or multipoints of one row.")
        .note("with one argument the same name merges the rows of a group")
        .example("spatial_union(place, places)"),
    scalar("spatial_union", &[A, B], MULTILINE)
        .identity("union2line")
        .a(TypeSet::LINE_LIKE)
        .b(TypeSet::LINE_LIKE)
        .doc("Every stretch of two lines or multilines of one row.")
        .note("with one argument the same name merges the rows of a group")
        .example("spatial_union(route, routes)"),
    scalar("spatial_union", &[A, B], MULTIPOLYGON)
        .identity("union2poly")
        .a(TypeSet::POLYGON_LIKE)
        .b(TypeSet::POLYGON_LIKE)
        .doc("The area that either of two polygons or multipolygons of one row covers.")
        .note("with one argument the same name merges the rows of a group")
        .example("spatial_union(parcel, district)"),
    aggregate("spatial_union", &[A], MULTIPOINT)
        .identity("unionAggPt")
        .a(TypeSet::POINT_LIKE)
        .since_21()
        .doc("Every position of the points or multipoints of the group.")
        .note("documented by an example only")
        .example("spatial_union(place)"),
    aggregate("spatial_union", &[A], MULTILINE)
        .identity("unionAggLine")
        .a(TypeSet::LINE_LIKE)
        .since_21()
        .doc("Every stretch of the lines or multilines of the group.")
        .note("documented by an example only")
        .example("spatial_union(route)"),
    aggregate("spatial_union", &[A], MULTIPOLYGON)
        .identity("unionAggPoly")
        .a(TypeSet::POLYGON_LIKE)
        .since_21()
        .doc("The area that the polygons or multipolygons of the group cover together.")
        .note("documented by an example only")
        .example("spatial_union(parcel)"),
    aggregate("extent", &[A], MULTIPOLYGON)
        .a(TypeSet::GEOSPATIAL)
        .since_21()
        .doc("The smallest box along the meridians that holds every geometry of the group.")
        .note("a multipolygon, though the portal's documentation says polygon")
        .example("extent(place)"),
    scalar("concave_hull", &[A, B], MULTIPOLYGON)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::NUM_LIKE)
        .doc("A close-fitting outline of a geometry; the ratio runs from 0, tight, to 1, convex.")
        .example("concave_hull(places, 0.8)"),
    scalar("convex_hull", &[A], MULTIPOLYGON)
        .a(TypeSet::GEOSPATIAL)
        .since_21()
        .doc("The outline of a rubber band around a geometry.")
        .note("works on each row, not on a group: wrap `spatial_union` for that")
        .example("convex_hull(district)"),
    scalar("intersects", &[A, B], BOOLEAN)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::GEOSPATIAL)
        .since_21()
        .doc("True when two geometries have a position in common, be it on their borders.")
        .example("intersects(route, district)"),
    scalar("crosses", &[A, B], BOOLEAN)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::GEOSPATIAL)
        .doc("True when a geometry passes through another, partly inside it and partly not.")
        .example("crosses(route, district)"),
    scalar("overlaps", &[A, B], BOOLEAN)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::GEOSPATIAL)
        .doc("True when two geometries of one kind share a part but neither holds the other.")
        .note("two areas, two lines or two sets of points; a line never overlaps an area")
        .example("overlaps(parcel, district)"),
    scalar("polygon_intersection", &[A, B], MULTIPOLYGON)
        .a(TypeSet::POLYGON_LIKE)
        .b(TypeSet::POLYGON_LIKE)
        .doc("The area that two polygons or multipolygons have in common.")
        .example("polygon_intersection(parcel, district)"),
    scalar("area", &[A], NUMBER)
        .a(TypeSet::POLYGON_LIKE)
        .doc("Area of a polygon on the round earth, in square metres.")
        .note("divide by 4046.86 for acres")
        .example("area(parcel)"),
    scalar("distance_in_meters", &[A, B], NUMBER)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::GEOSPATIAL)
        .since_21()
        .doc("Shortest distance between two geometries on the round earth, in metres.")
        .note("as the crow flies; 0 when they touch")
        .example("distance_in_meters(place, district)"),
    scalar("distance_in_meters", &[LOCATION, A], NUMBER)
        .identity("location_distance_in_meters")
        .a(TypeSet::GEOSPATIAL)
        .since_21()
        .doc("Shortest distance from the point of a location to a geometry, in metres.")
        .note("the location goes first: it is not accepted as the second argument")
        .example("distance_in_meters(address, place)"),
    scalar("geo_make_valid", &[A], A)
        .a(TypeSet::GEOSPATIAL)
        .doc("The geometry with faults such as a border that crosses itself repaired.")
        .example("geo_make_valid(parcel)"),
    scalar("geo_multi", &[MULTIPOLYGON], MULTIPOLYGON)
        .identity("geo_multi_mpg_mpg")
        .doc("A multipolygon as it is.")
        .example("geo_multi(district)"),
    scalar("geo_multi", &[MULTILINE], MULTILINE)
        .identity("geo_multi_mln_mln")
        .doc("A multiline as it is.")
        .example("geo_multi(routes)"),
    scalar("geo_multi", &[MULTIPOINT], MULTIPOINT)
        .identity("geo_multi_mpt_mpt")
        .doc("A multipoint as it is.")
        .example("geo_multi(places)"),
    scalar("geo_multi", &[POLYGON], MULTIPOLYGON)
        .identity("geo_multi_mpg_pg")
        .doc("A multipolygon of one polygon.")
        .example("geo_multi(parcel)"),
    scalar("geo_multi", &[LINE], MULTILINE)
        .identity("geo_multi_mln_ln")
        .doc("A multiline of one line.")
        .example("geo_multi(route)"),
    scalar("geo_multi", &[POINT], MULTIPOINT)
        .identity("geo_multi_mpt_pt")
        .doc("A multipoint of one point.")
        .example("geo_multi(place)"),
    scalar("geo_collection_extract", &[MULTIPOLYGON], MULTIPOLYGON)
        .identity("geo_collection_extract_mpg_mpg")
        .doc("The areas of a geometry, without lines and points that a repair left in it.")
        .note("takes the multi types only; wrap a single polygon in `geo_multi`")
        .example("geo_collection_extract(district)"),
    scalar("geo_collection_extract", &[MULTILINE], MULTILINE)
        .identity("geo_multi_collection_mln_mln")
        .doc("The lines of a geometry, without areas and points that a repair left in it.")
        .note("takes the multi types only; wrap a single line in `geo_multi`")
        .example("geo_collection_extract(routes)"),
    scalar("geo_collection_extract", &[MULTIPOINT], MULTIPOINT)
        .identity("geo_multi_collection_mpt_mpt")
        .doc("The points of a geometry, without areas and lines that a repair left in it.")
        .note("takes the multi types only; wrap a single point in `geo_multi`")
        .example("geo_collection_extract(places)"),
    scalar("reduce_precision", &[A, B], A)
        .identity("reducePrecision")
        .a(TypeSet::GEOSPATIAL.minus(TypeSet::one(Type::Polygon)))
        .b(TypeSet::NUM_LIKE)
        .doc("The geometry with coordinates rounded to a grid of a size in degrees.")
        .example("reduce_precision(district, 0.0001)"),
    scalar("reduce_precision", &[POLYGON, B], MULTIPOLYGON)
        .identity("reducePolyPrecision")
        .b(TypeSet::NUM_LIKE)
        .doc("A polygon with coordinates rounded to a grid of a size in degrees.")
        .note("rounding may split a polygon, so that the result is a multipolygon")
        .example("reduce_precision(parcel, 0.0001)"),
    scalar("num_points", &[A], NUMBER)
        .a(TypeSet::GEOSPATIAL)
        .since_21()
        .doc("How many vertices a geometry has; a polygon's first counts again as its last.")
        .example("num_points(parcel)"),
    scalar("simplify", &[A, B], A)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::NUM_LIKE)
        .since_21()
        .doc("The geometry without vertices that matter less than a tolerance in degrees.")
        .note("small shapes may collapse; the portal's documentation omits the tolerance")
        .example("simplify(district, 0.001)"),
    scalar("simplify_preserve_topology", &[A, B], A)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::NUM_LIKE)
        .since_21()
        .doc("As `simplify`, but the geometry stays valid and keeps its parts and holes.")
        .example("simplify_preserve_topology(district, 0.001)"),
    scalar("snap_to_grid", &[A, B], A)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::NUM_LIKE)
        .doc("The geometry with every vertex moved onto a grid of a size in degrees.")
        .note("unlike `reduce_precision`, does not repair what the rounding breaks")
        .example("snap_to_grid(place, 0.01)"),
    scalar("curated_region_test", &[A, B], TEXT)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::NUM_LIKE)
        .doc("Why a shape cannot serve as a region on the portal, or null when it can.")
        .note("the second argument is the largest number of vertices allowed")
        .example("curated_region_test(district, 10000)"),
    scalar("visible_at", &[A, B], BOOLEAN)
        .a(TypeSet::GEOSPATIAL)
        .b(TypeSet::NUM_LIKE)
        .doc("True when a map with so many degrees to the pixel would show the geometry.")
        .note("a point that is there is always visible; a line or area must be large enough")
        .example("visible_at(district, 0.01)"),
    scalar("is_empty", &[A], BOOLEAN)
        .a(TypeSet::GEOSPATIAL)
        .doc("True when a geometry holds no position; null counts as empty.")
        .example("is_empty(place)"),
    scalar("location", &[POINT, TEXT, TEXT, TEXT, TEXT], LOCATION)
        .doc("A location made of a point, street, city, state and ZIP code.")
        .example("location(place, name, 'Stockton', 'CA', '95202')"),
    scalar("human_address", &[TEXT, TEXT, TEXT, TEXT], TEXT)
        .doc("The text of a JSON object with a street, city, state and ZIP code.")
        .example("human_address(name, 'Stockton', 'CA', '95202')"),
];
