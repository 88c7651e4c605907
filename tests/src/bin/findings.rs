//! Prints what checking and lints find in the real calls of the corpus, to be read one by one:
//! code, statement, place, message, key of the call; separated by tabs, sorted by code.
//!
//! ```sh
//! cargo run -p tule-tests --bin findings                  # every call with a locked schema
//! cargo run -p tule-tests --bin findings equals-null      # one rule, on even if off by default
//! ```

#![forbid(unsafe_code)]

use std::io::{Write, stdout};

use tule_core::check::Context;
use tule_core::diagnostics::{CODES, Code};
use tule_core::lint::{Levels, examine};
use tule_core::schema::manifest::LintLevel;
use tule_syntax::parser::parse_one;
use tule_tests::corpus::{Corpus, Row};

fn main() -> std::io::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let Some(corpus) = Corpus::read() else { return Ok(()) };
    let on = wanted.iter().map(|name| (name.as_str(), LintLevel::Warn));
    let levels = Levels::default().with(on.filter(|(name, _)| is_off(name)));
    let mut count = 0;
    let mut lines: Vec<(Code, String)> = Vec::new();
    for row in &corpus.rows {
        let Some(found) = findings(row, &corpus, &levels) else { continue };
        count += 1;
        let asked = |code: Code| wanted.is_empty() || wanted.iter().any(|name| code.name() == name);
        lines.extend(found.into_iter().filter(|(code, _)| asked(*code)));
    }
    lines.sort();
    let mut out = stdout().lock();
    for (_, line) in &lines {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "\n{} findings in {count} calls with a schema", lines.len())?;
    for info in CODES {
        let of_code = lines.iter().filter(|(code, _)| *code == info.code).count();
        if of_code > 0 {
            writeln!(out, "{of_code:5} {}", info.name)?;
        }
    }
    Ok(())
}

fn is_off(name: &str) -> bool {
    Code::from_name(name).is_some_and(|code| !code.info().on)
}

/// A line for each finding; `None` for calls that do not import or whose schema is not known.
fn findings(row: &Row, corpus: &Corpus, levels: &Levels) -> Option<Vec<(Code, String)>> {
    let statement = row.statement().ok()?;
    let parsed = parse_one(&statement);
    let text = parsed.range.text(&statement);
    let context = Context { catalog: &corpus.catalog, input: None };
    let checked = examine(text, &parsed, context, levels);
    if !checked.missing.is_empty() {
        return None;
    }
    let line = |parts: [&str; 5]| {
        parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).join("\t")
    };
    Some(
        checked
            .diagnostics
            .iter()
            .map(|found| {
                let place = found.span.text(text);
                let parts = [found.code.name(), text, place, &found.message, &row.key];
                (found.code, line(parts))
            })
            .collect(),
    )
}
