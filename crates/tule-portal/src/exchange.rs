//! One request and its answer: token, redirects, limits, and what the status means.
//!
//! Everything that talks to a portal goes through here, so that the rules of conduct stand in one
//! place. Repeating a request as a whole is [`Exchange::document`]'s business and that of the
//! pages, which have to know what was delivered before.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use reqwest::{Method, StatusCode};
use tokio::time::timeout;
use tule_core::schema::manifest::host_of;
use url::Url;

use crate::body::Body;
use crate::envelope::{self, Place};
use crate::error::{Error, Fault, NetworkFault};
use crate::options::Options;
use crate::pace::{Attempts, Gates, asked};
use crate::tokens::{is_loopback, is_private};

const TOKEN: HeaderName = HeaderName::from_static("x-app-token");

/// Most bytes of an answer that is not what was asked for.
const MOST_OF_A_REFUSAL: u64 = 1 << 20;

/// What a user should know although nothing failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// The host does not know the token; requests go on without it.
    TokenRejected {
        /// The host.
        host: String,
    },
    /// Another host answered, without having been sent a token.
    Redirected {
        /// The host that was asked.
        from: String,
        /// The host that answered.
        to: String,
    },
    /// What was fetched cannot be kept for the next time.
    NotKept {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TokenRejected { host } => {
                write!(f, "`{host}` does not know the app token; asked without it")
            }
            Self::Redirected { from, to } => write!(f, "`{to}` answers for `{from}`"),
            Self::NotKept { path, reason } => {
                write!(f, "cannot write `{}`: {reason}", path.display())
            }
        }
    }
}

/// A request to be made, as often as it takes.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) url: Url,
    /// The JSON body of a POST.
    pub(crate) body: Option<Bytes>,
    /// Marks of the answer that is known already.
    pub(crate) known: Marks,
}

/// What tells one version of an answer from another.
#[derive(Clone, Default, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Marks {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

/// An answer whose body is still to be read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) not_modified: bool,
}

/// A failed attempt.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) fault: Box<Fault>,
    pub(crate) place: Box<Place>,
    /// The wait that the portal asks for.
    pub(crate) asked: Option<std::time::Duration>,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { fault: Box::new(fault), place: Box::default(), asked: None }
    }
}

/// The way to all portals.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// For hosts elsewhere, through proxies where there are any. Made when it is needed: reading
    /// the system's certificates takes a while.
    http: OnceLock<reqwest::Client>,
    /// For this machine, which no proxy is asked for.
    direct: OnceLock<reqwest::Client>,
    pub(crate) options: Options,
    gates: Gates,
    /// Hosts that do not know their token.
    rejected: Mutex<Vec<String>>,
    notices: Mutex<Vec<Notice>>,
}

impl Exchange {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            http: OnceLock::new(),
            direct: OnceLock::new(),
            gates: Gates::new(options.budget),
            options,
            rejected: Mutex::default(),
            notices: Mutex::default(),
        }
    }

    /// What makes the connections to a host.
    fn connector(&self, url: &Url) -> Result<&reqwest::Client, Fault> {
        let (cell, proxies) = if is_loopback(url) {
            (&self.direct, false)
        } else {
            (&self.http, self.options.proxies)
        };
        if let Some(known) = cell.get() {
            return Ok(known);
        }
        let made = connector(&self.options, proxies)?;
        Ok(cell.get_or_init(|| made))
    }

    /// What has come up since this was last asked.
    pub(crate) fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn notice(&self, notice: Notice) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }

    /// A whole answer of limited size, after as many attempts as it takes; `None` if it is the
    /// one that is known already.
    pub(crate) async fn document(&self, call: &Call) -> Result<Option<Document>, Error> {
        let mut attempts = Attempts::new(self.options.retry);
        loop {
            let failure = match self.try_document(call).await {
                Ok(document) => return Ok(document),
                Err(failure) => failure,
            };
            let error = Error::new(failure.fault, place_of(&call.url));
            attempts.behind(error, failure.asked).await?;
        }
    }

    async fn try_document(&self, call: &Call) -> Result<Option<Document>, Failure> {
        let mut answer = self.open(call, self.options.limits.document_bytes).await?;
        if answer.not_modified {
            return Ok(None);
        }
        let marks = Marks {
            etag: header(&answer.headers, &ETAG),
            last_modified: header(&answer.headers, &LAST_MODIFIED),
        };
        let body = answer.body.whole().await?;
        let text = String::from_utf8(body)
            .map_err(|_| Fault::Malformed { reason: "it is not UTF-8".to_owned() })?;
        Ok(Some(Document { text, marks }))
    }

    /// One attempt: the answer if it is a success, with its body still to come.
    pub(crate) async fn open(&self, call: &Call, most: u64) -> Result<Answer, Failure> {
        match self.follow(call, most, true).await {
            Err(failure) if self.drops_token(&call.url, &failure.fault) => {
                let answer = self.follow(call, most, false).await?;
                self.notice(Notice::TokenRejected { host: host_of(&call.url) });
                Ok(answer)
            }
            other => other,
        }
    }

    /// Whether a refusal is due to a token that is not to be sent to this host again.
    fn drops_token(&self, url: &Url, fault: &Fault) -> bool {
        let host = host_of(url);
        let sent = self.options.tokens.for_address(url).is_some() && !self.is_rejected(&host);
        let blamed = sent && envelope::blames_token(fault);
        if blamed {
            self.rejected.lock().unwrap_or_else(PoisonError::into_inner).push(host);
        }
        blamed
    }

    fn is_rejected(&self, host: &str) -> bool {
        let rejected = self.rejected.lock().unwrap_or_else(PoisonError::into_inner);
        rejected.iter().any(|known| known == host)
    }

    async fn follow(&self, call: &Call, most: u64, token: bool) -> Result<Answer, Failure> {
        let mut url = call.url.clone();
        let mut host = host_of(&url);
        for _ in 0..=self.options.limits.redirects {
            let permit = self.gates.enter(&host).await;
            let home = host == host_of(&call.url);
            let token = token && home && !self.is_rejected(&host);
            let response = self.send(call, &url, token).await?;
            let status = response.status();
            let headers = response.headers().clone();
            let mut body = Body::new(response, self.options.limits, permit);
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                url = redirect(call, &url, status, &headers)?;
                host = host_of(&url);
                continue;
            }
            if !home {
                let from = host_of(&call.url);
                self.notice(Notice::Redirected { from, to: host.clone() });
            }
            let not_modified = status == StatusCode::NOT_MODIFIED;
            let json = content_type(&headers).contains("json");
            if status == StatusCode::OK && json || not_modified {
                body.allow(most, &headers)?;
                return Ok(Answer { headers, body, not_modified });
            }
            return Err(self.refused(&host, status, &headers, body).await);
        }
        Err(Fault::Moved { to: origin(&url) }.into())
    }

    async fn send(
        &self,
        call: &Call,
        url: &Url,
        token: bool,
    ) -> Result<reqwest::Response, Failure> {
        let method = if call.body.is_some() { Method::POST } else { Method::GET };
        let mut request = self
            .connector(url)?
            .request(method, url.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = &call.body {
            let json = HeaderValue::from_static("application/json");
            request = request.header(CONTENT_TYPE, json).body(body.clone());
        }
        if let Some(token) = self.options.tokens.for_address(url).filter(|_| token) {
            request = request.header(TOKEN, token.header());
        }
        if let Some(etag) = &call.known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(date) = &call.known.last_modified {
            request = request.header(IF_MODIFIED_SINCE, date);
        }
        let limit = self.options.limits.answer;
        match timeout(limit, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(self.unsent(&error).into()),
            Err(_) => Err(Fault::Network(NetworkFault::NoAnswer(limit)).into()),
        }
    }

    fn unsent(&self, error: &reqwest::Error) -> Fault {
        let reason = innermost(error);
        Fault::Network(if error.is_dns() {
            NetworkFault::Name
        } else if error.is_timeout() {
            NetworkFault::NoAnswer(self.options.limits.connect)
        } else if is_tls(error) {
            NetworkFault::Tls(reason)
        } else if error.is_connect() {
            NetworkFault::Connect(reason)
        } else {
            NetworkFault::Broken(reason)
        })
    }

    /// What an answer means that is no success.
    async fn refused(
        &self,
        host: &str,
        status: StatusCode,
        headers: &HeaderMap,
        mut body: Body,
    ) -> Failure {
        let asked = asked(headers);
        let failure =
            |fault, place| Failure { fault: Box::new(fault), place: Box::new(place), asked };
        match status {
            StatusCode::ACCEPTED => return failure(Fault::Pending, Place::default()),
            StatusCode::TOO_MANY_REQUESTS => {
                if let Some(wait) = asked.filter(|wait| *wait <= self.options.retry.longest_asked) {
                    self.gates.pause(host, wait);
                }
                return failure(Fault::Throttled { wait: asked }, Place::default());
            }
            _ => {}
        }
        // A refusal that breaks off still has a status; what came of it is read.
        let text = body.beginning(MOST_OF_A_REFUSAL).await;
        let (fault, place) = envelope::read(status.as_u16(), content_type(headers), &text);
        failure(fault, place)
    }
}

fn connector(options: &Options, proxies: bool) -> Result<reqwest::Client, Fault> {
    // Of two providers of cryptography this is the one that builds without further tools; a
    // program that has chosen another keeps it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(&options.user_agent)
        .connect_timeout(options.limits.connect)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false);
    let builder = if proxies { builder } else { builder.no_proxy() };
    let setup = |error: reqwest::Error| Fault::Setup { reason: innermost(&error) };
    let builder = match &options.authorities {
        None => builder,
        Some(pem) => {
            let authorities = reqwest::Certificate::from_pem_bundle(pem).map_err(setup)?;
            if authorities.is_empty() {
                let reason = "the file of authorities holds no certificate".to_owned();
                return Err(Fault::Setup { reason });
            }
            builder.tls_certs_merge(authorities)
        }
    };
    builder.build().map_err(setup)
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) marks: Marks,
}

/// Where a redirect leads, if this request may follow.
fn redirect(
    call: &Call,
    from: &Url,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Url, Failure> {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let to = location.and_then(|location| from.join(location).ok());
    let Some(to) = to.filter(|to| matches!(to.scheme(), "http" | "https")) else {
        let found = "a redirect to nowhere".to_owned();
        return Err(Fault::NotAPortal { status: status.as_u16(), found }.into());
    };
    let moved = || Fault::Moved { to: origin(&to) };
    let here = host_of(from) == host_of(&to);
    // A query in a body is the user's; it goes to no host that the user did not name, and not
    // where the method would change.
    let keeps = matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
    if call.body.is_some() && !(here && keeps) {
        return Err(moved().into());
    }
    // Never from a closed way to an open one, never from outside into this machine.
    if is_private(from) && !is_private(&to) || is_loopback(&to) && !is_loopback(from) {
        return Err(moved().into());
    }
    Ok(to)
}

fn origin(url: &Url) -> String {
    format!("{}://{}", url.scheme(), host_of(url))
}

/// Host and path, for messages: parameters hold the query.
pub(crate) fn place_of(url: &Url) -> String {
    format!("{}{}", host_of(url), url.path())
}

pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

pub(crate) fn header(
    headers: &HeaderMap,
    name: impl reqwest::header::AsHeaderName,
) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// The cause at the bottom of an error; those above it name the address.
pub(crate) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if std::ptr::eq(cause, error) { "the request failed".to_owned() } else { cause.to_string() }
}

/// Whether the handshake failed. Errors of the system hide the one inside them from `source`.
fn is_tls(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<rustls::Error>() {
            return true;
        }
        let hidden = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = match hidden {
            Some(hidden) => Some(hidden),
            None => inner.source(),
        };
    }
    false
}
