//! What is asked while somebody types: completion, signatures, hovers.

use std::sync::Arc;

use tower_lsp::ls_types::{
    CompletionItem, CompletionList, CompletionResponse, Hover, HoverContents, SignatureHelp,
    TextDocumentPositionParams,
};
use tule_ide::{completion, hover, signature};

use super::Backend;
use super::search::items as found_items;
use crate::convert;
use crate::items;

impl Backend {
    pub(super) fn complete(&self, at: &TextDocumentPositionParams) -> Option<CompletionResponse> {
        let uri = &at.text_document.uri;
        let (mut list, naming, catalog) = self.ask_at(at, |document, offset, view, editor| {
            let found = completion::complete(document, offset);
            let naming = completion::naming(document, offset);
            let catalog = Arc::clone(&document.world().catalog);
            (items::list(found, view, editor), naming, catalog)
        })?;
        self.session().completed = catalog;
        if let Some(naming) = naming.filter(|_| self.session().settings.fetch_schemas) {
            let root = self.session().root_of(Some(uri));
            let hits = self.hits(root.clone(), &naming);
            let session = self.session();
            if let Some((_, view)) = session.get(uri) {
                let project = session.project(root.as_ref());
                // Catalogues know more than has been looked for.
                list.add(found_items(&hits, &project, &naming, view, &session.editor));
            }
        }
        // The framework's type has no place for what all items share.
        let text = serde_json::to_string(&list).ok()?;
        let mark = CompletionItem { label: self.parcels.put(text), ..CompletionItem::default() };
        Some(CompletionResponse::List(CompletionList { is_incomplete: false, items: vec![mark] }))
    }

    pub(super) fn resolve_completion(&self, item: CompletionItem) -> CompletionItem {
        let session = self.session();
        items::resolved(item, &session.completed, &session.editor)
    }

    pub(super) fn hover_at(&self, at: &TextDocumentPositionParams) -> Option<Hover> {
        let answer = self.ask_at(at, |document, offset, view, editor| {
            hover::hover(document, offset).map(|found| Hover {
                contents: HoverContents::Markup(convert::markup(found.text, editor)),
                range: Some(view.range(found.span)),
            })
        });
        answer.flatten()
    }

    pub(super) fn signature(&self, at: &TextDocumentPositionParams) -> Option<SignatureHelp> {
        let answer = self.ask_at(at, |document, offset, _, _| signature::help(document, offset));
        answer.flatten().as_ref().map(convert::signature)
    }
}
