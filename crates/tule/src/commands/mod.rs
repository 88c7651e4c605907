//! The commands, and how a run begins and ends.

pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod datasets;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod lock;
pub(crate) mod login;
pub(crate) mod lsp;
pub(crate) mod pull;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod serve;

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _};

use crate::args::{Cli, Command, Global};
use crate::escape::inert;
use crate::exit::{Exit, Outcome, Stop};
use crate::output::{ERROR, INFO, Output};
use crate::project::Project;

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let matches = Cli::command().color(help_colour()).try_get_matches();
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return refused(&error),
    };
    let mut out = Output::new(cli.global.color);
    let outcome = dispatch(&mut out, cli);
    finish(&mut out, outcome).into()
}

fn dispatch(out: &mut Output, cli: Cli) -> Outcome {
    let Cli { global, command } = cli;
    match command {
        Command::Check(arguments) => check::run(out, &global, &arguments),
        Command::Compile(arguments) => compile::run(out, &global, &arguments),
        Command::Run(arguments) => run::run(out, &global, &arguments),
        Command::Import(arguments) => import::run(out, &arguments),
        Command::Fmt(arguments) => fmt::run(out, &arguments),
        Command::Lock(arguments) => lock::run(out, &global, &arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Schema(arguments) => schema::run(out, &global, &arguments),
        Command::Datasets(arguments) => datasets::run(out, &global, &arguments),
        Command::Pull(arguments) => pull::run(out, &global, &arguments),
        Command::Serve(arguments) => serve::run(out, &global, &arguments),
        Command::Login(arguments) => login::run(out, &global, &arguments),
        Command::Explain(arguments) => explain::run(out, &arguments),
        Command::Init(arguments) => init::run(out, &arguments),
    }
}

/// The colour of help and of complaints about the command line, which are written before it is
/// understood.
fn help_colour() -> clap::ColorChoice {
    let words: Vec<_> = std::env::args_os().collect();
    let says = |choice: &str| {
        let joined = format!("--color={choice}");
        words.iter().any(|word| *word == *joined)
            || words.iter().zip(words.iter().skip(1)).any(|(a, b)| a == "--color" && b == choice)
    };
    match (says("never"), says("always")) {
        (true, _) => clap::ColorChoice::Never,
        (_, true) => clap::ColorChoice::Always,
        _ => clap::ColorChoice::Auto,
    }
}

/// Help that was asked for, or a command line that is not understood.
fn refused(error: &clap::Error) -> ExitCode {
    // A reader that goes away has seen enough of the help.
    let _ = error.print();
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if asked { Exit::Clean.into() } else { Exit::Usage.into() }
}

fn finish(out: &mut Output, outcome: Outcome) -> Exit {
    let outcome = outcome.and_then(|exit| out.finish().map(|()| exit).map_err(Stop::Output));
    match outcome {
        Ok(exit) => exit,
        Err(Stop::Shown) => Exit::Usage,
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
        Err(Stop::Output(error)) => {
            let paint = out.paint_error;
            let reason = crate::exit::reason(&error);
            // Not through the stream that just failed.
            eprint_quietly(&format!("{} cannot write: {reason}\n", paint.on(ERROR, "error:")));
            Exit::Usage
        }
        Err(stop @ (Stop::Usage { .. } | Stop::Portal { .. })) => {
            let exit = if matches!(stop, Stop::Usage { .. }) { Exit::Usage } else { Exit::Portal };
            let (Stop::Usage { message, help } | Stop::Portal { message, help }) = stop else {
                return exit;
            };
            let paint = out.paint_error;
            let mut text = format!("{} {}\n", paint.on(ERROR, "error:"), inert(&message));
            if let Some(help) = help {
                let _ = writeln!(text, "{} {}", paint.on(INFO, "help:"), inert(&help));
            }
            // What was printed before the fault is the user's all the same.
            let _ = out.finish();
            eprint_quietly(&text);
            exit
        }
    }
}

fn eprint_quietly(text: &str) {
    use io::Write as _;
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// The project that the first of `paths` belongs to.
fn project(out: &mut Output, global: &Global, paths: &[PathBuf]) -> Outcome<Project> {
    let first = paths.iter().find(|path| path.as_os_str() != "-");
    Project::load(out, global.project.as_deref(), first.map(|path| start(path)))
}

/// The folder to look in first.
fn start(path: &Path) -> &Path {
    if path.is_dir() {
        return path;
    }
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Paths as given, or the current folder.
fn or_here(paths: &[PathBuf]) -> Vec<PathBuf> {
    if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() }
}
