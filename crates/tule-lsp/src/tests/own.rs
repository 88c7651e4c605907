//! The requests `tule/*`, commands and lenses.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::client::Client;
use super::folder::Folder;
use super::portals::{Door, Scripted};
use crate::portals::NoPortals;

const TEXT: &str = "-- first\nquery of_beat($b text, $n number default 1) as\n  \
                    from calls select beat where beat = $b limit 5;\nselect nothing from calls;\n";

async fn begin(folder: &Folder, portals: Scripted, options: Value) -> (Client, Arc<Scripted>) {
    let portals = Arc::new(portals);
    let mut client = Client::start_with(json!({}), options, portals.clone()).await;
    folder.open(&mut client, "q.tule", TEXT).await;
    client.notified("textDocument/publishDiagnostics").await;
    (client, portals)
}

#[expect(clippy::needless_pass_by_value, reason = "written where it is used")]
fn command(name: &str, argument: Value) -> Value {
    json!({ "command": name, "arguments": [argument] })
}

#[tokio::test]
async fn a_statement_is_described_before_it_is_run() {
    let folder = Folder::locked();
    let (mut client, _) = begin(&folder, Scripted::default(), json!({})).await;
    let found = client.ask("tule/statement", folder.at("q.tule", 2, 4)).await;
    assert_eq!(
        found,
        json!({
            "range": { "start": { "line": 1, "character": 0 }, "end": { "line": 2, "character": 48 } },
            "name": "of_beat",
            "errors": 0,
            "parameters": [
                { "name": "b", "type": "text", "default": null, "required": true },
                { "name": "n", "type": "number", "default": "1", "required": false },
            ],
            "datasets": [{ "name": "calls", "host": "data.example.org", "id": "aaaa-0001" }],
            "remote": true,
        })
    );
    // Right behind the `;`, and on the comment above.
    for (line, character) in [(2, 49), (0, 0)] {
        let at = folder.at("q.tule", line, character);
        assert_eq!(client.ask("tule/statement", at).await["name"], "of_beat");
    }
    let faulty = client.ask("tule/statement", folder.at("q.tule", 3, 3)).await;
    assert_eq!((&faulty["errors"], &faulty["name"]), (&json!(1), &Value::Null));
    assert_eq!(client.ask("tule/statement", folder.at("q.tule", 4, 0)).await, Value::Null);
    assert_eq!(client.ask("tule/statement", folder.at("x.tule", 0, 0)).await, Value::Null);
    client.end().await;
}

#[tokio::test]
async fn a_run_gives_rows_with_every_digit() {
    let folder = Folder::locked();
    let (mut client, portals) = begin(&folder, Scripted::default(), json!({})).await;
    let mut run = folder.at("q.tule", 2, 4);
    run["params"] = json!({ "b": "C1" });
    let ran = client.ask("tule/run", run.clone()).await;
    assert_eq!(ran["rows"], json!([["C1", "1.50"], ["C1", "1.50"], ["C1", "1.50"]]));
    assert_eq!(
        ran["columns"],
        json!([
            { "name": "beat", "type": "text", "label": "The beat" },
            { "name": "n", "type": "number", "label": null },
        ])
    );
    let facts = ["name", "total", "end", "limit", "notes", "bytes", "licence", "attribution"];
    assert_eq!(
        facts.map(|name| ran[name].clone()).to_vec(),
        json!(["of_beat", 3, "cut", 3, ["a note"], 9, "CC0", null]).as_array().unwrap().clone()
    );
    assert!(ran["tookMs"].is_u64() && ran["range"]["end"]["line"] == 2, "{ran}");
    run["maxRows"] = json!(2);
    let ran = client.ask("tule/run", run.clone()).await;
    assert_eq!(
        (&ran["total"], &ran["end"], &ran["limit"]),
        (&json!(2), &json!("more"), &Value::Null)
    );
    run["params"] = json!({ "b": ["C1"] });
    assert_eq!(client.answer("tule/run", run).await["error"]["code"], -32602);
    assert_eq!(portals.running.load(Ordering::SeqCst), 2);
    client.end().await;
}

#[tokio::test]
async fn faults_name_their_code_and_place() {
    let folder = Folder::locked();
    let (mut client, portals) = begin(&folder, Scripted::default(), json!({})).await;
    for method in ["tule/run", "tule/compile"] {
        let answer = client.answer(method, folder.at("q.tule", 3, 3)).await;
        assert_eq!(answer["error"]["code"], -32803);
        assert_eq!(answer["error"]["data"]["code"], "unknown-column");
        let start = &answer["error"]["data"]["range"]["start"];
        assert_eq!(start, &json!({ "line": 3, "character": 7 }));
    }
    let answer = client.answer("tule/run", folder.at("q.tule", 4, 0)).await;
    assert_eq!(answer["error"]["data"]["code"], "no-statement");
    assert_eq!(portals.running.load(Ordering::SeqCst), 0, "nothing was run");
    client.end().await;
}

#[tokio::test]
async fn a_run_that_is_cancelled_stops() {
    let folder = Folder::locked();
    let door = Arc::<Door>::default();
    let scripted = Scripted { runs_wait: Some(door), ..Scripted::default() };
    let (mut client, portals) = begin(&folder, scripted, json!({})).await;
    let mut run = folder.at("q.tule", 2, 4);
    run["workDoneToken"] = json!("mine");
    let id = client.begin("tule/run", run).await;
    let begun = client.notified("$/progress").await;
    assert_eq!((&begun["token"], &begun["value"]["kind"]), (&json!("mine"), &json!("begin")));
    assert_eq!(begun["value"]["cancellable"], true);
    let report = client.notified("$/progress").await;
    assert_eq!(report["value"]["message"], "1 row");
    // Edits and questions are answered meanwhile.
    assert!(client.ask("textDocument/hover", folder.at("q.tule", 2, 22)).await.is_object());
    client.tell("$/cancelRequest", json!({ "id": id })).await;
    let answer = client.answered(id).await;
    assert_eq!(answer["error"]["code"], -32800);
    assert_eq!(client.notified("$/progress").await["value"]["kind"], "end");
    while !portals.stopped.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    client.end().await;
}

#[tokio::test]
async fn the_button_of_the_progress_stops_a_run_too() {
    let folder = Folder::locked();
    let scripted = Scripted { runs_wait: Some(Arc::default()), ..Scripted::default() };
    let (mut client, _) = begin(&folder, scripted, json!({})).await;
    let mut run = folder.at("q.tule", 2, 4);
    run["workDoneToken"] = json!(7);
    let id = client.begin("tule/run", run).await;
    client.notified("$/progress").await;
    client.tell("window/workDoneProgress/cancel", json!({ "token": 7 })).await;
    let answer = client.answered(id).await;
    assert_eq!(answer["error"]["code"], -32800);
    let mut kinds = Vec::new();
    while kinds.last() != Some(&json!("end")) {
        kinds.push(client.notified("$/progress").await["value"]["kind"].clone());
    }
    client.end().await;
}

#[tokio::test]
async fn the_server_ends_with_a_run_under_way() {
    let folder = Folder::locked();
    for says_exit in [true, false] {
        let scripted = Scripted { runs_wait: Some(Arc::default()), ..Scripted::default() };
        let (mut client, portals) = begin(&folder, scripted, json!({})).await;
        client.begin("tule/run", folder.at("q.tule", 2, 4)).await;
        while portals.running.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        if says_exit {
            client.tell("exit", Value::Null).await;
        }
        let Client { to, server, .. } = client;
        if !says_exit {
            drop(to);
        }
        tokio::time::timeout(super::client::PATIENCE, server).await.expect("an end").unwrap();
        assert!(portals.stopped.load(Ordering::SeqCst));
    }
}

#[tokio::test]
async fn a_fault_within_is_answered_and_nothing_else_dies() {
    let folder = Folder::locked();
    let scripted = Scripted { faulty: true, ..Scripted::default() };
    let (mut client, _) = begin(&folder, scripted, json!({})).await;
    let answer = client.answer("tule/run", folder.at("q.tule", 2, 4)).await;
    assert_eq!(answer["error"]["code"], -32603);
    let mut hover = folder.at("q.tule", 2, 22);
    hover["panic"] = json!(true);
    let answer = client.answer("textDocument/hover", hover.clone()).await;
    assert_eq!(answer["error"]["code"], -32603, "{answer}");
    client.tell("textDocument/didSave", hover.clone()).await;
    hover["panic"] = json!(false);
    assert!(client.ask("textDocument/hover", hover).await.is_object());
    client.end().await;
}

#[tokio::test]
async fn lenses_stand_over_statements_and_can_be_switched_off() {
    let folder = Folder::locked();
    let (mut client, _) = begin(&folder, Scripted::default(), json!({})).await;
    let document = json!({ "textDocument": { "uri": folder.uri("q.tule") } });
    let lenses = client.ask("textDocument/codeLens", document.clone()).await;
    let lenses = lenses.as_array().unwrap();
    let commands: Vec<_> = lenses.iter().map(|lens| lens["command"]["command"].clone()).collect();
    assert_eq!(commands[..4], ["tule.run", "tule.copyUrl", "tule.copyCurl", "tule.plan"]);
    assert_eq!(lenses.len(), 8);
    assert_eq!(lenses[0]["range"]["start"], json!({ "line": 1, "character": 0 }));
    assert_eq!(lenses[0]["command"]["arguments"], json!([folder.argument("q.tule", 1, 0)]));
    client.end().await;
    let options = json!({ "codeLens": false, "inlayHints": false });
    let (mut client, _) = begin(&folder, Scripted::default(), options).await;
    assert_eq!(client.ask("textDocument/codeLens", document.clone()).await, json!([]));
    let mut ranged = document;
    ranged["range"] =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    assert_eq!(client.ask("textDocument/inlayHint", ranged).await, json!([]));
    client.end().await;
}

#[tokio::test]
async fn commands_answer_and_show_what_came_of_them() {
    let folder = Folder::locked();
    let (mut client, _) = begin(&folder, Scripted::default(), json!({})).await;
    let at = || folder.argument("q.tule", 2, 4);
    for (name, said) in [
        ("tule.copyUrl", "https://portal.example/?values=0"),
        ("tule.copyCurl", "curl https://portal.example/"),
    ] {
        assert_eq!(client.ask("workspace/executeCommand", command(name, at())).await, said);
        assert_eq!(client.notified("window/showMessage").await["message"], said);
    }
    let plan = client.ask("workspace/executeCommand", command("tule.plan", at())).await;
    assert!(
        plan.as_str().unwrap().contains("reads Calls (`data.example.org/aaaa-0001`)"),
        "{plan}"
    );
    client.notified("window/showMessage").await;
    let ran = client.ask("workspace/executeCommand", command("tule.run", at())).await;
    assert_eq!(ran["total"], 3);
    let said = client.notified("window/showMessage").await;
    assert!(said["message"].as_str().unwrap().starts_with("3 rows, cut at 3"), "{said}");
    for (name, argument) in [
        ("tule.run", json!({})),
        ("tule.run", json!({ "uri": folder.uri("q.tule") })),
        ("tule.trust", json!({ "host": "a/b" })),
        ("tule.refresh", json!({ "host": "a" })),
    ] {
        let answer = client.answer("workspace/executeCommand", command(name, argument)).await;
        assert_eq!(answer["error"]["code"], -32602, "{name}: {answer}");
    }
    client.end().await;
}

#[tokio::test]
async fn an_editor_that_shows_results_itself_is_shown_none() {
    let folder = Folder::locked();
    let options = json!({ "results": "client" });
    let (mut client, _) = begin(&folder, Scripted::default(), options).await;
    for name in ["tule.copyUrl", "tule.copyCurl", "tule.plan", "tule.run"] {
        let argument = folder.argument("q.tule", 2, 4);
        client.ask("workspace/executeCommand", command(name, argument)).await;
    }
    client.end().await;
}

#[tokio::test]
async fn rows_are_shown_as_a_document_where_the_editor_can() {
    let folder = Folder::locked();
    let scripted = Scripted { folder: Some(folder.path().join("cache")), ..Scripted::default() };
    let capabilities = json!({ "window": { "showDocument": { "support": true } } });
    let mut client = Client::start_with(capabilities, json!({}), Arc::new(scripted)).await;
    folder.open(&mut client, "q.tule", TEXT).await;
    client.notified("textDocument/publishDiagnostics").await;
    let argument = folder.argument("q.tule", 2, 4);
    client.ask("workspace/executeCommand", command("tule.run", argument)).await;
    let shown = client.requested("window/showDocument", json!({ "success": true })).await;
    let path = shown["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "beat  n\n");
    client.notified("window/showMessage").await;
    client.end().await;
}

#[tokio::test]
async fn files_are_written_where_they_can_be_found() {
    let folder = Folder::locked();
    let (mut client, _) = begin(&folder, Scripted::default(), json!({})).await;
    let mut export = folder.at("q.tule", 2, 4);
    export["path"] = json!(folder.path().join("out.csv"));
    export["format"] = json!("csv");
    let done = client.ask("tule/export", export.clone()).await;
    assert_eq!(done, json!({ "rows": 3, "bytes": 30, "end": "whole" }));
    export["format"] = json!("xls");
    let answer = client.answer("tule/export", export.clone()).await;
    assert_eq!(answer["error"]["data"]["code"], "unknown-format");
    export["path"] = json!("out.csv");
    assert_eq!(client.answer("tule/export", export).await["error"]["code"], -32602);
    client.end().await;
}

#[tokio::test]
async fn calls_are_imported_and_faults_of_them_told() {
    let mut client = Client::start_with(json!({}), json!({}), Arc::new(NoPortals)).await;
    let text = "https://data.example.org/resource/aaaa-0001.json?beat=K1&$limit=5";
    let done = client.ask("tule/import", json!({ "text": text })).await;
    assert!(done["statement"].as_str().unwrap().contains("limit 5"), "{done}");
    assert!(done["notes"].is_array());
    let answer = client.answer("tule/import", json!({ "text": "nonsense" })).await;
    assert_eq!(answer["error"]["code"], -32803);
    assert!(answer["error"]["data"]["code"].is_string());
    client.end().await;
}
