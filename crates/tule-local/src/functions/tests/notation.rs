//! The notation of the cases: `identity : arguments => result`, explained in `scalars.txt`.

use tule_core::types::Type;

use crate::value::{Value, geometry};

/// One call, or one aggregate over rows, and what comes of it.
pub(super) struct Case {
    pub(super) line: &'static str,
    pub(super) identity: &'static str,
    /// The arguments of each row; a scalar function has one row.
    pub(super) rows: Vec<Vec<Value<'static>>>,
    pub(super) expected: Expected,
}

pub(super) enum Expected {
    /// Exactly this, with these digits.
    Value(Value<'static>),
    /// A number that agrees in nine digits.
    About(f64),
    /// A geometry that covers the same area, wherever its rings begin.
    Area(geo::Geometry<f64>),
    /// A fault with this message.
    Fault(&'static str),
}

/// Every case of both files.
pub(super) fn cases() -> impl Iterator<Item = Case> {
    let scalars = include_str!("scalars.txt").lines().filter_map(|line| case(line, false));
    scalars.chain(include_str!("aggregates.txt").lines().filter_map(|line| case(line, true)))
}

fn case(line: &'static str, aggregate: bool) -> Option<Case> {
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (identity, rest) = line.split_once(" : ").unwrap_or_else(|| panic!("{line}"));
    let (arguments, result) = match rest.strip_prefix("=> ") {
        Some(result) => ("", result),
        None => rest.rsplit_once(" => ").unwrap_or_else(|| panic!("{line}")),
    };
    let rows = if aggregate { rows(arguments) } else { vec![row(arguments)] };
    let expected = if let Some(message) = result.strip_prefix("fault ") {
        Expected::Fault(message)
    } else if let Some(number) = result.strip_prefix("about ") {
        Expected::About(number.parse().unwrap())
    } else if let Some(area) = result.strip_prefix("same area as ") {
        Expected::Area(geometry::from_wkt(area).unwrap())
    } else {
        Expected::Value(row(result).pop().unwrap())
    };
    Some(Case { line, identity, rows, expected })
}

/// Rows in parentheses. A parenthesis in a text stands between quotes.
fn rows(mut text: &'static str) -> Vec<Vec<Value<'static>>> {
    let mut rows = Vec::new();
    while let Some(inside) = text.strip_prefix('(') {
        let mut quoted = false;
        let end = inside.find(|letter| {
            quoted ^= letter == '\'';
            letter == ')' && !quoted
        });
        let (arguments, rest) = inside.split_at(end.unwrap_or_else(|| panic!("{text}")));
        rows.push(row(arguments));
        text = rest[1..].trim_start();
    }
    assert_eq!(text, "", "rows are in parentheses");
    rows
}

/// Values joined by commas: `null`, or a type and a quoted text.
fn row(mut text: &'static str) -> Vec<Value<'static>> {
    let mut values = Vec::new();
    while !text.is_empty() {
        let rest = if let Some(rest) = text.strip_prefix("null") {
            values.push(Value::Null);
            rest
        } else {
            let (ty, quoted) = text.split_once(" '").unwrap_or_else(|| panic!("{text}"));
            let (written, rest) = quoted.split_once('\'').unwrap_or_else(|| panic!("{text}"));
            let ty = Type::from_name(ty).unwrap_or_else(|| panic!("{text}"));
            values.push(value(written, ty));
            rest
        };
        text = rest.strip_prefix(", ").unwrap_or(rest);
        assert!(rest.is_empty() || rest.starts_with(", "), "{rest}");
    }
    values
}

fn value(written: &'static str, ty: Type) -> Value<'static> {
    // A polygon without rings is no literal.
    if written == "POLYGON EMPTY" {
        let empty = geo::Polygon::new(geo::LineString(Vec::new()), Vec::new());
        return Value::geometry_from(empty.into()).unwrap();
    }
    Value::read(written, ty).unwrap_or_else(|fault| panic!("{ty} {written}: {fault}"))
}

/// The type of a value; `None` for null.
pub(super) fn type_of(value: &Value<'_>) -> Option<Type> {
    match value {
        Value::Null => None,
        Value::Geometry(geometry) => geometry::type_of(geometry),
        other => Type::from_name(other.kind()),
    }
}
