//! Which dataset has the rows now.
//!
//! A portal that retires a dataset does not say what replaces it. Of those that its catalogue finds,
//! one is named if it has the columns and something else in common as well, and if no other has as
//! much. A view names its parent itself.

use super::compare::own;
use crate::names::fold;
use crate::schema::Dataset;

/// Points from which on a guess is worth telling.
const ENOUGH: u32 = 4;

/// A dataset that probably has the rows of another one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Successor {
    /// Its host.
    pub host: String,
    /// Its identifier.
    pub id: String,
    /// Its title; empty where it is not known.
    pub title: String,
    /// What speaks for it.
    pub evidence: Vec<String>,
}

/// The one of `candidates` that has the rows of `locked` now, as far as can be told.
#[must_use]
pub fn successor(locked: &Dataset, candidates: &[Dataset]) -> Option<Successor> {
    let mut best: Option<(u32, &Dataset, Vec<String>)> = None;
    let mut tied = false;
    for candidate in candidates {
        let is_itself = candidate.host == locked.host && candidate.id == locked.id;
        if is_itself || !candidate.is_table() {
            continue;
        }
        let (points, evidence) = weigh(locked, candidate);
        let most = best.as_ref().map_or(0, |(most, ..)| *most);
        tied = points == most && most > 0 || tied && points < most;
        if points > most {
            (best, tied) = (Some((points, candidate, evidence)), false);
        }
    }
    let (points, found, evidence) = best?;
    (points >= ENOUGH && !tied).then(|| Successor {
        host: found.host.clone(),
        id: found.id.clone(),
        title: found.title.clone(),
        evidence,
    })
}

/// What speaks for one: nothing does without most of the columns.
fn weigh(locked: &Dataset, candidate: &Dataset) -> (u32, Vec<String>) {
    let all = own(locked).count();
    let has = |name: &str| candidate.column(&fold(name)).is_some();
    let shared = own(locked).filter(|column| has(&column.name)).count();
    let mut points = match shared * 10 {
        _ if all < 2 => return (0, Vec::new()),
        most if most >= all * 9 => 3,
        most if most >= all * 6 => 2,
        _ => return (0, Vec::new()),
    };
    let mut evidence = vec![format!("{shared} of {all} columns")];
    let (was, is) = (words(&locked.title), words(&candidate.title));
    if !was.is_empty() && was == is {
        points += 3;
        evidence.push("same title".to_owned());
    } else if was.iter().any(|word| is.contains(word)) && alike(&was, &is) {
        points += 2;
        evidence.push("similar title".to_owned());
    }
    let (was, is) = (&locked.card.attribution, &candidate.card.attribution);
    if !was.is_empty() && fold(was) == fold(is) {
        points += 1;
        evidence.push("same source".to_owned());
    }
    (points, evidence)
}

/// The words of a title in small letters, without years and other numbers.
fn words(title: &str) -> Vec<String> {
    let title = fold(title);
    let parts = title.split(|c: char| !c.is_alphanumeric());
    let words = parts.filter(|word| !word.is_empty() && !word.bytes().all(|b| b.is_ascii_digit()));
    words.map(str::to_owned).collect()
}

/// Whether most of the words of either are in the other.
fn alike(a: &[String], b: &[String]) -> bool {
    let common = a.iter().filter(|word| b.contains(word)).count();
    common * 2 > a.len().min(b.len()) && common * 3 >= a.len().max(b.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Column;
    use crate::types::Type;

    fn dataset(id: &str, title: &str, columns: &[&str]) -> Dataset {
        let columns = columns.iter().map(|name| Column::new(name, Type::Text)).collect();
        Dataset::new("data.example.org", id, title, columns)
    }

    const COLUMNS: [&str; 5] = ["case_no", "opened", "closed", "beat", "cost"];

    #[test]
    fn the_same_title_and_columns_are_found_and_nothing_less() {
        let old = dataset("oldd-oldd", "Service Requests from 2010 to Present", &COLUMNS);
        let new = dataset("neww-neww", "Service Requests from 2020 to Present", &COLUMNS);
        let found = successor(&old, &[old.clone(), new.clone()]).unwrap();
        assert_eq!((&*found.id, &*found.title), ("neww-neww", &*new.title));
        assert_eq!(found.evidence, ["5 of 5 columns", "same title"]);
        // Columns alone, or a title alone, are nothing.
        assert_eq!(successor(&old, &[dataset("a", "Potholes", &COLUMNS)]), None);
        assert_eq!(successor(&old, &[dataset("a", &old.title, &["beat", "x", "y"])]), None);
        assert_eq!(successor(&old, &[]), None);
        // Two that are alike are none.
        let other = dataset("othe-othe", "Service requests, from 2021 to present", &COLUMNS);
        assert_eq!(successor(&old, &[new.clone(), other.clone()]), None, "{other:?}");
        // Something that has no rows is none.
        let mut map = new.clone();
        map.card.asset_type = "map".to_owned();
        assert_eq!(successor(&old, &[map]), None);
    }

    #[test]
    fn a_few_columns_may_be_others() {
        let old = dataset("oldd-oldd", "Calls for service", &COLUMNS);
        let new = dataset("neww-neww", "Police calls for service", &COLUMNS[..4]);
        let found = successor(&old, std::slice::from_ref(&new)).unwrap();
        assert_eq!(found.evidence, ["4 of 5 columns", "similar title"]);
    }
}
