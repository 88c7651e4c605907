//! The findings of everything in the editor's folders, for editors that ask for them.
//!
//! An answer tells what changed since the one before, and comes when something has: the request is
//! held until then, as editors ask again at once. Documents that are open are answered for as they
//! are in the editor, others as their files are; a file that has not changed is not read again.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ignore::WalkBuilder;
use tokio::sync::Notify;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{
    Diagnostic, FullDocumentDiagnosticReport, PreviousResultId, UnchangedDocumentDiagnosticReport,
    Uri, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};
use tule_ide::document::{Document, Part, World};
use tule_syntax::limits::MAX_BYTES;
use tule_syntax::span::LineIndex;

use super::Backend;
use crate::capabilities::Editor;
use crate::convert;
use crate::encoding::View;
use crate::work::{Title, call};

/// Most files that are looked at; a folder with more is no project of queries.
const MOST: usize = 5_000;

/// What is known of the files in the editor's folders.
#[derive(Debug)]
pub(crate) struct Looked {
    files: HashMap<PathBuf, Arc<File>>,
    /// Counts the changes of files and of what they are checked against.
    epoch: u64,
    /// What the last look gave, and at which count.
    last: (u64, Vec<(Uri, Arc<File>)>),
    /// Told whenever findings may be others than before.
    pub(crate) changed: Arc<Notify>,
}

impl Default for Looked {
    fn default() -> Self {
        // The first look is yet to come.
        Self { files: HashMap::new(), epoch: 1, last: (0, Vec::new()), changed: Arc::default() }
    }
}

/// A file that was looked at.
#[derive(Debug)]
struct File {
    stamp: (u64, Option<SystemTime>),
    world: World,
    found: Vec<Diagnostic>,
    /// Tells these findings from others of the file.
    id: String,
}

/// One document of an answer.
struct Report {
    uri: Uri,
    version: Option<i64>,
    id: String,
    found: Vec<Diagnostic>,
}

impl Backend {
    pub(super) async fn all_findings(
        &self,
        before: Vec<PreviousResultId>,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let mut known: HashMap<Uri, String> =
            before.into_iter().map(|entry| (entry.uri, entry.value)).collect();
        loop {
            let changed = Arc::clone(&self.session().looked.changed);
            // From here on nothing that changes is missed.
            let wait = changed.notified();
            let mut wait = std::pin::pin!(wait);
            wait.as_mut().enable();
            let reports = self.look().await?;
            let items = answer(reports, &mut known);
            let is_news = |item: &WorkspaceDocumentDiagnosticReport| {
                matches!(item, WorkspaceDocumentDiagnosticReport::Full(_))
            };
            if items.iter().any(is_news) {
                return Ok(WorkspaceDiagnosticReport { items }.into());
            }
            wait.await;
        }
    }

    /// Looks at every document: open ones here, files on a thread of its own.
    async fn look(&self) -> Result<Vec<Report>> {
        let last = {
            let session = self.session();
            let (epoch, files) = &session.looked.last;
            (*epoch == session.looked.epoch).then(|| files.clone())
        };
        let files = match last {
            Some(files) => files,
            None => self.look_at_files().await?,
        };
        let mut reports = Vec::new();
        for (uri, file) in files {
            let (id, found) = (file.id.clone(), file.found.clone());
            reports.push(Report { uri, version: None, id, found });
        }
        // Behind the files, which take longer: they are what they are now.
        let open = self.session().uris();
        reports.extend(open.into_iter().filter_map(|uri| {
            let (found, version, id) = self.found(&uri)?;
            Some(Report { uri, version: Some(i64::from(version)), id, found })
        }));
        let mut seen = HashSet::new();
        // A file that was opened meanwhile is there twice: as it is in the editor counts.
        reports.reverse();
        reports.retain(|report| seen.insert(report.uri.clone()));
        Ok(reports)
    }

    /// Files that have not changed since the last look are not read again.
    async fn look_at_files(&self) -> Result<Vec<(Uri, Arc<File>)>> {
        let (folders, works, editor, epoch) = {
            let session = self.session();
            let epoch = session.looked.epoch;
            (session.folders.clone(), session.works.clone(), session.editor, epoch)
        };
        let server = self.clone();
        let title = Title { text: "looking at the folder".to_owned(), token: None };
        let files = call(&self.client, &works, title, move |control| {
            let mut files = Vec::new();
            for path in queries(&folders) {
                if control.stop().is_set() {
                    break;
                }
                let Some(uri) = Uri::from_file_path(&path) else { continue };
                files.extend(server.file(&path, &uri, editor).map(|file| (uri, file)));
            }
            files
        });
        let files = files.await?;
        // What changed meanwhile asks for another look.
        self.session().looked.last = (epoch, files.clone());
        Ok(files)
    }

    /// The findings of a file; none for one that cannot be read.
    fn file(&self, path: &Path, uri: &Uri, editor: Editor) -> Option<Arc<File>> {
        let facts = std::fs::metadata(path).ok()?;
        let stamp = (facts.len(), facts.modified().ok());
        let (world, known) = {
            let mut session = self.session();
            let world = session.world_of(path);
            (world, session.looked.files.get(path).cloned())
        };
        let same = |file: &Arc<File>| {
            file.stamp == stamp && Arc::ptr_eq(&file.world.catalog, &world.catalog)
        };
        if let Some(file) = known.filter(same) {
            return Some(file);
        }
        if facts.len() > MAX_BYTES as u64 {
            return None;
        }
        let text = std::fs::read_to_string(path).ok()?;
        let document = Document::new(text, world.clone());
        let lines = LineIndex::new(document.text());
        let view = View { text: document.text(), lines: &lines, encoding: editor.encoding };
        let found = document.parts().iter().flat_map(Part::diagnostics);
        let found: Vec<Diagnostic> =
            found.map(|found| convert::diagnostic(&found, view, uri, &editor)).collect();
        let id = sum(&found);
        let file = Arc::new(File { stamp, world, found, id });
        self.session().looked.files.insert(path.to_owned(), Arc::clone(&file));
        Some(file)
    }

    /// Findings of an open document may be others than before.
    pub(super) fn findings_changed(&self) {
        self.session().looked.changed.notify_waiters();
    }

    /// Files may be others than before.
    pub(super) fn folder_changed(&self) {
        let mut session = self.session();
        session.looked.epoch += 1;
        session.looked.changed.notify_waiters();
    }
}

/// A name for findings: the same for the same ones, as far as one server goes.
fn sum(found: &[Diagnostic]) -> String {
    static HASHER: std::sync::LazyLock<RandomState> = std::sync::LazyLock::new(RandomState::new);
    let text = serde_json::to_string(found).unwrap_or_default();
    format!("f{:x}", HASHER.hash_one(text))
}

/// The files of queries in some folders, as version control sees them.
fn queries(folders: &[PathBuf]) -> Vec<PathBuf> {
    let Some((first, rest)) = folders.split_first() else { return Vec::new() };
    let mut walk = WalkBuilder::new(first);
    for folder in rest {
        walk.add(folder);
    }
    let is_query = |path: &Path| path.extension().is_some_and(|ending| ending == "tule");
    let files = walk.build().flatten().map(ignore::DirEntry::into_path);
    files.filter(|path| is_query(path) && path.is_file()).take(MOST).collect()
}

/// What is to be said of documents to an editor that knows some findings already. What it knows
/// and is not there any more has none.
fn answer(
    reports: Vec<Report>,
    known: &mut HashMap<Uri, String>,
) -> Vec<WorkspaceDocumentDiagnosticReport> {
    let mut items = Vec::new();
    let mut gone = known.clone();
    for Report { uri, version, id, found } in reports {
        gone.remove(&uri);
        if known.get(&uri) == Some(&id) {
            let report = UnchangedDocumentDiagnosticReport { result_id: id };
            items.push(WorkspaceDocumentDiagnosticReport::Unchanged(
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: report,
                },
            ));
            continue;
        }
        known.insert(uri.clone(), id.clone());
        items.push(full(uri, version, Some(id), found));
    }
    for (uri, _) in gone {
        known.remove(&uri);
        items.push(full(uri, None, None, Vec::new()));
    }
    items
}

fn full(
    uri: Uri,
    version: Option<i64>,
    result_id: Option<String>,
    items: Vec<Diagnostic>,
) -> WorkspaceDocumentDiagnosticReport {
    let report = FullDocumentDiagnosticReport { result_id, items };
    WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report: report }
        .into()
}
