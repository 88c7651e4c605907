//! Functions of numbers.

use tule_core::types::Type;

use super::arguments::{all, double, integer, mismatch, number};
use super::arithmetic::{exact, finite};
use super::{Implementation, strict};
use crate::value::{Decimal, Fault, Value};

pub(super) const ROWS: &[Implementation] = &[
    strict("ln", |arguments| match arguments {
        [Value::Number(number)] => number.ln().map(Value::Number).ok_or(LOGARITHM),
        [Value::Double(double)] if *double > 0.0 => finite(double.ln()),
        [Value::Double(_)] => Err(LOGARITHM),
        other => Err(mismatch("number or double", other.first())),
    }),
    strict("abs", |arguments| either(arguments, Decimal::magnitude, f64::abs)),
    strict("ceil", |arguments| either(arguments, Decimal::ceiling, f64::ceil)),
    strict("floor", |arguments| either(arguments, Decimal::floor, f64::floor)),
    strict("round", |arguments| {
        let [value, places] = all(arguments)?;
        // More places than a number can have change nothing that could be seen.
        exact(number(value)?.rounded_to(integer(places)?.clamp(-2000, 2000)))
    }),
    strict("signed_magnitude_10", |arguments| {
        either(
            arguments,
            |number| {
                Decimal::from(i64::from(number.whole_digits()))
                    .times(&number.signum())
                    .unwrap_or(Decimal::ZERO)
            },
            |double| {
                let digits = Decimal::from_f64(double).map_or(0, |number| number.whole_digits());
                if double == 0.0 { 0.0 } else { f64::from(digits).copysign(double) }
            },
        )
    }),
    strict("signed_magnitude_linear", bucket_of_width),
    strict("width_bucket", bucket_between),
];

const LOGARITHM: Fault = Fault::Undefined { function: "ln", why: "needs a number above zero" };

/// A function of a number or of a double.
fn either<'a>(
    arguments: &[Value<'a>],
    of_number: fn(&Decimal) -> Decimal,
    of_double: fn(f64) -> f64,
) -> Result<Value<'a>, Fault> {
    match arguments {
        [Value::Number(number)] => Ok(Value::Number(of_number(number))),
        [Value::Double(double)] => finite(of_double(*double)),
        other => Err(mismatch("number or double", other.first())),
    }
}

/// Buckets of a width, counted away from zero; whole numbers themselves for width 1.
fn bucket_of_width<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [value, width] = all(arguments)?;
    if double(width)? == 0.0 {
        return Err(Fault::DivisionByZero);
    }
    if let Value::Double(value) = value {
        let width = double(width)?;
        let linear = |value: f64| (value.abs() / width + 1.0).floor().copysign(value);
        return finite(match (*value, width) {
            (value, 1.0) => value.floor(),
            (0.0, _) => 0.0,
            (value, _) => linear(value),
        });
    }
    let value = number(value)?;
    let width = match width {
        Value::Double(width) => {
            &Decimal::from_f64(*width).ok_or(Fault::OutOfRange(Type::Number))?
        }
        width => number(width)?,
    };
    if *width == Decimal::ONE {
        return Ok(Value::Number(value.floor()));
    }
    let buckets = value.magnitude().over(width).and_then(|count| count.plus(&Decimal::ONE));
    exact(buckets.and_then(|count| count.floor().times(&value.signum())))
}

/// The bucket between two bounds, which may be given in either order.
fn bucket_between<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    const EMPTY: Fault =
        Fault::Undefined { function: "width_bucket", why: "needs bounds that differ" };
    const NONE: Fault =
        Fault::Undefined { function: "width_bucket", why: "needs a count of buckets above zero" };
    let [value, from, to, count] = all(arguments)?;
    let (value, from, to) = (number(value)?, number(from)?, number(to)?);
    let count = integer(count)?;
    if count <= 0 {
        return Err(NONE);
    }
    if from == to {
        return Err(EMPTY);
    }
    let upwards = from < to;
    let (before, behind) =
        if upwards { (value < from, value >= to) } else { (value > from, value <= to) };
    if before {
        return Ok(Value::Number(Decimal::ZERO));
    }
    let count = Decimal::from(count);
    if behind {
        return exact(count.plus(&Decimal::ONE));
    }
    let index = || {
        let scaled = value.minus(from)?.times(&count)?;
        scaled.over(&to.minus(from)?)?.floor().plus(&Decimal::ONE)
    };
    // A quotient that was rounded up must not leave the last bucket.
    exact(index().map(|index| index.min(count)))
}
