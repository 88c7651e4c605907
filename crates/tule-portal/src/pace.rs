//! How often a host is asked, and how long is waited between attempts.
//!
//! Portals publish no limits, so the pace is that of a patient person: few requests at once, a
//! pause between them, longer and longer ones behind failures, and exactly the one that the portal
//! asks for. Time is tokio's, so that tests can turn it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use rustc_hash::FxHashMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, sleep_until};

use crate::error::{Error, Fault};
use crate::options::{Budget, Retry};

/// The gates of all hosts.
#[derive(Debug)]
pub(crate) struct Gates {
    budget: Budget,
    hosts: Mutex<FxHashMap<String, Arc<Gate>>>,
}

#[derive(Debug)]
struct Gate {
    places: Arc<Semaphore>,
    /// When the next request may begin.
    next: Mutex<Instant>,
}

/// The right to have one request under way.
pub(crate) type Permit = OwnedSemaphorePermit;

impl Gates {
    pub(crate) fn new(budget: Budget) -> Self {
        Self { budget, hosts: Mutex::default() }
    }

    fn gate(&self, host: &str) -> Arc<Gate> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = hosts.entry(host.to_owned()).or_insert_with(|| {
            let places = Arc::new(Semaphore::new(self.budget.at_once.max(1)));
            Arc::new(Gate { places, next: Mutex::new(Instant::now()) })
        });
        Arc::clone(gate)
    }

    /// Waits until `host` may be asked; `None` never comes, for no gate is ever closed.
    pub(crate) async fn enter(&self, host: &str) -> Option<Permit> {
        let gate = self.gate(host);
        let permit = Arc::clone(&gate.places).acquire_owned().await.ok();
        let at = {
            let mut next = gate.next.lock().unwrap_or_else(PoisonError::into_inner);
            let at = (*next).max(Instant::now());
            *next = at + self.budget.spacing;
            at
        };
        sleep_until(at).await;
        permit
    }

    /// Leaves `host` alone for a while: what it asks of one request holds for all.
    pub(crate) fn pause(&self, host: &str, time: Duration) {
        let gate = self.gate(host);
        let mut next = gate.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = (*next).max(Instant::now() + time);
    }
}

/// The attempts of one request.
#[derive(Debug)]
pub(crate) struct Attempts {
    retry: Retry,
    made: u32,
}

impl Attempts {
    pub(crate) fn new(retry: Retry) -> Self {
        Self { retry, made: 0 }
    }

    /// Behind an attempt that failed with `error`: waits as long as is due, or gives the error
    /// back if that was the last one.
    pub(crate) async fn behind(
        &mut self,
        mut error: Error,
        asked: Option<Duration>,
    ) -> Result<(), Error> {
        self.made += 1;
        error.attempts = self.made;
        let most = match *error.fault {
            Fault::Pending => self.retry.attempts_pending,
            _ => self.retry.attempts,
        };
        let patient = asked.is_none_or(|asked| asked <= self.retry.longest_asked);
        if !error.may_pass() || self.made >= most || !patient {
            return Err(error);
        }
        sleep(asked.unwrap_or_else(|| self.wait())).await;
        Ok(())
    }

    /// The wait behind an attempt: doubled from one to the next, and somewhere in its upper half,
    /// so that clients that failed together don't come back together.
    fn wait(&self) -> Duration {
        let doublings = self.made.saturating_sub(1).min(16);
        let full = self.retry.first_wait.saturating_mul(1 << doublings);
        let full = full.min(self.retry.longest_wait);
        full.mul_f64(0.5 + fastrand::f64() / 2.0)
    }

    /// Begins anew: the request made progress.
    pub(crate) fn reset(&mut self) {
        self.made = 0;
    }
}

/// The wait that a portal asks for, in seconds or until a date; by the portal's own clock where
/// it tells the time.
pub(crate) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let told = headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = told.and_then(|date| httpdate::parse_http_date(date).ok());
    Some(until.duration_since(now.unwrap_or_else(SystemTime::now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(reqwest::header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_by_date() {
        assert_eq!(asked(&headers(&[])), None);
        assert_eq!(asked(&headers(&[(RETRY_AFTER, "7")])), Some(Duration::from_secs(7)));
        let date = "Wed, 21 Oct 2015 07:28:30 GMT";
        let told = headers(&[(RETRY_AFTER, date), (DATE, "Wed, 21 Oct 2015 07:28:00 GMT")]);
        assert_eq!(asked(&told), Some(Duration::from_secs(30)));
        assert_eq!(asked(&headers(&[(RETRY_AFTER, date)])), Some(Duration::ZERO));
        assert_eq!(asked(&headers(&[(RETRY_AFTER, "soon")])), None);
    }

    #[test]
    fn waits_double_up_to_a_limit() {
        let retry = Retry { longest_wait: Duration::from_secs(3), ..Retry::default() };
        for made in 1..40 {
            let wait = Attempts { retry, made }.wait();
            let full = Duration::from_millis(500 << (made - 1).min(10)).min(retry.longest_wait);
            assert!(wait >= full / 2 && wait <= full, "{made}: {wait:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_is_asked_at_a_pace() {
        let spacing = Duration::from_millis(100);
        let gates = Gates::new(Budget { at_once: 2, spacing });
        let begin = Instant::now();
        let first = gates.enter("a").await;
        let _second = gates.enter("a").await;
        assert_eq!(begin.elapsed(), spacing);
        gates.enter("b").await;
        assert_eq!(begin.elapsed(), spacing, "another host has a pace of its own");
        let third = tokio::time::timeout(Duration::from_secs(60), gates.enter("a")).await;
        assert!(third.is_err(), "two at once");
        drop(first);
        let begin = Instant::now();
        gates.pause("a", Duration::from_secs(9));
        gates.enter("a").await;
        assert_eq!(begin.elapsed(), Duration::from_secs(9));
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_pass_is_tried_again_and_nothing_else() {
        let retry = Retry { attempts: 3, ..Retry::default() };
        let mut attempts = Attempts::new(retry);
        let throttled = || Error::new(Fault::Throttled { wait: None }, "x");
        let begin = Instant::now();
        attempts.behind(throttled(), Some(Duration::from_secs(20))).await.unwrap();
        assert_eq!(begin.elapsed(), Duration::from_secs(20));
        attempts.behind(throttled(), None).await.unwrap();
        assert_eq!(attempts.behind(throttled(), None).await.unwrap_err().attempts, 3);
        let long = Attempts::new(retry).behind(throttled(), Some(Duration::from_secs(999))).await;
        assert!(long.is_err());
        let lasting = Error::new(Fault::Offline, "x");
        assert_eq!(Attempts::new(retry).behind(lasting, None).await.unwrap_err().attempts, 1);
    }
}
