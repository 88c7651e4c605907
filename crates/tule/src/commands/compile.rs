//! `tule compile`: queries to the requests that ask a portal for them.
//!
//! All or nothing: if a query is at fault, no request is printed, so that a script that reads the
//! output never sends half of what was asked for.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueEnum};
use tule_core::check::Valid;
use tule_core::diagnostics::{Code, Diagnostic};
use tule_core::lower::lower;
use tule_core::plan::{Clock, Plan};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::PortalKind;
use tule_core::target::Target;

use crate::analysis::{Unit, World};
use crate::args::Global;
use crate::asked::Asked;
use crate::execute::{customary, datasets};
use crate::exit::{Exit, Outcome};
use crate::output::{INFO, Output};
use crate::project::dataset;
use crate::render::finding::Finding;
use crate::render::human;
use crate::render::request::{Document, Named, curl, http};

/// Print the portal's API requests for queries
///
/// Each query becomes one request. If any query is at fault, the findings go to standard error
/// and nothing is printed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule compile queries/calls.tule                      one address per query
  tule compile -e 'select beat from police_calls' --format curl
  tule compile queries/since.tule --name calls_since --param beat=K1
  tule compile queries/calls.tule --target soda3 --format json

A token is never part of a request that is printed.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The portal's interface [default: the portal's `api` in `tule.toml`, else soda2]
    #[arg(long, value_name = "TARGET", value_parser = interface())]
    target: Option<Target>,
    /// The form of the requests
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "url")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// The address
    Url,
    /// A command for the shell
    Curl,
    /// The text of the request
    Http,
    /// A JSON document with all requests
    Json,
}

/// The name of an interface.
fn interface() -> impl clap::builder::TypedValueParser<Value = Target> {
    let values = Target::ALL.map(|target| PossibleValue::new(target.name()).help(target.summary()));
    PossibleValuesParser::new(values).try_map(|name| Target::from_name(&name).ok_or("unknown"))
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let asked = &arguments.asked;
    let files = asked.sources()?;
    let project = super::project(out, global, &asked.paths())?;
    let catalog = project.catalog();
    let input = asked.from.as_deref().map(|name| dataset(&catalog, name)).transpose()?;
    let levels = project.levels();
    let world = World { levels: &levels, catalog: &catalog, input: input.as_ref() };
    let units = asked.units(&files, world)?;

    let mut compiler = Compiler { arguments, catalog: &catalog, clock: asked.clock() };
    let mut requests = Vec::new();
    let mut failed = false;
    for (file, units) in &units {
        let mut found: Vec<Diagnostic> = Vec::new();
        for unit in units {
            // Of the length of the address, the request itself says more below.
            let known = unit.diagnostics.iter().filter(|found| found.code != Code::UrlTooLong);
            found.extend(known.cloned());
            found.extend(
                compiler.unit(unit, &mut requests).into_iter().map(|d| d.shift(unit.base())),
            );
        }
        failed |= found.iter().any(Diagnostic::is_error);
        let findings: Vec<_> = found.iter().map(Finding::from).collect();
        let shown = human::findings(file, &findings, out.paint_error);
        out.tell(&shown)?;
    }
    if failed {
        return Ok(Exit::Findings);
    }
    print(out, arguments.format, &requests)?;
    Ok(Exit::Clean)
}

struct Compiler<'c> {
    arguments: &'c Arguments,
    catalog: &'c Catalog,
    clock: Clock,
}

impl Compiler<'_> {
    /// Adds the requests of a statement without errors; gives what is to be said of them, with
    /// spans that count from the beginning of the statement.
    fn unit(&mut self, unit: &Unit<'_>, requests: &mut Vec<Named>) -> Vec<Diagnostic> {
        let Some(valid) = unit.valid() else { return Vec::new() };
        let target = interface_for(valid, self.arguments.target, self.catalog);
        let lowered = target.and_then(|target| {
            let plan = Plan::new(valid, &self.arguments.asked.parameters, self.clock)?;
            lower(&plan, target, self.catalog)
        });
        match lowered {
            Ok(lowered) => {
                let name = unit.name().map(str::to_owned);
                requests.extend(
                    lowered
                        .requests
                        .into_iter()
                        .map(|request| Named { name: name.clone(), request }),
                );
                lowered.warnings
            }
            Err(refusals) => refusals,
        }
    }
}

/// The interface to compile for: as asked for, else as the portal's table says.
pub(crate) fn interface_for(
    valid: Valid<'_>,
    asked: Option<Target>,
    catalog: &Catalog,
) -> Result<Target, Vec<Diagnostic>> {
    let datasets = datasets(valid);
    let foreign = datasets.iter().find(|(_, dataset)| dataset.kind != PortalKind::Socrata);
    if let Some((span, dataset)) = foreign {
        let message = format!("`{}` is a portal of the kind `{}`", dataset.host, dataset.kind);
        let refusal = Diagnostic::new(Code::NotOnThisPortal, *span, message)
            .note("this version compiles for portals of the kind `socrata`");
        return Err(vec![refusal]);
    }
    Ok(asked.unwrap_or_else(|| customary(&datasets, catalog)))
}

fn print(out: &mut Output, format: Format, requests: &[Named]) -> Outcome<()> {
    if format == Format::Json {
        return Ok(out.json(&Document::new(requests))?);
    }
    if format == Format::Url && requests.iter().any(|named| named.request.body.is_some()) {
        let text = "the query is in the body of the request, which `--format curl` shows";
        out.tell_line(INFO, "note", text)?;
    }
    for (at, Named { request, .. }) in requests.iter().enumerate() {
        match format {
            Format::Url | Format::Json => {
                out.print(request.url().as_str())?;
                out.print("\n")?;
            }
            Format::Curl => out.print(&format!("{}\n", curl(request)))?,
            Format::Http => {
                let gap = if at > 0 { "\r\n\r\n" } else { "" };
                out.print(&format!("{gap}{}", http(request)))?;
            }
        }
    }
    Ok(())
}
