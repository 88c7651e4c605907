//! Every real call of the corpus, as decoded parameters and as an address.

use std::path::PathBuf;

use serde_json::Value;
use tule_syntax::parser::parse_one;

use super::{Imported, import, import_params};

struct Row {
    line: usize,
    host: Option<String>,
    dataset: Option<String>,
    params: Vec<(String, String)>,
    broken: bool,
}

fn corpus() -> Option<Vec<Row>> {
    let folder = std::env::var_os("TULE_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
        PathBuf::from,
    );
    let path = folder.join("queries.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no corpus at {}", path.display());
        return None;
    };
    let row = |(index, line): (usize, &str)| {
        let value: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let params = value["params"].as_object().unwrap().iter();
        Row {
            line: index + 1,
            host: text("domain"),
            dataset: text("dataset"),
            params: params
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect(),
            broken: text("note").is_some_and(|note| note.contains("BROKEN")),
        }
    };
    Some(text.lines().enumerate().map(row).collect())
}

fn address(row: &Row) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &row.params {
        query.append_pair(name, value);
    }
    format!(
        "https://{}/resource/{}.json?{}",
        row.host.as_deref().unwrap_or("data.example.gov"),
        row.dataset.as_deref().unwrap_or("abcd-1234"),
        query.finish()
    )
}

fn assert_parses(imported: &Imported, line: usize) {
    let parsed = parse_one(&imported.statement);
    assert_eq!(parsed.errors, [], "row {line}: {}", imported.statement);
    assert!(parsed.terminated && parsed.statement.query.is_some(), "row {line}");
}

/// Rows that no portal would take either: gaps of a template outside quotes, and a condition
/// behind a select list with nothing between.
const REFUSED: &[(usize, &str)] = &[
    (203, "syntax"),
    (302, "template-placeholder"),
    (303, "template-placeholder"),
    (305, "template-placeholder"),
    (306, "template-placeholder"),
    (328, "template-placeholder"),
    (329, "template-placeholder"),
    (354, "template-placeholder"),
    (368, "template-placeholder"),
];

#[test]
fn every_call_of_the_corpus_imports_or_is_known_not_to() {
    let Some(rows) = corpus() else { return };
    let mut refused = Vec::new();
    for row in &rows {
        let imported = import_params(row.host.as_deref(), row.dataset.as_deref(), &row.params);
        match imported {
            Ok(imported) => assert_parses(&imported, row.line),
            Err(error) if !row.broken => refused.push((row.line, error.code)),
            Err(_) => {}
        }
    }
    assert_eq!(refused, REFUSED);
}

#[test]
fn an_address_says_the_same_as_its_parameters() {
    let Some(rows) = corpus() else { return };
    for row in &rows {
        let host = row.host.as_deref().unwrap_or("data.example.gov");
        let dataset = row.dataset.as_deref().unwrap_or("abcd-1234");
        let direct = import_params(Some(host), Some(dataset), &row.params);
        let address = address(row);
        let encoded = import(&address);
        match (direct, encoded) {
            (Ok(direct), Ok(encoded)) => assert_eq!(direct, encoded, "row {}", row.line),
            (Err(direct), Err(encoded)) => {
                assert_eq!((direct.code, direct.message), (encoded.code, encoded.message));
                let span = encoded.span.unwrap_or_default();
                assert!(address.get(span).is_some(), "row {}", row.line);
            }
            (direct, encoded) => panic!("row {}: {direct:?} and {encoded:?}", row.line),
        }
    }
}
