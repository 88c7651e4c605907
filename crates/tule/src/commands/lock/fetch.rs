//! The schemas that a project needs, asked of its portals.

use std::collections::BTreeSet;
use std::path::Path;

use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::PortalKind;
use tule_portal::{Error, PortalAddress};

use crate::analysis::{World, analyse};
use crate::exit::{Outcome, Stop};
use crate::output::{INFO, Output};
use crate::portal::{self, Portals};
use crate::project::{MANIFEST, Project};
use crate::source::SourceFile;
use crate::walk::{Input, Wanted, inputs};

/// A dataset by host and identifier.
pub(crate) type Place = (String, String);

/// What a portal said about a dataset.
pub(super) type Answer = (Place, Result<Dataset, Error>);

/// The files of queries of a project.
pub(super) fn files(root: &Path) -> Outcome<Vec<SourceFile>> {
    let inputs = inputs(&[root.to_owned()], Wanted::Queries)?;
    let read = |input: &Input| match input {
        Input::File(path) => SourceFile::read(path),
        Input::Stdin => Err(Stop::usage("standard input is no file of the project")),
    };
    inputs.iter().map(read).collect()
}

/// The datasets that `tule.toml`, the lock and the queries name.
pub(super) fn wanted(
    out: &mut Output,
    project: &Project,
    root: &Path,
    catalog: &Catalog,
) -> Outcome<BTreeSet<Place>> {
    let mut wanted = BTreeSet::new();
    if let Some(manifest) = &project.manifest {
        for reference in manifest.datasets.values() {
            let portal = manifest.portal(&reference.portal);
            // A folder was read already.
            if let Some(portal) = portal.filter(|portal| portal.kind != PortalKind::Local) {
                wanted.insert((portal.host().to_owned(), portal.full_id(&reference.id)));
            }
        }
    }
    let locked = project.lock.datasets.iter().filter(|d| d.kind == PortalKind::Socrata);
    wanted.extend(locked.map(|dataset| (dataset.host.clone(), dataset.id.clone())));
    let levels = project.levels();
    let world = World { levels: &levels, catalog, input: None };
    for file in files(root)? {
        for unit in analyse(&file, world) {
            for missing in &unit.checked().missing {
                if let Some(host) = &missing.host {
                    let portal = catalog.portal_of(host);
                    if portal.is_some_and(|portal| portal.kind == PortalKind::Local) {
                        continue;
                    }
                    wanted.insert((host.clone(), missing.id.clone()));
                    continue;
                }
                let text = format!(
                    "`{}`: which portal has `{}` is not said; write `'HOST/{}'`",
                    file.name, missing.id, missing.id
                );
                out.tell_line(INFO, "note", &text)?;
            }
        }
    }
    Ok(wanted)
}

/// Asks the portals of these datasets; those of other kinds than can be asked are left out, with a
/// word about it. With `count`, rows are counted where the metadata do not tell; that this fails
/// is no fault of the schema.
pub(super) fn fetch(
    out: &mut Output,
    portals: &Portals,
    catalog: &Catalog,
    wanted: &BTreeSet<Place>,
    count: bool,
) -> Outcome<Vec<Answer>> {
    let mut asked: Vec<(PortalAddress, String)> = Vec::new();
    let mut places = Vec::new();
    let mut others = BTreeSet::new();
    for (host, id) in wanted {
        match portal::address(catalog, host) {
            Some(address) => {
                places.push((host.clone(), id.clone()));
                asked.push((address, id.clone()));
            }
            None => {
                others.insert(host.as_str());
            }
        }
    }
    for host in others {
        let text = format!("schemas of `{host}` cannot be fetched: see its `kind` in `{MANIFEST}`");
        out.tell_line(INFO, "note", &text)?;
    }
    let found = portals.runtime.wait(portals.client.schemas(&asked));
    let mut answers = Vec::new();
    for ((place, (address, _)), answer) in places.into_iter().zip(&asked).zip(found) {
        let mut answer = answer.map(|metadata| metadata.dataset.clone());
        if let (true, Ok(dataset)) = (count, &mut answer)
            && let Err(error) = portals.runtime.wait(portals.client.survey(address, dataset))
        {
            out.tell_line(INFO, "note", &format!("rows are not counted: {error}"))?;
        }
        answers.push((place, answer));
    }
    portals.tell_notices(out)?;
    Ok(answers)
}
