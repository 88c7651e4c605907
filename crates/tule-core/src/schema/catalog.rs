//! What the checker asks: which dataset does a name in a query mean.
//!
//! A catalog joins the names of `tule.toml` with the schemas of `tule.lock`. A dataset that is
//! known by its place but has no schema is told apart from one that nobody knows, since the first
//! is cured by locking and the second by spelling. Deliberately absent: fetching a schema that is
//! missing; the caller does, and asks again.

mod address;
mod near;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Dataset;
use super::lock::Lock;
use super::manifest::{Manifest, Portal, PortalKind};
use crate::names::fold;
use address::{id_in_path, is_in_path, looks_like_host, looks_like_id};

/// The datasets that queries can name.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    portals: Vec<Portal>,
    datasets: Vec<Arc<Dataset>>,
    /// Names of the manifest, in order.
    names: Vec<Named>,
    /// Index into `names` by folded name.
    by_name: FxHashMap<Box<str>, usize>,
    /// Indices into `datasets` by folded identifier.
    by_id: FxHashMap<Box<str>, Vec<usize>>,
    /// Indices into `datasets` by the folded name that the publisher gave.
    by_resource: FxHashMap<Box<str>, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Named {
    name: String,
    target: Target,
}

#[derive(Clone, Debug)]
enum Target {
    /// Index into the datasets.
    Locked(usize),
    Missing {
        host: String,
        id: String,
    },
}

/// How a query refers to a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference<'r> {
    /// A bare name: `police_calls`.
    Name(&'r str),
    /// An identifier or the publisher's name, with or without the `@`: `@esc4-8x43`.
    Id(&'r str),
    /// Text: `stockton/police_calls`, `data.stocktonca.gov/esc4-8x43`, or a web address.
    Path(&'r str),
}

/// What a reference means.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// This dataset.
    Found(Arc<Dataset>),
    /// A dataset whose place is known, but not its schema.
    NotLocked {
        /// The host, where the reference or the project decides it.
        host: Option<String>,
        /// The identifier on that host.
        id: String,
    },
    /// Any of several datasets; each as a query can name it.
    Ambiguous(Vec<String>),
    /// No dataset.
    Unknown {
        /// Datasets with a name like it, best first, each as a query can name it.
        similar: Vec<String>,
    },
}

impl Catalog {
    /// The catalog of a project.
    #[must_use]
    pub fn new(manifest: Option<&Manifest>, lock: Lock) -> Self {
        let portals = manifest.map_or(Vec::new(), |manifest| manifest.portals.clone());
        let mut catalog = Self { portals, ..Self::default() };
        for dataset in lock.datasets {
            catalog.add(dataset);
        }
        for (name, reference) in manifest.iter().flat_map(|manifest| &manifest.datasets) {
            let Some(portal) = manifest.and_then(|manifest| manifest.portal(&reference.portal))
            else {
                continue;
            };
            let (host, id) = (portal.host(), portal.full_id(&reference.id));
            let target = match catalog.find(host, &id) {
                Some(index) => Target::Locked(index),
                None => Target::Missing { host: host.to_owned(), id },
            };
            catalog.name(name, target);
        }
        catalog
    }

    /// A catalog of named datasets, for tests and documentation.
    #[must_use]
    pub fn of(datasets: Vec<(&str, Dataset)>) -> Self {
        let mut catalog = Self::default();
        for (name, dataset) in datasets {
            let index = catalog.add(dataset);
            catalog.name(name, Target::Locked(index));
        }
        catalog
    }

    /// The catalog with one more portal, for tests and documentation.
    #[must_use]
    pub fn with_portal(mut self, portal: Portal) -> Self {
        self.portals.push(portal);
        self
    }

    fn add(&mut self, dataset: Dataset) -> usize {
        let index = self.datasets.len();
        self.by_id.entry(fold(&dataset.id).into()).or_default().push(index);
        if !dataset.resource_name.is_empty() {
            self.by_resource.entry(fold(&dataset.resource_name).into()).or_default().push(index);
        }
        self.datasets.push(Arc::new(dataset));
        index
    }

    fn name(&mut self, name: &str, target: Target) {
        self.by_name.insert(fold(name).into(), self.names.len());
        self.names.push(Named { name: name.to_owned(), target });
    }

    /// All datasets with a schema.
    pub fn datasets(&self) -> impl Iterator<Item = &Arc<Dataset>> {
        self.datasets.iter()
    }

    /// The bare names of the project that have a schema, with their datasets, in order.
    pub fn names(&self) -> impl Iterator<Item = (&str, Arc<Dataset>)> {
        self.names.iter().filter_map(|named| match named.target {
            Target::Locked(index) => Some((&*named.name, Arc::clone(self.datasets.get(index)?))),
            Target::Missing { .. } => None,
        })
    }

    /// The portal that a host or one of its aliases belongs to. Of several that differ by path,
    /// the first; [`Catalog::portal_for`] tells them apart.
    #[must_use]
    pub fn portal_of(&self, host: &str) -> Option<&Portal> {
        self.portals.iter().find(|portal| portal.answers_to(host))
    }

    /// The portal that a dataset is on.
    #[must_use]
    pub fn portal_for(&self, dataset: &Dataset) -> Option<&Portal> {
        self.portals
            .iter()
            .filter(|portal| portal.answers_to(&dataset.host))
            .filter(|portal| portal.relative_id(&dataset.id).is_some())
            .max_by_key(|portal| portal.base().len())
    }

    /// The dataset that a reference means.
    ///
    /// ```
    /// use tule_core::schema::catalog::{Catalog, Lookup, Reference};
    /// use tule_core::schema::Dataset;
    /// let calls = Dataset::new("data.stocktonca.gov", "esc4-8x43", "Calls for Service", vec![]);
    /// let catalog = Catalog::of(vec![("police_calls", calls)]);
    /// assert!(matches!(catalog.lookup(Reference::Name("Police_Calls")), Lookup::Found(_)));
    /// assert!(matches!(catalog.lookup(Reference::Id("@esc4-8x43")), Lookup::Found(_)));
    /// let near = catalog.lookup(Reference::Name("police_cals"));
    /// assert_eq!(near, Lookup::Unknown { similar: vec!["police_calls".to_owned()] });
    /// ```
    #[must_use]
    pub fn lookup(&self, reference: Reference<'_>) -> Lookup {
        match reference {
            Reference::Name(name) => self
                .named(name)
                .or_else(|| self.identified(name))
                .unwrap_or_else(|| self.unknown(name)),
            Reference::Id(id) => {
                let id = id.strip_prefix('@').unwrap_or(id);
                self.identified(id)
                    .or_else(|| self.named(id))
                    .or_else(|| self.placed(id))
                    .unwrap_or_else(|| self.unknown(id))
            }
            Reference::Path(path) => self.path(path.trim()),
        }
    }

    /// What a name of the manifest means.
    fn named(&self, name: &str) -> Option<Lookup> {
        // Nearly every name is written as it is compared.
        let index = self.by_name.get(name).or_else(|| self.by_name.get(&*fold(name)))?;
        let named = self.names.get(*index)?;
        self.target(&named.target)
    }

    fn target(&self, target: &Target) -> Option<Lookup> {
        match target {
            Target::Locked(index) => self.datasets.get(*index).cloned().map(Lookup::Found),
            Target::Missing { host, id } => {
                Some(Lookup::NotLocked { host: Some(host.clone()), id: id.clone() })
            }
        }
    }

    /// The dataset with this identifier on any host, else the one with this publisher's name.
    fn identified(&self, id: &str) -> Option<Lookup> {
        let folded = fold(id);
        let found = self.by_id.get(&*folded).or_else(|| self.by_resource.get(&*folded))?;
        match self.chosen(found) {
            Some(only) => self.datasets.get(only).cloned().map(Lookup::Found),
            None => Some(Lookup::Ambiguous(
                found.iter().filter_map(|index| self.by_place(*index)).collect(),
            )),
        }
    }

    /// Of several datasets with one identifier the one that the manifest names; else the one on a
    /// portal of the network, of which those in folders are snapshots.
    fn chosen(&self, found: &[usize]) -> Option<usize> {
        let only = |is_wanted: &dyn Fn(usize) -> bool| {
            let mut wanted = found.iter().copied().filter(|index| is_wanted(*index));
            wanted.next().filter(|_| wanted.next().is_none())
        };
        let is_named = |index| {
            self.names.iter().any(|named| matches!(named.target, Target::Locked(at) if at == index))
        };
        let is_remote = |index: usize| {
            self.datasets.get(index).is_some_and(|dataset| dataset.kind != PortalKind::Local)
        };
        only(&|_| true).or_else(|| only(&is_named)).or_else(|| only(&is_remote))
    }

    /// An identifier without a schema: on the host that the manifest names for it, else on the
    /// only portal there is.
    fn placed(&self, id: &str) -> Option<Lookup> {
        let folded = fold(id);
        let missing = self.names.iter().find_map(|named| match &named.target {
            Target::Missing { id: known, .. } if fold(known) == folded => {
                self.target(&named.target)
            }
            _ => None,
        });
        if missing.is_some() || !looks_like_id(id) {
            return missing;
        }
        let mut portals = self.portals.iter().filter(|portal| portal.kind == PortalKind::Socrata);
        let host = match (portals.next(), portals.next()) {
            (Some(only), None) => Some(only.host().to_owned()),
            _ => None,
        };
        Some(Lookup::NotLocked { host, id: id.to_ascii_lowercase() })
    }

    fn path(&self, path: &str) -> Lookup {
        let scheme = ["https://", "http://"].iter().any(|scheme| {
            path.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        if scheme {
            return self.web_address(path).unwrap_or_else(|| self.unknown(path));
        }
        let Some((place, rest)) = path.split_once('/').filter(|(_, rest)| !rest.is_empty()) else {
            return self
                .named(path)
                .or_else(|| self.identified(path))
                .or_else(|| self.placed(path))
                .unwrap_or_else(|| self.unknown(path));
        };
        let wanted = fold(place);
        let portal = self.portals.iter().find(|portal| fold(&portal.name) == wanted);
        if let Some(portal) = portal.or_else(|| self.portal_of(place)) {
            return self.on_portal(portal, rest);
        }
        let host = place.to_ascii_lowercase();
        if let Some(index) = self.find(&host, rest) {
            return self.target(&Target::Locked(index)).unwrap_or_else(|| self.unknown(rest));
        }
        if !looks_like_host(&host) {
            return Lookup::Unknown { similar: self.near_portal(place, rest) };
        }
        if looks_like_id(rest) {
            return Lookup::NotLocked { host: Some(host), id: rest.to_ascii_lowercase() };
        }
        self.web_address(&format!("https://{path}")).unwrap_or_else(|| self.unknown(rest))
    }

    /// What stands behind a portal's name or host.
    fn on_portal(&self, portal: &Portal, rest: &str) -> Lookup {
        let full = portal.full_id(rest);
        let index = self.find(portal.host(), &full).or_else(|| self.find(portal.host(), rest));
        if let Some(found) = index.and_then(|index| self.target(&Target::Locked(index))) {
            return found;
        }
        let wanted = fold(rest);
        let named = self.by_name.get(&*wanted).and_then(|index| self.names.get(*index));
        let named = named.filter(|named| match &named.target {
            Target::Locked(index) => {
                self.datasets.get(*index).is_some_and(|dataset| portal.answers_to(&dataset.host))
            }
            Target::Missing { host, .. } => portal.answers_to(host),
        });
        if let Some(found) = named.and_then(|named| self.target(&named.target)) {
            return found;
        }
        let host = portal.host().to_owned();
        if portal.kind != PortalKind::Socrata {
            // Identifiers of other kinds have no form to judge them by.
            return Lookup::NotLocked { host: Some(host), id: full };
        }
        if looks_like_id(rest) {
            return Lookup::NotLocked { host: Some(host), id: rest.to_ascii_lowercase() };
        }
        let page = rest.contains('/').then(|| self.web_address(&format!("https://{host}/{rest}")));
        let unknown = || Lookup::Unknown { similar: self.near(rest, Some(portal)) };
        page.flatten().unwrap_or_else(unknown)
    }

    /// A page or an interface of a dataset.
    fn web_address(&self, address: &str) -> Option<Lookup> {
        let url = url::Url::parse(address).ok()?;
        let host = super::manifest::host_of(&url);
        let path = url.path().trim_matches('/');
        let known = (0..self.datasets.len())
            .filter(|index| self.is_on(*index, &host))
            .filter_map(|index| self.datasets.get(index))
            .filter(|dataset| {
                is_in_path(&dataset.id, path) || is_in_path(&dataset.resource_name, path)
            })
            .max_by_key(|dataset| dataset.id.len());
        if let Some(dataset) = known {
            return Some(Lookup::Found(Arc::clone(dataset)));
        }
        let portal = self.portal_of(&host);
        let kind = portal.map_or(PortalKind::Socrata, |portal| portal.kind);
        let id = id_in_path(kind, path)?;
        Some(Lookup::NotLocked { host: Some(self.canonical(&host)), id })
    }

    /// Index of the dataset with this identifier, or this publisher's name, on this host.
    fn find(&self, host: &str, id: &str) -> Option<usize> {
        let folded = fold(id);
        let mut found: Vec<usize> = [&self.by_id, &self.by_resource]
            .iter()
            .filter_map(|index| index.get(&*folded))
            .flatten()
            .copied()
            .filter(|index| self.is_on(*index, host))
            .collect();
        // Identifiers of some portals differ by what names do not tell apart.
        found.sort_by_key(|index| self.datasets.get(*index).is_none_or(|known| known.id != id));
        found.first().copied()
    }

    fn is_on(&self, index: usize, host: &str) -> bool {
        let Some(dataset) = self.datasets.get(index) else { return false };
        dataset.host.eq_ignore_ascii_case(host)
            || self.portal_of(host).is_some_and(|portal| portal.answers_to(&dataset.host))
    }

    /// The portal's own host for any of its aliases.
    fn canonical(&self, host: &str) -> String {
        self.portal_of(host).map_or(host, Portal::host).to_ascii_lowercase()
    }
}
