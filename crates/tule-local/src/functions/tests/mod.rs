//! Every function executed, against results worked out without this crate.

use std::collections::{BTreeMap, BTreeSet};

use geo::Relate;
use tule_core::functions::{FUNCTIONS, Kind};
use tule_core::types::Type;

use super::*;
use crate::value::geometry;

mod notation;

use notation::{Case, Expected, cases, type_of};

/// What only the engine can do, and is tested with it.
const NATIVE: [&str; 19] = [
    "and",
    "case",
    "coalesce",
    "dense_rank",
    "first value",
    "get now in UTC fixed_timestamp",
    "iif",
    "lag",
    "lag_offset",
    "lag_offset_default",
    "last value",
    "lead",
    "lead_offset",
    "lead_offset_default",
    "not",
    "ntile",
    "or",
    "rank",
    "row_number",
];

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

#[test]
fn every_function_has_a_case_or_is_left_to_the_engine() {
    let tested: BTreeSet<&str> = cases().map(|case| case.identity).collect();
    let (mut native, mut untested) = (Vec::new(), Vec::new());
    for row in implementations() {
        match row.run {
            Run::Native => native.push(row.identity),
            Run::Refused(reason) => {
                assert_eq!(row.identity, "get_context");
                assert!(!reason.is_empty());
            }
            _ if !tested.contains(row.identity) => untested.push(row.identity),
            _ => {}
        }
    }
    native.sort_unstable();
    assert_eq!(native, NATIVE);
    assert!(untested.is_empty(), "without a case: {untested:?}");
}

/// Whether a result is the expected one. Equal numbers may differ in their places, which the text
/// of both tells apart.
fn is(expected: &Expected, found: &Result<Value<'static>, Fault>) -> bool {
    match (expected, found) {
        (Expected::Value(expected), Ok(found)) => {
            found == expected && found.text() == expected.text()
        }
        (Expected::About(expected), Ok(Value::Number(found))) => {
            (found.to_f64() - expected).abs() <= expected.abs() * 1e-9
        }
        (Expected::Area(expected), Ok(Value::Geometry(found))) => {
            found.relate(expected).is_equal_topo()
        }
        (Expected::Fault(message), Err(fault)) => fault.to_string() == *message,
        _ => false,
    }
}

fn over_group(case: &Case, rows: &[Vec<Value<'static>>]) -> Result<Value<'static>, Fault> {
    let mut running = Running::over_group(by_identity(case.identity).unwrap()).unwrap();
    rows.iter().try_for_each(|row| running.step(row))?;
    running.finish()
}

#[test]
fn every_case_has_its_result() {
    let mut wrong = Vec::new();
    for case in cases() {
        let run = by_identity(case.identity).unwrap_or_else(|| panic!("{}", case.line));
        let found = match (run, case.rows.as_slice()) {
            (Run::Scalar { .. }, [arguments]) => run.call(arguments),
            (Run::Aggregate { .. }, rows) => over_group(&case, rows),
            _ => panic!("{}: not a call", case.line),
        };
        if !is(&case.expected, &found) {
            let found = found.map_or_else(|fault| fault.to_string(), |value| value.text().into());
            wrong.push(format!("{}\n    found {found}", case.line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn cases_are_of_the_types_that_the_language_says() {
    for case in cases() {
        let function = FUNCTIONS.iter().find(|row| row.identity == case.identity).unwrap();
        for row in &case.rows {
            assert!(function.accepts_arity(row.len()), "{}", case.line);
            for (index, ty) in row.iter().map(type_of).enumerate() {
                let param = function.param(index).unwrap();
                let fits = ty.is_none_or(|ty| function.types_of(param).has(ty));
                assert!(fits, "{}: argument {index}", case.line);
            }
        }
    }
}

#[test]
fn a_null_makes_a_strict_function_null() {
    for case in cases() {
        let run = by_identity(case.identity).unwrap();
        let (Run::Scalar { nulls: Nulls::Strict, .. }, [arguments]) = (run, case.rows.as_slice())
        else {
            continue;
        };
        for index in 0..arguments.len() {
            let mut arguments = arguments.clone();
            arguments[index] = Value::Null;
            assert_eq!(run.call(&arguments), Ok(Value::Null), "{}", case.line);
        }
    }
}

#[test]
fn a_window_has_the_result_of_a_group_of_its_rows() {
    const WIDTH: usize = 2;
    for case in cases() {
        let run = by_identity(case.identity).unwrap();
        let Some(mut running) = Running::over_window(run) else { continue };
        for end in 0..case.rows.len() {
            running.step(&case.rows[end]).unwrap();
            let start = (end + 1).saturating_sub(WIDTH);
            if end >= WIDTH {
                running.retract(&case.rows[end - WIDTH]).unwrap();
            }
            let expected = over_group(&case, &case.rows[start..=end]);
            assert_eq!(running.finish(), expected, "{} at row {end}", case.line);
        }
    }
}

/// Shapes that are empty, flat, broken, huge and tiny.
const ODD: [&str; 12] = [
    "POINT (1e300 -1e300)",
    "POINT (1e-300 0)",
    "POINT (500 95)",
    "MULTIPOINT EMPTY",
    "MULTIPOINT ((1 1), (1 1), (1 1))",
    "LINESTRING (0 0, 0 0)",
    "LINESTRING (0 0, 1e-300 1e300, 0 0, 5 5)",
    "MULTILINESTRING EMPTY",
    "POLYGON ((0 0, 0 0, 0 0, 0 0))",
    "POLYGON ((0 0, 1e200 0, -1e200 1, 1e-200 1e200, 0 0))",
    "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0), (0 0, 5 5, 5 0, 0 0))",
    "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((1 1, 3 1, 3 3, 1 3, 1 1)))",
];

#[test]
fn odd_shapes_make_no_function_panic() {
    let shapes: Vec<Value<'static>> = ODD
        .iter()
        .map(|text| Value::geometry_from(geometry::from_wkt(text).unwrap()).unwrap())
        .collect();
    let size = Value::read("0.5", Type::Number).unwrap();
    for function in FUNCTIONS {
        let run = by_identity(function.identity).unwrap();
        for shape in &shapes {
            for other in shapes.iter().chain([&size]) {
                let two = [shape.clone(), other.clone()];
                let _ = (run.call(&two[..1]), run.call(&two));
                let circle =
                    [shape.clone(), size.clone(), size.clone(), size.clone(), size.clone()];
                let _ = (run.call(&circle[..4]), run.call(&circle));
                if let Some(mut running) = Running::over_group(run) {
                    let _ = (running.step(&two[..1]), running.step(&two[1..]), running.finish());
                }
            }
        }
    }
}

#[test]
fn functions_given_what_they_do_not_take_say_so() {
    let json = Value::Json(Box::new(serde_json::json!(1)));
    for row in implementations() {
        if let Run::Scalar { nulls: Nulls::Strict, .. } = row.run {
            // No panic, whatever the caller does.
            for count in 0..=5 {
                let _ = row.run.call(&vec![json.clone(); count]);
            }
        }
    }
    let ln = by_identity("ln").unwrap();
    let fault = ln.call(&[json]).unwrap_err();
    assert_eq!(fault.to_string(), "a function that takes number or double was given json");
}
