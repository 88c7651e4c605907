//! A file taken through parser and checker, statement by statement.
//!
//! Statements are checked on their own, so that a fault in one says nothing of the others. Levels
//! of the project's lints are applied here, for every command alike.

use std::sync::Arc;

use tule_core::check::{Checked, Context, Valid, check};
use tule_core::diagnostics::{Diagnostic, Severity};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::{LintLevel, Manifest};
use tule_syntax::literal::name_text;
use tule_syntax::parser::{ParsedStatement, parse_file};

use crate::source::SourceFile;

/// What queries are checked against.
#[derive(Clone, Copy)]
pub(crate) struct World<'w> {
    /// The project's settings.
    pub(crate) manifest: Option<&'w Manifest>,
    /// The datasets known.
    pub(crate) catalog: &'w Catalog,
    /// What a select without FROM reads.
    pub(crate) input: Option<&'w Arc<Dataset>>,
}

/// One statement of a file.
#[derive(Debug)]
pub(crate) struct Unit<'t> {
    text: &'t str,
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
        return vec![Unit { text: "", parsed, checked, diagnostics }];
    }
    let context = Context { catalog: world.catalog, input: world.input };
    parse_file(&file.text)
        .into_iter()
        .map(|parsed| {
            let text = parsed.range.text(&file.text);
            let mut checked = check(text, &parsed, context);
            let found = std::mem::take(&mut checked.diagnostics);
            checked.diagnostics =
                found.into_iter().filter_map(|found| levelled(found, world.manifest)).collect();
            let base = parsed.range.start;
            let diagnostics =
                checked.diagnostics.iter().map(|found| found.clone().shift(base)).collect();
            Unit { text, parsed, checked, diagnostics }
        })
        .collect()
}

/// The diagnostic with the severity that the project wants, unless it wants none.
pub(crate) fn levelled(
    mut diagnostic: Diagnostic,
    manifest: Option<&Manifest>,
) -> Option<Diagnostic> {
    let info = diagnostic.code.info();
    let level = manifest.and_then(|manifest| manifest.lints.get(info.name));
    // What a portal refuses it refuses whatever the project says.
    let Some(level) = level.filter(|_| info.severity != Severity::Error) else {
        return Some(diagnostic);
    };
    diagnostic.severity = match level {
        LintLevel::Allow => return None,
        LintLevel::Warn => Severity::Warning,
        LintLevel::Error => Severity::Error,
    };
    Some(diagnostic)
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
        self.parsed.range.start
    }
}
