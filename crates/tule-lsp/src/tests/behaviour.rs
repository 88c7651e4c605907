//! What goes wrong in other servers: messages out of order, clients that do not answer, requests
//! that nobody handles, servers that do not end.

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tule_syntax::limits::MAX_BYTES;

use super::client::{Client, PATIENCE, at, document};

const PUBLISHED: &str = "textDocument/publishDiagnostics";

fn insertion(line: u32, character: u32, text: &str) -> Value {
    let place = json!({ "line": line, "character": character });
    json!([{ "range": { "start": place, "end": place }, "text": text }])
}

/// The findings of the last of the publications up to this version.
async fn findings_of(client: &mut Client, version: i32) -> Value {
    loop {
        let sent = client.notified(PUBLISHED).await;
        if sent["version"] == version {
            return sent["diagnostics"].clone();
        }
    }
}

#[tokio::test]
async fn requests_see_the_edits_sent_before_them_and_none_sent_after() {
    let mut client = Client::start(json!({})).await;
    client.open("").await;
    // An edit and a question behind it, again and again, without waiting.
    let mut asked = Vec::new();
    for index in 0..200_u32 {
        let version = i32::try_from(index).unwrap() + 2;
        client.change(version, insertion(0, index, "a")).await;
        let mut params = document();
        params["positions"] = json!([{ "line": 0, "character": 1 }]);
        asked.push(client.begin("textDocument/selectionRange", params).await);
    }
    for (index, id) in asked.into_iter().enumerate() {
        let answer = client.answered(id).await;
        assert_eq!(answer["result"][0]["range"]["end"]["character"], index + 1, "{answer}");
    }
    findings_of(&mut client, 201).await;
    client.end().await;
}

#[tokio::test]
async fn a_client_that_never_answers_holds_nothing_up() {
    let capabilities = json!({ "workspace": {
        "didChangeWatchedFiles": { "dynamicRegistration": true },
        "semanticTokens": { "refreshSupport": true },
        "inlayHint": { "refreshSupport": true },
    } });
    let mut client = Client::start(capabilities).await;
    client.open("select 1 as a from @single_row limit 1").await;
    for version in 2..402 {
        client.change(version, insertion(0, 7, " ")).await;
        if version % 10 == 0 {
            client.tell("workspace/didChangeConfiguration", json!({ "settings": null })).await;
        }
    }
    // The request for registration is still without an answer.
    assert!(client.ask("textDocument/hover", at(0, 2)).await["contents"].is_object());
    let asked = client.until(|message| message["params"]["version"] == 401).await;
    let registered =
        asked.iter().filter(|message| message["method"] == "client/registerCapability");
    assert_eq!(registered.count(), 1, "{asked:?}");
    client.end().await;
}

#[tokio::test]
async fn nothing_is_registered_with_editors_that_did_not_offer_it() {
    let mut client = Client::start(json!({ "workspace": { "didChangeWatchedFiles": {} } })).await;
    client.open("select 1").await;
    client.notified(PUBLISHED).await;
    // `end` finds whatever else was sent.
    client.end().await;
}

#[tokio::test]
async fn requests_nobody_handles_are_refused_and_notifications_passed_over() {
    let mut client = Client::start(json!({})).await;
    for method in ["textDocument/moniker", "callHierarchy/incomingCalls", "x/y", "$/x"] {
        let code = &client.answer(method, document()).await["error"]["code"];
        assert!(*code == -32601 || *code == -32602, "{method}: {code}");
    }
    client.tell("$/setTrace", json!({ "value": "verbose" })).await;
    client.tell("x/y", json!({ "anything": [1] })).await;
    client.tell("textDocument/didChange", json!({ "wrong": true })).await;
    let bad = client.answer("textDocument/hover", json!({ "wrong": true })).await;
    assert_eq!(bad["error"]["code"], -32602);
    client.open("select 1").await;
    client.notified(PUBLISHED).await;
    client.end().await;
}

#[tokio::test]
async fn a_body_that_is_no_json_is_an_error_and_then_the_end() {
    let mut client = Client::start(json!({})).await;
    client.to.write_all(b"Content-Length: 5\r\n\r\n{oops").await.unwrap();
    assert_eq!(client.receive().await["error"]["code"], -32700);
    // What follows cannot be told from the rest of what was broken.
    tokio::time::timeout(PATIENCE, client.server).await.expect("the server ends").unwrap();
}

#[tokio::test]
async fn what_was_cancelled_is_answered_once() {
    let mut client = Client::start(json!({})).await;
    client.open("select 1").await;
    client.notified(PUBLISHED).await;
    let id = client.begin("textDocument/hover", at(0, 2)).await;
    client.tell("$/cancelRequest", json!({ "id": id })).await;
    client.tell("$/cancelRequest", json!({ "id": 4711 })).await;
    let answer = client.answered(id).await;
    assert!(answer["result"].is_object() || answer["error"]["code"] == -32800, "{answer}");
    client.end().await;
}

#[tokio::test]
async fn it_ends_at_once_though_its_input_stays_open() {
    for polite in [true, false] {
        let mut client = Client::start(json!({})).await;
        client.open("select 1").await;
        client.notified(PUBLISHED).await;
        if polite {
            client.ask("shutdown", Value::Null).await;
            assert_eq!(
                client.answer("textDocument/hover", at(0, 2)).await["error"]["code"],
                -32600
            );
        }
        client.tell("exit", Value::Null).await;
        // `to` is still held here.
        tokio::time::timeout(PATIENCE, &mut client.server).await.expect("the server ends").unwrap();
    }
}

#[tokio::test]
async fn nothing_is_answered_before_it_is_initialized() {
    let mut client = Client::bare();
    assert_eq!(client.answer("textDocument/hover", at(0, 0)).await["error"]["code"], -32002);
    client.open("select 1").await;
    let params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    client.ask("initialize", params.clone()).await;
    assert_eq!(client.answer("initialize", params).await["error"]["code"], -32600);
    client.tell("initialized", json!({})).await;
    client.end().await;
}

#[tokio::test]
async fn a_thousand_documents_are_kept_apart() {
    let mut client = Client::start(json!({})).await;
    let uri = |index: u32| format!("file:///nowhere/{index}.tule");
    for index in 0..1_000_u32 {
        let text = format!("-- {index}\nselect {index} as a{index} from @single_row limit 1");
        let item = json!({ "uri": uri(index), "languageId": "tule", "version": 1, "text": text });
        client.tell("textDocument/didOpen", json!({ "textDocument": item })).await;
        assert_eq!(client.notified(PUBLISHED).await["uri"], uri(index));
    }
    for index in (0..1_000_u32).step_by(37) {
        let mut place = at(1, 0);
        place["textDocument"]["uri"] = json!(uri(index));
        let symbols = client.ask("textDocument/documentSymbol", place).await;
        let name = symbols[0]["name"].as_str().unwrap().to_owned();
        assert!(name.contains(&format!("as a{index} ")), "{name}");
    }
    let everywhere = client.ask("workspace/symbol", json!({ "query": "as a99" })).await;
    assert_eq!(everywhere.as_array().unwrap().len(), 11);
    for index in 0..1_000_u32 {
        let params = json!({ "textDocument": { "uri": uri(index) } });
        client.tell("textDocument/didClose", params).await;
        assert_eq!(client.notified(PUBLISHED).await["uri"], uri(index));
    }
    let gone = client.ask("workspace/symbol", json!({ "query": "" })).await;
    assert_eq!(gone, json!([]));
    client.end().await;
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_with_a_finding() {
    let mut client = Client::start(json!({})).await;
    client.open(&"x".repeat(MAX_BYTES + 1)).await;
    let found = client.notified(PUBLISHED).await;
    assert_eq!(found["diagnostics"][0]["code"], "file-too-long");
    assert_eq!(found["diagnostics"].as_array().unwrap().len(), 1);
    for method in ["documentSymbol", "foldingRange", "semanticTokens/full", "documentLink"] {
        client.ask(&format!("textDocument/{method}"), document()).await;
    }
    client.change(2, json!([{ "text": "select 1 as one from @single_row limit 1" }])).await;
    assert_eq!(findings_of(&mut client, 2).await, json!([]));
    client.end().await;
}

/// What the editors of our day say of diagnostics; they are pushed to all but the first.
#[tokio::test]
async fn findings_are_pulled_or_pushed_and_never_both() {
    let pull = json!({ "dynamicRegistration": true });
    let cases = [
        (
            "VS Code",
            json!({ "textDocument": { "diagnostic": pull },
            "workspace": { "diagnostics": { "refreshSupport": true } } }),
            true,
        ),
        (
            "Neovim",
            json!({ "textDocument": { "diagnostic": { "dynamicRegistration": false } },
            "workspace": { "semanticTokens": { "refreshSupport": true } } }),
            false,
        ),
        ("Emacs", json!({ "textDocument": { "publishDiagnostics": {} } }), false),
        (
            "Helix",
            json!({ "textDocument": { "publishDiagnostics": { "versionSupport": true } } }),
            false,
        ),
    ];
    for (editor, capabilities, pulls) in cases {
        let mut client = Client::start(capabilities).await;
        client.open("select beat from").await;
        client.change(2, insertion(0, 0, " ")).await;
        let answer = client.answer("textDocument/diagnostic", document()).await;
        if pulls {
            assert!(!answer["result"]["items"].as_array().unwrap().is_empty(), "{editor}");
        } else {
            assert!(!findings_of(&mut client, 2).await.as_array().unwrap().is_empty(), "{editor}");
        }
        client.end().await;
    }
}

#[tokio::test]
async fn result_ids_stay_as_long_as_the_findings_do() {
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let mut client = Client::start(capabilities).await;
    client.open("select beat from\n;\n").await;
    let first = client.ask("textDocument/diagnostic", document()).await;
    client.change(2, insertion(2, 0, "-- more")).await;
    let mut again = document();
    again["previousResultId"] = first["resultId"].clone();
    let same = client.ask("textDocument/diagnostic", again.clone()).await;
    assert_eq!(same, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    client.change(3, insertion(0, 0, "\n")).await;
    let moved = client.ask("textDocument/diagnostic", again).await;
    assert_eq!(moved["kind"], "full");
    assert_eq!(moved["items"][0]["range"]["start"]["line"], 1);
    assert_ne!(moved["resultId"], first["resultId"]);
    client.end().await;
}

#[tokio::test]
async fn a_dot_without_a_table_still_offers_something() {
    let mut client = Client::start(json!({})).await;
    client.open("select s.").await;
    client.notified(PUBLISHED).await;
    let found = client.ask("textDocument/completion", at(0, 9)).await;
    assert!(!found["items"].as_array().unwrap().is_empty(), "{found}");
    client.end().await;
}

/// The column of `x` behind an astral character, in the units of each encoding.
#[tokio::test]
async fn positions_are_counted_as_the_editor_counts() {
    let cases = [
        (json!(["utf-8"]), "utf-8", 12),
        (json!(["utf-16"]), "utf-16", 10),
        (json!(["utf-32"]), "utf-32", 9),
        (json!(["utf-32", "utf-8"]), "utf-8", 12),
        (Value::Null, "utf-16", 10),
    ];
    for (offered, chosen, column) in cases {
        let mut client = Client::bare();
        let params = json!({ "processId": null, "rootUri": null,
            "capabilities": { "general": { "positionEncodings": offered } } });
        let answer = client.ask("initialize", params).await;
        assert_eq!(answer["capabilities"]["positionEncoding"], chosen);
        client.tell("initialized", json!({})).await;
        client.open("select '😀' as x from @single_row order by x limit 1;\r\n-- 😀").await;
        assert_eq!(client.notified(PUBLISHED).await["diagnostics"], json!([]), "{chosen}");
        // `select '` is 8 wide, the face 4, 2 or 1, `' as ` is 5.
        let width = column - 8;
        let place = at(0, 8 + width + 5);
        let defined = client.ask("textDocument/definition", place.clone()).await;
        let start = json!({ "line": 0, "character": 8 + width + 5 });
        let end = json!({ "line": 0, "character": 8 + width + 6 });
        let range = json!({ "start": start, "end": end });
        assert_eq!(defined["range"], range, "{chosen}");
        // The name is replaced, behind the face; its use then has no definition.
        client.change(2, json!([{ "range": range, "text": "é😀" }])).await;
        let found = findings_of(&mut client, 2).await;
        assert!(!found.as_array().unwrap().is_empty(), "{chosen}");
        let wide = json!({ "line": 0, "character": 8 + width + 5 });
        let behind = match chosen {
            "utf-8" => 6,
            "utf-16" => 3,
            _ => 2,
        };
        let end = json!({ "line": 0, "character": 8 + width + 5 + behind });
        client.change(3, json!([{ "range": { "start": wide, "end": end }, "text": "x" }])).await;
        assert_eq!(findings_of(&mut client, 3).await, json!([]), "{chosen}");
        client.end().await;
    }
}

/// Random edits in UTF-16, sent one by one; the answers are those of the text freshly opened.
#[tokio::test]
async fn random_edits_end_in_what_opening_gives() {
    let pieces = ["😀", "é", ";", "\r\n", "\n", "'", "/*", "*/", "--", "select x from y", " "];
    for seed in 0..6 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut client = Client::start(json!({})).await;
        let mut text: Vec<u16> =
            "select a, '😀' as b from t;\r\nselect c from u limit 5;\nselect 1"
                .encode_utf16()
                .collect();
        client.open(&String::from_utf16(&text).unwrap()).await;
        client.notified(PUBLISHED).await;
        for version in 2..60 {
            let start = boundary(&text, random.usize(0..=text.len()));
            let end = boundary(&text, (start + random.usize(0..6)).min(text.len()));
            let piece = pieces[random.usize(0..pieces.len())];
            let range = json!({ "start": position(&text, start), "end": position(&text, end) });
            client.change(version, json!([{ "range": range, "text": piece }])).await;
            text.splice(start..end, piece.encode_utf16());
            client.notified(PUBLISHED).await;
        }
        let mut known = Vec::new();
        for fresh in [false, true] {
            if fresh {
                client.tell("textDocument/didClose", document()).await;
                client.notified(PUBLISHED).await;
                client.open(&String::from_utf16(&text).unwrap()).await;
                client.notified(PUBLISHED).await;
            }
            let mut answers = Vec::new();
            for method in ["documentSymbol", "foldingRange", "semanticTokens/full"] {
                let answer = client.ask(&format!("textDocument/{method}"), document()).await;
                answers.push(answer.get("data").unwrap_or(&answer).clone());
            }
            known.push(answers);
        }
        assert_eq!(known[0], known[1], "seed {seed}: {:?}", String::from_utf16(&text));
        client.end().await;
    }
}

/// Not between the halves of a character, nor inside a line break.
fn boundary(text: &[u16], mut at: usize) -> usize {
    let inside = |at: usize| {
        let (before, behind) = (text.get(at.wrapping_sub(1)), text.get(at));
        behind.is_some_and(|unit| (0xDC00..0xE000).contains(unit))
            || (before == Some(&13) && behind == Some(&10))
    };
    while inside(at) {
        at -= 1;
    }
    at
}

fn position(text: &[u16], at: usize) -> Value {
    let before = &text[..at];
    let line = before.iter().filter(|unit| **unit == 10).count();
    let start = before.iter().rposition(|unit| *unit == 10).map_or(0, |at| at + 1);
    json!({ "line": line, "character": at - start })
}

#[tokio::test]
async fn documents_of_no_project_and_of_no_file_are_served() {
    let mut client = Client::start(json!({})).await;
    for uri in ["untitled:Untitled-1", "file:///nowhere/sp%20ace.tule", "vscode-notebook-cell:/x#1"]
    {
        let text = "select 1 as a from @single_row limit 1";
        let item = json!({ "uri": uri, "languageId": "tule", "version": 0, "text": text });
        client.tell("textDocument/didOpen", json!({ "textDocument": item })).await;
        let found = client.notified(PUBLISHED).await;
        assert_eq!((&found["uri"], &found["diagnostics"]), (&json!(uri), &json!([])));
    }
    client.end().await;
}
