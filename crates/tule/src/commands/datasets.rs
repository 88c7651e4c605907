//! `tule datasets`: which datasets there are.
//!
//! Those of the project's local portals, as their folders hold them, and those that are locked.
//! Deliberately absent in this version: asking a portal's catalogue.

use clap::Args;
use serde::Serialize;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;

use super::schema::Format;
use crate::args::Global;
use crate::escape::one_line;
use crate::exit::{Exit, Outcome, Stop};
use crate::local::LocalPortals;
use crate::output::Output;
use crate::project::MANIFEST;
use crate::render::table::table;
use tule_core::print::grouped;

/// List the datasets that queries can name
///
/// Those of local portals and those that `tule.lock` holds. Words choose the ones whose
/// identifier, title, description, columns or source have them all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule datasets
  tule datasets police calls
  tule datasets --format json")]
pub(crate) struct Arguments {
    /// What to look for
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// The form
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// What `--format json` prints, in the form of `docs/datasets.schema.json`.
#[derive(Debug, Serialize)]
struct Document<'d> {
    version: u32,
    datasets: Vec<Entry<'d>>,
}

#[derive(Debug, Serialize)]
struct Entry<'d> {
    names: Vec<&'d str>,
    host: &'d str,
    id: &'d str,
    kind: &'static str,
    title: &'d str,
    description: Option<&'d str>,
    rows: Option<u64>,
    columns: usize,
    licence: Option<&'d str>,
    attribution: Option<&'d str>,
    owner: Option<&'d str>,
    updated: Option<&'d str>,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let project = super::project(out, global, &[])?;
    if project.root.is_none() {
        return Err(Stop::usage(format!("no `{MANIFEST}` here or in a folder above"))
            .help("`tule init` begins a project"));
    }
    let catalog = LocalPortals::open_some(out, &project)?.catalog(&project, false);
    let words: Vec<String> = arguments.words.iter().map(|word| word.to_lowercase()).collect();
    let mut found: Vec<&Dataset> =
        catalog.datasets().map(|dataset| &**dataset).filter(|d| has_all(d, &words)).collect();
    found.sort_by_key(|dataset| (&dataset.host, &dataset.id));
    let entries: Vec<Entry<'_>> = found.iter().map(|dataset| entry(dataset, &catalog)).collect();
    match arguments.format {
        Format::Json => out.json(&Document { version: 1, datasets: entries })?,
        Format::Table if entries.is_empty() => {
            return Err(Stop::usage("no dataset has all of these words"));
        }
        Format::Table => {
            let rows = entries.iter().map(row).collect();
            let header = ["dataset", "title", "rows", "columns", "updated", "source"];
            out.print(&table(&header, rows, out.width(), out.paint))?;
        }
    }
    Ok(Exit::Clean)
}

fn has_all(dataset: &Dataset, words: &[String]) -> bool {
    let card = &dataset.card;
    let mut text = format!("{}/{} {}", dataset.host, dataset.id, dataset.title);
    for more in [&card.description, &card.attribution, &card.owner] {
        text.push(' ');
        text.push_str(more);
    }
    for name in dataset.column_names() {
        text.push(' ');
        text.push_str(name);
    }
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

fn entry<'d>(dataset: &'d Dataset, catalog: &'d Catalog) -> Entry<'d> {
    let known = |text: &'d str| Some(text).filter(|text| !text.is_empty());
    let same = |other: &Dataset| other.host == dataset.host && other.id == dataset.id;
    Entry {
        names: catalog.names().filter(|(_, other)| same(other)).map(|(name, _)| name).collect(),
        host: &dataset.host,
        id: &dataset.id,
        kind: dataset.kind.name(),
        title: &dataset.title,
        description: known(&dataset.card.description),
        rows: dataset.rows,
        columns: dataset.columns.iter().filter(|column| !column.is_system()).count(),
        licence: known(&dataset.card.licence),
        attribution: known(&dataset.card.attribution),
        owner: known(&dataset.card.owner),
        updated: known(&dataset.card.updated),
    }
}

fn row(entry: &Entry<'_>) -> Vec<String> {
    let place = format!("{}/{}", entry.host, entry.id);
    // The name that is shortest to write.
    let name = entry.names.first().map_or(place, |name| (*name).to_owned());
    vec![
        one_line(&name),
        one_line(entry.title),
        entry.rows.map_or(String::new(), |rows| format!("about {}", grouped(rows))),
        entry.columns.to_string(),
        one_line(entry.updated.unwrap_or_default()),
        one_line(entry.attribution.or(entry.owner).unwrap_or_default()),
    ]
}
