//! A query over a folder, end to end.

use std::path::Path;

use tule_core::check::{Context, Valid, check};
use tule_core::plan::{Clock, Plan};
use tule_core::schema::catalog::Catalog;
use tule_local::{LocalPortal, OpenOptions};
use tule_syntax::parser::parse_file;

fn run(portal: &LocalPortal, query: &str) -> Vec<Vec<String>> {
    let schemas = portal.datasets().iter().map(|d| (d.schema.id.as_str(), (*d.schema).clone()));
    let catalog = Catalog::of(schemas.collect());
    let parsed = parse_file(query).into_iter().next().unwrap();
    let checked = check(query, &parsed, Context { catalog: &catalog, input: None });
    let valid =
        Valid::new(query, &parsed, &checked).unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let clock = Clock {
        local: "2025-01-01T00:00:00".parse().unwrap(),
        utc: "2025-01-01T00:00:00".parse().unwrap(),
    };
    let plan = Plan::new(valid, &[], clock).unwrap();
    let rows = portal.run(&plan).unwrap();
    rows.map(|row| row.unwrap().iter().map(|value| format!("{value:?}")).collect()).collect()
}

#[test]
fn a_filter_over_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("calls.csv"),
        "Call No,Beat,At\n1,A,2025-01-02\n2,,2025-01-01T10:00:00\n10.50,B,\n",
    )
    .unwrap();
    for cache in [None, Some(folder.path().join("cache"))] {
        let portal = LocalPortal::open(folder.path(), "home", OpenOptions { cache }).unwrap();
        let rows = run(
            &portal,
            "select call_no, beat, at, :id from calls where call_no > 1 order by at limit 5",
        );
        println!("{rows:?}");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0][0], "Number(\"2\")");
        assert_eq!(rows[1][1], "Text(\"B\")");
    }
    let _ = Path::new("");
}
