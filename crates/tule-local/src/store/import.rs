//! The rows of a file into a database.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Statement, params_from_iter};
use rustc_hash::{FxHashMap, FxHasher};

use super::codec;
use super::table::Table;
use crate::error::{RunCode, RunError};
use crate::folder::read::{Cell, ReadError, Sink, read};
use crate::folder::{Note, Notes, Oddity};

/// Reads the file of `table` into `connection`, in one transaction. Gives the number of rows and
/// what was odd.
pub(super) fn import(
    connection: &Connection,
    table: &Table,
    state: &str,
) -> Result<(u64, Vec<Note>), RunError> {
    let path = &table.source.path;
    let engine = |error: rusqlite::Error| {
        RunError::new(RunCode::Engine, format!("cannot keep `{}`: {error}", path.display()))
    };
    // Values that fit into a page are used in place; others are put together each time they are
    // looked at. Outlines of districts fit into the largest page only.
    connection.execute_batch("PRAGMA page_size = 65536; BEGIN").map_err(engine)?;
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
    let count = rows.count;
    drop(rows);
    let notes: Vec<Note> = notes.finish().into_iter().chain(odd.finish()).collect();
    facts(connection, state, count, &notes).map_err(engine)?;
    connection.execute_batch("COMMIT").map_err(engine)?;
    Ok((count, notes))
}

/// Columns have no declared types: values are kept as they are given.
fn schema(table: &Table) -> String {
    let columns: Vec<String> = (0..table.fields.len()).map(|index| format!(", c{index}")).collect();
    let columns = columns.concat();
    format!(
        "CREATE TABLE r (id INTEGER PRIMARY KEY, v{columns});
         CREATE TABLE facts (state TEXT, rows INTEGER);
         CREATE TABLE notes (line INTEGER, message TEXT);"
    )
}

fn facts(connection: &Connection, state: &str, count: u64, notes: &[Note]) -> rusqlite::Result<()> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    connection.execute("INSERT INTO facts VALUES (?1, ?2)", (state, count))?;
    let mut insert = connection.prepare("INSERT INTO notes VALUES (?1, ?2)")?;
    for note in notes {
        let line = note.line.and_then(|line| i64::try_from(line).ok());
        insert.execute((line, &note.message))?;
    }
    Ok(())
}

/// Inserts rows.
struct Rows<'t> {
    table: &'t Table,
    insert: Statement<'t>,
    /// Fields by the name of their member, for JSON.
    members: FxHashMap<&'t str, usize>,
    /// A row number, a digest and the fields.
    values: Vec<Sql>,
    next: i64,
    count: u64,
    failed: Option<rusqlite::Error>,
}

impl<'t> Rows<'t> {
    fn new(connection: &'t Connection, table: &'t Table) -> rusqlite::Result<Self> {
        let width = table.fields.len() + 2;
        let slots = vec!["?"; width].join(", ");
        let insert = connection.prepare(&format!("INSERT INTO r VALUES ({slots})"))?;
        let fields = table.fields.iter().enumerate();
        let members = fields.map(|(index, field)| (field.header.as_str(), index)).collect();
        let values = vec![Sql::Null; width];
        Ok(Self { table, insert, members, values, next: table.first_row(), count: 0, failed: None })
    }

    fn set(&mut self, index: usize, cell: &Cell<'_>, line: u64, notes: &mut Notes) {
        let Some(field) = self.table.fields.get(index) else { return };
        let value = codec::cell(field.ty, cell).unwrap_or_else(|_| {
            notes.line(Oddity::NotOfType, line, || {
                let shown = codec::excerpt(cell);
                format!("`{}` is {}, and {shown} is not; it is taken as null", field.name, field.ty)
            });
            Sql::Null
        });
        if let Some(slot) = self.values.get_mut(index + 2) {
            *slot = value;
        }
    }

    fn insert(&mut self, digest: u64) -> Result<(), ReadError> {
        if let [row, version, ..] = self.values.as_mut_slice() {
            *row = Sql::Integer(self.next);
            *version = Sql::Integer(digest.cast_signed());
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
