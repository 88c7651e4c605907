//! The messages, one handler each.
//!
//! Every handler is short and does not wait: it takes the lock, asks, converts and answers. What
//! goes to the editor unasked is handed to tasks of its own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse,
    CompletionItem, CompletionList, CompletionParams, CompletionResponse, Diagnostic,
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    DocumentFormattingParams, DocumentHighlight, DocumentHighlightParams, DocumentLink,
    DocumentLinkParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams,
    DocumentSymbolParams, DocumentSymbolResponse, ExecuteCommandParams, FileSystemWatcher,
    FoldingRange, FoldingRangeParams, FullDocumentDiagnosticReport, GlobPattern,
    GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverContents, HoverParams,
    InitializeParams, InitializeResult, InitializedParams, InlayHint, InlayHintParams, LSPAny,
    LinkedEditingRangeParams, LinkedEditingRanges, Location, MessageType, OneOf,
    PrepareRenameResponse, Range, ReferenceParams, Registration,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, RenameParams,
    SelectionRange, SelectionRangeParams, SemanticTokens, SemanticTokensDelta,
    SemanticTokensDeltaParams, SemanticTokensFullDeltaResult, SemanticTokensParams,
    SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, ServerInfo,
    SignatureHelp, SignatureHelpParams, TextDocumentItem, TextDocumentPositionParams, TextEdit,
    UnchangedDocumentDiagnosticReport, Uri, VersionedTextDocumentIdentifier, WorkspaceEdit,
    WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use tower_lsp::{Client, LanguageServer};
use tule_core::names::similar;
use tule_ide::document::Document;
use tule_ide::navigation::Definition;
use tule_ide::{actions, completion, hints, hover, navigation, outline, signature};
use tule_syntax::format::{Options, format};
use tule_syntax::span::Span;

use crate::capabilities::{COMMANDS, Editor, offered};
use crate::convert;
use crate::encoding::View;
use crate::findings::Findings;
use crate::items;
use crate::project::Projects;
use crate::session::{Open, Session};
use crate::tokens::{Colours, encode};
use crate::wire::Parcels;

/// The server behind the protocol.
#[derive(Debug)]
pub(crate) struct Backend {
    client: Client,
    session: Arc<Mutex<Session>>,
    parcels: Parcels,
}

/// The whole of a text.
fn whole(text: &str) -> Span {
    Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX))
}

impl Backend {
    pub(crate) fn new(client: Client, parcels: Parcels) -> Self {
        Self { client, session: Arc::default(), parcels }
    }

    /// The session. A handler that panicked leaves it as it was: no change spans two calls.
    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks something of an open document.
    fn ask<T>(&self, uri: &Uri, ask: impl FnOnce(&Open, View<'_>, &Editor) -> T) -> Option<T> {
        let session = self.session();
        let (open, view) = session.get(uri)?;
        Some(ask(open, view, &session.editor))
    }

    /// Asks something of a place in an open document.
    fn ask_at<T>(
        &self,
        at: &TextDocumentPositionParams,
        ask: impl FnOnce(&Document, u32, View<'_>, &Editor) -> T,
    ) -> Option<T> {
        self.ask(&at.text_document.uri, |open, view, editor| {
            ask(&open.document, view.offset(at.position), view, editor)
        })
    }

    /// Sends the findings of a document to an editor that does not ask for them.
    fn publish(&self, uri: &Uri) {
        let mut session = self.session();
        if session.editor.pulls {
            return;
        }
        let Some(open) = session.reported(uri) else { return };
        let message = self.parcels.put(open.findings.publication(uri, open.version));
        self.tell(uri.clone(), vec![Diagnostic { message, ..Diagnostic::default() }], None);
    }

    fn tell(&self, uri: Uri, found: Vec<Diagnostic>, version: Option<i32>) {
        let client = self.client.clone();
        tokio::spawn(async move { client.publish_diagnostics(uri, found, version).await });
    }

    fn warn(&self, faults: Vec<String>) {
        if faults.is_empty() {
            return;
        }
        let client = self.client.clone();
        tokio::spawn(async move {
            for fault in faults {
                client.show_message(MessageType::WARNING, fault).await;
            }
        });
    }

    /// Reads projects anew and has everything that follows from them shown again.
    fn reload(&self, roots: &[PathBuf]) {
        let (faults, changed, editor, uris) = {
            let mut session = self.session();
            let (faults, changed) = session.reload(roots);
            let uris: Vec<Uri> = session.all().map(|(uri, _)| uri.clone()).collect();
            (faults, changed, session.editor, uris)
        };
        self.warn(faults);
        if !changed {
            return;
        }
        for uri in &uris {
            self.publish(uri);
        }
        let client = self.client.clone();
        tokio::spawn(async move {
            if editor.pulls {
                let _ = client.workspace_diagnostic_refresh().await;
            }
            if editor.refreshes_tokens {
                let _ = client.semantic_tokens_refresh().await;
            }
            if editor.refreshes_hints {
                let _ = client.inlay_hint_refresh().await;
            }
        });
    }

    /// Every token of a document, as a mark for the writer.
    fn all_tokens(&self, uri: &Uri) -> Option<SemanticTokens> {
        let (list, sent) = self.ask(uri, |open, view, editor| {
            let colours = Colours::of(open, view, editor.multiline_tokens);
            (colours.json(), colours.sent(open.generation.to_string()))
        })?;
        let answer = format!(r#"{{"resultId":"{}","data":{list}}}"#, sent.id);
        let mark = self.parcels.put(answer);
        if let Some(open) = self.session().get_mut(uri) {
            open.sent = sent;
        }
        Some(SemanticTokens { result_id: Some(mark), data: Vec::new() })
    }

    fn edits(document: &Document, view: View<'_>, within: Span) -> Vec<TextEdit> {
        let done = format(document.text(), &Options::default());
        smallest_edit(document.text(), &done.text)
            .filter(|(span, _)| span.start <= within.end && within.start <= span.end)
            .map(|(span, text)| TextEdit { range: view.range(span), new_text: text.to_owned() })
            .into_iter()
            .collect()
    }
}

/// What differs between two texts: the stretch between what both begin and end with.
fn smallest_edit<'n>(old: &str, new: &'n str) -> Option<(Span, &'n str)> {
    if old == new {
        return None;
    }
    let same = |(a, b): &(char, char)| a == b;
    let front: usize =
        old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(front..)?, new.get(front..)?);
    let back: usize = old_rest
        .chars()
        .rev()
        .zip(new_rest.chars().rev())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    // An edit cannot begin or end inside a line break of two characters: editors have no position
    // there.
    let inside = |text: &str, at: usize| {
        let (before, behind) = (text.get(..at).unwrap_or(""), text.get(at..).unwrap_or(""));
        before.ends_with('\r') && behind.starts_with('\n')
    };
    let front = front - usize::from(inside(old, front) || inside(new, front));
    let widened = inside(old, old.len() - back) || inside(new, new.len() - back);
    let back = back - usize::from(widened);
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let span = Span::new(at(front), at(old.len() - back));
    Some((span, new.get(front..new.len() - back)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_never_part_a_line_break() {
        let cases =
            [("a\r\nb", "a\nb"), ("a\nb", "a\r\nb"), ("a\r\n\r\nb", "a\r\nb"), ("a\rb", "a\r\nb")];
        for (old, new) in cases {
            let (span, text) = smallest_edit(old, new).unwrap();
            let (start, end) = (span.start as usize, span.end as usize);
            assert_eq!([&old[..start], text, &old[end..]].concat(), new);
            for at in [start, end] {
                assert!(
                    !(old[..at].ends_with('\r') && old[at..].starts_with('\n')),
                    "{old:?} {span:?}"
                );
            }
        }
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let editor = Editor::of(&params);
        self.session().editor = editor;
        Ok(InitializeResult {
            capabilities: offered(&editor),
            server_info: Some(ServerInfo {
                name: "tule".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        if !self.session().editor.watches_files {
            return;
        }
        let watchers = ["**/tule.toml", "**/tule.lock"].map(|pattern| FileSystemWatcher {
            glob_pattern: GlobPattern::String(pattern.to_owned()),
            kind: None,
        });
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.to_vec() };
        let registration = Registration {
            id: "tule-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let client = self.client.clone();
        tokio::spawn(async move { client.register_capability(vec![registration]).await });
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, version, text, .. } = params.text_document;
        let faults = self.session().open(uri.clone(), text, version);
        self.warn(faults);
        self.publish(&uri);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        if self.session().change(&uri, version, params.content_changes) {
            self.publish(&uri);
        }
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        // Editors that watch no files save these two all the same.
        let path = params.text_document.uri.to_file_path();
        if let Some(root) = path.as_deref().and_then(Projects::concerned) {
            self.reload(&[root]);
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        let pulls = {
            let mut session = self.session();
            session.close(&uri);
            session.editor.pulls
        };
        if !pulls {
            self.tell(uri, Vec::new(), None);
        }
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let mut roots: Vec<PathBuf> = params
            .changes
            .iter()
            .filter_map(|change| Projects::concerned(&change.uri.to_file_path()?))
            .collect();
        roots.sort();
        roots.dedup();
        if !roots.is_empty() {
            self.reload(&roots);
        }
    }

    async fn did_change_configuration(&self, _: DidChangeConfigurationParams) {}

    async fn did_change_workspace_folders(&self, _: DidChangeWorkspaceFoldersParams) {}

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let mut session = self.session();
        let findings = session.reported(&params.text_document.uri).map(|open| &open.findings);
        let id = findings
            .map(Findings::id)
            .filter(|id| params.previous_result_id.as_deref() == Some(id));
        let report = if let Some(id) = id {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                    result_id: id.to_owned(),
                },
            })
        } else {
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: findings.map(|findings| self.parcels.put(findings.report())),
                    items: Vec::new(),
                },
            })
        };
        Ok(DocumentDiagnosticReportResult::Report(report))
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = &params.text_document_position;
        let answer = self.ask_at(at, |document, offset, view, editor| {
            let found = completion::complete(document, offset);
            let catalog = Arc::clone(&document.world().catalog);
            (items::list(found, view, editor), catalog)
        });
        let Some((list, catalog)) = answer else { return Ok(None) };
        self.session().completed = catalog;
        // The framework's type has no place for what all items share.
        let text = serde_json::to_string(&list).map_err(|_| Error::internal_error())?;
        let mark = CompletionItem { label: self.parcels.put(text), ..CompletionItem::default() };
        Ok(Some(CompletionResponse::List(CompletionList {
            is_incomplete: false,
            items: vec![mark],
        })))
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        let session = self.session();
        Ok(items::resolved(item, &session.completed, &session.editor))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = &params.text_document_position_params;
        let answer = self.ask_at(at, |document, offset, view, editor| {
            hover::hover(document, offset).map(|found| Hover {
                contents: HoverContents::Markup(convert::markup(found.text, editor)),
                range: Some(view.range(found.span)),
            })
        });
        Ok(answer.flatten())
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        let at = &params.text_document_position_params;
        let answer = self.ask_at(at, |document, offset, _, _| signature::help(document, offset));
        Ok(answer.flatten().as_ref().map(convert::signature))
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let at = &params.text_document_position_params;
        let answer = self.ask_at(at, |document, offset, view, _| {
            match navigation::definition(document, offset)? {
                Definition::Here(span) => Some(view.range(span)),
                Definition::Schema(..) => None,
            }
        });
        let uri = at.text_document.uri.clone();
        Ok(answer.flatten().map(|range| Location { uri, range }.into()))
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let at = &params.text_document_position;
        let declared = params.context.include_declaration;
        let session = self.session();
        let Some((open, view)) = session.get(&at.text_document.uri) else { return Ok(None) };
        let offset = view.offset(at.position);
        let Some(symbol) = navigation::symbol_at(&open.document, offset) else { return Ok(None) };
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
        Ok(Some(found))
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let at = &params.text_document_position_params;
        Ok(self.ask_at(at, |document, offset, view, _| {
            let uses = navigation::highlights(document, offset).into_iter();
            uses.map(|place| convert::highlight(place, view)).collect()
        }))
    }

    async fn prepare_rename(
        &self,
        at: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        let answer = self.ask_at(&at, |document, offset, view, _| {
            navigation::renamable(document, offset).map(|span| view.range(span))
        });
        Ok(answer.flatten().map(PrepareRenameResponse::Range))
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
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

    async fn linked_editing_range(
        &self,
        params: LinkedEditingRangeParams,
    ) -> Result<Option<LinkedEditingRanges>> {
        let at = &params.text_document_position_params;
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
        Ok(answer.flatten())
    }

    async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        let uri = &params.text_document.uri;
        Ok(self.ask(uri, |open, view, editor| {
            let entries = outline::entries(&open.document);
            if editor.nested_symbols {
                let nested = entries.iter().map(|entry| convert::symbol(entry, view));
                DocumentSymbolResponse::Nested(nested.collect())
            } else {
                DocumentSymbolResponse::Flat(convert::flat_symbols(&entries, uri, view))
            }
        }))
    }

    async fn symbol(
        &self,
        params: WorkspaceSymbolParams,
    ) -> Result<Option<WorkspaceSymbolResponse>> {
        let session = self.session();
        let wanted = params.query.to_lowercase();
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
        Ok(Some(WorkspaceSymbolResponse::Nested(found)))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        Ok(self.ask(&params.text_document.uri, |open, view, _| {
            let folds = outline::folds(&open.document);
            let long = folds.iter().map(|fold| convert::fold(fold, view));
            long.filter(|fold| fold.end_line > fold.start_line).collect()
        }))
    }

    async fn selection_range(
        &self,
        params: SelectionRangeParams,
    ) -> Result<Option<Vec<SelectionRange>>> {
        Ok(self.ask(&params.text_document.uri, |open, view, _| {
            let ranges = params.positions.iter().map(|position| {
                let around = outline::around(&open.document, view.offset(*position));
                // Each position has its answer, if only itself.
                let here = Range { start: *position, end: *position };
                convert::selection(&around, view)
                    .unwrap_or(SelectionRange { range: here, parent: None })
            });
            ranges.collect()
        }))
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let tokens = self.all_tokens(&params.text_document.uri);
        Ok(tokens.map(SemanticTokensResult::Tokens))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let uri = &params.text_document.uri;
        let answer = self.ask(uri, |open, view, editor| {
            let known = open.sent.id == params.previous_result_id;
            let colours = known.then(|| Colours::of(open, view, editor.multiline_tokens))?;
            let edits = colours.difference(&open.sent);
            Some((edits, colours.sent(open.generation.to_string())))
        });
        let Some((edits, sent)) = answer.flatten() else {
            let tokens = self.all_tokens(uri);
            return Ok(tokens.map(SemanticTokensFullDeltaResult::Tokens));
        };
        let result_id = Some(sent.id.clone());
        if let Some(open) = self.session().get_mut(uri) {
            open.sent = sent;
        }
        let delta = SemanticTokensDelta { result_id, edits };
        Ok(Some(SemanticTokensFullDeltaResult::TokensDelta(delta)))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        Ok(self.ask(&params.text_document.uri, |open, view, editor| {
            let data = encode(open, view, view.span(params.range), editor.multiline_tokens);
            SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })
        }))
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        Ok(self.ask(&params.text_document.uri, |open, view, editor| {
            let hints = hints::hints(&open.document, view.span(params.range));
            hints.iter().map(|hint| convert::hint(hint, view, editor)).collect()
        }))
    }

    async fn inlay_hint_resolve(&self, hint: InlayHint) -> Result<InlayHint> {
        Ok(convert::resolved_hint(hint))
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        Ok(self.ask(&params.text_document.uri, |open, view, _| {
            Self::edits(&open.document, view, whole(view.text))
        }))
    }

    async fn range_formatting(
        &self,
        params: DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        Ok(self.ask(&params.text_document.uri, |open, view, _| {
            let wanted = view.span(params.range);
            statement_edits(&open.document, view, |span| {
                span.start <= wanted.end && wanted.start <= span.end
            })
        }))
    }

    async fn on_type_formatting(
        &self,
        params: DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        let at = &params.text_document_position;
        Ok(self.ask_at(at, |document, offset, view, _| {
            // The statement that the `;` in front of the cursor has just ended.
            statement_edits(document, view, |span| span.end + 1 == offset)
        }))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let uri = &params.text_document.uri;
        Ok(self.ask(uri, |open, view, editor| {
            let found = actions::actions(&open.document, view.span(params.range)).into_iter();
            let wanted = |kind: &CodeActionKind| {
                params.context.only.as_ref().is_none_or(|only| {
                    only.iter().any(|wanted| kind.as_str().starts_with(wanted.as_str()))
                })
            };
            found
                .map(|action| action_of(action, uri, view, editor))
                .filter(|action| action.kind.as_ref().is_none_or(wanted))
                .map(CodeActionOrCommand::CodeAction)
                .collect()
        }))
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        Ok(self.ask(&params.text_document.uri, |open, view, editor| {
            let mut links = Vec::new();
            for part in open.document.parts() {
                for (span, dataset) in &part.analysis.checked.typed.datasets {
                    let page = format!("https://{}/d/{}", dataset.host, dataset.id);
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
        }))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        match params.command.as_str() {
            "tule.reload" => {
                let roots = self.session().roots();
                self.reload(&roots);
                Ok(None)
            }
            other => {
                let near = similar(other, COMMANDS);
                let help = near.first().map_or(String::new(), |near| format!(": perhaps {near}"));
                Err(Error::invalid_params(format!("no command `{other}`{help}")))
            }
        }
    }
}

/// Edits that lay out the statements whose place is wanted.
fn statement_edits(
    document: &Document,
    view: View<'_>,
    wanted: impl Fn(Span) -> bool,
) -> Vec<TextEdit> {
    let parts = document.parts().iter().filter(|part| wanted(part.range));
    parts
        .filter_map(|part| {
            let text = part.range.text(document.text());
            let inner = text.trim();
            let before = text.len() - text.trim_start().len();
            let done = format(inner, &Options::default());
            let base = part.range.start + u32::try_from(before).unwrap_or(0);
            let (span, text) = smallest_edit(inner, done.text.trim_end())?;
            Some(TextEdit { range: view.range(span.shift(base)), new_text: text.to_owned() })
        })
        .collect()
}

fn edit_of(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit {
        changes: Some([(uri.clone(), edits)].into_iter().collect()),
        ..WorkspaceEdit::default()
    }
}

fn action_of(action: actions::Action, uri: &Uri, view: View<'_>, editor: &Editor) -> CodeAction {
    let kind = match action.sort {
        actions::ActionSort::Repair(_) | actions::ActionSort::Allow => CodeActionKind::QUICKFIX,
        actions::ActionSort::Extract => CodeActionKind::REFACTOR_EXTRACT,
        actions::ActionSort::Rewrite => CodeActionKind::REFACTOR_REWRITE,
    };
    let edits = action.edits.into_iter();
    let edits = edits.map(|(span, text)| TextEdit { range: view.range(span), new_text: text });
    CodeAction {
        title: action.title,
        kind: Some(kind),
        diagnostics: action
            .finding
            .map(|found| vec![convert::diagnostic(&found, view, uri, editor)]),
        edit: Some(edit_of(uri, edits.collect())),
        is_preferred: (action.sort == actions::ActionSort::Repair(true)).then_some(true),
        ..CodeAction::default()
    }
}
