//! `tule run`: queries to rows.
//!
//! On local portals by the embedded engine, on others by asking them. Rows are printed as they come, so that a result of any size
//! needs little memory; what is said about them (how many, whether more exist, how long it took)
//! goes to standard error and never between them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{HumanBytes, HumanCount};
use tule_core::diagnostics::{Diagnostic, Severity};
use tule_core::plan::Plan;
use tule_syntax::span::Span;

use crate::analysis::{Unit, World};
use crate::args::Global;
use crate::asked::Asked;
use crate::atomic::Replacement;
use crate::escape::inert;
use crate::execute::{Engines, Started, reachable, uses_network};
use crate::exit::{Exit, Outcome, Stop};
use crate::interrupt::Interrupt;
use crate::local::LocalPortals;
use crate::output::{ERROR, FAINT, INFO, Output, Paint, STRONG, WARNING};
use crate::portal::Portals;
use crate::progress::Progress;
use crate::project::dataset;
use crate::render::finding::Finding;
use crate::render::human;
use crate::rows::source::{Completeness, Fault, Source};
use crate::rows::{Format, Look, Printed, Printer};
use crate::source::SourceFile;

/// Run queries and print the rows
///
/// Asks the portals that the queries name; on those of the kind `local`, folders of files, no
/// network is used. A query without LIMIT gives 1,000 rows, and standard error says if there are
/// more.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule run queries/calls.tule
  tule run -e 'select beat, count(*) as n from police_calls group by beat' --format json
  tule run queries/since.tule --name calls_since --param beat=C1 -o calls.csv
  tule run queries/calls.tule --local                  on the snapshot in a local portal

The form is the one asked for; else what the ending of FILE says; else a table on a terminal (or
a line for each value where no table fits), and CSV in a pipe. With `--output` the file is whole
or not there.

Exit codes: 0 all rows were printed, 1 a query is at fault, 2 usage or configuration, 3 the portal
cannot answer, 130 interrupted.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
    /// The form of the rows
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// A file for the rows, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The column that is the geometry of GeoJSON features, where the result has several
    #[arg(long, value_name = "COLUMN")]
    geometry: Option<String>,
    /// Read datasets of other portals from the local portal that has them under the same
    /// identifier
    #[arg(long)]
    local: bool,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let asked = &arguments.asked;
    let files = asked.sources()?;
    let project = super::project(out, global, &asked.paths())?;
    let portals = LocalPortals::open(out, &project)?;
    let catalog = portals.catalog(&project, arguments.local);
    let input = asked.from.as_deref().map(|name| dataset(&catalog, name)).transpose()?;
    let levels = project.levels();
    let world = World { levels: &levels, catalog: &catalog, input: input.as_ref() };
    let units = asked.units(&files, world)?;

    let mut failed = false;
    let mut plans: Vec<(&SourceFile, &Unit<'_>, Plan<'_>)> = Vec::new();
    for (file, units) in &units {
        let mut found: Vec<Diagnostic> = Vec::new();
        for unit in units {
            found.extend(unit.diagnostics.iter().filter(|d| !is_about_limit(d)).cloned());
            let Some(valid) = unit.valid() else { continue };
            let plan = reachable(valid, arguments.local)
                .and_then(|()| Plan::new(valid, &asked.parameters, asked.clock()));
            match plan {
                Ok(plan) => plans.push((file, unit, plan)),
                Err(faults) => found.extend(faults.into_iter().map(|d| d.shift(unit.base()))),
            }
        }
        failed |= found.iter().any(Diagnostic::is_error);
        show(out, file, &found)?;
    }
    if failed {
        return Ok(Exit::Findings);
    }
    let format = format(arguments, plans.len(), out.width().is_some())?;
    let interrupt = Interrupt::listen()?;
    // Tokens are read where something is asked of a portal, and nowhere else.
    let asks = plans.iter().any(|(.., plan)| uses_network(plan.valid));
    let remote = asks.then(|| Portals::open(&project, false)).transpose()?;
    let engines = Engines { local: &portals, remote: remote.as_ref(), catalog: &catalog };
    let mut runner = Runner { arguments, format, engines, interrupt };
    for (at, (file, unit, plan)) in plans.iter().enumerate() {
        if plans.len() > 1 {
            heading(out, format, at, file, unit)?;
        }
        let exit = runner.unit(out, file, unit, plan)?;
        if exit != Exit::Clean {
            return Ok(exit);
        }
    }
    Ok(Exit::Clean)
}

/// What the footer says better, when it is known whether rows were left out.
fn is_about_limit(diagnostic: &Diagnostic) -> bool {
    diagnostic.code.name() == "implicit-limit" && diagnostic.severity != Severity::Error
}

fn show(out: &mut Output, file: &SourceFile, found: &[Diagnostic]) -> Outcome<()> {
    let findings: Vec<_> = found.iter().map(Finding::from).collect();
    let shown = human::findings(file, &findings, out.paint_error);
    Ok(out.tell(&shown)?)
}

/// The form of the rows; `None` is a table that may turn where it does not fit.
fn format(arguments: &Arguments, results: usize, is_terminal: bool) -> Outcome<Option<Format>> {
    let format = match (&arguments.format, &arguments.output) {
        (Some(format), _) => Some(*format),
        (None, Some(path)) => Some(by_ending(path)?),
        (None, None) if is_terminal => None,
        (None, None) if results > 1 => Some(Format::Table),
        (None, None) => Some(Format::Csv),
    };
    let one = format.is_some_and(|format| !format.is_for_people()) || arguments.output.is_some();
    if one && results > 1 {
        let message = format!("{results} queries, and the output holds the rows of one");
        return Err(Stop::usage(message).help("`--name` chooses a named query"));
    }
    Ok(format)
}

/// The form that a file's name asks for.
fn by_ending(path: &Path) -> Outcome<Format> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    Ok(match &*ending.to_ascii_lowercase() {
        "csv" => Format::Csv,
        "tsv" | "tab" => Format::Tsv,
        "json" => Format::Json,
        "jsonl" | "ndjson" => Format::Jsonl,
        "geojson" => Format::Geojson,
        "md" | "markdown" => Format::Markdown,
        "txt" => Format::Table,
        _ => {
            let message = format!("the ending of `{}` says no form", path.display());
            return Err(Stop::usage(message).help("give one with `--format`"));
        }
    })
}

/// Tells results of several queries apart.
fn heading(
    out: &mut Output,
    format: Option<Format>,
    at: usize,
    file: &SourceFile,
    unit: &Unit<'_>,
) -> Outcome<()> {
    let place = || {
        let query = unit.valid().and_then(|valid| valid.statement().query.as_ref());
        let start = unit.base() + query.map_or(0, |query| query.span.start);
        format!("{}:{}", file.name, file.position(start).line)
    };
    let name = unit.name().map_or_else(place, str::to_owned);
    let gap = if at > 0 { "\n" } else { "" };
    let text = match format {
        Some(Format::Markdown) => format!("{gap}### {}\n\n", inert(&name)),
        _ => format!("{gap}{}\n", out.paint.on(STRONG, &inert(&name))),
    };
    Ok(out.print(&text)?)
}

/// Rows that were printed, whether they are all, and what else is to be said of them.
type Done = (Printed, Completeness, Vec<String>);

struct Runner<'r> {
    arguments: &'r Arguments,
    format: Option<Format>,
    engines: Engines<'r>,
    interrupt: Interrupt,
}

impl Runner<'_> {
    /// Runs one query and prints its rows, or says why there are none.
    fn unit(
        &mut self,
        out: &mut Output,
        file: &SourceFile,
        unit: &Unit<'_>,
        plan: &Plan<'_>,
    ) -> Outcome {
        let started = Instant::now();
        let progress = Progress::new();
        let result = self.rows(out, plan, &progress);
        progress.clear();
        let (printed, completeness, notes) = match result? {
            Ok(done) => done,
            Err(fault) => return refused(out, file, unit, fault),
        };
        self.footer(out, printed, completeness, started.elapsed())?;
        for note in notes {
            out.tell_line(INFO, "note", &note)?;
        }
        if let Some(remote) = self.engines.remote {
            remote.tell_notices(out)?;
        }
        Ok(Exit::Clean)
    }

    fn rows(
        &mut self,
        out: &mut Output,
        plan: &Plan<'_>,
        progress: &Progress,
    ) -> Outcome<Result<Done, Fault>> {
        let started = match self.engines.start(plan) {
            Ok(started) => started,
            Err(fault) => return Ok(Err(fault)),
        };
        let Started { mut source, cancel } = started;
        self.interrupt.set(move || cancel.cancel());
        let result = self.to_output(out, &mut *source, progress);
        self.interrupt.clear();
        result
    }

    fn to_output(
        &self,
        out: &mut Output,
        source: &mut dyn Source,
        progress: &Progress,
    ) -> Outcome<Result<Done, Fault>> {
        let to_file = self.arguments.output.is_some();
        let width = out.width().filter(|_| !to_file);
        let look = Look {
            format: self.format,
            width,
            is_terminal: width.is_some(),
            paint: if to_file { Paint(false) } else { out.paint },
            geometry: self.arguments.geometry.as_deref(),
        };
        let Some(path) = &self.arguments.output else {
            let mut visible = Visible { out, progress };
            return self.print(source, look, &mut visible, progress);
        };
        let failed = |error: &io::Error| Stop::file("write", path, error);
        let mut file = Replacement::begin(path).map_err(|error| failed(&error))?;
        let result = self.print(source, look, &mut file, progress).map_err(|stop| match stop {
            Stop::Output(error) => failed(&error),
            other => other,
        })?;
        if result.is_ok() {
            file.keep().map_err(|error| failed(&error))?;
        }
        Ok(result)
    }

    fn print(
        &self,
        source: &mut dyn Source,
        look: Look<'_>,
        sink: &mut dyn Write,
        progress: &Progress,
    ) -> Outcome<Result<Done, Fault>> {
        let columns = source.columns().to_vec();
        let mut printer = Printer::new(&columns, look, sink)
            .map_err(|(message, help)| Stop::usage(message).help(help))?;
        // Where no row can be had, a header alone would look like an empty result.
        let mut has_begun = false;
        loop {
            if self.interrupt.is_set() {
                return Ok(Err(Fault::Cancelled));
            }
            let row = match source.next_row() {
                Ok(row) => row,
                Err(fault) => return Ok(Err(fault)),
            };
            if !std::mem::replace(&mut has_begun, true) {
                printer.begin()?;
            }
            let Some(row) = row else { break };
            printer.row(&row)?;
            progress.show(printer.so_far());
        }
        let (completeness, notes) = (source.completeness(), source.notes());
        Ok(Ok((printer.end()?, completeness, notes)))
    }

    fn footer(
        &self,
        out: &mut Output,
        printed: Printed,
        completeness: Completeness,
        took: Duration,
    ) -> Outcome<()> {
        let rows = if printed.rows == 1 { "row" } else { "rows" };
        let to = self
            .arguments
            .output
            .as_ref()
            .map_or(String::new(), |path| format!(" in {}", inert(&path.to_string_lossy())));
        let line = format!(
            "{} {rows}{to}, {}, {:.2} s\n",
            HumanCount(printed.rows),
            HumanBytes(printed.bytes),
            took.as_secs_f64()
        );
        out.tell(&out.paint_error.on(FAINT, &line))?;
        if let Completeness::CutAt(limit) = completeness {
            let text = format!(
                "cut at {} rows, and more exist: the query has no LIMIT; `limit all` gives every row",
                HumanCount(limit)
            );
            out.tell_line(WARNING, "warning", &text)?;
        }
        Ok(())
    }
}

/// Says why there are no rows, or not all of them.
fn refused(out: &mut Output, file: &SourceFile, unit: &Unit<'_>, fault: Fault) -> Outcome {
    match fault {
        Fault::Cancelled => {
            out.tell_line(WARNING, "interrupted", "the result is not whole")?;
            Ok(Exit::Cancelled)
        }
        Fault::Portal(message) => {
            out.tell_line(ERROR, "error", &message)?;
            Ok(Exit::Portal)
        }
        Fault::Query { code, message, span } => {
            let whole = unit.valid().and_then(|valid| valid.statement().query.as_ref());
            let span = span.or(whole.map(|query| query.span)).unwrap_or_default();
            let base = unit.base();
            let span = Span::new(span.start + base, span.end + base);
            let finding = Finding { code: Some(code), ..Finding::error(span, &message, "") };
            let shown = human::findings(file, &[finding], out.paint_error);
            out.tell(&shown)?;
            Ok(Exit::Findings)
        }
    }
}

/// Standard output, with the progress taken off the screen before anything is written.
struct Visible<'v> {
    out: &'v mut Output,
    progress: &'v Progress,
}

impl Write for Visible<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() && self.out.width().is_some() {
            self.progress.clear();
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.finish()
    }
}
