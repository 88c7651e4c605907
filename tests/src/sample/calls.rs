//! Invented police calls, in the columns of `esc4-8x43`.

use fastrand::Rng;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::places::{Corner, corners};
use super::{pick, table, weighted};

/// How many there are.
const ROWS: u32 = 48_500;

const HEADER: [&str; 15] = [
    "call_no",
    "report_no",
    "call_type_orig",
    "call_type_final",
    "call_type_final_d",
    "priority",
    "beat",
    "curr_dgroup",
    "rep_dist",
    "districtname",
    "call_entry_date",
    "call_entry_time_formatted",
    "first_cross_street",
    "x",
    "y",
];

/// A type of call: code, words, how urgent it is at its worst.
type Kind = (&'static str, &'static str, u8);

/// Types and how often each comes up, of a hundred.
const KINDS: [(Kind, u32); 14] = [
    (("TSTOP", "TRAFFIC STOP", 5), 17),
    (("SUSP", "SUSPICIOUS PERSON", 3), 13),
    (("NOISE", "LOUD MUSIC OR PARTY", 5), 11),
    (("WELCK", "WELFARE CHECK", 2), 10),
    (("ALARM", "ALARM", 3), 9),
    (("PARK", "PARKING", 6), 8),
    (("THEFT", "THEFT REPORT", 4), 7),
    (("COLL", "COLLISION WITHOUT INJURY", 4), 7),
    (("VAND", "VANDALISM", 5), 5),
    (("SVEH", "STOLEN VEHICLE", 4), 4),
    (("COLLI", "COLLISION WITH INJURY", 1), 3),
    (("MISS", "MISSING PERSON", 2), 2),
    (("SHOTS", "SOUND OF SHOTS", 1), 2),
    (("ANIM", "ANIMAL", 6), 2),
];

/// How busy each hour of the day is.
const HOURS: [u32; 24] =
    [5, 4, 3, 2, 2, 2, 3, 4, 5, 6, 6, 7, 7, 7, 8, 9, 10, 10, 10, 9, 9, 8, 7, 6];

const FIRST: Date = date(2023, 1, 1);
const LAST: Date = date(2026, 4, 10);

pub(super) fn rows() -> Vec<u8> {
    let mut random = Rng::with_seed(1849);
    let corners = corners();
    let busy = busy(&corners);
    let days = FIRST.until(LAST).map_or(0, |span| span.get_days());
    let hours: Vec<(i8, u32)> = (0..).zip(HOURS).collect();
    // In order of time, as a dispatch system numbers them.
    let mut times: Vec<(i32, i8, i8)> = (0..ROWS)
        .map(|_| (random.i32(0..=days), *weighted(&mut random, &hours), random.i8(0..60)))
        .collect();
    times.sort_unstable();
    table(
        HEADER,
        (1..).zip(times).map(|(number, (day, hour, minute))| {
            let day = FIRST.checked_add(day.days()).unwrap_or(LAST);
            call(number, day, (hour, minute), &busy, &mut random)
        }),
    )
}

/// Corners with how many calls each draws: few draw many.
fn busy(corners: &[Corner]) -> Vec<(Corner, u32)> {
    let mut random = Rng::with_seed(51);
    let weight = |random: &mut Rng| match random.u32(..100) {
        0..3 => 40,
        3..20 => 8,
        _ => 2,
    };
    corners.iter().map(|corner| (corner.clone(), weight(&mut random))).collect()
}

fn call(
    number: u32,
    day: Date,
    (hour, minute): (i8, i8),
    corners: &[(Corner, u32)],
    random: &mut Rng,
) -> [String; 15] {
    let (code, words, urgent) = *weighted(random, &KINDS);
    // What is noted first is not always what it turns out to be.
    let first = if random.u32(..100) < 88 { code } else { weighted(random, &KINDS).0 };
    let report = if random.u32(..100) < 18 { format!("SYN-R{number:06}") } else { String::new() };
    let priority = if random.u32(..100) < 70 { urgent } else { (urgent + 1).min(6) };
    let corner = weighted(random, corners);
    let (place, x, y) = if random.u32(..1000) < 27 {
        // A call without a place has 0 for both.
        (String::new(), "0".to_owned(), "0".to_owned())
    } else {
        (corner.name.clone(), corner.longitude.to_string(), corner.latitude.to_string())
    };
    // Few calls belong to no beat.
    let beat = if random.u32(..1000) < 8 { String::new() } else { corner.beat.clone() };
    let district = beat.get(..1).map_or(String::new(), |letter| format!("DISTRICT {letter}"));
    let group = pick(random, &["PATROL", "PATROL", "PATROL", "TRAFFIC", "DESK"]);
    [
        format!("SYN{}{number:06}", day.year() % 100),
        report,
        first.to_owned(),
        code.to_owned(),
        words.to_owned(),
        priority.to_string(),
        beat,
        (*group).to_owned(),
        corner.reporting.clone(),
        district,
        format!("{day}T00:00:00.000"),
        format!("{hour:02}:{minute:02}"),
        place,
        x,
        y,
    ]
}
