//! What a name in FROM or JOIN stands for: a dataset, a WITH table or a built-in table.

use std::borrow::Cow;
use std::sync::Arc;

use tule_syntax::ast::Ident;
use tule_syntax::literal::{name_text, string_value};

use super::relation::Relation;
use super::scope::table_key;
use super::{Checker, CteState, MissingDataset};
use crate::diagnostics::{Applicability, Code, Diagnostic};
use crate::names::{alternatives, similar};
use crate::schema::Dataset;
use crate::schema::catalog::{Lookup, Reference};

impl Checker<'_> {
    /// A dataset, WITH table or built-in table by name.
    pub(super) fn named(&mut self, name: Ident) -> Relation {
        let written = self.written(name);
        let quoted = written.starts_with(['\'', '"']);
        if !quoted && (written.starts_with('@') || !self.ctes.is_empty()) {
            let key = table_key(written);
            if let Some(cte) = self.cte(&key) {
                if cte.complete {
                    return Relation::Result(Arc::clone(&cte.output));
                }
                let message = format!("`{written}` uses itself");
                self.report(Diagnostic::new(Code::RecursiveQuery, name, message));
                return Relation::Unknown;
            }
            if written.starts_with('@') && &*key == "single_row" {
                return Relation::SingleRow;
            }
            if written.starts_with('@') && &*key == "this" {
                let message = "`@this` stands for the rows of the step before, in `from` only";
                self.report(Diagnostic::new(Code::ThisWithoutContext, name, message));
                return Relation::Unknown;
            }
        }
        match self.lookup(written) {
            Lookup::Found(dataset) => {
                self.typed.datasets.push((name, Arc::clone(&dataset)));
                self.known(name, &dataset);
                Relation::Dataset(dataset)
            }
            Lookup::NotLocked { host, id } => {
                let message = format!("schema of {} is not locked", as_name(written));
                let diagnostic = Diagnostic::new(Code::MissingSchema, name, message)
                    .note("without its columns nothing about this query can be checked")
                    .help("run `tule lock`");
                self.report(diagnostic);
                if let Some(host) = &host {
                    let bare = Arc::new(Dataset::new(host, &id, "", Vec::new()));
                    self.typed.datasets.push((name, bare));
                }
                self.missing.push(MissingDataset { host, id, span: name });
                Relation::Unknown
            }
            Lookup::Ambiguous(hosts) => {
                let message = format!("several portals have {}", as_name(written));
                let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
                let diagnostic = Diagnostic::new(Code::AmbiguousDataset, name, message)
                    .help(format!("name the portal: {}", alternatives(&hosts)));
                self.report(diagnostic);
                Relation::Unknown
            }
            Lookup::Unknown { similar: near } => {
                self.report_unknown_dataset(name, &near);
                Relation::Unknown
            }
        }
    }

    fn cte(&self, key: &str) -> Option<&CteState> {
        if self.ctes.is_empty() { None } else { self.ctes.get(key) }
    }

    /// Looks a table of FROM or JOIN up. An identifier means a dataset of the portal that the
    /// statement reads already, if that portal has it.
    fn lookup(&self, written: &str) -> Lookup {
        if written.starts_with(['\'', '"']) {
            return self.catalog.lookup(Reference::Path(&string_value(written)));
        }
        let Some(id) = written.strip_prefix('@') else {
            return self.catalog.lookup(Reference::Name(name_text(written)));
        };
        let home = self.typed.datasets.first().map(|(_, dataset)| dataset.host.as_str());
        let Some(home) = home.or(self.home) else {
            return self.catalog.lookup(Reference::Id(id));
        };
        let near = self.catalog.lookup(Reference::Path(&format!("{home}/{id}")));
        if matches!(near, Lookup::Found(_)) {
            return near;
        }
        match self.catalog.lookup(Reference::Id(id)) {
            Lookup::NotLocked { host: None, id } => {
                Lookup::NotLocked { host: Some(home.to_owned()), id }
            }
            found => found,
        }
    }

    /// Warns of columns that nothing can be said about.
    fn known(&mut self, name: Ident, dataset: &Dataset) {
        if let Some(column) = dataset.untyped() {
            let message = format!(
                "column `{}` is of the type `{}`, which is not known here",
                column.name, column.portal_type
            );
            self.report(Diagnostic::new(Code::UnknownColumnType, name, message));
        }
    }

    fn report_unknown_dataset(&mut self, name: Ident, near: &[String]) {
        let written = self.written(name);
        let message = format!("no dataset `{}`", written.trim_matches(['\'', '"']));
        let mut diagnostic = Diagnostic::new(Code::UnknownDataset, name, message);
        let ctes: Vec<String> = self.ctes.keys().map(ToString::to_string).collect();
        let near: Vec<&str> = near
            .iter()
            .map(String::as_str)
            .chain(similar(written, ctes.iter().map(String::as_str)))
            .collect();
        if let Some(first) = near.first() {
            diagnostic = diagnostic.help(format!("perhaps {} was meant", alternatives(&near))).fix(
                Applicability::Unsafe,
                format!("write `{first}`"),
                name,
                (*first).to_owned(),
            );
        } else {
            diagnostic = diagnostic.help(
                "add it under `[datasets]` in `tule.toml`, or write `@identifier` or `'portal/identifier'`",
            );
        }
        self.report(diagnostic);
    }
}

/// A name as messages show it: in back-quotes, unless it stands in quotes already.
fn as_name(written: &str) -> Cow<'_, str> {
    if written.starts_with(['\'', '"', '`']) {
        Cow::Borrowed(written)
    } else {
        Cow::Owned(format!("`{written}`"))
    }
}
