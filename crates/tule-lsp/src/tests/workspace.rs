//! Folders: findings of files that are not open, projects beside each other, large documents, and
//! repairs of a whole document.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::client::{Client, URI, at};
use super::folder::Folder;
use crate::portals::NoPortals;

fn pulling() -> Value {
    json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    })
}

async fn begin(folder: &Folder) -> Client {
    let options = json!({ "fetchSchemas": false });
    let folders = json!([{ "uri": folder.uri(""), "name": "it" }]);
    Client::start_in(folders, pulling(), options, Arc::new(NoPortals)).await
}

fn kinds(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut kinds: Vec<(String, String)> = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (text(&item["uri"]).rsplit('/').next().unwrap().to_owned(), text(&item["kind"]))
        })
        .collect();
    kinds.sort();
    kinds
}

fn known(report: &Value) -> Value {
    let items = report["items"].as_array().unwrap().iter();
    let ids = items.map(|item| json!({ "uri": item["uri"], "value": item["resultId"] }));
    json!({ "previousResultIds": ids.collect::<Vec<_>>() })
}

#[tokio::test]
async fn files_that_are_not_open_have_findings_too() {
    let folder = Folder::locked();
    folder.write("a.tule", "from calls select nothing limit 5");
    folder.write("b.tule", "from calls select beat limit 5");
    let mut client = begin(&folder).await;
    folder.open(&mut client, "b.tule", "from calls select bead limit 5").await;
    let first = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
    let pair = |name: &str, kind: &str| (name.to_owned(), kind.to_owned());
    assert_eq!(kinds(&first), [pair("a.tule", "full"), pair("b.tule", "full")]);
    for item in first["items"].as_array().unwrap() {
        assert_eq!(item["items"][0]["code"], "unknown-column");
        let open = item["uri"].as_str().unwrap().ends_with("b.tule");
        assert_eq!(item["version"].is_i64(), open, "{item}");
    }
    // Held until something changes.
    let id = client.begin("workspace/diagnostic", known(&first)).await;
    client.ask("textDocument/hover", folder.at("b.tule", 0, 1)).await;
    let change = json!({ "textDocument": { "uri": folder.uri("b.tule"), "version": 2 },
                         "contentChanges": [{ "text": "from calls select beat limit 5" }] });
    client.tell("textDocument/didChange", change).await;
    let then = client.answered(id).await["result"].clone();
    assert_eq!(kinds(&then), [pair("a.tule", "unchanged"), pair("b.tule", "full")]);
    let mut last = then;
    let mut news: BTreeSet<String> = BTreeSet::new();
    folder.lock("nothing");
    let changes = json!([{ "uri": folder.uri("tule.lock"), "type": 2 }]);
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes })).await;
    // In one answer or in two.
    while news.len() < 2 {
        let next = client.ask("workspace/diagnostic", known(&last)).await;
        let fresh = kinds(&next).into_iter().filter(|(_, kind)| kind == "full");
        news.extend(fresh.map(|(name, _)| name));
        last = next;
    }
    client.requested("workspace/diagnostic/refresh", Value::Null).await;
    // One that is held does not keep the server.
    client.begin("workspace/diagnostic", known(&last)).await;
    client.end().await;
}

#[tokio::test]
async fn names_of_answers_are_this_server_s_own() {
    let folder = Folder::locked();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut client = begin(&folder).await;
        folder.open(&mut client, "b.tule", "from calls select beat limit 5").await;
        let document = json!({ "textDocument": { "uri": folder.uri("b.tule") } });
        let report = client.ask("textDocument/diagnostic", document).await;
        ids.push(report["resultId"].as_str().unwrap().to_owned());
        client.end().await;
    }
    assert!(ids[0].contains('-') && ids[0].len() > 6, "{ids:?}");
}

#[tokio::test]
async fn projects_lie_beside_each_other() {
    let one = Folder::locked();
    let two = Folder::new();
    two.lock("other");
    let mut client = Client::start(json!({})).await;
    for (folder, good) in [(&one, "beat"), (&two, "other")] {
        folder.open(&mut client, "q.tule", &format!("from calls select {good} limit 5")).await;
        let found = client.notified("textDocument/publishDiagnostics").await;
        assert_eq!(found["diagnostics"], json!([]));
    }
    let event = json!({ "added": [{ "uri": two.uri(""), "name": "two" }], "removed": [] });
    client.tell("workspace/didChangeWorkspaceFolders", json!({ "event": event })).await;
    client.end().await;
}

#[tokio::test]
async fn a_document_that_is_too_large_is_refused_politely() {
    let mut client = Client::start(json!({})).await;
    let line = "select beat from calls where beat = 'C1' limit 10;\n";
    client.open(&line.repeat((50 << 20) / line.len())).await;
    let found = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(found["diagnostics"].as_array().unwrap().len(), 1, "one word on it");
    assert_eq!(client.ask("textDocument/hover", at(9, 3)).await, Value::Null);
    let document = json!({ "textDocument": { "uri": URI } });
    for method in ["documentSymbol", "foldingRange", "semanticTokens/full", "codeLens"] {
        let answer = client.ask(&format!("textDocument/{method}"), document.clone()).await;
        assert!(answer.is_null() || answer == json!([]), "{method}");
    }
    client.change(2, json!([{ "text": "select 1 as one from @single_row limit 1" }])).await;
    let found = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(found["diagnostics"], json!([]), "and then it is small");
    client.end().await;
}

#[tokio::test]
async fn everything_is_repaired_at_once_and_only_when_it_is_wanted() {
    let text = "from calls select beat, where beat = 'a' limit 5;\nfrom calls select beat, limit 5";
    let capabilities = json!({ "textDocument": { "codeAction": {
        "resolveSupport": { "properties": ["edit"] },
    } } });
    let folder = Folder::locked();
    let mut client = Client::start(capabilities).await;
    folder.open(&mut client, "q.tule", text).await;
    client.notified("textDocument/publishDiagnostics").await;
    let place = json!({ "line": 0, "character": 0 });
    let params = |only: Value| {
        json!({ "textDocument": { "uri": folder.uri("q.tule") },
                "range": { "start": place, "end": place },
                "context": { "diagnostics": [], "only": only } })
    };
    let none = client.ask("textDocument/codeAction", params(json!(["refactor.inline"]))).await;
    assert_eq!(none, json!([]));
    let found = client.ask("textDocument/codeAction", params(json!(["source.fixAll"]))).await;
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0].get("edit"), None);
    let resolved = client.ask("codeAction/resolve", found[0].clone()).await;
    let edits = &resolved["edit"]["changes"][folder.uri("q.tule")];
    assert_eq!(edits.as_array().unwrap().len(), 1);
    assert!(!edits[0]["newText"].as_str().unwrap().contains(", "), "{edits}");
    let change = json!({ "textDocument": { "uri": folder.uri("q.tule"), "version": 2 },
                         "contentChanges": [{ "text": "select 1" }] });
    client.tell("textDocument/didChange", change).await;
    client.notified("textDocument/publishDiagnostics").await;
    let stale = client.answer("codeAction/resolve", found[0].clone()).await;
    assert_eq!(stale["error"]["code"], -32801, "the text is another by now");
    client.end().await;
}
