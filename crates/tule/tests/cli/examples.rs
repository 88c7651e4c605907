//! The page with the results of the examples is what the program prints today.

use std::fmt::Write as _;
use std::fs;

use crate::common::{Folder, repository};

/// Rows of a result that the page shows.
const SHOWN: usize = 12;

/// Each example: its project, its file, and what is given on the command line besides.
const EXAMPLES: [(&str, &str, &str); 10] = [
    ("stockton", "weekdays", "--local"),
    ("stockton", "busiest_corners", "--local"),
    ("stockton", "calls_by_beat", "--local"),
    ("stockton", "calls_since", "--local --param beat=C1 --param since=2026-04-01"),
    ("stockton", "urgent_share", "--local"),
    ("stockton", "first_in_beat", "--local"),
    ("stockton", "district_of", "--local"),
    ("licences", "by_district", ""),
    ("licences", "expiring", "--param since=2026-06-01"),
    ("licences", "near", ""),
];

const HEAD: &str = "\
# Examples and their results

Written by a test (`TULE_UPDATE=1 cargo test -p tule --test cli examples`), from the queries of
`examples/` and the rows of `examples/stockton/data`. **These rows are invented**: a program made
them up so that everything here runs without a network. With a portal's own rows the same queries
give other numbers.
";

#[test]
fn the_page_is_current() {
    let path = repository().join("docs/examples.md");
    let page = page();
    if std::env::var_os("TULE_UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(held == page, "`docs/examples.md` is stale; TULE_UPDATE=1 writes it anew");
}

#[test]
fn every_example_is_on_the_page() {
    for project in ["stockton", "licences"] {
        let folder = repository().join(format!("examples/{project}/queries"));
        for entry in fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let stem = name.trim_end_matches(".tule");
            let listed = EXAMPLES.iter().any(|(p, file, _)| (*p, *file) == (project, stem));
            assert!(listed, "{project}/{name} has no result in docs/examples.md");
        }
    }
}

#[test]
fn the_projects_are_clean() {
    for project in ["stockton", "licences"] {
        let folder = repository().join("examples").join(project);
        let run = Folder::empty().tule(&["check", folder.to_str().unwrap()]).ends(0);
        assert!(run.out.is_empty() && run.err.contains("no problems"), "{run:?}");
    }
}

fn page() -> String {
    let folder = Folder::empty();
    let mut page = HEAD.to_owned();
    for (project, name, options) in EXAMPLES {
        let file = format!("examples/{project}/queries/{name}.tule");
        let path = repository().join(&file);
        let text = fs::read_to_string(&path).unwrap();
        let path = path.to_str().unwrap();
        let mut arguments = vec!["run", path, "--format", "markdown"];
        arguments.extend(options.split(' ').filter(|option| !option.is_empty()));
        let run = folder.tule(&arguments).ends(0);
        assert!(!run.out.trim_end().ends_with("- |"), "{name} has no rows: {run:?}");
        let command = format!("tule run {file} {options}");
        let _ = write!(
            page,
            "\n## {}\n\n```sql\n{}```\n\n```sh\n{}\n```\n\n{}",
            name.replace('_', " "),
            text,
            command.trim_end(),
            shortened(&run.out.replace(path, &file)),
        );
    }
    page
}

/// The tables, each cut behind a number of rows.
fn shortened(text: &str) -> String {
    let mut out = String::new();
    let mut rows = 0;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with('|') {
            rows += 1;
        }
        // Header and rule are lines of the table too.
        if rows <= SHOWN + 2 {
            out.push_str(line);
            out.push('\n');
        }
        let is_last = lines.peek().is_none_or(|next| !next.starts_with('|'));
        if line.starts_with('|') && is_last {
            let left = rows.saturating_sub(SHOWN + 2);
            if left > 0 {
                let _ = write!(out, "\n... and {left} more.\n");
            }
            rows = 0;
        }
    }
    out
}
