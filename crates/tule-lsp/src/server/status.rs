//! The notification `tule/status`, for editors that show it.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::notification::Notification;

use super::Backend;
use crate::project::LOCK;

/// The notification.
enum StatusNotification {}

impl Notification for StatusNotification {
    type Params = Status;
    const METHOD: &'static str = "tule/status";
}

/// What it says.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    project: Option<String>,
    portals: Vec<String>,
    locked_at: Option<String>,
    datasets: usize,
    offline: bool,
    busy: Option<String>,
}

impl Backend {
    /// Tells an editor that wants to know, if anything is otherwise than it was told.
    pub(super) fn status(&self) {
        let status = {
            let mut session = self.session();
            if !session.settings.status {
                return;
            }
            let root = session.roots().into_iter().next();
            let known = session.known(root.as_ref());
            let manifest = known.and_then(|known| known.manifest.as_ref());
            let portals = manifest.map_or(&[][..], |manifest| &manifest.portals);
            let status = Status {
                project: root.as_ref().map(|root| root.display().to_string()),
                portals: portals.iter().map(|portal| portal.name.clone()).collect(),
                locked_at: root.as_deref().and_then(locked_at),
                datasets: known.map_or(0, |known| known.lock.datasets.len()),
                offline: session.fetches.any_failed(),
                busy: session.fetches.is_busy().then(|| "fetching schemas".to_owned()),
            };
            if session.status.as_ref() == Some(&status) {
                return;
            }
            session.status = Some(status.clone());
            status
        };
        let client = self.client.clone();
        tokio::spawn(async move { client.send_notification::<StatusNotification>(status).await });
    }
}

/// The date of the last change to a project's lock.
pub(super) fn locked_at(root: &Path) -> Option<String> {
    let changed = std::fs::metadata(root.join(LOCK)).ok()?.modified().ok()?;
    let stamp = Timestamp::try_from(changed).ok()?;
    Some(stamp.strftime("%Y-%m-%d").to_string())
}
