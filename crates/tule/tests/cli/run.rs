//! `tule run`, and the other commands on local portals.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::{Folder, is_inert};

/// A project with a local portal of a few rows.
pub(crate) fn project() -> Folder {
    let folder = Folder::empty();
    folder.write("tule.toml", TOML).write("data/calls.csv", CALLS);
    folder.write("data/calls.meta.json", METADATA).write("data/places.csv", PLACES);
    folder
}

const TOML: &str = "[portals.here]\nurl = 'data'\nkind = 'local'\n\
                    [datasets]\ncalls = 'here/ab12-cd34'\n";

pub(crate) const METADATA: &str = r#"{
  "id": "ab12-cd34", "name": "Calls", "attribution": "Police", "columns": [
    { "fieldName": "beat", "name": "Beat", "dataTypeName": "text", "position": 1 },
    { "fieldName": "at", "name": "At", "dataTypeName": "calendar_date", "position": 2 },
    { "fieldName": "cost", "name": "Cost", "dataTypeName": "number", "position": 3 },
    { "fieldName": "urgent", "name": "Urgent", "dataTypeName": "checkbox", "position": 4 },
    { "fieldName": "place", "name": "Place", "dataTypeName": "point", "position": 5 }
  ]
}"#;

pub(crate) const CALLS: &str = "\
beat,at,cost,urgent,place
A1,2025-01-01T08:00:00,12345678901234567890.10,true,POINT (-121.5 37.25)
B2,2025-01-02T09:30:00,-0.5,false,
\"C, \x1b[31m3\",,,,POINT (-121.25 37.5)
";

const PLACES: &str = "name,size\nHall,10\nPark,25\n";

/// A file of one column, which counts from 0.
pub(crate) fn numbers(rows: u32) -> String {
    let lines = (0..rows).map(|number| number.to_string());
    std::iter::once("n".to_owned()).chain(lines).collect::<Vec<_>>().join("\n") + "\n"
}

const ALL: &str = "select * from calls order by beat limit 10";

#[test]
fn rows_in_every_form() {
    let folder = project();
    let run = |format| folder.tule(&["run", "-e", ALL, "--format", format]).ends(0);
    run("csv").prints(
        "beat,at,cost,urgent,place\n\
         A1,2025-01-01T08:00:00.000,12345678901234567890.10,true,POINT (-121.5 37.25)\n\
         B2,2025-01-02T09:30:00.000,-0.5,false,\n\
         \"C, \x1b[31m3\",,,,POINT (-121.25 37.5)\n",
    );
    let json = run("json");
    assert!(json.out.contains("\"cost\":12345678901234567890.10,"), "{json:?}");
    let rows: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(rows[2]["at"], Value::Null);
    assert_eq!(rows[2]["beat"], "C, \x1b[31m3");
    assert!(is_inert(&json.out));
    let lines = run("jsonl");
    assert_eq!(lines.out.lines().count(), 3);
    let features: Value = serde_json::from_str(&run("geojson").out).unwrap();
    assert_eq!(features["features"][0]["geometry"]["coordinates"][0], -121.5);
    assert_eq!(features["features"][1]["geometry"], Value::Null);
    run("table").says("A1         2025-01-01 08:00:00  1234").tells("3 rows, ");
    run("markdown").says("| beat ").says("C, ␛\\[31m3");
    run("vertical").says("row 2\nbeat    B2\n");
    run("tsv").says("B2\t2025-01-02T09:30:00.000\t-0.5\tfalse\t\n");
    // In a pipe, what programs read.
    folder.tule(&["run", "-e", ALL]).ends(0).prints(&run("csv").out);
}

#[test]
fn a_result_that_was_cut_says_so() {
    let folder = project();
    folder.write("data/many.csv", numbers(1500));
    folder.write("data/round.csv", format!("n\n{}", "1\n".repeat(1000)));
    let run = |query: &str| folder.tule(&["run", "-e", query]).ends(0);
    let cut = run("select * from 'here/many'").tells("1,000 rows, ");
    assert_eq!(cut.out.lines().count(), 1001);
    assert!(cut.err.contains("warning: cut at 1,000 rows, and more exist"), "{}", cut.err);
    for whole in [
        "select * from 'here/many' limit all",
        "select * from 'here/many' limit 1000",
        "select * from 'here/round'",
        "select count(*) as n from 'here/many'",
    ] {
        let run = run(whole);
        assert!(!run.err.contains("cut at"), "{whole}: {}", run.err);
    }
    assert_eq!(run("select * from 'here/many' limit all").out.lines().count(), 1501);
    run("select count(*) as n from 'here/many'").prints("n\n1500\n");
}

#[test]
fn a_file_is_whole_or_not_there() {
    let folder = project();
    folder.tule(&["run", "-e", ALL, "-o", "out.geojson"]).ends(0).prints("").tells("3 rows in out");
    assert!(folder.read("out.geojson").starts_with("{\"type\":\"FeatureCollection\""));
    folder.tule(&["run", "-e", ALL, "-o", "out.dat"]).ends(2).tells("says no form");
    folder.tule(&["run", "-e", ALL, "-o", "no/out.csv"]).ends(2).tells("cannot write `no/out.csv`");
    folder.write("out.csv", "before");
    let faulty = "select beat, 1 / (cost + 0.5) as x from calls order by beat limit 9";
    let run = folder.tule(&["run", "-e", faulty, "-o", "out.csv"]).ends(1);
    run.tells("error[bad-value]").tells("division by zero").tells("<query>:1:14 ]");
    assert_eq!(folder.read("out.csv"), "before");
    let left = folder.list(".").into_iter().filter(|name| !name.starts_with(".cache"));
    assert_eq!(left.collect::<Vec<_>>(), ["data", "out.csv", "out.geojson", "tule.toml"]);
    // Without a file, no header that would look like an empty result.
    folder.tule(&["run", "-e", "select 1 / 0 as x from calls"]).ends(1).prints("");
}

#[test]
fn several_queries_have_headings_or_are_chosen_among() {
    let folder = project();
    folder.write(
        "a.tule",
        "query urgent($beat text) as from calls select beat, urgent where beat = $beat limit 5;\n\
         from 'here/places' select name order by size limit 5;",
    );
    let run = folder.tule(&["run", "a.tule", "--param", "beat=A1"]).ends(0);
    run.prints("urgent\nbeat  urgent\nA1    true\n\na.tule:2\nname\nHall\nPark\n");
    let csv = ["run", "a.tule", "--param", "beat=A1", "--format", "csv"];
    folder.tule(&csv).ends(2).prints("").tells("2 queries, and the output holds the rows of one");
    let named = ["run", "a.tule", "--name", "urgent", "--param", "beat=B2", "--format", "csv"];
    folder.tule(&named).ends(0).prints("beat,urgent\nB2,false\n");
    folder.tule(&["run", "a.tule"]).ends(1).prints("").tells("error[missing-parameter]");
}

#[test]
fn what_cannot_run_is_said() {
    let folder = project();
    folder.tule(&["run", "-e", "select beet from calls"]).ends(1).tells("error[unknown-column]");
    let geojson = ["run", "-e", "select beat from calls", "--format", "geojson"];
    folder.tule(&geojson).ends(2).prints("").tells("is a geometry").tells("make_point");
    folder.write("tule.toml", TOML.replace("'data'", "'nowhere'"));
    folder.tule(&["run", "-e", ALL]).ends(2).tells("the local portal `here`").tells("tule.toml");
    let folder = Folder::stockton();
    let query = "select beat from police_calls limit 1";
    let run = folder.tule(&["run", "--local", "-e", query]).ends(1).prints("");
    run.tells("error[not-on-this-portal]").tells("no local portal of the project has `esc4-8x43`");
}

#[test]
fn another_portals_dataset_is_read_from_the_snapshot() {
    let folder = project();
    let toml = "[portals.city]\nurl = 'https://data.example.gov'\nkind = 'socrata'\n\
                [portals.here]\nurl = 'data'\nkind = 'local'\n\
                [datasets]\ncalls = 'city/ab12-cd34'\nothers = 'city/zzzz-9999'\n";
    folder.write("tule.toml", toml);
    for query in [
        "select beat from calls order by beat limit 1",
        "select beat from @ab12-cd34 order by beat limit 1",
        "select beat from 'city/ab12-cd34' order by beat limit 1",
        "select beat from 'data.example.gov/ab12-cd34' order by beat limit 1",
    ] {
        folder.tule(&["run", "--local", "-e", query]).ends(0).prints("beat\nA1\n");
    }
    let missing = ["run", "--local", "-e", "select * from others limit 1"];
    folder.tule(&missing).ends(1).tells("error[missing-schema]");
}

#[test]
fn local_portals_are_locked_and_listed() {
    let folder = project();
    let lock = folder.tule(&["lock"]).ends(0);
    lock.says("here/ab12-cd34 (calls): new, 5 columns\n").says("here/places: new, 2 columns\n");
    folder.tule(&["check"]).ends(0);
    folder.tule(&["lock"]).ends(0).says("here/places: unchanged");
    folder.write("data/places.csv", "name,height\nHall,10\n");
    folder.tule(&["lock"]).ends(0).says("  - size number\n  + height number\n");
    std::fs::remove_file(folder.path("data/places.csv")).unwrap();
    folder.tule(&["lock"]).ends(0).says("here/places: gone\n");
    assert!(!folder.read("tule.lock").contains("places"));

    folder.tule(&["schema", "calls"]).ends(0).says("at           floating_timestamp");
    let run = folder.tule(&["datasets", "--format", "json"]).ends(0);
    let found = &run.json("datasets")["datasets"];
    assert_eq!(found[0]["names"], serde_json::json!(["calls"]));
    assert_eq!(found[0]["attribution"], "Police");
    assert_eq!(found[0]["columns"], 5);
    folder.tule(&["datasets", "police", "beat"]).ends(0).says("calls    Calls");
    folder.tule(&["datasets", "nothing"]).ends(0).tells("no dataset has all of these words");
}

/// A query that takes long on any machine: pairs of pairs.
#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing() {
    let folder = project();
    folder.write("data/many.csv", numbers(3000));
    let query = "select count(*) as n from 'here/many' as a \
                 join 'here/many' as @b on @b.n > @a.n or true \
                 join 'here/many' as @c on @c.n > @b.n or true limit 1";
    let mut child = folder
        .command(&["run", "-e", query, "-o", "out.csv"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let since = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(130));
    assert!(!folder.list(".").iter().any(|name| name.contains("out") || name.contains(".tmp")));
}

/// Only a program of this kind reads them; what stands in the file is tested beside the writer.
#[test]
fn parquet_files_are_written_where_the_program_was_built_for_it() {
    let folder = project();
    let run = folder.tule(&["run", "-e", ALL, "-o", "out.parquet"]);
    if cfg!(feature = "parquet") {
        run.ends(0).tells("3 rows in out.parquet");
        let bytes = std::fs::read(folder.path("out.parquet")).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
        let types = br#"{"beat":"text","at":"floating_timestamp","cost":"number""#;
        assert!(bytes.windows(types.len()).any(|window| window == types));
        let query = "select cost / 3 as third from calls where beat = 'A1' limit 1";
        let run = folder.tule(&["run", "-e", query, "-o", "no.parquet"]).ends(2);
        run.tells("column `third`: `4115226300411522630").tells("does not fit a decimal");
        assert!(!folder.path("no.parquet").exists());
    } else {
        run.ends(2).tells("this build writes no Parquet files");
    }
}
