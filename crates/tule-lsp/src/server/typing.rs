//! What is asked while somebody types: completion, signatures, hovers.

use tower_lsp::ls_types::{
    CompletionItem, CompletionResponse, Hover, HoverContents, SignatureHelp,
    TextDocumentPositionParams,
};
use tule_ide::{completion, hover, signature};

use super::Backend;
use super::search::items;
use crate::convert;

impl Backend {
    pub(super) fn complete(&self, at: &TextDocumentPositionParams) -> Option<CompletionResponse> {
        let uri = &at.text_document.uri;
        let (mut list, naming) = self.ask_at(at, |document, offset, view, editor| {
            let found = completion::complete(document, offset);
            let naming = completion::naming(document, offset);
            (convert::completions(found, view, editor), naming)
        })?;
        if let Some(naming) = naming.filter(|_| self.session().settings.fetch_schemas) {
            let root = self.session().root_of(Some(uri));
            let hits = self.hits(root.clone(), &naming);
            // Catalogues know more than has been looked for.
            list.is_incomplete = true;
            let session = self.session();
            if let Some((_, view)) = session.get(uri) {
                let project = session.project(root.as_ref());
                list.items.extend(items(&hits, &project, &naming, view, &session.editor));
            }
        }
        Some(CompletionResponse::List(list))
    }

    pub(super) fn resolve_completion(&self, item: CompletionItem) -> CompletionItem {
        let session = self.session();
        convert::resolved(item, &session.completed, &session.editor)
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
