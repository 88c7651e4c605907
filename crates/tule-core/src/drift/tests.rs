//! What a change is called, and which queries it breaks.

use std::sync::Arc;

use tule_syntax::parser::parse_one;

use super::*;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::schema::catalog::Catalog;
use crate::schema::lock::write;
use crate::schema::with_system_columns;
use crate::types::Type;

fn column(name: &str, ty: Type) -> Column {
    Column { label: name.replace('_', " "), ..Column::new(name, ty) }
}

fn dataset(columns: Vec<Column>) -> Dataset {
    Dataset::new("data.example.org", "abcd-1234", "Calls", with_system_columns(columns))
}

fn calls() -> Vec<Column> {
    vec![
        column("case_no", Type::Text),
        column("opened", Type::FloatingTimestamp),
        column("closed", Type::FloatingTimestamp),
        column("fatal", Type::Text),
        column("cost", Type::Number),
    ]
}

/// What is said of a statement when the columns become `now`.
fn found(text: &str, locked: &Dataset, now: &Dataset) -> Vec<Diagnostic> {
    let other = Dataset::new("data.example.org", "othe-rrrr", "", calls());
    let catalog =
        |dataset: &Dataset| Catalog::of(vec![("calls", dataset.clone()), ("other", other.clone())]);
    let drift = Drift::new(locked.clone(), Now::There(compare(locked, now)));
    let (before, after) = (catalog(locked), catalog(now));
    let found = in_statement(text, &parse_one(text), &[drift], &before, &after);
    found.into_iter().map(|found| found.diagnostic).collect()
}

/// Severity, code and text of each finding.
fn told(text: &str, locked: &Dataset, now: &Dataset) -> Vec<String> {
    let found = found(text, locked, now);
    let line = |found: &Diagnostic| {
        format!("{} {} {}", found.severity.name(), found.code, found.span.text(text))
    };
    found.iter().map(line).collect()
}

fn told_in_lock(lock: &str, drift: &Drift, uses: usize, wording: bool) -> Vec<Diagnostic> {
    let found = in_lock(lock, (0, drift), |_| uses, wording);
    found.into_iter().map(|found| found.diagnostic).collect()
}

fn without(name: &str) -> Dataset {
    dataset(calls().into_iter().filter(|column| column.name != name).collect())
}

fn with(name: &str, change: impl Fn(&mut Column)) -> Dataset {
    let mut columns = calls();
    change(columns.iter_mut().find(|column| column.name == name).unwrap());
    dataset(columns)
}

#[test]
fn a_removed_column_concerns_those_who_read_it() {
    let (locked, now) = (dataset(calls()), without("cost"));
    let told = |text: &str| told(text, &locked, &now);
    let removed = "error drift-column-removed cost";
    assert_eq!(told("select case_no from calls"), Vec::<String>::new());
    assert_eq!(told("select cost from other"), Vec::<String>::new());
    assert_eq!(told("select case_no from calls where cost > 5 and cost < 9"), [removed]);
    assert_eq!(told("select sum(@c.cost) as s from calls as c"), [removed]);
    assert_eq!(told("select * from calls |> select cost"), [removed]);
    assert_eq!(told("select * (except cost) from calls"), [removed]);
    assert_eq!(told("select o.cost from other as o"), Vec::<String>::new());
    let joined = "select @o.cost from calls as c join other as o on @o.case_no = @c.case_no";
    assert_eq!(told(joined), Vec::<String>::new());
    assert_eq!(told("select * from calls"), ["warning drift-column-removed *"]);
    let found = found("select cost from calls order by cost", &locked, &now);
    assert_eq!(found[0].labels.len(), 2, "the other place and the dataset");
}

#[test]
fn a_renamed_column_is_guessed_by_more_than_one_sign() {
    let locked = dataset(calls());
    let now = with("opened", |column| column.name = "requested_datetime".to_owned());
    let changes = compare(&locked, &now);
    let [Change::Renamed { new, evidence, .. }] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(new.name, "requested_datetime");
    assert_eq!(evidence, &["same type", "same neighbours", "same label"]);
    let text = "select opened, case_no from calls where opened > '2025-01-01' order by opened";
    let found = found(text, &locked, &now);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].code, found[0].severity), (Code::DriftColumnRenamed, Severity::Error));
    let mut repaired = text.to_owned();
    for edit in found[0].fixes[0].edits.iter().rev() {
        repaired.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    // The other two places mean the result column.
    let expected = text.replace("select opened", "select requested_datetime as opened");
    assert_eq!(repaired, expected);
    assert_eq!(told(&repaired, &now, &now), Vec::<String>::new());
    let catalog = Catalog::of(vec![("calls", now.clone())]);
    let context = crate::check::Context { catalog: &catalog, input: None };
    assert_eq!(crate::check::check(&repaired, &parse_one(&repaired), context).diagnostics, []);
    // Another type, another place and another label: another column.
    let mut columns = calls();
    columns.retain(|column| column.name != "opened");
    columns.push(column("note", Type::Text));
    let changes = compare(&locked, &dataset(columns));
    assert!(matches!(&changes[..], [Change::Removed(_), Change::Added(_)]), "{changes:?}");
    // Two candidates with as much for them: no guess.
    let mut columns = calls();
    columns.retain(|column| column.name != "opened" && column.name != "closed");
    for name in ["time_opened", "date_opened"] {
        columns
            .push(Column { label: "opened".to_owned(), ..column(name, Type::FloatingTimestamp) });
    }
    let changes = compare(&locked, &dataset(columns));
    let guesses = changes.iter().filter(|change| matches!(change, Change::Renamed { .. })).count();
    assert_eq!(guesses, 0, "{changes:?}");
}

#[test]
fn values_speak_for_a_new_name_even_of_another_type() {
    let values = vec!["Y".to_owned(), "N".to_owned()];
    let locked = with("fatal", |column| column.values.clone_from(&values));
    let now = with("fatal", |column| {
        column.name = "flag_fatal".to_owned();
        column.ty = Some(Type::Json);
        column.values.clone_from(&values);
    });
    let changes = compare(&locked, &now);
    assert!(matches!(&changes[..], [Change::Renamed { .. }]), "{changes:?}");
}

#[test]
fn a_new_type_concerns_those_whose_query_no_longer_makes_sense() {
    let locked = dataset(calls());
    let now = with("fatal", |column| column.ty = Some(Type::Boolean));
    let told = |text: &str| told(text, &locked, &now);
    let text = "select case_no from calls where fatal = 'yes please'";
    assert_eq!(told(text), ["error drift-type-changed fatal"]);
    let found = found(text, &locked, &now);
    assert_eq!(found[0].message, "column `fatal` was text and is boolean now");
    assert!(found[0].notes[0].contains("checkbox"), "{:?}", found[0]);
    assert_eq!(told("select fatal from calls where fatal is not null"), Vec::<String>::new());
    assert_eq!(told("select case_no from calls"), Vec::<String>::new());
}

#[test]
fn a_new_column_matters_where_the_shape_is_fixed() {
    let locked = dataset(calls());
    let mut columns = calls();
    columns.push(column("ward", Type::Text));
    let now = dataset(columns);
    let told = |text: &str| told(text, &locked, &now);
    assert_eq!(told("select case_no from calls"), Vec::<String>::new());
    assert_eq!(told("select * from calls"), ["info drift-column-added *"]);
    let union = told("select * from calls union select * from other");
    assert!(union.contains(&"warning drift-column-added *".to_owned()), "{union:?}");
    // The union itself is refused now, and no single name is to blame.
    assert!(union.iter().any(|line| line.starts_with("error drift-query-broken")), "{union:?}");
}

fn dated(first: &str, last: &str, rows: u64) -> Dataset {
    let range =
        DateRange { column: "opened".to_owned(), first: first.to_owned(), last: last.to_owned() };
    let mut dataset = dataset(calls());
    (dataset.rows, dataset.range) = (Some(rows), Some(range));
    dataset
}

#[test]
fn rows_that_are_gone_are_a_warning_and_an_error_where_nothing_can_match() {
    let locked = dated("2010-01-01T00:00:00.000", "2025-06-01T00:00:00.000", 30_000_000);
    let now = dated("2020-01-01T00:00:00.000", "2025-07-01T00:00:00.000", 12_000_000);
    let told = |text: &str| told(text, &locked, &now);
    let table = "warning drift-range-shrunk calls";
    assert_eq!(told("select case_no from calls"), [table, table], "the range and the number");
    let never = "select case_no from calls where cost > 1 and opened < '2015-01-01'";
    let found = told(never);
    assert!(
        found.contains(&"error drift-range-shrunk opened < '2015-01-01'".to_owned()),
        "{found:?}"
    );
    for still in [
        "select case_no from calls where opened < '2024-01-01'",
        "select case_no from calls where opened < '2015-01-01' or cost > 1",
        "select case_no from calls where closed < '2015-01-01'",
        // It never matched anything.
        "select case_no from calls where opened < '2001-01-01'",
    ] {
        assert_eq!(told(still), [table, table], "{still}");
    }
    let equal = told("select case_no from calls where '2012-05-05' = opened");
    assert!(equal.iter().any(|line| line.starts_with("error")), "{equal:?}");
    // A dataset that grows does what datasets do.
    let grown = dated("2010-01-01T00:00:00.000", "2025-09-01T00:00:00.000", 31_000_000);
    assert_eq!(compare(&locked, &grown), []);
}

#[test]
fn what_became_of_a_dataset_is_an_error_wherever_it_is_named() {
    let locked = dataset(calls());
    let catalog = Catalog::of(vec![("calls", locked.clone())]);
    let lock = write(std::slice::from_ref(&locked));
    for (now, code) in [
        (Now::Gone, Code::DriftDatasetGone),
        (Now::Private, Code::DriftDatasetPrivate),
        (Now::Moved { found: "text/html".to_owned() }, Code::DriftPortalMoved),
    ] {
        let drift = Drift::new(locked.clone(), now);
        assert!(drift.matters());
        let text = "select case_no from calls";
        let found =
            in_statement(text, &parse_one(text), std::slice::from_ref(&drift), &catalog, &catalog);
        assert_eq!(found.len(), 1);
        let diagnostic = &found[0].diagnostic;
        assert_eq!((diagnostic.code, diagnostic.span.text(text)), (code, "calls"));
        let unread = told_in_lock(&lock, &drift, 0, false);
        assert_eq!((unread.len(), unread[0].code, unread[0].severity), (1, code, Severity::Error));
        assert_eq!(unread[0].span.text(&lock), "[dataset.\"data.example.org/abcd-1234\"]");
    }
}

#[test]
fn a_map_and_a_view_of_another_are_no_datasets_any_more() {
    let locked = dataset(calls());
    for (asset, columns) in [("map", Vec::new()), ("filter", calls())] {
        let mut now = dataset(columns);
        now.card.asset_type = asset.to_owned();
        assert_eq!(
            told("select cost from calls", &locked, &now),
            ["error drift-asset-changed calls"]
        );
    }
}

#[test]
fn the_lock_tells_of_what_no_query_reads_and_of_wording_when_asked() {
    let locked = dataset(calls());
    let mut columns = calls();
    columns.retain(|column| column.name != "cost");
    columns[0].label = "Number of the case".to_owned();
    columns.swap(1, 2);
    let mut now = dataset(columns);
    now.title = "Calls since 2020".to_owned();
    let drift = Drift::new(locked.clone(), Now::There(compare(&locked, &now)));
    let lock = write(std::slice::from_ref(&locked));
    let found = told_in_lock(&lock, &drift, 0, false);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].severity, found[0].span.text(&lock)), (Severity::Info, "name = \"cost\""));
    assert_eq!(found[0].notes, ["no query is affected"]);
    let all: Vec<String> =
        told_in_lock(&lock, &drift, 2, true).into_iter().map(|found| found.message).collect();
    assert_eq!(
        all,
        [
            "`case_no`: the label is `Number of the case`, was `case no`",
            "column `cost` (number) is gone from the portal",
            "the title is `Calls since 2020`, was `Calls`",
            "the columns stand in another order",
        ]
    );
}

#[test]
fn what_a_portal_adds_by_itself_is_no_change() {
    let mut columns = calls();
    columns.push(Column::new(":@computed_region_abcd_efgh", Type::Number));
    assert_eq!(compare(&dataset(calls()), &dataset(columns.clone())), []);
    assert_eq!(compare(&dataset(columns), &Dataset::new("h", "i", "Calls", calls())), []);
    let nothing = Drift::new(dataset(calls()), Now::There(Vec::new()));
    assert!(!nothing.matters());
    let _: Arc<Dataset> = Arc::new(nothing.locked);
}

#[test]
fn rows_that_no_longer_come_concern_those_who_read_them() {
    let locked = dataset(calls());
    let (updated, frequency) = ("2025-01-31".to_owned(), "Daily".to_owned());
    let changes = vec![Change::Stopped { updated, frequency, days: 365 }];
    let drift = Drift::new(locked.clone(), Now::There(changes));
    assert!(drift.matters());
    let catalog = Catalog::of(vec![("calls", locked.clone())]);
    let text = "select case_no from calls";
    let drifts = std::slice::from_ref(&drift);
    let found = in_statement(text, &parse_one(text), drifts, &catalog, &catalog);
    let expected = "rows last changed on 2025-01-31, 365 days ago; the portal says `Daily`";
    assert_eq!(found[0].diagnostic.message, expected);
    assert_eq!(found[0].diagnostic.severity, Severity::Warning);
    let lock = write(std::slice::from_ref(&locked));
    let unread = told_in_lock(&lock, &drift, 0, false);
    assert_eq!((unread[0].severity, &*unread[0].message), (Severity::Info, expected));
}

#[test]
fn where_the_rows_are_now_is_said_with_its_evidence() {
    let locked = dataset(calls());
    let mut new = locked.clone();
    new.id = "neww-neww".to_owned();
    let mut drift = Drift::new(locked.clone(), Now::Gone);
    assert!(drift.has_lost_rows());
    drift.successor = successor(&locked, &[new]);
    let catalog = Catalog::of(vec![("calls", locked.clone())]);
    let text = "select case_no from calls";
    let drifts = std::slice::from_ref(&drift);
    let found = in_statement(text, &parse_one(text), drifts, &catalog, &catalog);
    assert_eq!(
        found[0].diagnostic.notes,
        ["the rows are probably in `data.example.org/neww-neww` (`Calls`): \
             5 of 5 columns, same title"]
    );
    let lock = write(std::slice::from_ref(&locked));
    assert_eq!(told_in_lock(&lock, &drift, 1, false)[0].notes.len(), 2);
    assert!(!Drift::new(locked, Now::Private).has_lost_rows());
}
