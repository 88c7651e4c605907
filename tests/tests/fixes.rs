//! Every repair of every real query and of every statement of the documents.
//!
//! Rules that know nothing of each other propose them; together they must end, leave text that can
//! be read, and keep what people wrote in comments.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use tule_core::check::Context;
use tule_core::diagnostics::{Applicability, Code, Diagnostic};
use tule_core::fix::{Fixed, fix_all};
use tule_core::import::import_params;
use tule_core::lint::{Levels, examine};
use tule_core::schema::catalog::Catalog;
use tule_syntax::lexer::lex;
use tule_syntax::parser::parse_file;
use tule_tests::corpus::Corpus;
use tule_tests::datasets::catalog;
use tule_tests::documents::documents;
use tule_tests::statements::statements;

fn findings(text: &str, catalog: &Catalog) -> Vec<Diagnostic> {
    let context = Context { catalog, input: None };
    let levels = Levels::all();
    let found = parse_file(text).into_iter().flat_map(|parsed| {
        let base = parsed.range.start;
        let checked = examine(parsed.range.text(text), &parsed, context, &levels);
        checked.diagnostics.into_iter().map(move |found| found.shift(base))
    });
    found.collect()
}

fn comments(text: &str) -> Vec<String> {
    let tokens = lex(text);
    let comments = tokens.iter().filter(|(kind, _)| kind.is_comment());
    comments.map(|(_, span)| span.text(text).to_owned()).collect()
}

fn readable(text: &str) -> usize {
    parse_file(text).iter().filter(|statement| statement.errors.is_empty()).count()
}

/// What is wrong with the repairs of a text.
fn faults(text: &str, catalog: &Catalog) -> (usize, Vec<String>) {
    let mut faults = Vec::new();
    let mut applied = 0;
    for most in [Applicability::Safe, Applicability::Unsafe] {
        let fixed = fix_all(text, most, |text| findings(text, catalog));
        applied += fixed.applied.len();
        faults.extend(
            fault(text, &fixed, most, catalog)
                .map(|fault| format!("{fault}:\n{text}\n{}", fixed.text)),
        );
    }
    (applied, faults)
}

fn fault(text: &str, fixed: &Fixed, most: Applicability, catalog: &Catalog) -> Option<String> {
    if !fixed.settled {
        return Some("repairs undo each other".to_owned());
    }
    if let Some(refused) = fixed.refused.first() {
        return Some(format!("{} would do harm: {}", refused.code, refused.harm.reason()));
    }
    if readable(&fixed.text) < readable(text) {
        return Some("a statement can no longer be read".to_owned());
    }
    let after = comments(&fixed.text);
    // A comment that allows what is not there, or holds a token, is itself what is repaired.
    let repaired = |comment: &str| {
        let of_comments = |code| matches!(code, Code::UnusedAllow | Code::SecretInQuery);
        fixed.applied.iter().any(|code| of_comments(*code))
            && ["allow(", "oken", "password"].iter().any(|word| comment.contains(word))
    };
    let lost = |comment: &&String| !after.contains(*comment) && !repaired(comment);
    if let Some(lost) = comments(text).iter().find(lost) {
        return Some(format!("`{lost}` is lost"));
    }
    if fixed.remaining != findings(&fixed.text, catalog) {
        return Some("the findings are not those of the text".to_owned());
    }
    let again = fix_all(&fixed.text, most, |text| findings(text, catalog));
    (again.text != fixed.text).then(|| "again is not the same".to_owned())
}

#[test]
fn repairs_of_real_queries_converge_and_do_no_harm() {
    let Some(corpus) = Corpus::read() else { return };
    let mut all = Vec::new();
    let (mut read, mut applied) = (0, 0);
    for row in &corpus.rows {
        let (Some(host), Some(dataset)) = (&row.host, &row.dataset) else { continue };
        let Ok(imported) = import_params(Some(host), Some(dataset), &row.params) else { continue };
        // Comments where people put them: in front, at the end of a line, and behind.
        let lines = imported.statement.replacen(' ', " -- first\n", 1);
        let text = format!("-- before\n{lines} -- after\n");
        read += 1;
        let (count, faults) = faults(&text, &corpus.catalog);
        applied += count;
        all.extend(faults.into_iter().map(|fault| format!("{}: {fault}", row.key)));
    }
    println!("{read} queries, {applied} repairs applied");
    assert!(read > 100);
    assert!(all.is_empty(), "\n{}\n{} faults", all.join("\n"), all.len());
}

#[test]
fn repairs_of_the_documents_converge_and_do_no_harm() {
    let catalog = catalog();
    let mut all = Vec::new();
    let mut applied = 0;
    for statement in statements(&documents().unwrap()) {
        let (count, faults) = faults(&statement.text, &catalog);
        applied += count;
        all.extend(faults.into_iter().map(|fault| format!("{}: {fault}", statement.place)));
    }
    assert!(applied > 100, "{applied}");
    assert!(all.is_empty(), "\n{}\n{} faults", all.join("\n"), all.len());
}
