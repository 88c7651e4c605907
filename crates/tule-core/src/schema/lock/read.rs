//! The text of a lock file to datasets.
//!
//! Keys that are not known are passed over: a later version may add facts. What would change the
//! meaning of the rest raises the version instead, and a newer version is refused.

use toml::de::{DeTable, DeValue};
use tule_syntax::span::Span;

use super::{Lock, LockError, VERSION};
use crate::schema::manifest::PortalKind;
use crate::schema::manifest::document::{self, Node, describe, in_file_order, span_of};
use crate::schema::{Card, Column, Dataset, DateRange, with_system_columns};
use crate::types::Type;

const AFRESH: &str = "`tule lock` writes the file afresh";

/// Reads the text of a lock file.
///
/// ```
/// use tule_core::schema::lock;
/// let text = "version = 1\n[dataset.'a.gov/abcd-1234']\ncolumns = [{ name = 'beat', type = 'text' }]";
/// let lock = lock::read(text).unwrap();
/// assert!(lock.get("a.gov", "abcd-1234").unwrap().column("beat").is_some());
///
/// let error = lock::read("version = 2").unwrap_err();
/// assert_eq!(error.message, "the lock file has version 2, this program reads version 1");
/// ```
pub fn read(text: &str) -> Result<Lock, LockError> {
    conflict(text)?;
    let document = document::parse(text).map_err(|faults| {
        let first = faults.into_iter().next();
        let (message, span) =
            first.map_or((String::new(), Span::default()), |fault| (fault.message, fault.span));
        LockError { message, span, help: AFRESH.to_owned() }
    })?;
    let top = Fields { table: document.get_ref(), span: first_line(text), what: "" };
    version(&top)?;
    let mut lock = Lock::default();
    if let Some(datasets) = top.table("dataset")? {
        for (place, span, value) in in_file_order(datasets) {
            lock.merge(dataset(place, span, value)?);
        }
    }
    Ok(lock)
}

fn error<T>(span: Span, message: String, help: &str) -> Result<T, LockError> {
    Err(LockError { message, span, help: help.to_owned() })
}

/// Marks that a merge leaves behind. No line of a lock file begins like them.
fn conflict(text: &str) -> Result<(), LockError> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        if ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark)) || shown == "======="
        {
            let span = offsets(start, start + shown.len());
            let message = "the lock file holds a merge that was not finished".to_owned();
            return error(span, message, "keep either side, then run `tule lock`");
        }
        start += line.len();
    }
    Ok(())
}

fn first_line(text: &str) -> Span {
    offsets(0, text.lines().next().map_or(0, str::len))
}

fn offsets(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

fn version(top: &Fields<'_, '_>) -> Result<(), LockError> {
    let Some(version) = top.count("version")? else {
        return error(top.span, "the lock file has no `version`".to_owned(), AFRESH);
    };
    if version == VERSION {
        return Ok(());
    }
    let span = top.table.get("version").map_or(top.span, span_of);
    let help = if version > VERSION {
        "a newer `tule` wrote it; update this one, or write the file afresh with `tule lock`"
    } else {
        AFRESH
    };
    let message =
        format!("the lock file has version {version}, this program reads version {VERSION}");
    error(span, message, help)
}

fn dataset(place: &str, span: Span, value: &Node<'_>) -> Result<Dataset, LockError> {
    let Some((host, id)) = place.split_once('/') else {
        let message = format!("`{place}` must be a host and an identifier with `/` between");
        return error(span, message, AFRESH);
    };
    let Some(table) = value.get_ref().as_table() else {
        let found = describe(value.get_ref());
        return error(span_of(value), format!("`{place}` must be a table, found {found}"), AFRESH);
    };
    let fields = Fields { table, span, what: place };
    let kind = match fields.known("kind", PortalKind::from_name)? {
        Some(kind) => kind,
        None => PortalKind::Socrata,
    };
    let listed = fields.known("system-columns", |word| (word == "listed").then_some(()))?;
    let columns = fields
        .list("columns")?
        .map(|value| column(place, value))
        .collect::<Result<Vec<_>, LockError>>()?;
    let columns = if kind == PortalKind::Socrata && listed.is_none() {
        with_system_columns(columns)
    } else {
        columns
    };
    let range = match fields.table("range")? {
        Some(table) => {
            let range = Fields { table, ..fields };
            let (column, first) = (range.text("column")?, range.text("first")?);
            Some(DateRange { column, first, last: range.text("last")? })
        }
        None => None,
    };
    Ok(Dataset {
        kind,
        resource_name: fields.text("resource-name")?,
        rows: fields.count("rows")?,
        range,
        card: Card {
            description: fields.text("description")?,
            licence: fields.text("licence")?,
            attribution: fields.text("attribution")?,
            owner: fields.text("owner")?,
            contact: fields.text("contact")?,
            frequency: fields.text("frequency")?,
            parent: fields.text("view-of")?,
            updated: fields.text("updated")?,
            asset_type: fields.text("asset-type")?,
            provenance: fields.text("provenance")?,
        },
        ..Dataset::new(host, id, &fields.text("title")?, columns)
    })
}

fn column(place: &str, value: &Node<'_>) -> Result<Column, LockError> {
    let span = span_of(value);
    let Some(table) = value.get_ref().as_table() else {
        let found = describe(value.get_ref());
        return error(
            span,
            format!("a column of `{place}` must be a table, found {found}"),
            AFRESH,
        );
    };
    let fields = Fields { table, span, what: place };
    if !table.contains_key("name") {
        return error(span, format!("a column of `{place}` has no `name`"), AFRESH);
    }
    let ty = fields.known("type", Type::from_name)?;
    let portal_type = if table.contains_key("portal") {
        fields.text("portal")?
    } else {
        ty.map_or("", |ty| ty.name()).to_owned()
    };
    let values = fields
        .list("values")?
        .map(|value| match value.get_ref() {
            DeValue::String(text) => Ok(text.clone().into_owned()),
            other => {
                let found = describe(other);
                error(span_of(value), format!("`values` must be texts, found {found}"), AFRESH)
            }
        })
        .collect::<Result<_, LockError>>()?;
    Ok(Column {
        name: fields.text("name")?,
        ty,
        portal_type,
        label: fields.text("label")?,
        description: fields.text("description")?,
        values,
    })
}

/// A table whose values are read by what they must be.
#[derive(Clone, Copy)]
struct Fields<'d, 't> {
    table: &'d DeTable<'t>,
    span: Span,
    what: &'d str,
}

impl<'d, 't> Fields<'d, 't> {
    fn wrong<T>(&self, key: &str, wanted: &str, value: &Node<'_>) -> Result<T, LockError> {
        let found = describe(value.get_ref());
        let of = if self.what.is_empty() { String::new() } else { format!(" of `{}`", self.what) };
        let message = format!("`{key}`{of} must be {wanted}, found {found}");
        error(span_of(value), message, AFRESH)
    }

    /// A text; empty where the key is absent.
    fn text(&self, key: &str) -> Result<String, LockError> {
        match self.table.get(key).map(|value| (value, value.get_ref())) {
            None => Ok(String::new()),
            Some((_, DeValue::String(text))) => Ok(text.clone().into_owned()),
            Some((value, _)) => self.wrong(key, "text", value),
        }
    }

    fn count(&self, key: &str) -> Result<Option<u64>, LockError> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let number = value.get_ref().as_integer();
        match number.and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok()) {
            Some(count) => Ok(Some(count)),
            None => self.wrong(key, "a whole number from 0", value),
        }
    }

    fn table(&self, key: &str) -> Result<Option<&'d DeTable<'t>>, LockError> {
        match self.table.get(key).map(|value| (value, value.get_ref())) {
            None => Ok(None),
            Some((_, DeValue::Table(table))) => Ok(Some(table)),
            Some((value, _)) => self.wrong(key, "a table", value),
        }
    }

    fn list(&self, key: &str) -> Result<impl Iterator<Item = &'d Node<'t>>, LockError> {
        match self.table.get(key).map(|value| (value, value.get_ref())) {
            None => Ok([].iter()),
            Some((_, DeValue::Array(list))) => Ok(list.iter()),
            Some((value, _)) => self.wrong(key, "a list", value),
        }
    }

    /// A word that must mean something.
    fn known<T>(
        &self,
        key: &str,
        meaning: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, LockError> {
        let Some(value) = self.table.get(key) else { return Ok(None) };
        let word = self.text(key)?;
        match meaning(&word) {
            Some(known) => Ok(Some(known)),
            None => error(span_of(value), format!("unknown `{key}` `{word}`"), AFRESH),
        }
    }
}
