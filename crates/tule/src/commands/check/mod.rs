//! `tule check`: every finding in every query, without a network.

mod fixing;
pub(super) mod formats;
mod known;
mod levels;
mod setup;
mod watch;

use std::path::PathBuf;

use clap::Args;

use super::or_here;
use crate::args::Global;
use crate::exit::{Exit, Outcome, Stop};
use crate::output::Output;
use crate::source::SourceFile;
use crate::walk::{Input, Wanted, inputs};
use formats::Format;
use levels::Levels;
use setup::Setup;

/// Check queries against the locked schemas
///
/// Reads `.tule` files and reports what a portal would refuse and what would silently give wrong
/// answers. Nothing but the files of the project is read: no network is used.
///
/// Exits with 1 when there is an error, and with `--deny-warnings` when there is a warning.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule check                              every query below this folder
  tule check queries/calls.tule           one file
  tule check --fix                        repair what can be repaired safely
  tule check --format sarif -o tule.sarif for code scanning
  tule check --baseline baseline.json     only findings that are new
  tule check - --from police_calls        a query typed on standard input, about one dataset")]
pub(crate) struct Arguments {
    /// Files, or folders to search for `.tule` files; `-` is standard input [default: .]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to show findings [default: human; in GitHub Actions, annotations as well]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write findings to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// The dataset that a select without FROM reads
    #[arg(long, value_name = "DATASET")]
    from: Option<String>,
    /// What standard input is called in findings
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
    /// Search folders for Markdown files too, and check their `tule` and `soql` code blocks
    ///
    /// A Markdown file that is named is always read so. Blocks marked `ignore` are left out.
    #[arg(long)]
    markdown: bool,
    /// Check again whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["fix", "diff", "output_file", "write_baseline", "shrink_baseline"])]
    watch: bool,
    #[command(flatten)]
    repairs: Repairs,
    #[command(flatten)]
    levels: Levels,
    #[command(flatten)]
    known: known::Arguments,
}

/// What to do about repairs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Repairs")]
struct Repairs {
    /// Apply safe repairs; the text of standard input goes to standard output
    #[arg(long)]
    fix: bool,
    /// With `--fix` or `--diff`: also repairs that somebody has to look at
    #[arg(long)]
    unsafe_fixes: bool,
    /// Write nothing; show what repairs would change, and exit with 1 if that is anything
    #[arg(long)]
    diff: bool,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    arguments.consistent()?;
    if arguments.watch {
        return watch::run(out, global, arguments);
    }
    let mut setup = Setup::load(out, global, arguments)?;
    let found = inputs(&or_here(&arguments.paths), arguments.wanted())?;
    setup.extend(out, arguments, &found)?;
    let checker = setup.checker();
    if arguments.repairs.fix || arguments.repairs.diff {
        return fixing::run(out, arguments, &checker, &found);
    }
    let files = checker.all(&found, |input| arguments.read(input))?;
    let exit = if arguments.known.is_written() {
        // Everything found is accepted from now on.
        Exit::Clean
    } else {
        formats::print(out, arguments, &files)?
    };
    setup.known.finish(out, &arguments.known, setup.project(), &files, exit)
}

impl Arguments {
    fn consistent(&self) -> Outcome<()> {
        let from_stdin = self.paths.iter().any(|path| path.as_os_str() == "-");
        if self.stdin_filename.is_some() && !from_stdin {
            return Err(Stop::usage("`--stdin-filename` names standard input, which is not read")
                .help("`-` among the paths reads it"));
        }
        if from_stdin && self.watch {
            return Err(Stop::usage("standard input cannot be watched"));
        }
        if self.repairs.unsafe_fixes && !(self.repairs.fix || self.repairs.diff) {
            return Err(Stop::usage("`--unsafe-fixes` alone changes nothing")
                .help("`--fix` applies repairs, `--diff` shows them"));
        }
        Ok(())
    }

    fn wanted(&self) -> Wanted {
        if self.markdown { Wanted::MarkdownToo } else { Wanted::Queries }
    }

    fn read(&self, input: &Input) -> Outcome<SourceFile> {
        match input {
            Input::Stdin => SourceFile::stdin(self.stdin_filename.as_deref()),
            Input::File(path) => SourceFile::read(path),
        }
    }
}
