//! `tule check`: every finding in every query, without a network.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tule_core::diagnostics::Diagnostic;

use super::or_here;
use crate::analysis::{World, analyse};
use crate::args::Global;
use crate::exit::{Exit, Outcome, Stop};
use crate::output::{ERROR, FAINT, Output, WARNING};
use crate::project::{Project, dataset};
use crate::render::finding::Finding;
use crate::render::json::Document;
use crate::render::summary::{Counts, checked};
use crate::render::{concise, human, json};
use crate::source::{SourceFile, shown};
use crate::walk::{Input, inputs};

/// Check queries against the locked schemas
///
/// Reads `.tule` files and reports what a portal would refuse and what would silently give wrong
/// answers. Nothing but the files of the project is read: no network is used.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule check                              every query below this folder
  tule check queries/calls.tule           one file
  tule check --format json > report.json  for a program to read
  tule check - --from police_calls        a query typed on standard input, about one dataset")]
pub(crate) struct Arguments {
    /// Files, or folders to search for `.tule` files; `-` is standard input [default: .]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to show findings
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// The dataset that a select without FROM reads
    #[arg(long, value_name = "DATASET")]
    from: Option<String>,
    /// What standard input is called in findings
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// With the lines that findings are about
    Human,
    /// One line each
    Concise,
    /// A JSON document
    Json,
}

pub(crate) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let paths = or_here(&arguments.paths);
    let from_stdin = paths.iter().any(|path| path.as_os_str() == "-");
    if arguments.stdin_filename.is_some() && !from_stdin {
        return Err(Stop::usage("`--stdin-filename` names standard input, which is not read")
            .help("`-` among the paths reads it"));
    }
    let inputs = inputs(&paths)?;
    let mut places = paths.clone();
    places.extend(arguments.stdin_filename.clone());
    let project = super::project(out, global, &places)?;
    out.tell(&project.oddities)?;
    let catalog = project.catalog();
    let input = arguments.from.as_deref().map(|name| dataset(&catalog, name)).transpose()?;
    let levels = project.levels();
    let world = World { levels: &levels, catalog: &catalog, input: input.as_ref() };

    let mut report = Report {
        format: arguments.format,
        project: &project,
        counts: Counts::default(),
        queries: 0,
        document: Document::new(),
    };
    for input in &inputs {
        let file = match input {
            Input::Stdin => SourceFile::stdin(arguments.stdin_filename.as_deref())?,
            Input::File(path) => SourceFile::read(path)?,
        };
        report.file(out, &file, world)?;
    }
    report.finish(out, &paths)
}

struct Report<'p> {
    format: Format,
    project: &'p Project,
    counts: Counts,
    queries: usize,
    document: Document,
}

impl Report<'_> {
    fn file(&mut self, out: &mut Output, file: &SourceFile, world: World<'_>) -> Outcome<()> {
        let mut found: Vec<Diagnostic> = Vec::new();
        for unit in analyse(file, world) {
            self.queries += usize::from(unit.is_query());
            found.extend(unit.diagnostics);
        }
        for diagnostic in &found {
            self.counts.add(diagnostic);
        }
        self.document.files.push(file.name.clone());
        let findings: Vec<_> = found.iter().map(Finding::from).collect();
        match self.format {
            Format::Human => out.print(&human::findings(file, &findings, out.paint))?,
            Format::Concise => {
                for finding in &findings {
                    out.print(&concise::line(file, finding, out.paint))?;
                }
            }
            Format::Json => {
                let path = self.project.relative(file);
                self.document.diagnostics.extend(json::entries(file, &path, &found));
            }
        }
        Ok(())
    }

    fn finish(mut self, out: &mut Output, paths: &[PathBuf]) -> Outcome {
        if self.format == Format::Json {
            self.document.summary = self.counts;
            out.json(&self.document)?;
            return Ok(Exit::findings(self.counts.errors > 0));
        }
        let files = self.document.files.len();
        if files == 0 {
            let places: Vec<_> = paths.iter().map(|path| format!("`{}`", shown(path))).collect();
            out.tell_line(
                WARNING,
                "warning",
                &format!("no `.tule` files in {}", places.join(", ")),
            )?;
            return Ok(Exit::Clean);
        }
        let style = match self.counts {
            Counts { errors: 1.., .. } => ERROR,
            Counts { warnings: 1.., .. } => WARNING,
            _ => FAINT,
        };
        let text = checked(files, self.queries, self.counts);
        out.tell(&format!("{}\n", out.paint_error.on(style, &text)))?;
        Ok(Exit::findings(self.counts.errors > 0))
    }
}
