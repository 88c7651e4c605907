//! Where datasets are kept once they have been read.
//!
//! Each dataset is a database of its own. In a cache folder it is a file, written under another
//! name and moved into place when it is complete and on the disk: a process that is killed leaves
//! nothing that another could mistake for it. Without a folder it is in memory and lives as long as
//! the portal.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OpenFlags};

use super::import::{Facts, import};
use super::table::Table;
use crate::error::{OpenError, RunCode, RunError};
use crate::folder::Note;

/// Changes whenever the form of the databases does.
const VERSION: u32 = 3;
/// The ending of databases that are being written.
const PARTIAL: &str = ".partial";
/// A database that has been in the making for so long was left behind.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// Where databases are kept.
#[derive(Debug)]
pub(crate) struct Store {
    /// In memory without one.
    folder: Option<PathBuf>,
}

/// A dataset in the engine's form.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// What to attach.
    pub(crate) uri: String,
    /// The database, if it is a file.
    path: Option<PathBuf>,
    /// What the file was like when it was read.
    state: String,
    pub(crate) rows: u64,
    pub(crate) notes: Vec<Note>,
    /// The fields in which numbers have zeros at the end of their fractions.
    pub(crate) zeros: Vec<u32>,
    /// The fields that have an index.
    pub(crate) indexed: Vec<u32>,
    /// A database in memory lasts as long as a connection to it.
    _keep: Option<Mutex<Connection>>,
}

fn engine(error: &rusqlite::Error) -> RunError {
    RunError::new(RunCode::Engine, format!("the embedded engine failed: {error}"))
}

impl Store {
    pub(crate) fn new(folder: Option<PathBuf>) -> Result<Self, OpenError> {
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).map_err(|error| OpenError::io(folder, error))?;
        }
        Ok(Self { folder })
    }

    /// The table's database, made now unless it is there and still fits the file.
    pub(crate) fn load(&self, table: &Table) -> Result<Arc<Loaded>, RunError> {
        // Whoever comes second waits, and finds the work done.
        let mut slot = table.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let state = state(table)?;
        let is_there = |loaded: &Loaded| loaded.path.as_ref().is_none_or(|path| path.is_file());
        let known = slot.as_ref().filter(|loaded| loaded.state == state && is_there(loaded));
        if let Some(loaded) = known {
            return Ok(Arc::clone(loaded));
        }
        let loaded = match &self.folder {
            Some(folder) => load_file(folder, table, state)?,
            None => load_memory(table, state)?,
        };
        let loaded = Arc::new(loaded);
        *slot = Some(Arc::clone(&loaded));
        Ok(loaded)
    }
}

/// All that the contents of a database depend on.
fn state(table: &Table) -> Result<String, RunError> {
    use std::fmt::Write;
    let path = &table.source.path;
    let io = |error: std::io::Error| {
        RunError::new(RunCode::File, format!("cannot read `{}`: {error}", path.display()))
    };
    let metadata = std::fs::metadata(path).map_err(io)?;
    let modified = metadata.modified().map_err(io)?;
    let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let mut state =
        format!("{VERSION}\n{}\n{}\n{}\n", table.schema.id, metadata.len(), since.as_nanos());
    for field in &table.fields {
        // Writing to a string does not fail.
        let _ = writeln!(state, "{} {} {:?}", field.name, field.ty, field.header);
    }
    Ok(state)
}

fn load_memory(table: &Table, state: String) -> Result<Loaded, RunError> {
    static SERIAL: AtomicU64 = AtomicU64::new(0);
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let uri = format!("file:/tule-{serial}?vfs=memdb");
    let connection = Connection::open(&uri).map_err(|error| engine(&error))?;
    let Facts { rows, notes, zeros } = import(&connection, table, &state)?;
    let keep = Some(Mutex::new(connection));
    let indexed = Vec::new();
    Ok(Loaded { uri, path: None, state, rows, notes, zeros, indexed, _keep: keep })
}

fn load_file(folder: &Path, table: &Table, state: String) -> Result<Loaded, RunError> {
    let name = format!("{}-{:016x}", file_name(&table.schema.id), hash(&table.source.path));
    let path = folder.join(format!("{name}-{:016x}.sqlite", hash(&state)));
    if !is_current(&path, &state) {
        make_file(folder, &path, table, &state)?;
        remove_others(folder, &name, &path);
    }
    opened(path, state, table).map_err(|error| engine(&error))
}

fn opened(path: PathBuf, state: String, table: &Table) -> rusqlite::Result<Loaded> {
    let (Facts { rows, notes, zeros }, indexed) = facts(&path, table)?;
    let uri = uri(&path);
    Ok(Loaded { uri, path: Some(path), state, rows, notes, zeros, indexed, _keep: None })
}

/// The same database after another took its place.
pub(super) fn reopened(loaded: &Loaded, table: &Table) -> rusqlite::Result<Loaded> {
    let path = loaded.path.clone().unwrap_or_default();
    opened(path, loaded.state.clone(), table)
}

impl Loaded {
    /// The database, if it is a file.
    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

fn hash(value: impl std::hash::Hash) -> u64 {
    use std::hash::BuildHasher;
    rustc_hash::FxBuildHasher.hash_one(value)
}

/// An identifier as part of a file name.
fn file_name(id: &str) -> String {
    id.chars()
        .take(40)
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
        .collect()
}

/// The address of a database that is only read and that nobody changes.
fn uri(path: &Path) -> String {
    // In front of the letter of a drive stands a slash.
    let mut uri = if cfg!(windows) { "file:///" } else { "file:" }.to_owned();
    for c in path.to_string_lossy().chars() {
        match c {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            '\\' => uri.push('/'),
            c => uri.push(c),
        }
    }
    uri.push_str("?immutable=1&mode=ro");
    uri
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri(path), flags)
}

/// Whether the file is a whole database of this state. Names are hashes: what it says counts.
fn is_current(path: &Path, state: &str) -> bool {
    let said = || -> rusqlite::Result<String> {
        open(path)?.query_row("SELECT state FROM facts", [], |row| row.get(0))
    };
    path.is_file() && said().is_ok_and(|said| said == state)
}

/// What a database says of its rows, and which fields it has indexes of.
fn facts(path: &Path, table: &Table) -> rusqlite::Result<(Facts, Vec<u32>)> {
    let connection = open(path)?;
    let rows = connection.query_row("SELECT rows FROM facts", [], |row| row.get::<_, i64>(0))?;
    let mut notes = connection.prepare("SELECT line, message FROM notes ORDER BY rowid")?;
    let notes = notes.query_map([], |row| {
        let line: Option<i64> = row.get(0)?;
        let line = line.and_then(|line| u64::try_from(line).ok());
        Ok(Note { path: table.source.path.clone(), line, message: row.get(1)? })
    })?;
    let notes = notes.collect::<Result<_, _>>()?;
    let mut zeros = connection.prepare("SELECT field FROM zeros ORDER BY field")?;
    let zeros = zeros.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'r'";
    let mut indexes = connection.prepare(sql)?;
    let indexes = indexes.query_map([], |row| row.get::<_, String>(0))?;
    let indexes: Vec<String> = indexes.collect::<Result<_, _>>()?;
    let indexed = indexes.iter().filter_map(|name| name.strip_prefix('i')?.parse().ok());
    Ok((Facts { rows: rows.unsigned_abs(), notes, zeros }, indexed.collect()))
}

fn make_file(folder: &Path, path: &Path, table: &Table, state: &str) -> Result<(), RunError> {
    remove_stale(folder);
    let mut failed = None;
    let made = stored(path, |partial| {
        let connection = Connection::open(partial)?;
        // The file is thrown away unless it is complete: nothing needs to be taken back.
        connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        if let Err(error) = import(&connection, table, state) {
            failed = Some(error);
            return Err(rusqlite::Error::InvalidQuery);
        }
        connection.close().map_err(|(_, error)| error)
    });
    match (failed, made) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(engine(&error)),
        (None, Ok(())) => Ok(()),
    }
}

/// Makes a database under another name and moves it to `path` when it is complete and on the disk.
pub(super) fn stored(
    path: &Path,
    make: impl FnOnce(&Path) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let io = |error: std::io::Error| {
        let message = format!("cannot write to `{}`: {error}", folder.display());
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR);
        rusqlite::Error::SqliteFailure(code, Some(message))
    };
    let partial = tempfile::Builder::new()
        .prefix("import-")
        .suffix(PARTIAL)
        .tempfile_in(folder)
        .map_err(io)?
        .into_temp_path();
    make(&partial)?;
    File::open(&partial).and_then(|file| file.sync_all()).map_err(io)?;
    partial.persist(path).map_err(|error| io(error.error))?;
    // The move itself is on the disk with the folder; systems that cannot say so need not.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Removes what processes that were killed have left behind.
fn remove_stale(folder: &Path) {
    each_file(folder, &mut |path, name| {
        let age = std::fs::metadata(path).and_then(|metadata| metadata.modified());
        let age = age.ok().and_then(|modified| modified.elapsed().ok()).unwrap_or_default();
        if name.ends_with(PARTIAL) && age > STALE {
            let _ = std::fs::remove_file(path);
        }
    });
}

/// Removes databases of the same file in earlier states. One that is still open elsewhere stays
/// readable there, or cannot be removed now and will be later.
fn remove_others(folder: &Path, name: &str, current: &Path) {
    each_file(folder, &mut |path, known| {
        if known.starts_with(name) && known.ends_with(".sqlite") && path != current {
            let _ = std::fs::remove_file(path);
        }
    });
}

fn each_file(folder: &Path, visit: &mut dyn FnMut(&Path, &str)) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if let Some(name) = entry.file_name().to_str() {
            visit(&entry.path(), name);
        }
    }
}
