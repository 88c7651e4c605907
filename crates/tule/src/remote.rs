//! Rows of portals on the network, as `tule run` takes them.

use std::sync::Arc;

use tokio::sync::Notify;
use tule_core::check::OutputColumn;
use tule_core::lower::Request;
use tule_core::rows::Row;
use tule_portal::{Class, Error, Point, Rows};

use crate::portal::Portals;
use crate::rows::source::{Completeness, Fault, Source, Traffic};

/// Rows that come page by page. Nothing is asked of the portal before the first one is wanted.
pub(crate) struct RemoteRows<'p> {
    portals: &'p Portals,
    rows: Rows,
    /// Rows that are here already.
    ready: std::vec::IntoIter<Row>,
    /// How many were given, those of an earlier run counted in.
    given: u64,
    /// The same when the last one was asked for.
    before: u64,
    /// A place between pages that was just passed.
    passed: Option<Point>,
    cancel: Arc<Notify>,
}

impl<'p> RemoteRows<'p> {
    /// The rows of a request.
    pub(crate) fn new(portals: &'p Portals, request: Request) -> Self {
        Self::of(portals, portals.client.rows(request))
    }

    /// The rows of a request behind those that an earlier run had.
    pub(crate) fn from(portals: &'p Portals, request: Request, point: Point) -> Self {
        Self::of(portals, portals.client.rows_from(request, point))
    }

    fn of(portals: &'p Portals, rows: Rows) -> Self {
        let ready = Vec::new().into_iter();
        Self { portals, rows, ready, given: 0, before: 0, passed: None, cancel: Arc::default() }
    }

    /// How far the rows are.
    pub(crate) fn progress(&self) -> tule_portal::Progress {
        self.rows.progress()
    }

    /// What breaks the run off, from any thread; waiting included.
    pub(crate) fn cancel(&self) -> Arc<Notify> {
        Arc::clone(&self.cancel)
    }
}

impl Source for RemoteRows<'_> {
    fn columns(&self) -> &[OutputColumn] {
        self.rows.columns()
    }

    fn next_row(&mut self) -> Result<Option<Row>, Fault> {
        self.before = self.given;
        loop {
            if let Some(row) = self.ready.next() {
                self.given += 1;
                return Ok(Some(row));
            }
            let (rows, cancel) = (&mut self.rows, &self.cancel);
            let batch = self.portals.runtime.wait(async {
                tokio::select! {
                    biased;
                    () = cancel.notified() => Err(Fault::Cancelled),
                    batch = rows.batch() => batch.map_err(|error| fault(&error)),
                }
            });
            self.given = self.given.max(self.rows.resumed());
            self.before = self.given;
            // A batch never reaches from one page to the next.
            self.passed = self.rows.point().filter(|point| point.rows == self.given).cloned();
            match batch? {
                Some(batch) => self.ready = batch.into_iter(),
                None => return Ok(None),
            }
        }
    }

    fn expected(&self) -> Option<u64> {
        self.rows.progress().expected
    }

    fn resumed(&self) -> u64 {
        self.rows.resumed()
    }

    fn point(&self) -> Option<&Point> {
        self.passed.as_ref().filter(|point| point.rows == self.before)
    }

    fn completeness(&self) -> Completeness {
        match self.rows.end().and_then(|end| end.cut) {
            Some(limit) => Completeness::CutAt(limit),
            None => Completeness::Whole,
        }
    }

    fn traffic(&self) -> Option<Traffic> {
        let progress = self.rows.progress();
        Some(Traffic { pages: progress.pages, bytes: progress.bytes })
    }

    fn as_of(&self) -> Option<String> {
        self.rows.end().and_then(|end| end.last_modified.clone())
    }

    fn notes(&self) -> Vec<String> {
        let Some(end) = self.rows.end() else { return Vec::new() };
        let mut notes = Vec::new();
        if end.out_of_date {
            let since =
                end.last_modified.as_deref().map_or(String::new(), |at| format!(": as of {at}"));
            notes.push(format!("the portal answers from a copy that is behind{since}"));
        }
        notes.extend(end.drift.iter().cloned());
        notes
    }
}

/// A query's fault is shown at its place; everything else is the portal's or the network's.
fn fault(error: &Error) -> Fault {
    let mut message = error.to_string();
    if error.class() == Class::Query {
        return Fault::Query { code: error.code(), message, span: error.span };
    }
    if let Some(help) = error.help() {
        message = format!("{message}; {help}");
    }
    Fault::Portal(message)
}
