//! Faults on purpose, to rehearse what clients do about them.
//!
//! A layer of its own in front of everything: a request is counted, and where a fault is due the
//! answer is replaced or its body spoilt. Nothing behind the layer knows of it.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::errors::Refusal;
use super::guard::throttled;

/// A fault and when it is due.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    kind: Kind,
    /// The first requests, as many.
    first: Option<u64>,
    /// Each request of this number, and its multiples.
    every: Option<u64>,
    /// Requests at the beginning that are left alone.
    after: u64,
    /// Only addresses that begin so.
    path: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Kind {
    /// An error instead of an answer.
    Status {
        status: StatusCode,
        /// Seconds.
        retry_after: Option<u64>,
    },
    /// A page of a firewall, with the status of success.
    Html,
    /// To another address.
    Redirect(String),
    /// This many bytes, this far apart.
    Slow { bytes: usize, pause: Duration },
    /// The body ends early, as if it were whole.
    Truncate(usize),
    /// The connection breaks off within the body.
    Reset(usize),
    /// The body never ends.
    Endless,
}

/// Why a text is no fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FaultError(String);

impl std::fmt::Display for FaultError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FaultError {}

impl FromStr for Fault {
    type Err = FaultError;

    /// `KIND[:KEY=VALUE,…]`: `429:every=3,retry-after=1`, `500:first=2`, `slow:bytes=64,ms=100`,
    /// `truncate:bytes=100`, `reset:bytes=100`, `html`, `redirect:to=URL`, `endless`; each also with
    /// `first`, `every`, `after` (numbers of requests) and `path` (how addresses begin).
    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let mut options = Options::default();
        for option in rest.split(',').filter(|option| !option.is_empty()) {
            options.set(option)?;
        }
        let kind = match kind {
            "html" => Kind::Html,
            "endless" => Kind::Endless,
            "slow" => Kind::Slow {
                bytes: options.bytes.take().unwrap_or(64).max(1),
                pause: Duration::from_millis(options.ms.take().unwrap_or(100)),
            },
            "truncate" => Kind::Truncate(options.bytes.take().unwrap_or(100)),
            "reset" => Kind::Reset(options.bytes.take().unwrap_or(100)),
            "redirect" => {
                let to = options.to.take();
                Kind::Redirect(
                    to.ok_or_else(|| FaultError("`redirect` needs `to=URL`".to_owned()))?,
                )
            }
            code => {
                let status = code.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
                let status = status.ok_or_else(|| {
                    let known = "html, endless, slow, truncate, reset, redirect, or a status";
                    FaultError(format!("no fault `{code}`; there is {known}"))
                })?;
                Kind::Status { status, retry_after: options.retry_after.take() }
            }
        };
        options.nothing_left()?;
        let Options { first, every, after, path, .. } = options;
        Ok(Self { kind, first, every, after, path })
    }
}

#[derive(Default)]
struct Options {
    first: Option<u64>,
    every: Option<u64>,
    after: u64,
    path: String,
    retry_after: Option<u64>,
    bytes: Option<usize>,
    ms: Option<u64>,
    to: Option<String>,
}

impl Options {
    fn set(&mut self, option: &str) -> Result<(), FaultError> {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        let number = || {
            let number =
                value.parse::<u64>().ok().filter(|number| *number > 0 || key == "retry-after");
            number.ok_or_else(|| FaultError(format!("`{key}` needs a number, found `{value}`")))
        };
        match key {
            "first" => self.first = Some(number()?),
            "every" => self.every = Some(number()?),
            "after" => self.after = number()?,
            "retry-after" => self.retry_after = Some(number()?),
            "ms" => self.ms = Some(number()?),
            "bytes" => self.bytes = usize::try_from(number()?).ok(),
            "path" => value.clone_into(&mut self.path),
            "to" => self.to = Some(value.to_owned()),
            _ => return Err(FaultError(format!("no option `{key}`"))),
        }
        Ok(())
    }

    /// Options that the kind of fault has no use for.
    fn nothing_left(&self) -> Result<(), FaultError> {
        let left = [
            ("retry-after", self.retry_after.is_some()),
            ("bytes", self.bytes.is_some()),
            ("ms", self.ms.is_some()),
            ("to", self.to.is_some()),
        ];
        match left.into_iter().find(|(_, is_set)| *is_set) {
            Some((name, _)) => Err(FaultError(format!("`{name}` does not belong to this fault"))),
            None => Ok(()),
        }
    }
}

impl Fault {
    /// Whether the fault is due for request `number`, counted from 1.
    fn is_due(&self, number: u64) -> bool {
        let Some(number) = number.checked_sub(self.after).filter(|number| *number > 0) else {
            return false;
        };
        self.first.is_none_or(|first| number <= first)
            && self.every.is_none_or(|every| number.is_multiple_of(every))
    }
}

/// The faults, each with its own count of requests.
pub(super) struct Faults(Vec<(Fault, AtomicU64)>);

impl Faults {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self(faults.into_iter().map(|fault| (fault, AtomicU64::new(0))).collect())
    }

    /// The first fault that is due for a request of this path.
    fn due(&self, path: &str) -> Option<&Kind> {
        let mut due = None;
        for (fault, count) in &self.0 {
            if !path.starts_with(&fault.path) {
                continue;
            }
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            if fault.is_due(number) {
                due = due.or(Some(&fault.kind));
            }
        }
        due
    }
}

/// Answers, with what goes wrong.
pub(super) async fn inject(
    State(faults): State<Arc<Faults>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(kind) = faults.due(request.uri().path()) else { return next.run(request).await };
    let bytes_between = match kind {
        Kind::Status { status, retry_after } => return refuse(*status, *retry_after),
        Kind::Html => {
            let page = "<!DOCTYPE html><html><body>Web Page Blocked!</body></html>";
            return axum::response::Html(page).into_response();
        }
        Kind::Redirect(to) => {
            let mut response = StatusCode::FOUND.into_response();
            if let Ok(to) = HeaderValue::from_str(to) {
                response.headers_mut().insert(header::LOCATION, to);
            }
            return response;
        }
        Kind::Slow { bytes, pause } => Spoil { piece: *bytes, pause: *pause, end: End::Whole },
        Kind::Truncate(bytes) => Spoil::ending(End::Early(*bytes)),
        Kind::Reset(bytes) => Spoil::ending(End::Broken(*bytes)),
        Kind::Endless => Spoil::ending(End::Never),
    };
    let (mut parts, body) = next.run(request).await.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, bytes_between.body(body))
}

fn refuse(status: StatusCode, retry_after: Option<u64>) -> Response {
    let wait = retry_after.map(Duration::from_secs);
    match status {
        StatusCode::TOO_MANY_REQUESTS => return throttled(wait),
        StatusCode::ACCEPTED => return (status, axum::Json(json!({}))).into_response(),
        _ => {}
    }
    let code = match status {
        StatusCode::REQUEST_TIMEOUT => "request-timeout",
        StatusCode::SERVICE_UNAVAILABLE => "service-unavailable",
        StatusCode::FORBIDDEN => "permission_denied",
        _ => "internal-error",
    };
    let message = status.canonical_reason().unwrap_or("failed on purpose");
    let mut response = Refusal::inner(status, code, message, json!({})).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// What happens to a body.
struct Spoil {
    /// Bytes sent at a time.
    piece: usize,
    /// Between them.
    pause: Duration,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    Early(usize),
    Broken(usize),
    Never,
}

impl Spoil {
    fn ending(end: End) -> Self {
        Self { piece: usize::MAX, pause: Duration::ZERO, end }
    }

    fn body(self, body: Body) -> Body {
        let (send, receive) = mpsc::channel::<Result<Bytes, axum::Error>>(1);
        tokio::spawn(self.pump(body, send));
        Body::from_stream(ReceiverStream::new(receive))
    }

    async fn pump(self, body: Body, send: mpsc::Sender<Result<Bytes, axum::Error>>) {
        let mut left = match self.end {
            End::Early(bytes) | End::Broken(bytes) => bytes,
            End::Whole | End::Never => usize::MAX,
        };
        let mut blocks = body.into_data_stream();
        while let Some(Ok(mut block)) = blocks.next().await {
            while !block.is_empty() && left > 0 {
                let piece = block.split_to(block.len().min(self.piece).min(left));
                left -= piece.len();
                if send.send(Ok(piece)).await.is_err() {
                    return;
                }
                tokio::time::sleep(self.pause).await;
            }
        }
        if let End::Broken(_) = self.end {
            let _ = send.send(Err(axum::Error::new("broken off on purpose"))).await;
        }
        let blank = Bytes::from_static(&[b' '; 1024]);
        while self.end == End::Never && send.send(Ok(blank.clone())).await.is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        text.parse().unwrap()
    }

    #[test]
    fn faults_are_due_when_they_say() {
        let due = |text: &str| (1..=7).filter(|n| fault(text).is_due(*n)).collect::<Vec<_>>();
        assert_eq!(due("500:first=2"), [1, 2]);
        assert_eq!(due("429:every=3,retry-after=1"), [3, 6]);
        assert_eq!(due("503:after=2,first=1"), [3]);
        assert_eq!(due("html").len(), 7);
    }

    #[test]
    fn what_is_no_fault_is_said() {
        let error = |text: &str| text.parse::<Fault>().unwrap_err().to_string();
        assert!(error("flood").contains("no fault `flood`"));
        assert!(error("500:often=2").contains("no option `often`"));
        assert!(error("500:first=x").contains("needs a number"));
        assert!(error("500:bytes=3").contains("does not belong"));
        assert!(error("redirect").contains("needs `to=URL`"));
    }

    #[test]
    fn each_fault_counts_the_requests_of_its_path() {
        let faults = Faults::new(vec![fault("500:first=1,path=/resource"), fault("503:first=2")]);
        let status = |path: &str| match faults.due(path) {
            Some(Kind::Status { status, .. }) => status.as_u16(),
            _ => 200,
        };
        assert_eq!([status("/api"), status("/resource/a"), status("/api")], [503, 500, 200]);
    }
}
