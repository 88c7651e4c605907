//! The requests `tule/card`, `tule/datasets` and `tule/import`; `docs/lsp.md` is the contract.

use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{Position, TextDocumentIdentifier};
use tule_core::import::import;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::{Catalog, Lookup, Reference};
use tule_core::types::Type;
use tule_ide::navigation::{self, Definition};
use tule_syntax::format::{Options, format};

use super::Backend;
use super::status::locked_at;
use crate::cards::{Card, address};
use crate::faults::failed;
use crate::portals::{Place, Search};
use crate::project::Known;
use crate::work::{Title, call};

/// Most hits of a portal.
const HITS: usize = 100;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardParams {
    text_document: Option<TextDocumentIdentifier>,
    dataset: Option<String>,
    position: Option<Position>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DatasetsParams {
    words: String,
    portal: Option<String>,
    text_document: Option<TextDocumentIdentifier>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ImportParams {
    text: String,
}

impl Backend {
    pub(super) async fn own_card(&self, params: CardParams) -> Result<Option<Value>> {
        let uri = params.text_document.as_ref().map(|document| &document.uri);
        let root = self.session().root_of(uri);
        let found = match (params.dataset, params.position, uri) {
            (Some(name), ..) => {
                let first = self.lookup(root.as_ref(), &name);
                if let Lookup::NotLocked { host: Some(host), id } = first {
                    if !self.session().settings.fetch_schemas {
                        return Ok(None);
                    }
                    let place = Place { host, id };
                    self.fetch_and_wait(root.clone(), vec![place]).await;
                }
                match self.lookup(root.as_ref(), &name) {
                    Lookup::Found(dataset) => Some(dataset),
                    _ => None,
                }
            }
            (None, Some(position), Some(uri)) => {
                let session = self.session();
                let defined = session.get(uri).and_then(|(open, view)| {
                    navigation::definition(&open.document, view.offset(position))
                });
                match defined {
                    Some(Definition::Schema(dataset, _)) => Some(dataset),
                    _ => None,
                }
            }
            _ => return Err(Error::invalid_params("`dataset`, or `textDocument` and `position`")),
        };
        let session = self.session();
        let known = session.known(root.as_ref());
        let locked = |dataset: &Dataset| {
            known.filter(|known| known.is_locked(dataset)).and(root.as_deref()).and_then(locked_at)
        };
        Ok(found.map(|dataset| {
            let name = known.and_then(|known| name_of(&known.world.catalog, &dataset));
            card(&dataset, name.as_deref(), locked(&dataset).as_deref())
        }))
    }

    fn lookup(&self, root: Option<&std::path::PathBuf>, name: &str) -> Lookup {
        let session = self.session();
        let catalog = session.project(root).world.catalog;
        let reference = match name.strip_prefix('@') {
            Some(id) => Reference::Id(id),
            None if name.contains('/') => Reference::Path(name),
            None => Reference::Name(name),
        };
        catalog.lookup(reference)
    }

    pub(super) async fn own_datasets(&self, params: DatasetsParams) -> Result<Value> {
        let DatasetsParams { words, portal, text_document } = params;
        let root = self.session().root_of(text_document.as_ref().map(|document| &document.uri));
        let (project, works, allowed) = {
            let session = self.session();
            let allowed = session.settings.fetch_schemas;
            (session.project(root.as_ref()), session.works.clone(), allowed)
        };
        let mut offline = true;
        let mut found: Vec<Dataset> = Vec::new();
        if !words.trim().is_empty() && allowed {
            let search = Search { words: words.clone(), portal: portal.clone(), limit: HITS };
            let (portals, project) = (self.portals.clone(), project.clone());
            let title = Title { text: "searching".to_owned(), token: None };
            let answer = call(&self.client, &works, title, move |control| {
                portals.search(&project, &search, control)
            });
            if let Ok(datasets) = answer.await? {
                offline = false;
                found = datasets;
            }
        }
        let session = self.session();
        let nothing = Known::default();
        let known = session.known(root.as_ref()).unwrap_or(&nothing);
        let catalog = &known.world.catalog;
        let mut entries: Vec<Value> = Vec::new();
        for dataset in catalog.datasets().filter(|dataset| fits(dataset, &words)) {
            if on_portal(catalog, dataset, portal.as_deref()) {
                entries.push(entry(dataset, known));
            }
        }
        for dataset in &found {
            let place = |known: &&std::sync::Arc<Dataset>| {
                known.host == dataset.host && known.id == dataset.id && fits(known, &words)
            };
            if catalog.datasets().find(place).is_none() {
                entries.push(entry(dataset, known));
            }
        }
        Ok(json!({ "datasets": entries, "offline": offline }))
    }

    #[expect(clippy::unused_async, reason = "the framework takes futures")]
    pub(super) async fn own_import(&self, params: ImportParams) -> Result<Value> {
        match import(&params.text) {
            Ok(imported) => {
                let laid_out = format(&imported.statement, &Options::default());
                Ok(json!({ "statement": laid_out.text, "notes": imported.notes }))
            }
            Err(error) => {
                let message = match error.help {
                    Some(help) => format!("{}: {help}", error.message),
                    None => error.message,
                };
                Err(failed(error.code, message, None))
            }
        }
    }
}

/// The name that a project gives a dataset.
fn name_of(catalog: &Catalog, dataset: &Dataset) -> Option<String> {
    let same = |known: &Dataset| known.host == dataset.host && known.id == dataset.id;
    let name = catalog.names().find(|(_, known)| same(known));
    name.map(|(name, _)| name.to_owned())
}

/// Whether a dataset has all of the words.
fn fits(dataset: &Dataset, words: &str) -> bool {
    let card = &dataset.card;
    let text =
        [&dataset.title, &card.description, &dataset.id, &dataset.resource_name, &card.owner]
            .map(|text| text.to_lowercase())
            .join(" ");
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn on_portal(catalog: &Catalog, dataset: &Dataset, portal: Option<&str>) -> bool {
    portal.is_none_or(|wanted| {
        dataset.host.eq_ignore_ascii_case(wanted)
            || catalog
                .portal_for(dataset)
                .is_some_and(|portal| portal.name == wanted || portal.answers_to(wanted))
    })
}

fn text(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn entry(dataset: &Dataset, known: &Known) -> Value {
    json!({
        "name": name_of(&known.world.catalog, dataset),
        "host": dataset.host,
        "id": dataset.id,
        "title": dataset.title,
        "locked": known.is_locked(dataset),
        "kind": dataset.kind.name(),
        "rows": dataset.rows,
        "updatedAt": text(&dataset.card.updated),
    })
}

fn card(dataset: &Dataset, name: Option<&str>, locked_at: Option<&str>) -> Value {
    let columns = dataset.columns.iter().map(|column| {
        json!({
            "name": column.name,
            "type": column.ty.map(Type::name),
            "label": text(&column.label),
            "description": text(&column.description),
            "values": column.values,
        })
    });
    let page = format!("https://{}/d/{}", dataset.host, dataset.id);
    let is_web = dataset.kind == tule_core::schema::manifest::PortalKind::Socrata;
    json!({
        "name": name,
        "host": dataset.host,
        "id": dataset.id,
        "title": dataset.title,
        "url": is_web.then_some(page),
        "uri": address(dataset),
        "markdown": Card::of(dataset).text,
        "columns": columns.collect::<Vec<_>>(),
        "lockedAt": locked_at,
        "rows": dataset.rows,
        "updatedAt": text(&dataset.card.updated),
        "licence": text(&dataset.card.licence),
        "attribution": text(&dataset.card.attribution),
        "owner": text(&dataset.card.owner),
    })
}
