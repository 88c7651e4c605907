//! Rows into a file over several runs.
//!
//! A run that is broken off leaves the rows of whole pages in `NAME.tule-partial` beside the file
//! that it was to write. The next run of the same request goes on behind them, if the portal says
//! that no row has changed since; the file itself appears when it is whole, and not before.
//! Deliberately absent: how rows are asked for, and what they look like.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tule_core::lower::{Request, Strategy};
use tule_portal::Point;

use crate::atomic;
use crate::exit::{Outcome, Stop};
use crate::partial::{OpenError, Partial};
use crate::rows::{Format, Printed};
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
    pub(crate) fn new(
        request: &Request,
        form: Option<Format>,
        geometry: Option<&str>,
    ) -> Option<Self> {
        let form = form.filter(|form| form.is_resumable())?;
        let paged = matches!(request.paging.strategy, Strategy::Offset | Strategy::PageNumber);
        let column = |column: &tule_core::check::OutputColumn| {
            (column.name.to_string(), column.ty.map(|ty| ty.name().to_owned()))
        };
        paged.then(|| Self {
            url: request.url().to_string(),
            body: request.body.clone(),
            columns: request.columns.iter().map(column).collect(),
            form: format!("{form:?}"),
            geometry: geometry.map(str::to_owned),
        })
    }
}

/// A file that grows; to be written through a shared reference, so that notes can be made between
/// two rows.
pub(crate) struct Growing {
    partial: RefCell<Partial>,
    path: PathBuf,
    of: Of,
    /// What an earlier run has left, until it is found to be of no use.
    earlier: RefCell<Option<State>>,
    /// Rows that the last note speaks for.
    noted: RefCell<u64>,
}

impl Growing {
    /// Opens what an earlier run has left for `target`, or begins. With `anew`, and where it is of
    /// something else, what is there is dropped.
    pub(crate) fn open(target: &Path, of: Of, anew: bool) -> Outcome<Self> {
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
        let noted = earlier.as_ref().map_or(0, |state| state.point.rows);
        Ok(Self {
            partial: RefCell::new(partial),
            path,
            of,
            earlier: RefCell::new(earlier),
            noted: RefCell::new(noted),
        })
    }

    /// Where to go on.
    pub(crate) fn point(&self) -> Option<Point> {
        self.earlier.borrow().as_ref().map(|state| state.point.clone())
    }

    /// What the earlier run has written, if that is still good: `resumed` rows are.
    pub(crate) fn written(&self, resumed: u64) -> io::Result<Option<Printed>> {
        let earlier = self.earlier.borrow_mut().take();
        let Some(state) = earlier else { return Ok(None) };
        if state.point.rows == resumed {
            return Ok(Some(state.printed));
        }
        self.partial.borrow_mut().restart()?;
        self.noted.replace(0);
        Ok(None)
    }

    /// Notes that everything so far is good up to a place between pages.
    pub(crate) fn note(&self, point: &Point, printed: Printed) -> io::Result<()> {
        let state = State { of: self.of.clone(), point: point.clone(), printed };
        self.partial.borrow_mut().note(&state)?;
        self.noted.replace(point.rows);
        Ok(())
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self, target: &Path) -> io::Result<()> {
        self.partial.into_inner().finish(target)
    }

    /// Leaves the rows that are noted for the next run, with a word about them; without any,
    /// leaves nothing.
    pub(crate) fn leave(self) -> io::Result<Option<(u64, PathBuf)>> {
        let rows = self.noted.into_inner();
        if rows == 0 {
            self.partial.into_inner().discard()?;
            return Ok(None);
        }
        Ok(Some((rows, self.path)))
    }

    /// Leaves nothing.
    pub(crate) fn discard(self) -> io::Result<()> {
        self.partial.into_inner().discard()
    }
}

impl Write for &Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.partial.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.partial.borrow_mut().flush()
    }
}
