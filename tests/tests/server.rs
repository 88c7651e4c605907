//! The language server while queries are typed: every request at every word, and no error.
//!
//! `editor` asks the same of the functions behind it, at many more places; this is the way through
//! the protocol.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tule_lsp::portals::NoPortals;
use tule_tests::documents::documents;
use tule_tests::statements::statements;

/// Longest that an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

struct Client {
    to: DuplexStream,
    from: BufReader<DuplexStream>,
    next: i64,
}

impl Client {
    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to.write_all(text.as_bytes()).await.unwrap();
    }

    async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    async fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).await.unwrap();
            match line.trim_end().split_once(": ") {
                Some((_, number)) => length = number.parse().unwrap(),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The answer to a request; what is sent unasked meanwhile is passed over.
    async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        loop {
            let message = tokio::time::timeout(PATIENCE, self.receive()).await.expect(method);
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
        }
    }
}

/// Requests about a place.
const PLACED: &[&str] = &[
    "completion",
    "hover",
    "signatureHelp",
    "definition",
    "documentHighlight",
    "prepareRename",
    "linkedEditingRange",
    "references",
    "rename",
    "onTypeFormatting",
];

/// Requests about a document or a range of it.
const WHOLE: &[&str] = &[
    "documentSymbol",
    "foldingRange",
    "documentLink",
    "semanticTokens/full",
    "semanticTokens/full/delta",
    "semanticTokens/range",
    "inlayHint",
    "codeAction",
    "formatting",
    "rangeFormatting",
    "selectionRange",
    "diagnostic",
];

async fn all_requests(client: &mut Client, uri: &str, end: &Value) -> Vec<String> {
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": end });
    let mut faults = Vec::new();
    for method in PLACED.iter().chain(WHOLE) {
        // One set of parameters that every request finds its own in.
        let params = json!({
            "textDocument": { "uri": uri },
            "position": end,
            "positions": [end],
            "range": range,
            "newName": "renamed",
            "ch": ";",
            "options": { "tabSize": 2, "insertSpaces": true },
            "context": { "includeDeclaration": true, "diagnostics": [] },
            "previousResultId": "none",
        });
        let mut params = params;
        if matches!(*method, "completion" | "signatureHelp") {
            params.as_object_mut().unwrap().remove("context");
        }
        let answer = client.ask(&format!("textDocument/{method}"), params).await;
        // What cannot be renamed is refused, and that is an answer.
        let refused = *method == "rename" && answer["error"]["code"] == -32602;
        if answer.get("error").is_some() && !refused {
            faults.push(format!("{method}: {}", answer["error"]));
        }
        let items = answer["result"]["items"].as_array().filter(|_| *method == "completion");
        if let Some(item) = items.and_then(|items| items.last()) {
            let resolved = client.ask("completionItem/resolve", item.clone()).await;
            if resolved.get("error").is_some() {
                faults.push(format!("resolve {item}: {resolved}"));
            }
        }
    }
    faults
}

#[tokio::test]
async fn every_request_has_an_answer_while_a_query_is_typed() {
    let (to, input) = tokio::io::duplex(1 << 20);
    let (output, from) = tokio::io::duplex(1 << 20);
    let server = tokio::spawn(tule_lsp::serve(input, output, Arc::new(NoPortals)));
    let mut client = Client { to, from: BufReader::new(from), next: 0 };
    // Every place of a face is two of this encoding's units.
    let params = json!({ "processId": null, "rootUri": null, "capabilities": {},
                         "initializationOptions": { "fetchSchemas": false } });
    client.ask("initialize", params).await;
    client.tell("initialized", json!({})).await;
    let root = tule_tests::root();
    let all = statements(&documents().unwrap());
    let mut steps = 0;
    for (index, statement) in all.iter().enumerate().step_by(40) {
        let uri = format!("file://{}/examples/stockton/queries/typed_{index}.tule", root.display());
        let item = json!({ "uri": uri, "languageId": "tule", "version": 0, "text": "-- 😀\r\n" });
        client.tell("textDocument/didOpen", json!({ "textDocument": item })).await;
        let (mut line, mut character) = (1, 0);
        for (version, word) in (1..).zip(statement.text.split_inclusive([' ', '\n', '(', ','])) {
            let start = json!({ "line": line, "character": character });
            let change = json!([{ "range": { "start": start, "end": start }, "text": word }]);
            let document = json!({ "uri": uri, "version": version });
            let params = json!({ "textDocument": document, "contentChanges": change });
            client.tell("textDocument/didChange", params).await;
            match word.rsplit_once('\n') {
                Some((lines, rest)) => {
                    line += 1 + lines.matches('\n').count();
                    character = rest.encode_utf16().count();
                }
                None => character += word.encode_utf16().count(),
            }
            let end = json!({ "line": line, "character": character });
            let faults = all_requests(&mut client, &uri, &end).await;
            assert_eq!(faults, [""; 0], "{}: {:?}", statement.place, statement.text);
            steps += 1;
        }
        let closed = json!({ "textDocument": { "uri": uri } });
        client.tell("textDocument/didClose", closed).await;
    }
    assert!(steps > 100, "{steps}");
    client.ask("shutdown", Value::Null).await;
    client.tell("exit", Value::Null).await;
    tokio::time::timeout(PATIENCE, server).await.expect("the server ends").unwrap();
}
