//! Two schemas of one dataset, told apart.

use super::rename::guess;
use super::{Change, spelled};
use crate::names::fold;
use crate::schema::{Column, Dataset, DateRange};

/// What is different in `new`, in the order of the locked columns, new ones behind them.
///
/// ```
/// use tule_core::drift::{Change, compare};
/// use tule_core::schema::{Column, Dataset};
/// use tule_core::types::Type;
/// let of = |ty| Dataset::new("data.example.org", "abcd-1234", "", vec![Column::new("flag", ty)]);
/// assert_eq!(compare(&of(Type::Text), &of(Type::Text)), []);
/// let changes = compare(&of(Type::Text), &of(Type::Boolean));
/// assert!(matches!(&changes[..], [Change::Retyped { .. }]));
/// ```
#[must_use]
pub fn compare(old: &Dataset, new: &Dataset) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(change) = asset(old, new) {
        changes.push(change);
        if !new.is_table() || own(new).next().is_none() {
            // It has no columns of its own to compare.
            return changes;
        }
    }
    let removed: Vec<&Column> = own(old).filter(|column| !has(new, column)).collect();
    let added: Vec<&Column> = own(new).filter(|column| !has(old, column)).collect();
    let renamed = guess(old, new, &removed, &added);
    for column in own(old) {
        let found = new.column(&fold(&column.name)).map(|(_, found)| found);
        let pair = renamed.iter().find(|pair| pair.old.name == column.name);
        match (found, pair) {
            (Some(now), _) => changes.extend(in_column(column, now)),
            (None, Some(pair)) => changes.push(Change::Renamed {
                old: pair.old.clone(),
                new: pair.new.clone(),
                evidence: pair.evidence.clone(),
            }),
            (None, None) => changes.push(Change::Removed(column.clone())),
        }
    }
    let new_names =
        added.into_iter().filter(|column| renamed.iter().all(|pair| pair.new.name != column.name));
    changes.extend(new_names.cloned().map(Change::Added));
    changes.extend(rows(old, new));
    changes.extend(wording(old, new));
    changes
}

/// The columns that a publisher made.
pub(super) fn own(dataset: &Dataset) -> impl Iterator<Item = &Column> {
    dataset.columns.iter().filter(|column| !column.is_system())
}

fn has(dataset: &Dataset, column: &Column) -> bool {
    dataset.column(&fold(&column.name)).is_some()
}

/// What it became, if that is another sort of thing than it was.
fn asset(old: &Dataset, new: &Dataset) -> Option<Change> {
    let name = |dataset: &Dataset| match &*dataset.card.asset_type {
        "" => "dataset".to_owned(),
        other => other.to_owned(),
    };
    let (was, is) = (name(old), name(new));
    // A file of saved columns does not say what it is.
    let said = !new.card.asset_type.is_empty();
    let empty = own(new).next().is_none() && own(old).next().is_some();
    (said && was != is || empty).then_some(Change::Asset { old: was, new: is })
}

fn in_column(old: &Column, new: &Column) -> Option<Change> {
    let same_type = match (old.ty, new.ty) {
        (Some(old), Some(new)) => old == new,
        // Of types that are not known, the spelling is.
        _ => spelled(old) == spelled(new),
    };
    if !same_type {
        return Some(Change::Retyped { old: old.clone(), new: new.clone() });
    }
    let mut what = Vec::new();
    if old.label != new.label {
        what.push(format!("the label is `{}`, was `{}`", new.label, old.label));
    }
    if old.description != new.description {
        what.push("the description is another".to_owned());
    }
    let column = Some(old.name.clone());
    (!what.is_empty()).then(|| Change::Wording { column, what: what.join("; ") })
}

fn rows(old: &Dataset, new: &Dataset) -> Vec<Change> {
    let mut changes = Vec::new();
    if let (Some(before), Some(now)) = (old.rows, new.rows)
        && now < before / 10 * 9
    {
        changes.push(Change::Shrunk { old: before, new: now });
    }
    if let (Some(before), Some(now)) = (&old.range, &new.range)
        && before.column == now.column
        && shrank(before, now)
    {
        changes.push(Change::Range { old: before.clone(), new: now.clone() });
    }
    changes
}

/// Dates are written from the year on, so that their order is that of their texts.
fn shrank(old: &DateRange, new: &DateRange) -> bool {
    new.first > old.first || new.last < old.last
}

fn wording(old: &Dataset, new: &Dataset) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut say = |what: String| changes.push(Change::Wording { column: None, what });
    if old.title != new.title && !new.title.is_empty() {
        say(format!("the title is `{}`, was `{}`", new.title, old.title));
    }
    if old.card.description != new.card.description {
        say("the description is another".to_owned());
    }
    let shared = |from: &Dataset, other: &Dataset| -> Vec<String> {
        own(from)
            .filter(|column| has(other, column))
            .map(|column| fold(&column.name).into_owned())
            .collect()
    };
    if shared(old, new) != shared(new, old) {
        say("the columns stand in another order".to_owned());
    }
    changes
}
