//! A client in memory: it speaks the protocol over pipes, and every message that the server sends
//! has to be asked for.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};

use crate::portals::NoPortals;
use crate::portals::Portals;

/// A connection to a server of its own.
pub(super) struct Client {
    pub(super) to: DuplexStream,
    from: BufReader<DuplexStream>,
    pub(super) server: tokio::task::JoinHandle<()>,
    last: i64,
    /// What arrived while an answer was waited for.
    aside: Vec<Value>,
}

/// Longest that a test waits for a message which must come.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

impl Client {
    pub(super) async fn start(capabilities: Value) -> Self {
        let options = json!({ "fetchSchemas": false });
        Self::start_with(capabilities, options, Arc::new(NoPortals)).await
    }

    /// A server with settings and with portals to ask.
    pub(super) async fn start_with(
        capabilities: Value,
        options: Value,
        portals: Arc<dyn Portals>,
    ) -> Self {
        Self::start_in(Value::Null, capabilities, options, portals).await
    }

    /// The same with folders open.
    pub(super) async fn start_in(
        folders: Value,
        capabilities: Value,
        options: Value,
        portals: Arc<dyn Portals>,
    ) -> Self {
        let mut client = Self::bare_with(portals);
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities,
                             "initializationOptions": options,
                             "workspaceFolders": folders });
        client.ask("initialize", params).await;
        client.tell("initialized", json!({})).await;
        client
    }

    /// A connection on which nothing was said yet.
    pub(super) fn bare() -> Self {
        Self::bare_with(Arc::new(NoPortals))
    }

    fn bare_with(portals: Arc<dyn Portals>) -> Self {
        let (to, input) = tokio::io::duplex(1 << 20);
        let (output, from) = tokio::io::duplex(1 << 20);
        let server = tokio::spawn(crate::serve(input, output, portals));
        let from = BufReader::new(from);
        Self { to, from, server, last: 0, aside: Vec::new() }
    }

    pub(super) async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to.write_all(text.as_bytes()).await.unwrap();
    }

    pub(super) async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    pub(super) async fn receive(&mut self) -> Value {
        let read = async {
            let mut length = 0;
            loop {
                let mut line = String::new();
                self.from.read_line(&mut line).await.unwrap();
                match line.trim_end().split_once(": ") {
                    Some(("Content-Length", number)) => length = number.parse().unwrap(),
                    Some(_) => {}
                    None => break,
                }
            }
            let mut body = vec![0; length];
            self.from.read_exact(&mut body).await.unwrap();
            serde_json::from_slice(&body).unwrap()
        };
        tokio::time::timeout(PATIENCE, read).await.expect("a message")
    }

    /// The whole answer to a request, error or not.
    pub(super) async fn answer(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params).await;
        self.answered(id).await
    }

    /// Sends a request whose answer is waited for later.
    pub(super) async fn begin(&mut self, method: &str, params: Value) -> i64 {
        self.last += 1;
        let id = self.last;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        id
    }

    /// The whole answer to a request that was sent before.
    pub(super) async fn answered(&mut self, id: i64) -> Value {
        let is_it = |message: &Value| {
            message.get("id") == Some(&json!(id)) && message.get("method").is_none()
        };
        if let Some(at) = self.aside.iter().position(is_it) {
            return self.aside.remove(at);
        }
        loop {
            let message = self.receive().await;
            if is_it(&message) {
                return message;
            }
            self.aside.push(message);
        }
    }

    pub(super) async fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    async fn next(&mut self) -> Value {
        if self.aside.is_empty() { self.receive().await } else { self.aside.remove(0) }
    }

    /// The next message, which has to be a notification of this method.
    pub(super) async fn notified(&mut self, method: &str) -> Value {
        let message = self.next().await;
        assert_eq!(message["method"], method, "{message}");
        message["params"].clone()
    }

    /// The next message, which has to be a notification.
    pub(super) async fn next_notification(&mut self) -> (String, Value) {
        let message = self.next().await;
        assert!(message.get("id").is_none(), "{message}");
        (message["method"].as_str().unwrap().to_owned(), message["params"].clone())
    }

    /// The next message, which has to be a request of this method; it is answered.
    pub(super) async fn requested(&mut self, method: &str, answer: Value) -> Value {
        let message = self.next().await;
        assert_eq!(message["method"], method, "{message}");
        let id = message["id"].clone();
        self.send(json!({ "jsonrpc": "2.0", "id": id, "result": answer })).await;
        message["params"].clone()
    }

    pub(super) async fn open(&mut self, text: &str) {
        let document = json!({ "uri": URI, "languageId": "tule", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document })).await;
    }

    pub(super) async fn change(&mut self, version: i32, changes: Value) {
        let document = json!({ "uri": URI, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.tell("textDocument/didChange", params).await;
    }

    /// Every message up to the one that is wanted, that one included.
    pub(super) async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut found = std::mem::take(&mut self.aside);
        while !found.iter().any(&wanted) {
            found.push(self.receive().await);
        }
        found
    }

    /// The next message of any sort.
    pub(super) async fn next_message(&mut self) -> Value {
        self.next().await
    }

    /// Ends the conversation of an editor that left things unanswered.
    pub(super) async fn leave(mut self) {
        self.aside.clear();
        self.ask("shutdown", Value::Null).await;
        self.tell("exit", Value::Null).await;
        tokio::time::timeout(PATIENCE, self.server).await.expect("the server ends").unwrap();
    }

    /// Ends the conversation; nothing may be left unsaid.
    pub(super) async fn end(mut self) {
        self.ask("shutdown", Value::Null).await;
        self.tell("exit", Value::Null).await;
        tokio::time::timeout(PATIENCE, self.server).await.expect("the server ends").unwrap();
        assert_eq!(self.aside, [] as [Value; 0]);
    }
}

pub(super) const URI: &str = "file:///nowhere/a.tule";

pub(super) fn at(line: u32, character: u32) -> Value {
    let position = json!({ "line": line, "character": character });
    json!({ "textDocument": { "uri": URI }, "position": position })
}

pub(super) fn document() -> Value {
    json!({ "textDocument": { "uri": URI } })
}
