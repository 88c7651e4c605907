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
        let cache = cache("portals");
        let options = Options { tokens, cache, offline, ..Options::default() };
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

/// The tokens that `tule login` keeps.
pub(crate) fn tokens() -> Outcome<Tokens> {
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

/// Where things of a sort are kept between runs: in `TULE_CACHE`, else in the user's cache folder.
pub(crate) fn cache(sort: &str) -> Option<PathBuf> {
    let named = std::env::var_os("TULE_CACHE").filter(|value| !value.is_empty());
    let usual = || Some(choose_base_strategy().ok()?.cache_dir().join("tule"));
    named.map(PathBuf::from).or_else(usual).map(|base| base.join(sort))
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
