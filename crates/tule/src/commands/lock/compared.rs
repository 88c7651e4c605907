//! The locked datasets, asked about and compared with what is locked.

use std::collections::BTreeSet;

use jiff::civil::Date;
use tule_core::drift::{Change, Drift, Now, Successor, compare, stopped, successor};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::Lock;
use tule_core::schema::manifest::PortalKind;
use tule_portal::{Fault, Search};

use super::fetch::{Answer, Place, fetch};
use crate::exit::Outcome;
use crate::output::{INFO, Output};
use crate::portal::{self, Portals};

/// Hits of a catalogue among which a dataset's successor is looked for.
const HITS: usize = 25;
/// Words of a title that are searched for; more make catalogues find less.
const WORDS: usize = 8;

/// How datasets are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// Count rows where the metadata do not tell.
    pub(super) count: bool,
    /// Only what was fetched before is known.
    pub(super) offline: bool,
    pub(super) today: Date,
}

/// What came of asking about the locked datasets.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) drifts: Vec<Drift>,
    /// The schemas as they are now.
    pub(super) schemas: Vec<Dataset>,
    /// Datasets that could not be asked about.
    pub(super) failed: BTreeSet<Place>,
}

/// Asks about the datasets of a lock, local ones left out.
pub(super) fn compared(
    out: &mut Output,
    lock: &Lock,
    portals: &Portals,
    catalog: &Catalog,
    manner: Manner,
) -> Outcome<Compared> {
    let locked = lock.datasets.iter().filter(|dataset| dataset.kind != PortalKind::Local);
    let wanted = locked.map(|dataset| (dataset.host.clone(), dataset.id.clone())).collect();
    let answers = fetch(out, portals, catalog, &wanted, manner.count)?;
    let mut compared = Compared::default();
    for (place, answer) in answers {
        let Some(locked) = lock.get(&place.0, &place.1) else { continue };
        let Some(mut drift) = one(out, locked, (place, answer), &mut compared, manner)? else {
            continue;
        };
        if drift.has_lost_rows() && !manner.offline {
            drift.successor = elsewhere(out, &drift, &compared.schemas, portals, catalog)?;
        }
        compared.drifts.push(drift);
    }
    Ok(compared)
}

/// One dataset compared; `None` where nothing is known of it, which is told.
fn one(
    out: &mut Output,
    locked: &Dataset,
    (place, answer): Answer,
    compared: &mut Compared,
    manner: Manner,
) -> Outcome<Option<Drift>> {
    let now = match answer {
        Ok(schema) => {
            let mut changes = compare(locked, &schema);
            // What was fetched some time ago says nothing about today.
            changes.extend(stopped(&schema, manner.today).filter(|_| !manner.offline));
            compared.schemas.push(schema);
            Now::There(changes)
        }
        Err(error) => match &*error.fault {
            Fault::Gone(_) => Now::Gone,
            Fault::Forbidden(_) => Now::Private,
            fault if error.has_moved() => Now::Moved { found: fault.to_string() },
            _ => {
                portal::tell(out, &error)?;
                compared.failed.insert(place);
                return Ok(None);
            }
        },
    };
    Ok(Some(Drift::new(locked.clone(), now)))
}

/// Where the rows of a dataset are now, as far as the portal or its catalogue tells. That it does
/// not is no fault.
fn elsewhere(
    out: &mut Output,
    drift: &Drift,
    schemas: &[Dataset],
    portals: &Portals,
    catalog: &Catalog,
) -> Outcome<Option<Successor>> {
    let locked = &drift.locked;
    let became = drift.changes().iter().any(|change| matches!(change, Change::Asset { .. }));
    let now = schemas.iter().find(|schema| schema.host == locked.host && schema.id == locked.id);
    if let Some(now) = now.filter(|now| became && !now.card.parent.is_empty()) {
        return Ok(Some(Successor {
            host: now.host.clone(),
            id: now.card.parent.clone(),
            title: String::new(),
            evidence: vec!["the portal says whose rows it shows".to_owned()],
        }));
    }
    let Some(address) = portal::address(catalog, &locked.host) else { return Ok(None) };
    for words in searches(locked) {
        let search = Search { words, limit: HITS, every_kind: false };
        match portals.runtime.wait(portals.client.search(&address, &search)) {
            Ok(found) => {
                if let Some(found) = successor(locked, &found.datasets) {
                    return Ok(Some(found));
                }
            }
            Err(error) => {
                let text = format!("the catalogue was not searched for `{}`: {error}", locked.id);
                out.tell_line(INFO, "note", &text)?;
                break;
            }
        }
    }
    Ok(None)
}

/// What is searched for: the words of the title, then the longest names of columns.
fn searches(locked: &Dataset) -> Vec<String> {
    let parts = locked.title.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = parts.filter(|word| !word.is_empty()).take(WORDS).collect();
    let mut names: Vec<&str> = locked
        .columns
        .iter()
        .filter(|column| !column.is_system())
        .map(|column| if column.label.is_empty() { &*column.name } else { &*column.label })
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.truncate(3);
    [words.join(" "), names.join(" ")].into_iter().filter(|words| !words.is_empty()).collect()
}
