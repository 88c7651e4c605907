//! The body of an answer, piece by piece and within limits.
//!
//! Sizes count what is left when it is unpacked, so that a small file that unpacks to a large one
//! is cut as well. Time is only what is spent waiting for the portal: a reader may take as long
//! as it likes.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use tokio::time::{Instant, timeout};

use crate::error::{Fault, NetworkFault};
use crate::exchange::innermost;
use crate::options::Limits;
use crate::pace::Permit;

/// A body that is being read.
#[derive(Debug)]
pub(crate) struct Body {
    response: reqwest::Response,
    limits: Limits,
    most: u64,
    taken: u64,
    /// Time spent waiting, in all and in the window of the rate.
    waited: Duration,
    window: Duration,
    window_bytes: u64,
    /// One request is under way as long as its body is.
    _permit: Option<Permit>,
}

impl Body {
    pub(crate) fn new(response: reqwest::Response, limits: Limits, permit: Option<Permit>) -> Self {
        Self {
            response,
            limits,
            most: 0,
            taken: 0,
            waited: Duration::ZERO,
            window: Duration::ZERO,
            window_bytes: 0,
            _permit: permit,
        }
    }

    /// Sets the most bytes that are taken; one that announces more is refused at once.
    pub(crate) fn allow(&mut self, most: u64, headers: &HeaderMap) -> Result<(), Fault> {
        self.most = most;
        let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        match announced.and_then(|text| text.parse::<u64>().ok()) {
            Some(length) if length > most => Err(self.too_large()),
            _ => Ok(()),
        }
    }

    fn too_large(&self) -> Fault {
        Fault::TooLarge { what: "the answer", limit: self.most }
    }

    /// The next piece; `None` at the end of a body that is complete as far as the transport can
    /// tell.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Fault> {
        let left = self.limits.total.saturating_sub(self.waited);
        let patience = self.limits.idle.min(left);
        let begin = Instant::now();
        let received = timeout(patience, self.response.chunk()).await;
        let spent = begin.elapsed();
        self.waited += spent;
        self.window += spent;
        let chunk = match received {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => return Ok(None),
            Ok(Err(error)) => return Err(Fault::Truncated { reason: innermost(&error) }),
            Err(_) if left <= self.limits.idle => {
                return Err(Fault::Network(NetworkFault::Total(self.limits.total)));
            }
            Err(_) => return Err(Fault::Network(NetworkFault::Idle(self.limits.idle))),
        };
        let length = chunk.len() as u64;
        self.taken = self.taken.saturating_add(length);
        if self.taken > self.most {
            return Err(self.too_large());
        }
        self.window_bytes = self.window_bytes.saturating_add(length);
        if self.window >= self.limits.idle {
            let least = self.window.as_secs_f64() * to_float(self.limits.rate);
            if to_float(self.window_bytes) < least {
                return Err(Fault::Network(NetworkFault::Slow(self.limits.rate)));
            }
            (self.window, self.window_bytes) = (Duration::ZERO, 0);
        }
        Ok(Some(chunk))
    }

    /// The whole body.
    pub(crate) async fn whole(&mut self) -> Result<Vec<u8>, Fault> {
        let mut all = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    }

    /// As much of the body as comes within a limit.
    pub(crate) async fn beginning(&mut self, most: u64) -> Vec<u8> {
        self.most = most;
        let mut all = Vec::new();
        while let Ok(Some(chunk)) = self.chunk().await {
            all.extend_from_slice(&chunk);
        }
        all
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rate, not a count")]
fn to_float(number: u64) -> f64 {
    number as f64
}
