//! The catalogue of a portal: its own datasets, found by words.
//!
//! Every host answers for all customers of the vendor unless it is told which to leave out, and
//! knows a portal under a name that need not be the one in its address. So a search names the
//! portal's host and its aliases, and hits of other hosts are dropped whatever the catalogue
//! gives. An empty result says only that the catalogue lists nothing for these hosts.

use std::collections::BTreeSet;

use tule_core::schema::Dataset;
use tule_core::schema::socrata::{Origin, read};

use crate::client::{Client, PortalAddress};
use crate::error::{Error, Fault};
use crate::exchange::{Call, Marks, place_of};

/// Hits of one page, and the most that the catalogue gives behind each other.
const PAGE: usize = 100;
const MOST: usize = 10_000;

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words; none lists everything.
    pub words: String,
    /// Most hits that are wanted.
    pub limit: usize,
    /// Whether maps, charts, files and links are listed too.
    pub every_kind: bool,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The datasets, best first, each with the portal's own host.
    pub datasets: Vec<Dataset>,
    /// How many the catalogue has for these hosts, as far as it says.
    pub total: Option<u64>,
    /// Hits of other hosts that were dropped.
    pub foreign: usize,
}

impl Client {
    /// Searches the catalogue of a portal.
    ///
    /// # Errors
    ///
    /// What keeps the catalogue from answering; the network is needed.
    pub async fn search(&self, portal: &PortalAddress, search: &Search) -> Result<Found, Error> {
        let url = portal.join(&["api", "catalog", "v1"]);
        if self.exchange.options.offline {
            return Err(Error::new(Fault::Offline, place_of(&url)));
        }
        let hosts = portal.hosts();
        let mut found = Found::default();
        let mut seen = BTreeSet::new();
        for offset in (0..MOST).step_by(PAGE) {
            let mut url = url.clone();
            url.query_pairs_mut()
                .append_pair("domains", &hosts.join(","))
                .append_pair("search_context", &portal.host())
                .append_pair("limit", &PAGE.to_string())
                .append_pair("offset", &offset.to_string());
            if !search.words.trim().is_empty() {
                url.query_pairs_mut().append_pair("q", search.words.trim());
            }
            if !search.every_kind {
                url.query_pairs_mut().append_pair("only", "dataset,filter");
            }
            let call = Call { url: url.clone(), body: None, known: Marks::default() };
            let wrong = |fault| Error::new(fault, place_of(&url));
            let Some(document) = self.exchange.document(&call).await? else { break };
            let hits = read(&document.text, &Origin { host: Some(portal.host()), id: None })
                .map_err(|error| wrong(Fault::Metadata(error)))?;
            found.total = found.total.or_else(|| total(&document.text));
            let given = hits.len();
            for mut hit in hits {
                if !hosts.iter().any(|host| host.eq_ignore_ascii_case(&hit.host)) {
                    found.foreign += 1;
                } else if seen.insert(hit.id.clone()) {
                    hit.host = portal.host();
                    found.datasets.push(hit);
                }
            }
            if given < PAGE || found.datasets.len() >= search.limit {
                break;
            }
        }
        found.datasets.truncate(search.limit);
        Ok(found)
    }
}

fn total(text: &str) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Page {
        #[serde(rename = "resultSetSize")]
        size: Option<u64>,
    }
    serde_json::from_str::<Page>(text).ok()?.size
}
