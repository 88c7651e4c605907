//! What the language server asks of the world, by the same means as the command line.
//!
//! Nothing here writes to standard output: that is the editor's. What commands would say there is
//! kept and dropped; what they say on standard error an editor keeps as the server's log.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tule_core::schema::Dataset;
use tule_core::schema::manifest::{Portal, PortalKind};
use tule_core::target::Target;
use tule_lsp::portals::{
    Compiled, Control, Exported, Extent, Fault, Place, Portals as Asked, Progress, Project, Query,
    Search, Table,
};
use tule_portal::PortalAddress;

use super::query;
use crate::commands::datasets::addresses;
use crate::commands::lock;
use crate::exit::Stop;
use crate::local::LocalPortals;
use crate::output::{ColorChoice, Output};
use crate::portal::{self, Portals};
use crate::project::{self, MANIFEST};

/// The portals of everything that an editor has open.
#[derive(Default)]
pub(super) struct EditorPortals {
    /// The way to portals, kept while the same ones are trusted: it holds connections, and the
    /// pace of each host.
    way: Mutex<Option<(Vec<Trusted>, Arc<Portals>)>>,
}

/// A host that may be sent what the environment holds under a name.
type Trusted = (String, Option<String>);

impl EditorPortals {
    /// The way to the portals, with tokens for those hosts only that the user trusts.
    pub(super) fn way(&self, project: &Project) -> Result<Arc<Portals>, Fault> {
        let portals = project.manifest.iter().flat_map(|manifest| &manifest.portals);
        let trusted: Vec<&Portal> =
            portals.filter(|portal| project.trust.covers(portal.host())).collect();
        let key: Vec<Trusted> = trusted
            .iter()
            .map(|portal| (portal.host().to_owned(), portal.token_env().map(str::to_owned)))
            .collect();
        let mut way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, portals)) = &*way
            && *known == key
        {
            return Ok(Arc::clone(portals));
        }
        let opened = Arc::new(Portals::open_for(trusted, false).map_err(stopped)?);
        *way = Some((key, Arc::clone(&opened)));
        Ok(opened)
    }
}

impl Asked for EditorPortals {
    fn compile(&self, query: &Query, target: Option<Target>) -> Result<Compiled, Fault> {
        query::compile(query, target)
    }

    fn run(&self, query: &Query, extent: Extent, control: &Control) -> Result<Table, Fault> {
        query::run(self, query, extent, control)
    }

    fn export(
        &self,
        query: &Query,
        format: &str,
        path: &Path,
        control: &Control,
    ) -> Result<Exported, Fault> {
        query::export(self, query, format, path, control)
    }

    fn schemas(
        &self,
        project: &Project,
        wanted: &[Place],
        control: &Control,
    ) -> Vec<Result<Dataset, Fault>> {
        let mut answers: Vec<Option<Result<Dataset, Fault>>> = vec![None; wanted.len()];
        let mut local = None;
        let mut asked = Vec::new();
        for (at, (place, answer)) in wanted.iter().zip(&mut answers).enumerate() {
            if is_local(project, place) {
                let folders = local.get_or_insert_with(|| folders(project));
                *answer = Some(in_folder(folders.as_ref(), place));
            } else {
                match address(project, place) {
                    Ok(address) => asked.push((at, (address, place.id.clone()))),
                    Err(fault) => *answer = Some(Err(fault)),
                }
            }
        }
        control.tell(Progress { message: format!("{} schemas", asked.len()), percent: None });
        let (places, addresses): (Vec<usize>, Vec<_>) = asked.into_iter().unzip();
        for (at, found) in places.iter().zip(self.fetched(project, &addresses, control)) {
            if let Some(answer) = answers.get_mut(*at) {
                *answer = Some(found);
            }
        }
        let missing = || Err(Fault::new(Fault::PORTAL, "no answer"));
        answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect()
    }

    fn search(
        &self,
        project: &Project,
        search: &Search,
        control: &Control,
    ) -> Result<Vec<Dataset>, Fault> {
        let own = own(project);
        let local = folders(project)?;
        let catalog = local.catalog(&own, false);
        let addresses = addresses(&own, &catalog, &local, search.portal.as_deref());
        let addresses = addresses.map_err(stopped)?;
        let way = self.way(project)?;
        let wanted = tule_portal::Search {
            words: search.words.clone(),
            limit: search.limit,
            every_kind: false,
        };
        let mut found = Vec::new();
        let mut failed = None;
        let mut answered = addresses.is_empty();
        for address in &addresses {
            match wait(&way, control, way.client.search(address, &wanted))? {
                Ok(listed) => {
                    answered = true;
                    found.extend(listed.datasets);
                }
                Err(error) => failed = Some(of_portal(&error)),
            }
        }
        match failed {
            Some(fault) if !answered => Err(fault),
            _ => Ok(found),
        }
    }

    fn lock(
        &self,
        project: &Project,
        only: Option<&[Place]>,
        control: &Control,
    ) -> Result<Vec<Place>, Fault> {
        let way = self.way(project)?;
        // What the session fetched is not in the file; the file is what is written.
        let mut out = quiet();
        let own = project::Project::load(&mut out, project.root.as_deref(), None);
        let own = own.map_err(stopped)?;
        let pair = |place: &Place| (place.host.clone(), place.id.clone());
        let only = only.map(|only| only.iter().map(pair).collect::<BTreeSet<_>>());
        if control.stop().is_set() {
            return Err(Fault::cancelled());
        }
        let changed = lock::renew(&mut out, &own, &way, only).map_err(stopped)?;
        Ok(changed.into_iter().map(|(host, id)| Place { host, id }).collect())
    }

    fn cache(&self) -> Option<PathBuf> {
        portal::cache("editor")
    }
}

impl EditorPortals {
    /// Schemas of portals of the network, in the order given.
    fn fetched(
        &self,
        project: &Project,
        asked: &[(PortalAddress, String)],
        control: &Control,
    ) -> Vec<Result<Dataset, Fault>> {
        if asked.is_empty() {
            return Vec::new();
        }
        let answers =
            self.way(project).and_then(|way| wait(&way, control, way.client.schemas(asked)));
        match answers {
            Ok(answers) => answers
                .into_iter()
                .map(|answer| match answer {
                    Ok(metadata) => Ok(metadata.dataset.clone()),
                    Err(error) => Err(of_portal(&error)),
                })
                .collect(),
            Err(fault) => asked.iter().map(|_| Err(fault.clone())).collect(),
        }
    }
}

fn is_local(project: &Project, place: &Place) -> bool {
    let portal = project.world.catalog.portal_of(&place.host);
    portal.is_some_and(|portal| portal.kind == PortalKind::Local)
}

/// The schema of a file, as the folder holds it.
fn in_folder(folders: Result<&LocalPortals, &Fault>, place: &Place) -> Result<Dataset, Fault> {
    let folders = folders.map_err(Clone::clone)?;
    let same = |schema: &&Arc<Dataset>| schema.host == place.host && schema.id == place.id;
    let found = folders.schemas().find(same).map(|schema| Dataset::clone(schema));
    found.ok_or_else(|| Fault::new(Fault::SETTINGS, format!("no file for `{place}`")))
}

/// Where the portal of a dataset is.
fn address(project: &Project, place: &Place) -> Result<PortalAddress, Fault> {
    portal::address(&project.world.catalog, &place.host).ok_or_else(|| {
        let message = format!("schemas of `{}` cannot be fetched", place.host);
        let help = Some(format!("see its `kind` in `{MANIFEST}`"));
        Fault { help, ..Fault::new(Fault::SETTINGS, message) }
    })
}

/// Waits for the network, but no longer than somebody waits for this.
fn wait<F: Future>(way: &Portals, control: &Control, future: F) -> Result<F::Output, Fault> {
    let stopped = Arc::<Notify>::default();
    let stop = Arc::clone(&stopped);
    control.stop().on_set(move || stop.notify_one());
    way.runtime.wait(async {
        tokio::select! {
            biased;
            () = stopped.notified() => Err(Fault::cancelled()),
            output = future => Ok(output),
        }
    })
}

/// Output that reaches no editor.
pub(super) fn quiet() -> Output {
    Output::new(ColorChoice::Never).to_text()
}

/// The project as commands know it, with what the session knows besides.
pub(super) fn own(project: &Project) -> project::Project {
    project::Project {
        root: project.root.clone(),
        manifest: project.manifest.as_deref().cloned(),
        lock: project.lock.as_ref().clone(),
        oddities: String::new(),
    }
}

/// The local portals of a project.
pub(super) fn folders(project: &Project) -> Result<LocalPortals, Fault> {
    LocalPortals::open(&mut quiet(), &own(project)).map_err(stopped)
}

/// Why a command would have stopped.
pub(super) fn stopped(stop: Stop) -> Fault {
    match stop {
        Stop::Usage { message, help } => Fault { help, ..Fault::new(Fault::SETTINGS, message) },
        Stop::Portal { message, help } => Fault { help, ..Fault::new(Fault::PORTAL, message) },
        Stop::Output(error) => Fault::new(Fault::SETTINGS, crate::exit::reason(&error)),
        Stop::Shown => {
            let message = format!("`{MANIFEST}` or the lock beside it is at fault");
            Fault {
                help: Some("`tule check` says where".to_owned()),
                ..Fault::new(Fault::SETTINGS, message)
            }
        }
    }
}

fn of_portal(error: &tule_portal::Error) -> Fault {
    stopped(portal::stop(error))
}
