//! The statements of the documents, one by one.

use tule_syntax::parser::{ParsedStatement, parse_file};

use crate::documents::Document;

/// One statement and where it stands.
#[derive(Debug)]
pub struct Statement {
    /// `tests/spec/names.md:12`, the line of its first word.
    pub place: String,
    /// Its text, with the comments above it.
    pub text: String,
    /// Whether lints look at it as well.
    pub linted: bool,
    /// Its tree.
    pub parsed: ParsedStatement,
}

/// All statements of these documents; what holds nothing but comments is left out.
#[must_use]
pub fn statements(documents: &[Document]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for document in documents {
        for block in &document.blocks {
            for parsed in parse_file(&block.text) {
                if parsed.statement.query.is_none() && parsed.errors.is_empty() {
                    continue;
                }
                let before = block.text.get(..first_word(&block.text, &parsed)).unwrap_or("");
                let line = block.line + before.matches('\n').count();
                statements.push(Statement {
                    place: format!("{}:{line}", document.name),
                    text: parsed.range.text(&block.text).to_owned(),
                    linted: block.linted,
                    parsed,
                });
            }
        }
    }
    statements
}

/// Where the first word of a statement stands in its block.
fn first_word(block: &str, parsed: &ParsedStatement) -> usize {
    let text = parsed.range.text(block);
    let lexed = tule_syntax::lexer::lex(text);
    let word = lexed.iter().find(|(kind, _)| !kind.is_trivia());
    parsed.range.start as usize + word.map_or(0, |(_, span)| span.start as usize)
}
