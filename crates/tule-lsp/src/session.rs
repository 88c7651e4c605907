//! All state of the server.
//!
//! Open documents, the projects they belong to, and what the editor can do. Changed under one lock
//! and never across an await.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};
use tule_core::schema::catalog::Catalog;
use tule_ide::document::Document;
use tule_syntax::span::LineIndex;

use crate::capabilities::Editor;
use crate::encoding::View;
use crate::findings::Findings;
use crate::project::{Loaded, Projects};
use crate::tokens::Sent;

/// One open document.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) document: Document,
    lines: LineIndex,
    /// The editor's version of the text.
    pub(crate) version: i32,
    /// The folder of its project.
    root: Option<PathBuf>,
    /// Counts what changed of text and world, so that an answer can be told from an older one.
    pub(crate) generation: u64,
    /// The colours that the editor has, to send differences.
    pub(crate) sent: Sent,
    /// The findings that were last reported.
    pub(crate) findings: Findings,
}

/// All state of the server.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) editor: Editor,
    /// The datasets that the items of the last completion came from.
    pub(crate) completed: Arc<Catalog>,
    documents: HashMap<Uri, Open>,
    projects: Projects,
    next_generation: u64,
}

impl Session {
    /// The open document at `uri` with its view.
    pub(crate) fn get(&self, uri: &Uri) -> Option<(&Open, View<'_>)> {
        let open = self.documents.get(uri)?;
        Some((open, self.view(open)))
    }

    pub(crate) fn get_mut(&mut self, uri: &Uri) -> Option<&mut Open> {
        self.documents.get_mut(uri)
    }

    /// The open document at `uri` with its findings brought up to it.
    pub(crate) fn reported(&mut self, uri: &Uri) -> Option<&Open> {
        let Self { documents, editor, .. } = self;
        let Open { document, lines, generation, findings, .. } = documents.get_mut(uri)?;
        let view = View { text: document.text(), lines, encoding: editor.encoding };
        findings.update(document.parts(), generation.to_string(), view, uri, editor);
        documents.get(uri)
    }

    /// Every open document.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Uri, &Open)> {
        self.documents.iter()
    }

    pub(crate) fn view<'o>(&self, open: &'o Open) -> View<'o> {
        View { text: open.document.text(), lines: &open.lines, encoding: self.editor.encoding }
    }

    fn generation(&mut self) -> u64 {
        self.next_generation += 1;
        self.next_generation
    }

    /// Takes a document in; gives what is wrong with its project.
    pub(crate) fn open(&mut self, uri: Uri, text: String, version: i32) -> Vec<String> {
        let path = uri.to_file_path().map(std::borrow::Cow::into_owned);
        let Loaded { root, world, faults } = self.projects.world(path.as_deref());
        let lines = LineIndex::new(&text);
        let document = Document::new(text, world);
        let generation = self.generation();
        let (sent, findings) = (Sent::default(), Findings::default());
        let open = Open { document, lines, version, root, generation, sent, findings };
        self.documents.insert(uri, open);
        faults
    }

    /// Applies changes in order. A version that is not newer than the one known is passed over.
    pub(crate) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> bool {
        let generation = self.generation();
        let encoding = self.editor.encoding;
        let Some(open) = self.documents.get_mut(uri) else { return false };
        if version <= open.version {
            return false;
        }
        for change in changes {
            let span = change.range.map(|range| {
                View { text: open.document.text(), lines: &open.lines, encoding }.span(range)
            });
            if let Some(span) = span {
                let range = span.start as usize..span.end as usize;
                if open.document.edit(range, &change.text) {
                    open.lines.replace(span, &change.text);
                }
            } else {
                let world = open.document.world().clone();
                open.lines = LineIndex::new(&change.text);
                open.document = Document::new(change.text, world);
            }
        }
        open.version = version;
        open.generation = generation;
        true
    }

    pub(crate) fn close(&mut self, uri: &Uri) {
        self.documents.remove(uri);
    }

    /// Reads projects anew whose files changed; gives what is wrong with them, and whether any
    /// document is checked against another world now.
    pub(crate) fn reload(&mut self, roots: &[PathBuf]) -> (Vec<String>, bool) {
        let mut faults = Vec::new();
        let mut changed = false;
        for root in roots {
            let loaded = self.projects.load(root.clone());
            faults.extend(loaded.faults);
            let generation = self.generation();
            // A new `tule.toml` may make a project of a folder that was none.
            for (uri, open) in &mut self.documents {
                let inside = || {
                    let path = uri.to_file_path()?;
                    let nearer = open.root.as_ref().is_some_and(|known| known.starts_with(root));
                    (path.starts_with(root) && !nearer).then_some(())
                };
                if open.root.as_ref() == Some(root) || inside().is_some() {
                    open.root = Some(root.clone());
                    open.document.set_world(loaded.world.clone());
                    open.generation = generation;
                    changed = true;
                }
            }
        }
        (faults, changed)
    }

    /// The folders of all projects read so far.
    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        self.projects.roots()
    }
}
