//! Datasets that are not locked, offered while one is being named.
//!
//! The first answer comes from what is locked, at once, and says that it is not all; meanwhile the
//! catalogues are searched, and the next key press finds what they gave. One search at a time: of
//! words typed in the meantime only the last are looked for.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, TextEdit,
};
use tule_core::schema::Dataset;
use tule_core::schema::manifest::PortalKind;
use tule_ide::cards;
use tule_ide::completion::Naming;

use super::Backend;
use crate::capabilities::Editor;
use crate::convert;
use crate::encoding::View;
use crate::portals::{Project, Search};
use crate::work::{Title, call};

/// Letters below which a search finds everything and nothing.
const LEAST: usize = 3;
/// Most hits of a portal that are offered.
const HITS: usize = 20;
/// Searches that are remembered.
const KEPT: usize = 32;

type Key = (Option<PathBuf>, String);

/// What was searched for, and what is.
#[derive(Debug, Default)]
pub(crate) struct Searches {
    known: VecDeque<(Key, Arc<Vec<Dataset>>)>,
    /// Whether a search is under way.
    busy: bool,
    /// What is to be looked for behind it.
    next: Option<Key>,
}

impl Searches {
    fn get(&self, key: &Key) -> Option<Arc<Vec<Dataset>>> {
        self.known.iter().find(|(known, _)| known == key).map(|(_, found)| Arc::clone(found))
    }

    fn keep(&mut self, key: Key, found: Vec<Dataset>) {
        self.known.retain(|(known, _)| *known != key);
        self.known.push_front((key, Arc::new(found)));
        self.known.truncate(KEPT);
    }
}

/// The words of a name on its way: `stockton/police_ca` asks for police and ca.
fn words(typed: &str) -> Option<String> {
    let name = typed.rsplit('/').next().unwrap_or(typed);
    let words: Vec<&str> = name.split(['_', '-', ' ']).filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    (text.chars().count() >= LEAST).then_some(text)
}

impl Backend {
    /// What catalogues have for a name on its way, as far as it is known by now; looks for more.
    pub(super) fn hits(&self, root: Option<PathBuf>, naming: &Naming) -> Arc<Vec<Dataset>> {
        let Some(words) = words(&naming.typed) else { return Arc::default() };
        let key = (root, words);
        let begins = {
            let mut session = self.session();
            if let Some(found) = session.searches.get(&key) {
                return found;
            }
            session.searches.next = Some(key);
            !std::mem::replace(&mut session.searches.busy, true)
        };
        if begins {
            let server = self.clone();
            tokio::spawn(async move { server.search().await });
        }
        Arc::default()
    }

    async fn search(&self) {
        loop {
            let (key, project, works) = {
                let mut session = self.session();
                let Some(key) = session.searches.next.take() else {
                    session.searches.busy = false;
                    return;
                };
                // The same words, asked for while they were being looked for.
                if session.searches.get(&key).is_some() {
                    continue;
                }
                let project = session.project(key.0.as_ref());
                (key, project, session.works.clone())
            };
            let portals = self.portals.clone();
            let search = Search { words: key.1.clone(), portal: None, limit: HITS };
            let title = Title { text: "searching".to_owned(), token: None };
            let answer = call(&self.client, &works, title, move |control| {
                portals.search(&project, &search, control)
            });
            // What fails is not asked again for the same words; there are others soon.
            let found = answer.await.ok().and_then(Result::ok).unwrap_or_default();
            self.session().searches.keep(key, found);
        }
    }
}

/// Hits as items, behind what is locked.
pub(super) fn items(
    hits: &[Dataset],
    project: &Project,
    naming: &Naming,
    view: View<'_>,
    editor: &Editor,
) -> Vec<CompletionItem> {
    let catalog = &project.world.catalog;
    let portals = project.manifest.iter().flat_map(|manifest| &manifest.portals);
    let one = portals.filter(|portal| portal.kind == PortalKind::Socrata).count() == 1;
    let unknown = |hit: &&Dataset| {
        !catalog.datasets().any(|known| known.host == hit.host && known.id == hit.id)
    };
    let items = hits.iter().filter(unknown).zip(0_u32..).map(|(hit, at)| {
        let place = format!("{}/{}", hit.host, hit.id);
        let insert = match (naming.quoted, one && catalog.portal_of(&hit.host).is_some()) {
            (true, _) => place.clone(),
            (false, true) => format!("@{}", hit.id),
            (false, false) => format!("'{place}'"),
        };
        CompletionItem {
            label: if hit.title.is_empty() { place.clone() } else { hit.title.clone() },
            kind: Some(CompletionItemKind::CLASS),
            detail: Some(place),
            documentation: Some(Documentation::MarkupContent(convert::markup(
                cards::dataset(hit),
                editor,
            ))),
            sort_text: Some(format!("8{at:05}")),
            // The catalogue has judged what fits the words; the editor need not.
            filter_text: Some(naming.replaced.text(view.text).to_owned()),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range: view.range(naming.replaced),
                new_text: insert,
            })),
            ..CompletionItem::default()
        }
    });
    items.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_name() {
        assert_eq!(words("stockton/police_ca").as_deref(), Some("police ca"));
        assert_eq!(words("po"), None);
        assert_eq!(words("stockton/"), None);
    }

    #[test]
    fn old_searches_are_forgotten() {
        let mut searches = Searches::default();
        for number in 0..KEPT + 5 {
            searches.keep((None, number.to_string()), Vec::new());
        }
        assert_eq!(searches.known.len(), KEPT);
        assert!(searches.get(&(None, "0".to_owned())).is_none());
        assert!(searches.get(&(None, "36".to_owned())).is_some());
    }
}
