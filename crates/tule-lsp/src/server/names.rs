//! Names: where they are given and used, and giving them another.

use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    DocumentHighlight, GotoDefinitionResponse, LinkedEditingRanges, Location,
    PrepareRenameResponse, ReferenceParams, RenameParams, TextDocumentPositionParams, TextEdit,
    Uri, WorkspaceEdit,
};
use tule_ide::navigation::{self, Definition};

use super::{Backend, edit_of};
use crate::convert;
use crate::encoding::View;

impl Backend {
    pub(super) fn definition(
        &self,
        at: &TextDocumentPositionParams,
    ) -> Option<GotoDefinitionResponse> {
        let answer = self.ask_at(at, |document, offset, view, _| {
            match navigation::definition(document, offset)? {
                Definition::Here(span) => Some(Ok(view.range(span))),
                Definition::Schema(dataset, column) => Some(Err((dataset, column))),
            }
        });
        match answer.flatten()? {
            Ok(range) => Some(Location { uri: at.text_document.uri.clone(), range }.into()),
            Err((dataset, column)) => self.card_place(&dataset, column.as_deref()).map(Into::into),
        }
    }

    pub(super) fn uses(&self, params: &ReferenceParams) -> Option<Vec<Location>> {
        let at = &params.text_document_position;
        let declared = params.context.include_declaration;
        let session = self.session();
        let (open, view) = session.get(&at.text_document.uri)?;
        let offset = view.offset(at.position);
        let symbol = navigation::symbol_at(&open.document, offset)?;
        let mut found = Vec::new();
        let mut take = |uri: &Uri, view: View<'_>, uses: Vec<navigation::Use>| {
            let uses = uses.into_iter().filter(|place| declared || !place.defines);
            found.extend(
                uses.map(|place| Location { uri: uri.clone(), range: view.range(place.span) }),
            );
        };
        if navigation::belongs_to_world(&symbol) {
            let mut documents: Vec<_> = session.all().collect();
            documents.sort_by_key(|(uri, _)| *uri);
            for (uri, open) in documents {
                take(uri, session.view(open), navigation::uses(&open.document, &symbol));
            }
        } else {
            take(&at.text_document.uri, view, navigation::references(&open.document, offset));
        }
        Some(found)
    }

    pub(super) fn highlights(
        &self,
        at: &TextDocumentPositionParams,
    ) -> Option<Vec<DocumentHighlight>> {
        self.ask_at(at, |document, offset, view, _| {
            let uses = navigation::highlights(document, offset).into_iter();
            uses.map(|place| convert::highlight(place, view)).collect()
        })
    }

    pub(super) fn renamable(
        &self,
        at: &TextDocumentPositionParams,
    ) -> Option<PrepareRenameResponse> {
        let answer = self.ask_at(at, |document, offset, view, _| {
            navigation::renamable(document, offset).map(|span| view.range(span))
        });
        answer.flatten().map(PrepareRenameResponse::Range)
    }

    pub(super) fn renamed(&self, params: &RenameParams) -> Result<Option<WorkspaceEdit>> {
        let at = &params.text_document_position;
        let answer = self.ask_at(at, |document, offset, view, _| {
            let edits = navigation::rename(document, offset, &params.new_name)?;
            let edits = edits.into_iter();
            let edit = |(span, text)| TextEdit { range: view.range(span), new_text: text };
            Ok::<Vec<_>, String>(edits.map(edit).collect())
        });
        match answer {
            Some(Ok(edits)) => Ok(Some(edit_of(&at.text_document.uri, edits))),
            Some(Err(message)) => {
                Err(Error { message: message.into(), ..Error::invalid_params("") })
            }
            None => Ok(None),
        }
    }

    pub(super) fn linked(&self, at: &TextDocumentPositionParams) -> Option<LinkedEditingRanges> {
        let answer = self.ask_at(at, |document, offset, view, _| {
            navigation::renamable(document, offset)?;
            let uses = navigation::highlights(document, offset);
            let texts: Vec<&str> =
                uses.iter().map(|place| place.span.text(document.text())).collect();
            // Linked texts have to be the same, sign and case included.
            let alike = texts.windows(2).all(|pair| pair.first() == pair.last());
            (alike && texts.len() > 1).then(|| LinkedEditingRanges {
                ranges: uses.iter().map(|place| view.range(place.span)).collect(),
                word_pattern: None,
            })
        });
        answer.flatten()
    }
}
