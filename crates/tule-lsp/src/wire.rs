//! Long answers as text.
//!
//! The framework makes a tree of values of each answer before it writes it; the colours of a long
//! file are hundreds of thousands of numbers, and the tree costs several times what finding them
//! does. A handler puts such numbers here as text, under the result id of its answer, and answers
//! with an empty list; the writer puts the text in the list's place. Everything else passes
//! through as it is.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::AsyncWrite;

/// Lists on their way, under the result id of their answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parcels(Arc<Mutex<VecDeque<(String, String)>>>);

impl Parcels {
    /// Hands over the list of the answer with this id, as JSON.
    pub(crate) fn put(&self, id: String, list: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back((id, list));
    }

    fn take(&self, id: &str) -> Option<String> {
        let mut parcels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = parcels.iter().position(|(known, _)| known == id)?;
        parcels.remove(at).map(|(_, list)| list)
    }
}

/// How the message with such an answer begins, up to its id.
const BEGINNING: &str = r#"{"jsonrpc":"2.0","result":{"resultId":""#;
/// What stands behind the id: the list to be filled.
const EMPTY: &str = r#"","data":[]"#;

/// The body with its list, if one is waiting for it.
fn filled(body: &str, parcels: &Parcels) -> Option<String> {
    let rest = body.strip_prefix(BEGINNING)?;
    let (id, rest) = rest.split_once('"')?;
    let rest = rest.strip_prefix(EMPTY.get(1..)?)?;
    let list = parcels.take(id)?;
    Some([BEGINNING, id, EMPTY.trim_end_matches("[]"), &list, rest].concat())
}

/// Writes messages, with their lists filled in.
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
            let filled = std::str::from_utf8(body).ok().and_then(|b| filled(b, &self.parcels));
            match filled {
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
    async fn written(bodies: &[&str], parcels: &[(&str, &str)], size: usize) -> String {
        let known = Parcels::default();
        for (id, list) in parcels {
            known.put((*id).to_owned(), (*list).to_owned());
        }
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, known.clone());
        let all: String = bodies.iter().map(|body| framed(body)).collect();
        for bytes in all.as_bytes().chunks(size) {
            writer.write_all(bytes).await.unwrap();
        }
        writer.shutdown().await.unwrap();
        assert!(known.0.lock().unwrap().is_empty());
        String::from_utf8(out).unwrap()
    }

    #[tokio::test]
    async fn lists_take_their_places_and_all_else_passes() {
        let before = r#"{"jsonrpc":"2.0","method":"é","params":{"resultId":"7","data":[]}}"#;
        let answer = r#"{"jsonrpc":"2.0","result":{"resultId":"7","data":[]},"id":3}"#;
        let other = r#"{"jsonrpc":"2.0","result":{"resultId":"8","data":[]},"id":4}"#;
        let full = r#"{"jsonrpc":"2.0","result":{"resultId":"7","data":[1,2,3]},"id":3}"#;
        let expected: String = [before, full, other].map(framed).concat();
        for size in [1, 7, 64, 4096] {
            let bodies = [before, answer, other];
            assert_eq!(written(&bodies, &[("7", "[1,2,3]")], size).await, expected, "{size}");
        }
    }
}
