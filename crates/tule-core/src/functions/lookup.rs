//! Finding overloads by name in constant time.
//!
//! Absent: any choice between overloads, and any folding of case; callers pass names that are
//! already in the spelling of the table.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{FUNCTIONS, Function, Syntax};

type Index = FxHashMap<&'static str, &'static [Function]>;

static BY_INTERNAL_NAME: LazyLock<Index> =
    LazyLock::new(|| index(|function| Some(function.internal_name)));

static BY_NAME: LazyLock<Index> = LazyLock::new(|| {
    index(|function| {
        Some(function.internal_name).filter(|internal_name| is_callable(internal_name))
    })
});

static FIELDS: LazyLock<Index> = LazyLock::new(|| index(field_name));

/// Maps a key to the run of rows that share it.
fn index(key: fn(&Function) -> Option<&'static str>) -> Index {
    let mut index = Index::default();
    for run in FUNCTIONS.chunk_by(|a, b| key(a) == key(b)) {
        if let Some(key) = run.first().and_then(key) {
            index.insert(key, run);
        }
    }
    index
}

fn field_name(function: &Function) -> Option<&'static str> {
    match function.syntax {
        Syntax::Field => function.name.strip_prefix('.'),
        _ => None,
    }
}

fn rows(index: &Index, key: &str) -> &'static [Function] {
    index.get(key).copied().unwrap_or_default()
}

fn is_callable(internal_name: &str) -> bool {
    !internal_name.contains(['$', '#', '/'])
}

/// The overloads of an internal name in its exact spelling (`op$+`, `cast$text`, `#LIKE`,
/// `count/*`, `upper`), the preferred one first; empty when there is none.
#[must_use]
pub fn by_internal_name(name: &str) -> &'static [Function] {
    rows(&BY_INTERNAL_NAME, name)
}

/// The overloads that `name(…)` may call; empty when there is none.
///
/// `folded` is in lower case. Fields can be called by their flat names
/// (`floating_timestamp_year(x)`), so these are found too.
#[must_use]
pub fn by_name(folded: &str) -> &'static [Function] {
    rows(&BY_NAME, folded)
}

/// The fields written `.name`, one for each type that has it; `name` is without the dot.
#[must_use]
pub fn fields_named(name: &str) -> &'static [Function] {
    rows(&FIELDS, name)
}

/// Every name that a call can have, once each, for completion and suggestions.
///
/// Flat names of fields are among them; their overloads have [`Syntax::Field`].
pub fn names() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    FUNCTIONS
        .iter()
        .filter(|function| !function.hidden)
        .map(|function| function.internal_name)
        .filter(|name| is_callable(name))
        .filter(move |&name| std::mem::replace(&mut last, name) != name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::Kind;

    fn identities(rows: &[Function]) -> Vec<&str> {
        rows.iter().map(|function| function.identity).collect()
    }

    #[test]
    fn internal_names_are_found_in_their_exact_spelling() {
        assert_eq!(identities(by_internal_name("upper")), ["upper"]);
        assert_eq!(identities(by_internal_name("count/*")), ["count(*)"]);
        assert_eq!(identities(by_internal_name("op$%")), ["%NN", "%DD"]);
        assert_eq!(identities(by_internal_name("op$+"))[..2], ["unary +", "+"]);
        assert_eq!(by_internal_name("cast$text").len(), 9);
        assert!(by_internal_name("UPPER").is_empty());
        assert!(by_internal_name("").is_empty());
    }

    #[test]
    fn calls_do_not_reach_operators() {
        assert_eq!(identities(by_name("median")), ["median", "median_disc"]);
        assert_eq!(identities(by_name("floating_timestamp_year")), ["floating_timestamp_year"]);
        assert!(by_name("op$+").is_empty());
        assert!(by_name("#LIKE").is_empty());
        assert!(by_name("count/*").is_empty());
        assert!(by_name("year").is_empty());
    }

    #[test]
    fn fields_are_found_by_what_follows_the_dot() {
        assert_eq!(identities(fields_named("year")), ["floating_timestamp_year", "datestamp_year"]);
        assert_eq!(identities(fields_named("url")), ["url_url"]);
        assert!(fields_named(".year").is_empty());
        assert!(fields_named("upper").is_empty());
    }

    #[test]
    fn every_row_is_reached_through_its_names_and_only_once() {
        for function in FUNCTIONS {
            let same = |row: &&Function| row.identity == function.identity;
            assert_eq!(by_internal_name(function.internal_name).iter().filter(same).count(), 1);
            if let Some(name) = field_name(function) {
                assert_eq!(fields_named(name).iter().filter(same).count(), 1);
                assert!(fields_named(name).iter().all(|row| field_name(row) == Some(name)));
            }
        }
    }

    #[test]
    fn names_are_distinct_and_callable() {
        let names: Vec<_> = names().collect();
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), distinct.len());
        let calls = |name: &&&str| by_name(name).iter().any(|row| row.kind != Kind::Operator);
        assert_eq!(names.iter().filter(calls).count(), 107);
        assert_eq!(names.len(), 137);
    }
}
