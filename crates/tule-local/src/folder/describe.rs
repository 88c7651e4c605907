//! What a file holds: from its description if it has one, else from its rows.

use std::borrow::Cow;
use std::path::Path;

use rustc_hash::FxHashMap;
use serde_json::Value;
use tule_core::names::fold;
use tule_core::schema::manifest::PortalKind;
use tule_core::schema::socrata::{Origin, read as read_metadata};
use tule_core::schema::{Card, Column, Dataset, with_system_columns};
use tule_core::types::{Type, TypeSet};

use super::infer::Guess;
use super::json::GEOMETRY;
use super::names::{SYSTEM, field_name, field_names};
use super::notes::{Note, Notes};
use super::read::{Cell, Format, ReadError, Sink, read};
use super::{Source, delimited::MOST_COLUMNS};

/// What is known of a file.
#[derive(Debug)]
pub(crate) struct Described {
    /// The schema, system columns included.
    pub(crate) dataset: Dataset,
    /// The columns of the file that are part of the schema.
    pub(crate) fields: Vec<Field>,
    /// The description as it was found.
    pub(crate) view: Option<Value>,
    /// How many rows there are, where they were counted.
    pub(crate) rows: Option<u64>,
    /// What is odd about the file.
    pub(crate) notes: Vec<Note>,
}

/// A column of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Field {
    /// Its name in the file: of the header or of the member.
    pub(crate) header: String,
    /// Its position in the file, for files with a header.
    pub(crate) position: usize,
    /// Its name in queries.
    pub(crate) name: String,
    pub(crate) ty: Type,
}

/// Works out what `source` holds.
pub(crate) fn describe(source: &Source, portal: &str) -> Result<Described, ReadError> {
    let mut notes = Notes::new(&source.path);
    let view = match &source.metadata {
        Some(path) => Some(description(path)?),
        None => None,
    };
    let known = match (&view, &source.metadata) {
        (Some(view), Some(path)) => Some(from_metadata(view, path, source, portal)?),
        _ => None,
    };
    if let Some(dataset) = known.filter(|dataset| !dataset.columns.is_empty()) {
        return described(source, dataset, view, notes);
    }
    let mut scan = Scan::default();
    read(&source.path, source.format, &mut notes, &mut scan)?;
    if scan.fields.is_empty() {
        return Err(ReadError::Form("there are no columns".to_owned()));
    }
    let headers: Vec<Cow<'_, str>> = scan.headers.iter().map(|name| name.as_str().into()).collect();
    let names = field_names(&headers, &mut notes);
    let fields: Vec<Field> = names
        .into_iter()
        .zip(scan.headers.iter().zip(&scan.fields))
        .enumerate()
        .map(|(position, (name, (header, guess)))| {
            let ty = system_type(&name).unwrap_or_else(|| guess.ty());
            Field { header: header.clone(), position, name, ty }
        })
        .collect();
    let columns = fields
        .iter()
        .map(|field| Column {
            label: field.header.trim().to_owned(),
            ..Column::new(&field.name, field.ty)
        })
        .collect();
    let mut dataset =
        Dataset::new(portal, &source.stem, &source.stem, with_system_columns(columns));
    dataset.kind = PortalKind::Local;
    dataset.rows = Some(tule_core::schema::lock::coarse(scan.rows));
    dataset.card = Card { asset_type: "dataset".to_owned(), ..Card::default() };
    Ok(Described { dataset, fields, view, rows: Some(scan.rows), notes: notes.finish() })
}

fn description(path: &Path) -> Result<Value, ReadError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        ReadError::Form(format!("cannot read the description `{}`: {error}", path.display()))
    })?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        ReadError::Form(format!("the description `{}` is not JSON: {error}", path.display()))
    })
}

/// The schema that a description gives. Its identifier counts; the host is this portal.
fn from_metadata(
    view: &Value,
    path: &Path,
    source: &Source,
    portal: &str,
) -> Result<Dataset, ReadError> {
    let own = view.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let origin = Origin::of(portal, own.unwrap_or(&source.stem));
    let fault = |message: String| {
        ReadError::Form(format!("the description `{}`: {message}", path.display()))
    };
    let datasets = read_metadata(&view.to_string(), &origin).map_err(|e| fault(e.to_string()))?;
    let mut datasets = datasets.into_iter();
    let (Some(mut dataset), None) = (datasets.next(), datasets.next()) else {
        return Err(fault("expected one dataset".to_owned()));
    };
    dataset.kind = PortalKind::Local;
    dataset.host = portal.to_ascii_lowercase();
    Ok(dataset)
}

/// Finds the columns of a description in the file.
fn described(
    source: &Source,
    dataset: Dataset,
    view: Option<Value>,
    mut notes: Notes,
) -> Result<Described, ReadError> {
    let mut header = Header::default();
    match read(&source.path, source.format, &mut notes, &mut header) {
        Ok(()) | Err(ReadError::Stopped) => {}
        Err(error) => return Err(error),
    }
    let fields = match &header.names {
        Some(names) => in_header(&dataset, names, &mut notes),
        None => in_members(source.format, &dataset, &header.members, &mut notes),
    };
    Ok(Described { dataset, fields, view, rows: None, notes: notes.finish() })
}

/// The columns of a description in a file with a header, by field name or label.
fn in_header(dataset: &Dataset, names: &[String], notes: &mut Notes) -> Vec<Field> {
    let mut positions: FxHashMap<String, usize> = FxHashMap::default();
    for (position, name) in names.iter().enumerate() {
        positions.entry(key(name)).or_insert(position);
    }
    let mut fields = Vec::new();
    for column in &dataset.columns {
        let (ty, name) = (kept_type(column), column.name.clone());
        let known = [&column.name, &column.label].map(|name| key(name));
        let position = known.iter().find_map(|name| positions.get(name).copied());
        match position {
            Some(position) => {
                let header = names.get(position).cloned().unwrap_or_default();
                fields.push(Field { header, position, name, ty });
            }
            // Those that a file does not bring along are made.
            None if SYSTEM.contains(&&*column.name) => {}
            None => {
                notes.file(format!("no column `{name}`; it is null in every row"));
                fields.push(Field { header: name.clone(), position: usize::MAX, name, ty });
            }
        }
    }
    fields
}

/// The columns of a description in a file of objects: members of their names. `first` are the
/// members of the first object.
fn in_members(
    format: Format,
    dataset: &Dataset,
    first: &[String],
    notes: &mut Notes,
) -> Vec<Field> {
    let geometry = geometry(format, dataset);
    if format == Format::GeoJson && geometry.is_none() {
        notes.file("no column of the description is a geometry; those of the file are left out");
    }
    let is_there =
        |column: &&Column| !SYSTEM.contains(&&*column.name) || first.contains(&column.name);
    let field = |column: &Column| {
        let name = column.name.clone();
        let header = if geometry == Some(&*name) { GEOMETRY.to_owned() } else { name.clone() };
        Field { header, position: usize::MAX, name, ty: kept_type(column) }
    };
    dataset.columns.iter().filter(is_there).map(field).collect()
}

/// The column that the geometry of features is: the first of such a type, as the portals write
/// features, unless one has the very name.
fn geometry(format: Format, dataset: &Dataset) -> Option<&str> {
    let geometries = || {
        let all = dataset.columns.iter().filter(|_| format == Format::GeoJson);
        all.filter(|column| column.ty.is_some_and(|ty| TypeSet::GEOSPATIAL.has(ty)))
    };
    let named = geometries().find(|column| column.name == GEOMETRY);
    named.or_else(|| geometries().next()).map(|column| &*column.name)
}

/// What a type unknown here holds is kept as text.
fn kept_type(column: &Column) -> Type {
    column.ty.unwrap_or(Type::Text)
}

/// A name as headers are compared: by the field name it would get.
pub(crate) fn key(name: &str) -> String {
    let name = field_name(name, &[]).unwrap_or_else(|| name.to_owned());
    fold(&name).into_owned()
}

fn system_type(name: &str) -> Option<Type> {
    let system = tule_core::schema::system_columns();
    system.into_iter().find(|column| column.name == name).and_then(|column| column.ty)
}

/// Takes the header alone, or the names of the first object's members.
#[derive(Default)]
struct Header {
    names: Option<Vec<String>>,
    members: Vec<String>,
}

impl Sink for Header {
    fn header(&mut self, names: &[Cow<'_, str>]) -> Result<(), ReadError> {
        self.names = Some(names.iter().map(|name| name.clone().into_owned()).collect());
        Err(ReadError::Stopped)
    }

    fn cells(&mut self, _: u64, _: &[Cell<'_>]) -> Result<(), ReadError> {
        Err(ReadError::Stopped)
    }

    fn members(&mut self, _: u64, members: &[(&str, Cell<'_>)]) -> Result<(), ReadError> {
        self.members = members.iter().map(|(name, _)| (*name).to_owned()).collect();
        Err(ReadError::Stopped)
    }
}

/// Goes through a whole file for names, types and the number of rows.
#[derive(Default)]
struct Scan {
    headers: Vec<String>,
    positions: FxHashMap<String, usize>,
    fields: Vec<Guess>,
    rows: u64,
}

impl Sink for Scan {
    fn header(&mut self, names: &[Cow<'_, str>]) -> Result<(), ReadError> {
        self.headers = names.iter().map(|name| name.clone().into_owned()).collect();
        self.fields = vec![Guess::default(); names.len()];
        Ok(())
    }

    fn cells(&mut self, _: u64, cells: &[Cell<'_>]) -> Result<(), ReadError> {
        self.rows += 1;
        for (guess, cell) in self.fields.iter_mut().zip(cells) {
            guess.see(cell);
        }
        Ok(())
    }

    fn members(&mut self, _: u64, members: &[(&str, Cell<'_>)]) -> Result<(), ReadError> {
        self.rows += 1;
        for (name, cell) in members {
            let position = match self.positions.get(*name) {
                Some(position) => *position,
                None => self.member(name)?,
            };
            if let Some(guess) = self.fields.get_mut(position) {
                guess.see(cell);
            }
        }
        Ok(())
    }
}

impl Scan {
    fn member(&mut self, name: &str) -> Result<usize, ReadError> {
        let position = self.headers.len();
        if position == MOST_COLUMNS {
            let message = format!("more than the {MOST_COLUMNS} different names that can be kept");
            return Err(ReadError::Form(message));
        }
        self.positions.insert(name.to_owned(), position);
        self.headers.push(name.to_owned());
        self.fields.push(Guess::default());
        Ok(position)
    }
}
