//! Standard deviations and the least-squares line.
//!
//! Deviations of numbers come from exact sums. Everything in binary floating point goes by
//! Youngs' and Cramer's way of summing squares, as `PostgreSQL` does it, so that digits agree.

use tule_core::types::Type;

use super::aggregate::only;
use super::arguments::{all, double, mismatch};
use super::arithmetic::{exact, finite};
use super::{Accumulator, Implementation, aggregate};
use crate::value::{Decimal, Fault, Value};

pub(super) const ROWS: &[Implementation] = &[
    aggregate("stddev_pop", || Box::new(Deviation { sums: None, sample: false })),
    aggregate("stddev_samp", || Box::new(Deviation { sums: None, sample: true })),
    aggregate("regr_slope", || Box::new(Line { moments: Moments::default(), result: Line::slope })),
    aggregate("regr_intercept", || {
        Box::new(Line { moments: Moments::default(), result: Line::intercept })
    }),
    aggregate("regr_r2", || Box::new(Line { moments: Moments::default(), result: Line::fit })),
];

/// The square root of the mean square distance from the mean.
struct Deviation {
    sums: Option<Sums>,
    /// Over one row less, as for a sample.
    sample: bool,
}

enum Sums {
    Exact { rows: i64, sum: Decimal, squares: Decimal },
    Binary(Moments),
}

impl Accumulator for Deviation {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        match (&mut self.sums, only(arguments)?) {
            (Some(Sums::Exact { rows, sum, squares }), Value::Number(number)) => {
                let total = || Some((sum.plus(number)?, squares.plus(&number.times(number)?)?));
                let (more, more_squares) = total().ok_or(Fault::OutOfRange(Type::Number))?;
                (*rows, *sum, *squares) = (*rows + 1, more, more_squares);
            }
            (Some(Sums::Binary(moments)), Value::Double(double)) => moments.add(*double, 0.0),
            (sums @ None, Value::Number(number)) => {
                let squares = number.times(number).ok_or(Fault::OutOfRange(Type::Number))?;
                *sums = Some(Sums::Exact { rows: 1, sum: number.clone(), squares });
            }
            (sums @ None, Value::Double(double)) => {
                let mut moments = Moments::default();
                moments.add(*double, 0.0);
                *sums = Some(Sums::Binary(moments));
            }
            (_, other) => return Err(mismatch("number or double", Some(other))),
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        let less = i32::from(self.sample);
        match &self.sums {
            Some(Sums::Exact { rows, sum, squares }) if *rows > i64::from(less) => {
                exact(exact_deviation(*rows, less, sum, squares))
            }
            Some(Sums::Binary(moments)) if moments.rows > f64::from(less) => {
                finite((moments.xx / (moments.rows - f64::from(less))).sqrt())
            }
            _ => Ok(Value::Null),
        }
    }
}

fn exact_deviation(rows: i64, less: i32, sum: &Decimal, squares: &Decimal) -> Option<Decimal> {
    let count = Decimal::from(rows);
    let spread = count.times(squares)?.minus(&sum.times(sum)?)?;
    if spread.is_negative() || spread.is_zero() {
        return Some(Decimal::ZERO);
    }
    let variance = spread.over(&count.times(&Decimal::from(rows - i64::from(less)))?)?;
    variance.square_root_with(variance.places())
}

/// Count, sums, and sums of products of distances from the means.
#[derive(Default)]
struct Moments {
    rows: f64,
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

impl Moments {
    fn add(&mut self, x: f64, y: f64) {
        let before = self.rows;
        self.rows += 1.0;
        self.x += x;
        self.y += y;
        if before > 0.0 {
            let (x, y) = (x * self.rows - self.x, y * self.rows - self.y);
            let scale = 1.0 / (self.rows * before);
            self.xx += x * x * scale;
            self.yy += y * y * scale;
            self.xy += x * y * scale;
        }
    }
}

/// The line that is nearest to the points of a group, y given first.
struct Line {
    moments: Moments,
    result: fn(&Moments) -> f64,
}

impl Line {
    fn slope(moments: &Moments) -> f64 {
        moments.xy / moments.xx
    }

    fn intercept(moments: &Moments) -> f64 {
        (moments.y - moments.x * moments.xy / moments.xx) / moments.rows
    }

    /// How much of y the line explains; all of it when y never changes.
    fn fit(moments: &Moments) -> f64 {
        if moments.yy == 0.0 {
            return 1.0;
        }
        moments.xy * moments.xy / (moments.xx * moments.yy)
    }
}

impl Accumulator for Line {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        let [y, x] = all(arguments)?;
        self.moments.add(double(x)?, double(y)?);
        Ok(())
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        // Points above each other have no line.
        if self.moments.rows < 1.0 || self.moments.xx == 0.0 {
            return Ok(Value::Null);
        }
        exact(Decimal::from_f64((self.result)(&self.moments)))
    }
}
