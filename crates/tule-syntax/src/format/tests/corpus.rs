//! Real queries, where they are at hand, and the document that shows the layout.

use std::path::PathBuf;

use super::{at, check};

fn corpus() -> Option<String> {
    let folder = std::env::var_os("TULE_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus")),
        PathBuf::from,
    );
    std::fs::read_to_string(folder.join("queries.jsonl")).ok()
}

/// Reads one JSON string at the beginning of `text`; gives it and what follows.
fn json_string(text: &str) -> Option<(String, &str)> {
    let mut chars = text.strip_prefix('"')?.char_indices();
    let mut value = String::new();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 2..])),
            '\\' => match chars.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                'u' => {
                    let hex: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    let code = u32::from_str_radix(&hex, 16).ok()?;
                    value.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                other => value.push(other),
            },
            c => value.push(c),
        }
    }
    None
}

/// The request parameters of one line.
fn params(line: &str) -> Vec<(String, String)> {
    let mut params = Vec::new();
    let mut rest = line.split_once("\"params\": {").map_or("", |(_, rest)| rest);
    while let Some((name, behind)) = json_string(rest) {
        let Some((value, behind)) = json_string(behind.trim_start_matches([':', ' '])) else {
            break;
        };
        params.push((name, value));
        rest = behind.trim_start_matches([',', ' ']);
    }
    params
}

fn query(params: &[(String, String)]) -> Option<String> {
    let get = |name| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if let Some(query) = get("$query") {
        return Some(query.to_owned());
    }
    let clauses = [
        ("$where", "where"),
        ("$group", "group by"),
        ("$having", "having"),
        ("$order", "order by"),
        ("$limit", "limit"),
        ("$offset", "offset"),
    ];
    let mut found = get("$select").is_some();
    let mut text = format!("select {}", get("$select").unwrap_or("*"));
    for (name, words) in clauses {
        if let Some(value) = get(name) {
            found = true;
            text.extend([" ", words, " ", value]);
        }
    }
    found.then_some(text)
}

#[test]
fn real_queries_are_formatted_without_loss() {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: no corpus; set TULE_CORPUS to the folder of queries.jsonl");
        return;
    };
    let queries: Vec<_> = corpus.lines().filter_map(|line| query(&params(line))).collect();
    assert!(queries.len() > 100, "{}", queries.len());
    for query in &queries {
        check(query);
    }
    check(&queries.join(";\n"));
}

#[test]
fn strings_of_the_corpus_are_read() {
    let line = r#"{"a": 1, "params": {"$select": "a\u00e9\n\"b\"", "x": "y"}, "note": "z"}"#;
    assert_eq!(
        params(line),
        [("$select".to_owned(), "aé\n\"b\"".to_owned()), ("x".to_owned(), "y".to_owned())]
    );
}

#[test]
fn the_document_shows_what_the_formatter_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/spec/formatting.md");
    let document = std::fs::read_to_string(path).unwrap();
    let blocks = |info: &str| {
        let fence = format!("```tule {info}\n");
        let parts: Vec<String> = document
            .split(&fence)
            .skip(1)
            .map(|part| part.split_once("```\n").unwrap().0.to_owned())
            .collect();
        parts
    };
    let (inputs, outputs) = (blocks("input"), blocks("output"));
    assert!(inputs.len() > 10 && inputs.len() == outputs.len());
    for (input, output) in inputs.iter().zip(&outputs) {
        assert_eq!(&at(88, input), output);
        check(input);
    }
}
