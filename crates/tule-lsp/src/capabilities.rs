//! What the editor can do, and what the server offers it.
//!
//! Diagnostics are pulled by editors that can be told to pull again, and pushed to all others;
//! never both, or they would be shown twice. Nothing is registered that an editor did not say it
//! understands.

use tower_lsp::ls_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability,
    CodeLensOptions, CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities,
    DocumentLinkOptions, DocumentOnTypeFormattingOptions, ExecuteCommandOptions,
    FoldingRangeProviderCapability, HoverProviderCapability, InitializeParams, OneOf,
    RenameOptions, SaveOptions, SelectionRangeProviderCapability, SemanticTokenModifier,
    SemanticTokenType, SemanticTokensFullOptions, SemanticTokensLegend, SemanticTokensOptions,
    ServerCapabilities, SignatureHelpOptions, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use crate::encoding::Encoding;

/// What the editor can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one capability of the protocol")]
pub(crate) struct Editor {
    pub(crate) encoding: Encoding,
    /// It asks for diagnostics, and asks again when told to.
    pub(crate) pulls: bool,
    pub(crate) snippets: bool,
    pub(crate) code_descriptions: bool,
    pub(crate) related: bool,
    pub(crate) markdown: bool,
    pub(crate) multiline_tokens: bool,
    pub(crate) nested_symbols: bool,
    pub(crate) watches_files: bool,
    pub(crate) refreshes_tokens: bool,
    pub(crate) refreshes_hints: bool,
    pub(crate) refreshes_lenses: bool,
    pub(crate) prepares_rename: bool,
    /// It answers `workspace/configuration`.
    pub(crate) pulls_settings: bool,
    /// It sends changed settings only where that was registered.
    pub(crate) registers_settings: bool,
    /// It asks for the edit of an action when somebody chooses it.
    pub(crate) resolves_actions: bool,
    pub(crate) shows_progress: bool,
    pub(crate) shows_documents: bool,
}

impl Editor {
    pub(crate) fn of(params: &InitializeParams) -> Self {
        let ClientCapabilities { workspace, text_document, window, general, .. } =
            &params.capabilities;
        let window = window.as_ref();
        let document = text_document.as_ref();
        let space = workspace.as_ref();
        let offered = general.as_ref().and_then(|general| general.position_encodings.as_deref());
        let refreshes = space
            .and_then(|space| space.diagnostics.as_ref())
            .and_then(|diagnostics| diagnostics.refresh_support)
            .unwrap_or(false);
        let item = document
            .and_then(|document| document.completion.as_ref())
            .and_then(|completion| completion.completion_item.as_ref());
        let published = document.and_then(|document| document.publish_diagnostics.as_ref());
        let tokens = document.and_then(|document| document.semantic_tokens.as_ref());
        Self {
            encoding: Encoding::choose(offered),
            pulls: refreshes && document.is_some_and(|document| document.diagnostic.is_some()),
            snippets: item.and_then(|item| item.snippet_support).unwrap_or(false),
            code_descriptions: published
                .and_then(|published| published.code_description_support)
                .unwrap_or(false),
            related: published.and_then(|published| published.related_information).unwrap_or(false),
            markdown: document
                .and_then(|document| document.hover.as_ref()?.content_format.as_ref())
                .is_none_or(|formats| formats.contains(&tower_lsp::ls_types::MarkupKind::Markdown)),
            multiline_tokens: tokens
                .and_then(|tokens| tokens.multiline_token_support)
                .unwrap_or(false),
            nested_symbols: document
                .and_then(|document| document.document_symbol.as_ref())
                .and_then(|symbols| symbols.hierarchical_document_symbol_support)
                .unwrap_or(false),
            watches_files: space
                .and_then(|space| space.did_change_watched_files)
                .and_then(|watched| watched.dynamic_registration)
                .unwrap_or(false),
            refreshes_tokens: space
                .and_then(|space| space.semantic_tokens.as_ref())
                .and_then(|tokens| tokens.refresh_support)
                .unwrap_or(false),
            refreshes_hints: space
                .and_then(|space| space.inlay_hint.as_ref())
                .and_then(|hints| hints.refresh_support)
                .unwrap_or(false),
            refreshes_lenses: space
                .and_then(|space| space.code_lens.as_ref())
                .and_then(|lenses| lenses.refresh_support)
                .unwrap_or(false),
            pulls_settings: space.and_then(|space| space.configuration).unwrap_or(false),
            registers_settings: space
                .and_then(|space| space.did_change_configuration)
                .and_then(|settings| settings.dynamic_registration)
                .unwrap_or(false),
            resolves_actions: document
                .and_then(|document| document.code_action.as_ref()?.resolve_support.as_ref())
                .is_some_and(|resolves| resolves.properties.iter().any(|name| name == "edit")),
            shows_progress: window.and_then(|window| window.work_done_progress).unwrap_or(false),
            shows_documents: window
                .and_then(|window| window.show_document.as_ref())
                .is_some_and(|shown| shown.support),
            prepares_rename: document
                .and_then(|document| document.rename.as_ref())
                .and_then(|rename| rename.prepare_support)
                .unwrap_or(false),
        }
    }
}

/// The commands that the server runs.
pub(crate) const COMMANDS: [&str; 7] = [
    "tule.run",
    "tule.copyUrl",
    "tule.copyCurl",
    "tule.plan",
    "tule.refresh",
    "tule.reload",
    "tule.trust",
];

/// What the server offers this editor.
pub(crate) fn offered(editor: &Editor) -> ServerCapabilities {
    let trigger = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
    ServerCapabilities {
        position_encoding: Some(editor.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                include_text: Some(false),
            })),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: trigger(&[".", "@", "'", "$", ":", "(", ",", " "]),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: trigger(&["(", ","]),
            retrigger_characters: trigger(&[")"]),
            ..SignatureHelpOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        rename_provider: Some(if editor.prepares_rename {
            OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        } else {
            OneOf::Left(true)
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::REFACTOR_EXTRACT,
                CodeActionKind::REFACTOR_REWRITE,
                CodeActionKind::from("source.fixAll.tule".to_owned()),
            ]),
            resolve_provider: Some(true),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: ";".to_owned(),
            more_trigger_character: None,
        }),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        linked_editing_range_provider: Some(
            tower_lsp::ls_types::LinkedEditingRangeServerCapabilities::Simple(true),
        ),
        inlay_hint_provider: Some(OneOf::Left(true)),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: legend(),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                range: Some(true),
                ..SemanticTokensOptions::default()
            }
            .into(),
        ),
        diagnostic_provider: editor.pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("tule".to_owned()),
                inter_file_dependencies: false,
                workspace_diagnostics: true,
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: COMMANDS.map(str::to_owned).to_vec(),
            work_done_progress_options: WorkDoneProgressOptions { work_done_progress: Some(true) },
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}

/// The names of the token sorts, in the order of [`tule_ide::highlight::Sort::ALL`]. Standard
/// names, so that every theme colours them.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: vec![
            SemanticTokenType::KEYWORD,
            SemanticTokenType::FUNCTION,
            SemanticTokenType::PROPERTY,
            SemanticTokenType::VARIABLE,
            SemanticTokenType::CLASS,
            SemanticTokenType::NAMESPACE,
            SemanticTokenType::PARAMETER,
            SemanticTokenType::TYPE,
            SemanticTokenType::PROPERTY,
            SemanticTokenType::STRING,
            SemanticTokenType::NUMBER,
            SemanticTokenType::OPERATOR,
            SemanticTokenType::COMMENT,
        ],
        token_modifiers: vec![SemanticTokenModifier::DEFINITION],
    }
}
