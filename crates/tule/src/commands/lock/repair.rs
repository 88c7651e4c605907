//! `tule lock --fix`: what a renamed column does to the queries, repaired in all of them at once.
//!
//! The new name of a column is a guess, and applying it is what `--fix` of this command asks for;
//! the repairs go through the same engine as those of `tule check`, which looks at every round
//! before it keeps it. The files are written before the lock: broken off in between, the command
//! finds the rest again.

use std::path::Path;

use tule_core::diagnostics::{Applicability, Code, Diagnostic};
use tule_core::drift::{Drift, Now, compare, in_statement};
use tule_core::fix::fix_all;
use tule_core::lint::Levels;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::Lock;

use super::fetch::files;
use crate::analysis::{World, analyse_part};
use crate::atomic;
use crate::diff::print_diff;
use crate::exit::{Exit, Outcome};
use crate::output::{FAINT, Output, WARNING};
use crate::project::Project;
use crate::render::finding::Finding;
use crate::render::human;
use crate::render::summary::count;
use crate::source::{Part, SourceFile};

/// A file whose queries were repaired.
pub(super) struct Repaired {
    pub(super) before: SourceFile,
    pub(super) after: SourceFile,
    /// Statements that were changed.
    pub(super) statements: usize,
}

/// What repairs come to.
#[derive(Default)]
pub(super) struct Repairs {
    /// The files that change.
    pub(super) changed: Vec<Repaired>,
    /// Files with what the changes of the portal still break in them.
    pub(super) left: Vec<(SourceFile, Vec<Diagnostic>)>,
}

/// The queries of a project repaired from one lock to the next; nothing is written.
pub(super) fn repairs(
    out: &mut Output,
    project: &Project,
    root: &Path,
    new: &Lock,
) -> Outcome<Repairs> {
    let drifts: Vec<Drift> = new
        .datasets
        .iter()
        .filter_map(|dataset| {
            let locked = project.lock.get(&dataset.host, &dataset.id)?;
            Some(Drift::new(locked.clone(), Now::There(compare(locked, dataset))))
        })
        .filter(Drift::matters)
        .collect();
    let mut repairs = Repairs::default();
    if drifts.is_empty() {
        return Ok(repairs);
    }
    let (before, after) = (project.catalog(), Catalog::new(project.manifest.as_ref(), new.clone()));
    let levels = project.levels();
    let judge = Judge { drifts: &drifts, before: &before, after: &after, levels: &levels };
    for file in files(root)? {
        if file.fault.is_some() {
            continue;
        }
        let (text, statements, troubles) = judge.repaired(&file);
        for trouble in troubles {
            out.tell_line(WARNING, "warning", &trouble)?;
        }
        let now = file.with_text(text);
        let left = judge.broken(&now);
        if !left.is_empty() {
            repairs.left.push((file.with_text(now.text.clone()), left));
        }
        if now.text != file.text {
            repairs.changed.push(Repaired { before: file, after: now, statements });
        }
    }
    Ok(repairs)
}

struct Judge<'j> {
    drifts: &'j [Drift],
    before: &'j Catalog,
    after: &'j Catalog,
    levels: &'j Levels,
}

impl Judge<'_> {
    /// The text of a file with the new names, how many statements have them, and what could not
    /// be repaired because it would do harm.
    fn repaired(&self, file: &SourceFile) -> (String, usize, Vec<String>) {
        let mut text = file.text.clone();
        let (mut statements, mut troubles) = (0, Vec::new());
        let parts = file.parts();
        // From the last to the first, so that the places of those in front stay what they are.
        for part in parts.iter().rev().filter(|part| part.replaceable) {
            let fixed = fix_all(part.text, Applicability::Unsafe, |text| self.find(text));
            statements += fixed.applied.len();
            troubles.extend(fixed.refused.iter().map(|refused| {
                let (title, reason) = (&refused.title, refused.harm.reason());
                format!("{}: the repair \"{title}\" was left out: {reason}", file.name)
            }));
            let end = part.start as usize + part.text.len();
            text.replace_range(part.start as usize..end, &fixed.text);
        }
        (text, statements, troubles)
    }

    /// Renamed columns with their repairs, and the errors that the text would have with the new
    /// schemas, without theirs: what is written must pass there.
    fn find(&self, text: &str) -> Vec<Diagnostic> {
        let mut found = self.drifted(text, |found| found.code == Code::DriftColumnRenamed);
        let part = Part { start: 0, text, replaceable: true };
        let world = World { levels: self.levels, catalog: self.after, input: None };
        for unit in analyse_part(part, world) {
            let errors = unit.diagnostics.into_iter().filter(Diagnostic::is_error);
            found.extend(errors.map(|error| Diagnostic { fixes: Vec::new(), ..error }));
        }
        found
    }

    /// What the changes break in a file.
    fn broken(&self, file: &SourceFile) -> Vec<Diagnostic> {
        let found = file.parts().into_iter().flat_map(|part| {
            let found = self.drifted(part.text, Diagnostic::is_error);
            found.into_iter().map(move |found| found.shift(part.start))
        });
        found.collect()
    }

    fn drifted(&self, text: &str, wanted: impl Fn(&Diagnostic) -> bool) -> Vec<Diagnostic> {
        let part = Part { start: 0, text, replaceable: true };
        let world = World { levels: self.levels, catalog: self.before, input: None };
        let mut all = Vec::new();
        for unit in analyse_part(part, world).iter().filter(|unit| unit.is_query()) {
            let (text, parsed) = unit.parsed();
            let found = in_statement(text, parsed, self.drifts, self.before, self.after);
            let found = found.into_iter().map(|found| found.diagnostic).filter(&wanted);
            all.extend(found.map(|found| found.shift(unit.base())));
        }
        all
    }
}

/// Shows what would be written; a clean run becomes one with findings if that is anything.
pub(super) fn show(
    out: &mut Output,
    repairs: &Repairs,
    (name, before, after): (&str, &str, &str),
    exit: Exit,
) -> Outcome {
    for file in &repairs.changed {
        print_diff(out, &file.before.name, &file.before.text, &file.after.text)?;
    }
    if before != after {
        print_diff(out, name, before, after)?;
    }
    let any = before != after || !repairs.changed.is_empty();
    told(out, repairs, "would give")?;
    Ok(if exit == Exit::Clean { Exit::findings(any) } else { exit })
}

/// Writes the files.
pub(super) fn write(out: &mut Output, repairs: &Repairs) -> Outcome<()> {
    for file in &repairs.changed {
        if let Some(path) = &file.after.path {
            atomic::write(path, &file.after.on_disk())?;
        }
    }
    told(out, repairs, "gave")
}

/// `gave 3 statements in 2 files the new names of their columns`
fn told(out: &mut Output, repairs: &Repairs, done: &str) -> Outcome<()> {
    if repairs.changed.is_empty() {
        return Ok(());
    }
    let statements = repairs.changed.iter().map(|file| file.statements).sum();
    let statements = count(statements, "statement", "statements");
    let files = count(repairs.changed.len(), "file", "files");
    let line = format!("{done} {statements} in {files} the new names of their columns\n");
    Ok(out.tell(&out.paint_error.on(FAINT, &line))?)
}

/// Says what the changes of the portal still break.
pub(super) fn tell_left(out: &mut Output, repairs: &Repairs, exit: Exit) -> Outcome {
    for (file, left) in &repairs.left {
        let findings: Vec<_> = left.iter().map(Finding::from).collect();
        out.print(&human::findings(file, &findings, out.paint))?;
    }
    let any = !repairs.left.is_empty();
    Ok(if exit == Exit::Clean { Exit::findings(any) } else { exit })
}
