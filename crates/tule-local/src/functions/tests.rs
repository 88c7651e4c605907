use std::collections::BTreeMap;

use tule_core::functions::{FUNCTIONS, Kind};

use super::*;

#[test]
fn every_function_of_the_language_has_exactly_one_entry() {
    let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
    for row in implementations() {
        *entries.entry(row.identity).or_default() += 1;
    }
    for function in FUNCTIONS {
        assert_eq!(entries.remove(function.identity), Some(1), "`{}`", function.identity);
    }
    assert!(entries.is_empty(), "not in the language: {entries:?}");
}

#[test]
fn entries_are_of_the_kind_that_the_language_says() {
    for function in FUNCTIONS {
        let run = by_identity(function.identity).unwrap();
        let fits = match function.kind {
            Kind::Operator | Kind::Scalar => !matches!(run, Run::Aggregate { .. }),
            Kind::Aggregate => matches!(run, Run::Aggregate { .. }),
            Kind::Window => matches!(run, Run::Native),
        };
        assert!(fits, "`{}` is {:?} but runs as {run:?}", function.identity, function.kind);
    }
}
