//! Drift between real schemas of the same datasets, years apart, and what it does to real queries.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use tule_core::drift::{Change, Drift, Now, compare, in_statement, stopped, successor};
use tule_core::import::import_params;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::{Column, Dataset};
use tule_syntax::parser::parse_one;
use tule_tests::corpus::Corpus;

#[test]
fn a_schema_has_not_drifted_from_itself() {
    let Some(corpus) = Corpus::read() else { return };
    for dataset in corpus.catalog.datasets() {
        assert_eq!(compare(dataset, dataset), [], "{}", dataset.id);
    }
}

#[test]
fn columns_come_and_change_over_the_years() {
    let Some(corpus) = Corpus::read() else { return };
    assert!(corpus.pairs.len() >= 6);
    let mut retyped = Vec::new();
    let mut grown = 0;
    for (old, new) in &corpus.pairs {
        let changes = compare(old, new);
        let names = |dataset: &Dataset| -> BTreeSet<String> {
            let own = dataset.columns.iter().filter(|column| !column.is_system());
            own.map(|column| column.name.clone()).collect()
        };
        let added: BTreeSet<String> = names(new).difference(&names(old)).cloned().collect();
        let told: BTreeSet<String> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Added(column) | Change::Renamed { new: column, .. } => {
                    Some(column.name.clone())
                }
                _ => None,
            })
            .collect();
        assert_eq!(told, added, "{}", old.id);
        grown += usize::from(!added.is_empty());
        retyped.extend(changes.iter().filter_map(|change| match change {
            Change::Retyped { old, new } => Some((old.name.clone(), old.ty, new.ty)),
            _ => None,
        }));
        let gone = |change: &Change| matches!(change, Change::Removed(_) | Change::Renamed { .. });
        let lost = names(old).difference(&names(new)).count();
        assert_eq!(changes.iter().filter(|change| gone(change)).count(), lost, "{}", old.id);
    }
    assert!(grown >= 3, "{grown}");
    eprintln!("{} pairs, {grown} grew, retyped: {retyped:?}", corpus.pairs.len());
    assert!(!retyped.is_empty());
}

/// What happened to a dataset of collisions: names that its older columns have today.
const RENAMED: &[(&str, &str)] =
    &[("date", "crash_date"), ("time", "crash_time"), ("unique_key", "collision_id")];

#[test]
fn queries_that_read_renamed_columns_are_found_and_no_others() {
    let Some(corpus) = Corpus::read() else { return };
    let old = corpus.catalog.datasets().find(|dataset| dataset.id == "h9gi-nx95").unwrap();
    let columns: Vec<Column> = old
        .columns
        .iter()
        .map(|column| {
            let now = RENAMED.iter().find(|(before, _)| *before == column.name);
            let name = now.map_or(column.name.clone(), |(_, now)| (*now).to_owned());
            Column { name, ..column.clone() }
        })
        .collect();
    let new = Dataset::new(&old.host, &old.id, &old.title, columns);
    let changes = compare(old, &new);
    let guessed: Vec<(&str, &str)> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Renamed { old, new, .. } => Some((old.name.as_str(), new.name.as_str())),
            _ => None,
        })
        .collect();
    // The third has nothing in common with its new name but type and place, which is too little
    // where its neighbours changed as well.
    assert!(guessed.contains(&("date", "crash_date")), "{changes:?}");
    assert!(guessed.iter().all(|pair| RENAMED.contains(pair)), "{guessed:?}");
    let drift = Drift::new((**old).clone(), Now::There(changes));
    let (before, after) = (
        Catalog::of(vec![("h9gi-nx95", (**old).clone())]),
        Catalog::of(vec![("h9gi-nx95", new.clone())]),
    );
    let (mut hit, mut spared) = (0, 0);
    for row in corpus.rows.iter().filter(|row| row.dataset.as_deref() == Some("h9gi-nx95")) {
        let Ok(imported) = import_params(row.host.as_deref(), row.dataset.as_deref(), &row.params)
        else {
            continue;
        };
        let text = imported.statement.trim_end_matches(';');
        let parsed = parse_one(text);
        let found = in_statement(text, &parsed, std::slice::from_ref(&drift), &before, &after);
        let words: BTreeSet<String> = tule_syntax::lexer::lex(text)
            .iter()
            .map(|(_, span)| span.text(text).trim_matches('`').to_lowercase())
            .collect();
        let reads = RENAMED.iter().any(|(before, _)| words.contains(*before));
        let errors = found.iter().filter(|found| found.diagnostic.is_error()).count();
        assert_eq!(errors > 0, reads, "{text}: {found:?}");
        if reads { hit += 1 } else { spared += 1 }
    }
    eprintln!("{hit} queries are broken, {spared} are not");
    assert!(hit + spared > 0);
}

#[test]
fn a_dataset_that_moved_is_found_among_all_of_its_portal() {
    let Some(corpus) = Corpus::read() else { return };
    let all: Vec<Dataset> = corpus.catalog.datasets().map(|dataset| (**dataset).clone()).collect();
    let (mut moved, mut siblings) = (0, Vec::new());
    for dataset in &all {
        let same = |other: &&Dataset| other.host == dataset.host && other.id != dataset.id;
        let mut others: Vec<Dataset> = all.iter().filter(same).cloned().collect();
        if let Some(found) = successor(dataset, &others) {
            siblings.push(format!("{} -> {}: {:?}", dataset.title, found.title, found.evidence));
        }
        if dataset.columns.iter().filter(|column| !column.is_system()).count() < 2 {
            continue;
        }
        let mut new = dataset.clone();
        new.id = "move-dddd".to_owned();
        others.push(new);
        let found = successor(dataset, &others);
        assert_eq!(found.map(|found| found.id).as_deref(), Some("move-dddd"), "{}", dataset.title);
        moved += 1;
    }
    assert!(moved > 50, "{moved}");
    // Years and quarters of the same records are published side by side, with the same columns and
    // nearly the same title; when one of them goes, its rows are most often in another.
    assert!(siblings.len() * 10 <= all.len(), "{siblings:#?}");
    assert!(siblings.iter().all(|pair| pair.contains("title")), "{siblings:#?}");
}

#[test]
fn no_dataset_is_said_to_stand_still_without_the_publishers_own_word() {
    let Some(corpus) = Corpus::read() else { return };
    for dataset in corpus.catalog.datasets() {
        assert_eq!(stopped(dataset, jiff::civil::date(2099, 1, 1)), None, "{}", dataset.id);
    }
}
