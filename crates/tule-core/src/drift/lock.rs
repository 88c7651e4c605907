//! What drift does to the lock itself: what is to be said where no query speaks of it.

use super::{Change, Drift, Found, Now, spelled};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::schema::lock::place;

/// What is to be said of the drift with this position in the list, at its place in the text of the
/// lock. `uses` says how many statements a change affects; `wording` asks for what no query can
/// notice as well.
#[must_use]
pub fn in_lock(
    text: &str,
    (index, drift): (usize, &Drift),
    uses: impl Fn(Option<usize>) -> usize,
    wording: bool,
) -> Vec<Found> {
    let at = |column: Option<&str>| {
        place(text, &drift.locked.host, &drift.locked.id, column).unwrap_or_default()
    };
    if let Some((code, message)) = fate(drift) {
        let found = Diagnostic::new(code, at(None), message).note(used(uses(None)));
        let diagnostic = instead(found, drift);
        return vec![Found { drift: index, change: None, diagnostic }];
    }
    let mut found = Vec::new();
    for (position, change) in drift.changes().iter().enumerate() {
        let count = uses(Some(position));
        let (code, message) = say(change);
        if code == Code::DriftWording && !wording {
            continue;
        }
        let mut diagnostic = Diagnostic::new(code, at(change.column()), message);
        // The findings in the queries say how bad it is.
        if !matches!(change, Change::Asset { .. }) {
            diagnostic.severity = Severity::Info;
        }
        if let Change::Renamed { evidence, .. } = change {
            diagnostic = diagnostic.note(format!("what speaks for it: {}", evidence.join(", ")));
        }
        if code != Code::DriftWording {
            diagnostic = diagnostic.note(used(count));
        }
        if change.loses_rows() {
            diagnostic = instead(diagnostic, drift);
        }
        found.push(Found { drift: index, change: Some(position), diagnostic });
    }
    found
}

/// That no rows come any more.
pub(super) fn stopped(change: &Change) -> String {
    let Change::Stopped { updated, frequency, days } = change else { return String::new() };
    format!("rows last changed on {updated}, {days} days ago; the portal says `{frequency}`")
}

fn used(count: usize) -> String {
    match count {
        0 => "no query is affected".to_owned(),
        1 => "1 query is affected".to_owned(),
        more => format!("{more} queries are affected"),
    }
}

/// What became of a dataset that is not there any more.
pub(super) fn fate(drift: &Drift) -> Option<(Code, String)> {
    let place = format!("{}/{}", drift.locked.host, drift.locked.id);
    Some(match &drift.now {
        Now::There(_) => return None,
        Now::Gone => {
            let title = &drift.locked.title;
            let named = if title.is_empty() { String::new() } else { format!(" (`{title}`)") };
            (Code::DriftDatasetGone, format!("the portal has no dataset `{place}`{named} any more"))
        }
        Now::Private => {
            (Code::DriftDatasetPrivate, format!("the portal does not show `{place}` any more"))
        }
        Now::Moved { found } => {
            let host = &drift.locked.host;
            (Code::DriftPortalMoved, format!("`{host}` is no such portal any more: {found}"))
        }
    })
}

/// Adds where the rows may be instead.
pub(super) fn instead(found: Diagnostic, drift: &Drift) -> Diagnostic {
    let Some(successor) = &drift.successor else { return found };
    let place = format!("{}/{}", successor.host, successor.id);
    let title = match &*successor.title {
        "" => String::new(),
        title => format!(" (`{title}`)"),
    };
    let evidence = successor.evidence.join(", ");
    found
        .note(format!("the rows are probably in `{place}`{title}: {evidence}"))
        .help("name it in `tule.toml` and run `tule lock`")
}

fn say(change: &Change) -> (Code, String) {
    match change {
        Change::Removed(old) => (
            Code::DriftColumnRemoved,
            format!("column `{}` ({}) is gone from the portal", old.name, spelled(old)),
        ),
        Change::Renamed { old, new, .. } => (
            Code::DriftColumnRenamed,
            format!("column `{}` is gone; it is probably `{}` now", old.name, new.name),
        ),
        Change::Retyped { old, new } => (
            Code::DriftTypeChanged,
            format!("column `{}` was {} and is {} now", old.name, spelled(old), spelled(new)),
        ),
        Change::Added(new) => {
            (Code::DriftColumnAdded, format!("column `{}` ({}) is new", new.name, spelled(new)))
        }
        Change::Shrunk { old, new } => {
            (Code::DriftRangeShrunk, format!("the dataset had some {old} rows and has {new}"))
        }
        Change::Range { old, new } => (
            Code::DriftRangeShrunk,
            format!(
                "the rows by `{}` were from {} to {} and are from {} to {}",
                old.column, old.first, old.last, new.first, new.last
            ),
        ),
        Change::Stopped { .. } => (Code::DriftUpdatesStopped, stopped(change)),
        Change::Asset { old, new } => {
            (Code::DriftAssetChanged, format!("the dataset was a `{old}` and is a `{new}`"))
        }
        Change::Wording { column, what } => {
            let whose = column.as_ref().map_or(String::new(), |name| format!("`{name}`: "));
            (Code::DriftWording, format!("{whose}{what}"))
        }
    }
}
