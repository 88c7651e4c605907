//! Comparison, membership and order within a row.

use std::cmp::Ordering;

use super::arguments::all;
use super::{Implementation, seeing, strict};
use crate::value::{Fault, Value};

pub(super) const ROWS: &[Implementation] = &[
    strict("=", equal),
    strict("==", equal),
    strict("<>", unequal),
    strict("!=", unequal),
    strict("<", |arguments| ordered(arguments, Ordering::is_lt)),
    strict("<=", |arguments| ordered(arguments, Ordering::is_le)),
    strict(">", |arguments| ordered(arguments, Ordering::is_gt)),
    strict(">=", |arguments| ordered(arguments, Ordering::is_ge)),
    seeing("between", between),
    seeing("not between", |arguments| between(arguments).map(negated)),
    seeing("in", |arguments| Ok(one_of(arguments))),
    seeing("not in", |arguments| Ok(negated(one_of(arguments)))),
    seeing("is null", |arguments| {
        let [value] = all(arguments)?;
        Ok(Value::Boolean(value.is_null()))
    }),
    seeing("is not null", |arguments| {
        let [value] = all(arguments)?;
        Ok(Value::Boolean(!value.is_null()))
    }),
    seeing("least", |arguments| Ok(extreme(arguments, Ordering::Less))),
    seeing("greatest", |arguments| Ok(extreme(arguments, Ordering::Greater))),
];

fn equal<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [left, right] = all(arguments)?;
    Ok(Value::Boolean(left == right))
}

fn unequal<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    equal(arguments).map(negated)
}

fn ordered<'a>(arguments: &[Value<'a>], holds: fn(Ordering) -> bool) -> Result<Value<'a>, Fault> {
    let [left, right] = all(arguments)?;
    Ok(Value::Boolean(holds(left.compare(right))))
}

/// The other truth value; null stays null.
pub(super) fn negated(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Boolean(truth) => Value::Boolean(!truth),
        other => other,
    }
}

/// The two comparisons joined by AND: one that is false decides, whatever the other bound is.
fn between<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [value, low, high] = all(arguments)?;
    let outside = |bound: &Value<'_>, beyond: fn(Ordering) -> bool| {
        !value.is_null() && !bound.is_null() && beyond(value.compare(bound))
    };
    Ok(if outside(low, Ordering::is_lt) || outside(high, Ordering::is_gt) {
        Value::Boolean(false)
    } else if arguments.iter().any(Value::is_null) {
        Value::Null
    } else {
        Value::Boolean(true)
    })
}

/// Null, not false, when nothing is equal and something is null.
fn one_of<'a>(arguments: &[Value<'a>]) -> Value<'a> {
    match arguments.split_first() {
        None | Some((Value::Null, _)) => Value::Null,
        Some((value, list)) if list.contains(value) => Value::Boolean(true),
        Some((_, list)) if list.iter().any(Value::is_null) => Value::Null,
        Some(_) => Value::Boolean(false),
    }
}

/// The first of the smallest or largest arguments that are not null.
fn extreme<'a>(arguments: &[Value<'a>], wanted: Ordering) -> Value<'a> {
    let mut found = &Value::Null;
    for value in arguments.iter().filter(|value| !value.is_null()) {
        if found.is_null() || value.compare(found) == wanted {
            found = value;
        }
    }
    found.clone()
}
