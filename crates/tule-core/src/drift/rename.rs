//! Which of the new columns a column that is gone may be.
//!
//! No portal says that a column was renamed. A guess is made where the evidence is more than one
//! thing, and only where no other column has as much of it; the evidence is shown with the guess.

use super::compare::own;
use crate::names::fold;
use crate::schema::{Column, Dataset};

/// Points from which on a guess is worth telling.
const ENOUGH: u32 = 4;

/// A column that is gone, and the one that it may be.
pub(super) struct Pair<'d> {
    pub(super) old: &'d Column,
    pub(super) new: &'d Column,
    pub(super) evidence: Vec<String>,
}

/// The pairs of which each is the other's best match.
pub(super) fn guess<'d>(
    old: &Dataset,
    new: &Dataset,
    removed: &[&'d Column],
    added: &[&'d Column],
) -> Vec<Pair<'d>> {
    let mut all: Vec<(u32, usize, usize, Vec<String>)> = Vec::new();
    for (r, gone) in removed.iter().enumerate() {
        for (a, candidate) in added.iter().enumerate() {
            let place = neighbours(old, gone, new, candidate);
            let (points, evidence) = weigh(gone, candidate, place);
            if points >= ENOUGH {
                all.push((points, r, a, evidence));
            }
        }
    }
    let best = |points: u32, r: usize, a: usize| {
        all.iter().all(|(other, other_r, other_a, _)| {
            let rival = (*other_r == r) != (*other_a == a);
            !rival || *other < points
        })
    };
    all.iter()
        .filter(|(points, r, a, _)| best(*points, *r, *a))
        .filter_map(|(_, r, a, evidence)| {
            let (old, new) = (*removed.get(*r)?, *added.get(*a)?);
            Some(Pair { old, new, evidence: evidence.clone() })
        })
        .collect()
}

/// What speaks for two columns being the same. Another type speaks against it so much that
/// nothing outweighs it but the same values.
fn weigh(old: &Column, new: &Column, place: Place) -> (u32, Vec<String>) {
    let mut points = 0;
    let mut evidence = Vec::new();
    let mut add = |more: u32, what: &str| {
        points += more;
        evidence.push(what.to_owned());
    };
    let same = |a: &str, b: &str| !a.is_empty() && fold(a) == fold(b);
    let values = !old.values.is_empty() && old.values == new.values;
    if old.ty.is_some() && old.ty == new.ty {
        add(1, "same type");
    } else if !values {
        return (0, Vec::new());
    }
    match place {
        Place::Same => add(2, "same neighbours"),
        Place::Near => add(1, "one neighbour in common"),
        Place::Other => {}
    }
    if values {
        add(3, "same values");
    }
    if same(&old.description, &new.description) {
        add(3, "same description");
    }
    if same(&old.label, &new.label) {
        add(3, "same label");
    } else if alike(&old.label, &new.label) {
        add(2, "similar label");
    }
    if alike(&old.name, &new.name) {
        add(2, "similar name");
    }
    (points, evidence)
}

/// Texts that share a word that says something, or most of their letters.
fn alike(a: &str, b: &str) -> bool {
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let (a, b) = (fold(a), fold(b));
    let words = |text: &str| -> Vec<String> {
        let long = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
        long.map(str::to_owned).collect()
    };
    let other = words(&b);
    words(&a).iter().any(|word| other.contains(word)) || strsim::jaro_winkler(&a, &b) > 0.88
}

/// Whether two columns stand between the same others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Same,
    Near,
    Other,
}

fn neighbours(old: &Dataset, gone: &Column, new: &Dataset, candidate: &Column) -> Place {
    let around = |dataset: &Dataset, column: &Column| {
        let names: Vec<String> = own(dataset).map(|own| fold(&own.name).into_owned()).collect();
        let at = names.iter().position(|name| *name == fold(&column.name)).unwrap_or(usize::MAX);
        let before = at.checked_sub(1).and_then(|before| names.get(before).cloned());
        let after = at.checked_add(1).and_then(|after| names.get(after).cloned());
        (before, after)
    };
    let (a, b) = (around(old, gone), around(new, candidate));
    match (a.0 == b.0, a.1 == b.1) {
        (true, true) => Place::Same,
        (false, false) => Place::Other,
        _ => Place::Near,
    }
}
