//! Operators on numbers and doubles.
//!
//! Numbers are exact, see `Decimal`. Doubles that overflow, or come to zero where no factor was
//! zero, are a fault, as in the database behind the portal. Arithmetic on dates is in `date`.

use std::cmp::Ordering;

use tule_core::types::Type;

use super::arguments::{all, double, mismatch, number};
use super::{Implementation, strict};
use crate::value::{Decimal, Fault, Value};

pub(super) const ROWS: &[Implementation] = &[
    strict("unary +", |arguments| {
        let [value] = all(arguments)?;
        Ok(value.clone())
    }),
    strict("unary -", |arguments| match arguments {
        [Value::Number(number)] => Ok(Value::Number(number.negated())),
        [Value::Double(double)] => Ok(Value::Double(-double)),
        other => Err(mismatch("number or double", other.first())),
    }),
    strict("+", |arguments| match arguments {
        [Value::Number(left), Value::Number(right)] => exact(left.plus(right)),
        [Value::Double(left), Value::Double(right)] => finite(left + right),
        other => Err(mismatch("two numbers or doubles", other.first())),
    }),
    strict("-", |arguments| match arguments {
        [Value::Number(left), Value::Number(right)] => exact(left.minus(right)),
        [Value::Double(left), Value::Double(right)] => finite(left - right),
        other => Err(mismatch("two numbers or doubles", other.first())),
    }),
    strict("*NN", |arguments| {
        let [left, right] = all(arguments)?;
        exact(number(left)?.times(number(right)?))
    }),
    strict("*DD", |arguments| {
        let (left, right) = doubles(arguments)?;
        not_vanished(left * right, left == 0.0 || right == 0.0)
    }),
    strict("/NN", |arguments| {
        let [left, right] = all(arguments)?;
        exact(number(left)?.over(divisor(number(right)?)?))
    }),
    strict("/DD", |arguments| {
        let (left, right) = doubles(arguments)?;
        if right == 0.0 {
            return Err(Fault::DivisionByZero);
        }
        not_vanished(left / right, left == 0.0)
    }),
    strict("^NN", power),
    strict("^DD", power_of_doubles),
    strict("%NN", |arguments| {
        let [left, right] = all(arguments)?;
        exact(number(left)?.remainder(divisor(number(right)?)?))
    }),
    strict("%DD", |arguments| {
        let (left, right) = doubles(arguments)?;
        if right == 0.0 { Err(Fault::DivisionByZero) } else { finite(left % right) }
    }),
];

/// A number that is none when it is out of range.
pub(super) fn exact<'a>(result: Option<Decimal>) -> Result<Value<'a>, Fault> {
    result.map(Value::Number).ok_or(Fault::OutOfRange(Type::Number))
}

/// A double that is not finite when it is out of range.
pub(super) fn finite<'a>(result: f64) -> Result<Value<'a>, Fault> {
    if result.is_finite() {
        Ok(Value::Double(result))
    } else {
        Err(Fault::OutOfRange(Type::Double))
    }
}

/// A double that may only be zero if `zero` says so.
fn not_vanished<'a>(result: f64, zero: bool) -> Result<Value<'a>, Fault> {
    if result == 0.0 && !zero { Err(Fault::OutOfRange(Type::Double)) } else { finite(result) }
}

fn divisor(number: &Decimal) -> Result<&Decimal, Fault> {
    if number.is_zero() { Err(Fault::DivisionByZero) } else { Ok(number) }
}

fn doubles(arguments: &[Value<'_>]) -> Result<(f64, f64), Fault> {
    let [left, right] = all(arguments)?;
    Ok((double(left)?, double(right)?))
}

const ZERO_TO_A_NEGATIVE: Fault =
    Fault::Undefined { function: "^", why: "of zero needs a power that is not negative" };
const NEGATIVE_TO_A_FRACTION: Fault =
    Fault::Undefined { function: "^", why: "of a negative number needs a power that is whole" };

fn power<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [base, exponent] = all(arguments)?;
    let (base, exponent) = (number(base)?, number(exponent)?);
    if base.is_zero() && exponent.is_negative() {
        return Err(ZERO_TO_A_NEGATIVE);
    }
    if base.is_negative() && exponent.truncated().cmp(exponent) != Ordering::Equal {
        return Err(NEGATIVE_TO_A_FRACTION);
    }
    exact(base.power(exponent))
}

fn power_of_doubles<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let (base, exponent) = doubles(arguments)?;
    if base == 0.0 && exponent < 0.0 {
        return Err(ZERO_TO_A_NEGATIVE);
    }
    if base < 0.0 && exponent.fract() != 0.0 {
        return Err(NEGATIVE_TO_A_FRACTION);
    }
    not_vanished(base.powf(exponent), base == 0.0)
}
