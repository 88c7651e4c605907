//! Schemas that come while somebody works, cards, catalogues and settings.

use std::sync::Arc;

use serde_json::{Value, json};

use super::client::Client;
use super::folder::{Folder, HOST, ID};
use super::portals::{Door, Scripted, dataset};
use crate::portals::Trust;

const QUERY: &str = "from calls select beat, n, nothing limit 5";

fn scripted() -> Scripted {
    Scripted { datasets: vec![dataset(HOST, ID)].into(), ..Scripted::default() }
}

fn codes(params: &Value) -> Vec<String> {
    let found = params["diagnostics"].as_array().unwrap().iter();
    found.map(|found| found["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_schema_that_is_not_locked_is_fetched_once_and_not_written() {
    let folder = Folder::new();
    let door = Arc::<Door>::default();
    let portals = Arc::new(Scripted { schemas_wait: Some(door.clone()), ..scripted() });
    let mut client = Client::start_with(json!({}), json!({}), portals.clone()).await;
    folder.open(&mut client, "a.tule", QUERY).await;
    folder.open(&mut client, "b.tule", QUERY).await;
    for _ in 0..2 {
        let first = client.notified("textDocument/publishDiagnostics").await;
        assert_eq!(codes(&first), ["missing-schema"]);
    }
    // Nothing waits for it.
    client
        .ask(
            "textDocument/documentSymbol",
            json!({ "textDocument": { "uri": folder.uri("a.tule") } }),
        )
        .await;
    door.open();
    for _ in 0..2 {
        let then = client.notified("textDocument/publishDiagnostics").await;
        assert_eq!(codes(&then), ["missing-schema", "unknown-column"], "{then}");
        assert_eq!(then["diagnostics"][0]["severity"], 3, "it is known now, and not locked");
    }
    assert_eq!(*portals.asked.lock().unwrap(), [format!("{HOST}/{ID}")]);
    assert!(!folder.path().join("tule.lock").exists());
    client.end().await;
}

#[tokio::test]
async fn nothing_is_fetched_where_the_settings_say_no_or_all_is_locked() {
    let folder = Folder::new();
    let portals = Arc::new(scripted());
    let options = json!({ "fetchSchemas": false });
    let mut client = Client::start_with(json!({}), options, portals.clone()).await;
    folder.open(&mut client, "a.tule", QUERY).await;
    client.notified("textDocument/publishDiagnostics").await;
    client.end().await;
    let folder = Folder::locked();
    let mut client = Client::start_with(json!({}), json!({}), portals.clone()).await;
    folder.open(&mut client, "a.tule", "from calls select beat limit 5").await;
    assert_eq!(codes(&client.notified("textDocument/publishDiagnostics").await), [""; 0]);
    client.end().await;
    assert!(portals.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_network_the_lock_is_enough_and_a_failure_is_told_once() {
    let folder = Folder::new();
    let portals = Arc::new(Scripted::default());
    let mut client =
        Client::start_with(json!({}), json!({ "status": true }), portals.clone()).await;
    folder.open(&mut client, "a.tule", "select 1 as one from calls limit 1").await;
    client.notified("textDocument/publishDiagnostics").await;
    let busy = client.notified("tule/status").await;
    assert_eq!((&busy["busy"], &busy["offline"]), (&json!("fetching schemas"), &json!(false)));
    let (mut told, mut offline) = (0, false);
    while told == 0 || !offline {
        let (method, params) = client.next_notification().await;
        match method.as_str() {
            "textDocument/publishDiagnostics" => {}
            "window/logMessage" => told += 1,
            "tule/status" => offline = params["offline"] == true,
            other => panic!("{other}"),
        }
    }
    // Typing does not try again.
    let uri = folder.uri("a.tule");
    let change = json!({ "textDocument": { "uri": uri, "version": 2 },
                         "contentChanges": [{ "text": "select 2 as two from calls limit 1" }] });
    client.tell("textDocument/didChange", change).await;
    client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(portals.asked.lock().unwrap().len(), 1);
    client.end().await;
}

#[tokio::test]
async fn a_run_waits_for_the_schema_it_needs() {
    let folder = Folder::new();
    let portals = Arc::new(scripted());
    let mut client = Client::start_with(json!({}), json!({}), portals.clone()).await;
    folder.open(&mut client, "a.tule", "from calls select beat limit 5").await;
    let ran = client.ask("tule/run", folder.at("a.tule", 0, 3)).await;
    assert_eq!(ran["total"], 3);
    for _ in 0..2 {
        client.notified("textDocument/publishDiagnostics").await;
    }
    client.end().await;
}

#[tokio::test]
async fn trust_is_what_the_user_says_and_nothing_else() {
    let folder = Folder::new();
    let portals = Arc::new(Scripted::default());
    let mut client = Client::start_with(json!({}), json!({}), portals.clone()).await;
    folder.open(&mut client, "a.tule", "from calls select beat limit 5").await;
    for _ in 0..2 {
        client.notified("textDocument/publishDiagnostics").await;
    }
    client.notified("window/logMessage").await;
    let argument =
        json!({ "command": "tule.trust", "arguments": [{ "host": "Data.Example.org" }] });
    client.ask("workspace/executeCommand", argument).await;
    client.notified("textDocument/publishDiagnostics").await;
    client.notified("window/logMessage").await;
    client.end().await;
    let hosts =
        |hosts: &[&str]| Trust::Hosts(hosts.iter().map(|host| (*host).to_owned()).collect());
    assert_eq!(*portals.trust.lock().unwrap(), [hosts(&[]), hosts(&["data.example.org"])]);
}

#[tokio::test]
async fn the_lock_is_written_when_it_is_asked_for() {
    let folder = Folder::new();
    let portals = Arc::new(scripted());
    let options = json!({ "fetchSchemas": false, "results": "client" });
    let mut client = Client::start_with(json!({}), options, portals.clone()).await;
    folder.open(&mut client, "a.tule", "from calls select beat limit 5").await;
    assert_eq!(
        codes(&client.notified("textDocument/publishDiagnostics").await),
        ["missing-schema"]
    );
    let place = json!({ "line": 0, "character": 7 });
    let actions = client
        .ask(
            "textDocument/codeAction",
            json!({ "textDocument": { "uri": folder.uri("a.tule") },
                    "range": { "start": place, "end": place }, "context": { "diagnostics": [] } }),
        )
        .await;
    let action = actions
        .as_array()
        .unwrap()
        .iter()
        .find(|action| action["title"] == format!("lock the schema of `{HOST}/{ID}`").as_str());
    let command = action.expect("an action")["command"].clone();
    let call = json!({ "command": command["command"], "arguments": command["arguments"] });
    let done = client.ask("workspace/executeCommand", call).await;
    assert_eq!(done, json!({ "changed": [format!("{HOST}/{ID}")] }));
    assert_eq!(codes(&client.notified("textDocument/publishDiagnostics").await), [""; 0]);
    assert!(folder.read("tule.lock").contains("beat"));
    let all = json!({ "command": "tule.refresh", "arguments": [{ "uri": folder.uri("a.tule") }] });
    client.ask("workspace/executeCommand", all).await;
    client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(*portals.locked.lock().unwrap(), [Some(1), None]);
    client.end().await;
}

#[tokio::test]
async fn columns_are_defined_on_the_card_of_their_dataset() {
    let folder = Folder::locked();
    let text = "from calls select beat limit 5";
    let cache = folder.path().join("cache");
    let portals = Arc::new(Scripted { folder: Some(cache), ..Scripted::default() });
    let mut client = Client::start_with(json!({}), json!({}), portals.clone()).await;
    folder.open(&mut client, "a.tule", text).await;
    client.notified("textDocument/publishDiagnostics").await;
    let place = client.ask("textDocument/definition", folder.at("a.tule", 0, 19)).await;
    let path = place["uri"].as_str().unwrap().strip_prefix("file://").unwrap().to_owned();
    let card = std::fs::read_to_string(&path).unwrap();
    let line = usize::try_from(place["range"]["start"]["line"].as_u64().unwrap()).unwrap();
    assert_eq!(card.lines().nth(line), Some("### `beat` text"));
    assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
    // Once more, over the file that is there.
    client.ask("textDocument/definition", folder.at("a.tule", 0, 6)).await;
    client.end().await;

    let capabilities = json!({ "workspace": { "textDocumentContent": {} } });
    let mut client = Client::start_with(capabilities, json!({}), portals).await;
    folder.open(&mut client, "a.tule", text).await;
    client.notified("textDocument/publishDiagnostics").await;
    let place = client.ask("textDocument/definition", folder.at("a.tule", 0, 19)).await;
    assert_eq!(place["uri"], format!("tule-dataset://{HOST}/{ID}.md").as_str());
    let content = client.ask("workspace/textDocumentContent", json!({ "uri": place["uri"] })).await;
    assert_eq!(content["text"], card.as_str());
    let nothing = json!({ "uri": "tule-dataset://h/x.md" });
    assert_eq!(
        client.answer("workspace/textDocumentContent", nothing).await["error"]["code"],
        -32602
    );
    client.end().await;
}

#[tokio::test]
async fn cards_and_lists_of_datasets() {
    let folder = Folder::locked();
    let other = dataset(HOST, "bbbb-0002");
    let portals = Arc::new(Scripted { datasets: vec![other].into(), ..Scripted::default() });
    let mut client = Client::start_with(json!({}), json!({}), portals.clone()).await;
    folder.open(&mut client, "a.tule", "from calls select beat limit 5").await;
    client.notified("textDocument/publishDiagnostics").await;
    let document = json!({ "uri": folder.uri("a.tule") });
    let card =
        client.ask("tule/card", json!({ "textDocument": document, "dataset": "calls" })).await;
    assert_eq!(
        (&card["name"], &card["id"], &card["licence"]),
        (&json!("calls"), &json!(ID), &json!("CC0"))
    );
    assert_eq!(card["url"], format!("https://{HOST}/d/{ID}").as_str());
    assert!(card["lockedAt"].is_string() && card["columns"][0]["name"] == "beat", "{card}");
    let same = client.ask("tule/card", folder.at("a.tule", 0, 19)).await;
    assert_eq!(same, card);
    let fetched = json!({ "textDocument": document, "dataset": "@bbbb-0002" });
    let fetched = client.ask("tule/card", fetched).await;
    assert_eq!((&fetched["id"], &fetched["lockedAt"]), (&json!("bbbb-0002"), &Value::Null));
    client.notified("textDocument/publishDiagnostics").await;
    let none = json!({ "textDocument": document, "dataset": "nothing_like_it" });
    assert_eq!(client.ask("tule/card", none).await, Value::Null);
    let locked = client.ask("tule/datasets", json!({ "textDocument": document })).await;
    assert_eq!(locked["offline"], true);
    assert_eq!(locked["datasets"][0]["locked"], true);
    let found = json!({ "textDocument": document, "words": "service" });
    let found = client.ask("tule/datasets", found).await;
    assert_eq!(found["offline"], false);
    assert_eq!(found["datasets"][0]["id"], "bbbb-0002");
    assert_eq!(found["datasets"].as_array().unwrap().len(), 1, "{found}");
    client.end().await;
}

#[tokio::test]
async fn catalogues_are_searched_while_a_dataset_is_named() {
    let folder = Folder::locked();
    let other = dataset(HOST, "bbbb-0002");
    let portals = Arc::new(Scripted { datasets: vec![other].into(), ..Scripted::default() });
    let mut client = Client::start_with(json!({}), json!({}), portals.clone()).await;
    folder.open(&mut client, "a.tule", "select beat from serv").await;
    client.notified("textDocument/publishDiagnostics").await;
    let at = || folder.at("a.tule", 0, 21);
    let first = client.ask("textDocument/completion", at()).await;
    assert_eq!(first["isIncomplete"], true);
    let mut found = None;
    while found.is_none() {
        let again = client.ask("textDocument/completion", at()).await;
        let mut items = again["items"].as_array().unwrap().iter();
        found = items.find(|item| item["label"] == "Calls for service").cloned();
        tokio::task::yield_now().await;
    }
    let item = found.unwrap();
    assert_eq!(item["textEdit"]["newText"], "@bbbb-0002");
    assert_eq!(*portals.searched.lock().unwrap(), ["serv"], "once");
    client.end().await;
}

#[tokio::test]
async fn settings_are_asked_for_and_null_is_no_fault() {
    let folder = Folder::locked();
    let capabilities = json!({ "workspace": {
        "configuration": true, "didChangeConfiguration": { "dynamicRegistration": true },
    } });
    let mut client =
        Client::start_with(capabilities, json!({}), Arc::new(Scripted::default())).await;
    for answer in ["workspace/configuration", "client/registerCapability"] {
        let params = client.requested(answer, Value::Null).await;
        assert!(params["items"].is_array() || params["registrations"].is_array(), "{params}");
    }
    folder.open(&mut client, "a.tule", "from calls select beat limit 5").await;
    client.notified("textDocument/publishDiagnostics").await;
    let document = json!({ "textDocument": { "uri": folder.uri("a.tule") } });
    let lenses = client.ask("textDocument/codeLens", document.clone()).await;
    assert_eq!(lenses.as_array().unwrap().len(), 4);
    client.tell("workspace/didChangeConfiguration", json!({ "settings": null })).await;
    client.requested("workspace/configuration", json!([{ "codeLens": false }])).await;
    client.notified("textDocument/publishDiagnostics").await;
    assert_eq!(client.ask("textDocument/codeLens", document).await, json!([]));
    client.end().await;
}

#[tokio::test]
async fn nothing_is_registered_that_was_not_declared() {
    let mut client = Client::start(json!({ "workspace": { "didChangeWatchedFiles": {} } })).await;
    client
        .tell(
            "workspace/didChangeConfiguration",
            json!({ "settings": { "tule": { "codeLens": false } } }),
        )
        .await;
    client.open("select 1 as one from @single_row limit 1").await;
    client.notified("textDocument/publishDiagnostics").await;
    let document = json!({ "textDocument": { "uri": super::client::URI } });
    assert_eq!(client.ask("textDocument/codeLens", document).await, json!([]));
    client.end().await;
}

#[tokio::test]
async fn an_editor_that_answers_nothing_holds_nothing_up() {
    let folder = Folder::new();
    let capabilities = json!({
        "workspace": {
            "configuration": true,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "didChangeConfiguration": { "dynamicRegistration": true },
            "codeLens": { "refreshSupport": true },
        },
        "window": { "workDoneProgress": true },
    });
    let portals = Arc::new(scripted());
    let mut client = Client::start_with(capabilities, json!({}), portals.clone()).await;
    for number in 0..8 {
        folder.open(&mut client, &format!("{number}.tule"), QUERY).await;
        client.tell("workspace/didChangeConfiguration", json!({ "settings": null })).await;
    }
    let document =
        |number: u32| json!({ "textDocument": { "uri": folder.uri(&format!("{number}.tule")) } });
    client.ask("textDocument/documentSymbol", document(7)).await;
    let mut requests = Vec::new();
    let mut known = 0;
    while known < 8 {
        let message = client.next_message().await;
        match message["method"].as_str().unwrap() {
            "textDocument/publishDiagnostics" => {
                known +=
                    usize::from(codes(&message["params"]).contains(&"unknown-column".to_owned()));
            }
            other => requests.push(other.to_owned()),
        }
    }
    assert!(requests.contains(&"window/workDoneProgress/create".to_owned()), "{requests:?}");
    assert_eq!(portals.asked.lock().unwrap().len(), 1);
    client.leave().await;
}

#[tokio::test]
async fn progress_is_shown_while_a_schema_comes() {
    let folder = Folder::new();
    let door = Arc::<Door>::default();
    let portals = Arc::new(Scripted { schemas_wait: Some(door.clone()), ..scripted() });
    let capabilities = json!({ "window": { "workDoneProgress": true } });
    let mut client = Client::start_with(capabilities, json!({}), portals).await;
    folder.open(&mut client, "a.tule", QUERY).await;
    client.notified("textDocument/publishDiagnostics").await;
    let params = client.requested("window/workDoneProgress/create", Value::Null).await;
    let begun = client.notified("$/progress").await;
    assert_eq!(begun["token"], params["token"]);
    assert_eq!(begun["value"]["title"], format!("fetching the schema of {HOST}/{ID}").as_str());
    door.open();
    assert_eq!(client.notified("$/progress").await["value"]["kind"], "end");
    client.notified("textDocument/publishDiagnostics").await;
    client.end().await;
}

#[tokio::test]
async fn a_document_that_changes_under_a_run_has_no_wrong_places() {
    let folder = Folder::locked();
    let door = Arc::<Door>::default();
    let portals = Arc::new(Scripted { runs_wait: Some(door.clone()), ..Scripted::default() });
    let mut client = Client::start_with(json!({}), json!({}), portals).await;
    folder.open(&mut client, "a.tule", "from calls select beat limit 5").await;
    client.notified("textDocument/publishDiagnostics").await;
    let id = client.begin("tule/run", folder.at("a.tule", 0, 3)).await;
    let change = json!({ "textDocument": { "uri": folder.uri("a.tule"), "version": 2 },
                         "contentChanges": [{ "text": "" }] });
    client.tell("textDocument/didChange", change).await;
    client.notified("textDocument/publishDiagnostics").await;
    folder.lock("other");
    let changes = json!([{ "uri": folder.uri("tule.lock"), "type": 2 }]);
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes })).await;
    client.notified("textDocument/publishDiagnostics").await;
    door.open();
    let ran = client.answered(id).await["result"].clone();
    assert_eq!((&ran["range"], &ran["total"]), (&Value::Null, &json!(3)), "{ran}");
    client.end().await;
}
