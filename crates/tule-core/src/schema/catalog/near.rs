//! Datasets with a name like one that nobody knows.
//!
//! People know a dataset by its title, so titles are compared as well; what is offered is always
//! something that a query can hold.

use super::{Catalog, Lookup, Target};
use crate::names::{fold, similar};
use crate::schema::Dataset;
use crate::schema::manifest::{Portal, is_dataset_name};

/// Most names that are offered.
const MOST: usize = 3;

/// Longest name that is compared, in bytes: comparing costs its length times every known name.
const LONGEST: usize = 300;

impl Catalog {
    pub(super) fn unknown(&self, name: &str) -> Lookup {
        Lookup::Unknown { similar: self.near(name, None) }
    }

    /// Datasets like `wanted`, on one portal or on any.
    pub(super) fn near(&self, wanted: &str, portal: Option<&Portal>) -> Vec<String> {
        if wanted.len() > LONGEST {
            return Vec::new();
        }
        let on_portal = |host: &str, id: &str| {
            portal.is_none_or(|portal| portal.answers_to(host) && portal.relative_id(id).is_some())
        };
        // What a dataset is called, and how a query names it.
        let mut known: Vec<(String, String)> = Vec::new();
        for named in &self.names {
            let (host, id) = match &named.target {
                Target::Locked(index) => match self.datasets.get(*index) {
                    Some(dataset) => (&dataset.host, &dataset.id),
                    None => continue,
                },
                Target::Missing { host, id } => (host, id),
            };
            if on_portal(host, id) {
                known.push((named.name.clone(), named.name.clone()));
            }
        }
        let mut titles: Vec<(String, String)> = Vec::new();
        for (index, dataset) in self.datasets.iter().enumerate() {
            if !on_portal(&dataset.host, &dataset.id) {
                continue;
            }
            let Some(written) = self.written(index) else { continue };
            known.push((dataset.id.clone(), written.clone()));
            for name in [&dataset.resource_name, &slug(&dataset.title)] {
                if !name.is_empty() {
                    known.push((name.clone(), written.clone()));
                }
            }
            titles.push((slug(&dataset.title), written));
        }
        let mut near: Vec<String> = Vec::new();
        let mut offer = |written: &String| {
            if !near.contains(written) {
                near.push(written.clone());
            }
        };
        for name in similar(wanted, known.iter().map(|(name, _)| name.as_str())) {
            known.iter().filter(|(known, _)| known == name).for_each(|(_, written)| offer(written));
        }
        for (title, written) in &titles {
            if has_words(title, &slug(wanted)) {
                offer(written);
            }
        }
        near.truncate(MOST);
        near
    }

    /// The same reference on a portal with a name like `place`.
    pub(super) fn near_portal(&self, place: &str, rest: &str) -> Vec<String> {
        let names = self.portals.iter().map(|portal| portal.name.as_str());
        let near = similar(place, names);
        near.into_iter().map(|portal| quoted(&format!("{portal}/{rest}"))).collect()
    }

    /// How a query names a dataset: by its bare name, its identifier, or its place.
    fn written(&self, index: usize) -> Option<String> {
        let named = self
            .names
            .iter()
            .find(|named| matches!(named.target, Target::Locked(known) if known == index));
        if let Some(named) = named {
            return Some(named.name.clone());
        }
        let dataset = self.datasets.get(index)?;
        let alone = self.by_id.get(&*fold(&dataset.id)).is_some_and(|known| known.len() == 1);
        if alone && is_dataset_name(&format!("_{}", dataset.id.replace('-', "_"))) {
            return Some(format!("@{}", dataset.id));
        }
        self.by_place(index)
    }

    /// A dataset by the portal it is on.
    pub(super) fn by_place(&self, index: usize) -> Option<String> {
        let dataset: &Dataset = self.datasets.get(index)?;
        let place = self.portal_for(dataset).and_then(|portal| {
            Some(format!("{}/{}", portal.name, portal.relative_id(&dataset.id)?))
        });
        Some(quoted(&place.unwrap_or_else(|| format!("{}/{}", dataset.host, dataset.id))))
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A title as a name: `Calls for Service` is `calls_for_service`.
fn slug(title: &str) -> String {
    let folded = fold(title);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// Whether a title has all words of a name, of which there are at least two.
fn has_words(title: &str, name: &str) -> bool {
    let has = |word: &str| title.split('_').any(|known| known == word);
    name.contains('_') && name.split('_').all(has)
}
