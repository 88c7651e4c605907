//! Schemas that are not locked, fetched in the background.
//!
//! Only where a statement names a dataset that is not locked and the settings allow it. What is
//! fetched is the session's: `tule.lock` is written by `tule.refresh` and by the quick fix alone.
//! Statements are checked anew when it comes; nothing waits for it but a run.

use std::path::PathBuf;
use std::time::Duration;

use tower_lsp::ls_types::{MessageType, ProgressToken, Uri};

use super::Backend;
use super::own::missing;
use crate::faults::said;
use crate::portals::Place;
use crate::subject::Subject;
use crate::work::{Title, call};

/// Longest that an editor takes to be ready for progress.
const ANSWER: Duration = Duration::from_secs(1);

impl Backend {
    /// Fetches what an open document lacks.
    pub(super) fn fetch_missing(&self, uri: &Uri) {
        let (root, places) = {
            let session = self.session();
            if !session.settings.fetch_schemas {
                return;
            }
            let Some((open, _)) = session.get(uri) else { return };
            let parts = open.document.parts().iter();
            let missing = parts.flat_map(|part| &part.analysis.checked.missing);
            let mut places: Vec<Place> = missing
                .filter_map(|missing| {
                    Some(Place { host: missing.host.clone()?, id: missing.id.clone() })
                })
                .collect();
            places.sort();
            places.dedup();
            (open.root.clone(), places)
        };
        self.fetch(root, places);
    }

    /// The same for every open document.
    pub(super) fn fetch_all(&self) {
        let uris: Vec<Uri> = self.session().uris();
        for uri in &uris {
            self.fetch_missing(uri);
        }
    }

    /// Waits for the schemas that a statement lacks, as far as they can be had.
    pub(super) async fn fetch_for(&self, subject: &Subject) {
        if self.session().settings.fetch_schemas {
            self.fetch_and_wait(subject.root.clone(), missing(subject)).await;
        }
    }

    /// Fetches schemas and waits until each is here or has failed.
    pub(super) async fn fetch_and_wait(&self, root: Option<PathBuf>, places: Vec<Place>) {
        if places.is_empty() {
            return;
        }
        self.fetch(root.clone(), places.clone());
        let landed = self.session().fetches.landed();
        loop {
            // In front of the question, so that no end is missed in between.
            let end = landed.notified();
            if !self.session().fetches.flies(root.as_ref(), &places) {
                return;
            }
            end.await;
        }
    }

    fn fetch(&self, root: Option<PathBuf>, places: Vec<Place>) {
        let places = self.session().fetches.begin(root.as_ref(), places);
        if places.is_empty() {
            return;
        }
        self.status();
        let server = self.clone();
        tokio::spawn(async move { server.fetched(root, places).await });
    }

    async fn fetched(&self, root: Option<PathBuf>, places: Vec<Place>) {
        let what = match places.as_slice() {
            [only] => format!("fetching the schema of {only}"),
            several => format!("fetching {} schemas", several.len()),
        };
        let title = Title { text: what, token: self.progress_token().await };
        let (works, project) = {
            let session = self.session();
            (session.works.clone(), session.project(root.as_ref()))
        };
        let (portals, wanted) = (self.portals.clone(), places.clone());
        let answer = call(&self.client, &works, title, move |control| {
            portals.schemas(&project, &wanted, control)
        });
        let mut answers = answer.await.unwrap_or_default().into_iter();
        let mut datasets = Vec::new();
        let mut failed = Vec::new();
        {
            let mut session = self.session();
            let mut ends = Vec::new();
            for place in places {
                let reason = match answers.next() {
                    Some(Ok(dataset)) => {
                        datasets.push(dataset);
                        None
                    }
                    Some(Err(fault)) => Some(said(&fault)),
                    None => Some("broken off".to_owned()),
                };
                failed.extend(reason.as_ref().map(|reason| format!("{place}: {reason}")));
                ends.push((place, reason));
            }
            if !datasets.is_empty() {
                session.add_schemas(root.as_ref(), datasets);
            }
            for (place, reason) in ends {
                session.fetches.end(root.as_ref(), place, reason);
            }
        }
        self.folder_changed();
        self.show_anew();
        self.status();
        let client = self.client.clone();
        // Behind what is shown anew, and not waited for.
        tokio::spawn(async move {
            for reason in failed {
                client.log_message(MessageType::WARNING, reason).await;
            }
        });
    }

    /// A token for progress that the editor is ready to show.
    pub(super) async fn progress_token(&self) -> Option<ProgressToken> {
        let (works, shows) = {
            let session = self.session();
            (session.works.clone(), session.editor.shows_progress)
        };
        if !shows {
            return None;
        }
        let token = works.token();
        let ready = self.client.create_work_done_progress(token.clone());
        // An editor that does not answer is shown none, and gets its schemas all the same.
        tokio::time::timeout(ANSWER, ready).await.ok()?.ok()?;
        Some(token)
    }
}
