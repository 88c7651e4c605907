//! All state of the server.
//!
//! Open documents, the projects they belong to, and what the editor can do. Changed under one lock
//! and never across an await.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};
use tule_core::schema::catalog::Catalog;
use tule_ide::document::Document;
use tule_syntax::limits::MAX_BYTES;
use tule_syntax::span::LineIndex;

use tule_core::schema::Dataset;

use crate::capabilities::Editor;
use crate::encoding::View;
use crate::fetches::Fetches;
use crate::findings::{Findings, lent};
use crate::portals::{Project, Trust};
use crate::project::{Known, Loaded, Projects, Trouble};
use crate::server::{Looked, Searches, Status};
use crate::settings::Settings;
use crate::tokens::Sent;
use crate::work::Works;

/// One open document.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) document: Document,
    lines: LineIndex,
    /// The editor's version of the text.
    pub(crate) version: i32,
    /// The folder of its project.
    pub(crate) root: Option<PathBuf>,
    /// Whether a task waits for its turn to tell of the newest text.
    awaits_telling: bool,
    /// Counts what changed of text and world, so that an answer can be told from an older one.
    generation: u64,
    /// The colours that the editor has, to send differences.
    pub(crate) sent: Sent,
    /// The findings that were last reported.
    pub(crate) findings: Findings,
}

/// Tells answers of this server from those of another that ran before: an editor may bring names
/// of either.
static RUN: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));

impl Open {
    /// What tells what is said of this text and this world from what was said of others.
    pub(crate) fn id(&self) -> String {
        format!("{:x}-{}", *RUN, self.generation)
    }

    /// Whether the document is longer than what is looked at.
    fn is_large(&self) -> bool {
        self.document.text().len() > MAX_BYTES
    }
}

/// All state of the server.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) editor: Editor,
    /// What the editor said at the beginning, which later settings are laid over.
    pub(crate) initial: Settings,
    pub(crate) settings: Settings,
    /// Hosts that the user allowed to be sent a token.
    pub(crate) trusted: Vec<String>,
    /// The folders that the editor has open.
    pub(crate) folders: Vec<PathBuf>,
    /// What is being waited for.
    pub(crate) works: Works,
    /// The schemas that are being fetched.
    pub(crate) fetches: Fetches,
    /// What the editor was told last of the state of things.
    pub(crate) status: Option<Status>,
    /// What catalogues were searched for.
    pub(crate) searches: Searches,
    /// What is known of files that are not open.
    pub(crate) looked: Looked,
    /// How many results were written for the editor to open.
    pub(crate) results: u64,
    /// Whether the editor asks for documents that no file holds.
    pub(crate) asks_for_documents: bool,
    /// The datasets that the items of the last completion came from.
    pub(crate) completed: Arc<Catalog>,
    documents: HashMap<Uri, Open>,
    /// Documents whose text is newer than what is known of it.
    unsettled: HashSet<Uri>,
    projects: Projects,
    next_generation: u64,
}

impl Session {
    /// The open document at `uri` with its view; none for one that is too large to be asked about.
    pub(crate) fn get(&self, uri: &Uri) -> Option<(&Open, View<'_>)> {
        self.whole(uri).filter(|(open, _)| !open.is_large())
    }

    /// The same for one of any size: what is wrong with it can be asked in any case.
    pub(crate) fn whole(&self, uri: &Uri) -> Option<(&Open, View<'_>)> {
        let open = self.documents.get(uri)?;
        Some((open, self.view(open)))
    }

    pub(crate) fn get_mut(&mut self, uri: &Uri) -> Option<&mut Open> {
        self.documents.get_mut(uri)
    }

    /// The open document at `uri` with its findings brought up to it.
    pub(crate) fn reported(&mut self, uri: &Uri) -> Option<&Open> {
        let Self { documents, editor, projects, .. } = self;
        let open = documents.get_mut(uri)?;
        let id = open.id();
        let Open { document, lines, root, findings, .. } = open;
        let view = View { text: document.text(), lines, encoding: editor.encoding };
        let known = root.as_ref().and_then(|root| projects.get(Some(root)));
        findings.update(document.parts(), id, view, uri, editor, |part| lent(part, known));
        documents.get(uri)
    }

    /// Every open document that can be asked about.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Uri, &Open)> {
        self.documents.iter().filter(|(_, open)| !open.is_large())
    }

    /// The addresses of all open documents, in order.
    pub(crate) fn uris(&self) -> Vec<Uri> {
        let mut uris: Vec<Uri> = self.documents.keys().cloned().collect();
        uris.sort();
        uris
    }

    pub(crate) fn view<'o>(&self, open: &'o Open) -> View<'o> {
        View { text: open.document.text(), lines: &open.lines, encoding: self.editor.encoding }
    }

    fn generation(&mut self) -> u64 {
        self.next_generation += 1;
        self.next_generation
    }

    /// Takes a document in; gives what is wrong with its project.
    pub(crate) fn open(&mut self, uri: Uri, text: String, version: i32) -> Trouble {
        let path = uri.to_file_path().map(std::borrow::Cow::into_owned);
        let Loaded { root, world, trouble } = self.projects.world(path.as_deref());
        let lines = LineIndex::new(&text);
        let document = Document::new(text, world);
        let generation = self.generation();
        let (sent, findings) = (Sent::default(), Findings::default());
        let awaits_telling = false;
        let open =
            Open { document, lines, version, root, awaits_telling, generation, sent, findings };
        self.documents.insert(uri, open);
        trouble
    }

    /// Applies changes to a text in order; what follows from them is for [`settle`](Self::settle).
    /// A version that is not newer than the one known is passed over.
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
                if open.document.replace(range, &change.text) {
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
        self.unsettled.insert(uri.clone());
        true
    }

    /// Looks at what changed since it was last looked at: of a burst of keys, once.
    pub(crate) fn settle(&mut self) {
        for uri in self.unsettled.drain() {
            if let Some(open) = self.documents.get_mut(&uri) {
                open.document.settle();
            }
        }
    }

    /// Whether somebody has to be sent to tell of a text: nobody waits for a turn to do so yet.
    pub(crate) fn await_telling(&mut self, uri: &Uri) -> bool {
        let open = self.documents.get_mut(uri);
        open.is_some_and(|open| !std::mem::replace(&mut open.awaits_telling, true))
    }

    /// The turn has come.
    pub(crate) fn begin_telling(&mut self, uri: &Uri) {
        if let Some(open) = self.documents.get_mut(uri) {
            open.awaits_telling = false;
        }
    }

    pub(crate) fn close(&mut self, uri: &Uri) {
        self.documents.remove(uri);
    }

    /// Reads projects anew whose files changed; gives what is wrong with them, and whether any
    /// document is checked against another world now.
    pub(crate) fn reload(&mut self, roots: &[PathBuf]) -> (Trouble, bool) {
        let mut trouble = Trouble::default();
        let mut changed = false;
        for root in roots {
            let loaded = self.projects.load(root.clone());
            trouble.extend(loaded.trouble);
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
        (trouble, changed)
    }

    /// Lays fetched schemas over what a project knows, and checks its documents anew. Whether
    /// there is any that is open.
    pub(crate) fn add_schemas(&mut self, root: Option<&PathBuf>, datasets: Vec<Dataset>) -> bool {
        let world = self.projects.add(root, datasets);
        let generation = self.generation();
        let mut changed = false;
        for open in self.documents.values_mut().filter(|open| open.root.as_ref() == root) {
            open.document.set_world(world.clone());
            open.generation = generation;
            changed = true;
        }
        changed
    }

    /// Forgets the schemas that were fetched for the session.
    pub(crate) fn forget_schemas(&mut self) {
        for root in self.projects.roots() {
            self.projects.forget(Some(&root));
        }
        self.projects.forget(None);
    }

    /// The dataset at a place, in whatever project it is known.
    pub(crate) fn dataset(&self, host: &str, id: &str) -> Option<Arc<Dataset>> {
        let mut catalogs = self.projects.catalogs();
        catalogs.find_map(|catalog| {
            catalog.datasets().find(|known| known.host == host && known.id == id).cloned()
        })
    }

    /// What is known of the project in a folder.
    pub(crate) fn known(&self, root: Option<&PathBuf>) -> Option<&Known> {
        self.projects.get(root)
    }

    /// The project in a folder, as those need it who ask portals.
    pub(crate) fn project(&self, root: Option<&PathBuf>) -> Project {
        let known = self.projects.get(root).cloned().unwrap_or_default();
        let trust =
            if self.settings.trusted { Trust::All } else { Trust::Hosts(self.trusted.clone()) };
        let Known { manifest, lock, world, .. } = known;
        Project { root: root.cloned(), manifest, lock, world, trust }
    }

    /// The project of a document, open or not; without one, that of the first folder.
    pub(crate) fn root_of(&mut self, uri: Option<&Uri>) -> Option<PathBuf> {
        if let Some(open) = uri.and_then(|uri| self.documents.get(uri)) {
            return open.root.clone();
        }
        let path = uri.and_then(|uri| uri.to_file_path().map(std::borrow::Cow::into_owned));
        let inside = |folder: &PathBuf| folder.join("queries.tule");
        let path = path.or_else(|| self.folders.first().map(inside));
        self.projects.world(path.as_deref()).root
    }

    /// Reads the projects of the folders that the editor has open, so that the first document need
    /// not wait for it.
    pub(crate) fn prepare(&mut self) -> Vec<Trouble> {
        let files: Vec<PathBuf> = self.folders.iter().map(|f| f.join("queries.tule")).collect();
        files.iter().map(|file| self.projects.world(Some(file)).trouble).collect()
    }

    /// What a file is checked against.
    pub(crate) fn world_of(&mut self, path: &std::path::Path) -> tule_ide::document::World {
        self.projects.world(Some(path)).world
    }

    /// The folders of all projects read so far.
    pub(crate) fn roots(&self) -> Vec<PathBuf> {
        self.projects.roots()
    }
}
