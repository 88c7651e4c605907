//! Coordinates in a query: where they stand, and which of them are places.
//!
//! Functions take latitude before longitude, texts such as `POINT (longitude latitude)` the other
//! way round. A pair that is no place as it stands and one with its numbers swapped is a mistake
//! whatever the dataset. Deliberately absent: pairs that are places both ways; which of them the
//! dataset holds nobody can say without its rows.

use tule_syntax::ast::{ExprId, ExprKind};
use tule_syntax::span::Span;

use super::pass::Pass;

/// Latitudes between which people live and publish data: from Cape Horn to Spitsbergen.
const INHABITED: std::ops::RangeInclusive<f64> = -56.0..=79.0;

/// What is to be said of a pair of coordinates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// A place, as far as can be said.
    Place,
    /// No place, or none where people live, but one with its numbers swapped.
    Swapped,
    /// No place on Earth either way.
    Nowhere,
}

/// What is to be said of a latitude and a longitude.
pub(super) fn judge(latitude: f64, longitude: f64) -> Verdict {
    let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    if on_earth && INHABITED.contains(&latitude) {
        return Verdict::Place;
    }
    if INHABITED.contains(&longitude) && latitude.abs() <= 180.0 {
        return Verdict::Swapped;
    }
    if on_earth { Verdict::Place } else { Verdict::Nowhere }
}

/// Where the latitudes and longitudes of a call stand among its arguments.
pub(super) fn pairs(name: &str) -> &'static [(usize, usize)] {
    match name {
        "within_circle" => &[(1, 2)],
        "within_box" => &[(1, 2), (3, 4)],
        "make_point" => &[(0, 1)],
        _ => &[],
    }
}

/// A pair of coordinates as written.
pub(super) struct Pair {
    pub(super) latitude: (f64, Span),
    pub(super) longitude: (f64, Span),
}

impl Pair {
    pub(super) fn verdict(&self) -> Verdict {
        judge(self.latitude.0, self.longitude.0)
    }
}

/// The pairs of numbers that a node takes as coordinates; empty for any other node.
pub(super) fn coordinates(pass: &Pass<'_>, id: ExprId, kind: ExprKind) -> Vec<Pair> {
    match kind {
        ExprKind::Call { .. } => {
            let Some((name, args)) = pass.call(id) else { return Vec::new() };
            let number = |at: usize| {
                let arg = *args.get(at)?;
                Some((pass.number(arg)?, pass.arena.span(arg)))
            };
            pairs(name)
                .iter()
                .filter_map(|&(latitude, longitude)| {
                    let (latitude, longitude) = (number(latitude)?, number(longitude)?);
                    Some(Pair { latitude, longitude })
                })
                .collect()
        }
        ExprKind::Literal(_) => {
            let written = pass.source(id);
            if is_shape(written) {
                positions(written, pass.arena.span(id).start)
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}

/// Whether a literal in quotes is well-known text.
fn is_shape(written: &str) -> bool {
    const WORDS: [&str; 6] =
        ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"];
    let Some(text) = written.strip_prefix(['\'', '"']) else { return false };
    let Some((word, _)) = text.split_once('(') else { return false };
    WORDS.iter().any(|known| word.trim().eq_ignore_ascii_case(known))
}

/// The positions in well-known text: longitude first.
fn positions(written: &str, base: u32) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut at = 0;
    for part in written.split([',', '(', ')']) {
        let start = at;
        at += part.len() + 1;
        let mut numbers = part.split_ascii_whitespace().map(|word| {
            // Each word is a part of `part`, which lies `start` bytes in.
            let inside = start + (word.as_ptr().addr() - part.as_ptr().addr());
            let from = base + u32::try_from(inside).unwrap_or(0);
            let span = Span::new(from, from + u32::try_from(word.len()).unwrap_or(0));
            word.parse::<f64>().ok().map(|value| (value, span))
        });
        if let (Some(Some(longitude)), Some(Some(latitude))) = (numbers.next(), numbers.next()) {
            pairs.push(Pair { latitude, longitude });
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_judged_by_what_is_certain() {
        for (latitude, longitude) in [
            (37.95, -121.29),
            (0.0, 0.0),
            (48.86, 2.35),
            (2.35, 48.86),
            (-33.9, 151.2),
            (78.2, 15.6),
        ] {
            assert_eq!(judge(latitude, longitude), Verdict::Place, "{latitude} {longitude}");
        }
        for (latitude, longitude) in [(-121.29, 37.95), (-87.7, 41.9), (151.2, -33.9)] {
            assert_eq!(judge(latitude, longitude), Verdict::Swapped, "{latitude} {longitude}");
        }
        // Research stations in Antarctica, and feet in place of degrees.
        assert_eq!(judge(-77.8, 166.7), Verdict::Place);
        assert_eq!(judge(6_336_000.0, 2_160_000.0), Verdict::Nowhere);
    }

    #[test]
    fn positions_are_found_where_they_stand() {
        let text = "'POLYGON ((1 2, -3.5 4))'";
        let found = positions(text, 10);
        assert_eq!(found.len(), 2);
        let (value, span) = found[1].longitude;
        assert_eq!(value.to_string(), "-3.5");
        assert_eq!(Span::new(span.start - 10, span.end - 10).text(text), "-3.5");
        assert!(is_shape(text) && !is_shape("'point of view'") && !is_shape("'see (1 2)'"));
    }
}
