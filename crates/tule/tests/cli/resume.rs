//! Rows into a file over several runs, against a portal that breaks off.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use url::Url;

use crate::common::{Folder, Run};

/// More than two pages.
const ROWS: usize = 110_000;
const PAGE: usize = 50_000;

/// What the portal does with a request for a page.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Well,
    /// Pages behind the first so many are a page for people.
    Down(usize),
    /// The same, and nothing comes at all.
    Silent(usize),
}

struct State {
    mood: Mood,
    modified: Option<&'static str>,
    pages: usize,
    /// Offset and identifier in each request for a page.
    asked: Vec<String>,
}

struct Portal {
    host: String,
    state: Arc<Mutex<State>>,
}

impl Portal {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let modified = Some("Wed, 21 Oct 2015 07:28:00 GMT");
        let state = State { mood: Mood::Well, modified, pages: 0, asked: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || reply(stream, &shared));
            }
        });
        Self { host, state }
    }

    fn becomes(&self, mood: Mood) {
        let mut state = self.state.lock().unwrap();
        (state.mood, state.pages) = (mood, 0);
        state.asked.clear();
    }

    fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }

    fn project(&self) -> Folder {
        let folder = Folder::empty();
        let text = format!(
            "[portals.city]\nurl = \"http://{}\"\nkind = \"socrata\"\n[datasets]\n\
             calls = \"city/call-call\"\n",
            self.host
        );
        folder.write("tule.toml", text);
        folder.tule(&["lock"]).ends(0);
        folder
    }
}

fn reply(mut stream: TcpStream, state: &Mutex<State>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut line) = (String::new(), String::new());
    while lines.read_line(&mut line).unwrap_or(0) > 2 {
        head.push_str(&std::mem::take(&mut line));
    }
    let target = head.split(' ').nth(1).unwrap_or_default();
    let url = Url::parse("http://x").unwrap().join(target).unwrap();
    let params: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    let mut modified = String::new();
    let (kind, body) = if url.path().starts_with("/api/views/") {
        let columns = [("beat", "text"), ("cost", "number")]
            .map(|(name, ty)| json!({"fieldName": name, "name": name, "dataTypeName": ty}));
        let view = json!({"id": "call-call", "name": "Calls", "columns": columns});
        ("application/json", view.to_string())
    } else if params.get("$select").is_some_and(|list| list.contains("count(*)")) {
        ("application/json", format!("[{{\"n\":\"{ROWS}\"}}]"))
    } else {
        let mut state = state.lock().unwrap();
        state.pages += 1;
        let after = params.get("$where").cloned().unwrap_or_default();
        let offset = params.get("$offset").unwrap();
        state.asked.push(format!("{offset} {after}"));
        if let Some(date) = state.modified {
            modified = format!("Last-Modified: {date}\r\n");
        }
        match state.mood {
            Mood::Silent(pages) if state.pages > pages => {
                drop(state);
                let _ = stream.read(&mut [0; 64]);
                return;
            }
            Mood::Down(pages) if state.pages > pages => {
                ("text/html", "<title>Maintenance</title>".to_owned())
            }
            _ => ("application/json", page(&params)),
        }
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{modified}Content-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(body.as_bytes());
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.read(&mut [0; 64]);
}

fn page(params: &BTreeMap<String, String>) -> String {
    let number = |name: &str| params.get(name).unwrap().parse::<usize>().unwrap();
    let after = params.get("$where").and_then(|text| text.split("row-").nth(1));
    let after = after.map(|text| text[..6].parse::<usize>().unwrap() + 1);
    let first = after.unwrap_or(0) + number("$offset");
    let rows = (first..ROWS.min(first + number("$limit")))
        .map(|n| format!("{{\"beat\":\"K{n}\",\"cost\":\"{n}.50\",\":id\":\"row-{n:06}\"}}"));
    format!("[{}]\n", rows.collect::<Vec<_>>().join("\n,"))
}

const ALL: &str = "select beat, cost from calls limit all";

fn rows(folder: &Folder, file: &str) -> Run {
    folder.tule(&["run", "-e", ALL, "-o", file])
}

/// The folder without what every test has.
fn left(folder: &Folder) -> Vec<String> {
    let own = ["tule.toml", "tule.lock", ".cache", ".config"];
    folder.list(".").into_iter().filter(|name| !own.contains(&name.as_str())).collect()
}

#[test]
fn an_interrupted_run_goes_on_behind_its_rows_in_every_form() {
    let portal = Portal::start();
    let folder = portal.project();
    for ending in ["csv", "tsv", "jsonl", "json"] {
        let (whole, file) = (format!("whole.{ending}"), format!("calls.{ending}"));
        portal.becomes(Mood::Well);
        rows(&folder, &whole).ends(0).tells("110,000 rows");
        portal.becomes(Mood::Down(2));
        let run = rows(&folder, &file).ends(3).tells("Maintenance");
        run.tells(&format!("100,000 rows are kept in `{file}.tule-partial`"));
        assert!(!folder.path(&file).exists(), "whole or not at all");
        portal.becomes(Mood::Well);
        let run = rows(&folder, &file).ends(0).tells("went on behind 100,000 rows");
        run.tells("110,000 rows");
        assert_eq!(portal.asked(), ["0 :id > 'row-099999'"]);
        assert!(folder.read(&file) == folder.read(&whole), "{ending}: not the same");
        for name in [&whole, &file] {
            fs::remove_file(folder.path(name)).unwrap();
        }
        assert_eq!(left(&folder), Vec::<String>::new());
    }
}

#[test]
fn rows_of_something_else_are_not_gone_on_with() {
    let portal = Portal::start();
    let folder = portal.project();
    let begun = || {
        portal.becomes(Mood::Down(1));
        rows(&folder, "calls.csv").ends(3).tells("50,000 rows are kept");
        portal.becomes(Mood::Well);
    };
    let first = "0 ";
    // Another query for the same file, and the option that says so.
    begun();
    let other = "select beat, cost from calls where cost > 1 limit all";
    portal.becomes(Mood::Down(0));
    folder.tule(&["run", "-e", other, "-o", "calls.csv"]).ends(3);
    assert_eq!(left(&folder), Vec::<String>::new(), "nothing came, nothing is kept");
    begun();
    folder.tule(&["run", "-e", ALL, "-o", "calls.csv", "--restart"]).ends(0);
    assert_eq!(portal.asked()[0], first);
    // Rows that changed meanwhile.
    begun();
    portal.state.lock().unwrap().modified = Some("Thu, 22 Oct 2015 07:28:00 GMT");
    let run = rows(&folder, "calls.csv").ends(0).tells("the rows have changed since the run");
    assert!(!run.err.contains("went on"), "{run:?}");
    assert_eq!(folder.read("calls.csv").lines().count(), ROWS + 1);
    assert_eq!(portal.asked()[..2], ["0 :id > 'row-049999'", first]);
    // A portal that does not say when rows change.
    portal.state.lock().unwrap().modified = None;
    portal.becomes(Mood::Down(1));
    let run = rows(&folder, "other.csv").ends(3);
    assert!(!run.err.contains("are kept"), "{run:?}");
    assert_eq!(left(&folder), ["calls.csv"]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_at_once_and_keeps_the_rows_of_whole_pages() {
    let portal = Portal::start();
    let folder = portal.project();
    folder.write("calls.csv", "of before");
    portal.becomes(Mood::Silent(1));
    let mut command = folder.command(&["run", "-e", ALL, "-o", "calls.csv"]);
    let child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    while portal.asked().len() < 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let begin = Instant::now();
    let pid = child.id().to_string();
    std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    // The portal would have been waited for for minutes.
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    let run = Run::of(output).ends(130).tells("the result is not whole");
    run.tells("50,000 rows are kept");
    assert_eq!(folder.read("calls.csv"), "of before");
    portal.becomes(Mood::Well);
    rows(&folder, "calls.csv").ends(0).tells("went on behind 50,000 rows");
    assert_eq!(folder.read("calls.csv").lines().count(), ROWS + 1);
    assert_eq!(portal.asked().len(), (ROWS - PAGE).div_ceil(PAGE));
}
