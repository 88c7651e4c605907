//! The language server as an editor starts it: the real program, its pipes, and portals on
//! loopback.

#![expect(
    clippy::needless_pass_by_value,
    clippy::indexing_slicing,
    reason = "messages are written where they are sent; one without a member has failed the test"
)]

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::{Folder, valid};
use crate::portal::{COLUMNS, Portal, calls};
use crate::run::project;
use crate::serve::Server;

/// Longest that a message which must come is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// An editor with one server.
struct Editor<'f> {
    folder: &'f Folder,
    child: Child,
    to: Option<ChildStdin>,
    from: Receiver<Value>,
    /// What arrived while something else was waited for.
    aside: Vec<Value>,
    last: i64,
}

impl<'f> Editor<'f> {
    fn start(folder: &'f Folder, options: Value, variables: &[(&str, &str)]) -> Self {
        let mut command = folder.command(&["lsp", "--stdio"]);
        command.envs(variables.iter().copied());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (said, from) = channel();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            while let Some(message) = read(&mut out) {
                if said.send(message).is_err() {
                    break;
                }
            }
        });
        let to = child.stdin.take();
        let mut editor = Self { folder, child, to, from, aside: Vec::new(), last: 0 };
        let params = json!({ "processId": null, "rootUri": editor.uri(""), "capabilities": {},
                             "initializationOptions": options });
        editor.ask("initialize", params);
        editor.tell("initialized", json!({}));
        editor
    }

    fn uri(&self, name: &str) -> String {
        let path = self.folder.path(name);
        format!("file://{}", path.display())
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn begin(&mut self, method: &str, params: Value) -> i64 {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    fn answer(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        self.find(|message| message.get("id") == Some(&json!(id)) && message["method"].is_null())
    }

    #[track_caller]
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    fn find(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.aside.iter().position(&is_it) {
            return self.aside.remove(at);
        }
        loop {
            let message = self.from.recv_timeout(PATIENCE).unwrap();
            if is_it(&message) {
                return message;
            }
            self.aside.push(message);
        }
    }

    fn open(&mut self, name: &str, text: &str) {
        let item =
            json!({ "uri": self.uri(name), "languageId": "tule", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Waits until no finding is an error.
    fn settles(&mut self) {
        loop {
            let told = self.find(|message| message["method"] == "textDocument/publishDiagnostics");
            let found = told["params"]["diagnostics"].as_array().unwrap();
            if found.iter().all(|found| found["severity"] != 1) {
                return;
            }
        }
    }

    fn at(&self, name: &str) -> Value {
        json!({ "textDocument": { "uri": self.uri(name) },
                "position": { "line": 0, "character": 3 } })
    }

    fn command(&mut self, name: &str, argument: &Value) -> Value {
        self.ask("workspace/executeCommand", json!({ "command": name, "arguments": [argument] }))
    }

    /// The program ends by itself, and well.
    #[track_caller]
    fn ends(mut self, within: Duration) {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            assert!(started.elapsed() < within, "it goes on");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn leave(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.ends(PATIENCE);
    }
}

impl Drop for Editor<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next message; nothing but messages may come.
fn read(out: &mut impl std::io::BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().unwrap(),
            Some(_) => {}
            None => {
                assert_eq!(line.trim_end(), "", "only messages are written");
                break;
            }
        }
    }
    let mut body = vec![0; length];
    out.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

/// A project that names a portal on loopback.
fn beside(address: &str) -> Folder {
    let folder = Folder::empty();
    let text = format!(
        "[portals.city]\nurl = \"http://{address}\"\nkind = \"socrata\"\n\
         token-env = \"CITY_TOKEN\"\n[datasets]\ncalls = \"city/ab12-cd34\"\n"
    );
    folder.write("tule.toml", text);
    folder
}

const QUERY: &str =
    "select beat, cost from calls where beat in ('A1', 'B2') order by beat limit 10";

#[test]
fn a_schema_is_fetched_a_query_run_and_the_lock_written_when_asked() {
    let server = Server::start(project(), &[]);
    let folder = beside(server.address());
    let mut editor = Editor::start(&folder, json!({}), &[]);
    editor.open("q.tule", QUERY);
    // Known, and not locked.
    editor.settles();
    let ran = editor.ask("tule/run", editor.at("q.tule"));
    assert_eq!(ran["rows"], json!([["A1", "12345678901234567890.10"], ["B2", "-0.5"]]));
    assert_eq!((&ran["end"], &ran["attribution"]), (&json!("whole"), &json!("Police")), "{ran}");
    assert!(!folder.path("tule.lock").exists());

    let mut export = editor.at("q.tule");
    export["path"] = json!(folder.path("out.csv"));
    export["format"] = json!("csv");
    let done = editor.ask("tule/export", export);
    assert_eq!((&done["rows"], &done["end"]), (&json!(2), &json!("whole")));
    assert_eq!(folder.read("out.csv"), "beat,cost\nA1,12345678901234567890.10\nB2,-0.5\n");

    let mut compiled = editor.ask("tule/compile", editor.at("q.tule"));
    let (url, curl) = (compiled["url"].clone(), compiled["curl"].clone());
    assert_eq!(url, compiled["requests"][0]["url"]);
    assert!(curl.as_str().unwrap().starts_with("curl "), "{curl}");
    for beside in ["url", "curl"] {
        compiled.as_object_mut().unwrap().remove(beside);
    }
    valid(&compiled.to_string(), "compile");

    let uri = editor.uri("q.tule");
    let changed = editor.command("tule.refresh", &json!({ "uri": uri }));
    assert_eq!(changed["changed"], json!([format!("{}/ab12-cd34", server.address())]));
    assert!(folder.read("tule.lock").contains("name = \"beat\""));
    let card = json!({ "textDocument": { "uri": uri }, "dataset": "calls" });
    let card = editor.ask("tule/card", card);
    assert!(card["lockedAt"].is_string() && card["attribution"] == "Police", "{card}");
    let found = json!({ "textDocument": { "uri": uri }, "words": "calls" });
    let found = editor.ask("tule/datasets", found);
    assert_eq!((&found["offline"], &found["datasets"][0]["locked"]), (&json!(false), &json!(true)));
    editor.leave();
}

#[test]
fn faults_of_a_portal_and_of_a_query_are_answers() {
    let server = Server::start(project(), &[]);
    let folder = beside(server.address());
    let mut editor = Editor::start(&folder, json!({}), &[]);
    editor.open("q.tule", "query q($b text) as select 1 / cost as x from calls where beat = $b");
    editor.settles();
    let answer = editor.answer("tule/run", editor.at("q.tule"));
    assert_eq!(answer["error"]["data"]["code"], "missing-parameter", "{answer}");
    let mut run = editor.at("q.tule");
    run["params"] = json!({ "c": "x" });
    let answer = editor.answer("tule/run", run);
    assert_eq!(answer["error"]["data"]["code"], "unknown-parameter", "{answer}");
    drop(server);
    let mut run = editor.at("q.tule");
    run["params"] = json!({ "b": "A1" });
    let id = editor.begin("tule/run", run);
    // A portal that is gone is tried again for a while; nobody has to wait for that.
    editor.tell("$/cancelRequest", json!({ "id": id }));
    let answer =
        editor.find(|message| message.get("id") == Some(&json!(id)) && message["method"].is_null());
    assert!([json!(-32800), json!(-32803)].contains(&answer["error"]["code"]), "{answer}");
    editor.leave();
}

#[test]
fn a_folder_of_files_needs_neither_a_lock_nor_a_network() {
    let folder = project();
    let mut editor = Editor::start(&folder, json!({}), &[]);
    editor.open("q.tule", QUERY);
    editor.settles();
    let statement = editor.ask("tule/statement", editor.at("q.tule"));
    assert_eq!(statement["remote"], false);
    let ran = editor.ask("tule/run", editor.at("q.tule"));
    assert_eq!(ran["total"], 2);
    let position =
        json!({ "uri": editor.uri("q.tule"), "position": { "line": 0, "character": 1 } });
    let plan = editor.command("tule.plan", &position);
    assert!(plan.as_str().unwrap().contains("no network"), "{plan}");
    let answer = editor.answer("tule/compile", editor.at("q.tule"));
    assert_eq!(answer["error"]["data"]["code"], "not-on-this-portal");
    editor.leave();
}

/// The tokens that a portal was sent.
fn tokens(portal: &Portal) -> Vec<String> {
    let asked = portal.asked.lock().unwrap();
    let lines = asked.iter().flat_map(|head| head.lines());
    let pairs = lines.filter_map(|line| line.split_once(": "));
    pairs
        .filter(|(name, _)| name.eq_ignore_ascii_case("x-app-token"))
        .map(|(_, value)| value.trim().to_owned())
        .collect()
}

#[test]
fn a_host_that_the_workspace_names_is_sent_no_token_until_it_is_trusted() {
    let portal = Portal::start();
    portal.view("call-call", &calls(COLUMNS));
    portal.says("/resource/call-call.json", 200, "[]");
    let folder = portal.project();
    let variables = [("CITY_TOKEN", "s3cret"), ("SOCRATA_APP_TOKEN", "s3cret")];
    let text = "select beat from calls limit 10";
    let mut editor = Editor::start(&folder, json!({}), &variables);
    editor.open("q.tule", text);
    editor.settles();
    editor.ask("tule/run", editor.at("q.tule"));
    assert!(portal.asked.lock().unwrap().len() >= 2, "it was asked");
    assert_eq!(tokens(&portal), [""; 0]);
    editor.command("tule.trust", &json!({ "host": portal.host }));
    editor.ask("tule/run", editor.at("q.tule"));
    assert_eq!(tokens(&portal), ["s3cret"]);
    editor.leave();

    // Trusted from the beginning.
    let mut editor = Editor::start(&folder, json!({ "trusted": true }), &variables);
    editor.open("q.tule", text);
    editor.settles();
    assert!(tokens(&portal).len() >= 2);
    editor.leave();
}

#[test]
fn a_host_that_the_user_named_is_sent_its_token() {
    let portal = Portal::start();
    portal.view("call-call", &calls(COLUMNS));
    let folder = portal.project();
    folder.pipe(&["login", &portal.host], b"mine\n").ends(0);
    let mut editor = Editor::start(&folder, json!({}), &[("CITY_TOKEN", "s3cret")]);
    editor.open("q.tule", "select beat from calls limit 10");
    editor.settles();
    assert_eq!(tokens(&portal), ["mine"]);
    editor.leave();
}

#[test]
fn it_ends_when_the_pipe_closes_though_a_query_runs() {
    // A portal that takes requests and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (reached, is_reached) = channel();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = reached.send(());
            held.push(stream);
        }
    });
    for says_so in [false, true] {
        let folder = beside(&address);
        let options = json!({ "fetchSchemas": false });
        let mut editor = Editor::start(&folder, options, &[]);
        editor.open("q.tule", "select beat from calls limit 10");
        editor.begin("tule/run", editor.at("q.tule"));
        is_reached.recv_timeout(PATIENCE).unwrap();
        if says_so {
            editor.tell("exit", Value::Null);
        } else {
            editor.to = None;
        }
        editor.ends(Duration::from_secs(20));
    }
}
