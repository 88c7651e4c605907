//! `tule explain`: what a code means, from the catalogue of diagnostics.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde::Serialize;
use tule_core::diagnostics::{CODES, Code, CodeInfo, explain};
use tule_core::names::{alternatives, similar};

use crate::exit::{Exit, Outcome, Stop};
use crate::output::{ADDED, Output, Paint, REMOVED, STRONG};
use crate::render::human::style;
use crate::render::table::{table, wrap};

/// Say what a code means, with an example and its repair
///
/// Without a code, lists them all.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tule explain
  tule explain unknown-column
  tule explain --format json")]
pub(crate) struct Arguments {
    /// The code, as findings show it in brackets
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// The form
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// A JSON document
    Json,
}

/// What `--format json` prints, in the form of `docs/explain.schema.json`.
#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    codes: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    code: &'static str,
    severity: &'static str,
    summary: &'static str,
    why: &'static str,
    failing: &'static str,
    repaired: &'static str,
    /// Whether it is reported unless the project says otherwise.
    on: bool,
    group: &'static str,
    /// The address of the same text on the web.
    page: String,
}

pub(crate) fn run(out: &mut Output, arguments: &Arguments) -> Outcome {
    let chosen = arguments.code.as_deref().map(code).transpose()?;
    match (arguments.format, chosen) {
        (Format::Json, _) => {
            let chosen = CODES.iter().filter(|info| chosen.is_none_or(|code| code == info.code));
            out.json(&Document { version: 1, codes: chosen.map(entry).collect() })?;
        }
        (Format::Text, Some(code)) => {
            let width = out.width().unwrap_or(80).min(88).into();
            out.print(&page(code.info(), width, out.paint))?;
        }
        (Format::Text, None) => {
            let rows = CODES.iter().map(|info| {
                let level = if info.on { info.severity.name() } else { "off" };
                [info.name, level, info.summary].map(str::to_owned).to_vec()
            });
            let header = ["code", "level", "what it finds"];
            out.print(&table(&header, rows.collect(), out.width(), out.paint))?;
        }
    }
    Ok(Exit::Clean)
}

fn code(name: &str) -> Outcome<Code> {
    // As findings show it, `error[unknown-column]` can be pasted whole.
    let name = name.split_once('[').map_or(name, |(_, rest)| rest);
    let name = name.trim_matches(['[', ']', '`', ':', ' ']).to_ascii_lowercase().replace('_', "-");
    Code::from_name(&name).ok_or_else(|| {
        let stop = Stop::usage(format!("no code `{name}`"));
        match similar(&name, CODES.iter().map(|info| info.name)).as_slice() {
            [] => stop.help("`tule explain` lists them all"),
            near => stop.help(format!("perhaps {} was meant", alternatives(near))),
        }
    })
}

fn entry(info: &CodeInfo) -> Entry {
    let text = explain(info.code);
    Entry {
        code: info.name,
        severity: info.severity.name(),
        summary: info.summary,
        why: text.why,
        failing: text.failing,
        repaired: text.repaired,
        on: info.on,
        group: info.group().title,
        page: info.page(),
    }
}

fn page(info: &CodeInfo, width: usize, paint: Paint) -> String {
    let text = explain(info.code);
    let severity = paint.on(style(info.severity), info.severity.name());
    let level = if info.on { severity } else { format!("{severity}, off unless asked for") };
    let mut out = format!("{} ({level})\n\n", paint.on(STRONG, info.name));
    out.push_str(&wrap(&format!("Finds {}.\n\n{}", info.summary, text.why), width));
    for (title, style, example) in
        [("Fails", REMOVED, text.failing), ("Repaired", ADDED, text.repaired)]
    {
        if example.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{}", paint.on(style, &format!("{title}:")));
        for line in example.lines() {
            let _ = writeln!(out, "{}", format!("    {line}").trim_end());
        }
    }
    let _ = writeln!(out, "\n{}", info.page());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_and_is_found_however_it_is_pasted() {
        for info in CODES {
            let page = page(info, 80, Paint(false));
            assert!(
                page.starts_with(info.name)
                    && page.contains(info.summary.split(' ').next().unwrap())
            );
            assert_eq!(code(&format!("error[{}]:", info.name)).unwrap(), info.code);
        }
        assert_eq!(code("Unknown_Column").unwrap(), Code::UnknownColumn);
        assert!(code("unknown-colum").is_err());
    }
}
