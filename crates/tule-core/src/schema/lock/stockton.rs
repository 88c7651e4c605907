//! The example project, as a user would meet it: its metadata gives its lock, its names find
//! their datasets, its queries are well formed.

use std::fs;
use std::path::PathBuf;

use tule_syntax::parser::parse_file;

use super::{Lock, read, write};
use crate::schema::catalog::{Catalog, Lookup, Reference};
use crate::schema::manifest;
use crate::schema::socrata::{self, Origin};

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/stockton"))
}

fn text(path: &str) -> String {
    fs::read_to_string(folder().join(path)).unwrap()
}

/// The files of a subfolder, sorted, as pairs of name and text.
fn files(path: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder().join(path))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_lock_is_made_from_the_metadata() {
    let mut lock = Lock::default();
    for (name, text) in files("metadata") {
        for dataset in socrata::read(&text, &Origin::default()).unwrap() {
            assert_eq!(format!("{}.json", dataset.id), name);
            assert!(dataset.card.provenance.contains("assembled by hand"), "{name}");
            assert!(dataset.columns.iter().all(|column| column.ty.is_some()), "{name}");
            lock.merge(dataset);
        }
    }
    let made = write(&lock.datasets);
    // `TULE_UPDATE=1 cargo test` writes the file anew.
    if std::env::var_os("TULE_UPDATE").is_some() {
        fs::write(folder().join("tule.lock"), &made).unwrap();
    }
    assert_eq!(text("tule.lock"), made);
    assert_eq!(read(&made), Ok(lock));
}

#[test]
fn every_name_finds_its_dataset() {
    let manifest = manifest::parse(&text("tule.toml")).unwrap();
    let catalog = Catalog::new(Some(&manifest), read(&text("tule.lock")).unwrap());
    assert_eq!(catalog.names().count(), manifest.datasets.len());
    for reference in [
        Reference::Name("police_calls"),
        Reference::Id("@esc4-8x43"),
        Reference::Path("stockton/police_calls"),
        Reference::Path("opda.stocktonca.gov/esc4-8x43"),
        Reference::Path("https://data.stocktonca.gov/resource/esc4-8x43.json"),
    ] {
        let Lookup::Found(dataset) = catalog.lookup(reference) else {
            panic!("{reference:?} is not found");
        };
        assert_eq!(dataset.id, "esc4-8x43");
        assert!(dataset.column(":updated_at").is_some());
        assert_eq!(dataset.range.as_ref().unwrap().column, "call_entry_date");
    }
    let Lookup::Found(districts) = catalog.lookup(Reference::Name("council_districts")) else {
        panic!("council_districts is not found");
    };
    assert_eq!(districts.column("poly_code").unwrap().1.values, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(districts.rows, Some(6));
}

#[test]
fn every_query_is_well_formed() {
    let queries = files("queries");
    assert!(queries.len() >= 5);
    for (name, text) in queries {
        for statement in parse_file(&text) {
            assert_eq!(statement.errors, [], "{name}");
            let ended = statement.statement.query.is_none() || statement.terminated;
            assert!(ended, "{name}");
        }
    }
}
