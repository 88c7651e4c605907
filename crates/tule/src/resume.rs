//! Rows into a file over several runs.
//!
//! A run that is broken off leaves the rows of whole pages in `NAME.tule-partial` beside the file
//! that it was to write. The next run of the same request goes on behind them, if the portal says
//! that no row has changed since; the file itself appears when it is whole, and not before.
//! Deliberately absent: how rows are asked for, and what they look like.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use indicatif::HumanCount;
use serde::{Deserialize, Serialize};
use tule_core::lower::{Request, Strategy};
use tule_portal::Point;

use crate::atomic;
use crate::exit::{Outcome, Stop};
use crate::partial::{OpenError, Partial};
use crate::progress::Progress;
use crate::rows::source::{Completeness, Fault, Source};
use crate::rows::{Format, Look, Printed, Printer};
use crate::source::shown;

/// What is behind the name of a file while it grows.
const ENDING: &str = ".tule-partial";

/// How far the rows in a growing file are, and of what they are rows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct State {
    of: Of,
    point: Point,
    printed: Printed,
}

/// What the rows of a file are; rows of something else do not belong behind them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Of {
    url: String,
    body: Option<serde_json::Value>,
    columns: Vec<(String, Option<String>)>,
    form: String,
    geometry: Option<String>,
}

impl Of {
    /// The rows of a request in a form; `None` where a later run could not go on.
    pub(crate) fn new(request: &Request, form: Format, geometry: Option<&str>) -> Option<Self> {
        let paged = matches!(request.paging.strategy, Strategy::Offset | Strategy::PageNumber);
        let column = |column: &tule_core::check::OutputColumn| {
            (column.name.to_string(), column.ty.map(|ty| ty.name().to_owned()))
        };
        (paged && form.is_resumable()).then(|| Self {
            url: request.url().to_string(),
            body: request.body.clone(),
            columns: request.columns.iter().map(column).collect(),
            form: format!("{form:?}"),
            geometry: geometry.map(str::to_owned),
        })
    }
}

/// A file that grows.
pub(crate) struct Growing<'g> {
    /// Shared, because notes are made between two rows, while a printer writes to it.
    partial: RefCell<Partial>,
    target: &'g Path,
    path: PathBuf,
    of: Of,
    /// What an earlier run has left.
    earlier: Option<State>,
}

/// Rows that were written, whether they are all, and what else is to be said of them.
type Done = (Printed, Completeness, Vec<String>);

impl<'g> Growing<'g> {
    /// Opens what an earlier run has left for `target`, or begins. With `anew`, and where it is of
    /// something else, what is there is dropped.
    pub(crate) fn open(target: &'g Path, of: Of, anew: bool) -> Outcome<Self> {
        let failed = |error: io::Error| Stop::file("write", target, &error);
        // That the file cannot be put in its place is better known before an hour of rows.
        let (place, _) = atomic::place(target).map_err(failed)?;
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(ENDING);
        let path = place.with_file_name(name);
        let (mut partial, state) = Partial::open::<State>(&path).map_err(|error| match error {
            OpenError::Busy => Stop::usage(format!("another run is writing `{}`", shown(target))),
            OpenError::Io(error) => failed(error),
        })?;
        let earlier = state.filter(|state| state.of == of && !anew);
        if earlier.is_none() {
            partial.restart().map_err(failed)?;
        }
        Ok(Self { partial: RefCell::new(partial), target, path, of, earlier })
    }

    /// Where to go on.
    pub(crate) fn point(&self) -> Option<Point> {
        self.earlier.as_ref().map(|state| state.point.clone())
    }

    /// Writes rows until there are no more, and puts the file in its place. If they break off, what
    /// is kept for the next run is said beside the fault.
    pub(crate) fn fill(
        self,
        source: &mut dyn Source,
        look: Look<'_>,
        go_on: impl Fn() -> bool,
        progress: &Progress,
    ) -> Outcome<Result<Done, (Fault, Option<String>)>> {
        let mut kept = self.earlier.as_ref().map_or(0, |state| state.point.rows);
        let result = self.copy(source, look, go_on, progress, &mut kept);
        let target = self.target;
        let failed = |error: io::Error| Stop::file("write", target, &error);
        let result = result.map_err(|stop| match stop {
            Stop::Output(error) => failed(error),
            other => other,
        })?;
        let partial = self.partial.into_inner();
        match result {
            Ok(printed) => {
                partial.finish(target).map_err(failed)?;
                let mut notes = source.notes();
                match (source.resumed(), self.earlier) {
                    (0, Some(_)) => notes.push(
                        "the rows have changed since the run that was broken off; all were \
                         fetched again"
                            .to_owned(),
                    ),
                    (0, None) => {}
                    (rows, _) => notes.push(format!("went on behind {} rows", HumanCount(rows))),
                }
                Ok(Ok((printed, source.completeness(), notes)))
            }
            // What a query is at fault for, it will be at fault for again.
            Err(fault) if kept == 0 || matches!(fault, Fault::Query { .. }) => {
                partial.discard().map_err(failed)?;
                Ok(Err((fault, None)))
            }
            Err(fault) => {
                let (rows, path) = (HumanCount(kept), shown(&self.path));
                let text = format!(
                    "{rows} rows are kept in `{path}`; the same command goes on behind them"
                );
                Ok(Err((fault, Some(text))))
            }
        }
    }

    fn copy(
        &self,
        source: &mut dyn Source,
        look: Look<'_>,
        go_on: impl Fn() -> bool,
        progress: &Progress,
        kept: &mut u64,
    ) -> Outcome<Result<Printed, Fault>> {
        let columns = source.columns().to_vec();
        let mut sink = Shared(&self.partial);
        let mut printer = Printer::new(&columns, look, &mut sink)
            .map_err(|(message, help)| Stop::usage(message).help(help))?;
        let mut has_begun = false;
        loop {
            if !go_on() {
                return Ok(Err(Fault::Cancelled));
            }
            let row = source.next_row();
            if let Some(point) = source.point().filter(|_| has_begun) {
                let (of, printed) = (self.of.clone(), printer.so_far());
                let state = State { of, point: point.clone(), printed };
                self.partial.borrow_mut().note(&state)?;
                *kept = point.rows;
            }
            let row = match row {
                Ok(row) => row,
                Err(fault) => return Ok(Err(fault)),
            };
            if !std::mem::replace(&mut has_begun, true) {
                let resumed = source.resumed();
                let earlier = self.earlier.as_ref();
                if let Some(state) = earlier.filter(|state| state.point.rows == resumed) {
                    printer.resume(state.printed);
                } else {
                    self.partial.borrow_mut().restart()?;
                    *kept = 0;
                    printer.begin()?;
                }
            }
            let Some(row) = row else { break };
            printer.row(&row)?;
            let so_far = printer.so_far();
            progress.toward(so_far.rows, source.expected(), so_far.bytes);
        }
        Ok(Ok(printer.end()?))
    }
}

/// The growing file as something to write to.
struct Shared<'s>(&'s RefCell<Partial>);

impl Write for Shared<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}
