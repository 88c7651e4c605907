//! `tule.toml`: the portals a project uses, names for their datasets, and levels for lints.
//!
//! [`parse`] reports every fault of the file with its place, not the first alone. Deliberately
//! absent: finding the file, reading tokens from the environment, and which lints exist (the
//! catalogue of diagnostics knows; [`Manifest::lint_span`] lets it complain).

pub(crate) mod document;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use tule_syntax::lexer::lex;
use tule_syntax::span::Span;
use tule_syntax::token::TokenKind;
use url::Url;

use crate::names::fold;
use crate::target::Target;

/// What a `tule.toml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// The portals, in the order of the file.
    pub portals: Vec<Portal>,
    /// Datasets by the bare name that queries use.
    pub datasets: BTreeMap<String, DatasetRef>,
    /// Levels by the name of the lint.
    pub lints: BTreeMap<String, LintLevel>,
    lint_spans: BTreeMap<String, Span>,
}

/// One portal.
#[derive(Clone, Debug, PartialEq)]
pub struct Portal {
    /// Its name in this project.
    pub name: String,
    /// Where its data is.
    pub address: Address,
    /// Which interface it has.
    pub kind: PortalKind,
    /// Other hosts that serve the same datasets under the same identifiers, in lower case.
    pub aliases: Vec<String>,
    /// The environment variable named in the file; see [`Portal::token_env`].
    pub token_env: Option<String>,
    /// The interface to compile for, where the kind has several.
    pub api: Option<Target>,
    /// Where its name stands in the file.
    pub span: Span,
    host: String,
}

/// Where a portal's data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Behind a web address.
    Web(Url),
    /// In a folder, relative to the file that names it.
    Folder(String),
}

/// Which interface a portal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PortalKind {
    /// Socrata, also sold as Tyler Data & Insights.
    #[default]
    Socrata,
    /// An ArcGIS server, hosted or not.
    Arcgis,
    /// Opendatasoft.
    Opendatasoft,
    /// CKAN with its data store.
    Ckan,
    /// Files in a folder.
    Local,
}

/// A dataset on a portal of the same file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetRef {
    /// The portal's name, as the portal's own table spells it.
    pub portal: String,
    /// The identifier, relative to the portal's address.
    pub id: String,
    /// Where the reference stands in the file.
    pub span: Span,
}

/// How seriously a lint is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LintLevel {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported, and the check fails.
    Error,
}

/// Something wrong with a `tule.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// What is wrong.
    pub message: String,
    /// Where; never empty where text exists.
    pub span: Span,
    /// What to do; empty where nothing more can be said.
    pub help: String,
}

impl std::fmt::Display for ManifestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ManifestError {}

/// Reads a `tule.toml`; on failure, every fault in it, in order of place.
///
/// ```
/// use tule_core::schema::manifest;
/// let manifest = manifest::parse("portals.stockton = { url = 'https://data.stocktonca.gov', kind = 'socrata' }");
/// assert_eq!(manifest.unwrap().portals[0].host(), "data.stocktonca.gov");
///
/// let errors = manifest::parse("[dataset]\ncalls = 'stockton/esc4-8x43'").unwrap_err();
/// assert_eq!(errors[0].message, "unknown key `dataset` at the top level");
/// assert_eq!(errors[0].help, "did you mean `datasets`");
/// ```
pub fn parse(text: &str) -> Result<Manifest, Vec<ManifestError>> {
    read::manifest(text)
}

/// Whether `name` can name a dataset in a query without back-quotes.
///
/// ```
/// use tule_core::schema::manifest::is_dataset_name;
/// assert!(is_dataset_name("police_calls"));
/// assert!(!is_dataset_name("police-calls"));
/// assert!(!is_dataset_name("order"));
/// ```
#[must_use]
pub fn is_dataset_name(name: &str) -> bool {
    let tokens = lex(name);
    let kind = tokens.kind(0);
    tokens.len() == 1 && (kind == TokenKind::Ident || kind.is_contextual()) && !name.contains('$')
}

impl Manifest {
    /// The portal with this name; compared as queries compare names.
    #[must_use]
    pub fn portal(&self, name: &str) -> Option<&Portal> {
        let wanted = fold(name);
        self.portals.iter().find(|portal| fold(&portal.name) == wanted)
    }

    /// Where the level of this lint is set.
    #[must_use]
    pub fn lint_span(&self, lint: &str) -> Option<Span> {
        self.lint_spans.get(lint).copied()
    }
}

impl Portal {
    /// A portal without aliases or a token.
    #[must_use]
    pub fn new(name: &str, kind: PortalKind, address: Address) -> Self {
        let host = match &address {
            Address::Web(url) => host_of(url),
            Address::Folder(_) => name.to_lowercase(),
        };
        Self {
            name: name.to_owned(),
            address,
            kind,
            aliases: Vec::new(),
            token_env: None,
            api: None,
            span: Span::default(),
            host,
        }
    }

    /// The host in lower case, with its port if it is not the usual one. A folder has no host:
    /// its portal's name stands in, which no host equals, for it has no dot.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The web address, unless the portal is a folder.
    #[must_use]
    pub fn url(&self) -> Option<&Url> {
        match &self.address {
            Address::Web(url) => Some(url),
            Address::Folder(_) => None,
        }
    }

    /// The folder, if the portal is one.
    #[must_use]
    pub fn folder(&self) -> Option<&str> {
        match &self.address {
            Address::Web(_) => None,
            Address::Folder(folder) => Some(folder),
        }
    }

    /// The environment variable that may hold a token: the one named in the file, else the
    /// customary one of the kind.
    #[must_use]
    pub fn token_env(&self) -> Option<&str> {
        let usual = (self.kind == PortalKind::Socrata).then_some("SOCRATA_APP_TOKEN");
        self.token_env.as_deref().or(usual)
    }

    /// Whether `host` is this portal's own or one of its aliases.
    #[must_use]
    pub fn answers_to(&self, host: &str) -> bool {
        std::iter::once(&self.host)
            .chain(&self.aliases)
            .any(|known| known.eq_ignore_ascii_case(host))
    }

    /// The path of the address, without slashes at its ends: `ORG/arcgis/rest/services`. It
    /// belongs to every identifier, so that two portals on one host keep their datasets apart.
    #[must_use]
    pub fn base(&self) -> &str {
        self.url().map_or("", |url| url.path().trim_matches('/'))
    }

    /// The identifier, unique on the host, of what `relative` names on this portal.
    #[must_use]
    pub fn full_id(&self, relative: &str) -> String {
        match self.base() {
            "" => relative.to_owned(),
            base => format!("{base}/{relative}"),
        }
    }

    /// The inverse of [`Portal::full_id`]; `None` for a dataset outside this portal.
    #[must_use]
    pub fn relative_id<'i>(&self, id: &'i str) -> Option<&'i str> {
        match self.base() {
            "" => Some(id),
            base => id.strip_prefix(base)?.strip_prefix('/'),
        }
    }
}

/// The host of a web address, with its port if it is not the usual one.
#[must_use]
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("").to_ascii_lowercase();
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

impl PortalKind {
    /// Every kind and its name in the file.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Socrata, "socrata"),
        (Self::Arcgis, "arcgis"),
        (Self::Opendatasoft, "opendatasoft"),
        (Self::Ckan, "ckan"),
        (Self::Local, "local"),
    ];

    /// The name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        named(&Self::ALL, name)
    }
}

impl LintLevel {
    /// Every level and its name in the file.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Allow, "allow"), (Self::Warn, "warn"), (Self::Error, "error")];

    /// The name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// The level with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        named(&Self::ALL, name)
    }
}

impl std::fmt::Display for PortalKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

fn name_in<T: Copy + PartialEq>(table: &[(T, &'static str)], wanted: T) -> &'static str {
    table.iter().find(|(value, _)| *value == wanted).map_or("", |(_, name)| name)
}

fn named<T: Copy>(table: &[(T, &'static str)], wanted: &str) -> Option<T> {
    table.iter().find(|(_, name)| *name == wanted).map(|(value, _)| *value)
}
