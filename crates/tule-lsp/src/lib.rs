//! The language server: protocol and session.
//!
//! What is known of a query comes from `tule-ide`, in byte offsets; here it becomes positions of
//! the editor's encoding, messages and capabilities. One value owns all state (`session`); a
//! handler changes it before anything is awaited, so that edits are never applied out of order,
//! and nothing waits for the editor inside a notification. Deliberately absent: meaning, and the
//! network.

#![forbid(unsafe_code)]

mod capabilities;
mod convert;
mod encoding;
mod findings;
mod items;
mod project;
mod server;
mod session;
pub mod stdio;
#[cfg(test)]
mod tests;
mod tokens;
mod wire;

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::{LspService, Server};

/// Requests that may wait at the same time: waiting ones must not hold back edits.
const CONCURRENT: usize = 64;

/// Speaks the protocol over these streams until the editor says `exit` or the input ends.
pub async fn serve<I, O>(input: I, output: O)
where
    I: AsyncRead + Unpin,
    O: AsyncWrite + Unpin,
{
    let parcels = wire::Parcels::default();
    let output = wire::Writer::new(output, parcels.clone());
    let (service, socket) = LspService::new(|client| server::Backend::new(client, parcels));
    Server::new(input, output, socket).concurrency_level(CONCURRENT).serve(service).await;
}
