//! What can go wrong while values are read and computed.
//!
//! One message each, in the style of the project's diagnostics. Absent: where in the query it
//! happened; the engine knows the call and adds its span.

use tule_core::types::Type;

/// Why a value could not be read or computed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Division or remainder by zero.
    DivisionByZero,
    /// The result does not fit the type.
    OutOfRange(Type),
    /// Text that is not a value of the type.
    Unreadable {
        /// The type that was wanted.
        ty: Type,
        /// The text, cut if it is long.
        text: Box<str>,
    },
    /// A time zone that the tz database does not have.
    TimeZone(Box<str>),
    /// An argument outside what the function is defined for.
    Undefined {
        /// The function, as it is written in a query.
        function: &'static str,
        /// What was wrong with the argument and what is expected.
        why: &'static str,
    },
    /// A value of another type than the function takes: a fault of the caller, not of the query.
    Mismatch {
        /// What the function takes.
        wanted: &'static str,
        /// The kind of value it was given.
        found: &'static str,
    },
}

/// Longer texts are cut in messages.
const LONGEST: usize = 40;

impl Fault {
    /// `text` cannot be read as `ty`.
    #[must_use]
    pub fn unreadable(ty: Type, text: &str) -> Self {
        let cut = text.char_indices().nth(LONGEST).map(|(at, _)| at);
        let text = match cut.and_then(|at| text.get(..at)) {
            Some(head) => format!("{head}…").into(),
            None => text.into(),
        };
        Self::Unreadable { ty, text }
    }

    /// A stable name, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DivisionByZero => "division-by-zero",
            Self::OutOfRange(_) => "out-of-range",
            Self::Unreadable { .. } => "unreadable-value",
            Self::TimeZone(_) => "unknown-time-zone",
            Self::Undefined { .. } => "undefined-result",
            Self::Mismatch { .. } => "mismatched-value",
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DivisionByZero => {
                f.write_str("division by zero; `x / nullif(y, 0)` gives null instead")
            }
            Self::OutOfRange(ty) => write!(f, "the result is out of the range of {ty}"),
            Self::Unreadable { ty, text } => write!(f, "cannot read as {ty}: '{text}'"),
            Self::TimeZone(name) => {
                write!(f, "no time zone `{name}`; zones are named as in `America/Los_Angeles`")
            }
            Self::Undefined { function, why } => write!(f, "`{function}` {why}"),
            Self::Mismatch { wanted, found } => {
                write!(f, "a function that takes {wanted} was given {found}")
            }
        }
    }
}

impl std::error::Error for Fault {}
