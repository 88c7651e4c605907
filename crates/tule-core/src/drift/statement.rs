//! What drift does to one statement.
//!
//! The statement is checked against the locked schemas and against those of the portal; an error
//! that only the second has is what a change breaks. Each cause is told once a statement, at the
//! first place, with the others as labels; what cannot be put down to a single change is told as
//! it is.

use tule_syntax::ast::{Arena, BinaryOp, ExprId, ExprKind};
use tule_syntax::parser::ParsedStatement;
use tule_syntax::span::Span;

use super::lock::{instead, stopped};
use super::uses::{Bound, Uses, bounds, uses};
use super::{Change, Drift, spelled};
use crate::check::{Checked, Context, check};
use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Fix, Severity};
use crate::names::fold;
use crate::print;
use crate::schema::catalog::Catalog;
use crate::schema::{Column, DateRange};

/// A finding, and what it is put down to.
#[derive(Clone, Debug)]
pub struct Found {
    /// The drift, by its position in the list.
    pub drift: usize,
    /// The change, by its position among those of the drift; `None` for the drift as a whole.
    pub change: Option<usize>,
    /// What is to be said; spans count from the beginning of the statement.
    pub diagnostic: Diagnostic,
}

/// What `drifts` do to a statement that was checked against `before` so far. `after` has the
/// schemas as the portal has them.
#[must_use]
pub fn in_statement(
    text: &str,
    parsed: &ParsedStatement,
    drifts: &[Drift],
    before: &Catalog,
    after: &Catalog,
) -> Vec<Found> {
    let checked = check(text, parsed, Context { catalog: before, input: None });
    let now = check(text, parsed, Context { catalog: after, input: None });
    let mut judge = Judge { text, parsed, broken: broken(&checked, &now) };
    let mut found = Vec::new();
    for (index, drift) in drifts.iter().enumerate() {
        let uses = uses(text, &parsed.statement, &checked.typed, &drift.locked);
        let Some(table) = uses.tables.first().copied() else { continue };
        if let Some(diagnostic) = whole(drift, table) {
            found.push(Found { drift: index, change: None, diagnostic });
        }
        for (position, change) in drift.changes().iter().enumerate() {
            if let Some(diagnostic) = judge.change(change, table, &uses) {
                let diagnostic =
                    if change.loses_rows() { instead(diagnostic, drift) } else { diagnostic };
                found.push(Found { drift: index, change: Some(position), diagnostic });
            }
        }
    }
    // What remains is no single change's doing; the first dataset that drifted answers for it.
    let rest = std::mem::take(&mut judge.broken);
    if let Some(drift) = drifts.iter().position(Drift::matters) {
        found.extend(rest.into_iter().map(|error| {
            let message = format!("this no longer passes: {}", error.message);
            let diagnostic = Diagnostic::new(Code::DriftQueryBroken, error.span, message);
            Found { drift, change: None, diagnostic }
        }));
    }
    found.sort_by_key(|found| (found.diagnostic.span, found.diagnostic.code));
    found
}

/// The errors that a statement has now and had not before. One that was at fault before is not
/// broken by anything: it may even have been written for what the portal has now.
fn broken(before: &Checked, now: &Checked) -> Vec<Diagnostic> {
    if !before.is_valid() {
        return Vec::new();
    }
    let known = |error: &Diagnostic| {
        before.diagnostics.iter().any(|old| old.code == error.code && old.span == error.span)
    };
    now.diagnostics.iter().filter(|error| error.is_error() && !known(error)).cloned().collect()
}

/// What is to be said of a dataset that is not there any more.
fn whole(drift: &Drift, table: Span) -> Option<Diagnostic> {
    let (code, message) = super::lock::fate(drift)?;
    Some(instead(Diagnostic::new(code, table, message), drift))
}

struct Judge<'j> {
    text: &'j str,
    parsed: &'j ParsedStatement,
    /// New errors that no change has been found for.
    broken: Vec<Diagnostic>,
}

impl Judge<'_> {
    fn change(&mut self, change: &Change, table: Span, uses: &Uses) -> Option<Diagnostic> {
        match change {
            Change::Removed(old) => self.removed(old, table, uses),
            Change::Renamed { old, new, evidence } => self.renamed(old, new, evidence, table, uses),
            Change::Retyped { old, new } => self.retyped(old, new, uses),
            Change::Added(new) => self.added(new, uses),
            Change::Shrunk { old, new } => {
                let message = format!("the dataset had some {old} rows and has {new}");
                Some(Diagnostic::new(Code::DriftRangeShrunk, table, message))
            }
            Change::Range { old, new } => Some(self.range(old, new, table, uses)),
            Change::Asset { old, new } => {
                let message = format!("the dataset was a `{old}` and is a `{new}`");
                self.forget(|_| true);
                Some(Diagnostic::new(Code::DriftAssetChanged, table, message))
            }
            Change::Stopped { .. } => {
                Some(Diagnostic::new(Code::DriftUpdatesStopped, table, stopped(change)))
            }
            Change::Wording { .. } => None,
        }
    }

    /// Takes out the errors that a change explains; gives the first.
    fn forget(&mut self, explains: impl Fn(&Diagnostic) -> bool) -> Option<Diagnostic> {
        let (explained, rest) =
            std::mem::take(&mut self.broken).into_iter().partition::<Vec<_>, _>(|e| explains(e));
        self.broken = rest;
        explained.into_iter().next()
    }

    /// Where a column is read; and takes out the errors at these places and those about its name.
    fn places(&mut self, column: &Column, uses: &Uses) -> (Vec<Span>, Option<Diagnostic>) {
        let name = fold(&column.name).into_owned();
        let places: Vec<Span> =
            uses.columns.iter().filter(|used| used.column == name).map(|used| used.name).collect();
        let (text, arena) = (self.text, &self.parsed.statement.arena);
        let about = |error: &Diagnostic| {
            let written = tule_syntax::literal::name_text(error.span.text(text));
            // An error of types may point at the other side of a comparison.
            let whole = parent(arena, error.span).unwrap_or(error.span);
            places.iter().any(|place| whole.contains(*place) || place.contains(error.span))
                || fold(written.rsplit('.').next().unwrap_or(written)) == name
        };
        let first = self.forget(about);
        (places, first)
    }

    fn removed(&mut self, old: &Column, table: Span, uses: &Uses) -> Option<Diagnostic> {
        let (places, error) = self.places(old, uses);
        let message = format!("column `{}` is gone from the portal", old.name);
        let at = places.first().copied().or(error.map(|error| error.span));
        match (at, uses.stars.first()) {
            (Some(at), _) => {
                let found = Diagnostic::new(Code::DriftColumnRemoved, at, message);
                Some(also(found, &places).label(table, "in this dataset"))
            }
            (None, Some(star)) => Some(shape(Code::DriftColumnRemoved, *star, &message)),
            (None, None) => None,
        }
    }

    fn renamed(
        &mut self,
        old: &Column,
        new: &Column,
        evidence: &[String],
        table: Span,
        uses: &Uses,
    ) -> Option<Diagnostic> {
        let (places, error) = self.places(old, uses);
        let message = format!("column `{}` is gone; it is probably `{}` now", old.name, new.name);
        let note = format!("what speaks for it: {}", evidence.join(", "));
        let at = places.first().copied().or(error.map(|error| error.span));
        let Some(at) = at else {
            let star = uses.stars.first()?;
            return Some(shape(Code::DriftColumnRenamed, *star, &message).note(note));
        };
        let found = Diagnostic::new(Code::DriftColumnRenamed, at, message).note(note);
        let mut found = also(found, &places).label(table, "in this dataset");
        let name = fold(&old.name);
        let named = uses.columns.iter().filter(|used| used.column == *name && !used.by_result);
        let edits = named.map(|used| {
            let mut text = print::column(&new.name);
            if used.is_result {
                // What reads the result knows it by its old name.
                text = format!("{text} as {}", used.name.text(self.text));
            }
            Edit { span: used.name, text }
        });
        let edits: Vec<Edit> = edits.collect();
        if !edits.is_empty() {
            let title = format!("write `{}`", new.name);
            found.fixes.push(Fix { title, applicability: Applicability::Unsafe, edits });
        }
        Some(found)
    }

    fn retyped(&mut self, old: &Column, new: &Column, uses: &Uses) -> Option<Diagnostic> {
        let (places, error) = self.places(old, uses);
        // Where every use still has a meaning, only the meaning of the values has changed.
        let error = error?;
        let (was, is) = (spelled(old), spelled(new));
        let message = format!("column `{}` was {was} and is {is} now", old.name);
        let at = places.first().copied().unwrap_or(error.span);
        let found = Diagnostic::new(Code::DriftTypeChanged, at, message).note(error.message);
        let found = also(found, &places);
        Some(match error.help {
            Some(help) => found.help(help),
            None => found,
        })
    }

    fn added(&self, new: &Column, uses: &Uses) -> Option<Diagnostic> {
        let star = uses.stars.first()?;
        let message = format!("column `{}` is new", new.name);
        let query = self.parsed.statement.query.as_ref()?;
        let fixed = query.rest.iter().any(|step| step.op != tule_syntax::ast::StepOp::Pipe);
        let mut found = shape(Code::DriftColumnAdded, *star, &message);
        found.severity = if fixed { Severity::Warning } else { Severity::Info };
        Some(found)
    }

    fn range(&self, old: &DateRange, new: &DateRange, table: Span, uses: &Uses) -> Diagnostic {
        let statement = &self.parsed.statement;
        let column = fold(&old.column);
        let never = bounds(self.text, statement, uses, &column)
            .into_iter()
            .find(|bound| matches(bound, old) && !matches(bound, new));
        let (first, last) = (day(&new.first), day(&new.last));
        let message = format!("the rows are from {first} to {last} by `{}`", old.column);
        let note = format!("when it was locked: from {} to {}", day(&old.first), day(&old.last));
        let found = match never {
            Some(bound) => {
                let message = format!("this matches no row any more: {message}");
                let mut found = Diagnostic::new(Code::DriftRangeShrunk, bound.span, message);
                found.severity = Severity::Error;
                found
            }
            None => Diagnostic::new(Code::DriftRangeShrunk, table, message),
        };
        found.note(note)
    }
}

/// The smallest expression around another one, conditions joined by AND and OR aside.
fn parent(arena: &Arena, inner: Span) -> Option<Span> {
    (0..u32::try_from(arena.len()).unwrap_or(u32::MAX))
        .map(|id| arena.expr(ExprId(id)))
        .filter(|expr| !matches!(expr.kind, ExprKind::Chain { .. } | ExprKind::Paren(_)))
        .map(|expr| expr.span)
        .filter(|span| span.contains(inner) && *span != inner)
        .min_by_key(|span| span.len())
}

/// Whether a row of this range can meet the condition. Shorter texts are earlier times.
fn matches(bound: &Bound, range: &DateRange) -> bool {
    let value = bound.value.as_str();
    match bound.op {
        BinaryOp::Less => range.first.as_str() < value,
        BinaryOp::LessEqual => range.first.as_str() <= value,
        BinaryOp::Greater => range.last.as_str() > value,
        BinaryOp::GreaterEqual => range.last.as_str() >= value,
        BinaryOp::Equal | BinaryOp::EqualEqual => {
            range.first.as_str() <= value && value <= range.last.as_str()
        }
        _ => true,
    }
}

fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

/// A star that gives other columns than it did.
fn shape(code: Code, star: Span, message: &str) -> Diagnostic {
    let mut found = Diagnostic::new(code, star, format!("{message}, and every column is selected"));
    found.severity = Severity::Warning;
    found
}

fn also(mut found: Diagnostic, places: &[Span]) -> Diagnostic {
    for place in places.iter().skip(1) {
        found = found.label(*place, "and here");
    }
    found
}
