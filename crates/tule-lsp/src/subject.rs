//! The statement that a request or a command is about.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{Position, Range, TextDocumentIdentifier, Uri};
use tule_core::check::Relation;
use tule_core::schema::Dataset;
use tule_core::schema::manifest::PortalKind;
use tule_ide::document::{Analysis, Part};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use crate::faults::{failed, of_finding};
use crate::portals::Query;
use crate::session::Session;

/// A place in a document, as requests of our own give it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct At {
    pub(crate) text_document: TextDocumentIdentifier,
    pub(crate) position: Position,
}

/// Values of parameters by name. They are text; a number or a truth value is taken as it is
/// written.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Values(BTreeMap<String, Value>);

impl Values {
    fn pairs(self) -> Result<Vec<(String, String)>> {
        let pair = |(name, value): (String, Value)| {
            let text = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(value) => value.to_string(),
                _ => {
                    let message = format!("the value of `{name}` is no text");
                    return Err(Error::invalid_params(message));
                }
            };
            Ok((name.trim_start_matches('$').to_owned(), text))
        };
        self.0.into_iter().map(pair).collect()
    }
}

/// A statement of an open document.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) uri: Uri,
    pub(crate) root: Option<PathBuf>,
    /// The version of the document that places in it are right for.
    version: i32,
    /// Where the statement begins in its document.
    base: u32,
    /// The document's range of what is asked for, from its first word.
    pub(crate) range: Range,
    pub(crate) analysis: Arc<Analysis>,
}

impl Subject {
    /// The statement at a place; none where nothing is asked for.
    pub(crate) fn at(session: &Session, at: &At) -> Option<Self> {
        let uri = &at.text_document.uri;
        let (open, view) = session.get(uri)?;
        let part = part_at(open.document.parts(), view.offset(at.position))?;
        let span = asked(part)?;
        Some(Self {
            uri: uri.clone(),
            root: open.root.clone(),
            version: open.version,
            base: part.range.start,
            range: view.range(span),
            analysis: Arc::clone(&part.analysis),
        })
    }

    /// The same, or why not.
    pub(crate) fn find(session: &Session, at: &At) -> Result<Self> {
        Self::at(session, at)
            .ok_or_else(|| failed("no-statement", "no statement at this place".to_owned(), None))
    }

    /// Its name.
    pub(crate) fn name(&self) -> Option<&str> {
        let header = self.analysis.parsed.statement.header.as_ref()?;
        Some(name_text(header.name?.text(&self.analysis.text)))
    }

    /// What to compile or run.
    ///
    /// # Errors
    ///
    /// A value that is no text, or the first error of the statement.
    pub(crate) fn query(&self, session: &Session, values: Values) -> Result<Query> {
        self.sound(session)?;
        Ok(Query {
            project: session.project(self.root.as_ref()),
            text: Arc::from(&*self.analysis.text),
            parameters: values.pairs()?,
        })
    }

    /// Refuses a statement that is at fault whatever is locked.
    fn sound(&self, session: &Session) -> Result<()> {
        let checked = &self.analysis.checked;
        if checked.is_valid() {
            return Ok(());
        }
        let is_fault = |found: &&tule_core::diagnostics::Diagnostic| {
            let code = found.code;
            found.is_error()
                && !code.info().lint
                && code != tule_core::diagnostics::Code::MissingSchema
        };
        let Some(found) = checked.diagnostics.iter().find(is_fault) else { return Ok(()) };
        let found = found.clone().shift(self.base);
        Err(match session.get(&self.uri).filter(|(open, _)| open.version == self.version) {
            Some((_, view)) => of_finding(&found, view),
            None => failed(found.code.name(), found.message.clone(), None),
        })
    }

    /// Where a part of the statement is in the document, unless that has changed since.
    pub(crate) fn place(&self, session: &Session, span: Span) -> Option<Range> {
        let (open, view) = session.get(&self.uri)?;
        (open.version == self.version).then(|| view.range(span.shift(self.base)))
    }

    /// The datasets that it reads, the main one first, each once.
    pub(crate) fn datasets(&self) -> Vec<Arc<Dataset>> {
        let typed = &self.analysis.checked.typed;
        let mut named: Vec<_> = typed.datasets.iter().collect();
        named.sort_by_key(|(span, _)| *span);
        let tables = typed.selects.iter().flat_map(|select| &select.tables);
        let unnamed = tables.filter_map(|table| match &table.relation {
            Relation::Dataset(dataset) => Some(dataset),
            _ => None,
        });
        let mut found: Vec<Arc<Dataset>> = Vec::new();
        for dataset in named.into_iter().map(|(_, dataset)| dataset).chain(unnamed) {
            let same = |known: &Arc<Dataset>| known.host == dataset.host && known.id == dataset.id;
            if !found.iter().any(same) {
                found.push(Arc::clone(dataset));
            }
        }
        found
    }

    /// Whether running it uses the network.
    pub(crate) fn is_remote(&self) -> bool {
        self.datasets().first().is_some_and(|dataset| dataset.kind != PortalKind::Local)
            || !self.analysis.checked.missing.is_empty() && self.datasets().is_empty()
    }
}

/// The statement that a cursor is in: right behind a `;`, the one that it ended if nothing follows
/// on its line.
fn part_at(parts: &[Part], offset: u32) -> Option<&Part> {
    let index = parts.partition_point(|part| part.range.start <= offset).checked_sub(1)?;
    let part = parts.get(index)?;
    let behind = asked(part).is_none_or(|span| offset < span.start);
    let before = index.checked_sub(1).and_then(|index| parts.get(index));
    let same_line = |text: &str| !text.contains('\n');
    match before.filter(|before| behind && asked(before).is_some()) {
        Some(before) => {
            let gap = Span::new(0, offset - part.range.start).text(&part.analysis.text);
            if same_line(gap) { Some(before) } else { Some(part) }
        }
        None => Some(part),
    }
}

/// What a statement asks, from its first word to its last, in the document; none where there is
/// no query.
pub(crate) fn asked(part: &Part) -> Option<Span> {
    let statement = &part.analysis.parsed.statement;
    let query = statement.query.as_ref()?.span;
    let header = statement.header.as_ref().map(|header| header.span.start);
    let with = statement.ctes.first().map(|cte| cte.name.start);
    let start = header.into_iter().chain(with).fold(query.start, u32::min);
    Some(Span::new(start, query.end.max(start)).shift(part.range.start))
}
