//! What any editor relies on: findings, order, answers to everything, an end.

use serde_json::{Value, json};

use super::client::{Client, PATIENCE, URI, at, document};

#[tokio::test]
async fn findings_are_pushed_with_their_version_to_editors_that_do_not_ask() {
    let mut client = Client::start(json!({})).await;
    client.open("select beat from").await;
    let first = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!((&first["version"], &first["uri"]), (&json!(1), &json!(URI)));
    assert!(first["diagnostics"][0]["code"].is_string(), "{first}");
    let range =
        json!({ "start": { "line": 0, "character": 16 }, "end": { "line": 0, "character": 16 } });
    client.change(2, json!([{ "range": range, "text": " @single_row limit 1" }])).await;
    let second = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(second["version"], 2);
    client.tell("textDocument/didClose", document()).await;
    let closed = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(closed["diagnostics"], json!([]));
    client.end().await;
}

#[tokio::test]
async fn findings_are_pulled_by_editors_that_ask_and_never_both() {
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let mut client = Client::start(capabilities).await;
    client.open("select beat from").await;
    let first = client.ask("textDocument/diagnostic", document()).await;
    assert_eq!(first["kind"], "full");
    assert!(!first["items"].as_array().unwrap().is_empty());
    let mut again = document();
    again["previousResultId"] = first["resultId"].clone();
    assert_eq!(client.ask("textDocument/diagnostic", again.clone()).await["kind"], "unchanged");
    client.change(2, json!([{ "text": "select 1 as one from @single_row limit 1" }])).await;
    let changed = client.ask("textDocument/diagnostic", again).await;
    assert_eq!((&changed["kind"], &changed["items"]), (&json!("full"), &json!([])));
    client.end().await;
}

#[tokio::test]
async fn pulling_without_refresh_would_go_stale_so_findings_are_pushed() {
    let mut client = Client::start(json!({ "textDocument": { "diagnostic": {} } })).await;
    client.open("select beat from").await;
    client.notified("textDocument/publishDiagnostics").await;
    client.end().await;
}

#[tokio::test]
async fn five_hundred_key_presses_end_in_the_right_text() {
    let mut client = Client::start(json!({})).await;
    client.open("").await;
    let typed = "select one, two from @single_row limit 10 -- done ".repeat(10);
    for (index, key) in (0_u32..).zip(typed.chars()) {
        let place = json!({ "line": 0, "character": index });
        let change = json!([{ "range": { "start": place, "end": place }, "text": key }]);
        client.change(i32::try_from(index).unwrap() + 2, change).await;
    }
    let mut last = json!(0);
    while last["version"] != 501 {
        last = client.notified("textDocument/publishDiagnostics").await;
    }
    client.tell("textDocument/didClose", document()).await;
    client.notified("textDocument/publishDiagnostics").await;
    client.open(&typed).await;
    let fresh = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(last["diagnostics"], fresh["diagnostics"]);
    client.end().await;
}

#[tokio::test]
async fn older_versions_and_unknown_documents_change_nothing() {
    let mut client = Client::start(json!({})).await;
    client.open("select 1 as one from @single_row limit 1").await;
    assert_eq!(client.notified("textDocument/publishDiagnostics").await["diagnostics"], json!([]));
    client.change(1, json!([{ "text": "select" }])).await;
    let other = json!({ "textDocument": { "uri": "file:///x.tule", "version": 9 }, "contentChanges": [{ "text": "x" }] });
    client.tell("textDocument/didChange", other).await;
    assert!(client.ask("textDocument/hover", at(0, 3)).await["contents"].is_object());
    let nowhere = json!({ "textDocument": { "uri": "file:///x.tule" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.ask("textDocument/hover", nowhere).await, Value::Null);
    client.end().await;
}

#[tokio::test]
async fn every_request_has_an_answer() {
    let mut client = Client::start(json!({})).await;
    client.open("with t as (select 1 as one from @single_row)\nselect upper('é') as two, one from t limit 1;\n").await;
    client.notified("textDocument/publishDiagnostics").await;
    let items = client.ask("textDocument/completion", at(1, 7)).await;
    let labels: Vec<&str> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["label"].as_str().unwrap())
        .collect();
    assert!(labels.contains(&"one") && labels.contains(&"upper"), "{labels:?}");
    let upper =
        items["items"].as_array().unwrap().iter().find(|item| item["label"] == "upper").unwrap();
    assert_eq!(upper["textEdit"]["newText"], "upper()");
    assert_eq!(upper["filterText"], "upper");
    let resolved = client.ask("completionItem/resolve", upper.clone()).await;
    assert!(resolved["documentation"].as_str().unwrap().contains("Example"));
    let help = client.ask("textDocument/signatureHelp", at(1, 13)).await;
    assert_eq!(help["signatures"][0]["label"], "upper(text) -> text");
    let place = client.ask("textDocument/definition", at(1, 26)).await;
    assert_eq!(place["range"]["start"], json!({ "line": 0, "character": 23 }));
    let mut rename = at(1, 26);
    rename["newName"] = json!("three");
    let edits = client.ask("textDocument/rename", rename).await;
    assert_eq!(edits["changes"][URI].as_array().unwrap().len(), 2);
    let mut refused = at(1, 8);
    refused["newName"] = json!("three");
    assert_eq!(client.answer("textDocument/rename", refused).await["error"]["code"], -32602);
    let mut references = at(1, 26);
    references["context"] = json!({ "includeDeclaration": true });
    assert_eq!(
        client.ask("textDocument/references", references).await.as_array().unwrap().len(),
        2
    );
    assert_eq!(
        client.ask("textDocument/documentHighlight", at(1, 26)).await.as_array().unwrap().len(),
        2
    );
    assert_eq!(client.ask("textDocument/documentSymbol", document()).await[1]["name"], "t");
    assert_eq!(
        client.ask("workspace/symbol", json!({ "query": "WITH" })).await.as_array().unwrap().len(),
        1
    );
    assert!(
        !client.ask("textDocument/foldingRange", document()).await.as_array().unwrap().is_empty()
    );
    let mut places = document();
    places["positions"] = json!([{ "line": 1, "character": 26 }]);
    assert!(client.ask("textDocument/selectionRange", places).await[0]["parent"].is_object());
    let tokens = client.ask("textDocument/semanticTokens/full", document()).await;
    assert_eq!(tokens["data"].as_array().unwrap().len() % 5, 0);
    let mut delta = document();
    delta["previousResultId"] = tokens["resultId"].clone();
    assert_eq!(
        client.ask("textDocument/semanticTokens/full/delta", delta).await["edits"],
        json!([])
    );
    let whole =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let mut ranged = document();
    ranged["range"] = whole;
    assert!(
        client.ask("textDocument/semanticTokens/range", ranged.clone()).await["data"].is_array()
    );
    assert!(
        !client.ask("textDocument/inlayHint", ranged.clone()).await.as_array().unwrap().is_empty()
    );
    let mut layout = document();
    layout["options"] = json!({ "tabSize": 2, "insertSpaces": true });
    assert!(client.ask("textDocument/formatting", layout.clone()).await.is_array());
    ranged["context"] = json!({ "diagnostics": [] });
    assert!(client.ask("textDocument/codeAction", ranged).await.is_array());
    assert!(client.ask("textDocument/documentLink", document()).await.is_array());
    assert_eq!(
        client.ask("workspace/executeCommand", json!({ "command": "tule.reload" })).await,
        Value::Null
    );
    let unknown =
        client.answer("workspace/executeCommand", json!({ "command": "tule.reloat" })).await;
    assert!(unknown["error"]["message"].as_str().unwrap().contains("tule.reload"), "{unknown}");
    assert_eq!(client.answer("tule/nosuch", json!({})).await["error"]["code"], -32601);
    client.end().await;
}

#[tokio::test]
async fn the_server_ends_when_its_input_ends() {
    let client = Client::start(json!({})).await;
    let Client { to, server, .. } = client;
    drop(to);
    tokio::time::timeout(PATIENCE, server).await.expect("the server ends").unwrap();
}

#[tokio::test]
async fn projects_are_read_and_read_again_when_they_change() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "tule.toml",
        "[portals.p]\nurl = \"https://data.example.org\"\nkind = \"socrata\"\n[datasets]\ncalls = \"p/aaaa-0001\"\n",
    );
    let lock = |column: &str| {
        format!(
            "version = 1\n\n[dataset.\"data.example.org/aaaa-0001\"]\ntitle = \"T\"\ncolumns = [\n  {{ name = \"{column}\", type = \"text\" }},\n]\n"
        )
    };
    write("tule.lock", &lock("beat"));
    let uri = format!("file://{}/q.tule", folder.path().display());
    let mut client = Client::start(json!({})).await;
    let text = "from calls select beat limit 5";
    let item = json!({ "uri": uri, "languageId": "tule", "version": 1, "text": text });
    client.tell("textDocument/didOpen", json!({ "textDocument": item })).await;
    let found = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(found["diagnostics"], json!([]));
    write("tule.lock", &lock("bead"));
    let lock_uri = format!("file://{}/tule.lock", folder.path().display());
    let changes = json!([{ "uri": lock_uri, "type": 2 }]);
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes })).await;
    let found = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(found["diagnostics"][0]["code"], "unknown-column");
    write("tule.lock", "version = ");
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes })).await;
    let told = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!((&told["uri"], &told["diagnostics"][0]["severity"]), (&json!(lock_uri), &json!(1)));
    // What was known before still holds.
    let found = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(found["diagnostics"][0]["code"], "unknown-column");
    write("tule.lock", &lock("beat"));
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes })).await;
    let told = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!((&told["uri"], &told["diagnostics"]), (&json!(lock_uri), &json!([])), "healed");
    let found = client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(found["diagnostics"], json!([]));
    client.end().await;
}
