//! Aggregates over groups and windows.
//!
//! An accumulator only adds rows, and some can take rows out again. Windows move on, so for those
//! that cannot, the rows of the window are kept and gone through anew.

use std::collections::VecDeque;

use super::{Accumulator, Run};
use crate::value::{Fault, Value};

/// An aggregate that is being computed.
///
/// Rows where an argument is null do not count, as the language has it for every aggregate;
/// `count(*)` has no argument, so that every row counts.
pub struct Running {
    start: fn() -> Box<dyn Accumulator>,
    accumulator: Box<dyn Accumulator>,
    /// The rows of a window, first in first out, if the accumulator cannot take rows out.
    window: Option<VecDeque<Vec<Value<'static>>>>,
    /// The accumulator still holds rows that have left the window.
    stale: bool,
}

impl Running {
    /// Over a group: rows are only taken in. `None` if the function is no aggregate.
    #[must_use]
    pub fn over_group(run: &Run) -> Option<Self> {
        let Run::Aggregate { start } = *run else { return None };
        Some(Self { start, accumulator: start(), window: None, stale: false })
    }

    /// Over a window: rows are taken in, and taken out in the same order. `None` if the function
    /// is no aggregate.
    #[must_use]
    pub fn over_window(run: &Run) -> Option<Self> {
        let running = Self::over_group(run)?;
        Some(Self { window: Some(VecDeque::new()), ..running })
    }

    /// Takes in a row.
    ///
    /// # Errors
    ///
    /// The function's own faults.
    pub fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        if arguments.iter().any(Value::is_null) {
            return Ok(());
        }
        if let Some(window) = &mut self.window {
            window.push_back(arguments.iter().cloned().map(Value::into_owned).collect());
        }
        if self.stale { Ok(()) } else { self.accumulator.step(arguments) }
    }

    /// Takes out the row that was taken in first among those still in. Nothing happens over a
    /// group.
    ///
    /// # Errors
    ///
    /// The function's own faults.
    pub fn retract(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        if arguments.iter().any(Value::is_null) {
            return Ok(());
        }
        let Some(window) = &mut self.window else { return Ok(()) };
        window.pop_front();
        if !self.stale {
            self.stale = !self.accumulator.retract(arguments)?;
        }
        Ok(())
    }

    /// The result over the rows that are in.
    ///
    /// # Errors
    ///
    /// The function's own faults.
    pub fn finish(&mut self) -> Result<Value<'static>, Fault> {
        if self.stale {
            self.accumulator = (self.start)();
            for row in self.window.iter().flatten() {
                self.accumulator.step(row)?;
            }
            self.stale = false;
        }
        self.accumulator.finish()
    }
}
