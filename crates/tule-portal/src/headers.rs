//! What the headers of an answer say of its rows: their columns, and how old they are.
//!
//! Both are hints. Portals leave the columns out when the list grows long, and add system columns
//! and computed regions to a star or not as they like; so what is not announced is not known, and
//! names that begin with `:` are not compared.

use reqwest::header::HeaderMap;
use tule_core::check::OutputColumn;
use tule_core::names::fold;
use tule_core::schema::socrata::{Origin, from_headers};
use tule_core::types::Type;

use crate::course::End;
use crate::exchange::header;

/// When the rows changed at the publisher, and when in the copy that answers. Either changes what
/// a page holds.
const STAMPS: [&str; 3] =
    ["x-soda2-truth-last-modified", "x-soda2-secondary-last-modified", "last-modified"];

/// What an answer announces.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Shape {
    /// Folded names with types; `None` where the answer does not say.
    columns: Option<Vec<(String, Option<Type>)>>,
    out_of_date: bool,
    last_modified: Option<String>,
    /// What tells one state of the rows from another.
    stamp: Option<String>,
}

impl Shape {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let fields = header(headers, "x-soda2-fields");
        let columns = fields.zip(header(headers, "x-soda2-types")).and_then(|(fields, types)| {
            // The reader adds the system columns that every dataset has; only those that the
            // answer lists are its own.
            let listed: Vec<String> = serde_json::from_str(&fields).ok()?;
            let known = from_headers(&fields, &types, &Origin::of("host", "dataset")).ok()?;
            let columns = known.columns.iter().take(listed.len());
            Some(columns.map(|column| (fold(&column.name).into_owned(), column.ty)).collect())
        });
        let stamps = STAMPS.iter().filter_map(|name| header(headers, *name));
        let stamps: Vec<String> = stamps.collect();
        let stale = header(headers, "x-soda2-data-out-of-date").unwrap_or_default();
        Self {
            columns,
            out_of_date: stale == "true" || stale.starts_with('[') && stale.trim() != "[]",
            last_modified: ["x-soda2-truth-last-modified", "last-modified"]
                .iter()
                .find_map(|name| header(headers, *name)),
            stamp: (!stamps.is_empty()).then(|| stamps.join("; ")),
        }
    }

    /// What tells one state of the rows from another; `None` where the answer does not say.
    pub(crate) fn stamp(&self) -> Option<&str> {
        self.stamp.as_deref()
    }

    /// The columns that the query asks for and the answer does not have.
    pub(crate) fn missing(&self, columns: &[OutputColumn]) -> Vec<String> {
        let Some(own) = &self.columns else { return Vec::new() };
        columns
            .iter()
            .filter(|column| !column.name.starts_with(':'))
            .filter(|column| own.iter().all(|(name, _)| *name != fold(&column.name)))
            .map(|column| column.name.to_string())
            .collect()
    }

    /// What a later page announces otherwise, in words.
    pub(crate) fn differences(&self, later: &Self) -> Vec<String> {
        let (Some(before), Some(now)) = (&self.columns, &later.columns) else { return Vec::new() };
        let mut found = changes(before, now);
        let gone = before.iter().filter(|(name, _)| {
            !name.starts_with(':') && now.iter().all(|(other, _)| other != name)
        });
        found.extend(gone.map(|(name, _)| format!("`{name}` is gone from one page to the next")));
        found
    }

    /// What is to be said at the end.
    pub(crate) fn end(self, columns: &[OutputColumn], cut: Option<u64>) -> End {
        let locked: Vec<(String, Option<Type>)> =
            columns.iter().map(|column| (fold(&column.name).into_owned(), column.ty)).collect();
        let drift = self.columns.as_ref().map_or(Vec::new(), |own| changes(&locked, own));
        End { cut, out_of_date: self.out_of_date, last_modified: self.last_modified, drift }
    }
}

/// Columns of `now` that are new or of another type.
fn changes(before: &[(String, Option<Type>)], now: &[(String, Option<Type>)]) -> Vec<String> {
    let own = now.iter().filter(|(name, _)| !name.starts_with(':'));
    own.filter_map(|(name, ty)| match before.iter().find(|(known, _)| known == name) {
        None => Some(format!("`{name}` is new")),
        Some((_, Some(old))) if ty.is_some_and(|ty| ty != *old) => {
            let ty = ty.map_or("", Type::name);
            Some(format!("`{name}` was {old} and is {ty}"))
        }
        Some(_) => None,
    })
    .collect()
}
