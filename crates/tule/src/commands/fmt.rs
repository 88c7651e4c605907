//! `tule fmt`: the one way queries are laid out.
//!
//! Files are replaced only if something changes, and then whole. A statement that cannot be read
//! is left as it is and reported; the others of its file are laid out all the same.

use std::path::PathBuf;

use clap::Args;
use tule_core::diagnostics::{Diagnostic, from_syntax};
use tule_syntax::format::{MAX_WIDTH, MIN_WIDTH, Options, format};
use tule_syntax::parser::parse_file;

use super::or_here;
use crate::atomic;
use crate::diff::print_diff;
use crate::escape::inert;
use crate::exit::{Exit, Outcome};
use crate::output::{FAINT, Output, WARNING};
use crate::render::finding::Finding;
use crate::render::human;
use crate::render::summary::count;
use crate::source::{SourceFile, shown};
use crate::walk::{Input, Wanted, inputs};

/// Lay queries out in the one way
///
/// Files are rewritten in place, comments and the inside of strings untouched. Standard input is
/// written to standard output.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule fmt                    lay out every query below this folder
  tule fmt --check            for CI: list what would change, change nothing
  tule fmt --diff queries/    show what would change
  tule fmt - < calls.tule     from an editor")]
pub(crate) struct Arguments {
    /// Files, or folders to search for `.tule` files; `-` is standard input [default: .]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; list the files that would change
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    diff: bool,
    /// Columns a line should have at most
    #[arg(
        long,
        value_name = "COLUMNS",
        default_value_t = Options::default().width,
        value_parser = clap::value_parser!(u32).range(i64::from(MIN_WIDTH)..=i64::from(MAX_WIDTH))
    )]
    width: u32,
}

#[derive(Default)]
struct Tally {
    files: usize,
    changed: usize,
    unreadable: bool,
}

pub(crate) fn run(out: &mut Output, arguments: &Arguments) -> Outcome {
    let paths = or_here(&arguments.paths);
    let inputs = inputs(&paths, Wanted::Queries)?;
    let mut tally = Tally::default();
    for input in &inputs {
        let file = match input {
            Input::Stdin => SourceFile::stdin(None)?,
            Input::File(path) => SourceFile::read(path)?,
        };
        one(out, arguments, &file, &mut tally)?;
    }
    let only_asks = arguments.check || arguments.diff;
    if inputs.is_empty() {
        let places: Vec<_> = paths.iter().map(|path| format!("`{}`", shown(path))).collect();
        out.tell_line(WARNING, "warning", &format!("no `.tule` files in {}", places.join(", ")))?;
    } else if inputs != [Input::Stdin] {
        let all = count(tally.files, "file", "files");
        let text = match (tally.changed, only_asks) {
            (0, _) => format!("{all}: nothing to change\n"),
            (changed, true) => format!("{changed} of {all} would change\n"),
            (changed, false) => format!("{changed} of {all} changed\n"),
        };
        out.tell(&out.paint_error.on(FAINT, &text))?;
    }
    Ok(Exit::findings(tally.unreadable || only_asks && tally.changed > 0))
}

fn one(
    out: &mut Output,
    arguments: &Arguments,
    file: &SourceFile,
    tally: &mut Tally,
) -> Outcome<()> {
    tally.files += 1;
    if let Some(fault) = &file.fault {
        tally.unreadable = true;
        return report(out, file, std::slice::from_ref(fault));
    }
    let formatted = format(&file.text, &Options { width: arguments.width });
    let changed = formatted.text != file.text;
    tally.changed += usize::from(changed);
    if arguments.check && changed {
        out.print(&format!("{}\n", inert(&file.name)))?;
    }
    if arguments.diff && changed {
        print_diff(out, &file.name, &file.text, &formatted.text)?;
    }
    if !arguments.check && !arguments.diff {
        match &file.path {
            None => out.foreign(&formatted.text)?,
            Some(path) if changed => {
                atomic::write(path, &file.with_text(formatted.text).on_disk())?;
            }
            Some(_) => {}
        }
    }
    if formatted.skipped.is_empty() {
        return Ok(());
    }
    tally.unreadable = true;
    let faults: Vec<_> = parse_file(&file.text)
        .iter()
        .flat_map(|parsed| {
            let text = parsed.range.text(&file.text);
            let base = parsed.range.start;
            parsed.errors.iter().map(move |error| from_syntax(error, text).shift(base))
        })
        .collect();
    report(out, file, &faults)
}

fn report(out: &mut Output, file: &SourceFile, faults: &[Diagnostic]) -> Outcome<()> {
    let findings: Vec<_> = faults.iter().map(Finding::from).collect();
    let shown = human::findings(file, &findings, out.paint_error);
    Ok(out.tell(&shown)?)
}
