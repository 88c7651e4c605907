//! Aggregates that count, add up, compare and pick. Those of geometries are in `spatial`, statistics
//! in `statistics`.

use std::cmp::Ordering;
use std::collections::HashSet;

use tule_core::types::Type;

use super::arguments::{boolean, mismatch};
use super::{Accumulator, Implementation, aggregate};
use crate::value::{Decimal, Fault, Key, Value};

pub(super) const ROWS: &[Implementation] = &[
    aggregate("count(*)", || Box::<Count>::default()),
    aggregate("count", || Box::<Count>::default()),
    aggregate("count_distinct", || Box::<Distinct>::default()),
    aggregate("sum", || Box::<Sum>::default()),
    aggregate("avg", || Box::<Mean>::default()),
    aggregate("median", || Box::new(Middle { values: Vec::new(), sorted: true, between: true })),
    aggregate("median_disc", || {
        Box::new(Middle { values: Vec::new(), sorted: true, between: false })
    }),
    aggregate("min", || Box::new(Extreme { wanted: Ordering::Less, found: Value::Null })),
    aggregate("max", || Box::new(Extreme { wanted: Ordering::Greater, found: Value::Null })),
    aggregate("bool_and", || Box::new(Truths { rows: 0, counted_rows: 0, counted: false })),
    aggregate("bool_or", || Box::new(Truths { rows: 0, counted_rows: 0, counted: true })),
];

/// The one argument of an aggregate.
pub(super) fn only<'v, 'a>(arguments: &'v [Value<'a>]) -> Result<&'v Value<'a>, Fault> {
    arguments.first().ok_or_else(|| mismatch("one argument", None))
}

fn count<'a>(rows: i64) -> Value<'a> {
    Value::Number(Decimal::from(rows))
}

#[derive(Default)]
struct Count {
    rows: i64,
}

impl Accumulator for Count {
    fn step(&mut self, _: &[Value<'_>]) -> Result<(), Fault> {
        self.rows += 1;
        Ok(())
    }

    fn retract(&mut self, _: &[Value<'_>]) -> Result<bool, Fault> {
        self.rows -= 1;
        Ok(true)
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        Ok(count(self.rows))
    }
}

#[derive(Default)]
struct Distinct {
    seen: HashSet<Key<'static>>,
}

impl Accumulator for Distinct {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        fn has<'a>(seen: &HashSet<Key<'a>>, value: &Value<'a>) -> bool {
            seen.contains(&Key(value.clone()))
        }
        let value = only(arguments)?;
        if !has(&self.seen, value) {
            self.seen.insert(Key(value.clone().into_owned()));
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        Ok(count(i64::try_from(self.seen.len()).unwrap_or(i64::MAX)))
    }
}

/// A total. Numbers can be taken out again, as long as that leaves one with as many places as the
/// total has; doubles cannot, since what their sum lost does not come back.
#[derive(Default)]
pub(super) struct Sum {
    total: Option<Total>,
    pub(super) rows: i64,
}

enum Total {
    Number { sum: Decimal, widest: i64 },
    Double(f64),
}

impl Sum {
    /// The total; null of no rows.
    pub(super) fn total(&self) -> Result<Value<'static>, Fault> {
        match &self.total {
            _ if self.rows == 0 => Ok(Value::Null),
            None => Ok(Value::Null),
            Some(Total::Number { sum, .. }) => Ok(Value::Number(sum.clone())),
            Some(Total::Double(sum)) => super::arithmetic::finite(*sum),
        }
    }
}

impl Accumulator for Sum {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        self.rows += 1;
        match (&mut self.total, only(arguments)?) {
            (Some(Total::Number { sum, widest }), Value::Number(number)) => {
                match number.places().cmp(&sum.places()) {
                    Ordering::Less => {}
                    Ordering::Equal => *widest += 1,
                    Ordering::Greater => *widest = 1,
                }
                *sum = sum.plus(number).ok_or(Fault::OutOfRange(Type::Number))?;
            }
            (Some(Total::Double(sum)), Value::Double(double)) => *sum += double,
            (total @ None, Value::Number(number)) => {
                *total = Some(Total::Number { sum: number.clone(), widest: 1 });
            }
            (total @ None, Value::Double(double)) => *total = Some(Total::Double(*double)),
            (_, other) => return Err(mismatch("number or double", Some(other))),
        }
        Ok(())
    }

    fn retract(&mut self, arguments: &[Value<'_>]) -> Result<bool, Fault> {
        let (Some(Total::Number { sum, widest }), Value::Number(number)) =
            (&mut self.total, only(arguments)?)
        else {
            return Ok(false);
        };
        if number.places() == sum.places() {
            if *widest == 1 && sum.places() > 0 {
                return Ok(false);
            }
            *widest -= 1;
        }
        *sum = sum.minus(number).ok_or(Fault::OutOfRange(Type::Number))?;
        self.rows -= 1;
        Ok(true)
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        self.total()
    }
}

#[derive(Default)]
struct Mean {
    sum: Sum,
}

impl Accumulator for Mean {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        self.sum.step(arguments)
    }

    fn retract(&mut self, arguments: &[Value<'_>]) -> Result<bool, Fault> {
        self.sum.retract(arguments)
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        match self.sum.total()? {
            Value::Number(total) => {
                super::arithmetic::exact(total.over(&Decimal::from(self.sum.rows)))
            }
            #[expect(clippy::cast_precision_loss, reason = "no group has 2^53 rows")]
            Value::Double(total) => super::arithmetic::finite(total / self.sum.rows as f64),
            none => Ok(none),
        }
    }
}

/// The value in the middle: of two middle ones either what lies between or the lower.
struct Middle {
    values: Vec<Value<'static>>,
    sorted: bool,
    between: bool,
}

impl Accumulator for Middle {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        self.values.push(only(arguments)?.clone().into_owned());
        self.sorted = false;
        Ok(())
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        if !self.sorted {
            self.values.sort_by(Value::compare);
            self.sorted = true;
        }
        let Some(last) = self.values.len().checked_sub(1) else { return Ok(Value::Null) };
        let at = |index: usize| self.values.get(index).cloned().unwrap_or_default();
        let (low, high) = (at(last / 2), at(last.div_ceil(2)));
        if !self.between {
            return Ok(low);
        }
        match (low, high) {
            (Value::Number(low), Value::Number(high)) => {
                let half = Decimal::from_units(5, 1);
                let middle = low.plus(&high).and_then(|sum| sum.times(&half));
                super::arithmetic::exact(middle.map(Decimal::trimmed))
            }
            (Value::Double(low), Value::Double(high)) => {
                super::arithmetic::finite(low + (high - low) * 0.5)
            }
            (other, _) => Err(mismatch("number or double", Some(&other))),
        }
    }
}

struct Extreme {
    wanted: Ordering,
    found: Value<'static>,
}

impl Accumulator for Extreme {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        let value = only(arguments)?;
        if self.found.is_null() || value.compare(&self.found) == self.wanted {
            self.found = value.clone().into_owned();
        }
        Ok(())
    }

    /// What lies behind the extreme value can go without a trace.
    fn retract(&mut self, arguments: &[Value<'_>]) -> Result<bool, Fault> {
        Ok(only(arguments)?.compare(&self.found) != Ordering::Equal)
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        Ok(self.found.clone())
    }
}

/// Whether all are true or some are, told by how many there are of one truth value.
struct Truths {
    rows: i64,
    counted_rows: i64,
    counted: bool,
}

impl Accumulator for Truths {
    fn step(&mut self, arguments: &[Value<'_>]) -> Result<(), Fault> {
        self.rows += 1;
        self.counted_rows += i64::from(boolean(only(arguments)?)? == self.counted);
        Ok(())
    }

    fn retract(&mut self, arguments: &[Value<'_>]) -> Result<bool, Fault> {
        self.rows -= 1;
        self.counted_rows -= i64::from(boolean(only(arguments)?)? == self.counted);
        Ok(true)
    }

    fn finish(&mut self) -> Result<Value<'static>, Fault> {
        if self.rows == 0 {
            return Ok(Value::Null);
        }
        Ok(Value::Boolean((self.counted_rows > 0) == self.counted))
    }
}
