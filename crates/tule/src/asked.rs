//! Which queries a command is asked for, and with which values: what `compile` and `run` share.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use jiff::civil::DateTime;
use tule_core::diagnostics::Diagnostic;
use tule_core::names::{alternatives, fold, similar};
use tule_core::plan::Clock;

use crate::analysis::{Unit, World, analyse};
use crate::exit::{Outcome, Stop};
use crate::source::SourceFile;
use crate::walk::{Input, Wanted, inputs};

/// Options that choose queries.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("input").required(true).args(["path", "expression"]))]
pub(crate) struct Asked {
    /// A file, or a folder to search for `.tule` files; `-` is standard input
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// A query, instead of a file
    // A query may begin with a comment.
    #[arg(short, long, value_name = "QUERY", allow_hyphen_values = true)]
    pub(crate) expression: Option<String>,
    /// A value for a parameter of the queries; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    pub(crate) parameters: Vec<(String, String)>,
    /// Only the query of this name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The dataset that a select without FROM reads
    #[arg(long, value_name = "DATASET")]
    pub(crate) from: Option<String>,
    /// Date and time for `today()` and `now()`, so that output can be compared
    #[arg(long, value_name = "TIME", hide = true)]
    now: Option<DateTime>,
}

/// This moment, in the zone of this machine.
pub(crate) fn clock() -> Clock {
    let now = jiff::ZonedDateTime::now();
    let utc = jiff::tz::TimeZone::UTC.to_datetime(now.timestamp());
    Clock { local: now.datetime(), utc }
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

impl Asked {
    /// The paths given.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.path.clone().into_iter().collect()
    }

    /// The texts that hold the queries.
    pub(crate) fn sources(&self) -> Outcome<Vec<SourceFile>> {
        if let Some(query) = &self.expression {
            return Ok(vec![SourceFile::text("<query>", query)]);
        }
        inputs(&self.paths(), Wanted::Queries)?
            .iter()
            .map(|input| match input {
                Input::Stdin => SourceFile::stdin(None),
                Input::File(path) => SourceFile::read(path),
            })
            .collect()
    }

    /// The statements that are asked for, by file; at least one. Parameters given are ones that
    /// they declare, if nothing is wrong with them.
    pub(crate) fn units<'f>(
        &self,
        files: &'f [SourceFile],
        world: World<'_>,
    ) -> Outcome<Vec<(&'f SourceFile, Vec<Unit<'f>>)>> {
        let units: Vec<_> =
            files.iter().map(|file| (file, self.chosen(analyse(file, world)))).collect();
        self.nothing_to_do(files, &units, world)?;
        let all = || units.iter().flat_map(|(_, units)| units);
        if !all().any(|unit| unit.diagnostics.iter().any(Diagnostic::is_error)) {
            self.parameters_exist(all())?;
        }
        Ok(units)
    }

    /// The time of the request, in the zone of this machine.
    pub(crate) fn clock(&self) -> Clock {
        if let Some(now) = self.now {
            return Clock { local: now, utc: now };
        }
        clock()
    }

    /// The statements that are asked for. Of those without a query, the ones that are at fault.
    fn chosen<'t>(&self, units: Vec<Unit<'t>>) -> Vec<Unit<'t>> {
        let wanted = |unit: &Unit<'_>| match &self.name {
            Some(name) => unit.name().is_some_and(|known| fold(known) == fold(name)),
            None => unit.is_query() || !unit.diagnostics.is_empty(),
        };
        units.into_iter().filter(wanted).collect()
    }

    /// Stops where no statement is left.
    fn nothing_to_do(
        &self,
        files: &[SourceFile],
        units: &[(&SourceFile, Vec<Unit<'_>>)],
        world: World<'_>,
    ) -> Outcome<()> {
        if units.iter().any(|(_, units)| !units.is_empty()) {
            return Ok(());
        }
        let Some(name) = &self.name else { return Err(Stop::usage("no query in the input")) };
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
    fn parameters_exist<'u>(&self, units: impl Iterator<Item = &'u Unit<'u>>) -> Outcome<()> {
        let declared: Vec<&str> = units
            .filter_map(Unit::valid)
            .flat_map(|valid| &valid.typed().parameters)
            .map(|parameter| &*parameter.name)
            .collect();
        for (name, _) in &self.parameters {
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
}
