//! `tule serve`: a local portal over HTTP, as Socrata would publish it.
//!
//! Existing clients are to work unchanged, so the wire format is theirs to the byte where it is
//! recorded: two row interfaces with their encodings, headers and errors, metadata and catalogue.
//! A request becomes a statement through [`tule_core::import`], is checked as any other, and
//! runs on the embedded engine; findings of the checker become the portal's error codes.
//! Deliberately absent: writing data, signing in, and anything a browser shows.

mod accept;
mod answer;
mod app;
mod catalogue;
mod codes;
mod errors;
mod fault;
mod form;
mod guard;
mod metadata;
mod query;
mod rows;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::LocalPortal;
pub use fault::{Fault, FaultError};
pub use guard::{Rate, RateError};

/// How long requests that are being answered may take when the server is to end.
const GRACE: Duration = Duration::from_secs(10);

/// Queries that run at the same time; further ones wait.
const THREADS: usize = 128;

/// How a portal is served.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The interface to listen on. Loopback unless the user says otherwise.
    pub host: IpAddr,
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// App tokens that are known. A request with any other is refused, as a portal does; with
    /// none here, every token passes.
    pub tokens: Vec<String>,
    /// Whether a request without a token is refused.
    pub token_required: bool,
    /// Requests allowed to each token, or each address where there is none.
    pub rate: Option<Rate>,
    /// What goes wrong on purpose.
    pub faults: Vec<Fault>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            tokens: Vec::new(),
            token_required: false,
            rate: None,
            faults: Vec::new(),
        }
    }
}

/// Serves `portal` until the process is asked to end (SIGINT, SIGTERM); requests that are being
/// answered are finished first, for ten seconds at most. `ready` is told the address once
/// connections are accepted.
///
/// # Errors
///
/// If the address cannot be listened on.
pub fn serve(
    portal: LocalPortal,
    options: ServeOptions,
    ready: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(THREADS)
        .build()?;
    let result = runtime.block_on(listen(portal, options, ready));
    // Queries of clients that are still waiting are left behind with the process.
    runtime.shutdown_background();
    result
}

async fn listen(
    portal: LocalPortal,
    options: ServeOptions,
    ready: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = TcpListener::bind((options.host, options.port)).await?;
    let end = Arc::new(tokio::sync::Notify::new());
    let mut signals = Signals::listen()?;
    ready(listener.local_addr()?);
    let app = app::router(portal, options).into_make_service_with_connect_info::<SocketAddr>();
    let ended = Arc::clone(&end);
    let server = axum::serve(listener, app)
        .with_graceful_shutdown(async move { ended.notified().await })
        .into_future();
    tokio::pin!(server);
    tokio::select! {
        result = &mut server => return result,
        () = signals.next() => end.notify_one(),
    }
    tokio::select! {
        result = server => result,
        // Asked twice, or somebody reads very slowly.
        () = signals.next() => Ok(()),
        () = tokio::time::sleep(GRACE) => Ok(()),
    }
}

/// What asks a server to end.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
