//! What can be asked of a portal.
//!
//! A [`Client`] is cheap to clone and shared by everything in a process: it holds the connections,
//! the pace of each host, and the requests for schemas that are under way.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use rustc_hash::FxHashMap;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;
use tule_core::lower::Request;
use tule_core::schema::Dataset;
use tule_core::schema::manifest::{Portal, PortalKind, host_of};
use tule_core::schema::socrata::{Origin, read};
use url::Url;

use crate::cache::Cache;
use crate::course::Point;
use crate::error::{Error, Fault};
use crate::exchange::{Call, Document, Exchange, Marks, Notice, place_of};
use crate::options::Options;
use crate::rows::Rows;

/// Where a portal is, and under which other hosts it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PortalAddress {
    base: Url,
    aliases: Vec<String>,
}

/// The client of every portal.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) exchange: Arc<Exchange>,
    cache: Option<Cache>,
    /// Schemas that are being fetched.
    flights: Arc<Mutex<FxHashMap<String, Weak<Flight>>>>,
}

type Flight = OnceCell<Arc<Metadata>>;

/// The metadata of a dataset.
#[derive(Debug)]
pub struct Metadata {
    /// Its schema and the facts around it.
    pub dataset: Dataset,
    /// The document as the portal gave it.
    pub text: String,
    /// Whether the portal was asked, rather than only the cache.
    pub is_fresh: bool,
}

impl PortalAddress {
    /// The address of a portal of a project; `None` for one without this interface.
    #[must_use]
    pub fn of(portal: &Portal) -> Option<Self> {
        let base = portal.url().filter(|_| portal.kind == PortalKind::Socrata)?;
        Some(Self { base: base.clone(), aliases: portal.aliases.clone() })
    }

    /// The address of a host that no project names: by https.
    #[must_use]
    pub fn of_host(host: &str) -> Option<Self> {
        let base = Url::parse(&format!("https://{host}")).ok()?;
        let plain = base.path() == "/" && base.username().is_empty() && base.query().is_none();
        plain.then_some(Self { base, aliases: Vec::new() })
    }

    /// The host, with its port if that is not the usual one.
    #[must_use]
    pub fn host(&self) -> String {
        host_of(&self.base)
    }

    /// The host and its aliases.
    pub(crate) fn hosts(&self) -> Vec<String> {
        let mut hosts = vec![self.host()];
        hosts.extend(self.aliases.iter().cloned());
        hosts
    }

    pub(crate) fn join(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(segments);
        }
        url
    }
}

impl Client {
    /// A client with these settings. Nothing is asked before something is wanted.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let cache = options.cache.clone().map(Cache::new);
        Self { exchange: Arc::new(Exchange::new(options)), cache, flights: Arc::default() }
    }

    /// What a user should know of the requests so far, each once.
    #[must_use]
    pub fn take_notices(&self) -> Vec<Notice> {
        self.exchange.take_notices()
    }

    /// The rows of a request. Nothing is sent before the first is asked for.
    #[must_use]
    pub fn rows(&self, request: Request) -> Rows {
        Rows::new(Arc::clone(&self.exchange), request, None)
    }

    /// The rows of a request behind a place that an earlier run of the same request came to. If the
    /// rows have changed since, all of them come; [`Rows::resumed`] tells.
    #[must_use]
    pub fn rows_from(&self, request: Request, point: Point) -> Rows {
        Rows::new(Arc::clone(&self.exchange), request, Some(point))
    }

    /// The metadata of a dataset. Several who ask for the same one at the same time share one
    /// request; a portal that has nothing new sends nothing.
    ///
    /// # Errors
    ///
    /// What keeps it from being fetched or read. Offline, only what the cache holds is there.
    pub async fn schema(&self, portal: &PortalAddress, id: &str) -> Result<Arc<Metadata>, Error> {
        let url = portal.join(&["api", "views", &format!("{id}.json")]);
        let flight = self.flight(url.as_str());
        let metadata = flight.get_or_try_init(|| async {
            let (document, is_fresh) = self.kept(&url).await?;
            let dataset = dataset(&document, &portal.host(), id)
                .map_err(|fault| Error::new(fault, place_of(&url)))?;
            Ok(Arc::new(Metadata { dataset, text: document, is_fresh }))
        });
        metadata.await.cloned()
    }

    /// The metadata of several datasets, in the order given, as far at once as the pace allows.
    pub async fn schemas(
        &self,
        wanted: &[(PortalAddress, String)],
    ) -> Vec<Result<Arc<Metadata>, Error>> {
        let mut tasks = JoinSet::new();
        for (at, (portal, id)) in wanted.iter().cloned().enumerate() {
            let client = self.clone();
            tasks.spawn(async move { (at, client.schema(&portal, &id).await) });
        }
        let mut found = tasks.join_all().await;
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, result)| result).collect()
    }

    fn flight(&self, key: &str) -> Arc<Flight> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(key).and_then(Weak::upgrade) {
            return flight;
        }
        flights.retain(|_, flight| flight.strong_count() > 0);
        let flight = Arc::new(Flight::new());
        flights.insert(key.to_owned(), Arc::downgrade(&flight));
        flight
    }

    /// A document, from the cache if the portal says that it is still as it was; whether the
    /// portal was asked.
    async fn kept(&self, url: &Url) -> Result<(String, bool), Error> {
        let known = self.cache.as_ref().and_then(|cache| cache.read(url));
        if self.exchange.options.offline {
            return match known {
                Some(entry) => Ok((entry.text, false)),
                None => Err(Error::new(Fault::Offline, place_of(url))),
            };
        }
        let marks = known.as_ref().map_or_else(Marks::default, |entry| entry.marks.clone());
        let call = Call { url: url.clone(), body: None, known: marks };
        let entry = match (self.exchange.document(&call).await?, known) {
            (Some(document), _) => document,
            (None, Some(entry)) => return Ok((entry.text, true)),
            (None, None) => {
                let reason = "an answer that nothing has changed since none".to_owned();
                let fault = Fault::Malformed { reason };
                return Err(Error::new(fault, place_of(url)));
            }
        };
        if let Some(cache) = &self.cache
            && dataset(&entry.text, "host", "id").is_ok()
        {
            let Document { text, marks } = &entry;
            if let Err(notice) = cache.write(url, text, marks) {
                self.exchange.notice(notice);
            }
        }
        Ok((entry.text, true))
    }

    /// The columns of a dataset alone, for portals that keep the rest to themselves.
    ///
    /// # Errors
    ///
    /// As [`Client::schema`].
    pub async fn columns(&self, portal: &PortalAddress, id: &str) -> Result<Dataset, Error> {
        let url = portal.join(&["api", "views", id, "columns.json"]);
        let (document, _) = self.kept(&url).await?;
        dataset(&document, &portal.host(), id).map_err(|fault| Error::new(fault, place_of(&url)))
    }
}

/// The one dataset that a document describes.
fn dataset(text: &str, host: &str, id: &str) -> Result<Dataset, Fault> {
    let datasets = read(text, &Origin::of(host, id)).map_err(Fault::Metadata)?;
    datasets.into_iter().next().ok_or_else(|| {
        let reason = "the document describes no dataset".to_owned();
        Fault::Malformed { reason }
    })
}
