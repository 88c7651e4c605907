//! The language server: protocol and session.
//!
//! What is known of a query comes from `tule-ide`, in byte offsets; here it becomes positions of
//! the editor's encoding, messages and capabilities. One value owns all state (`session`); a
//! handler changes it before anything is awaited, so that edits are never applied out of order,
//! and nothing waits for the editor inside a notification. Deliberately absent: meaning, and the
//! network, which is the business of the [`Portals`] that the program hands in.

#![forbid(unsafe_code)]

mod capabilities;
mod cards;
mod convert;
mod encoding;
mod ending;
mod faults;
mod fetches;
mod guard;
pub mod portals;
mod project;
mod server;
mod session;
mod settings;
mod subject;
#[cfg(test)]
mod tests;
mod tokens;
mod work;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::Server;

use crate::ending::Ending;
use crate::guard::Guard;
use crate::portals::Portals;
use crate::session::Session;
use crate::work::GRACE;

/// Requests that may wait at the same time: waiting ones must not hold back edits.
const CONCURRENT: usize = 64;

/// Speaks the protocol over these streams until the editor says `exit` or the input ends. What is
/// under way then is told to stop.
pub async fn serve<I, O>(input: I, output: O, portals: Arc<dyn Portals>)
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let session = Arc::<Mutex<Session>>::default();
    let works = session.lock().unwrap_or_else(PoisonError::into_inner).works.clone();
    let (inner, socket) = server::service(Arc::clone(&session), portals);
    let service = Guard { inner, session };
    let (input, ended) = Ending::new(input, works.clone());
    let server = Server::new(input, output, socket).concurrency_level(CONCURRENT).serve(service);
    tokio::select! {
        () = server => {}
        // A request of the server that nobody will answer must not keep it.
        () = async { ended.notified().await; tokio::time::sleep(GRACE).await } => {}
    }
    works.stop_all();
    works.settled().await;
}
