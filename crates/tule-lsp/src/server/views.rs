//! What a document looks like: symbols, folds, colours, hints, links.

use tower_lsp::ls_types::{
    DocumentLink, DocumentSymbolResponse, FoldingRange, InlayHint, Location, OneOf, Range,
    SelectionRange, SelectionRangeParams, SemanticTokens, SemanticTokensDelta,
    SemanticTokensFullDeltaResult, SemanticTokensRangeResult, SemanticTokensResult, Uri,
    WorkspaceSymbol, WorkspaceSymbolResponse,
};
use tule_core::schema::manifest::{Portal, PortalKind};
use tule_ide::{hints, outline};

use super::Backend;
use crate::convert;
use crate::tokens::{Colours, encode};

impl Backend {
    pub(super) fn symbols(&self, uri: &Uri) -> Option<DocumentSymbolResponse> {
        self.ask(uri, |open, view, editor| {
            let entries = outline::entries(&open.document);
            if editor.nested_symbols {
                let nested = entries.iter().map(|entry| convert::symbol(entry, view));
                DocumentSymbolResponse::Nested(nested.collect())
            } else {
                DocumentSymbolResponse::Flat(convert::flat_symbols(&entries, uri, view))
            }
        })
    }

    pub(super) fn all_symbols(&self, query: &str) -> WorkspaceSymbolResponse {
        let session = self.session();
        let wanted = query.to_lowercase();
        let mut found = Vec::new();
        for (uri, open) in session.all() {
            let view = session.view(open);
            for entry in outline::entries(&open.document) {
                if entry.name.to_lowercase().contains(&wanted) {
                    found.push(WorkspaceSymbol {
                        name: entry.name,
                        kind: convert::symbol_kind(entry.sort),
                        tags: None,
                        container_name: Some(entry.detail).filter(|text| !text.is_empty()),
                        location: OneOf::Left(Location {
                            uri: uri.clone(),
                            range: view.range(entry.name_span),
                        }),
                        data: None,
                    });
                }
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        WorkspaceSymbolResponse::Nested(found)
    }

    pub(super) fn folds(&self, uri: &Uri) -> Option<Vec<FoldingRange>> {
        self.ask(uri, |open, view, _| {
            let folds = outline::folds(&open.document);
            let long = folds.iter().map(|fold| convert::fold(fold, view));
            long.filter(|fold| fold.end_line > fold.start_line).collect()
        })
    }

    pub(super) fn selections(&self, params: &SelectionRangeParams) -> Option<Vec<SelectionRange>> {
        self.ask(&params.text_document.uri, |open, view, _| {
            let ranges = params.positions.iter().map(|position| {
                let around = outline::around(&open.document, view.offset(*position));
                // Each position has its answer, if only itself.
                let here = Range { start: *position, end: *position };
                convert::selection(&around, view)
                    .unwrap_or(SelectionRange { range: here, parent: None })
            });
            ranges.collect()
        })
    }

    pub(super) fn tokens(&self, uri: &Uri) -> Option<SemanticTokensResult> {
        self.all_tokens(uri).map(SemanticTokensResult::Tokens)
    }

    /// Every token of a document, as a mark for the writer.
    fn all_tokens(&self, uri: &Uri) -> Option<SemanticTokens> {
        let (list, sent) = self.ask(uri, |open, view, editor| {
            let colours = Colours::of(open, view, editor.multiline_tokens);
            (colours.json(), colours.sent(open.id()))
        })?;
        let answer = format!(r#"{{"resultId":"{}","data":{list}}}"#, sent.id);
        let mark = self.parcels.put(answer);
        if let Some(open) = self.session().get_mut(uri) {
            open.sent = sent;
        }
        Some(SemanticTokens { result_id: Some(mark), data: Vec::new() })
    }

    pub(super) fn tokens_since(
        &self,
        uri: &Uri,
        before: &str,
    ) -> Option<SemanticTokensFullDeltaResult> {
        let answer = self.ask(uri, |open, view, editor| {
            let known = open.sent.id == before;
            let colours = known.then(|| Colours::of(open, view, editor.multiline_tokens))?;
            let edits = colours.difference(&open.sent);
            Some((edits, colours.sent(open.id())))
        });
        let Some((edits, sent)) = answer? else {
            return self.all_tokens(uri).map(SemanticTokensFullDeltaResult::Tokens);
        };
        let result_id = Some(sent.id.clone());
        if let Some(open) = self.session().get_mut(uri) {
            open.sent = sent;
        }
        let delta = SemanticTokensDelta { result_id, edits };
        Some(SemanticTokensFullDeltaResult::TokensDelta(delta))
    }

    pub(super) fn tokens_within(
        &self,
        uri: &Uri,
        range: Range,
    ) -> Option<SemanticTokensRangeResult> {
        self.ask(uri, |open, view, editor| {
            let data = encode(open, view, view.span(range), editor.multiline_tokens);
            SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })
        })
    }

    pub(super) fn hints(&self, uri: &Uri, range: Range) -> Option<Vec<InlayHint>> {
        if !self.session().settings.inlay_hints {
            return Some(Vec::new());
        }
        self.ask(uri, |open, view, editor| {
            let hints = hints::hints(&open.document, view.span(range));
            hints.iter().map(|hint| convert::hint(hint, view, editor)).collect()
        })
    }

    pub(super) fn links(&self, uri: &Uri) -> Option<Vec<DocumentLink>> {
        self.ask(uri, |open, view, editor| {
            let mut links = Vec::new();
            let catalog = &open.document.world().catalog;
            for part in open.document.parts() {
                for (span, dataset) in &part.analysis.checked.typed.datasets {
                    // Only these have pages at such an address.
                    if dataset.kind != PortalKind::Socrata {
                        continue;
                    }
                    let portal = catalog.portal_for(dataset).and_then(Portal::url);
                    let base = portal
                        .map_or_else(|| format!("https://{}/", dataset.host), ToString::to_string);
                    let page = format!("{}/d/{}", base.trim_end_matches('/'), dataset.id);
                    let Ok(target) = page.parse() else { continue };
                    links.push(DocumentLink {
                        range: view.range(span.shift(part.range.start)),
                        target: Some(target),
                        tooltip: Some(dataset.title.clone())
                            .filter(|title| editor.link_tooltips && !title.is_empty()),
                        data: None,
                    });
                }
            }
            links
        })
    }
}
