//! The datasets that every statement of the documents can query.
//!
//! `spec/README.md` describes them for readers; change both together.

use std::sync::Arc;

use tule_core::docs::{DISTRICT_NAMES, EVERY_TYPE, requests};
use tule_core::schema::catalog::{Catalog, Lookup, Reference};
use tule_core::schema::manifest::{Address, Portal, PortalKind};
use tule_core::schema::{Column, Dataset, DateRange, with_system_columns};
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
        ("police_calls", police_calls()),
        ("districts", districts()),
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

/// The dataset of which a lock knows more than columns: rows, their dates, and the values of one
/// column.
fn police_calls() -> Dataset {
    let mut dataset = of(STOCKTON, "esc4-8x43", "Calls for Service", POLICE_CALLS);
    if let Some(column) = dataset.columns.iter_mut().find(|column| column.name == "districtname") {
        column.values = DISTRICT_NAMES.iter().map(|value| (*value).to_owned()).collect();
    }
    let range = DateRange {
        column: "call_entry_date".to_owned(),
        first: "2019-01-01T00:00:00.000".to_owned(),
        last: "2025-06-14T23:58:00.000".to_owned(),
    };
    dataset.rows = Some(480_000);
    dataset.range = Some(range);
    dataset
}

/// A small dataset.
fn districts() -> Dataset {
    let mut dataset = of(STOCKTON, "gdix-arru", "Council Districts", DISTRICTS);
    dataset.rows = Some(7);
    dataset
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
