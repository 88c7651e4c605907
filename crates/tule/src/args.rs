//! The command line: which commands there are, and what holds for all of them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    check, compile, datasets, explain, fmt, import, init, lock, login, lsp, pull, run, schema,
    serve,
};
use crate::output::ColorChoice;

/// A typed query language for open-data portals
///
/// Tule checks SQL-like queries against the locked schemas of a portal's datasets and turns them
/// into the portal's API calls. Queries live in files that end in `.tule`; a `tule.toml` names the
/// portals and datasets, and a `tule.lock` beside it holds the schemas.
#[derive(Debug, Parser)]
#[command(
    name = "tule",
    version,
    max_term_width = 100,
    after_help = "\
Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 network or portal.

Examples:
  tule init                       begin a project in this folder
  tule check                      check every query below this folder
  tule compile -e 'select beat from police_calls limit 5'
  tule run -e 'select beat from police_calls limit 5' --local
  tule explain unknown-column     say what a code means"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// When to colour the output
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// The folder of `tule.toml`, instead of the nearest one found by walking up
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) project: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::Arguments),
    Compile(compile::Arguments),
    Run(run::Arguments),
    Import(import::Arguments),
    Fmt(fmt::Arguments),
    Lock(lock::Arguments),
    Schema(schema::Arguments),
    Datasets(datasets::Arguments),
    Pull(pull::Arguments),
    Serve(serve::Arguments),
    Login(login::Arguments),
    Lsp(lsp::Arguments),
    Explain(explain::Arguments),
    Init(init::Arguments),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_every_command_has_examples() {
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains(&format!("tule {}", sub.get_name())), "{}", sub.get_name());
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.ends_with('.'), "{about}");
        }
    }
}
