//! A file taken through parser and checker, statement by statement.
//!
//! Statements are checked on their own, so that a fault in one says nothing of the others.

use std::sync::Arc;

use tule_core::check::{Checked, Context, Valid};
use tule_core::diagnostics::Diagnostic;
use tule_core::lint::{Levels, examine};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_syntax::literal::name_text;
use tule_syntax::parser::{ParsedStatement, parse_file};

use crate::source::{Part, SourceFile};

/// What queries are checked against.
#[derive(Clone, Copy)]
pub(crate) struct World<'w> {
    /// How seriously each rule is taken.
    pub(crate) levels: &'w Levels,
    /// The datasets known.
    pub(crate) catalog: &'w Catalog,
    /// What a select without FROM reads.
    pub(crate) input: Option<&'w Arc<Dataset>>,
}

/// One statement of a file.
#[derive(Debug)]
pub(crate) struct Unit<'t> {
    text: &'t str,
    /// Where the part of the file begins that it is in.
    start: u32,
    parsed: ParsedStatement,
    checked: Checked,
    /// What is to be said of it; spans count from the beginning of the file.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Parses and checks a file.
pub(crate) fn analyse<'t>(file: &'t SourceFile, world: World<'_>) -> Vec<Unit<'t>> {
    if let Some(fault) = &file.fault {
        let diagnostics = vec![fault.clone()];
        let (parsed, checked) = (ParsedStatement::default(), Checked::default());
        return vec![Unit { text: "", start: 0, parsed, checked, diagnostics }];
    }
    file.parts().into_iter().flat_map(|part| analyse_part(part, world)).collect()
}

/// The same for one part of a file; spans count from the beginning of the file.
pub(crate) fn analyse_part<'t>(part: Part<'t>, world: World<'_>) -> Vec<Unit<'t>> {
    let context = Context { catalog: world.catalog, input: world.input };
    parse_file(part.text)
        .into_iter()
        .map(|parsed| {
            let text = parsed.range.text(part.text);
            let checked = examine(text, &parsed, context, world.levels);
            let start = part.start;
            let base = start + parsed.range.start;
            let diagnostics =
                checked.diagnostics.iter().map(|found| found.clone().shift(base)).collect();
            Unit { text, start, parsed, checked, diagnostics }
        })
        .collect()
}

impl<'t> Unit<'t> {
    /// Whether it asks for anything: behind the last `;` of a file often nothing stands.
    pub(crate) fn is_query(&self) -> bool {
        self.parsed.statement.query.is_some()
    }

    /// Its own text and its tree.
    pub(crate) fn parsed(&self) -> (&'t str, &ParsedStatement) {
        (self.text, &self.parsed)
    }

    /// What is known of it.
    pub(crate) fn checked(&self) -> &Checked {
        &self.checked
    }

    /// The statement, if nothing is wrong with it.
    pub(crate) fn valid(&self) -> Option<Valid<'_>> {
        Valid::new(self.text, &self.parsed, &self.checked)
    }

    /// The name of a named query.
    pub(crate) fn name(&self) -> Option<&'t str> {
        let header = self.parsed.statement.header.as_ref()?;
        Some(name_text(header.name?.text(self.text)))
    }

    /// Where it begins in its file.
    pub(crate) fn base(&self) -> u32 {
        self.start + self.parsed.range.start
    }
}
