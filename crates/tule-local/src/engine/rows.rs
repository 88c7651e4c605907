//! The rows of a running query.
//!
//! SQLite's statement borrows its connection, so both live on a thread of their own, which sends
//! rows in batches and waits while nobody takes them: memory stays bounded whatever the query
//! gives. Dropping the rows ends the thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use rusqlite::{Connection, ErrorCode, InterruptHandle, OpenFlags, Statement};
use tule_core::check::OutputColumn;
use tule_core::rows::Row;
use tule_core::types::Type;

use super::STACK;
use super::lower::{Finds, Lowered, Pick};
use super::register::{FaultSlot, register};
use super::turns::Turn;
use crate::error::{RunCode, RunError};
use crate::folder::Note;
use crate::portal::LocalPortal;
use crate::store::{Loaded, codec};

/// Rows sent at a time.
const BATCH: usize = 128;
/// Batches that may wait.
const WAITING: usize = 4;

/// Of so many rows one may be found by an index: for more, it costs as much as going through all.
const WORTH: u64 = 50;

/// Steps of the engine after which it is asked whether the query was cancelled.
const INSTRUCTIONS: i32 = 50_000;

type Batch = Result<Vec<Row>, RunError>;

/// The rows of a query, as they are computed.
#[derive(Debug)]
pub struct Rows {
    columns: Vec<OutputColumn>,
    notes: Vec<Note>,
    batches: Receiver<Batch>,
    batch: std::vec::IntoIter<Row>,
    cancel: Cancel,
    ended: bool,
}

/// Ends a query from anywhere. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<State>);

struct State {
    cancelled: AtomicBool,
    interrupt: InterruptHandle,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("cancelled", &self.cancelled).finish_non_exhaustive()
    }
}

impl Cancel {
    /// Ends the query; its rows end with [`RunCode::Cancelled`]. Does nothing when it has ended.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        self.0.interrupt.interrupt();
    }

    fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }
}

impl Rows {
    pub(super) fn start(portal: &LocalPortal, lowered: Lowered<'_>) -> Result<Self, RunError> {
        let turn = Turn::take();
        let mut connection = connect()?;
        let mut notes = Vec::new();
        let mut loaded = Vec::new();
        for (index, table) in lowered.tables.iter().enumerate() {
            let fields = lowered.fields.get(index).map_or(&[][..], Vec::as_slice);
            let found = portal.store().load_for(table, fields)?;
            notes.extend(found.notes.iter().cloned());
            let attach = format!("ATTACH ?1 AS d{index}");
            connection.execute(&attach, [&found.uri]).map_err(|error| engine(&error))?;
            loaded.push(found);
        }
        let faults = FaultSlot::default();
        register(&connection, lowered.functions, &lowered.constants, &faults)
            .map_err(|error| engine(&error))?;
        let Lowered { sql, picks, constants, types, columns, .. } = lowered;
        let sql = with_indexes(&connection, sql, &picks, &constants, &loaded);
        let interrupt = connection.get_interrupt_handle();
        let cancel = Cancel(Arc::new(State { cancelled: AtomicBool::new(false), interrupt }));
        // The interrupt ends what runs now; this ends what had not begun.
        let asked = cancel.clone();
        let handler = move || asked.is_cancelled();
        connection.progress_handler(INSTRUCTIONS, Some(handler)).map_err(|error| engine(&error))?;
        let (send, batches) = sync_channel(WAITING);
        let work = Work { connection, sql, constants, types, faults, cancel: cancel.clone(), turn };
        thread::Builder::new()
            .name("tule-query".to_owned())
            .stack_size(STACK)
            .spawn(move || work.run(&send))
            .map_err(|error| RunError::new(RunCode::Engine, format!("no thread: {error}")))?;
        let batch = Vec::new().into_iter();
        Ok(Self { columns, notes, batches, batch, cancel, ended: false })
    }

    /// The result's columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[OutputColumn] {
        &self.columns
    }

    /// What is odd about the files that the query reads.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// A handle that ends the query.
    #[must_use]
    pub fn canceller(&self) -> Cancel {
        self.cancel.clone()
    }
}

impl Iterator for Rows {
    type Item = Result<Row, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(Ok(row));
            }
            if self.ended {
                return None;
            }
            match self.batches.recv() {
                Ok(Ok(batch)) if batch.is_empty() => self.ended = true,
                Ok(Ok(batch)) => self.batch = batch.into_iter(),
                Ok(Err(error)) => {
                    self.ended = true;
                    return Some(Err(error));
                }
                Err(_) => {
                    // The end is said; without it the thread broke down.
                    self.ended = true;
                    let message = "the embedded engine broke down";
                    return Some(Err(RunError::new(RunCode::Engine, message)));
                }
            }
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if !self.ended {
            self.cancel.cancel();
        }
    }
}

/// The SQL with indexes where they are worth it.
fn with_indexes(
    connection: &Connection,
    mut sql: String,
    picks: &[Pick],
    constants: &[rusqlite::types::Value],
    loaded: &[Arc<Loaded>],
) -> String {
    for pick in picks {
        let of = loaded.get(pick.dataset).filter(|of| of.indexed.contains(&pick.field));
        let Some(of) = of.filter(|_| pick.is_open(&sql)) else { continue };
        let few = of.rows / WORTH;
        let indexed = match &pick.finds {
            // What cannot be counted is gone through.
            Finds::Meeting(condition) => is_few(connection, pick, condition, few, constants)
                .is_ok_and(|few| few)
                .then(|| pick.allow(&sql)),
            // SQLite would rather sort all rows than those that are equal.
            Finds::First(count) => Some(pick.force(&sql))
                .filter(|sql| *count <= few && connection.prepare(sql).is_ok()),
            Finds::Alone => Some(pick.allow(&sql)),
        };
        sql = indexed.unwrap_or(sql);
    }
    sql
}

/// Whether no more than `most` rows meet the condition; never counts further.
fn is_few(
    connection: &Connection,
    Pick { dataset, field, .. }: &Pick,
    condition: &str,
    most: u64,
    constants: &[rusqlite::types::Value],
) -> rusqlite::Result<bool> {
    let index = format!("d{dataset}.r INDEXED BY i{field}");
    let some = format!("SELECT 1 FROM {index} WHERE {condition} LIMIT {}", most.saturating_add(1));
    let mut statement = connection.prepare(&format!("SELECT count(*) FROM ({some})"))?;
    bind(&mut statement, constants)?;
    let mut rows = statement.raw_query();
    let count: i64 = rows.next()?.map_or(Ok(i64::MAX), |row| row.get(0))?;
    Ok(count.unsigned_abs() <= most)
}

/// Gives a statement its constants. Those at the end may be of columns that nobody asked for.
fn bind(
    statement: &mut Statement<'_>,
    constants: &[rusqlite::types::Value],
) -> rusqlite::Result<()> {
    let count = statement.parameter_count();
    constants
        .iter()
        .take(count)
        .zip(1..)
        .try_for_each(|(constant, number)| statement.raw_bind_parameter(number, constant))
}

fn connect() -> Result<Connection, RunError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(":memory:", flags).map_err(|error| engine(&error))
}

fn engine(error: &rusqlite::Error) -> RunError {
    RunError::new(RunCode::Engine, format!("the embedded engine failed: {error}"))
}

/// What the thread of a query needs.
struct Work {
    connection: Connection,
    sql: String,
    constants: Vec<rusqlite::types::Value>,
    types: Vec<Type>,
    faults: FaultSlot,
    cancel: Cancel,
    turn: Turn,
}

impl Work {
    fn run(self, send: &SyncSender<Batch>) {
        let end = match self.rows(send) {
            Ok(true) => Ok(Vec::new()),
            // Nobody listens any more.
            Ok(false) => return,
            Err(error) => Err(self.fault(&error)),
        };
        self.hand(send, end);
    }

    /// Sends all rows; gives whether somebody took them.
    fn rows(&self, send: &SyncSender<Batch>) -> rusqlite::Result<bool> {
        let mut statement = self.connection.prepare(&self.sql)?;
        bind(&mut statement, &self.constants)?;
        let mut rows = statement.raw_query();
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(self.types.len());
            for (index, ty) in self.types.iter().enumerate() {
                values.push(codec::row_value(*ty, row.get_ref(index)?));
            }
            batch.push(values);
            if batch.len() == BATCH {
                let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                if !self.hand(send, Ok(full)) {
                    return Ok(false);
                }
            }
        }
        Ok(batch.is_empty() || self.hand(send, Ok(batch)))
    }

    /// Sends a batch; gives whether somebody took it. Others compute while the reader is slow.
    fn hand(&self, send: &SyncSender<Batch>, batch: Batch) -> bool {
        match send.try_send(batch) {
            Ok(()) => true,
            Err(TrySendError::Full(batch)) => self.turn.lend(|| send.send(batch).is_ok()),
            Err(TrySendError::Disconnected(_)) => false,
        }
    }

    fn fault(&self, error: &rusqlite::Error) -> RunError {
        if self.cancel.is_cancelled() {
            return RunError::new(RunCode::Cancelled, "the query was cancelled");
        }
        if let Some(fault) = self.faults.take() {
            return fault;
        }
        if error.sqlite_error_code() == Some(ErrorCode::TooBig) {
            return RunError::new(RunCode::TooLarge, "a value is larger than can be kept");
        }
        engine(error)
    }
}
