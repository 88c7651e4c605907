//! `tule completions`: what a shell needs to complete the command line.
//!
//! Generated from the command line itself, so that it cannot fall behind. Names of datasets are
//! deliberately absent: a script is written once, and they change.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::args::Cli;
use crate::exit::{Exit, Outcome};
use crate::output::Output;

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule completions bash > ~/.local/share/bash-completion/completions/tule
  tule completions zsh > ~/.zfunc/_tule              a folder in `fpath`
  tule completions fish > ~/.config/fish/completions/tule.fish
  tule completions powershell >> $PROFILE")]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(out: &mut Output, arguments: &Arguments) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "tule", &mut script);
    out.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
