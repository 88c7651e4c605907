//! How a run ends: the exit codes, and the ways in which a command stops early.
//!
//! Codes are a contract with scripts and CI: 0 clean, 1 findings, 2 usage or configuration, 3
//! network or portal. What the user breaks off ends with 130, as shells say it.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::source::shown;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// Nothing to complain about.
    Clean,
    /// The input was read, and something is wrong with it.
    Findings,
    /// The command line, a project file or a file to be read is at fault.
    Usage,
    /// A portal cannot be asked, or does not answer as it should; a file of a local one changed or
    /// cannot be read.
    Portal,
    /// The user broke it off.
    Cancelled,
}

impl Exit {
    /// [`Exit::Findings`] if there are any.
    pub(crate) fn findings(any: bool) -> Self {
        if any { Self::Findings } else { Self::Clean }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Portal => 3,
            Exit::Cancelled => 130,
        })
    }
}

/// Why a command stopped before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Output could not be written. A closed pipe is no fault: the reader has seen enough.
    Output(io::Error),
    /// Something outside the queries is at fault.
    Usage {
        /// What is wrong, in one line.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// The network or a portal is at fault.
    Portal {
        /// What is wrong, in one line.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// What is wrong has been shown already.
    Shown,
}

/// What a command gives.
pub(crate) type Outcome<T = Exit> = Result<T, Stop>;

impl Stop {
    /// A fault of usage or configuration.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: None }
    }

    /// The same with advice; of other kinds, the same.
    pub(crate) fn help(self, advice: impl Into<String>) -> Self {
        match self {
            Self::Usage { message, .. } => Self::Usage { message, help: Some(advice.into()) },
            other => other,
        }
    }

    /// A file or folder that cannot be read, written or created.
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::usage(format!("cannot {doing} `{}`: {}", shown(path), reason(error)))
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The cause in the style of other messages, without the number of the operating system.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "part of the path is not a folder".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or(&text);
            let mut letters = text.chars();
            letters
                .next()
                .map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
        }
    }
}
