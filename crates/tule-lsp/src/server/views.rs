//! What a document looks like: symbols, folds, colours, hints, links.

use tower_lsp::ls_types::{
    DocumentLink, DocumentSymbolResponse, FoldingRange, InlayHint, Location, OneOf, Range,
    SelectionRange, SelectionRangeParams, SemanticTokens, SemanticTokensDelta,
    SemanticTokensFullDeltaResult, SemanticTokensRangeResult, SemanticTokensResult, Uri,
    WorkspaceSymbol, WorkspaceSymbolResponse,
};
use tule_core::schema::manifest::PortalKind;
use tule_ide::{hints, outline};

use super::{Backend, whole};
use crate::convert;
use crate::tokens::{difference, encode};

impl Backend {
    pub(super) fn symbols(&self, uri: &Uri) -> Option<DocumentSymbolResponse> {
        self.ask(uri, |open, view, _| {
            let entries = outline::entries(&open.document);
            DocumentSymbolResponse::Nested(
                entries.iter().map(|entry| convert::symbol(entry, view)).collect(),
            )
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
        let (data, id) = self.ask(uri, |open, view, editor| {
            let data = encode(open, view, whole(view.text), editor.multiline_tokens);
            (data, open.id())
        })?;
        if let Some(open) = self.session().get_mut(uri) {
            open.sent.id.clone_from(&id);
            open.sent.tokens.clone_from(&data);
        }
        Some(SemanticTokensResult::Tokens(SemanticTokens { result_id: Some(id), data }))
    }

    pub(super) fn tokens_since(
        &self,
        uri: &Uri,
        before: &str,
    ) -> Option<SemanticTokensFullDeltaResult> {
        let (data, id, edits) = self.ask(uri, |open, view, editor| {
            let data = encode(open, view, whole(view.text), editor.multiline_tokens);
            let id = open.id();
            let known = open.sent.id == before;
            let edits = known.then(|| difference(&open.sent.tokens, &data));
            (data, id, edits)
        })?;
        let answer = match edits {
            Some(edits) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
                result_id: Some(id.clone()),
                edits,
            }),
            None => SemanticTokensFullDeltaResult::Tokens(SemanticTokens {
                result_id: Some(id.clone()),
                data: data.clone(),
            }),
        };
        if let Some(open) = self.session().get_mut(uri) {
            open.sent.id = id;
            open.sent.tokens = data;
        }
        Some(answer)
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
        self.ask(uri, |open, view, _| {
            let hints = hints::hints(&open.document, view.span(range)).into_iter();
            hints.map(|hint| convert::hint(hint, view)).collect()
        })
    }

    pub(super) fn links(&self, uri: &Uri) -> Option<Vec<DocumentLink>> {
        self.ask(uri, |open, view, _| {
            let mut links = Vec::new();
            let catalog = &open.document.world().catalog;
            for part in open.document.parts() {
                for (span, dataset) in &part.analysis.checked.typed.datasets {
                    // Only these have pages at such an address.
                    if dataset.kind != PortalKind::Socrata {
                        continue;
                    }
                    let portal = catalog.portal_for(dataset).and_then(|portal| portal.url());
                    let base = portal
                        .map_or_else(|| format!("https://{}/", dataset.host), ToString::to_string);
                    let page = format!("{}/d/{}", base.trim_end_matches('/'), dataset.id);
                    let Ok(target) = page.parse() else { continue };
                    links.push(DocumentLink {
                        range: view.range(span.shift(part.range.start)),
                        target: Some(target),
                        tooltip: Some(dataset.title.clone()).filter(|title| !title.is_empty()),
                        data: None,
                    });
                }
            }
            links
        })
    }
}
