//! The rows of a file into a database.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Statement, params_from_iter};
use rustc_hash::{FxHashMap, FxHasher};
use tule_core::types::{Type, TypeSet};

use super::table::Table;
use super::{codec, number};
use crate::error::{RunCode, RunError};
use crate::folder::read::{Cell, ReadError, Sink, read};
use crate::folder::{Note, Notes, Oddity};

/// What is known of rows that were read.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) rows: u64,
    pub(super) notes: Vec<Note>,
    /// The fields in which numbers have zeros at the end of their fractions.
    pub(super) zeros: Vec<u32>,
}

/// Reads the file of `table` into `connection`, in one transaction.
pub(super) fn import(
    connection: &Connection,
    table: &Table,
    state: &str,
) -> Result<Facts, RunError> {
    let path = &table.source.path;
    let engine = |error: rusqlite::Error| {
        RunError::new(RunCode::Engine, format!("cannot keep `{}`: {error}", path.display()))
    };
    // Values that fit into a page are used in place; others are put together each time they are
    // looked at. Outlines of districts fit into the largest page only; elsewhere smaller ones are
    // as fast, and a row that an index finds is read sooner.
    let is_long = |ty: Type| TypeSet::GEOSPATIAL.has(ty) && ty != Type::Point;
    let has_outlines = table.fields.iter().any(|field| is_long(field.ty));
    let size = if has_outlines { 65_536 } else { 16_384 };
    connection.execute_batch(&format!("PRAGMA page_size = {size}; BEGIN")).map_err(engine)?;
    connection.execute_batch(&schema(table)).map_err(engine)?;
    let mut notes = Notes::new(path);
    let mut rows = Rows::new(connection, table).map_err(engine)?;
    let mut odd = Notes::new(path);
    let outcome = {
        let mut sink = Importer { rows: &mut rows, notes: &mut odd };
        read(path, table.source.format, &mut notes, &mut sink)
    };
    if let Some(error) = rows.failed.take() {
        return Err(engine(error));
    }
    outcome.map_err(|error| {
        RunError::new(RunCode::File, format!("cannot read `{}`: {error}", path.display()))
    })?;
    let (count, zeros) = (rows.count, rows.zeros.fields());
    drop(rows);
    let notes = notes.finish().into_iter().chain(odd.finish()).collect();
    let facts = Facts { rows: count, notes, zeros };
    keep(connection, state, &facts).map_err(engine)?;
    connection.execute_batch("COMMIT").map_err(engine)?;
    Ok(facts)
}

/// Columns have no declared types: values are kept as they are given.
fn schema(table: &Table) -> String {
    let columns: Vec<String> = (0..table.fields.len()).map(|index| format!(", c{index}")).collect();
    let columns = columns.concat();
    format!(
        "CREATE TABLE r (id INTEGER PRIMARY KEY, v, z{columns});
         CREATE TABLE facts (state TEXT, rows INTEGER);
         CREATE TABLE notes (line INTEGER, message TEXT);
         CREATE TABLE zeros (field INTEGER);"
    )
}

fn keep(connection: &Connection, state: &str, facts: &Facts) -> rusqlite::Result<()> {
    let count = i64::try_from(facts.rows).unwrap_or(i64::MAX);
    connection.execute("INSERT INTO facts VALUES (?1, ?2)", (state, count))?;
    let mut insert = connection.prepare("INSERT INTO zeros VALUES (?1)")?;
    for field in &facts.zeros {
        insert.execute([field])?;
    }
    let mut insert = connection.prepare("INSERT INTO notes VALUES (?1, ?2)")?;
    for note in &facts.notes {
        let line = note.line.and_then(|line| i64::try_from(line).ok());
        insert.execute((line, &note.message))?;
    }
    Ok(())
}

/// Columns in front of the fields.
const FIRST: usize = 3;

/// The zeros at the end of the numbers of a row: two bytes for each field up to the last that has
/// some. Kept apart from the numbers, whose keys can be compared as they are.
struct Zeros {
    row: Vec<u8>,
    /// By field, whether any row had some.
    seen: Vec<bool>,
}

impl Zeros {
    fn new(fields: usize) -> Self {
        Self { row: Vec::new(), seen: vec![false; fields] }
    }

    fn note(&mut self, field: usize, zeros: u16) {
        if zeros == 0 {
            return;
        }
        let at = 2 * field;
        self.row.resize(self.row.len().max(at + 2), 0);
        if let Some(place) = self.row.get_mut(at..at + 2) {
            place.copy_from_slice(&zeros.to_be_bytes());
        }
        if let Some(seen) = self.seen.get_mut(field) {
            *seen = true;
        }
    }

    /// Those of the row, which is complete.
    fn take(&mut self) -> Sql {
        if self.row.is_empty() {
            return Sql::Null;
        }
        Sql::Blob(std::mem::take(&mut self.row))
    }

    fn fields(&self) -> Vec<u32> {
        let fields = (0..).zip(&self.seen);
        fields.filter(|(_, seen)| **seen).map(|(field, _)| field).collect()
    }
}

/// Inserts rows.
struct Rows<'t> {
    table: &'t Table,
    insert: Statement<'t>,
    /// Fields by the name of their member, for JSON.
    members: FxHashMap<&'t str, usize>,
    /// A row number, a digest, the zeros and the fields.
    values: Vec<Sql>,
    zeros: Zeros,
    next: i64,
    count: u64,
    failed: Option<rusqlite::Error>,
}

impl<'t> Rows<'t> {
    fn new(connection: &'t Connection, table: &'t Table) -> rusqlite::Result<Self> {
        let width = table.fields.len() + FIRST;
        let slots = vec!["?"; width].join(", ");
        let insert = connection.prepare(&format!("INSERT INTO r VALUES ({slots})"))?;
        let fields = table.fields.iter().enumerate();
        let members = fields.map(|(index, field)| (field.header.as_str(), index)).collect();
        let values = vec![Sql::Null; width];
        let zeros = Zeros::new(table.fields.len());
        let next = table.first_row();
        Ok(Self { table, insert, members, values, zeros, next, count: 0, failed: None })
    }

    fn set(&mut self, index: usize, cell: &Cell<'_>, line: u64, notes: &mut Notes) {
        let Some(field) = self.table.fields.get(index) else { return };
        let value = codec::cell(field.ty, cell).map(|value| match value {
            Sql::Blob(number) if field.ty == Type::Number => {
                let (key, zeros) = number::apart(&number).unwrap_or((&number, 0));
                self.zeros.note(index, zeros);
                Sql::Blob(key.to_vec())
            }
            other => other,
        });
        let value = value.unwrap_or_else(|_| {
            notes.line(Oddity::NotOfType, line, || {
                let shown = codec::excerpt(cell);
                format!("`{}` is {}, and {shown} is not; it is taken as null", field.name, field.ty)
            });
            Sql::Null
        });
        if let Some(slot) = self.values.get_mut(index + FIRST) {
            *slot = value;
        }
    }

    fn insert(&mut self, digest: u64) -> Result<(), ReadError> {
        if let [row, version, zeros, ..] = self.values.as_mut_slice() {
            *row = Sql::Integer(self.next);
            *version = Sql::Integer(digest.cast_signed());
            *zeros = self.zeros.take();
        }
        if let Err(error) = self.insert.execute(params_from_iter(self.values.iter())) {
            self.failed = Some(error);
            return Err(ReadError::Stopped);
        }
        self.next += 1;
        self.count += 1;
        Ok(())
    }
}

struct Importer<'i, 't> {
    rows: &'i mut Rows<'t>,
    notes: &'i mut Notes,
}

impl Sink for Importer<'_, '_> {
    fn header(&mut self, names: &[Cow<'_, str>]) -> Result<(), ReadError> {
        for field in &self.rows.table.fields {
            let known = names.get(field.position);
            if field.position != usize::MAX && known.is_none_or(|name| *name != *field.header) {
                let message = "its columns have changed since the portal was opened";
                return Err(ReadError::Form(message.to_owned()));
            }
        }
        Ok(())
    }

    fn cells(&mut self, line: u64, cells: &[Cell<'_>]) -> Result<(), ReadError> {
        let mut digest = FxHasher::default();
        for index in 0..self.rows.table.fields.len() {
            let position = self.rows.table.fields.get(index).map(|field| field.position);
            let cell = position.and_then(|position| cells.get(position)).unwrap_or(&Cell::Empty);
            hash_cell(cell, &mut digest);
            self.rows.set(index, cell, line, self.notes);
        }
        self.rows.insert(digest.finish())
    }

    fn members(&mut self, line: u64, members: &[(&str, Cell<'_>)]) -> Result<(), ReadError> {
        self.rows.values.fill(Sql::Null);
        let mut digest = FxHasher::default();
        for (name, cell) in members {
            let Some(index) = self.rows.members.get(name).copied() else { continue };
            name.hash(&mut digest);
            hash_cell(cell, &mut digest);
            self.rows.set(index, cell, line, self.notes);
        }
        self.rows.insert(digest.finish())
    }
}

fn hash_cell(cell: &Cell<'_>, digest: &mut FxHasher) {
    match cell {
        Cell::Empty => 0_u8.hash(digest),
        Cell::Text(text) => text.hash(digest),
        Cell::Number(text) => text.hash(digest),
        Cell::Json(value) => value.to_string().hash(digest),
    }
}
