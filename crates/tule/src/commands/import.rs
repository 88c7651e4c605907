//! `tule import`: an API call that works, as a query.

use clap::{Args, ValueEnum};
use serde::Serialize;
use tule_core::diagnostics::Severity;
use tule_core::import::{ImportError, Imported, import};
use tule_syntax::format::{Options, format};
use tule_syntax::span::Span;

use crate::exit::{Exit, Outcome};
use crate::output::{INFO, Output};
use crate::render::finding::Finding;
use crate::render::human;
use crate::source::SourceFile;

/// Turn a portal's API call into a query
///
/// Takes an address, the JSON body of a SODA 3 request, or a curl command with either, and prints
/// a query that asks for the same rows. What a query cannot carry over is an error; what changes
/// only the form of the answer is left out with a note.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule import 'https://data.stocktonca.gov/resource/esc4-8x43.json?beat=K1&$limit=5'
  tule import - < request.sh > queries/calls.tule
  tule import --format json 'https://data.stocktonca.gov/resource/esc4-8x43.json'")]
pub(crate) struct Arguments {
    /// The address; `-` reads it, a JSON body or a curl command from standard input
    #[arg(value_name = "URL")]
    input: String,
    /// The form of the query
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "tule")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// The query, laid out
    Tule,
    /// A JSON document with the query, its dataset and the notes
    Json,
}

/// What `--format json` prints, in the form of `docs/import.schema.json`.
#[derive(Debug, Serialize)]
struct Document<'i> {
    version: u32,
    statement: &'i str,
    host: Option<&'i str>,
    dataset: Option<&'i str>,
    target: &'static str,
    notes: &'i [String],
}

pub(crate) fn run(out: &mut Output, arguments: &Arguments) -> Outcome {
    let file = match arguments.input.as_str() {
        "-" => SourceFile::stdin(None)?,
        input => SourceFile::text("<argument>", input),
    };
    if let Some(fault) = &file.fault {
        return refuse(out, &file, &Finding::from(fault));
    }
    match import(&file.text) {
        Ok(imported) => show(out, arguments.format, &imported),
        Err(error) => refuse(out, &file, &finding(&error)),
    }
}

fn show(out: &mut Output, form: Format, imported: &Imported) -> Outcome {
    let formatted = format(&imported.statement, &Options::default());
    match form {
        Format::Tule => {
            out.foreign(&formatted.text)?;
            for note in &imported.notes {
                out.tell_line(INFO, "note", note)?;
            }
        }
        Format::Json => out.json(&Document {
            version: 1,
            statement: &formatted.text,
            host: imported.host.as_deref(),
            dataset: imported.dataset.as_deref(),
            target: imported.target.name(),
            notes: &imported.notes,
        })?,
    }
    Ok(Exit::Clean)
}

/// Why an address is no query, as it is shown.
pub(crate) fn finding(error: &ImportError) -> Finding<'_> {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Finding {
        severity: Severity::Error,
        code: Some(error.code),
        span: error.span.as_ref().map(|span| Span::new(offset(span.start), offset(span.end))),
        message: &error.message,
        labels: Vec::new(),
        notes: Vec::new(),
        help: error.help.as_deref(),
    }
}

fn refuse(out: &mut Output, file: &SourceFile, finding: &Finding<'_>) -> Outcome {
    let shown = human::findings(file, std::slice::from_ref(finding), out.paint_error);
    out.tell(&shown)?;
    Ok(Exit::Findings)
}
