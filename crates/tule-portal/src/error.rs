//! What can go wrong between here and the rows, each with its evidence.
//!
//! One variant for each way of failing that somebody would act on differently. Texts of portals
//! are in here as they came, cut to a length; whoever shows them makes them harmless. No token, no
//! address with parameters is ever part of an error.

use std::fmt;
use std::time::Duration;

use tule_core::schema::socrata::MetadataError;
use tule_syntax::span::Span;

/// A failure, and what is known about it.
#[derive(Debug)]
pub struct Error {
    /// What went wrong.
    pub fault: Box<Fault>,
    /// The host that was asked, and the path, without parameters.
    pub place: String,
    /// Where in the statement the portal sees the fault; spans count as in the request's maps.
    pub span: Option<Span>,
    /// How many attempts were made.
    pub attempts: u32,
    /// Rows that were delivered before; a result that ends with an error is not whole.
    pub rows: u64,
}

/// Whose concern a failure is; this decides how a program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// The query or the dataset it names: repeating changes nothing.
    Query,
    /// The network or the portal: later it may go well.
    Portal,
    /// The settings on this side.
    Settings,
}

/// What went wrong.
#[derive(Debug)]
pub enum Fault {
    /// The portal refuses the request, in the words of one of its layers.
    Refused(Refusal),
    /// There is no such dataset (404).
    Gone(Refusal),
    /// The dataset is private, or the token is for other data (401, 403).
    Forbidden(Refusal),
    /// The portal's own limit of time for a query (408).
    QueryTimeout(Refusal),
    /// Too many requests (429), and still so behind all attempts.
    Throttled {
        /// How long the portal asked to wait, if it did.
        wait: Option<Duration>,
    },
    /// The portal is still preparing the answer (202), and still so behind all attempts.
    Pending,
    /// The portal fails (5xx), and still does behind all attempts.
    Failing(Refusal),
    /// What answers is not the portal: a page for people, a firewall, another product.
    NotAPortal {
        /// The status.
        status: u16,
        /// The type of the answer and its title, as far as it has any.
        found: String,
    },
    /// The address leads to another host or scheme, where this request must not go.
    Moved {
        /// Scheme and host it leads to.
        to: String,
    },
    /// The host cannot be reached, or the connection breaks.
    Network(NetworkFault),
    /// An answer larger than is taken.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit in bytes.
        limit: u64,
    },
    /// The answer is not what this kind of answer is: broken JSON, a value of another type.
    Malformed {
        /// What was expected and found.
        reason: String,
    },
    /// The answer ended before it was complete.
    Truncated {
        /// How that shows.
        reason: String,
    },
    /// The columns of the answer are not those of the query's schema.
    SchemaChanged {
        /// Columns that are missing.
        missing: Vec<String>,
        /// What else is different.
        changed: Vec<String>,
    },
    /// Pages that do not fit together.
    Pages(PageFault),
    /// Metadata that gives no schema.
    Metadata(MetadataError),
    /// Nothing is known without the network, which is not to be used.
    Offline,
    /// The client cannot be set up.
    Setup {
        /// Why.
        reason: String,
    },
}

/// What a portal says when it refuses.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Refusal {
    /// Which layer of the portal speaks.
    pub family: Family,
    /// The status.
    pub status: u16,
    /// The portal's code, such as `query.soql.no-such-column`.
    pub code: Option<String>,
    /// The message without code and position.
    pub message: String,
    /// Names that the portal gives with it: `column`, `function`, `dataset`, ...
    pub data: Vec<(String, String)>,
}

/// The forms that a refusal can have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Family {
    /// `{code, error, message, data}`: routing, tokens, parser, metadata.
    Core,
    /// `{message, errorCode, data}`: the coordinator of SODA 2.1.
    Coordinator,
    /// `{code: "soql...", message}` or `{type, data, english, source}`: the analyzer of SODA 3.
    Analyzer,
    /// `{error: "..."}`: the catalogue.
    Catalogue,
    /// None of them.
    #[default]
    Unknown,
}

/// How a connection fails.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NetworkFault {
    /// No address for the host.
    Name,
    /// No connection.
    Connect(String),
    /// No secure connection: the certificate or the handshake.
    Tls(String),
    /// No answer in time.
    NoAnswer(Duration),
    /// Silence inside an answer.
    Idle(Duration),
    /// An answer that takes too long as a whole.
    Total(Duration),
    /// Less than the slowest rate that is put up with, in bytes per second.
    Slow(u64),
    /// The connection broke off.
    Broken(String),
}

/// How pages do not fit together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PageFault {
    /// A page with the same rows as the one before.
    Repeated,
    /// A row that the page before had too, by its identifier.
    Overlap,
    /// More rows than were asked for.
    TooLong {
        /// Rows asked for.
        asked: u64,
    },
    /// A page shorter than asked for that is not the last.
    Short {
        /// Rows asked for.
        asked: u64,
        /// Rows given.
        given: u64,
    },
    /// A page that was asked for again begins with other rows.
    Unstable,
    /// Another number of rows than the portal counts.
    Count {
        /// Rows by the portal's own count.
        counted: u64,
        /// Rows received.
        received: u64,
        /// Whether the portal counts otherwise than at the beginning.
        moved: bool,
    },
}

impl Error {
    pub(crate) fn new(fault: impl Into<Box<Fault>>, place: impl Into<String>) -> Self {
        Self { fault: fault.into(), place: place.into(), span: None, attempts: 1, rows: 0 }
    }

    /// Whose concern it is.
    #[must_use]
    pub fn class(&self) -> Class {
        match &*self.fault {
            Fault::Refused(_)
            | Fault::Gone(_)
            | Fault::Forbidden(_)
            | Fault::QueryTimeout(_)
            | Fault::SchemaChanged { .. } => Class::Query,
            Fault::Setup { .. } => Class::Settings,
            _ => Class::Portal,
        }
    }

    /// Whether it shows that the host is no longer the portal that it was, rather than that the
    /// portal is out of order: another product answers, and says that all is well.
    #[must_use]
    pub fn has_moved(&self) -> bool {
        matches!(
            &*self.fault,
            Fault::Moved { .. } | Fault::NotAPortal { status: 200 | 301..=399 | 404 | 410, .. }
        )
    }

    /// A stable name for the kind of failure, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &*self.fault {
            Fault::Refused(_) => "portal-refused",
            Fault::Gone(_) => "dataset-gone",
            Fault::Forbidden(_) => "dataset-forbidden",
            Fault::QueryTimeout(_) => "query-timeout",
            Fault::Throttled { .. } => "throttled",
            Fault::Pending => "answer-pending",
            Fault::Failing(_) => "portal-failing",
            Fault::NotAPortal { .. } => "not-a-portal",
            Fault::Moved { .. } => "portal-moved",
            Fault::Network(_) => "network",
            Fault::TooLarge { .. } => "answer-too-large",
            Fault::Malformed { .. } => "answer-malformed",
            Fault::Truncated { .. } => "answer-truncated",
            Fault::SchemaChanged { .. } => "schema-changed",
            Fault::Pages(_) => "pages-disagree",
            Fault::Metadata(_) => "metadata",
            Fault::Offline => "offline",
            Fault::Setup { .. } => "setup",
        }
    }

    /// What to do about it, where anything can be said.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let text = match &*self.fault {
            Fault::Forbidden(_) => {
                "the dataset may be private; `tule login HOST` keeps an app token, not a password"
            }
            Fault::QueryTimeout(_) => "a narrower `where`, or fewer columns to group by",
            Fault::Throttled { .. } => "an app token raises the limit: `tule login HOST`",
            Fault::Moved { .. } => {
                "if the portal has moved, its new address belongs in `tule.toml`"
            }
            Fault::SchemaChanged { .. } => "`tule lock` fetches the schema as it is now",
            Fault::Pages(_) => "rows changed while they were fetched; fetch them again",
            Fault::Offline => "without `--offline` the portal is asked",
            _ => return None,
        };
        Some(text.to_owned())
    }

    /// Whether the same request may succeed when it is repeated.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(
            &*self.fault,
            Fault::Throttled { .. }
                | Fault::Pending
                | Fault::Failing(_)
                | Fault::QueryTimeout(_)
                | Fault::Truncated { .. }
        ) || matches!(&*self.fault, Fault::Network(fault) if !matches!(fault, NetworkFault::Tls(_)))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.place, self.fault)?;
        if self.attempts > 1 {
            write!(f, " ({} attempts)", self.attempts)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "the portal refuses the query: {refusal}"),
            Self::Gone(refusal) => write!(f, "no such dataset: {refusal}"),
            Self::Forbidden(refusal) => write!(f, "no access: {refusal}"),
            Self::QueryTimeout(refusal) => {
                write!(f, "the query took longer than the portal allows: {refusal}")
            }
            Self::Throttled { wait: None } => f.write_str("the portal takes no more requests now"),
            Self::Throttled { wait: Some(wait) } => {
                write!(f, "the portal takes no more requests for {} s", wait.as_secs())
            }
            Self::Pending => f.write_str("the portal is still preparing the answer"),
            Self::Failing(refusal) => write!(f, "the portal fails: {refusal}"),
            Self::NotAPortal { status, found } => {
                write!(f, "what answers is not the portal: {found} (status {status})")
            }
            Self::Moved { to } => write!(f, "the address leads to `{to}`"),
            Self::Network(fault) => fault.fmt(f),
            Self::TooLarge { what, limit } => write!(f, "{what} is larger than {limit} bytes"),
            Self::Malformed { reason } => write!(f, "the answer cannot be read: {reason}"),
            Self::Truncated { reason } => write!(f, "the answer is cut off: {reason}"),
            Self::SchemaChanged { missing, changed } => {
                f.write_str("the columns are not those of the locked schema")?;
                for name in missing {
                    write!(f, "; `{name}` is missing")?;
                }
                for change in changed {
                    write!(f, "; {change}")?;
                }
                Ok(())
            }
            Self::Pages(fault) => fault.fmt(f),
            Self::Metadata(error) => write!(f, "the metadata gives no schema: {error}"),
            Self::Offline => f.write_str("not in the cache, and the network is not to be used"),
            Self::Setup { reason } => write!(f, "cannot set up the client: {reason}"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.code, &*self.message) {
            (Some(code), "") => write!(f, "`{code}` (status {})", self.status),
            (Some(code), message) => write!(f, "{message} (`{code}`)"),
            (None, "") => write!(f, "status {}", self.status),
            (None, message) => write!(f, "{message} (status {})", self.status),
        }
    }
}

impl fmt::Display for NetworkFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("the name of the host leads nowhere"),
            Self::Connect(reason) => write!(f, "no connection: {reason}"),
            Self::Tls(reason) => write!(f, "no secure connection: {reason}"),
            Self::NoAnswer(time) => write!(f, "no answer within {time:?}"),
            Self::Idle(time) => write!(f, "nothing came for {time:?} inside an answer"),
            Self::Total(time) => write!(f, "the answer was not complete within {time:?}"),
            Self::Slow(rate) => write!(f, "the answer comes slower than {rate} bytes per second"),
            Self::Broken(reason) => write!(f, "the connection broke: {reason}"),
        }
    }
}

impl fmt::Display for PageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated => f.write_str("a page has the same rows as the one before"),
            Self::Overlap => f.write_str("a row of a page stands in the page before as well"),
            Self::TooLong { asked } => {
                write!(f, "a page has more rows than the {asked} that were asked for")
            }
            Self::Short { asked, given } => {
                write!(f, "a page has {given} rows instead of {asked}, and more follow")
            }
            Self::Unstable => f.write_str("a page that was asked for again begins with other rows"),
            Self::Count { counted, received, moved } => {
                write!(f, "the portal counts {counted} rows, and {received} came")?;
                if *moved { f.write_str("; the number moved meanwhile") } else { Ok(()) }
            }
        }
    }
}
