//! Which form findings are shown in, and where.

use std::env;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use tule_core::diagnostics::Applicability;

use super::super::or_here;
use super::Arguments;
use crate::atomic;
use crate::exit::{Exit, Outcome};
use crate::output::{ERROR, FAINT, Output, WARNING};
use crate::render::finding::Finding;
use crate::render::summary::{Counts, checked};
use crate::render::{concise, github, gitlab, human, json, junit, rdjson, sarif};
use crate::report::{FileReport, Report, Reported};
use crate::source::shown;

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::commands) enum Format {
    /// With the lines that findings are about
    Human,
    /// One line each
    Concise,
    /// A JSON document
    Json,
    /// A JSON document on a line for each finding
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations in GitHub Actions
    Github,
    /// A code quality report for GitLab
    Gitlab,
    /// Test results in the form of `JUnit`
    Junit,
    /// The format of reviewdog
    Rdjson,
    /// One line each, as GCC writes it
    Gcc,
}

impl Format {
    /// Whether a program reads it, which wants no summary beside it.
    pub(in crate::commands) fn is_document(self) -> bool {
        !matches!(self, Self::Human | Self::Concise | Self::Gcc)
    }
}

/// Shows what was found, in the form and at the place that the user chose.
pub(super) fn print(out: &mut Output, arguments: &Arguments, files: &[FileReport]) -> Outcome {
    let base = ci_folder();
    let deny_warnings = arguments.levels.deny_warnings;
    let report = Report { files, base: base.as_deref(), deny_warnings };
    let format = arguments.format.unwrap_or(Format::Human);
    if let Some(path) = &arguments.output_file {
        let mut text = out.to_text();
        findings(&mut text, format, &report)?;
        atomic::write(path, &text.into_text())?;
    } else {
        findings(out, format, &report)?;
        if arguments.format.is_none() && in_github_actions() {
            out.print(&github::annotations(&report))?;
        }
    }
    if arguments.output_file.is_some() || !format.is_document() {
        summary(out, arguments, &report)?;
    }
    Ok(exit(&report))
}

/// How a run with this outcome ends.
pub(in crate::commands) fn exit(report: &Report<'_>) -> Exit {
    let counts = report.counts();
    Exit::findings(counts.errors > 0 || report.deny_warnings && counts.warnings > 0)
}

/// Writes the findings.
pub(in crate::commands) fn findings(
    out: &mut Output,
    format: Format,
    report: &Report<'_>,
) -> Outcome<()> {
    match format {
        Format::Human => {
            for report in report.files {
                let findings: Vec<_> =
                    report.found.iter().map(|found| Finding::from(&found.diagnostic)).collect();
                out.print(&human::findings(&report.file, &findings, out.paint))?;
            }
        }
        Format::Concise | Format::Gcc => {
            for (file, found) in report.findings() {
                let finding = Finding::from(&found.diagnostic);
                let line = match format {
                    Format::Gcc => concise::gcc(file, &finding),
                    _ => concise::line(file, &finding, out.paint),
                };
                out.print(&line)?;
            }
        }
        Format::Json => out.json(&json::document(report))?,
        Format::Jsonl => {
            for (file, found) in report.findings() {
                out.json_line(&json::line(file, found))?;
            }
        }
        Format::Sarif => out.json(&sarif::document(report))?,
        Format::Gitlab => out.json(&gitlab::issues(report))?,
        Format::Rdjson => out.json(&rdjson::document(report))?,
        Format::Github => out.print(&github::annotations(report))?,
        Format::Junit => out.print(&junit::document(report)?)?,
    }
    Ok(())
}

/// One line about everything, and what can be done about it.
pub(super) fn summary(out: &mut Output, arguments: &Arguments, report: &Report<'_>) -> Outcome<()> {
    if report.files.is_empty() {
        let paths = or_here(&arguments.paths);
        let places: Vec<_> = paths.iter().map(|path| format!("`{}`", shown(path))).collect();
        let text = format!("no {} in {}", arguments.wanted().name(), places.join(", "));
        out.tell_line(WARNING, "warning", &text)?;
        return Ok(());
    }
    let counts = report.counts();
    let style = match counts {
        Counts { errors: 1.., .. } => ERROR,
        Counts { warnings: 1.., .. } => WARNING,
        _ => FAINT,
    };
    let queries = report.files.iter().map(|report| report.queries).sum();
    let mut text = checked(report.files.len(), queries, counts);
    if report.accepted() > 0 {
        let _ = write!(text, " ({} more in the baseline)", report.accepted());
    }
    out.tell(&format!("{}\n", out.paint_error.on(style, &text)))?;
    if !(arguments.repairs.fix || arguments.repairs.diff) {
        out.tell(&out.paint_error.on(FAINT, &repairable(report)))?;
    }
    Ok(())
}

/// How many findings have a repair, and with which options it is applied.
fn repairable(report: &Report<'_>) -> String {
    let best = |found: &Reported| found.diagnostic.fixes.iter().map(|fix| fix.applicability).min();
    let with = |wanted| report.findings().filter(|(_, found)| best(found) == Some(wanted)).count();
    match (with(Applicability::Safe), with(Applicability::Unsafe)) {
        (0, 0) => String::new(),
        (safe, 0) => format!("{safe} can be repaired with `--fix`\n"),
        (0, all) => format!("{all} can be repaired with `--fix --unsafe-fixes`\n"),
        (safe, more) => format!(
            "{safe} can be repaired with `--fix`, {more} more with `--fix --unsafe-fixes`\n"
        ),
    }
}

fn in_github_actions() -> bool {
    env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// The folder that GitHub or GitLab checked the repository out to.
fn ci_folder() -> Option<PathBuf> {
    let folder = env::var_os("GITHUB_WORKSPACE").or_else(|| env::var_os("CI_PROJECT_DIR"))?;
    PathBuf::from(folder).canonicalize().ok()
}
