//! Invented streets and districts, roughly where the city lies.

use fastrand::Rng;
use serde_json::json;
use tule_core::rows::wkt;

use super::table;

/// Corners of the area, in degrees: west, south, east, north.
const WEST: f64 = -121.38;
const SOUTH: f64 = 37.90;
const EAST: f64 = -121.22;
const NORTH: f64 = 38.06;

/// Districts from west to east, and from south to north.
const ACROSS: usize = 3;
const UP: usize = 2;

/// The streets of a city that has numbers and trees.
const TREES: [&str; 16] = [
    "ACACIA", "ALDER", "ASPEN", "BEECH", "CEDAR", "CHERRY", "ELM", "FIG", "HAZEL", "LARCH",
    "MAPLE", "OAK", "PINE", "POPLAR", "TULE", "WILLOW",
];

/// A place where streets cross.
#[derive(Clone, Debug)]
pub(super) struct Corner {
    pub(super) name: String,
    pub(super) longitude: f64,
    pub(super) latitude: f64,
    /// Letter of the patrol district and number of the beat: `C1`.
    pub(super) beat: String,
    /// Number of the reporting district.
    pub(super) reporting: String,
}

/// All corners: each tree street crosses some numbered ones.
pub(super) fn corners() -> Vec<Corner> {
    let mut random = Rng::with_seed(8);
    let mut corners = Vec::new();
    for (at, tree) in TREES.iter().enumerate() {
        for street in 1..=24 {
            let east = (f64::from(street) - random.f64()) / 24.0;
            let north = (position(at) + 1.0 - random.f64()) / position(TREES.len());
            let beat = beat(east, north);
            corners.push(Corner {
                name: format!("{tree} ST / {street}{} AVE", ordinal(street)),
                longitude: degrees(WEST, EAST, east),
                latitude: degrees(SOUTH, NORTH, north),
                reporting: format!("{}{street:02}", number(&beat)),
                beat,
            });
        }
    }
    corners
}

fn position(at: usize) -> f64 {
    u32::try_from(at).map_or(0.0, f64::from)
}

/// To six decimals, which is a tenth of a metre.
fn degrees(from: f64, to: f64, part: f64) -> f64 {
    ((from + (to - from) * part) * 1e6).round() / 1e6
}

/// Six patrol districts of four beats each, in a grid.
fn beat(east: f64, north: f64) -> String {
    let cell = |part: f64, cells: u8| {
        (0..cells).rev().find(|cell| part >= f64::from(*cell) / f64::from(cells)).unwrap_or(0)
    };
    let (column, row) = (cell(east, 6), cell(north, 4));
    let letter = char::from(b'A' + (column / 2) + 3 * (row / 2));
    format!("{letter}{}", 1 + column % 2 + 2 * (row % 2))
}

/// The number of the patrol district of a beat.
fn number(beat: &str) -> usize {
    let letters = ["A", "B", "C", "D", "E", "F"];
    1 + letters.iter().position(|letter| beat.starts_with(letter)).unwrap_or(0)
}

fn ordinal(number: i32) -> &'static str {
    match (number % 10, number / 10) {
        (_, 1) => "TH",
        (1, _) => "ST",
        (2, _) => "ND",
        (3, _) => "RD",
        _ => "TH",
    }
}

/// The six council districts: quadrangles that leave no gap, their inner corners moved about.
pub(super) fn districts() -> Vec<u8> {
    let mut random = Rng::with_seed(6);
    let mut grid = Vec::new();
    for row in 0..=UP {
        for column in 0..=ACROSS {
            let mut nudge = |at: usize, last: usize| {
                let inner = at > 0 && at < last;
                let by = if inner { (random.f64() - 0.5) / 6.0 } else { 0.0 };
                position(at) / position(last) + by
            };
            let (east, north) = (nudge(column, ACROSS), nudge(row, UP));
            grid.push([degrees(WEST, EAST, east), degrees(SOUTH, NORTH, north)]);
        }
    }
    let at = |row: usize, column: usize| grid.get(row * (ACROSS + 1) + column);
    let rows = (0..ACROSS * UP).map(|number| {
        let (row, column) = (number / ACROSS, number % ACROSS);
        let ring = [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]
            .map(|(up, right)| json!(at(row + up, column + right)));
        let area = json!({ "type": "MultiPolygon", "coordinates": [[ring]] });
        [wkt(&area).unwrap_or_default(), (number + 1).to_string()]
    });
    table(["the_geom", "poly_code"], rows)
}
