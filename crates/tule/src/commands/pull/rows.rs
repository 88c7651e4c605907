//! The rows of a dataset into a growing file, from where an earlier run stopped.

use std::io::Write as _;
use std::sync::Arc;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use tule_core::check::OutputColumn;
use tule_core::diagnostics::Diagnostic;
use tule_core::lint::Levels;
use tule_core::lower::{Request, lower};
use tule_core::plan::{Clock, Plan};
use tule_core::print;
use tule_core::rows::{Row, Value};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::target::Target;
use tule_local::Packer;
use tule_portal::Metadata;

use crate::analysis::{Unit, World, analyse};
use crate::exit::{Outcome, Stop};
use crate::interrupt::Interrupt;
use crate::partial::Partial;
use crate::portal::Portals;
use crate::progress::Progress;
use crate::remote::RemoteRows;
use crate::rows::source::{Fault, Source as _};
use crate::source::SourceFile;

/// The column that rows are ordered and found again by.
const ID: &str = ":id";
/// A piece of the file has no more rows than this, and is packed no longer than this by much. What
/// a kill costs is one piece.
const PIECE_ROWS: u64 = 10_000;
const PIECE_BYTES: usize = 8 << 20;

/// What was read so far, and of what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct State {
    #[serde(flatten)]
    pub(super) origin: Origin,
    pub(super) rows: u64,
    /// The identifier of the last row.
    last: Option<String>,
    /// How many rows the portal counted.
    total: Option<u64>,
}

/// What rows are read of. Rows of different origins do not belong in one file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Origin {
    host: String,
    id: String,
    /// When the portal says that rows last changed, in seconds since 1970.
    pub(super) updated: Option<i64>,
    /// Names of the columns and the portal's types.
    columns: Vec<(String, String)>,
}

impl Origin {
    /// What the portal says now.
    pub(super) fn of(metadata: &Metadata) -> Self {
        let view: serde_json::Value = serde_json::from_str(&metadata.text).unwrap_or_default();
        let dataset = &metadata.dataset;
        let columns = dataset.columns.iter();
        Self {
            host: dataset.host.clone(),
            id: dataset.id.clone(),
            updated: view.get("rowsUpdatedAt").and_then(serde_json::Value::as_i64),
            columns: columns.map(|c| (c.name.clone(), c.portal_type.clone())).collect(),
        }
    }
}

impl State {
    /// Nothing yet.
    pub(super) fn new(origin: Origin) -> Self {
        Self { origin, rows: 0, last: None, total: None }
    }

    /// Whether rows can be added to it: the portal says that nothing changed since.
    pub(super) fn continues(&self, origin: &Origin) -> bool {
        self.origin == *origin
            && origin.updated.is_some()
            && (self.rows == 0 || self.last.is_some())
    }
}

/// What reads rows.
pub(super) struct Reader<'r> {
    pub(super) portals: &'r Portals,
    pub(super) catalog: &'r Catalog,
    pub(super) interrupt: &'r Interrupt,
    pub(super) progress: &'r Progress,
}

impl Reader<'_> {
    /// Reads every row that is missing. Whatever ends it, the file holds the rows that came, and
    /// `state` says which.
    pub(super) fn read(
        &self,
        dataset: &Arc<Dataset>,
        partial: &mut Partial,
        state: &mut State,
    ) -> Outcome<Result<(), Fault>> {
        let request = self.request(dataset, state.last.as_deref())?;
        let mut source = RemoteRows::new(self.portals, request);
        let cancel = source.cancel();
        self.interrupt.set(move || cancel.notify_one());
        let mut packer = Packer::new(source.columns());
        let id = id_position(source.columns());
        let before = state.rows;
        let ended = loop {
            let next =
                if self.interrupt.is_set() { Err(Fault::Cancelled) } else { source.next_row() };
            let row = match next {
                Ok(Some(row)) => row,
                Ok(None) => break Ok(()),
                Err(fault) => break Err(fault),
            };
            let so_far = source.progress();
            if before == 0 {
                state.total = so_far.expected;
            }
            packer.row(&row).map_err(|error| broken(&error))?;
            state.rows += 1;
            state.last = identifier(id, &row).or_else(|| state.last.take());
            self.progress.toward(state.rows, state.total, so_far.bytes);
            let (rows, bytes) = packer.size();
            if rows >= PIECE_ROWS || bytes >= PIECE_BYTES {
                keep(&mut packer, partial, state)?;
            }
        };
        self.interrupt.clear();
        keep(&mut packer, partial, state)?;
        Ok(ended.and_then(|()| match state.total {
            Some(total) if total != state.rows => Err(Fault::Portal(format!(
                "{} rows came where the portal counted {total}",
                state.rows
            ))),
            _ => Ok(()),
        }))
    }

    /// The request for every column of the rows behind `last`, in the order of their identifiers.
    fn request(&self, dataset: &Arc<Dataset>, last: Option<&str>) -> Outcome<Request> {
        let columns: Vec<_> = dataset.columns.iter().map(|c| print::column(&c.name)).collect();
        let mut query = format!("select {}", columns.join(", "));
        if let Some(last) = last {
            query = format!("{query} where {ID} > {}", tule_syntax::literal::quote_string(last));
        }
        query.push_str(" limit all");
        let file = SourceFile::text("<pull>", &query);
        let levels = Levels::default();
        let world = World { levels: &levels, catalog: self.catalog, input: Some(dataset) };
        let units = analyse(&file, world);
        let unit = units.first();
        let lowered = unit.and_then(Unit::valid).map(|valid| {
            // Nothing in the query asks for the time.
            let clock = Clock { local: DateTime::default(), utc: DateTime::default() };
            let plan = Plan::new(valid, &[], clock)?;
            lower(&plan, Target::Soda2, self.catalog)
        });
        let refused = |found: &[Diagnostic]| {
            let why = found.first().map_or("it has no columns", |found| &found.message);
            Stop::usage(format!("`{}/{}` cannot be pulled: {why}", dataset.host, dataset.id))
        };
        match lowered {
            Some(Ok(lowered)) => lowered.requests.into_iter().next().ok_or_else(|| refused(&[])),
            Some(Err(found)) => Err(refused(&found)),
            None => Err(refused(unit.map_or(&[], |unit| &unit.diagnostics))),
        }
    }
}

/// Adds the piece that is complete to the file.
fn keep(packer: &mut Packer, partial: &mut Partial, state: &State) -> Outcome<()> {
    if packer.size().0 > 0 {
        let piece = packer.take().map_err(|error| broken(&error))?;
        partial.write_all(&piece).map_err(|error| broken(&error))?;
    }
    partial.note(state).map_err(|error| broken(&error))
}

pub(super) fn broken(error: &std::io::Error) -> Stop {
    Stop::usage(format!("cannot keep the rows: {}", crate::exit::reason(error)))
}

fn id_position(columns: &[OutputColumn]) -> Option<usize> {
    columns.iter().position(|column| column.name == ID)
}

fn identifier(at: Option<usize>, row: &Row) -> Option<String> {
    match row.get(at?)? {
        Value::Text(id) => Some(id.to_string()),
        _ => None,
    }
}
