//! A folder of files, and queries over it written as text.

use std::path::Path;

use tule_core::check::{Context, Valid, check};
use tule_core::plan::{Clock, Plan};
use tule_core::rows::Value;
use tule_core::schema::catalog::Catalog;
use tule_local::{LocalPortal, OpenOptions, Rows, RunError, RunOptions};
use tule_syntax::parser::parse_file;

/// A portal over files that go away with it.
pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) portal: LocalPortal,
}

/// A portal of these files, in memory.
pub(crate) fn home(files: &[(&str, &str)]) -> Home {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let portal = open(folder.path());
    Home { folder, portal }
}

pub(crate) fn open(folder: &Path) -> LocalPortal {
    LocalPortal::open(folder, "home", OpenOptions::default()).unwrap()
}

/// The result with a row in each line, values separated by `|`; null is `·`.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<String>,
}

pub(crate) fn try_run(
    portal: &LocalPortal,
    query: &str,
    given: &[(&str, &str)],
    options: RunOptions,
) -> Result<Outcome, RunError> {
    let rows = started(portal, query, given, options)?;
    let names = rows.columns().iter().map(|column| column.name.to_string()).collect();
    let mut lines = Vec::new();
    for row in rows {
        let row = row?;
        let shown: Vec<String> = row.iter().map(shown).collect();
        lines.push(shown.join("|"));
    }
    Ok(Outcome { names, rows: lines })
}

fn started(
    portal: &LocalPortal,
    query: &str,
    given: &[(&str, &str)],
    options: RunOptions,
) -> Result<Rows, RunError> {
    let schemas = portal.datasets().iter().map(|d| (d.schema.id.as_str(), (*d.schema).clone()));
    let catalog = Catalog::of(schemas.collect());
    let parsed = parse_file(query).into_iter().next().unwrap();
    let checked = check(query, &parsed, Context { catalog: &catalog, input: None });
    let valid = Valid::new(query, &parsed, &checked);
    let valid = valid.unwrap_or_else(|| panic!("{query}: {:?}", checked.diagnostics));
    let clock = Clock {
        local: "2025-03-15T10:30:00".parse().unwrap(),
        utc: "2025-03-15T17:30:00".parse().unwrap(),
    };
    let given: Vec<(String, String)> =
        given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let plan = Plan::new(valid, &given, clock).unwrap();
    portal.run_with(&plan, options)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "·".to_owned(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Number(text) | Value::Text(text) => text.to_string(),
        Value::Double(double) => format!("{double:?}"),
        Value::Json(json) => json.to_string(),
    }
}

impl Home {
    /// The rows of a query, as values.
    #[track_caller]
    pub(crate) fn values(&self, query: &str) -> Vec<Vec<Value>> {
        let rows = started(&self.portal, query, &[], RunOptions::default()).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    /// The rows of a query.
    #[track_caller]
    pub(crate) fn rows(&self, query: &str) -> Vec<String> {
        self.with(query, &[])
    }

    /// The rows of a query with parameters.
    #[track_caller]
    pub(crate) fn with(&self, query: &str, given: &[(&str, &str)]) -> Vec<String> {
        match try_run(&self.portal, query, given, RunOptions::default()) {
            Ok(outcome) => outcome.rows,
            Err(error) => panic!("{query}: {error} ({:?})", error.code),
        }
    }

    /// The fault of a query: what is at fault, and the message.
    #[track_caller]
    pub(crate) fn fault(&self, query: &str) -> (String, RunError) {
        match try_run(&self.portal, query, &[], RunOptions::default()) {
            Ok(outcome) => panic!("{query} gives {:?}", outcome.rows),
            Err(error) => {
                let at = error.span.map_or("", |span| span.text(query));
                (at.to_owned(), error)
            }
        }
    }
}
