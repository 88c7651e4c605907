//! Which schemas are being fetched, and which could not be.
//!
//! One flight for each dataset of a project, however many statements name it; what failed is not
//! tried again with every key press, but when somebody asks for it or opens a document.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::portals::Place;

type Key = (Option<PathBuf>, Place);

/// The flights of a session.
#[derive(Debug, Default)]
pub(crate) struct Fetches {
    flying: HashSet<Key>,
    failed: HashMap<Key, String>,
    landed: Arc<Notify>,
}

impl Fetches {
    /// Of the places, those that nobody is fetching and that have not failed; from now on they
    /// are being fetched.
    pub(crate) fn begin(&mut self, root: Option<&PathBuf>, places: Vec<Place>) -> Vec<Place> {
        let mut begun = Vec::new();
        for place in places {
            let key = (root.cloned(), place.clone());
            if !self.failed.contains_key(&key) && self.flying.insert(key) {
                begun.push(place);
            }
        }
        begun
    }

    /// A flight has ended, well or with a reason.
    pub(crate) fn end(&mut self, root: Option<&PathBuf>, place: Place, failed: Option<String>) {
        let key = (root.cloned(), place);
        self.flying.remove(&key);
        if let Some(reason) = failed {
            self.failed.insert(key, reason);
        }
        self.landed.notify_waiters();
    }

    /// Whether any of these is under way.
    pub(crate) fn flies(&self, root: Option<&PathBuf>, places: &[Place]) -> bool {
        places.iter().any(|place| self.flying.contains(&(root.cloned(), place.clone())))
    }

    /// What tells of each flight's end.
    pub(crate) fn landed(&self) -> Arc<Notify> {
        Arc::clone(&self.landed)
    }

    /// Whether anything is under way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.flying.is_empty()
    }

    /// Whether anything failed that has not been had since.
    pub(crate) fn any_failed(&self) -> bool {
        !self.failed.is_empty()
    }

    /// Lets what failed be tried again.
    pub(crate) fn forget(&mut self) {
        self.failed.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_flight_a_dataset_and_no_second_try_unasked() {
        let place = |id: &str| Place { host: "h.example".to_owned(), id: id.to_owned() };
        let mut fetches = Fetches::default();
        let both = vec![place("a"), place("b")];
        assert_eq!(fetches.begin(None, both.clone()), both);
        assert!(fetches.begin(None, both.clone()).is_empty());
        let other = PathBuf::from("/other");
        assert_eq!(fetches.begin(Some(&other), vec![place("a")]), [place("a")]);
        fetches.end(None, place("a"), None);
        fetches.end(None, place("b"), Some("no network".to_owned()));
        assert!(!fetches.flies(None, &both));
        assert_eq!(fetches.begin(None, both.clone()), [place("a")]);
        fetches.forget();
        assert_eq!(fetches.begin(None, both), [place("b")]);
    }
}
