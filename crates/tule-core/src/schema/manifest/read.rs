//! From the text of a `tule.toml` to a [`Manifest`] or to all that is wrong with it.
//!
//! Reading goes on behind every fault, and a fault has one error: a dataset of a portal whose
//! address is wrong is not reported as well. Deliberately absent: any guess at what a faulty
//! value means; it is offered as help instead.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};
use tule_syntax::span::Span;
use tule_syntax::token::KEYWORDS;
use url::Url;

use super::document::{self, Node, describe, in_file_order, span_of};
use super::{
    Address, DatasetRef, LintLevel, Manifest, ManifestError, Portal, PortalKind, host_of,
    is_dataset_name,
};
use crate::names::{alternatives, fold, similar};
use crate::target::Target;

const TOP: [&str; 3] = ["portals", "datasets", "lints"];
const PORTAL: [&str; 5] = ["url", "kind", "aliases", "token-env", "api"];

pub(super) fn manifest(text: &str) -> Result<Manifest, Vec<ManifestError>> {
    let document = document::parse(text).map_err(|faults| {
        let error = |fault: document::Fault| ManifestError {
            message: fault.message,
            span: fault.span,
            help: String::new(),
        };
        faults.into_iter().map(error).collect::<Vec<_>>()
    })?;
    let mut reader = Reader::default();
    let top = document.get_ref();
    for (key, span, value) in in_file_order(top) {
        if !TOP.contains(&key) {
            reader.unknown_key(key, span, "at the top level", &TOP);
        } else if !matches!(value.get_ref(), DeValue::Table(_)) {
            reader.wrong_type(key, "a table", value);
        }
    }
    let table = |name: &str| top.get(name).and_then(|value| value.get_ref().as_table());
    let mut manifest = Manifest::default();
    if let Some(portals) = table("portals") {
        reader.portals(portals, &mut manifest);
    }
    if let Some(datasets) = table("datasets") {
        reader.datasets(datasets, &mut manifest);
    }
    if let Some(lints) = table("lints") {
        reader.lints(lints, &mut manifest);
    }
    if reader.errors.is_empty() {
        return Ok(manifest);
    }
    reader.errors.sort_by_key(|error| error.span);
    Err(reader.errors)
}

#[derive(Default)]
struct Reader {
    errors: Vec<ManifestError>,
    /// Names of all portals of the file by their folded form, those with faults too.
    declared: BTreeMap<String, String>,
    claims: Vec<Claim>,
}

/// A host that a portal says is its own.
struct Claim {
    host: String,
    base: String,
    portal: String,
    is_alias: bool,
    span: Span,
}

impl Reader {
    fn error(&mut self, span: Span, message: String, help: String) {
        self.errors.push(ManifestError { message, span, help });
    }

    fn unknown_key(&mut self, key: &str, span: Span, place: &str, known: &[&str]) {
        self.error(span, format!("unknown key `{key}` {place}"), nearest(key, known));
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, value: &Node<'_>) {
        let found = describe(value.get_ref());
        self.error(
            span_of(value),
            format!("`{key}` must be {wanted}, found {found}"),
            String::new(),
        );
    }

    fn text<'d>(&mut self, key: &str, value: &'d Node<'_>) -> Option<&'d str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, "text", value);
        }
        text
    }

    /// One of several words.
    fn word<T: Copy>(
        &mut self,
        what: &str,
        key: &str,
        value: &Node<'_>,
        all: &[(T, &'static str)],
    ) -> Option<T> {
        let text = self.text(key, value)?;
        let found = super::named(all, text);
        if found.is_none() {
            let known: Vec<&str> = all.iter().map(|(_, name)| *name).collect();
            self.error(span_of(value), format!("unknown {what} `{text}`"), nearest(text, &known));
        }
        found
    }

    fn portals(&mut self, portals: &DeTable<'_>, manifest: &mut Manifest) {
        for (name, span, value) in in_file_order(portals) {
            let DeValue::Table(table) = value.get_ref() else {
                self.wrong_type(&format!("portals.{name}"), "a table", value);
                self.declared.insert(fold(name).into_owned(), name.to_owned());
                continue;
            };
            self.portal_name(name, span);
            if let Some(portal) = self.portal(name, span, table) {
                manifest.portals.push(portal);
            }
        }
        self.clashes();
    }

    fn portal_name(&mut self, name: &str, span: Span) {
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            self.error(
                span,
                format!("portal name `{name}` has characters that a name can't have"),
                "letters, digits, `_` and `-` can stand in it".to_owned(),
            );
        }
        if let Some(other) = self.declared.insert(fold(name).into_owned(), name.to_owned()) {
            self.error(
                span,
                format!("portals `{other}` and `{name}` have the same name"),
                "upper and lower case, `-` and `_` are not told apart".to_owned(),
            );
        }
    }

    fn portal(&mut self, name: &str, span: Span, table: &DeTable<'_>) -> Option<Portal> {
        for (key, span, _) in in_file_order(table) {
            if !PORTAL.contains(&key) {
                self.unknown_key(key, span, &format!("in `portals.{name}`"), &PORTAL);
            }
        }
        let kind = if let Some(value) = table.get("kind") {
            self.word("kind of portal", "kind", value, &PortalKind::ALL)
        } else {
            let known: Vec<&str> = PortalKind::ALL.iter().map(|(_, name)| *name).collect();
            let help = format!("`kind` is {}", alternatives(&known));
            self.error(span, format!("portal `{name}` has no `kind`"), help);
            None
        };
        let Some(url) = table.get("url") else {
            self.error(
                span,
                format!("portal `{name}` has no `url`"),
                "add `url`, such as `https://data.example.gov`".to_owned(),
            );
            return None;
        };
        let kind = kind?;
        let address = match kind {
            PortalKind::Local => self.folder(url),
            _ => self.web_address(url, kind),
        };
        self.inapplicable(kind, table);
        let mut portal = Portal::new(name, kind, address?);
        portal.span = span;
        self.claims.push(Claim {
            host: portal.host().to_owned(),
            base: portal.base().to_owned(),
            portal: name.to_owned(),
            is_alias: false,
            span: span_of(url),
        });
        if kind != PortalKind::Local {
            portal.aliases =
                table.get("aliases").map_or(Vec::new(), |list| self.aliases(name, list));
            portal.token_env = table.get("token-env").and_then(|value| self.variable(value));
        }
        if kind == PortalKind::Socrata {
            let interfaces = Target::ALL.map(|target| (target, target.name()));
            portal.api = table
                .get("api")
                .and_then(|value| self.word("interface", "api", value, &interfaces));
        }
        Some(portal)
    }

    /// Keys that mean nothing for this kind of portal.
    fn inapplicable(&mut self, kind: PortalKind, table: &DeTable<'_>) {
        let unused: &[&str] = match kind {
            PortalKind::Socrata => &[],
            PortalKind::Local => &["aliases", "token-env", "api"],
            _ => &["api"],
        };
        for (key, span, _) in in_file_order(table) {
            if unused.contains(&key) {
                let message = format!("`{key}` means nothing for a portal of kind `{kind}`");
                self.error(span, message, "leave the line out".to_owned());
            }
        }
    }

    fn folder(&mut self, value: &Node<'_>) -> Option<Address> {
        let text = self.text("url", value)?;
        if text.is_empty() || text.contains("://") {
            self.error(
                span_of(value),
                "`url` of a local portal must be a folder".to_owned(),
                "write its path from here, such as `data`".to_owned(),
            );
            return None;
        }
        Some(Address::Folder(text.to_owned()))
    }

    fn web_address(&mut self, value: &Node<'_>, kind: PortalKind) -> Option<Address> {
        let text = self.text("url", value)?;
        let span = span_of(value);
        let url = match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => url,
            Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase) => {
                let guess = format!("https://{}", text.trim_start_matches('/'));
                let fits = !text.contains("://") && is_host(text.split('/').next().unwrap_or(""));
                let help = if fits { format!("write `{guess}`") } else { String::new() };
                self.error(span, "`url` must begin with `https://` or `http://`".to_owned(), help);
                return None;
            }
            Err(error) => {
                let message = format!("`url` is not a web address: {error}");
                self.error(span, message, String::new());
                return None;
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            self.error(
                span,
                "`url` holds a user name or a password".to_owned(),
                "take it out; `token-env` names an environment variable to read a token from"
                    .to_owned(),
            );
            return None;
        }
        if url.query().is_some() || url.fragment().is_some() {
            self.error(
                span,
                "`url` has more behind the path".to_owned(),
                "leave out what follows `?` or `#`".to_owned(),
            );
            return None;
        }
        if kind == PortalKind::Socrata && url.path() != "/" {
            self.error(
                span,
                format!("`url` of a portal of kind `{kind}` has a path"),
                format!("write `{}`", url.origin().ascii_serialization()),
            );
            return None;
        }
        Some(Address::Web(url))
    }

    fn aliases(&mut self, portal: &str, value: &Node<'_>) -> Vec<String> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type("aliases", "a list of hosts", value);
            return Vec::new();
        };
        let mut hosts = Vec::new();
        for item in list {
            let Some(text) = self.text("aliases", item) else { continue };
            let Some(host) = Url::parse(&format!("https://{text}"))
                .ok()
                .filter(|_| is_host(text))
                .map(|url| host_of(&url))
            else {
                self.error(
                    span_of(item),
                    format!("alias `{text}` is not a host"),
                    "write the host alone, such as `data.example.gov`".to_owned(),
                );
                continue;
            };
            self.claims.push(Claim {
                host: host.clone(),
                base: String::new(),
                portal: portal.to_owned(),
                is_alias: true,
                span: span_of(item),
            });
            hosts.push(host);
        }
        hosts
    }

    /// A host stands for one portal, or a reference by host could mean either. Portals of one
    /// host may differ by their path.
    fn clashes(&mut self) {
        let mut errors = Vec::new();
        for (index, claim) in self.claims.iter().enumerate() {
            let clash = self.claims.iter().take(index).find(|other| {
                other.portal != claim.portal
                    && other.host == claim.host
                    && (other.is_alias || claim.is_alias || other.base == claim.base)
            });
            if let Some(Claim { portal: other, .. }) = clash {
                let Claim { host, portal, .. } = claim;
                let message = if claim.is_alias {
                    format!("alias `{host}` already belongs to portal `{other}`")
                } else {
                    format!("portals `{other}` and `{portal}` are the same place")
                };
                errors.push((claim.span, message));
            }
        }
        for (span, message) in errors {
            self.error(span, message, "a host can belong to one portal only".to_owned());
        }
    }

    fn variable(&mut self, value: &Node<'_>) -> Option<String> {
        let text = self.text("token-env", value)?;
        let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if !first || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') || is_token(text)
        {
            self.error(
                span_of(value),
                "`token-env` must be the name of an environment variable".to_owned(),
                "keep the token itself out of this file".to_owned(),
            );
            return None;
        }
        Some(text.to_owned())
    }

    fn datasets(&mut self, datasets: &DeTable<'_>, manifest: &mut Manifest) {
        let mut folded: BTreeMap<String, &str> = BTreeMap::new();
        for (name, span, value) in in_file_order(datasets) {
            if !is_dataset_name(name) {
                let (message, help) = bad_name(name);
                self.error(span, message, help);
            } else if let Some(other) = folded.insert(fold(name).into_owned(), name) {
                self.error(
                    span,
                    format!("datasets `{other}` and `{name}` have the same name"),
                    "upper and lower case are not told apart".to_owned(),
                );
            }
            if let Some(reference) = self.reference(name, value, manifest) {
                manifest.datasets.insert(name.to_owned(), reference);
            }
        }
    }

    fn reference(
        &mut self,
        name: &str,
        value: &Node<'_>,
        manifest: &Manifest,
    ) -> Option<DatasetRef> {
        let text = self.text(name, value)?;
        let span = span_of(value);
        let Some((portal, id)) =
            text.split_once('/').filter(|(portal, id)| !portal.is_empty() && !id.is_empty())
        else {
            self.error(
                span,
                format!("`{name}` must be a portal and an identifier, found `{text}`"),
                "write it as `portal/identifier`, such as `stockton/esc4-8x43`".to_owned(),
            );
            return None;
        };
        let Some(declared) = self.declared.get(&*fold(portal)).cloned() else {
            let by_host = manifest.portals.iter().find(|known| known.answers_to(portal));
            let known = self.declared.values().map(String::as_str);
            let help = match (by_host, similar(portal, known).as_slice()) {
                (Some(known), _) => format!("write `{}/{id}`", known.name),
                (None, []) => format!("describe it under `[portals.{portal}]`"),
                (None, near) => format!("did you mean {}", alternatives(near)),
            };
            self.error(span, format!("unknown portal `{portal}`"), help);
            return None;
        };
        Some(DatasetRef { portal: declared, id: id.to_owned(), span })
    }

    fn lints(&mut self, lints: &DeTable<'_>, manifest: &mut Manifest) {
        for (name, span, value) in in_file_order(lints) {
            if let Some(level) = self.word("level", name, value, &LintLevel::ALL) {
                manifest.lints.insert(name.to_owned(), level);
                manifest.lint_spans.insert(name.to_owned(), span);
            }
        }
    }
}

/// The nearest of `known`, or all of them.
fn nearest(word: &str, known: &[&str]) -> String {
    match similar(word, known.iter().copied()).as_slice() {
        [] => format!("{} can stand here", alternatives(known)),
        near => format!("did you mean {}", alternatives(near)),
    }
}

fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !text.is_empty()
        && text.chars().all(plain)
        && Url::parse(&format!("https://{text}")).is_ok_and(|url| url.path() == "/")
}

/// Whether a name looks like a token pasted by mistake: variables are in capitals or have `_`.
fn is_token(text: &str) -> bool {
    text.len() >= 20
        && !text.contains('_')
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn bad_name(name: &str) -> (String, String) {
    let reserved =
        KEYWORDS.iter().any(|word| word.reserved && word.text.eq_ignore_ascii_case(name));
    let message = match (reserved, name.is_empty()) {
        (true, _) => format!("dataset name `{name}` is a reserved word"),
        (_, true) => "a dataset's name is empty".to_owned(),
        _ => format!("dataset name `{name}` would need back-quotes in a query"),
    };
    let plain: String =
        name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
    let guess = match (reserved, plain.starts_with(|c: char| c.is_numeric())) {
        (true, _) => format!("{plain}_data"),
        (_, true) => format!("_{plain}"),
        _ => plain,
    };
    let rule = "a name has letters, digits and `_`, and no digit in front";
    let help = if is_dataset_name(&guess) && guess.chars().any(char::is_alphanumeric) {
        format!("`{guess}` would do")
    } else {
        rule.to_owned()
    };
    (message, help)
}
