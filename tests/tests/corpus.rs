//! Real calls go through every stage: they import, are laid out, are checked, and what is sent
//! in the end asks for what the call asked for.
//!
//! Rows are named by their source and a hash, never by their text. Each exception below was looked
//! at one by one; a row that no longer needs its exception fails the suite.

mod exceptions;

use exceptions::{FAULTY, REFUSED, REWRITTEN};
use tule_core::check::{Checked, Context, check};
use tule_core::diagnostics::Severity;
use tule_core::lower::Request;
use tule_core::target::Target;
use tule_syntax::format::{Options, format};
use tule_syntax::parser::{ParsedStatement, parse_one};
use tule_tests::compile::compile;
use tule_tests::corpus::{Corpus, Row};
use tule_tests::normal::normal;

/// Compares what was found with what was reviewed, both ways round.
fn assert_reviewed(what: &str, found: &[(String, String)], reviewed: &[(&str, &str)]) {
    let is_known = |key: &String| reviewed.iter().any(|(known, _)| known == key);
    let new: Vec<String> = found
        .iter()
        .filter(|(key, _)| !is_known(key))
        .map(|(key, text)| format!("(\"{key}\", \"{text}\"),"))
        .collect();
    let gone: Vec<&str> = reviewed
        .iter()
        .filter(|(known, _)| !found.iter().any(|(key, _)| key == known))
        .map(|(known, _)| *known)
        .collect();
    assert!(new.is_empty(), "{what}: not reviewed:\n{}", new.join("\n"));
    assert!(gone.is_empty(), "{what}: exceptions no longer needed:\n{}", gone.join("\n"));
}

/// A call that imports, with what checking found.
struct Checking {
    text: String,
    parsed: ParsedStatement,
    checked: Checked,
}

fn checking(row: &Row, corpus: &Corpus) -> Option<Checking> {
    let text = row.statement().ok()?;
    let parsed = parse_one(&text);
    let checked =
        check(parsed.range.text(&text), &parsed, Context { catalog: &corpus.catalog, input: None });
    let text = parsed.range.text(&text).to_owned();
    Some(Checking { text, parsed, checked })
}

fn request(row: &Row, corpus: &Corpus) -> Option<Request> {
    let Checking { text, parsed, checked } = checking(row, corpus)?;
    let requests = compile(&text, &parsed, &checked, &[], Target::Soda2, &corpus.catalog);
    requests.ok()?.into_iter().next()
}

#[test]
fn every_call_imports() {
    let Some(corpus) = Corpus::read() else { return };
    let mut refused = Vec::new();
    for row in corpus.rows.iter().filter(|row| !row.broken) {
        match row.statement() {
            Ok(statement) => assert_eq!(parse_one(&statement).errors, [], "{}", row.key),
            Err(error) => refused.push((row.key.clone(), error.code.to_owned())),
        }
    }
    assert_reviewed("import", &refused, REFUSED);
}

#[test]
fn every_call_is_laid_out_once_and_for_all() {
    let Some(corpus) = Corpus::read() else { return };
    for row in &corpus.rows {
        let Ok(statement) = row.statement() else { continue };
        let once = format(&statement, &Options::default());
        assert!(once.skipped.is_empty(), "{}", row.key);
        assert_eq!(format(&once.text, &Options::default()).text, once.text, "{}", row.key);
    }
}

#[test]
fn every_call_checks_against_its_schema() {
    let Some(corpus) = Corpus::read() else { return };
    let mut faulty = Vec::new();
    let mut count = 0;
    for row in corpus.rows.iter().filter(|row| !row.broken) {
        let Some(Checking { checked, text, .. }) = checking(row, &corpus) else { continue };
        if !checked.missing.is_empty() {
            continue;
        }
        count += 1;
        let errors = checked.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let errors: Vec<String> =
            errors.map(|found| format!("{} at `{}`", found.code, found.span.text(&text))).collect();
        if !errors.is_empty() {
            faulty.push((row.key.clone(), errors.join(", ")));
        }
    }
    eprintln!("{count} calls of datasets with a schema");
    assert_reviewed("check", &faulty, FAULTY);
}

#[test]
fn what_is_sent_imports_as_the_same_request_again() {
    let Some(corpus) = Corpus::read() else { return };
    for row in &corpus.rows {
        let Some(first) = request(row, &corpus) else { continue };
        let again = Row {
            key: row.key.clone(),
            host: Some(first.host.clone()),
            dataset: Some(first.dataset.clone()),
            params: first.params.clone(),
            broken: false,
        };
        let second = request(&again, &corpus);
        let second = second.map(|request| request.params);
        assert_eq!(second, Some(first.params), "{}", row.key);
    }
}

#[test]
fn what_is_sent_asks_for_what_was_asked_for() {
    let Some(corpus) = Corpus::read() else { return };
    let mut other = Vec::new();
    let mut count = 0;
    for row in corpus.rows.iter().filter(|row| !row.broken) {
        let Some(request) = request(row, &corpus) else { continue };
        let (before, after) = (normal(&row.params), normal(&request.params));
        count += 1;
        if before != after {
            other.push((
                row.key.clone(),
                format!("{before:?} is sent as {after:?}").replace('"', "'"),
            ));
        }
    }
    eprintln!("{count} calls compared");
    assert_reviewed("request", &other, REWRITTEN);
}
