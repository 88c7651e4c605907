//! Snapshots of a portal's datasets, from a real server on loopback: whole or not there.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::Folder;
use crate::serve::Server;

/// More rows than one piece of a growing file has.
const ROWS: u32 = 12_000;

/// A folder with a dataset of every type that files can hold, whose rows changed at `updated`.
fn city(rows: u32, updated: u64) -> Folder {
    let folder = Folder::empty();
    let columns = [
        ("call_no", "number"),
        ("cost", "number"),
        ("opened", "calendar_date"),
        ("noted", "date"),
        ("urgent", "checkbox"),
        ("spot", "point"),
        ("note", "text"),
        ("site", "url"),
        ("place", "location"),
        ("more", "json"),
    ];
    let columns: Vec<Value> = columns
        .iter()
        .map(|(name, ty)| json!({"fieldName": name, "name": name, "dataTypeName": ty}))
        .collect();
    let view = json!({"id": "call-call", "name": "Calls", "rowsUpdatedAt": updated,
        "createdAt": 1_600_000_000, "columns": columns});
    let lines: Vec<String> = (0..rows).map(|number| row(number).to_string()).collect();
    folder
        .write("call-call.jsonl", lines.join("\n"))
        .write("call-call.meta.json", view.to_string());
    folder
}

fn row(number: u32) -> Value {
    let notes = ["", "say \"ä\"", "a,b", "two\nlines"];
    let day = number % 28 + 1;
    let mut row = json!({
        "call_no": number.to_string(),
        "cost": format!("{}.{:03}00000000000001", number % 97, number % 1000),
        "opened": format!("2025-01-{day:02}T08:15:00.120"),
        "urgent": number.is_multiple_of(3),
        "note": notes.into_iter().cycle().nth(number as usize % 4),
    });
    // Most rows have nulls.
    if number.is_multiple_of(5) {
        let address = r#"{"address":"1 Main","city":"Stockton","state":"CA","zip":""}"#;
        let more = json!({
            "noted": format!("2025-01-{day:02}T08:15:00.000Z"),
            "spot": {"type": "Point", "coordinates": [-121.25, f64::from(number) / 1000.0]},
            "site": {"url": format!("https://a.b/{number}"), "description": "A (b)"},
            "place": {"latitude": "37.95", "longitude": "-121.29", "human_address": address},
            "more": [number, "x", {"y": null}],
        });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    }
    row
}

fn serve(data: &Folder, arguments: &[&str]) -> Server {
    let path = data.path(".");
    Server::start(Folder::empty(), &[&[path.to_str().unwrap()], arguments].concat())
}

/// A project with the server as a portal and an empty local one.
fn project(server: &Server) -> Folder {
    let folder = Folder::empty();
    fs::create_dir(folder.path("data")).unwrap();
    name(&folder, server);
    folder
}

fn name(folder: &Folder, server: &Server) {
    let text = format!(
        "[portals.city]\nurl = \"http://{}\"\nkind = \"socrata\"\n[portals.here]\nurl = \"data\"\n\
         kind = \"local\"\n[datasets]\ncalls = \"city/call-call\"\n",
        server.address()
    );
    folder.write("tule.toml", text);
}

const EVERYTHING: &str = "select *, :id, :version, :created_at, :updated_at from calls limit all";

/// The rows of everything, sorted: the order of a portal's rows is its own affair.
fn everything(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let run = [&["run", "-e", EVERYTHING, "--format", "jsonl"], arguments].concat();
    let mut rows: Vec<String> = folder.tule(&run).ends(0).out.lines().map(str::to_owned).collect();
    rows.sort();
    rows
}

/// What lies in the folder of the local portal and in that of growing files.
fn left(folder: &Folder) -> (Vec<String>, Vec<String>) {
    let growing = folder.path(".cache/tule/pull");
    let growing = if growing.exists() { folder.list(".cache/tule/pull") } else { Vec::new() };
    (folder.list("data"), growing)
}

const FILES: [&str; 2] = ["call-call.jsonl.gz", "call-call.meta.json"];

#[test]
fn a_snapshot_gives_the_rows_of_the_portal_without_it() {
    let data = city(300, 1_700_000_000);
    let server = serve(&data, &[]);
    let folder = project(&server);
    folder.tule(&["pull", "calls", "--check"]).ends(1).says("no snapshot");
    let run = folder.tule(&["pull", "calls"]).ends(0);
    let place = format!("data/call-call.jsonl.gz: 300 rows of {}/call-call", server.address());
    let run = run.says(&place);
    assert_eq!(run.err, "", "nothing is odd about the values");
    assert_eq!(left(&folder), (FILES.map(str::to_owned).to_vec(), vec![]));
    folder.tule(&["pull", "calls", "--check"]).ends(0).says("current");
    folder.tule(&["pull", "city/call-call"]).ends(0).says("as new as");

    folder.tule(&["lock"]).ends(0);
    let before = everything(&folder, &[]);
    assert_eq!(before.len(), 300);
    let groups = "select urgent, sum(cost) as s, max(noted) as m, count(spot) as n from calls \
                  group by urgent order by urgent";
    let groups = |more: &[&str]| {
        folder.tule(&[&["run", "-e", groups, "--format", "csv"], more].concat()).ends(0).out
    };
    let summed = groups(&[]);
    drop(server);
    folder.tule(&["run", "-e", EVERYTHING, "--format", "jsonl"]).ends(3);
    assert_eq!(everything(&folder, &["--local"]), before);
    assert_eq!(groups(&["--local"]), summed);
    folder.tule(&["pull", "calls"]).ends(3);
    assert_eq!(everything(&folder, &["--local"]), before, "an outage costs nothing");
}

#[test]
fn a_snapshot_is_made_anew_when_the_rows_changed() {
    let data = city(20, 1_700_000_000);
    let server = serve(&data, &[]);
    let folder = project(&server);
    folder.tule(&["pull", "calls"]).ends(0).says("20 rows");
    drop(server);
    let data = city(30, 1_700_000_001);
    // Another column, so that the description changes as well.
    let view = data.read("call-call.meta.json").replace("\"note\"", "\"remark\"");
    data.write("call-call.meta.json", view);
    let text = data.read("call-call.jsonl").replace("\"note\"", "\"remark\"");
    data.write("call-call.jsonl", text);
    let server = serve(&data, &[]);
    name(&folder, &server);
    folder.tule(&["pull", "calls", "--check"]).ends(1).says("the portal's rows are newer");
    folder.tule(&["pull", "calls"]).ends(0).says("30 rows");
    folder.tule(&["lock"]).ends(0);
    let run = ["run", "--local", "-e", "select count(remark) as n from calls", "--format", "csv"];
    folder.tule(&run).ends(0).prints("n\n30\n");
    folder.tule(&["pull", "calls", "--force"]).ends(0).says("30 rows");
    assert_eq!(left(&folder).0, FILES);
}

#[test]
fn a_pull_that_breaks_off_goes_on_where_it_stopped() {
    let data = city(ROWS, 1_700_000_000);
    // The count comes through; the rows break off, and that is all they ever do.
    let fault = "reset:bytes=1500000,path=/resource,after=1";
    let server = serve(&data, &["--fault", fault]);
    let folder = project(&server);
    let run = folder.tule(&["pull", "calls"]).ends(3).tells("the answer is cut off");
    let kept = run.err.split("help: ").nth(1).unwrap().split(' ').next().unwrap();
    let kept: u32 = kept.replace(',', "").parse().unwrap();
    assert!((1..ROWS).contains(&kept), "{run:?}");
    let (files, growing) = left(&folder);
    assert_eq!((files.len(), growing.len()), (0, 2));
    drop(server);

    let server = serve(&data, &[]);
    let other = Folder::empty();
    fs::create_dir(other.path("data")).unwrap();
    name(&other, &server);
    // The same rows elsewhere are another portal's.
    name(&folder, &server);
    copy(&folder.path(".cache"), &other.path(".cache"));
    let run = other.tule(&["pull", "calls"]).ends(0).says("12,000 rows");
    assert!(!run.err.contains("going on"), "{run:?}");
    let state = folder.path(".cache/tule/pull").join(&growing[1]);
    let noted = fs::read_to_string(&state).unwrap();
    let address = noted.split("\"host\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    drop(server);

    // At the same address as before, the rest comes.
    let port = address.split(':').nth(1).unwrap();
    let server = serve(&data, &["--port", port]);
    name(&folder, &server);
    let kept = format!("going on behind {} rows", tule_core::print::grouped(kept.into()));
    folder.tule(&["pull", "calls"]).ends(0).tells(&kept).says("12,000 rows");
    assert_eq!(left(&folder), (FILES.map(str::to_owned).to_vec(), vec![]));
    folder.tule(&["lock"]).ends(0);
    let before = everything(&folder, &[]);
    assert_eq!(everything(&folder, &["--local"]), before);
}

#[test]
fn what_changed_meanwhile_is_read_from_the_beginning() {
    let data = city(ROWS, 1_700_000_000);
    let fault = "reset:bytes=1500000,path=/resource,after=1";
    let server = serve(&data, &["--fault", fault]);
    let folder = project(&server);
    folder.tule(&["pull", "calls"]).ends(3).tells("are kept aside");
    let port = server.address().split(':').nth(1).unwrap().to_owned();
    drop(server);
    let data = city(40, 1_700_000_009);
    let server = serve(&data, &["--port", &port]);
    let run = folder.tule(&["pull", "calls"]).ends(0).says("40 rows");
    run.tells("the dataset changed since the pull was broken off; starting over");
    assert_eq!(left(&folder), (FILES.map(str::to_owned).to_vec(), vec![]));
    drop(server);
}

#[test]
fn a_pull_that_is_killed_leaves_nothing_and_loses_nothing() {
    let data = city(ROWS, 1_700_000_000);
    // Slow enough for kills at every stage.
    let slow = "slow:bytes=60000,ms=20,path=/resource";
    let server = serve(&data, &["--fault", slow]);
    let folder = project(&server);
    let pull = || {
        let mut pull = folder.command(&["pull", "calls"]);
        pull.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let growing = folder.path(".cache/tule/pull");
    let rows_noted = || {
        let names = fs::read_dir(&growing).into_iter().flatten().flatten();
        let state = names
            .map(|entry| entry.path())
            .find(|path| path.extension() == Some("state".as_ref()))?;
        let state: Value = serde_json::from_slice(&fs::read(state).ok()?).ok()?;
        state.pointer("/state/rows")?.as_u64()
    };
    let moments: [&dyn Fn() -> bool; 4] =
        [&|| true, &|| growing.exists(), &|| growing.exists() && size(&growing) > 0, &|| {
            rows_noted().is_some_and(|rows| rows >= 10_000)
        }];
    for (at, moment) in moments.iter().enumerate() {
        kill_when(pull(), moment);
        let files = left(&folder).0;
        assert!(files.is_empty(), "moment {at}: {files:?}");
    }
    assert_eq!(rows_noted(), Some(10_000));
    let run = folder.tule(&["pull", "calls"]).ends(0).tells("going on behind 10,000 rows");
    run.says("12,000 rows");
    assert_eq!(left(&folder), (FILES.map(str::to_owned).to_vec(), vec![]));
    drop(server);

    // Killed while one snapshot takes the place of another, there is always a whole one.
    let data = city(60, 1_700_000_009);
    let server = serve(&data, &[]);
    name(&folder, &server);
    folder.tule(&["lock"]).ends(0);
    let count = || {
        let query = "select count(*) as n, count(distinct call_no) as d from calls";
        folder.tule(&["run", "--local", "-e", query, "--format", "csv"]).ends(0).out
    };
    for wait in (0..240).step_by(20) {
        let started = Instant::now();
        kill_when(pull(), &|| started.elapsed() >= Duration::from_millis(wait));
        let files: Vec<_> =
            left(&folder).0.into_iter().filter(|name| !name.starts_with('.')).collect();
        assert_eq!(files, FILES);
        let rows = count();
        assert!(["n,d\n12000,12000\n", "n,d\n60,60\n"].contains(&&*rows), "{rows}");
    }
    folder.tule(&["pull", "calls"]).ends(0);
    assert_eq!(count(), "n,d\n60,60\n");
    assert_eq!(left(&folder), (FILES.map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn an_import_that_is_killed_leaves_nothing_half() {
    let data = city(ROWS, 1_700_000_000);
    let folder = Folder::empty();
    let text = format!("[portals.here]\nurl = {}\nkind = \"local\"\n", json!(data.path(".")));
    folder.write("tule.toml", text);
    let query = "select count(*) as n, count(distinct call_no) as d from 'here/call-call'";
    let run = ["run", "-e", query, "--format", "csv"];
    let cache = folder.path(".cache/tule/local");
    let is_partial =
        |entry: &fs::DirEntry| entry.path().extension().is_some_and(|e| e == "partial");
    let partial = || {
        let mut files = fs::read_dir(&cache).into_iter().flatten().flatten().filter(is_partial);
        files.find_map(|entry| entry.metadata().ok()).map(|facts| facts.len())
    };
    let before = data.list(".");
    let moments: [&dyn Fn() -> bool; 3] =
        [&|| true, &|| partial().is_some(), &|| partial().is_some_and(|length| length > 0)];
    for moment in moments {
        let mut command = folder.command(&run);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let printed = kill_when(child.spawn().unwrap(), moment);
        assert!(printed.is_empty() || printed == "n,d\n12000,12000\n", "{printed}");
        // What was left behind is taken for nothing.
        for _ in fs::read_dir(&cache).into_iter().flatten().flatten().filter(|e| !is_partial(e)) {
            folder.tule(&run).ends(0).prints("n,d\n12000,12000\n");
        }
    }
    folder.tule(&run).ends(0).prints("n,d\n12000,12000\n");
    assert_eq!(data.list("."), before);
}

#[cfg(unix)]
#[test]
fn an_interrupted_pull_ends_in_good_order() {
    let data = city(ROWS, 1_700_000_000);
    let server = serve(&data, &["--fault", "slow:bytes=20000,ms=20,path=/resource,after=1"]);
    let folder = project(&server);
    let mut command = folder.command(&["pull", "calls"]);
    let child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let growing = folder.path(".cache/tule/pull");
    wait_until(&|| growing.exists());
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("interrupted:") && told.contains("goes on behind them"), "{told}");
    assert_eq!(left(&folder).0, Vec::<String>::new());
}

#[test]
fn the_folder_is_the_one_that_is_meant() {
    let data = city(5, 1_700_000_000);
    let server = serve(&data, &[]);
    let folder = Folder::empty();
    let text = format!("[portals.city]\nurl = \"http://{}\"\n", server.address());
    folder.write("tule.toml", format!("{text}kind = \"socrata\"\n"));
    let run = folder.tule(&["pull", "city/call-call"]).ends(0).says("data/call-call.jsonl.gz");
    run.tells("`tule.toml` needs these lines").tells("[portals.local]\nurl = \"data\"\n");
    assert!(!folder.read("tule.toml").contains("local"));
    let run = folder.tule(&["pull", "city/call-call", "--add"]).ends(0);
    run.tells("names the folder as the portal `local` now");
    assert!(
        folder
            .read("tule.toml")
            .ends_with("\n\n[portals.local]\nurl = \"data\"\nkind = \"local\"\n")
    );
    folder.tule(&["pull", "city/call-call", "--add"]).ends(0).says("as new as");
    folder.tule(&["pull", "local/call-call"]).ends(2).tells("is in a folder already");

    let run = folder.tule(&["pull", "city/call-call", "--to", "more"]).ends(2);
    run.tells("`more` is neither a local portal nor a folder").tells("`--to ./more`");
    folder.tule(&["pull", "city/call-call", "--to", "./more", "--add"]).ends(0);
    assert!(folder.read("tule.toml").contains("[portals.local_2]\nurl = \"more\""));
    let run = folder.tule(&["pull", "city/call-call"]).ends(2);
    run.tells("several local portals").tells("`local` or `local_2`");
    folder.write("data/other.csv", "a\n1\n").write(
        "data/other.meta.json",
        r#"{"id":"call-call","columns":[{"fieldName":"a","dataTypeName":"number"}]}"#,
    );
    fs::remove_file(folder.path("data/call-call.jsonl.gz")).unwrap();
    let run = folder.tule(&["pull", "city/call-call", "--to", "local"]).ends(2);
    run.tells("`data/other.csv` is a file of the dataset `call-call` already");

    folder.tule(&["pull", "city/none-none", "--to", "local"]).ends(3).tells("no such dataset");
    folder.tule(&["pull", "nothing"]).ends(2);
    // Without a project, where the dataset is has to be said.
    let empty = Folder::empty();
    empty.tule(&["pull", "call-call"]).ends(2);
}

/// Kills the process as soon as something is the case, unless it ends before; gives what it
/// printed.
fn kill_when(mut child: Child, moment: &dyn Fn() -> bool) -> String {
    let begin = Instant::now();
    while !moment() && child.try_wait().unwrap().is_none() {
        assert!(begin.elapsed() < Duration::from_secs(120), "the moment never comes");
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    let mut printed = String::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_string(&mut printed).unwrap();
    }
    child.wait().unwrap();
    printed
}

#[cfg(unix)]
fn wait_until(moment: &dyn Fn() -> bool) {
    let begin = Instant::now();
    while !moment() {
        assert!(begin.elapsed() < Duration::from_secs(120), "the moment never comes");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn size(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).unwrap().flatten();
    files.filter_map(|entry| Some(entry.metadata().ok()?.len())).sum()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
