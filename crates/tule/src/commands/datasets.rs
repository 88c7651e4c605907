//! `tule datasets`: which datasets there are.
//!
//! Those of local portals, those that are locked, and those that the catalogues of the project's portals list as their
//! own. A catalogue that lists nothing says nothing about the portal.

use clap::{Args, ValueEnum};
use serde::Serialize;
use tule_core::print::grouped;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_portal::{PortalAddress, Search};

use crate::args::Global;
use crate::escape::one_line;
use crate::exit::{Exit, Outcome, Stop};
use crate::local::LocalPortals;
use crate::output::{INFO, Output};
use crate::portal::{self, Portals};
use crate::project::{MANIFEST, Project};
use crate::render::table::table;

/// Find datasets of the project's portals
///
/// Those of local portals, those that `tule.lock` holds, and those that the portals' catalogues list as their own. Words
/// choose; without any, everything is listed up to the limit.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule datasets police calls
  tule datasets --portal stockton --limit 500
  tule datasets police --format json
  tule datasets --offline                 only those that are locked")]
pub(crate) struct Arguments {
    /// What to look for
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Only this portal: its name in `tule.toml`, or a host
    #[arg(long, value_name = "PORTAL")]
    portal: Option<String>,
    /// Most datasets of each portal
    #[arg(long, value_name = "COUNT", default_value = "50")]
    limit: usize,
    /// List maps, charts, files and links too
    #[arg(long)]
    all: bool,
    /// Ask no portal
    #[arg(long)]
    offline: bool,
    /// The form
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// A JSON document
    Json,
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
    let local = LocalPortals::open_some(out, &project)?;
    let catalog = local.catalog(&project, false);
    let mut found = locked(&catalog, arguments);
    let mut exit = Exit::Clean;
    if !arguments.offline {
        let addresses = addresses(&project, &catalog, &local, arguments.portal.as_deref())?;
        exit = search(out, &project, &addresses, arguments, &mut found)?;
    }
    found.sort_by(|a, b| (&a.host, &a.id).cmp(&(&b.host, &b.id)));
    let entries: Vec<Entry<'_>> = found.iter().map(|dataset| entry(dataset, &catalog)).collect();
    match arguments.format {
        Format::Json => out.json(&Document { version: 1, datasets: entries })?,
        Format::Table if entries.is_empty() => {
            out.tell_line(INFO, "note", "no dataset has all of these words")?;
        }
        Format::Table => {
            let rows = entries.iter().map(row).collect();
            let header = ["dataset", "title", "rows", "columns", "updated", "source"];
            out.print(&table(&header, rows, out.width(), out.paint))?;
        }
    }
    Ok(exit)
}

/// The locked datasets that have all of the words.
fn locked(catalog: &Catalog, arguments: &Arguments) -> Vec<Dataset> {
    let words: Vec<String> = arguments.words.iter().map(|word| word.to_lowercase()).collect();
    let on_portal = |dataset: &Dataset| match &arguments.portal {
        None => true,
        Some(name) => catalog.portal_for(dataset).map_or(dataset.host == *name, |portal| {
            portal.name == *name || portal.answers_to(name)
        }),
    };
    let fits = |dataset: &&std::sync::Arc<Dataset>| has_all(dataset, &words) && on_portal(dataset);
    catalog.datasets().filter(fits).map(|dataset| Dataset::clone(dataset)).collect()
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

/// The portals to ask.
pub(crate) fn addresses(
    project: &Project,
    catalog: &Catalog,
    local: &LocalPortals,
    named: Option<&str>,
) -> Outcome<Vec<PortalAddress>> {
    if let Some(name) = named {
        let manifest = project.manifest.as_ref();
        let portal = manifest.and_then(|manifest| manifest.portal(name));
        let address = match portal {
            Some(portal) => PortalAddress::of(portal),
            None if name.contains(['.', ':']) => portal::address(catalog, name),
            None => None,
        };
        return address.map(|address| vec![address]).ok_or_else(|| {
            Stop::usage(format!("`{name}` is no portal whose catalogue can be asked"))
                .help(format!("name a host, or a portal of `{MANIFEST}` of the kind `socrata`"))
        });
    }
    let all: Vec<PortalAddress> = portal::socrata(project).filter_map(PortalAddress::of).collect();
    if all.is_empty() && local.iter().next().is_none() {
        return Err(Stop::usage("no portal to ask")
            .help(format!("`--portal HOST` names one, `{MANIFEST}` keeps them")));
    }
    Ok(all)
}

/// Adds what the catalogues list and is not known yet.
fn search(
    out: &mut Output,
    project: &Project,
    addresses: &[PortalAddress],
    arguments: &Arguments,
    found: &mut Vec<Dataset>,
) -> Outcome {
    let portals = Portals::open(project, false)?;
    let search = Search {
        words: arguments.words.join(" "),
        limit: arguments.limit,
        every_kind: arguments.all,
    };
    let mut exit = Exit::Clean;
    for address in addresses {
        match portals.runtime.wait(portals.client.search(address, &search)) {
            Ok(listed) => {
                if listed.datasets.is_empty() {
                    let host = address.host();
                    let text = format!("the catalogue lists nothing of this for `{host}`");
                    out.tell_line(INFO, "note", &text)?;
                }
                for dataset in listed.datasets {
                    let known =
                        |other: &Dataset| other.host == dataset.host && other.id == dataset.id;
                    if !found.iter().any(known) {
                        found.push(dataset);
                    }
                }
            }
            Err(error) => {
                portal::tell(out, &error)?;
                exit = Exit::Portal;
            }
        }
    }
    portals.tell_notices(out)?;
    Ok(exit)
}

fn entry<'d>(dataset: &'d Dataset, catalog: &'d Catalog) -> Entry<'d> {
    let known = |text: &'d str| Some(text).filter(|text| !text.is_empty());
    let same = |other: &Dataset| other.host == dataset.host && other.id == dataset.id;
    let locked = catalog.names().filter(|(_, other)| same(other)).map(|(name, _)| name);
    Entry {
        names: locked.collect(),
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
