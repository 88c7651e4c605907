//! Whether two answers are the same.

use std::collections::BTreeSet;

use geo::{Area, BooleanOps, Geometry, HasDimensions, MultiPolygon, Relate};
use tule_local::value::{Decimal, Value, geometry};

use crate::calls::{Call, Mode};

/// Whether our answer and PostgreSQL's are the same, as far as the call's mode asks. Faults agree
/// with faults, whatever the wording.
pub(crate) fn agree(call: &Call, theirs: &str) -> bool {
    let Ok(ours) = &call.ours else { return theirs.starts_with("ERROR ") };
    if theirs.starts_with("ERROR ") {
        return false;
    }
    if theirs == "<null>" || ours.is_null() {
        return theirs == "<null>" && ours.is_null();
    }
    match call.mode {
        Mode::Text => ours.text().replace('\n', "\\n") == theirs,
        Mode::Number => Decimal::parse(theirs) == Decimal::parse(&ours.text()),
        Mode::About => near(ours, theirs, 1e-12),
        Mode::Metres => near(ours, theirs, 1e-6),
        Mode::Moment => ours.text().trim_end_matches('Z') == theirs,
        Mode::Geometry => same_shape(ours, theirs),
    }
}

fn near(ours: &Value<'_>, theirs: &str, share: f64) -> bool {
    let (Ok(ours), Ok(theirs)) = (ours.text().parse::<f64>(), theirs.parse::<f64>()) else {
        return false;
    };
    (ours - theirs).abs() <= share * theirs.abs().max(1e-9)
}

fn same_shape(ours: &Value<'_>, theirs: &str) -> bool {
    let Value::Geometry(ours) = ours else { return false };
    if theirs.ends_with(" EMPTY") {
        return ours.is_empty();
    }
    let Some(theirs) = geometry::from_wkt(theirs) else { return false };
    match (&**ours, &theirs) {
        // Where borders cross, the two round coordinates differently.
        (Geometry::MultiPolygon(ours), Geometry::MultiPolygon(theirs)) => {
            let apart = |one: &MultiPolygon| ours.xor(one).unsigned_area();
            apart(theirs) <= 1e-6 * theirs.unsigned_area()
        }
        (Geometry::MultiLineString(ours), Geometry::MultiLineString(theirs)) => {
            parts(ours) == parts(theirs)
        }
        (ours, theirs) => {
            geometry::type_of(ours) == geometry::type_of(theirs)
                && ours.relate(theirs).is_equal_topo()
        }
    }
}

/// The parts of a line, in either direction, to nine decimals.
fn parts(lines: &geo::MultiLineString) -> BTreeSet<Vec<String>> {
    let part = |line: &geo::LineString| {
        let forth: Vec<String> =
            line.coords().map(|coord| format!("{:.9} {:.9}", coord.x, coord.y)).collect();
        let back: Vec<String> = forth.iter().rev().cloned().collect();
        forth.min(back)
    };
    lines.iter().map(part).collect()
}
