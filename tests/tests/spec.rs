//! Every statement of the reference gives what the comments above it say.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use tule_tests::datasets::catalog;
use tule_tests::documents::documents;
use tule_tests::expect::Expectations;
use tule_tests::judge::judge;
use tule_tests::statements::statements;
use tule_tests::watch::{Progress, watched};

#[test]
fn every_statement_gives_what_its_document_says() {
    let (faults, count) = watched(all_faults).unwrap_or_else(|fault| (vec![fault], 0));
    eprintln!("{count} statements");
    assert!(faults.is_empty(), "\n{}\n{} faults", faults.join("\n"), faults.len());
}

/// What is wrong in all documents, and how many statements they have.
fn all_faults(progress: &Progress) -> (Vec<String>, usize) {
    let documents = documents().unwrap();
    let catalog = catalog();
    let mut faults: Vec<String> =
        documents.iter().flat_map(|document| document.faults.clone()).collect();
    let statements = statements(&documents);
    for statement in &statements {
        let place = &statement.place;
        progress.at(place);
        let expectations = match Expectations::read(&statement.text) {
            Ok(expectations) => expectations,
            Err(fault) => {
                faults.push(format!("{place}: {fault}"));
                continue;
            }
        };
        let found = judge(statement, &expectations, &catalog);
        match (&expectations.todo, found.is_empty()) {
            (None, true) => {}
            (Some(reason), false) => eprintln!("known failure: {place}: {reason}"),
            (Some(_), true) => faults.push(format!("{place}: passes now: remove its `todo`")),
            (None, false) => {
                let code = statement.text.lines().filter(|line| !line.starts_with("--"));
                let code: Vec<&str> = code.filter(|line| !line.is_empty()).collect();
                let found = found.join("\n    - ");
                faults.push(format!("{place}: {}\n    - {found}", code.join(" ")));
            }
        }
    }
    (faults, statements.len())
}
