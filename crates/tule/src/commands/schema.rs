//! `tule schema`: what is known of a dataset, from the lock, or from the folder of a local portal.

use clap::{Args, ValueEnum};

use crate::args::Global;
use crate::exit::{Exit, Outcome, Stop};
use crate::local::LocalPortals;
use crate::output::Output;
use crate::project::{LOCK, MANIFEST, dataset};
use crate::render::schema::{document, text};

/// Show the columns of a dataset and the facts about it
///
/// Everything comes from `tule.lock`, or from the folder of a local portal; no network is used.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule schema police_calls
  tule schema stockton/esc4-8x43
  tule schema police_calls --format json")]
pub(crate) struct Arguments {
    /// A name of `tule.toml`, an identifier, or portal and identifier
    #[arg(value_name = "DATASET")]
    dataset: String,
    /// The form
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// How facts about datasets are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Format {
    /// For people
    Table,
    /// A JSON document
    Json,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let project = super::project(out, global, &[])?;
    if project.root.is_none() {
        return Err(Stop::usage(format!("no `{MANIFEST}` here or in a folder above")).help(
            format!("the schemas are in the `{LOCK}` beside it; `tule init` begins a project"),
        ));
    }
    let catalog = LocalPortals::open_some(out, &project)?.catalog(&project, false);
    let dataset = dataset(&catalog, &arguments.dataset)?;
    let names: Vec<String> = catalog
        .names()
        .filter(|(_, known)| known.host == dataset.host && known.id == dataset.id)
        .map(|(name, _)| name.to_owned())
        .collect();
    match arguments.format {
        Format::Table => out.print(&text(&dataset, &names, out.width(), out.paint))?,
        Format::Json => out.json(&document(&dataset, &names))?,
    }
    Ok(Exit::Clean)
}
