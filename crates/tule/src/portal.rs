//! The client of the portals, set up for this user and this project.
//!
//! Here the environment and the user's folders are read: tokens, the credentials file, the cache.
//! What comes of requests, and how, is `tule-portal`'s business.

use std::path::PathBuf;

use etcetera::{BaseStrategy as _, choose_base_strategy};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::{Portal, PortalKind};
use tule_portal::blocking::Runtime;
use tule_portal::{Class, Client, Error, Options, PortalAddress, Tokens};

use crate::exit::{Outcome, Stop};
use crate::output::{ERROR, INFO, Output};
use crate::project::Project;

/// The way to all portals.
pub(crate) struct Portals {
    pub(crate) client: Client,
    pub(crate) runtime: Runtime,
}

impl Portals {
    /// For the portals of a project; offline, only what the cache holds is known.
    pub(crate) fn open(project: &Project, offline: bool) -> Outcome<Self> {
        let portals = project.manifest.iter().flat_map(|manifest| &manifest.portals);
        Self::open_for(portals, offline)
    }

    /// The same where only some portals of the project are trusted with what the environment
    /// holds for them. What `tule login` keeps for a host goes there in any case.
    pub(crate) fn open_for<'p>(
        trusted: impl IntoIterator<Item = &'p Portal>,
        offline: bool,
    ) -> Outcome<Self> {
        let mut tokens = tokens()?;
        tokens
            .add_environment(trusted, |name| std::env::var(name).ok())
            .map_err(|error| Stop::usage(error.to_string()))?;
        let options = Options {
            tokens,
            cache: cache_folder("portals"),
            offline,
            authorities: authorities()?,
            ..Options::default()
        };
        let runtime = Runtime::new().map_err(|error| stop(&error))?;
        Ok(Self { client: Client::new(options), runtime })
    }

    /// Says what came up beside what was asked for.
    pub(crate) fn tell_notices(&self, out: &mut Output) -> Outcome<()> {
        for notice in self.client.take_notices() {
            out.tell_line(INFO, "note", &notice.to_string())?;
        }
        Ok(())
    }
}

/// The certificates in the file that `TULE_CA` names, which are trusted besides the system's.
fn authorities() -> Outcome<Option<Vec<u8>>> {
    let Some(path) = std::env::var_os("TULE_CA").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let path = PathBuf::from(path);
    let pem = std::fs::read(&path).map_err(|error| Stop::file("read", &path, &error))?;
    Ok(Some(pem))
}

/// Where the portal of a dataset is; `None` for one without this kind of interface.
pub(crate) fn address(catalog: &Catalog, host: &str) -> Option<PortalAddress> {
    match catalog.portal_of(host) {
        Some(portal) => PortalAddress::of(portal),
        None => PortalAddress::of_host(host),
    }
}

/// The Socrata portals of a project.
pub(crate) fn socrata(project: &Project) -> impl Iterator<Item = &Portal> {
    let portals = project.manifest.iter().flat_map(|manifest| &manifest.portals);
    portals.filter(|portal| portal.kind == PortalKind::Socrata)
}

/// The variable by which a program that keeps tokens hands them over, each with its host.
const TOKENS: &str = "TULE_TOKENS";

/// The tokens of the user: those that `tule login` keeps, and those handed over.
pub(crate) fn tokens() -> Outcome<Tokens> {
    let mut tokens = kept()?;
    if let Ok(list) = std::env::var(TOKENS) {
        let added = tokens.add_list(&list, &format!("`{TOKENS}`"));
        added.map_err(|error| {
            Stop::usage(error.to_string()).help("it holds `HOST=TOKEN`, separated by blanks")
        })?;
    }
    Ok(tokens)
}

/// The tokens that `tule login` keeps.
pub(crate) fn kept() -> Outcome<Tokens> {
    let Some(path) = credentials() else { return Ok(Tokens::default()) };
    Tokens::read(&path).map_err(|error| {
        let stop = Stop::usage(error.to_string());
        match error {
            tule_portal::TokenError::Exposed { .. } => {
                stop.help(format!("`chmod 600 {}` closes it", path.display()))
            }
            _ => stop.help("`tule login HOST` writes it"),
        }
    })
}

/// The file of tokens: `credentials.toml` in the user's folder of settings.
pub(crate) fn credentials() -> Option<PathBuf> {
    Some(choose_base_strategy().ok()?.config_dir().join("tule").join("credentials.toml"))
}

/// A folder for what can be made again: in `TULE_CACHE`, else in the user's cache folder.
pub(crate) fn cache_folder(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("TULE_CACHE").filter(|value| !value.is_empty());
    let usual = || Some(choose_base_strategy().ok()?.cache_dir().join("tule"));
    named.map(PathBuf::from).or_else(usual).map(|base| base.join(name))
}

/// The end of a run that a portal or the network brings about.
pub(crate) fn stop(error: &Error) -> Stop {
    let (message, help) = (error.to_string(), error.help());
    match error.class() {
        Class::Settings => Stop::Usage { message, help },
        Class::Query | Class::Portal => Stop::Portal { message, help },
    }
}

/// Says what went wrong without ending the run.
pub(crate) fn tell(out: &mut Output, error: &Error) -> Outcome<()> {
    out.tell_line(ERROR, "error", &error.to_string())?;
    if let Some(help) = error.help() {
        out.tell_line(INFO, "help", &help)?;
    }
    Ok(())
}
