//! Commands that ask portals about datasets, and that keep what is to be kept of them.

use std::process::{Command, Stdio};

use tule_core::schema::Dataset;
use tule_core::schema::lock::write;
use tule_core::schema::manifest::{Portal, PortalKind};
use tule_portal::Search;

use super::super::session::{Flow, Session};
use super::DONE;
use super::look::{chosen, pair};
use crate::atomic;
use crate::commands::datasets::{catalogues, known, listing};
use crate::commands::nested;
use crate::escape::{inert, one_line};
use crate::exit::{Exit, Outcome, Stop};
use crate::output::INFO;
use crate::portal;
use crate::project::{LOCK, MANIFEST, Project};
use crate::source::shown;

/// Most datasets of each portal that a search shows.
const LIMIT: usize = 50;

/// `.search`: here and in the catalogues. What is found can be named in queries from now on.
pub(super) fn search(session: &mut Session<'_>, words: &str) -> Outcome<Flow> {
    let lower: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let mut found = known(&session.place.catalog, &lower);
    let here = found.len();
    let addresses = session.place.addresses();
    let mut exit = Exit::Clean;
    if session.place.wishes.offline || addresses.is_empty() {
        let text = "no catalogue was asked: only what is known here was searched";
        session.out.tell_line(INFO, "note", text)?;
    } else {
        let search = Search { words: words.to_owned(), limit: LIMIT, every_kind: false };
        let portals = session.place.remote()?;
        exit = catalogues(session.out, portals, &addresses, &search, &mut found)?;
    }
    if found.is_empty() {
        session.out.tell_line(INFO, "note", "no dataset has all of these words")?;
        return Ok(Flow::Go(exit));
    }
    let new: Vec<Dataset> =
        found.iter().skip(here).filter(|d| !d.columns.is_empty()).cloned().collect();
    session.place.add(new);
    session.renew();
    let text = listing(&found, &session.place.catalog, session.out.width(), session.out.paint);
    session.out.print(&text)?;
    Ok(Flow::Go(exit))
}

/// `.open`: the dataset's page. The address is always said; where nobody sits, only that.
pub(super) fn open(session: &mut Session<'_>, name: &str) -> Outcome<Flow> {
    for dataset in chosen(session, name)? {
        let address = match dataset.kind {
            PortalKind::Local => {
                let portals = session.place.project.manifest.iter().flat_map(|m| &m.portals);
                let portal = portals.into_iter().find(|portal| portal.host() == dataset.host);
                portal.and_then(Portal::folder).unwrap_or(".").to_owned()
            }
            _ => format!("https://{}/d/{}", dataset.host, dataset.id),
        };
        session.out.print(&format!("{}\n", inert(&address)))?;
        session.out.finish()?;
        if session.is_interactive() {
            browse(&address)?;
        }
    }
    Ok(DONE)
}

/// Hands an address to `BROWSER`, else to what the system opens things with.
fn browse(address: &str) -> Outcome<()> {
    let usual = if cfg!(windows) {
        "explorer"
    } else if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let program = std::env::var("BROWSER").unwrap_or_default();
    let program = if program.is_empty() { usual.to_owned() } else { program };
    let quiet = || Stdio::null();
    let started =
        Command::new(&program).arg(address).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
    started.map(|_| ()).map_err(|error| {
        Stop::usage(format!("cannot start `{program}`: {}", crate::exit::reason(&error)))
            .help("`BROWSER` names another program")
    })
}

/// `.lock`: one dataset, or all that the project names.
pub(super) fn lock(session: &mut Session<'_>, name: &str) -> Outcome<Flow> {
    let Some(root) = session.place.project.root.clone() else {
        return Err(Stop::usage(format!("no `{MANIFEST}` here or in a folder above"))
            .help("`tule init` begins a project; schemas are known for this session without one"));
    };
    let exit = if name.is_empty() {
        nested(session.out, session.global, &["lock"])?
    } else {
        let mut fresh = Vec::new();
        for dataset in chosen(session, name)? {
            let address = portal::address(&session.place.catalog, &dataset.host);
            let asked = address.filter(|_| dataset.kind == PortalKind::Socrata);
            match asked.map(|address| (address, dataset.id.clone())) {
                Some(asked) => fresh.extend(session.fetch(&[asked])?),
                None => fresh.push(dataset),
            }
        }
        if fresh.is_empty() {
            return Ok(Flow::Go(Exit::Portal));
        }
        // As it is on the disk: schemas of this session do not belong to it.
        let mut lock = Project::load(session.out, Some(&root), None)?.lock;
        for dataset in fresh {
            let text = format!("{}/{}: locked\n", dataset.host, dataset.id);
            session.out.print(&inert(text.trim_end()))?;
            session.out.print("\n")?;
            lock.merge(dataset);
        }
        let path = root.join(LOCK);
        atomic::write(&path, &write(&lock.datasets))?;
        session.out.tell(&format!("{} written\n", one_line(&shown(&path))))?;
        Exit::Clean
    };
    let fresh = Project::load(session.out, Some(&root), None)?.lock.datasets;
    session.place.add(fresh);
    session.renew();
    Ok(Flow::Go(exit))
}

/// `.login`: the token is asked for and never part of the line.
pub(super) fn login(session: &mut Session<'_>, portal: &str) -> Outcome<Flow> {
    if portal.contains(char::is_whitespace) {
        return Err(Stop::usage("`.login` takes a portal and nothing else")
            .help("the token is asked for, so that no history holds it"));
    }
    if portal.is_empty() {
        let tokens = portal::tokens()?;
        for address in session.place.addresses() {
            let host = address.host();
            let about = if tokens.has(&host) { "token kept" } else { "no token kept" };
            pair(session, &one_line(&host), about)?;
        }
        return Ok(DONE);
    }
    session.out.finish()?;
    let exit = nested(session.out, session.global, &["login", portal])?;
    session.place.forget_client();
    Ok(Flow::Go(exit))
}
