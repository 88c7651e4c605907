//! The embedded engine takes whatever checks: every statement of the reference and every real
//! call runs over folders of files with the same schemas.
//!
//! The files have a row without any value: this is about queries that must run, not about results.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::collections::{BTreeMap, BTreeSet};

use tule_core::check::{Checked, Context, Valid, check};
use tule_core::import::import_params;
use tule_core::plan::Plan;
use tule_core::schema::catalog::Catalog;
use tule_core::types::Type;
use tule_local::{LocalPortal, OpenOptions, RunCode, RunError};
use tule_syntax::parser::{ParsedStatement, parse_one};
use tule_tests::compile::clock;
use tule_tests::corpus::Corpus;
use tule_tests::datasets::catalog;
use tule_tests::documents::documents;
use tule_tests::statements::statements;

/// Portals with the datasets of a catalog, by host.
struct Portals {
    portals: BTreeMap<String, LocalPortal>,
    _folder: tempfile::TempDir,
}

impl Portals {
    fn of(catalog: &Catalog) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut hosts = BTreeSet::new();
        for dataset in catalog.datasets() {
            let place = folder.path().join(&dataset.host);
            std::fs::create_dir_all(&place).unwrap();
            let columns: Vec<_> = dataset
                .columns
                .iter()
                .filter(|column| !column.name.starts_with(":@") && !column.is_system())
                .chain(dataset.columns.iter().filter(|column| column.name.starts_with(":@")))
                .map(|column| {
                    serde_json::json!({
                        "fieldName": column.name,
                        "name": column.name,
                        "dataTypeName": column.portal_type,
                    })
                })
                .collect();
            let view = serde_json::json!({"id": dataset.id, "columns": columns});
            let path = |ending: &str| place.join(format!("{}.{ending}", dataset.id));
            std::fs::write(path("meta.json"), view.to_string()).unwrap();
            std::fs::write(path("jsonl"), "{}\n").unwrap();
            hosts.insert(dataset.host.clone());
        }
        let portals = hosts.into_iter().map(|host| {
            let path = folder.path().join(&host);
            let portal = LocalPortal::open(&path, &host, OpenOptions::default()).unwrap();
            assert_eq!(portal.skipped(), [], "{host}");
            (host, portal)
        });
        Self { portals: portals.collect(), _folder: folder }
    }

    /// Runs a statement that checks; `None` for one that does not, or of datasets of nobody.
    fn run(
        &self,
        text: &str,
        parsed: &ParsedStatement,
        checked: &Checked,
    ) -> Option<Result<usize, RunError>> {
        let valid = Valid::new(text, parsed, checked).filter(|_| checked.missing.is_empty())?;
        let host = checked.typed.datasets.first().map(|(_, dataset)| dataset.host.clone());
        let portal = self.portals.get(&host.unwrap_or_else(|| "data.example.org".to_owned()))?;
        let given: Vec<(String, String)> = checked
            .typed
            .parameters
            .iter()
            .filter(|parameter| parameter.default.is_none())
            .map(|parameter| (parameter.name.to_string(), sample(parameter.ty.unwrap()).to_owned()))
            .collect();
        let plan = Plan::new(valid, &given, clock()).unwrap();
        Some(portal.run(&plan).and_then(|rows| {
            let columns = rows.columns().len();
            let mut count = 0;
            for row in rows {
                assert_eq!(row?.len(), columns, "{text}");
                count += 1;
            }
            Ok(count)
        }))
    }
}

/// A value of a type for a parameter.
fn sample(ty: Type) -> &'static str {
    match ty {
        Type::Number | Type::Double => "3",
        Type::Boolean => "true",
        Type::FixedTimestamp | Type::FloatingTimestamp | Type::Datestamp => "2025-01-01",
        Type::Time => "12:30",
        Type::Interval => "P1D",
        Type::Point => "POINT (1 2)",
        Type::Polygon => "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        Type::Multipolygon => "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
        Type::Json | Type::Location | Type::Document => "{}",
        Type::RowIdentifier => "row-iy9i-gz3f~gx4b",
        Type::RowVersion => "rv-iy9i-gz3f~gx4b",
        _ => "x",
    }
}

/// Why a statement may be refused before it runs.
const REFUSED: &[&str] = &[
    "is a dataset of",
    "is a stored function of a portal",
    "parameters of stored views exist on portals only",
    "asks for the request's user",
    "takes no `filter` when it runs",
    "with a distance needs an order by number",
    "with a distance needs exactly one",
];

fn judge(place: &str, outcome: Result<usize, RunError>, faults: &mut Vec<String>) {
    let Err(error) = outcome else { return };
    let reviewed = REFUSED.iter().any(|known| error.message.contains(known));
    // A constant may be at fault whatever the rows are.
    if !reviewed && error.code != RunCode::BadValue {
        faults.push(format!("{place}: {} ({:?})", error.message, error.code));
    }
}

#[test]
fn every_statement_of_the_reference_runs() {
    let catalog = catalog();
    let portals = Portals::of(&catalog);
    let mut faults = Vec::new();
    let mut count = 0;
    for statement in statements(&documents().unwrap()) {
        let context = Context { catalog: &catalog, input: None };
        let checked = check(&statement.text, &statement.parsed, context);
        let Some(outcome) = portals.run(&statement.text, &statement.parsed, &checked) else {
            continue;
        };
        count += 1;
        judge(&format!("{} {}", statement.place, statement.text), outcome, &mut faults);
    }
    eprintln!("{count} statements");
    assert!(count > 500, "{count} statements");
    assert!(faults.is_empty(), "\n{}\n{} faults", faults.join("\n"), faults.len());
}

#[test]
fn every_real_call_runs() {
    let Some(corpus) = Corpus::read() else { return };
    let portals = Portals::of(&corpus.catalog);
    let mut faults = Vec::new();
    let mut count = 0;
    for row in &corpus.rows {
        let (host, dataset) = (row.host.as_deref(), row.dataset.as_deref());
        let Ok(imported) = import_params(host, dataset, &row.params) else { continue };
        let parsed = parse_one(&imported.statement);
        let text = parsed.range.text(&imported.statement);
        let checked = check(text, &parsed, Context { catalog: &corpus.catalog, input: None });
        let Some(outcome) = portals.run(text, &parsed, &checked) else { continue };
        count += 1;
        judge(&row.key, outcome, &mut faults);
    }
    eprintln!("{count} calls");
    assert!(count > 0);
    assert!(faults.is_empty(), "\n{}\n{} faults", faults.join("\n"), faults.len());
}
