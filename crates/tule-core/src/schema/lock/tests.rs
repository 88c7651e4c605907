use super::*;
use crate::schema::manifest::PortalKind;
use crate::schema::socrata::{self, Origin};
use crate::schema::{Card, Column, DateRange, system_columns, with_system_columns};
use crate::types::Type;

fn calls() -> Dataset {
    let columns = vec![
        Column {
            label: "Beat".to_owned(),
            values: vec!["A1".to_owned(), "A2".to_owned()],
            ..Column::new("beat", Type::Text)
        },
        Column {
            portal_type: "calendar_date".to_owned(),
            ..Column::new("call_entry_date", Type::FloatingTimestamp)
        },
        Column {
            name: "shape".to_owned(),
            portal_type: "hologram".to_owned(),
            ..Column::default()
        },
    ];
    Dataset {
        rows: Some(1_200_000),
        range: Some(DateRange {
            column: "call_entry_date".to_owned(),
            first: "2019-01-01".to_owned(),
            last: "2026-04-10".to_owned(),
        }),
        card: Card { licence: "CC0".to_owned(), ..Card::default() },
        ..Dataset::new("data.a.gov", "esc4-8x43", "Police \"calls\"", with_system_columns(columns))
    }
}

#[test]
fn the_text_has_one_column_a_line() {
    let empty = Dataset {
        kind: PortalKind::Arcgis,
        ..Dataset::new("a.gov", "x/FeatureServer/0", "", Vec::new())
    };
    let expected = r#"# The schemas that queries are checked against: one dataset a block, one column a line.
# Written by `tule lock`. Commit it: its diff shows what changed at the portal.
version = 1

[dataset."a.gov/x/FeatureServer/0"]
kind = "arcgis"
columns = []

[dataset."data.a.gov/esc4-8x43"]
title = "Police \"calls\""
rows = 1200000
range = { column = "call_entry_date", first = "2019-01-01", last = "2026-04-10" }
licence = "CC0"
columns = [
  { name = "beat", type = "text", label = "Beat", values = ["A1", "A2"] },
  { name = "call_entry_date", type = "floating_timestamp", portal = "calendar_date" },
  { name = "shape", portal = "hologram" },
]
"#;
    assert_eq!(write(&[calls(), empty.clone()]), expected);
    assert_eq!(read(expected).unwrap().datasets, [empty, calls()]);
}

#[test]
fn nothing_locked_is_a_lock() {
    assert_eq!(read(&write(&[])), Ok(Lock::default()));
}

#[test]
fn rows_go_in_coarse_steps() {
    for (rows, step) in
        [(0, 0), (9, 9), (99, 99), (100, 100), (137, 130), (9999, 9900), (1_363, 1_300)]
    {
        assert_eq!(coarse(rows), step);
        assert_eq!(coarse(step), step);
    }
    assert_eq!(coarse(coarse(u64::MAX)), coarse(u64::MAX));
}

#[test]
fn the_last_dataset_of_a_place_wins() {
    let newer = Dataset { rows: Some(5), ..calls() };
    let lock = Lock::of([calls(), Dataset::new("b.gov", "x", "", vec![]), newer.clone()]);
    assert_eq!(lock.datasets.len(), 2);
    assert_eq!(lock.get("data.a.gov", "esc4-8x43"), Some(&newer));
    assert_eq!(write(&[calls(), newer.clone()]), write(std::slice::from_ref(&newer)));
    let mut lock = lock;
    assert_eq!(lock.remove("data.a.gov", "esc4-8x43"), Some(newer));
    assert_eq!(lock.remove("data.a.gov", "esc4-8x43"), None);
}

#[test]
fn system_columns_are_written_only_where_they_are_not_as_usual() {
    let beat = || Column::new("beat", Type::Text);
    let with = |columns: Vec<Column>| Dataset::new("a.gov", "x", "", columns);
    let mut listed_first = system_columns();
    listed_first.push(beat());
    let mut relabelled = with_system_columns(vec![beat()]);
    relabelled[2].label = "Version of the row".to_owned();
    for (dataset, lines) in [
        (with(with_system_columns(vec![beat()])), 1),
        (with(vec![beat()]), 1),
        (with(Vec::new()), 0),
        (with(system_columns()), 4),
        (with(listed_first), 5),
        (with(relabelled), 5),
        (Dataset { kind: PortalKind::Local, ..with(vec![beat()]) }, 1),
        (Dataset { kind: PortalKind::Local, ..with(with_system_columns(vec![beat()])) }, 5),
    ] {
        let text = write(std::slice::from_ref(&dataset));
        assert_eq!(text.matches("{ name").count(), lines, "{text}");
        assert_eq!(read(&text).unwrap().datasets, [dataset]);
    }
}

#[test]
fn characters_that_do_not_show_are_escaped() {
    let title = "a\u{202e}b\u{0}c\u{9b}d\ne\u{feff}\\f\u{7f}";
    let dataset = Dataset::new("a.gov", "x", title, Vec::new());
    let text = write(std::slice::from_ref(&dataset));
    assert!(text.contains(r#"title = "a\u202Eb\u0000c\u009Bd\ne\uFEFF\\f\u007F""#), "{text}");
    assert_eq!(read(&text).unwrap().datasets, [dataset]);
}

/// A small generator, so that the property holds for the same cases on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn text(&mut self) -> String {
        const PIECES: [&str; 18] = [
            "", "a", "Beat", "\"", "\\", "'", "\n", "\r\n", "\t", "]", "}", "#", "=", "\u{0}", "é",
            "\u{202e}", "💧", "\"\"\"",
        ];
        (0..self.below(4)).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn column(&mut self) -> Column {
        let ty = Type::all().nth(self.below(30));
        let portal_type =
            if self.below(2) == 0 { ty.map_or("", Type::name).to_owned() } else { self.text() };
        let values = (0..self.below(3)).map(|_| self.text()).collect();
        Column {
            name: self.text(),
            ty,
            portal_type,
            label: self.text(),
            description: self.text(),
            values,
        }
    }

    fn dataset(&mut self) -> Dataset {
        let mut columns: Vec<Column> = (0..self.below(5)).map(|_| self.column()).collect();
        if self.below(2) == 0 {
            columns = with_system_columns(columns);
        }
        if self.below(4) == 0 {
            columns.reverse();
        }
        let host = ["a.gov", "b.gov", "localhost:80", ""][self.below(4)];
        let id = self.text();
        let kind = PortalKind::ALL[self.below(5)].0;
        let range = (self.below(2) == 0).then(|| DateRange {
            column: self.text(),
            first: self.text(),
            last: self.text(),
        });
        Dataset {
            kind,
            resource_name: self.text(),
            rows: (self.below(2) == 0).then(|| coarse(self.0)),
            range,
            card: Card {
                description: self.text(),
                licence: self.text(),
                attribution: self.text(),
                owner: self.text(),
                contact: self.text(),
                frequency: self.text(),
                parent: self.text(),
                updated: self.text(),
                asset_type: self.text(),
                provenance: self.text(),
            },
            ..Dataset::new(host, &id, &self.text(), columns)
        }
    }
}

#[test]
fn reading_gives_back_what_was_written() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..2000 {
        let datasets: Vec<Dataset> = (0..random.below(4)).map(|_| random.dataset()).collect();
        let text = write(&datasets);
        let lock = read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(lock, Lock::of(datasets), "{text}");
        assert_eq!(write(&lock.datasets), text);
    }
}

#[test]
fn the_order_of_datasets_does_not_count() {
    let mut random = Random(7);
    let datasets: Vec<Dataset> =
        (0..6).map(|n| Dataset { id: format!("{n}"), ..random.dataset() }).collect();
    let reversed: Vec<Dataset> = datasets.iter().rev().cloned().collect();
    assert_eq!(write(&datasets), write(&reversed));
}

fn fault(text: &str) -> (String, String, String) {
    let error = read(text).unwrap_err();
    (error.message, error.span.text(text).to_owned(), error.help)
}

#[test]
fn newer_and_broken_files_are_refused() {
    let (message, place, help) = fault("# x\nversion = 2\nnew = 5\n");
    assert_eq!(message, "the lock file has version 2, this program reads version 1");
    assert_eq!(place, "2");
    assert!(help.contains("newer"));
    assert_eq!(fault("version = 0").2, "`tule lock` writes the file afresh");
    assert_eq!(fault("x = 1").0, "the lock file has no `version`");
    assert_eq!(fault("").0, "the lock file has no `version`");
    assert_eq!(fault("version = '1'").0, "`version` must be a whole number from 0, found text");
    for (block, message, place) in [
        ("['x']", "`x` must be a host and an identifier with `/` between", "'x'"),
        (
            "['a/x']\nrows = -5",
            "`rows` of `a/x` must be a whole number from 0, found a whole number",
            "-5",
        ),
        ("['a/x']\ntitle = 1", "`title` of `a/x` must be text, found a whole number", "1"),
        ("['a/x']\nkind = 'y'", "unknown `kind` `y`", "'y'"),
        ("['a/x']\ncolumns = [{ }]", "a column of `a/x` has no `name`", "{ }"),
        ("['a/x']\ncolumns = [5]", "a column of `a/x` must be a table, found a whole number", "5"),
        (
            "['a/x']\ncolumns = [{ name = 'c', type = 'hologram' }]",
            "unknown `type` `hologram`",
            "'hologram'",
        ),
        (
            "['a/x']\ncolumns = [{ name = 'c', values = [1] }]",
            "`values` must be texts, found a whole number",
            "1",
        ),
        ("['a/x']\ntitle = 'a'\ntitle = 'b'", "duplicate key `title`", "title"),
    ] {
        let text = format!("version = 1\n[dataset.{}", block.trim_start_matches('['));
        let (found, shown, _) = fault(&text);
        assert_eq!((&*found, &*shown), (message, place));
    }
}

#[test]
fn an_unfinished_merge_is_named() {
    let text = write(&[calls()]);
    let half = text.replacen("title", "<<<<<<< HEAD\ntitle", 1);
    let (message, place, _) = fault(&half);
    assert_eq!(message, "the lock file holds a merge that was not finished");
    assert_eq!(place, "<<<<<<< HEAD");
}

#[test]
fn facts_of_a_later_version_are_passed_over() {
    let text = "version = 1\nfuture = true\n[dataset.'A.gov/x']\nfuture = [1]\n\
                columns = [{ name = 'a', type = 'text', future = {} }]\n";
    let lock = read(text).unwrap();
    assert!(lock.get("a.gov", "x").unwrap().column("a").is_some());
}

#[test]
fn any_cut_of_a_file_is_read_without_a_crash() {
    let text = write(&[calls()]);
    for end in 0..text.len() {
        if let Err(error) = read(&text[..end]) {
            assert!(end == 0 || !error.span.text(&text[..end]).is_empty(), "{end}: {error:?}");
        }
        let _ = read(&text[end..]);
    }
}

/// Real schemas, where they are at hand: read from the form that the portal gives them in, locked
/// and read again.
#[test]
fn real_schemas_survive_the_lock() {
    let folder = std::env::var("TULE_CORPUS").unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus").to_owned()
    });
    let Ok(text) = std::fs::read_to_string(format!("{folder}/schemas.json")) else {
        println!("skipped: no schemas in {folder}");
        return;
    };
    let corpus: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut lock = Lock::default();
    let mut unknown = Vec::new();
    for (place, entry) in &corpus {
        let (host, id) = place.split_once('/').unwrap();
        let columns: Vec<_> = entry["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| {
                serde_json::json!({"fieldName": column["field"], "dataTypeName": column["type"]})
            })
            .collect();
        let view = serde_json::json!({"name": entry["name"], "columns": columns});
        let mut datasets = socrata::read(&view.to_string(), &Origin::of(host, id)).unwrap();
        let dataset = datasets.remove(0);
        unknown.extend(
            dataset.columns.iter().filter(|column| column.ty.is_none()).map(|c| c.name.clone()),
        );
        lock.merge(dataset);
    }
    assert_eq!(unknown, Vec::<String>::new());
    assert_eq!(lock.datasets.len(), corpus.len());
    let text = write(&lock.datasets);
    assert_eq!(read(&text).unwrap(), lock);
}
