//! The datasets that every statement of the documents can query.
//!
//! `spec/README.md` describes them for readers; change both together.

use std::sync::Arc;

use tule_core::docs::{EVERY_TYPE, requests};
use tule_core::schema::catalog::{Catalog, Lookup, Reference};
use tule_core::schema::manifest::{Address, Portal, PortalKind};
use tule_core::schema::{Column, Dataset, with_system_columns};
use tule_core::types::Type;

const EXAMPLE: &str = "data.example.org";
const STOCKTON: &str = "data.stocktonca.gov";
const ELSEWHERE: &str = "data.elsewhere.org";

/// The catalog of the documents.
#[must_use]
pub fn catalog() -> Catalog {
    Catalog::of(vec![
        ("every_type", of(EXAMPLE, "evry-type", "Every type", EVERY_TYPE)),
        ("naming", of(EXAMPLE, "nami-ng22", "Naming", NAMING)),
        ("police_calls", of(STOCKTON, "esc4-8x43", "Calls for Service", POLICE_CALLS)),
        ("districts", of(STOCKTON, "gdix-arru", "Council Districts", DISTRICTS)),
        ("elsewhere", of(ELSEWHERE, "else-wher", "Elsewhere", BEATS)),
        ("twins", of(EXAMPLE, "twin-twin", "One of two", BEATS)),
        ("other_twins", of(ELSEWHERE, "twin-twin", "The other of two", BEATS)),
        ("holograms", holograms()),
        ("requests", requests()),
        ("nearby", of("127.0.0.1:8080", "near-byyy", "Nearby", BEATS)),
    ])
    .with_portal(nearby())
}

/// A portal whose address says more than its host.
fn nearby() -> Portal {
    let url = "http://127.0.0.1:8080".parse().ok();
    let address = url.map_or(Address::Folder(String::new()), Address::Web);
    Portal::new("nearby", PortalKind::Socrata, address)
}

/// The dataset of this name in the catalog of the documents.
#[must_use]
pub fn named(catalog: &Catalog, name: &str) -> Option<Arc<Dataset>> {
    match catalog.lookup(Reference::Name(name)) {
        Lookup::Found(dataset) => Some(dataset),
        _ => None,
    }
}

fn of(host: &str, id: &str, title: &str, columns: &[(&str, Type)]) -> Dataset {
    let columns = columns.iter().map(|&(name, ty)| Column::new(name, ty)).collect();
    Dataset::new(host, id, title, with_system_columns(columns))
}

/// A dataset with a column of a type that no version of the language knows.
fn holograms() -> Dataset {
    let odd = Column {
        name: "shape".to_owned(),
        portal_type: "hologram".to_owned(),
        ..Column::default()
    };
    let columns = vec![Column::new("n", Type::Number), odd];
    Dataset::new(EXAMPLE, "holo-gram", "Holograms", with_system_columns(columns))
}

const POLICE_CALLS: &[(&str, Type)] = &[
    ("call_no", Type::Text),
    ("call_type_final_d", Type::Text),
    ("priority", Type::Text),
    ("beat", Type::Text),
    ("districtname", Type::Text),
    ("call_entry_date", Type::FloatingTimestamp),
    ("call_entry_time_formatted", Type::Text),
    ("x", Type::Number),
    ("y", Type::Number),
    ("the_point", Type::Point),
];

const DISTRICTS: &[(&str, Type)] =
    &[("poly_code", Type::Text), ("name", Type::Text), ("the_geom", Type::Multipolygon)];

const BEATS: &[(&str, Type)] = &[("beat", Type::Text), ("n", Type::Number)];

/// The letters of the examples of generated names.
const NAMING: &[(&str, Type)] = &[
    ("a", Type::Number),
    ("b", Type::Number),
    ("c", Type::Number),
    ("x", Type::Number),
    ("num", Type::Number),
    ("name", Type::Text),
    ("d", Type::FloatingTimestamp),
    ("loc", Type::Point),
];
