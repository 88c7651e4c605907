//! Who may ask, and how often.
//!
//! An unknown token is refused even where none is needed, as the portals do: a rehearsal for
//! clients that must notice.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::ServeOptions;
use super::errors::Refusal;
use super::rows::params;

/// Clients that are told apart; beyond, the one heard of least recently is forgotten.
const MOST_CLIENTS: usize = 10_000;

/// How many requests in how long a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// Requests.
    pub requests: u32,
    /// In this time.
    pub window: Duration,
}

/// Why a text is no rate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RateError;

impl std::fmt::Display for RateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a rate is a number of requests and a time: `10/s`, `600/m` or `1000/h`")
    }
}

impl std::error::Error for RateError {}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (requests, window) = text.split_once('/').ok_or(RateError)?;
        let requests = requests.trim().parse().ok().filter(|requests| *requests > 0);
        let seconds = match window.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return Err(RateError),
        };
        let window = Duration::from_secs(seconds);
        requests.map(|requests| Self { requests, window }).ok_or(RateError)
    }
}

/// Whom a request counts for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Client {
    Token(String),
    Address(IpAddr),
}

/// What decides on requests.
pub(super) struct Guard {
    tokens: Vec<String>,
    required: bool,
    rate: Option<Rate>,
    /// When each client's window began, and how many requests it has made since.
    counts: Mutex<HashMap<Client, (Instant, u32)>>,
}

impl Guard {
    pub(super) fn new(options: ServeOptions) -> Self {
        let ServeOptions { tokens, token_required, rate, .. } = options;
        Self { tokens, required: token_required, rate, counts: Mutex::default() }
    }

    fn token(&self, token: Option<&str>) -> Result<(), Refusal> {
        let refuse =
            |message| Err(Refusal::core(StatusCode::FORBIDDEN, "permission_denied", message));
        match token {
            None if self.required => refuse("An app_token is required to access this resource"),
            Some(token) if !self.tokens.is_empty() && !self.tokens.iter().any(|t| t == token) => {
                refuse("Invalid app_token specified")
            }
            _ => Ok(()),
        }
    }

    /// Counts a request; gives how long to wait where there were too many.
    fn count(&self, client: Client, now: Instant) -> Result<(), Duration> {
        let Some(rate) = self.rate else { return Ok(()) };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_CLIENTS && !counts.contains_key(&client) {
            let oldest = counts.iter().min_by_key(|(_, (begun, _))| *begun);
            if let Some(oldest) = oldest.map(|(client, _)| client.clone()) {
                counts.remove(&oldest);
            }
        }
        let (begun, count) = counts.entry(client).or_insert((now, 0));
        let passed = now.duration_since(*begun);
        if passed >= rate.window {
            (*begun, *count) = (now, 0);
        }
        if *count >= rate.requests {
            return Err(rate.window.saturating_sub(passed));
        }
        *count += 1;
        Ok(())
    }
}

/// Lets a request through, or says why not.
pub(super) async fn check(
    State(guard): State<Arc<Guard>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let token = token(&request);
    if let Err(refusal) = guard.token(token.as_deref()) {
        return refusal.into_response();
    }
    let client = token.map_or(Client::Address(address.ip()), Client::Token);
    if let Err(wait) = guard.count(client, Instant::now()) {
        return throttled(Some(wait));
    }
    next.run(request).await
}

/// The token that a request carries, in a header or in its address.
fn token(request: &Request) -> Option<String> {
    let header = request.headers().get("x-app-token").and_then(|token| token.to_str().ok());
    let in_address = || {
        let params = params(request.uri().query());
        let found = params
            .into_iter()
            .find(|(name, _)| matches!(&*name.to_ascii_lowercase(), "$$app_token" | "app_token"));
        found.map(|(_, token)| token)
    };
    header.map(str::to_owned).or_else(in_address).filter(|token| !token.is_empty())
}

/// Too many requests; whole seconds, rounded up, so that waiting that long is enough.
pub(super) fn throttled(wait: Option<Duration>) -> Response {
    let status = StatusCode::TOO_MANY_REQUESTS;
    let refusal = Refusal::inner(status, "too-many-requests", "Too many requests", json!({}));
    let mut response = refusal.into_response();
    if let Some(wait) = wait {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        let rate = |requests, seconds| Rate { requests, window: Duration::from_secs(seconds) };
        assert_eq!("10/s".parse(), Ok(rate(10, 1)));
        assert_eq!("1000 / h".parse(), Ok(rate(1000, 3600)));
        for wrong in ["", "10", "0/s", "x/m", "10/d", "-1/s"] {
            assert_eq!(wrong.parse::<Rate>(), Err(RateError), "{wrong}");
        }
    }

    #[test]
    fn each_client_has_its_own_window() {
        let rate = Some("2/m".parse().unwrap());
        let guard = Guard::new(ServeOptions { rate, ..ServeOptions::default() });
        let (one, two) = (Client::Token("a".to_owned()), Client::Token("b".to_owned()));
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert!(
            guard.count(one.clone(), at(0)).is_ok() && guard.count(one.clone(), at(10)).is_ok()
        );
        assert_eq!(guard.count(one.clone(), at(15)), Err(Duration::from_secs(45)));
        assert!(guard.count(two, at(15)).is_ok());
        assert!(guard.count(one, at(60)).is_ok());
    }

    #[test]
    fn an_unknown_token_is_refused_even_where_none_is_needed() {
        let options = ServeOptions { tokens: vec!["good".to_owned()], ..ServeOptions::default() };
        let guard = Guard::new(options.clone());
        assert!(guard.token(None).is_ok() && guard.token(Some("good")).is_ok());
        assert_eq!(guard.token(Some("bad")).unwrap_err().status, StatusCode::FORBIDDEN);
        let guard = Guard::new(ServeOptions { token_required: true, ..options });
        assert!(guard.token(None).is_err() && guard.token(Some("good")).is_ok());
    }
}
