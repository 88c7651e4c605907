//! Long answers as text.
//!
//! The framework makes a tree of values of each answer before it writes it; the colours of a long
//! file are hundreds of thousands of numbers, and the tree costs several times what finding them
//! does. Its types also lack what newer editors take, such as what all items of a completion have
//! in common. A handler puts such an answer here as text and gives a mark in its place; the writer
//! exchanges the two; so it is with findings that are sent unasked. Everything else passes through as it is.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

/// Answers on their way.
#[derive(Clone, Debug)]
pub(crate) struct Parcels {
    /// What marks begin with: nothing that a text happens to hold.
    prefix: String,
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    answers: VecDeque<(String, String)>,
}

impl Default for Parcels {
    fn default() -> Self {
        let random = RandomState::new().hash_one(0);
        Self { prefix: format!("tule-parcel-{random:016x}-"), waiting: Arc::default() }
    }
}

impl Parcels {
    /// Hands over an answer as JSON; gives the mark that stands for it.
    pub(crate) fn put(&self, answer: String) -> String {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.next += 1;
        let mark = format!("{}{}", self.prefix, waiting.next);
        waiting.answers.push_back((mark.clone(), answer));
        mark
    }

    fn take(&self, mark: &str) -> Option<String> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let at = waiting.answers.iter().position(|(known, _)| known == mark)?;
        waiting.answers.remove(at).map(|(_, answer)| answer)
    }
}

/// How a message with a result begins, and what stands behind the result.
const RESULT: (&str, &str) = (r#"{"jsonrpc":"2.0","result":"#, r#","id":"#);
/// The same of a publication of findings, whose parameters are exchanged.
const PUBLICATION: (&str, &str) =
    (r#"{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":"#, "}");
/// A mark is found this near to the beginning of its message.
const NEAR: usize = 4096;

/// The body with the answer that its mark stands for, if it has one.
fn filled(body: &[u8], parcels: &Parcels) -> Option<String> {
    let near = body.get(..body.len().min(NEAR)).unwrap_or(body);
    let at = near.windows(parcels.prefix.len()).position(|w| w == parcels.prefix.as_bytes())?;
    let body = std::str::from_utf8(body).ok()?;
    let (mark, _) = body.get(at..)?.split_once('"')?;
    let (begin, end, rest) = [RESULT, PUBLICATION].into_iter().find_map(|(begin, end)| {
        let (_, rest) = body.strip_prefix(begin)?.rsplit_once(end)?;
        Some((begin, end, rest))
    })?;
    let answer = parcels.take(mark)?;
    Some([begin, &answer, end, rest].concat())
}

/// Writes messages, with marks exchanged for their answers.
#[derive(Debug)]
pub(crate) struct Writer<O> {
    output: O,
    parcels: Parcels,
    /// The beginning of a message whose end has not come.
    partial: Vec<u8>,
    /// What is to be written, and how much of it has been.
    ready: Vec<u8>,
    written: usize,
}

impl<O> Writer<O> {
    pub(crate) fn new(output: O, parcels: Parcels) -> Self {
        Self { output, parcels, partial: Vec::new(), ready: Vec::new(), written: 0 }
    }

    /// Moves every whole message from `partial` to `ready`.
    fn sort(&mut self) {
        let mut done = 0;
        while let Some(rest) = self.partial.get(done..) {
            let Some((head, length)) = header(rest) else { break };
            let Some(body) = rest.get(head..head + length) else { break };
            match filled(body, &self.parcels) {
                Some(body) => {
                    let header = format!("Content-Length: {}\r\n\r\n", body.len());
                    self.ready.extend_from_slice(header.as_bytes());
                    self.ready.extend_from_slice(body.as_bytes());
                }
                None => self.ready.extend_from_slice(rest.get(..head + length).unwrap_or(&[])),
            }
            done += head + length;
        }
        self.partial.drain(..done);
    }
}

/// The length of a message's header and that of its body.
fn header(message: &[u8]) -> Option<(usize, usize)> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(message.get(..end)?).ok()?;
    let length = text.lines().find_map(|line| line.strip_prefix("Content-Length: "))?;
    Some((end + 4, length.trim().parse().ok()?))
}

impl<O: AsyncWrite + Unpin> Writer<O> {
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest) = self.ready.get(self.written..).filter(|rest| !rest.is_empty()) {
            let count = ready!(Pin::new(&mut self.output).poll_write(context, rest))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        // A long answer must not hold its memory until the next one.
        self.ready = Vec::new();
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}

impl<O: AsyncWrite + Unpin> AsyncWrite for Writer<O> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_ready(context))?;
        this.partial.extend_from_slice(bytes);
        this.sort();
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_ready(context))?;
        Pin::new(&mut this.output).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_ready(context))?;
        Pin::new(&mut this.output).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// What is written of these messages when they come `size` bytes at a time.
    async fn written(bodies: &[&str], parcels: &Parcels, size: usize) -> String {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, parcels.clone());
        let all: String = bodies.iter().map(|body| framed(body)).collect();
        for bytes in all.as_bytes().chunks(size) {
            writer.write_all(bytes).await.unwrap();
        }
        writer.shutdown().await.unwrap();
        String::from_utf8(out).unwrap()
    }

    #[tokio::test]
    async fn marks_are_exchanged_and_all_else_passes() {
        for size in [1, 7, 64, 4096] {
            let parcels = Parcels::default();
            let mark = parcels.put("[1,\"é\",3]".to_owned());
            let ask =
                format!(r#"{{"jsonrpc":"2.0","method":"é","params":{{"m":"{mark}"}},"id":1}}"#);
            let answer = format!(
                r#"{{"jsonrpc":"2.0","result":{{"resultId":"{mark}","data":[]}},"id":",\"id\":3"}}"#
            );
            let full = r#"{"jsonrpc":"2.0","result":[1,"é",3],"id":",\"id\":3"}"#;
            let expected: String = [&ask, full, &answer].map(framed).concat();
            let mark = parcels.put("{\"uri\":1}".to_owned());
            let publication = format!(
                r#"{{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{{"uri":"x","diagnostics":[{{"message":"{mark}"}}]}}}}"#
            );
            let published = r#"{"jsonrpc":"2.0","method":"textDocument/publishDiagnostics","params":{"uri":1}}"#;
            let expected = expected + &framed(published);
            // A mark stands for its answer once.
            let bodies = [ask.as_str(), &answer, &answer, &publication];
            assert_eq!(written(&bodies, &parcels, size).await, expected, "{size}");
        }
    }
}
