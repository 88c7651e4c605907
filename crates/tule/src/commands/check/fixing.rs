//! `--fix` and `--diff`: what repairs make of the files.

use tule_core::diagnostics::Applicability;
use tule_core::fix::{Fixed, fix_all};
use tule_syntax::span::Span;

use super::Arguments;
use super::formats::{Format, exit, findings, summary};
use crate::atomic;
use crate::checker::Checker;
use crate::diff::print_diff;
use crate::exit::{Exit, Outcome};
use crate::output::{FAINT, Output, WARNING};
use crate::render::fingerprint::Fingerprints;
use crate::render::summary::count;
use crate::report::{FileReport, Report};
use crate::source::SourceFile;
use crate::walk::Input;

/// What repairs have done to the files of a run.
#[derive(Default)]
struct Tally {
    applied: usize,
    changed: usize,
}

/// A file before and after.
struct Repaired {
    before: SourceFile,
    after: FileReport,
    applied: usize,
    /// What went wrong on the way, for people.
    troubles: Vec<String>,
}

pub(super) fn run(
    out: &mut Output,
    arguments: &Arguments,
    checker: &Checker<'_>,
    inputs: &[Input],
) -> Outcome {
    let most =
        if arguments.repairs.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let mut tally = Tally::default();
    let mut files = Vec::new();
    let mut diffs = out.to_text();
    for input in inputs {
        let repaired = repair(checker, arguments.read(input)?, most);
        let changed = repaired.after.file.text != repaired.before.text;
        tally.applied += repaired.applied;
        tally.changed += usize::from(changed);
        for trouble in &repaired.troubles {
            out.tell_line(WARNING, "warning", trouble)?;
        }
        let (file, old) = (&repaired.after.file, &repaired.before.text);
        match input {
            _ if arguments.repairs.diff && arguments.output_file.is_some() && changed => {
                print_diff(&mut diffs, &file.name, old, &file.text)?;
            }
            _ if arguments.repairs.diff && changed => print_diff(out, &file.name, old, &file.text)?,
            _ if arguments.repairs.diff => {}
            Input::Stdin => out.foreign(&file.on_disk())?,
            Input::File(path) if changed => atomic::write(path, &file.on_disk())?,
            Input::File(_) => {}
        }
        files.push(repaired.after);
    }
    let deny_warnings = arguments.levels.deny_warnings;
    let report = Report { files: &files, base: None, deny_warnings };
    if arguments.repairs.diff {
        if let Some(path) = &arguments.output_file {
            atomic::write(path, &diffs.into_text())?;
        }
        told(out, &tally, &report, "would fix")?;
        return Ok(Exit::findings(tally.changed > 0));
    }
    if inputs.contains(&Input::Stdin) && arguments.output_file.is_none() {
        // Standard output is taken by the text.
        let mut text = out.to_text();
        findings(&mut text, arguments.format.unwrap_or(Format::Human), &report)?;
        out.tell(&text.into_text())?;
        summary(out, arguments, &report)?;
        told(out, &tally, &report, "fixed")?;
        return Ok(exit(&report));
    }
    let exit = super::formats::print(out, arguments, &files)?;
    told(out, &tally, &report, "fixed")?;
    Ok(exit)
}

/// `fixed 3 of 5 findings in 2 files`
fn told(out: &mut Output, tally: &Tally, report: &Report<'_>, done: &str) -> Outcome<()> {
    let left = report.findings().count();
    let all = count(tally.applied + left, "finding", "findings");
    let text = match (tally.applied, tally.applied + left) {
        (_, 0) => return Ok(()),
        (0, _) => format!("{done} none of {all}\n"),
        (applied, _) => {
            let files = count(tally.changed, "file", "files");
            format!("{done} {applied} of {all} in {files}\n")
        }
    };
    out.tell(&out.paint_error.on(FAINT, &text))?;
    Ok(())
}

fn repair(checker: &Checker<'_>, file: SourceFile, most: Applicability) -> Repaired {
    if file.fault.is_some() {
        let before = file.with_text(file.text.clone());
        let after = checker.file(file);
        return Repaired { before, after, applied: 0, troubles: Vec::new() };
    }
    let path = file.path.as_deref();
    let mut text = file.text.clone();
    let mut applied = 0;
    let mut troubles = Vec::new();
    let mut prints = Fingerprints::new(checker.project.relative(&file));
    // Repaired in the order of the file, which fingerprints need; put back from the last to the
    // first, so that the places of those in front stay what they are.
    let mut texts = Vec::new();
    for part in file.parts() {
        if !part.replaceable {
            checker.part(path, part.text, &mut prints);
            continue;
        }
        let fixed = fix_all(part.text, most, |text| {
            let found = checker.part(path, text, &mut prints.clone()).found;
            found.into_iter().map(|found| found.diagnostic).collect()
        });
        checker.part(path, &fixed.text, &mut prints);
        applied += fixed.applied.len();
        troubles.extend(trouble(&file, &fixed));
        let end = part.start.saturating_add(u32::try_from(part.text.len()).unwrap_or(u32::MAX));
        texts.push((Span::new(part.start, end), fixed.text));
    }
    for (span, new) in texts.into_iter().rev() {
        text.replace_range(span.start as usize..span.end as usize, &new);
    }
    let after = checker.file(file.with_text(text));
    Repaired { before: file, after, applied, troubles }
}

fn trouble(file: &SourceFile, fixed: &Fixed) -> Vec<String> {
    let name = &file.name;
    let mut troubles: Vec<String> = fixed
        .refused
        .iter()
        .map(|refused| {
            let (code, title, reason) = (refused.code, &refused.title, refused.harm.reason());
            format!("{name}: the repair \"{title}\" of {code} was left out: {reason}")
        })
        .collect();
    if !fixed.settled {
        troubles.push(format!("{name}: repairs undo each other and were stopped"));
    }
    troubles
}
