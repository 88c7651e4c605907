//! What the prompt stands on: the portals, their datasets, and the way to the network.
//!
//! It begins with the project, if there is one, and the portal that the user names, which need not
//! be in it. Schemas that are met on the way are added for the session; only `.lock` writes any.

use std::cell::OnceCell;
use std::path::Path;
use std::sync::Arc;

use tule_core::lint::Levels;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::{
    Address, DatasetRef, Manifest, Portal, PortalKind, is_dataset_name,
};
use tule_ide::document::World as LiveWorld;
use tule_portal::PortalAddress;
use tule_syntax::span::Span;
use url::Url;

use crate::analysis::World;
use crate::args::Global;
use crate::execute::Engines;
use crate::exit::{Outcome, Stop};
use crate::local::LocalPortals;
use crate::output::Output;
use crate::portal::{self, Portals};
use crate::project::{MANIFEST, Project};

/// How the prompt finds rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wishes {
    /// Rows of other portals come from the local portal that has them.
    pub(crate) local: bool,
    /// No portal of the network is asked.
    pub(crate) offline: bool,
}

/// Portals and datasets of a session.
pub(crate) struct Place {
    pub(crate) project: Project,
    pub(crate) local: LocalPortals,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) wishes: Wishes,
    /// The portal that the user named, by its name in the manifest.
    focus: Option<String>,
    levels: Arc<Levels>,
    remote: OnceCell<Portals>,
}

impl Place {
    /// The place for a portal's name, a host, an address or a folder; without one, the project.
    pub(crate) fn open(
        out: &mut Output,
        global: &Global,
        portal: Option<&str>,
        wishes: Wishes,
    ) -> Outcome<Self> {
        let mut project = Project::load(out, global.project.as_deref(), None)?;
        out.tell(&project.oddities)?;
        let focus = portal.map(|text| enter(&mut project, text)).transpose()?;
        let local = LocalPortals::open_some(out, &project)?;
        if let Some(name) = &focus {
            name_datasets(&mut project, &local, name);
        }
        let catalog = Arc::new(local.catalog(&project, wishes.local));
        let levels = Arc::new(project.levels());
        let remote = OnceCell::new();
        Ok(Self { project, local, catalog, wishes, focus, levels, remote })
    }

    /// What statements are checked against.
    pub(crate) fn world(&self) -> World<'_> {
        World { levels: &self.levels, catalog: &self.catalog, input: None }
    }

    /// The same for the text that is being typed.
    pub(crate) fn live(&self) -> LiveWorld {
        let (catalog, levels) = (Arc::clone(&self.catalog), Arc::clone(&self.levels));
        LiveWorld { catalog, levels, input: None }
    }

    /// The way to rows; to portals of the network only where it is needed.
    pub(crate) fn engines(&self, network: bool) -> Outcome<Engines<'_>> {
        let remote = if network { Some(self.remote()?) } else { None };
        Ok(Engines { local: &self.local, remote, catalog: &self.catalog })
    }

    /// The client of the portals. Tokens are read when it is wanted first.
    pub(crate) fn remote(&self) -> Outcome<&Portals> {
        if let Some(portals) = self.remote.get() {
            return Ok(portals);
        }
        let portals = Portals::open(&self.project, self.wishes.offline)?;
        Ok(self.remote.get_or_init(|| portals))
    }

    /// Reads tokens anew with the next request.
    pub(crate) fn forget_client(&mut self) {
        self.remote = OnceCell::new();
    }

    /// Says what came up beside what was asked for.
    pub(crate) fn tell_notices(&self, out: &mut Output) -> Outcome<()> {
        self.remote.get().map_or(Ok(()), |portals| portals.tell_notices(out))
    }

    /// Adds schemas for this session.
    pub(crate) fn add(&mut self, datasets: impl IntoIterator<Item = Dataset>) {
        for dataset in datasets {
            self.project.lock.merge(dataset);
        }
        self.catalog = Arc::new(self.local.catalog(&self.project, self.wishes.local));
    }

    /// The portals whose catalogues are searched, and which are asked for what names no portal:
    /// the one that the user named, else every one of the project.
    pub(crate) fn addresses(&self) -> Vec<PortalAddress> {
        let manifest = self.project.manifest.as_ref();
        match self.focus.as_ref().and_then(|name| manifest?.portal(name)) {
            Some(portal) => PortalAddress::of(portal).into_iter().collect(),
            None => portal::socrata(&self.project).filter_map(PortalAddress::of).collect(),
        }
    }

    /// What the prompt shows in front of `>`.
    pub(crate) fn name(&self) -> String {
        let manifest = self.project.manifest.as_ref();
        let only = manifest.and_then(|manifest| match manifest.portals.as_slice() {
            [portal] => Some(portal.name.clone()),
            _ => None,
        });
        self.focus.clone().or(only).unwrap_or_else(|| "tule".to_owned())
    }
}

/// Makes the portal that the user named part of the project, and gives its name there.
fn enter(project: &mut Project, text: &str) -> Outcome<String> {
    let manifest = project.manifest.get_or_insert_with(Manifest::default);
    if let Some(portal) = manifest.portal(text) {
        return Ok(portal.name.clone());
    }
    if let Some(portal) = manifest.portals.iter().find(|portal| portal.answers_to(text)) {
        return Ok(portal.name.clone());
    }
    let portal = portal_of(text)?;
    let name = portal.name.clone();
    // A portal of the project that goes by the same name would be taken for this one.
    manifest.portals.retain(|known| known.name != name);
    manifest.portals.push(portal);
    Ok(name)
}

fn portal_of(text: &str) -> Outcome<Portal> {
    if Path::new(text).is_dir() {
        let folder = std::path::absolute(text)
            .map_err(|error| Stop::file("read", Path::new(text), &error))?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
        let name: String = letters.collect();
        let name = if name.is_empty() { "files".to_owned() } else { name.to_lowercase() };
        let address = Address::Folder(folder.to_string_lossy().into_owned());
        return Ok(Portal::new(&name, PortalKind::Local, address));
    }
    let unknown = || {
        Stop::usage(format!("`{text}` is no portal of `{MANIFEST}`, no host and no folder"))
            .help("name a host, such as `data.example.gov`, or a folder of CSV files")
    };
    let address = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url =
        Url::parse(&address).ok().filter(|_| text.contains(['.', ':'])).ok_or_else(unknown)?;
    let plain = url.path() == "/" && url.username().is_empty() && url.query().is_none();
    if !plain || !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(unknown());
    }
    let mut portal =
        Portal::new(url.host_str().unwrap_or(text), PortalKind::Socrata, Address::Web(url.clone()));
    // The customary variable holds a token for the portals of a project; this host is none.
    portal.token_env = Some(String::new());
    Ok(portal)
}

/// Gives the files of a folder that no project names their own names.
fn name_datasets(project: &mut Project, local: &LocalPortals, portal: &str) {
    let Some(manifest) = &mut project.manifest else { return };
    for schema in local.schemas().filter(|schema| schema.host == portal) {
        if is_dataset_name(&schema.id) {
            let reference = DatasetRef {
                portal: portal.to_owned(),
                id: schema.id.clone(),
                span: Span::default(),
            };
            manifest.datasets.entry(schema.id.clone()).or_insert(reference);
        }
    }
}
