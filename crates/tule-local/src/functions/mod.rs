//! How every function of the language is computed.
//!
//! One row per identity of `tule_core::functions::FUNCTIONS`, as data: a plain function over
//! values, an aggregate, a mark that the engine has it itself, or the reason why it cannot run.
//! Whether nulls are seen is said in the table, so that bodies don't repeat it. What the results
//! are is the business of the database behind Socrata's portals, `PostgreSQL` with `PostGIS`.
//! Deliberately absent: the engine that calls these functions, and any lookup by name.

mod aggregate;
mod arguments;
mod arithmetic;
mod casts;
mod comparison;
mod date;
mod fields;
mod logic;
mod moment;
mod number;
mod pattern;
mod running;
mod spatial;
mod statistics;
mod text;
mod unaccent;
mod window;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use running::Running;

use crate::value::{Fault, Value};

/// A function of one row. It gets as many arguments as the function table says, of those types.
pub type Scalar = for<'a> fn(&[Value<'a>]) -> Result<Value<'a>, Fault>;

/// How one overload is computed.
#[derive(Debug)]
pub struct Implementation {
    /// The overload: `tule_core::functions::Function::identity`.
    pub identity: &'static str,
    /// How it is computed.
    pub run: Run,
}

/// How an overload is computed.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// From the arguments of one row.
    Scalar {
        /// What nulls among the arguments do.
        nulls: Nulls,
        /// The computation.
        function: Scalar,
    },
    /// From the rows of a group or window; see [`Running`].
    Aggregate {
        /// A new accumulator, of no rows.
        start: fn() -> Box<dyn Accumulator>,
    },
    /// By the engine's own means: what must not evaluate all of its arguments, what depends on
    /// the place of a row, and the clock of the query.
    Native,
    /// Not at all; the reason completes the sentence "this function ...".
    Refused(&'static str),
}

/// What nulls among the arguments of a scalar function do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nulls {
    /// One null makes the result null; the function never sees it.
    Strict,
    /// The function sees nulls.
    Seen,
}

/// The state of an aggregate over the rows seen so far.
pub trait Accumulator: Send {
    /// Takes in a row. No argument is null: such rows do not count for any aggregate.
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault>;

    /// Takes out a row that was taken in. `Ok(false)`, with nothing done, if that is not possible.
    fn retract(&mut self, arguments: &[Value<'_>]) -> Result<bool, Fault> {
        let _ = arguments;
        Ok(false)
    }

    /// The result over the rows taken in; more may follow.
    fn finish(&mut self) -> Result<Value<'static>, Fault>;
}

impl Run {
    /// The result of a scalar function; null for everything else.
    ///
    /// # Errors
    ///
    /// The function's own faults.
    pub fn call<'a>(&self, arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
        match self {
            Self::Scalar { nulls: Nulls::Strict, .. } if arguments.iter().any(Value::is_null) => {
                Ok(Value::Null)
            }
            Self::Scalar { function, .. } => function(arguments),
            _ => Ok(Value::Null),
        }
    }
}

const fn strict(identity: &'static str, function: Scalar) -> Implementation {
    Implementation { identity, run: Run::Scalar { nulls: Nulls::Strict, function } }
}

const fn seeing(identity: &'static str, function: Scalar) -> Implementation {
    Implementation { identity, run: Run::Scalar { nulls: Nulls::Seen, function } }
}

const fn aggregate(identity: &'static str, start: fn() -> Box<dyn Accumulator>) -> Implementation {
    Implementation { identity, run: Run::Aggregate { start } }
}

const fn native(identity: &'static str) -> Implementation {
    Implementation { identity, run: Run::Native }
}

/// The rows by subject.
static SUBJECTS: [&[Implementation]; 12] = [
    comparison::ROWS,
    logic::ROWS,
    arithmetic::ROWS,
    number::ROWS,
    text::ROWS,
    date::ROWS,
    fields::ROWS,
    spatial::ROWS,
    aggregate::ROWS,
    statistics::ROWS,
    window::ROWS,
    casts::ROWS,
];

/// Every row.
pub fn implementations() -> impl Iterator<Item = &'static Implementation> {
    SUBJECTS.iter().copied().flatten()
}

/// How the overload with that identity is computed; `None` for an unknown one.
#[must_use]
pub fn by_identity(identity: &str) -> Option<&'static Run> {
    static BY_IDENTITY: LazyLock<HashMap<&'static str, &'static Run>> =
        LazyLock::new(|| implementations().map(|row| (row.identity, &row.run)).collect());
    BY_IDENTITY.get(identity).copied()
}
