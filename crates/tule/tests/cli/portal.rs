//! The commands that ask portals, against a server on loopback.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::common::{Folder, Run, is_inert};
use crate::serve::Server;

/// What a path answers: status and body.
type Answers = Arc<Mutex<BTreeMap<String, (u16, String)>>>;

/// A portal that answers by path until the test ends.
pub(crate) struct Portal {
    pub(crate) host: String,
    answers: Answers,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

impl Portal {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let (answers, asked): (Answers, Arc<Mutex<Vec<String>>>) = Default::default();
        let (known, log) = (answers.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                reply(stream, &known, &log);
            }
        });
        Self { host, answers, asked }
    }

    pub(crate) fn says(&self, path: &str, status: u16, body: &(impl ToString + ?Sized)) -> &Self {
        self.answers.lock().unwrap().insert(path.to_owned(), (status, body.to_string()));
        self
    }

    pub(crate) fn view(&self, id: &str, view: &Value) -> &Self {
        self.says(&format!("/api/views/{id}.json"), 200, view)
    }

    /// A project with this portal.
    pub(crate) fn project(&self) -> Folder {
        let folder = Folder::empty();
        let text = format!(
            "[portals.city]\nurl = \"http://{}\"\nkind = \"socrata\"\n\
             token-env = \"CITY_TOKEN\"\n[datasets]\ncalls = \"city/call-call\"\n",
            self.host
        );
        folder.write("tule.toml", text);
        folder
    }
}

fn reply(mut stream: TcpStream, answers: &Answers, log: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut line) = (String::new(), String::new());
    while lines.read_line(&mut line).unwrap_or(0) > 2 {
        head.push_str(&std::mem::take(&mut line));
    }
    log.lock().unwrap().push(head.clone());
    let path = head.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let missing = || (404, r#"{"code":"not_found","error":true,"message":"none"}"#.to_owned());
    let (status, body) = answers.lock().unwrap().get(path).cloned().unwrap_or_else(missing);
    let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let _ = stream.read(&mut [0; 64]);
}

pub(crate) fn calls(columns: &[(&str, &str)]) -> Value {
    let columns: Vec<Value> = columns
        .iter()
        .map(|(name, ty)| json!({"fieldName": name, "name": name, "dataTypeName": ty}))
        .collect();
    json!({"id": "call-call", "name": "Calls", "assetType": "dataset", "columns": columns})
}

pub(crate) const COLUMNS: &[(&str, &str)] = &[
    ("beat", "text"),
    ("opened", "calendar_date"),
    ("closed", "calendar_date"),
    ("cost", "number"),
];

fn locked(portal: &Portal) -> Folder {
    portal.view("call-call", &calls(COLUMNS));
    let folder = portal.project();
    folder.tule(&["lock"]).ends(0);
    folder
}

#[test]
fn lock_fetches_what_the_project_and_its_queries_name() {
    let portal = Portal::start();
    portal.view("call-call", &calls(COLUMNS));
    let other = json!({"id": "othe-rrrr", "name": "Other", "columns": []});
    portal.view("othe-rrrr", &other);
    let folder = portal.project();
    folder.write(
        "queries/a.tule",
        "select * from 'city/othe-rrrr' limit 5;\nselect beat from calls;",
    );
    let run = folder.tule(&["lock"]).ends(0);
    let run = run.says(&format!("{}/call-call (calls): new, 4 columns", portal.host));
    run.says("othe-rrrr").tells("2 datasets, written");
    assert!(folder.read("tule.lock").contains("name = \"opened\", type = \"floating_timestamp\""));
    folder.tule(&["check", "-"]).ends(0);
    folder.pipe(&["check", "-"], b"select beat, cost + 1 as more from calls limit 5").ends(0);
    // A second time, nothing changed; offline, from what was fetched.
    let run = folder.tule(&["lock"]).ends(0);
    run.says("unchanged, 4 columns").tells("unchanged");
    let before = portal.asked.lock().unwrap().len();
    folder.tule(&["lock", "--offline"]).ends(0).says("unchanged, 4 columns");
    assert_eq!(portal.asked.lock().unwrap().len(), before);

    // Counted where that is asked for and the metadata say nothing.
    let counts =
        r#"[{"n":"4321","first":"2019-01-01T00:00:00.000","last":"2026-04-10T00:00:00.000"}]"#;
    portal.says("/resource/call-call.json", 200, counts);
    folder.tule(&["lock", "--count"]).ends(0).says("same columns, other facts changed");
    let locked = folder.read("tule.lock");
    assert!(locked.contains("rows = 4300\nrange = { column = \"opened\""), "{locked}");
    folder.tule(&["lock"]).ends(0).says("unchanged, 4 columns");
    portal.says("/resource/call-call.json", 400, "{\"error\":true}");
    folder.tule(&["lock", "--count"]).ends(0).tells("rows are not counted");

    let wider = [COLUMNS, &[("ward", "text")]].concat();
    portal.view("call-call", &calls(&wider));
    folder.tule(&["lock"]).ends(0).says("1 column changed\n  + ward text\n");
}

#[test]
fn a_dataset_that_cannot_be_fetched_does_not_keep_others_from_being_locked() {
    let portal = Portal::start();
    portal.view("call-call", &calls(COLUMNS));
    let folder = portal.project();
    folder.write("a.tule", "select * from 'city/none-none';");
    let run = folder.tule(&["lock"]).ends(1).says("new, 4 columns");
    run.tells("no such dataset");
    portal.says("/api/views/call-call.json", 400, "<title>Busy</title>");
    let before = folder.read("tule.lock");
    let run = folder.tule(&["lock"]).ends(3).tells("text/html, «Busy»");
    assert!(run.out.is_empty(), "{run:?}");
    assert_eq!(folder.read("tule.lock"), before);
    fs::remove_file(folder.path("tule.lock")).unwrap();
    folder.tule(&["lock"]).ends(3);
    assert!(!folder.path("tule.lock").exists());
}

#[test]
fn drift_names_the_queries_that_it_breaks() {
    let portal = Portal::start();
    let folder = locked(&portal);
    folder.tule(&["lock", "--check"]).ends(0).prints("").tells("no drift");
    let before = folder.read("tule.lock");
    folder.write(
        "a.tule",
        "select beat from calls;\n\nselect opened, beat from calls where opened > '2025-01-01';",
    );
    let now: Vec<_> = COLUMNS
        .iter()
        .map(|&(name, ty)| if name == "opened" { ("opened_at", ty) } else { (name, ty) })
        .filter(|(name, _)| *name != "cost")
        .collect();
    portal.view("call-call", &calls(&now));
    let run = folder.tule(&["lock", "--check"]).ends(1);
    let run = run.says(
        "error[drift-column-renamed]: column `opened` is gone; it is probably `opened_at` now",
    );
    let run = run.says("a.tule:3:8").says("what speaks for it: same type, same neighbours");
    let run =
        run.says("info[drift-column-removed]: column `cost` (number) is gone from the portal");
    run.says("no query is affected").tells("1 dataset drifted: 1 error, 0 warnings");
    assert_eq!(folder.read("tule.lock"), before, "nothing is written");
    let document = folder.tule(&["lock", "--check", "--format", "json"]).ends(1).json("check");
    let fix = &document["diagnostics"][0]["fixes"][0];
    assert_eq!(fix["edits"][0]["text"], "opened_at as opened");
    let concise = folder.tule(&["lock", "--check", "--format", "concise"]).ends(1);
    assert_eq!(concise.out.lines().count(), 3, "{concise:?}");
    // Where nobody reads what changed, nothing is wrong.
    fs::remove_file(folder.path("a.tule")).unwrap();
    folder.tule(&["lock", "--check"]).ends(0).says("info[drift-column-renamed]");
}

#[test]
fn an_outage_is_no_drift() {
    let portal = Portal::start();
    let folder = locked(&portal);
    folder.write("a.tule", "select beat from calls;");
    let check = |status: u16, body: &str| -> Run {
        portal.says("/api/views/call-call.json", status, body);
        folder.tule(&["lock", "--check"])
    };
    let run = check(403, "<title>Firewall</title>").ends(3);
    run.tells("«Firewall»").tells("1 dataset could not be asked about");
    let gone = r#"{"code":"not_found","error":true,"message":"Cannot find view"}"#;
    check(404, gone).ends(1).says("error[drift-dataset-gone]").says("a.tule:1:18");
    let private = r#"{"code":"permission_denied","error":true,"message":"log in"}"#;
    check(403, private).ends(1).says("error[drift-dataset-private]");
    check(200, "<title>Open Data by Somebody Else</title>")
        .ends(1)
        .says("error[drift-portal-moved]");
    let map = json!({"id": "call-call", "name": "Calls", "assetType": "map", "columns": []});
    check(200, &map.to_string())
        .ends(1)
        .says("error[drift-asset-changed]: the dataset was a `dataset` and is a `map`");
    let folder = locked(&portal);
    let text = folder.read("tule.toml").replace(&portal.host, "127.0.0.1:1");
    folder.write("tule.toml", text);
    let lock = folder.read("tule.lock").replace(&portal.host, "127.0.0.1:1");
    folder.write("tule.lock", lock);
    folder.tule(&["lock", "--check", "--offline"]).ends(3).tells("not in the cache");
}

#[test]
fn a_token_is_kept_for_its_owner_and_sent_to_its_host() {
    let portal = Portal::start();
    let folder = portal.project();
    portal.view("call-call", &calls(COLUMNS));
    let sent = || portal.asked.lock().unwrap().last().unwrap().to_lowercase();
    folder.tule(&["lock"]).ends(0);
    assert!(!sent().contains("x-app-token"));
    let run = folder.pipe(&["login", "city"], b"t0p-s3cret\n").ends(0).prints("");
    let run = run.tells(&format!("token for {} kept in", portal.host));
    assert!(!run.err.contains("t0p-s3cret"));
    folder.tule(&["lock"]).ends(0);
    assert!(sent().contains("x-app-token: t0p-s3cret"), "{}", sent());
    // The environment comes first.
    let output = folder.command(&["lock"]).env("CITY_TOKEN", "another").output().unwrap();
    assert!(output.status.success() && sent().contains("x-app-token: another"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.path(".config/tule/credentials.toml");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let run = folder.tule(&["lock"]).ends(2).tells("others can read").tells("chmod 600");
        assert!(!run.err.contains("t0p-s3cret"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    folder.tule(&["login", "city", "--forget"]).ends(0).tells("removed from");
    folder.tule(&["login", "city", "--forget"]).ends(2).tells("no token is kept");
    folder.pipe(&["login", "city"], b"two words\n").ends(2).tells("cannot be an app token");
    folder.pipe(&["login", "nowhere"], b"x").ends(2).tells("neither a host nor a portal");
}

#[test]
fn datasets_are_those_of_the_portal_and_those_locked() {
    let portal = Portal::start();
    let folder = locked(&portal);
    let hit = |host: &str, id: &str, title: &str| {
        json!({"resource": {"id": id, "name": title, "type": "dataset", "attribution": "City\u{1b}[2J"},
               "metadata": {"domain": host}})
    };
    let results = [
        hit(&portal.host, "call-call", "Calls"),
        hit(&portal.host, "fire-fire", "Fires"),
        hit("data.elsewhere.org", "else-else", "Elsewhere"),
    ];
    portal.says("/api/catalog/v1", 200, &json!({"results": results, "resultSetSize": 3}));
    let run = folder.tule(&["datasets"]).ends(0).says("Fires").says("calls");
    assert!(!run.out.contains("Elsewhere") && is_inert(&run.out), "{run:?}");
    let document = folder.tule(&["datasets", "--format", "json"]).ends(0).json("datasets");
    let ids: Vec<&str> = document["datasets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["call-call", "fire-fire"]);
    assert_eq!(document["datasets"][0]["names"], json!(["calls"]));
    assert!(portal.asked.lock().unwrap().last().unwrap().contains("domains=127.0.0.1"));
    let run = folder.tule(&["datasets", "--offline", "opened"]).ends(0).says("calls");
    assert!(!run.out.contains("Fires"));
    portal.says("/api/catalog/v1", 400, "{\"error\":\"down\"}");
    folder.tule(&["datasets"]).ends(3).says("calls").tells("down");
    folder.tule(&["datasets", "--portal", "nowhere"]).ends(2).tells("`nowhere` is no portal");
    Folder::empty().tule(&["datasets"]).ends(2).tells("no portal to ask");
}

#[test]
fn schemas_are_fetched_and_rows_run_from_a_real_server() {
    let data = Folder::empty();
    let many = (0..2500).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
    data.write("calls.csv", "beat,x\nA1,1\nB2,2.50\n").write("many.csv", format!("n\n{many}\n"));
    let path = data.path(".");
    let server = Server::start(Folder::empty(), &[path.to_str().unwrap()]);
    let folder = Folder::empty();
    let manifest = format!(
        "[portals.city]\nurl = \"http://{}\"\nkind = \"socrata\"\n[datasets]\n\
         calls = \"city/calls\"\nmany = \"city/many\"\n",
        server.address()
    );
    folder.write("tule.toml", manifest);
    folder.tule(&["lock"]).ends(0).tells("2 datasets, written");
    folder.tule(&["lock", "--check"]).ends(0).tells("2 datasets: no drift");

    let some = ["run", "-e", "select beat, x from calls where x > 1 limit 5", "--format", "csv"];
    folder.tule(&some).ends(0).prints("beat,x\nB2,2.5\n");
    let cut = folder.tule(&["run", "-e", "select n from many"]).ends(0);
    assert_eq!(cut.out.lines().count(), 1001);
    cut.tells("cut at 1,000 rows, and more exist");
    folder.tule(&["run", "-e", "select n from many limit all", "-o", "all.csv"]).ends(0);
    assert_eq!(folder.read("all.csv").lines().count(), 2501);
    // A fault of a value is the query's, and is shown at its place in it.
    let fault = folder.tule(&["run", "-e", "select x / 0 as y from calls limit 1"]).ends(1);
    fault.tells("<query>:1:8").tells("division by zero");
    folder.write("data.csv", "kept");
    let onto = ["run", "-e", "select x / 0 as y from calls limit 1", "-o", "data.csv"];
    folder.tule(&onto).ends(1);
    assert_eq!(folder.read("data.csv"), "kept");
}
