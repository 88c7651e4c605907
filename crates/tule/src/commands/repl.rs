//! `tule repl`: the prompt, and scripts of what can be typed there.

use std::path::PathBuf;

use clap::Args;

use crate::args::Global;
use crate::exit::Outcome;
use crate::output::Output;
use crate::prompt::{self, Asked, Wishes};

/// Explore portals at a prompt
///
/// Completes datasets, columns, known values and functions, shows mistakes while a query is typed,
/// runs it at its `;`, and draws the result. `.help` lists the commands. Where standard input is no
/// terminal, statements and commands are read from it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule repl                                the portals of the project
  tule repl data.example.gov               a portal that no project names
  tule repl path/to/csv-files              a folder of files
  tule repl -e 'select 1 as n from police_calls limit 1; .types'
  echo 'select beat from police_calls limit 5;' | tule repl
  tule repl --file report.tule

Exit codes: 0 for a session that was left; of scripts, those of `tule run`. The first statement
that fails ends a script.")]
pub(crate) struct Arguments {
    /// A portal's name in `tule.toml`, a host, or a folder of files
    #[arg(value_name = "PORTAL")]
    portal: Option<String>,
    /// Statements and commands to carry out, instead of asking for them; may be repeated
    // A query may begin with a comment.
    #[arg(short, long, value_name = "QUERY", allow_hyphen_values = true)]
    expression: Vec<String>,
    /// A file of statements and commands to carry out
    #[arg(long, value_name = "FILE", conflicts_with = "expression")]
    file: Vec<PathBuf>,
    /// Read datasets of other portals from the local portal that has them under the same
    /// identifier
    #[arg(long)]
    local: bool,
    /// Ask no portal: of schemas, use what was fetched before
    #[arg(long)]
    offline: bool,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let asked = Asked {
        portal: arguments.portal.as_deref(),
        expressions: &arguments.expression,
        files: &arguments.file,
        wishes: Wishes { local: arguments.local, offline: arguments.offline },
    };
    prompt::run(out, global, asked)
}
