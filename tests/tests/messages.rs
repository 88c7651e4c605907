//! What findings say, read as people read it.
//!
//! Every finding that a statement of the reference raises is written out, one form of each, so
//! that a change of wording is seen as a change of text. The rules of wording are asserted beside.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tule_core::check::Context;
use tule_core::diagnostics::{CODES, Diagnostic};
use tule_core::lint::{Levels, examine};
use tule_core::schema::manifest::LintLevel;
use tule_tests::datasets::catalog;
use tule_tests::documents::documents;
use tule_tests::statements::statements;

/// At most this many forms of one code are written out; more show nothing new.
const FORMS: usize = 12;

/// Every finding of the reference and the statement that raises it.
fn findings() -> Vec<(String, Diagnostic)> {
    let catalog = catalog();
    let lints = CODES.iter().filter(|info| info.has_level());
    let levels = Levels::default().with(lints.map(|info| (info.name, LintLevel::Warn)));
    let mut all = Vec::new();
    for statement in statements(&documents().unwrap()) {
        let context = Context { catalog: &catalog, input: None };
        let checked = examine(&statement.text, &statement.parsed, context, &levels);
        all.extend(checked.diagnostics.into_iter().map(|found| (statement.text.clone(), found)));
    }
    all
}

/// The lines of a finding, each with what it is.
fn lines(text: &str, found: &Diagnostic) -> Vec<(&'static str, String)> {
    let mut lines = vec![("", found.message.clone())];
    lines.extend(found.labels.iter().map(|label| {
        let place = label.span.text(text).split_whitespace().collect::<Vec<_>>().join(" ");
        ("label", format!("{} [at {place}]", label.text))
    }));
    lines.extend(found.notes.iter().map(|note| ("note", note.clone())));
    lines.extend(found.help.iter().map(|help| ("help", help.clone())));
    lines.extend(found.fixes.iter().map(|fix| ("fix", fix.title.clone())));
    lines
}

#[test]
fn findings_read_well() {
    let mut forms: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (text, found) in findings() {
        let mut written = String::new();
        for (what, line) in lines(&text, &found) {
            let indent = if what.is_empty() { String::new() } else { format!("    {what}: ") };
            writeln!(written, "{indent}{line}").unwrap();
        }
        let known = forms.entry(found.code.name()).or_default();
        if known.len() < FORMS && !known.contains(&written) {
            known.push(written);
        }
    }
    assert!(forms.len() > CODES.len() / 2, "{} codes are raised", forms.len());
    let mut all = String::new();
    for (code, forms) in forms {
        writeln!(all, "## {code}\n\n{}", forms.join("\n")).unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn findings_keep_to_the_rules_of_wording() {
    let mut faults = Vec::new();
    for (text, found) in findings() {
        for (what, line) in lines(&text, &found) {
            faults.extend(
                fault(&line).map(|fault| format!("{}: {what} {fault}: {line}", found.code)),
            );
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Which rule a line breaks. What stands in quotes of any sort is somebody else's text.
fn fault(line: &str) -> Option<&'static str> {
    let mut own = String::new();
    let mut quote = None;
    for character in line.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if matches!(character, '`' | '"') => {
                own.push('_');
                quote = Some(character);
            }
            None => own.push(character),
        }
    }
    let first: Vec<char> = own.chars().take(2).collect();
    let words = own.split(|character: char| !character.is_alphanumeric());
    let second_person =
        |word: &str| ["you", "your", "yours", "please"].contains(&word.to_lowercase().as_str());
    match *first {
        [] => Some("is empty"),
        // A word in capitals is a name: SQL, LIMIT.
        [first, second] if first.is_uppercase() && second.is_lowercase() => {
            (!NAMES.iter().any(|name| own.starts_with(name))).then_some("begins with a capital")
        }
        _ if own.ends_with('.') => Some("ends with a full stop"),
        _ if own.ends_with(char::is_whitespace) || own.contains("  ") => Some("has stray spaces"),
        _ if words.into_iter().any(second_person) => Some("speaks to somebody"),
        _ if quote.is_some() => Some("has a quote that does not end"),
        _ => None,
    }
}

/// What is written with a capital wherever it stands.
const NAMES: &[&str] = &["Socrata", "Sunday"];
