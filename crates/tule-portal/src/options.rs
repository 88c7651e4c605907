//! What a client may do: how long it waits, how much it takes, how often it asks.
//!
//! Every limit is here and has a default for people at a terminal; tests set tiny ones. Nothing
//! is read from the environment in this module.

use std::path::PathBuf;
use std::time::Duration;

use crate::tokens::Tokens;

/// The settings of a [`Client`](crate::Client).
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the tool in the header `User-Agent`.
    pub user_agent: String,
    /// The tokens by host; without one, requests are anonymous.
    pub tokens: Tokens,
    /// How failed requests are repeated.
    pub retry: Retry,
    /// How often a host is asked.
    pub budget: Budget,
    /// How much is taken, and how long is waited for it.
    pub limits: Limits,
    /// How rows are fetched.
    pub paging: Paging,
    /// The folder for metadata that was fetched; without one, nothing is kept.
    pub cache: Option<PathBuf>,
    /// Whether the network is left alone: then only what the cache holds is known.
    pub offline: bool,
    /// Certificates of authorities that are trusted besides the system's own, as PEM.
    pub authorities: Option<Vec<u8>>,
    /// Whether the proxies of the system and of the environment are used.
    pub proxies: bool,
}

/// How requests are repeated that failed in a way that may pass.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// Attempts in all; at least one is made.
    pub attempts: u32,
    /// Attempts in all while the portal answers that it is still at work (202).
    pub attempts_pending: u32,
    /// The wait behind the first attempt; it doubles from one to the next.
    pub first_wait: Duration,
    /// The longest wait that doubling comes to.
    pub longest_wait: Duration,
    /// The longest wait that a portal may ask for. A longer one is given up at once.
    pub longest_asked: Duration,
}

/// How often one host is asked.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Requests under way at once.
    pub at_once: usize,
    /// Time from the beginning of one request to the next.
    pub spacing: Duration,
}

/// How much is taken, and how long is waited for it. Sizes count what is left when a compressed
/// body is unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time to reach the host.
    pub connect: Duration,
    /// Time until the answer begins: queries may take minutes.
    pub answer: Duration,
    /// Longest silence inside an answer.
    pub idle: Duration,
    /// Longest time for one answer as a whole.
    pub total: Duration,
    /// Slowest rate in bytes per second, measured over a window of [`Limits::idle`].
    pub rate: u64,
    /// Most bytes of a page of rows.
    pub page_bytes: u64,
    /// Most bytes of any other answer.
    pub document_bytes: u64,
    /// Most bytes of one row.
    pub row_bytes: usize,
    /// Redirects that are followed.
    pub redirects: u32,
}

/// How rows are fetched when every row is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Paging {
    /// Rows of a page; `None` leaves it to the request.
    pub page_size: Option<u64>,
    /// Whether rows are counted first, where that is one simple request, and once more at the end
    /// if the number does not come out.
    pub count: bool,
    /// Whether a page is asked for by the last row of the one before, where the query allows,
    /// rather than by the number of rows in front of it.
    pub by_id: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            user_agent: format!("tule/{}", env!("CARGO_PKG_VERSION")),
            tokens: Tokens::default(),
            retry: Retry::default(),
            budget: Budget::default(),
            limits: Limits::default(),
            paging: Paging::default(),
            cache: None,
            offline: false,
            authorities: None,
            proxies: true,
        }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 5,
            attempts_pending: 12,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            longest_asked: Duration::from_secs(120),
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { at_once: 3, spacing: Duration::from_millis(100) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            // The portal's own limit for a query, and a little.
            answer: Duration::from_secs(620),
            idle: Duration::from_secs(60),
            total: Duration::from_secs(3_600),
            rate: 512,
            page_bytes: 2 << 30,
            document_bytes: 32 << 20,
            row_bytes: 64 << 20,
            redirects: 5,
        }
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self { page_size: None, count: true, by_id: true }
    }
}
