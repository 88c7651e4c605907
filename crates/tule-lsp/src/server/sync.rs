//! Beginning, documents, files and settings: what changes the session.
//!
//! Every change is made before anything is awaited, so that edits are applied in the order in
//! which the editor made them.

use std::path::PathBuf;

use serde_json::Value;
use tower_lsp::ls_types::{
    ConfigurationItem, Diagnostic, DiagnosticSeverity, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, InitializeParams,
    InitializeResult, Registration, ServerInfo, TextDocumentContentChangeEvent, TextDocumentItem,
    Uri, VersionedTextDocumentIdentifier, WorkDoneProgressCancelParams, WorkspaceFolder,
    WorkspaceFoldersChangeEvent,
};
use tule_syntax::span::LineIndex;

use super::Backend;
use crate::capabilities::{Editor, offered};
use crate::encoding::View;
use crate::project::{Checked, LOCK, MANIFEST, Projects, Trouble};
use crate::settings::Settings;

impl Backend {
    pub(super) fn begin(&self, params: &InitializeParams) -> InitializeResult {
        let editor = Editor::of(params);
        let mut session = self.session();
        session.editor = editor;
        let said = params.initialization_options.as_ref().unwrap_or(&Value::Null);
        session.initial = Settings::default().with(said);
        session.settings = session.initial.clone();
        session.folders = folders(params);
        InitializeResult {
            capabilities: offered(&editor),
            server_info: Some(ServerInfo {
                name: "tule".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        }
    }

    /// Asks for what an editor can be asked for, now that it may be.
    pub(super) fn begun(&self) {
        let editor = self.session().editor;
        self.pull_settings();
        let troubles = self.session().prepare();
        for trouble in troubles {
            self.tell_trouble(trouble);
        }
        let mut registrations = Vec::new();
        if editor.watches_files {
            // Queries too: those that are not open are looked at as files.
            let watchers = [MANIFEST, LOCK, "*.tule"].map(|name| FileSystemWatcher {
                glob_pattern: GlobPattern::String(format!("**/{name}")),
                kind: None,
            });
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: watchers.to_vec() };
            registrations.push(Registration {
                id: "tule-files".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: serde_json::to_value(options).ok(),
            });
        }
        if editor.registers_settings {
            registrations.push(Registration {
                id: "tule-settings".to_owned(),
                method: "workspace/didChangeConfiguration".to_owned(),
                register_options: Some(serde_json::json!({ "section": "tule" })),
            });
        }
        if registrations.is_empty() {
            return;
        }
        let client = self.client.clone();
        tokio::spawn(async move { client.register_capability(registrations).await });
    }

    pub(super) fn opened(&self, document: TextDocumentItem) {
        let TextDocumentItem { uri, version, text, .. } = document;
        let trouble = self.session().open(uri.clone(), text, version);
        self.tell_trouble(trouble);
        self.publish(&uri);
        self.session().fetches.forget();
        self.fetch_missing(&uri);
        self.status();
    }

    pub(super) fn changed(
        &self,
        document: &VersionedTextDocumentIdentifier,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let uri = &document.uri;
        let mut session = self.session_of_texts();
        // Of changes that arrive together only the newest text is looked at and told of.
        if !session.change(uri, document.version, changes) || !session.await_telling(uri) {
            return;
        }
        drop(session);
        let (server, uri) = (self.clone(), uri.clone());
        tokio::spawn(async move {
            server.session().begin_telling(&uri);
            server.publish(&uri);
            server.fetch_missing(&uri);
        });
    }

    pub(super) fn saved(&self, uri: &Uri) {
        // Editors that watch no files save these two all the same.
        let path = uri.to_file_path();
        if let Some(root) = path.as_deref().and_then(Projects::concerned) {
            self.reload(&[root]);
        }
    }

    pub(super) fn closed(&self, uri: Uri) {
        let pulls = {
            let mut session = self.session();
            session.close(&uri);
            session.editor.pulls
        };
        if pulls {
            self.folder_changed();
        } else {
            self.tell(uri, Vec::new(), None);
        }
    }

    pub(super) fn files_changed(&self, params: &DidChangeWatchedFilesParams) {
        let changes = params.changes.iter();
        let mut roots: Vec<PathBuf> =
            changes.filter_map(|change| Projects::concerned(&change.uri.to_file_path()?)).collect();
        roots.sort();
        roots.dedup();
        self.folder_changed();
        if !roots.is_empty() {
            self.reload(&roots);
        }
    }

    /// Reads projects anew and has everything that follows from them shown again.
    pub(super) fn reload(&self, roots: &[PathBuf]) {
        let (trouble, changed) = self.session().reload(roots);
        self.tell_trouble(trouble);
        if changed {
            self.show_anew();
        }
        self.folder_changed();
        self.session().fetches.forget();
        self.fetch_all();
        self.status();
    }

    /// Tells of faults of project files: at their places, unasked, since such a file is no document
    /// of this server that an editor would ask about.
    fn tell_trouble(&self, trouble: Trouble) {
        let encoding = self.session().editor.encoding;
        for Checked { path, text, faults } in trouble.files {
            let Some(uri) = Uri::from_file_path(&path) else { continue };
            let lines = LineIndex::new(&text);
            let view = View { text: &text, lines: &lines, encoding };
            let found = faults.into_iter().map(|(span, message)| Diagnostic {
                range: view.range(span),
                severity: Some(DiagnosticSeverity::ERROR),
                source: Some("tule".to_owned()),
                message,
                ..Diagnostic::default()
            });
            self.tell(uri, found.collect(), None);
        }
        self.warn(trouble.messages);
    }

    /// Has everything shown again that follows from schemas and settings.
    pub(super) fn show_anew(&self) {
        let (editor, uris) = {
            let session = self.session();
            (session.editor, session.uris())
        };
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
            if editor.refreshes_lenses {
                let _ = client.code_lens_refresh().await;
            }
        });
    }

    /// What the editor sends along, else what it answers when it is asked.
    pub(super) fn settings_changed(&self, said: &Value) {
        if self.session().editor.pulls_settings {
            self.pull_settings();
            return;
        }
        let own = said.get("tule").unwrap_or(&Value::Null);
        self.set(own);
    }

    fn pull_settings(&self) {
        if !self.session().editor.pulls_settings {
            return;
        }
        let server = self.clone();
        tokio::spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some("tule".to_owned()) };
            // An editor that knows nothing of the section answers with null, or not at all.
            if let Ok(answers) = server.client.configuration(vec![item]).await
                && let Some(said) = answers.first()
            {
                server.set(said);
            }
        });
    }

    /// Takes settings over what was said at the beginning.
    fn set(&self, said: &Value) {
        let changed = {
            let mut session = self.session();
            let settings = session.initial.clone().with(said);
            let before = std::mem::replace(&mut session.settings, settings);
            before != session.settings
        };
        if changed {
            self.show_anew();
            self.fetch_all();
        }
    }

    pub(super) fn folders_changed(&self, event: &WorkspaceFoldersChangeEvent) {
        let mut session = self.session();
        let gone = paths(&event.removed);
        session.folders.retain(|folder| !gone.contains(folder));
        session.folders.extend(paths(&event.added));
        drop(session);
        self.folder_changed();
    }

    #[expect(clippy::unused_async, reason = "the framework takes futures")]
    pub(super) async fn progress_cancelled(&self, params: WorkDoneProgressCancelParams) {
        let works = self.session().works.clone();
        works.cancel(&params.token);
    }
}

fn paths(folders: &[WorkspaceFolder]) -> Vec<PathBuf> {
    let path =
        |folder: &WorkspaceFolder| folder.uri.to_file_path().map(std::borrow::Cow::into_owned);
    folders.iter().filter_map(path).collect()
}

/// The folders that the editor has open.
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    if let Some(folders) = &params.workspace_folders {
        return paths(folders);
    }
    #[expect(deprecated, reason = "what editors send that have one folder only")]
    let root = params.root_uri.as_ref();
    root.and_then(Uri::to_file_path).map(std::borrow::Cow::into_owned).into_iter().collect()
}
