//! The messages: which there are, and who answers each.
//!
//! Handlers are short and do not wait: they take the lock, ask, convert and answer. What goes to
//! the editor unasked is handed to tasks of its own, and what takes its time to a thread ([`work`]).
//! Each module below answers the messages of one subject.
//!
//! [`work`]: crate::work

mod catalogue;
mod commands;
mod documents;
mod edits;
mod findings;
mod folder;
mod lenses;
mod names;
mod own;
mod schemas;
mod search;
mod status;
mod sync;
mod typing;
mod views;

pub(crate) use folder::Looked;
pub(crate) use search::Searches;
pub(crate) use status::Status;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    CodeAction, CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionItem,
    CompletionParams, CompletionResponse, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentDiagnosticParams, DocumentDiagnosticReportResult, DocumentFormattingParams,
    DocumentHighlight, DocumentHighlightParams, DocumentLink, DocumentLinkParams,
    DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, DocumentSymbolParams,
    DocumentSymbolResponse, ExecuteCommandParams, FoldingRange, FoldingRangeParams,
    GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverParams, InitializeParams,
    InitializeResult, InitializedParams, InlayHint, InlayHintParams, LSPAny,
    LinkedEditingRangeParams, LinkedEditingRanges, Location, MessageType, PrepareRenameResponse,
    ReferenceParams, RenameParams, SelectionRange, SelectionRangeParams, SemanticTokensDeltaParams,
    SemanticTokensFullDeltaResult, SemanticTokensParams, SemanticTokensRangeParams,
    SemanticTokensRangeResult, SemanticTokensResult, SignatureHelp, SignatureHelpParams,
    TextDocumentPositionParams, TextEdit, Uri, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReportResult, WorkspaceEdit, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use tower_lsp::{Client, LanguageServer, LspService};
use tule_ide::document::Document;
use tule_syntax::span::Span;

use crate::capabilities::Editor;
use crate::convert;
use crate::encoding::View;
use crate::portals::Portals;
use crate::session::{Open, Session};
use crate::wire::Parcels;

/// The server behind the protocol. Clones are the same server.
#[derive(Clone)]
pub(crate) struct Backend {
    client: Client,
    session: Arc<Mutex<Session>>,
    portals: Arc<dyn Portals>,
    parcels: Parcels,
}

/// The server with all of its messages.
pub(crate) fn service(
    session: Arc<Mutex<Session>>,
    portals: Arc<dyn Portals>,
    parcels: Parcels,
) -> (LspService<Backend>, tower_lsp::ClientSocket) {
    LspService::build(|client| Backend { client, session, portals, parcels })
        .custom_method("window/workDoneProgress/cancel", Backend::progress_cancelled)
        .custom_method("workspace/textDocumentContent", Backend::content)
        .custom_method("tule/statement", Backend::own_statement)
        .custom_method("tule/compile", Backend::own_compile)
        .custom_method("tule/run", Backend::own_run)
        .custom_method("tule/export", Backend::own_export)
        .custom_method("tule/card", Backend::own_card)
        .custom_method("tule/datasets", Backend::own_datasets)
        .custom_method("tule/import", Backend::own_import)
        .finish()
}

/// The whole of a text.
fn whole(text: &str) -> Span {
    Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX))
}

impl Backend {
    /// The session, with every document looked at. A handler that panicked leaves it as it was: no
    /// change spans two calls.
    fn session(&self) -> MutexGuard<'_, Session> {
        let mut session = self.session_of_texts();
        session.settle();
        session
    }

    /// The session whose texts are up to date, and maybe nothing else of its documents.
    fn session_of_texts(&self) -> MutexGuard<'_, Session> {
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

    /// Says something to the user, without waiting.
    fn say(&self, how: MessageType, messages: Vec<String>) {
        if messages.is_empty() {
            return;
        }
        let client = self.client.clone();
        tokio::spawn(async move {
            for message in messages {
                client.show_message(how, message).await;
            }
        });
    }

    fn warn(&self, faults: Vec<String>) {
        self.say(MessageType::WARNING, faults);
    }
}

/// Edits of one document.
fn edit_of(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit {
        changes: Some([(uri.clone(), edits)].into_iter().collect()),
        ..WorkspaceEdit::default()
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        Ok(self.begin(&params))
    }

    async fn initialized(&self, _: InitializedParams) {
        self.begun();
    }

    async fn shutdown(&self) -> Result<()> {
        self.session().works.stop_all();
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.opened(params.text_document);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.changed(&params.text_document, params.content_changes);
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.saved(&params.text_document.uri);
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.closed(params.text_document.uri);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.files_changed(&params);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.settings_changed(&params.settings);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.folders_changed(&params.event);
    }

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        Ok(self.findings_of(&params))
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        Ok(self.complete(&params.text_document_position))
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        Ok(self.resolve_completion(item))
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        Ok(self.signature(&params.text_document_position_params))
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        Ok(self.hover_at(&params.text_document_position_params))
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        Ok(self.definition(&params.text_document_position_params))
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        Ok(self.uses(&params))
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        Ok(self.highlights(&params.text_document_position_params))
    }

    async fn prepare_rename(
        &self,
        at: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        Ok(self.renamable(&at))
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.renamed(&params)
    }

    async fn linked_editing_range(
        &self,
        params: LinkedEditingRangeParams,
    ) -> Result<Option<LinkedEditingRanges>> {
        Ok(self.linked(&params.text_document_position_params))
    }

    async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        Ok(self.symbols(&params.text_document.uri))
    }

    async fn symbol(
        &self,
        params: WorkspaceSymbolParams,
    ) -> Result<Option<WorkspaceSymbolResponse>> {
        Ok(Some(self.all_symbols(&params.query)))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        Ok(self.folds(&params.text_document.uri))
    }

    async fn selection_range(
        &self,
        params: SelectionRangeParams,
    ) -> Result<Option<Vec<SelectionRange>>> {
        Ok(self.selections(&params))
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        Ok(self.tokens(&params.text_document.uri))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        Ok(self.tokens_since(&params.text_document.uri, &params.previous_result_id))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        Ok(self.tokens_within(&params.text_document.uri, params.range))
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        Ok(self.hints(&params.text_document.uri, params.range))
    }

    async fn inlay_hint_resolve(&self, hint: InlayHint) -> Result<InlayHint> {
        Ok(convert::resolved_hint(hint))
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        Ok(self.links(&params.text_document.uri))
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        Ok(self.lenses(&params.text_document.uri))
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        Ok(self.laid_out(&params.text_document.uri))
    }

    async fn range_formatting(
        &self,
        params: DocumentRangeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        Ok(self.laid_out_within(&params.text_document.uri, params.range))
    }

    async fn on_type_formatting(
        &self,
        params: DocumentOnTypeFormattingParams,
    ) -> Result<Option<Vec<TextEdit>>> {
        Ok(self.laid_out_before(&params.text_document_position))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        Ok(self.actions(&params))
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        self.resolve_action(action)
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        self.all_findings(params.previous_result_ids).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        self.execute(params).await
    }
}
