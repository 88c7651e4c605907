//! The embedded portal over a million invented rows: reading them, and queries of every kind.
//!
//! `local FOLDER [ROWS]` writes the files into the folder unless they are there, and prints what
//! each step took. `bench/duckdb_local.py` asks DuckDB the same over the same files.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use tule_bench::random::Random;
use tule_core::check::{Context, Valid, check};
use tule_core::plan::{Clock, Plan};
use tule_core::schema::catalog::Catalog;
use tule_local::{LocalPortal, OpenOptions};
use tule_syntax::parser::parse_file;

/// What is asked, by the name that the other program knows it by.
const QUERIES: &[(&str, &str)] = &[
    ("count", "select count(*) from @calls"),
    ("filter", "select count(*) from @calls where cost > 500 and beat = 'B07'"),
    ("like", "select count(*) from @calls where note like '%car%'"),
    (
        "group",
        "select beat, count(*), sum(cost), avg(cost), max(entered) from @calls group by beat order by beat",
    ),
    ("month", "select date_trunc_ym(entered) as m, count(*) from @calls group by m order by m"),
    ("top", "select id, cost from @calls order by cost desc, id limit 100"),
    ("sort", "select id, cost from @calls order by cost, id"),
    ("distinct", "select count(distinct cost) from @calls"),
    ("arithmetic", "select sum(cost * 1.0825 + 2) from @calls"),
    (
        "window",
        "select beat, max(r) from (select beat, row_number() over (partition by beat order by cost) as r from @calls) group by beat",
    ),
    ("circle", "select count(*) from @calls where within_circle(place, 37.95, -121.29, 2000)"),
    (
        "polygon",
        "select @d.name, count(*) from @calls join @districts as d on within_polygon(place, @d.geometry) group by @d.name order by @d.name",
    ),
    ("search", "select count(*) from @calls search 'stolen cars'"),
];

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args.next().expect("a folder");
    let rows: u64 = args.next().map_or(1_000_000, |rows| rows.parse().expect("a number of rows"));
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).expect("a folder to write to");
    if !folder.join("calls.csv").exists() {
        calls(folder, rows).expect("room for the rows");
        districts(folder).expect("room for the districts");
    }
    let cache = tempfile::tempdir().expect("a cache");
    let options = || OpenOptions { cache: Some(cache.path().to_owned()) };
    let start = Instant::now();
    let portal = LocalPortal::open(folder, "bench", options()).expect("a portal");
    println!("open\t{:.3}", start.elapsed().as_secs_f64());
    let start = Instant::now();
    for dataset in portal.datasets() {
        let (rows, notes) = portal.load(dataset).expect("rows");
        assert!(notes.is_empty(), "{notes:?}");
        println!("# {} rows of {}", rows, dataset.schema.id);
    }
    println!("import\t{:.3}", start.elapsed().as_secs_f64());
    println!("# peak memory {} MiB", peak() >> 10);
    let size: u64 = std::fs::read_dir(cache.path())
        .expect("a cache")
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .map(|metadata| metadata.len())
        .sum();
    println!("# {} MiB of databases", size >> 20);
    for (name, query) in QUERIES {
        let best = (0..3).map(|_| run(&portal, query)).fold(f64::INFINITY, f64::min);
        println!("{name}\t{best:.3}");
    }
    println!("# peak memory {} MiB", peak() >> 10);
}

/// Seconds that a query takes, its rows taken one by one.
fn run(portal: &LocalPortal, query: &str) -> f64 {
    let schemas = portal.datasets().iter().map(|d| (d.schema.id.as_str(), (*d.schema).clone()));
    let catalog = Catalog::of(schemas.collect());
    let start = Instant::now();
    let parsed = parse_file(query).into_iter().next().expect("a statement");
    let checked = check(query, &parsed, Context { catalog: &catalog, input: None });
    let valid = Valid::new(query, &parsed, &checked)
        .unwrap_or_else(|| panic!("{query}: {:?}", checked.diagnostics));
    let now = jiff::civil::date(2025, 6, 15).at(14, 30, 0, 0);
    let plan = Plan::new(valid, &[], Clock { local: now, utc: now }).expect("no parameters");
    let rows = portal.run(&plan).expect("a query that runs");
    let count = rows.map(|row| row.expect("a row")).count();
    assert!(count > 0, "{query}");
    start.elapsed().as_secs_f64()
}

/// Greatest resident memory of this process so far, in KiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

const WORDS: [&str; 16] = [
    "stolen",
    "car",
    "noise",
    "complaint",
    "parked",
    "street",
    "alarm",
    "welfare",
    "check",
    "traffic",
    "stop",
    "fight",
    "burglary",
    "vehicle",
    "suspicious",
    "person",
];

fn calls(folder: &Path, rows: u64) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(folder.join("calls.csv"))?);
    writeln!(out, "id,beat,priority,entered,cost,place,note")?;
    let mut dice = Random(1);
    for id in 1..=rows {
        let second = dice.bits() % (4 * 365 * 86_400);
        let entered = jiff::civil::date(2021, 1, 1)
            .at(0, 0, 0, 0)
            .checked_add(jiff::SignedDuration::from_secs(second.cast_signed()))
            .expect("a date");
        let cost = dice.below(100_000);
        let longitude = -121.4 + dice.below(250_000) as f64 / 1e6;
        let latitude = 37.88 + dice.below(180_000) as f64 / 1e6;
        let [a, b, c] = [(); 3].map(|()| dice.pick(&WORDS));
        writeln!(
            out,
            "{id},B{:02},{},{},{}.{:02},POINT ({longitude:.6} {latitude:.6}),{a} {b} {c}",
            dice.below(30),
            1 + dice.below(5),
            entered.strftime("%Y-%m-%dT%H:%M:%S"),
            cost / 100,
            cost % 100,
        )?;
    }
    out.flush()
}

/// Seven districts side by side, each with a few hundred corners.
fn districts(folder: &Path) -> std::io::Result<()> {
    let mut features = String::new();
    for district in 0..7 {
        let (west, east) =
            (-121.4 + 0.0357 * f64::from(district), -121.4 + 0.0357 * f64::from(district + 1));
        let mut ring = Vec::new();
        for step in 0..200 {
            let latitude = 37.85 + 0.25 * f64::from(step) / 200.0;
            ring.push((west + 0.002 * (f64::from(step) * 0.7).sin(), latitude));
        }
        for step in (0..200).rev() {
            let latitude = 37.85 + 0.25 * f64::from(step) / 200.0;
            ring.push((east + 0.002 * (f64::from(step) * 0.7).sin(), latitude));
        }
        ring.push(ring[0]);
        let corners: Vec<String> = ring.iter().map(|(x, y)| format!("[{x:.6},{y:.6}]")).collect();
        let comma = if district > 0 { "," } else { "" };
        let _ = write!(
            features,
            r#"{comma}{{"type":"Feature","properties":{{"name":"District {district}"}},"geometry":{{"type":"MultiPolygon","coordinates":[[[{}]]]}}}}"#,
            corners.join(",")
        );
    }
    let text = format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#);
    std::fs::write(folder.join("districts.geojson"), text)
}
