//! `tule compile`: queries to the requests that ask a portal for them.
//!
//! All or nothing: if a query is at fault, no request is printed, so that a script that reads the
//! output never sends half of what was asked for.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{ArgGroup, Args, ValueEnum};
use jiff::civil::DateTime;
use tule_core::check::{Relation, Valid};
use tule_core::diagnostics::{Code, Diagnostic};
use tule_core::lower::lower;
use tule_core::names::{alternatives, fold, similar};
use tule_core::plan::{Clock, Plan};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::manifest::PortalKind;
use tule_core::target::Target;
use tule_syntax::span::Span;

use crate::analysis::{Unit, World, analyse};
use crate::args::Global;
use crate::exit::{Exit, Outcome, Stop};
use crate::output::{INFO, Output};
use crate::project::dataset;
use crate::render::finding::Finding;
use crate::render::human;
use crate::render::request::{Document, Named, curl, http};
use crate::source::SourceFile;
use crate::walk::{Input, Wanted, inputs};

/// Print the portal's API requests for queries
///
/// Each query becomes one request. If any query is at fault, the findings go to standard error
/// and nothing is printed.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("input").required(true).args(["path", "expression"]))]
#[command(after_help = "\
Examples:
  tule compile queries/calls.tule                      one address per query
  tule compile -e 'select beat from police_calls' --format curl
  tule compile queries/since.tule --name calls_since --param beat=K1
  tule compile queries/calls.tule --target soda3 --format json

A token is never part of a request that is printed.")]
pub(crate) struct Arguments {
    /// A file, or a folder to search for `.tule` files; `-` is standard input
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// A query, instead of a file
    #[arg(short, long, value_name = "QUERY")]
    expression: Option<String>,
    /// The portal's interface [default: the portal's `api` in `tule.toml`, else soda2]
    #[arg(long, value_name = "TARGET", value_parser = interface())]
    target: Option<Target>,
    /// A value for a parameter of the queries; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Only the query of this name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The dataset that a select without FROM reads
    #[arg(long, value_name = "DATASET")]
    from: Option<String>,
    /// The form of the requests
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "url")]
    format: Format,
    /// Date and time for `today()` and `now()`, so that output can be compared
    #[arg(long, value_name = "TIME", hide = true)]
    now: Option<DateTime>,
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

/// `name=value`, with or without the `$` of the name.
fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| "expected `NAME=VALUE`".to_owned())?;
    let name = name.trim().trim_start_matches('$');
    if name.is_empty() {
        return Err("no name in front of `=`".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let files = sources(arguments)?;
    let paths: Vec<PathBuf> = arguments.path.clone().into_iter().collect();
    let project = super::project(out, global, &paths)?;
    let catalog = project.catalog();
    let input = arguments.from.as_deref().map(|name| dataset(&catalog, name)).transpose()?;
    let levels = project.levels();
    let world = World { levels: &levels, catalog: &catalog, input: input.as_ref() };
    let units: Vec<(&SourceFile, Vec<Unit<'_>>)> = files
        .iter()
        .map(|file| (file, chosen(analyse(file, world), arguments.name.as_deref())))
        .collect();

    nothing_to_do(&files, &units, arguments, world)?;
    let mut compiler = Compiler { arguments, catalog: &catalog, clock: clock(arguments.now) };
    let mut requests = Vec::new();
    let mut failed = false;
    let valid = units
        .iter()
        .flat_map(|(_, units)| units)
        .all(|unit| !unit.diagnostics.iter().any(Diagnostic::is_error));
    if valid {
        parameters_exist(units.iter().flat_map(|(_, units)| units), &arguments.parameters)?;
    }
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

fn sources(arguments: &Arguments) -> Outcome<Vec<SourceFile>> {
    if let Some(query) = &arguments.expression {
        return Ok(vec![SourceFile::text("<query>", query)]);
    }
    let paths: Vec<PathBuf> = arguments.path.clone().into_iter().collect();
    inputs(&paths, Wanted::Queries)?
        .iter()
        .map(|input| match input {
            Input::Stdin => SourceFile::stdin(None),
            Input::File(path) => SourceFile::read(path),
        })
        .collect()
}

/// The statements that are asked for. Of those without a query, the ones that are at fault.
fn chosen<'t>(units: Vec<Unit<'t>>, name: Option<&str>) -> Vec<Unit<'t>> {
    let wanted = |unit: &Unit<'_>| match name {
        Some(name) => unit.name().is_some_and(|known| fold(known) == fold(name)),
        None => unit.is_query() || !unit.diagnostics.is_empty(),
    };
    units.into_iter().filter(wanted).collect()
}

/// Stops where no statement is left to compile.
fn nothing_to_do(
    files: &[SourceFile],
    units: &[(&SourceFile, Vec<Unit<'_>>)],
    arguments: &Arguments,
    world: World<'_>,
) -> Outcome<()> {
    if units.iter().any(|(_, units)| !units.is_empty()) {
        return Ok(());
    }
    let Some(name) = &arguments.name else { return Err(Stop::usage("no query to compile")) };
    let all: Vec<String> = files
        .iter()
        .flat_map(|file| analyse(file, world))
        .filter_map(|unit| unit.name().map(str::to_owned))
        .collect();
    let names = || all.iter().map(String::as_str);
    let near = similar(name, names());
    let near = if near.is_empty() { names().collect() } else { near };
    let stop = Stop::usage(format!("no query is named `{name}`"));
    Err(match near.as_slice() {
        [] => stop.help("`query name() as select ...` names one"),
        near => stop.help(format!("there is {}", alternatives(near))),
    })
}

/// A value that no query asks for is a misspelling, or meant for another file.
fn parameters_exist<'u>(
    units: impl Iterator<Item = &'u Unit<'u>>,
    given: &[(String, String)],
) -> Outcome<()> {
    let declared: Vec<&str> = units
        .filter_map(Unit::valid)
        .flat_map(|valid| &valid.typed().parameters)
        .map(|parameter| &*parameter.name)
        .collect();
    for (name, _) in given {
        if declared.iter().any(|known| fold(known) == fold(name)) {
            continue;
        }
        let stop = Stop::usage(format!("no query has a parameter `{name}`"));
        return Err(match similar(name, declared.iter().copied()).as_slice() {
            [] => stop,
            near => stop.help(format!("perhaps {} was meant", alternatives(near))),
        });
    }
    Ok(())
}

/// The time of the request, in the zone of this machine.
fn clock(now: Option<DateTime>) -> Clock {
    if let Some(now) = now {
        return Clock { local: now, utc: now };
    }
    let now = jiff::ZonedDateTime::now();
    let utc = jiff::tz::TimeZone::UTC.to_datetime(now.timestamp());
    Clock { local: now.datetime(), utc }
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
        let lowered = self.target(valid).and_then(|target| {
            let plan = Plan::new(valid, &self.arguments.parameters, self.clock)?;
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

    /// The interface to compile for: as asked for, else as the portal's table says.
    fn target(&self, valid: Valid<'_>) -> Result<Target, Vec<Diagnostic>> {
        let datasets = datasets(valid);
        let foreign = datasets.iter().find(|(_, dataset)| dataset.kind != PortalKind::Socrata);
        if let Some((span, dataset)) = foreign {
            let message = format!("`{}` is a portal of the kind `{}`", dataset.host, dataset.kind);
            let refusal = Diagnostic::new(Code::NotOnThisPortal, *span, message)
                .note("this version compiles for portals of the kind `socrata`");
            return Err(vec![refusal]);
        }
        if let Some(target) = self.arguments.target {
            return Ok(target);
        }
        let portal = datasets.first().and_then(|(_, dataset)| self.catalog.portal_for(dataset));
        Ok(portal.and_then(|portal| portal.api).unwrap_or_default())
    }
}

/// The datasets of a statement and where they are named; one that is not named stands for the
/// whole statement.
fn datasets(valid: Valid<'_>) -> Vec<(Span, &Dataset)> {
    let typed = valid.typed();
    let mut named: Vec<_> =
        typed.datasets.iter().map(|(span, dataset)| (*span, &**dataset)).collect();
    named.sort_by_key(|(span, _)| *span);
    let whole = valid.statement().query.as_ref().map_or(Span::default(), |query| query.span);
    let tables = typed.selects.iter().flat_map(|select| &select.tables);
    let unnamed = tables.filter_map(|table| match &table.relation {
        Relation::Dataset(dataset) => Some((whole, &**dataset)),
        _ => None,
    });
    named.extend(unnamed);
    named
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
