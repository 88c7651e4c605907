//! What is measured, and on what.
//!
//! Every program here runs the same [`Stage`]s over the same statements ([`corpus`]), so that
//! criterion, the ratios and the instruction counts speak of the same work.

#![forbid(unsafe_code)]

pub mod corpus;
pub mod random;

use std::hint::black_box;

use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Tokenizer;
use tule_core::check::{Context, Valid, check};
use tule_core::lower::lower;
use tule_core::plan::{Clock, Plan};
use tule_core::schema::catalog::Catalog;
use tule_core::target::Target;
use tule_syntax::lexer::lex;
use tule_syntax::parser::parse_file;

/// A measured piece of work; each contains the ones before it, as far as they are Tule's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Text to tokens.
    Lex,
    /// Text to tree.
    Parse,
    /// Text to types and diagnostics.
    Check,
    /// Text to requests.
    Compile,
    /// `sqlparser`, tokens only.
    SqlTokenize,
    /// `sqlparser`, text to tree, with its protection against deep nesting, which is its default.
    SqlParse,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 6] =
        [Self::Lex, Self::Parse, Self::Check, Self::Compile, Self::SqlTokenize, Self::SqlParse];

    /// The name in tables and on command lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lex => "lex",
            Self::Parse => "parse",
            Self::Check => "check",
            Self::Compile => "compile",
            Self::SqlTokenize => "sqlparser-tokenize",
            Self::SqlParse => "sqlparser",
        }
    }

    /// The stage of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Does the work once; the result depends on all of it.
    pub fn run(self, catalog: &Catalog, text: &str) -> usize {
        match self {
            Self::Lex => lex(black_box(text)).len(),
            Self::Parse => black_box(parse_file(black_box(text))).len(),
            Self::Check => check_all(catalog, text),
            Self::Compile => compile(catalog, text),
            Self::SqlTokenize => {
                let dialect = GenericDialect {};
                let tokens = Tokenizer::new(&dialect, black_box(text)).tokenize();
                black_box(tokens).map_or(0, |tokens| tokens.len())
            }
            Self::SqlParse => {
                let dialect = GenericDialect {};
                let parser = Parser::new(&dialect)
                    .with_recursion_limit(100_000)
                    .try_with_sql(black_box(text))
                    .and_then(|mut parser| parser.parse_statements());
                black_box(parser).map_or(0, |statements| statements.len())
            }
        }
    }
}

/// Checks every statement of `text`; gives the number of diagnostics.
fn check_all(catalog: &Catalog, text: &str) -> usize {
    let context = Context { catalog, input: None };
    let mut found = 0;
    for parsed in parse_file(black_box(text)) {
        let checked = check(parsed.range.text(text), &parsed, context);
        found += checked.diagnostics.len();
        black_box(checked);
    }
    found
}

/// Compiles every statement of `text`; gives the number of requests.
fn compile(catalog: &Catalog, text: &str) -> usize {
    let context = Context { catalog, input: None };
    let noon = jiff::civil::date(2026, 1, 2).at(12, 0, 0, 0);
    let clock = Clock { local: noon, utc: noon };
    let mut requests = 0;
    for parsed in parse_file(black_box(text)) {
        let text = parsed.range.text(text);
        let checked = check(text, &parsed, context);
        let Some(valid) = Valid::new(text, &parsed, &checked) else { continue };
        let lowered = Plan::new(valid, &[], clock).and_then(|plan| lower(&plan, Target::Soda2, catalog));
        requests += lowered.map_or(0, |lowered| black_box(lowered).requests.len());
    }
    requests
}

/// Runs `stage` over every text.
pub fn pass(stage: Stage, catalog: &Catalog, texts: &[impl AsRef<str>]) -> usize {
    texts.iter().map(|text| stage.run(catalog, text.as_ref())).sum()
}

/// Bytes of all texts.
pub fn bytes(texts: &[impl AsRef<str>]) -> usize {
    texts.iter().map(|text| text.as_ref().len()).sum()
}

/// Panics unless each text checks without any diagnostic and compiles.
pub fn assert_sound(catalog: &Catalog, texts: &[impl AsRef<str>]) {
    let context = Context { catalog, input: None };
    for text in texts {
        let text = text.as_ref();
        let excerpt = text.get(..700).unwrap_or(text);
        for parsed in parse_file(text) {
            let checked = check(parsed.range.text(text), &parsed, context);
            assert!(checked.diagnostics.is_empty(), "{excerpt}\n{:#?}", checked.diagnostics);
        }
        assert_ne!(compile(catalog, text), 0, "no request: {excerpt}");
    }
}

/// Panics unless `sqlparser` reads each text.
pub fn assert_read_by_sqlparser(catalog: &Catalog, texts: &[impl AsRef<str>]) {
    for text in texts {
        let text = text.as_ref();
        assert_ne!(Stage::SqlParse.run(catalog, text), 0, "refused by sqlparser: {text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_sound_and_plain_statements_are_read_by_both() {
        let catalog = corpus::catalog();
        let plain = corpus::plain(1, 10_000);
        assert_sound(&catalog, &plain);
        assert_read_by_sqlparser(&catalog, &plain);
        assert_sound(&catalog, &corpus::extended(1, 10_000));
        let mean = bytes(&plain) / plain.len();
        assert!((230..=270).contains(&mean), "mean length {mean}");
    }

    #[test]
    fn every_construct_is_common() {
        let plain = corpus::plain(1, 2_000);
        for word in [
            " between ",
            " in (",
            " like ",
            " is null",
            "case ",
            "group by",
            "having",
            "order by",
            "limit",
            "offset",
            " as ",
            " or ",
            "not (",
            "coalesce(",
            " || ",
            "\n",
            "''",
        ] {
            let count = plain.iter().filter(|text| text.to_lowercase().contains(word)).count();
            assert!(count > 20, "{word}: {count}");
        }
        let extended = corpus::extended(1, 2_000);
        for word in ["::", "join ", "|>", "@b."] {
            let count = extended.iter().filter(|text| text.to_lowercase().contains(word)).count();
            assert!(count > 500, "{word}: {count}");
        }
    }

    #[test]
    fn files_and_long_inputs_are_sound() {
        let catalog = corpus::catalog();
        let file = corpus::file(1, 1_000);
        assert_eq!(file.lines().count(), 1_000);
        assert_sound(
            &catalog,
            &[
                file,
                corpus::in_list(1_000),
                corpus::and_terms(2_000),
                corpus::nested_parentheses(200),
                corpus::nested_calls(200),
            ],
        );
    }
}
