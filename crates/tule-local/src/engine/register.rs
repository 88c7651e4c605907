//! The functions of a query, given to SQLite.
//!
//! Each call of the query has a function of its own, which knows the types of its arguments and
//! where it stands: so a fault of a value is reported at the right place.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::functions::{Aggregate, Context, FunctionFlags, WindowAggregate};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, Error, Result};
use tule_core::types::{Type, TypeSet};
use tule_syntax::span::Span;

use super::pack;
use super::words::Words;
use crate::error::{RunCode, RunError};
use crate::functions::{Nulls, Run, Running};
use crate::store::{codec, number, shape};
use crate::value::{Decimal, Fault, MOST_PLACES, Value};

/// Decimal places of the keys of a RANGE frame with a distance.
pub(super) const RANGE_PLACES: u32 = 6;

/// A function that a query calls.
#[derive(Debug)]
pub(super) struct Registration {
    pub(super) name: String,
    pub(super) what: What,
    pub(super) parameters: Vec<Parameter>,
    /// Where the call stands.
    pub(super) span: Span,
}

/// What an argument is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub(super) ty: Type,
    /// The number of the constant that it always is, from 1.
    pub(super) constant: Option<usize>,
}

/// What a function does.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// A function of the language over one row.
    Scalar {
        run: &'static Run,
        /// It is false of two geometries whose bounds do not meet.
        apart: bool,
    },
    /// A function of the language over many rows.
    Aggregate {
        run: &'static Run,
        /// Over a window, which rows leave again.
        windowed: bool,
    },
    /// The same of two numbers, by a short way where they are small.
    Arithmetic { run: &'static Run, operator: Operator },
    /// A whole number of SQLite as a number.
    Whole,
    /// A number as a whole number of SQLite.
    Integer,
    /// A number as the key of a RANGE frame.
    RangeKey,
    /// Whether texts have all of some words.
    Search(Words),
}

/// An operator of numbers whose result is exact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
}

impl Operator {
    /// The operator behind an identity of the function table.
    pub(super) fn of(identity: &str) -> Option<Self> {
        Some(match identity {
            "+" => Self::Plus,
            "-" => Self::Minus,
            "*NN" => Self::Times,
            _ => return None,
        })
    }

    /// Units and places of the result; `None` where 64 bits do not do.
    fn apply(self, left: (i64, u32), right: (i64, u32)) -> Option<(i64, u32)> {
        let ((left, left_places), (right, right_places)) = (left, right);
        if self == Self::Times {
            // With more places than that, results are rounded.
            let places = Some(left_places + right_places).filter(|places| *places <= MOST_PLACES);
            return Some((left.checked_mul(right)?, places?));
        }
        let places = left_places.max(right_places);
        let left = left.checked_mul(10_i64.checked_pow(places - left_places)?)?;
        let right = right.checked_mul(10_i64.checked_pow(places - right_places)?)?;
        let units =
            if self == Self::Plus { left.checked_add(right) } else { left.checked_sub(right) };
        Some((units?, places))
    }
}

/// The first fault of a value: SQLite passes on no more than text.
#[derive(Clone, Debug, Default)]
pub(super) struct FaultSlot(Arc<Mutex<Option<RunError>>>);

impl FaultSlot {
    /// Keeps the fault unless there is one, and gives the error that ends the statement.
    fn put(&self, fault: &Fault, span: Span) -> Error {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let message = fault.to_string();
        slot.get_or_insert_with(|| RunError::new(RunCode::BadValue, message.clone()).at(span));
        Error::UserFunctionError(message.into())
    }

    pub(super) fn take(&self) -> Option<RunError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Registers `functions`. `constants` are those of the query.
pub(super) fn register(
    connection: &Connection,
    functions: Vec<Registration>,
    constants: &[Sql],
    faults: &FaultSlot,
) -> Result<()> {
    pack::register(connection)?;
    for function in functions {
        let Registration { name, what, parameters, span } = function;
        let call = Call {
            constants: parameters.iter().map(|parameter| constant(parameter, constants)).collect(),
            types: parameters.iter().map(|parameter| parameter.ty).collect(),
            faults: faults.clone(),
            span,
            shapes: Mutex::default(),
        };
        match what {
            What::Scalar { run, apart } => {
                scalar(connection, &name, call, move |call, context| {
                    if apart && are_apart(context) {
                        return Ok(Sql::Integer(0));
                    }
                    call.scalar(run, context)
                })?;
            }
            What::Arithmetic { run, operator } => {
                scalar(connection, &name, call, move |call, context| {
                    match call.short(operator, context) {
                        Some(number) => Ok(Sql::Blob(number)),
                        None => call.scalar(run, context),
                    }
                })?;
            }
            What::Aggregate { run, windowed } => aggregate(connection, &name, call, run, windowed)?,
            What::Whole => scalar(connection, &name, call, |_, context| Ok(whole(context)))?,
            What::Integer => scalar(connection, &name, call, Call::integer)?,
            What::RangeKey => scalar(connection, &name, call, Call::range_key)?,
            What::Search(words) => scalar(connection, &name, call, move |_, context| {
                let texts = (0..context.len()).filter_map(|index| match context.get_raw(index) {
                    ValueRef::Text(text) => std::str::from_utf8(text).ok(),
                    _ => None,
                });
                Ok(Sql::Integer(i64::from(words.are_in(texts))))
            })?,
        }
    }
    Ok(())
}

fn flags() -> FunctionFlags {
    FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC
}

fn scalar(
    connection: &Connection,
    name: &str,
    call: Call,
    body: impl Fn(&Call, &Context<'_>) -> Result<Sql> + Send + 'static,
) -> Result<()> {
    let arity = i32::try_from(call.types.len()).unwrap_or(-1);
    connection.create_scalar_function(name, arity, flags(), move |context| body(&call, context))
}

fn aggregate(
    connection: &Connection,
    name: &str,
    call: Call,
    run: &'static Run,
    windowed: bool,
) -> Result<()> {
    let arity = i32::try_from(call.types.len()).unwrap_or(-1);
    let body = Rows { call, run, windowed };
    if windowed {
        connection.create_window_function(name, arity, flags(), body)
    } else {
        connection.create_aggregate_function(name, arity, flags(), body)
    }
}

/// The value of an argument that is the same for all rows.
fn constant(parameter: &Parameter, constants: &[Sql]) -> Option<Value<'static>> {
    let kept = constants.get(parameter.constant?.checked_sub(1)?)?;
    Some(codec::decode(parameter.ty, kept.into()).into_owned())
}

/// A whole number of SQLite as a number of the language.
fn whole(context: &Context<'_>) -> Sql {
    match context.get_raw(0) {
        ValueRef::Integer(count) => number::of_units(count, 0).map_or(Sql::Null, Sql::Blob),
        _ => Sql::Null,
    }
}

/// Whether the first two arguments are geometries with bounds that do not meet.
fn are_apart(context: &Context<'_>) -> bool {
    let bounds = |index: usize| match context.get_raw(index) {
        ValueRef::Blob(bytes) => shape::bounds(bytes),
        _ => None,
    };
    matches!((bounds(0), bounds(1)), (Some(left), Some(right)) if !left.meets(right))
}

/// One call of a query.
struct Call {
    types: Vec<Type>,
    constants: Vec<Option<Value<'static>>>,
    faults: FaultSlot,
    span: Span,
    shapes: Mutex<Shapes>,
}

/// Large geometries of the last rows: a join meets the same few again and again, and comparing
/// bytes is much cheaper than taking them apart.
#[derive(Default)]
struct Shapes(Vec<(Box<[u8]>, Value<'static>)>);

impl Shapes {
    /// Smaller ones are not kept, in bytes.
    const LARGE: usize = 200;
    /// How many are kept.
    const KEPT: usize = 16;

    fn get(&mut self, ty: Type, bytes: &[u8]) -> Value<'static> {
        let known = self.0.iter().position(|(known, _)| **known == *bytes);
        let entry = if let Some(index) = known {
            self.0.remove(index)
        } else {
            self.0.truncate(Self::KEPT - 1);
            (bytes.into(), codec::decode(ty, ValueRef::Blob(bytes)).into_owned())
        };
        let value = entry.1.clone();
        self.0.insert(0, entry);
        value
    }
}

impl Call {
    fn arguments<'c>(&'c self, context: &'c Context<'_>) -> Vec<Value<'c>> {
        let known = self.types.iter().zip(&self.constants).enumerate();
        known
            .map(|(index, (ty, constant))| match constant {
                Some(Value::Text(text)) => Value::Text((&**text).into()),
                Some(constant) => constant.clone(),
                None => match context.get_raw(index) {
                    ValueRef::Blob(bytes)
                        if bytes.len() > Shapes::LARGE && TypeSet::GEOSPATIAL.has(*ty) =>
                    {
                        self.shapes.lock().unwrap_or_else(PoisonError::into_inner).get(*ty, bytes)
                    }
                    kept => codec::decode(*ty, kept),
                },
            })
            .collect()
    }

    fn has_null(context: &Context<'_>) -> bool {
        (0..context.len()).any(|index| context.get_raw(index) == ValueRef::Null)
    }

    fn scalar(&self, run: &Run, context: &Context<'_>) -> Result<Sql> {
        let strict = matches!(run, Run::Scalar { nulls: Nulls::Strict, .. });
        if strict && Self::has_null(context) {
            return Ok(Sql::Null);
        }
        match run.call(&self.arguments(context)) {
            Ok(value) => Ok(codec::encode(&value)),
            Err(fault) => Err(self.faults.put(&fault, self.span)),
        }
    }

    /// The result of an operator of two numbers, if all three fit into 64 bits: most do, and nothing
    /// needs to be put together for them.
    fn short(&self, operator: Operator, context: &Context<'_>) -> Option<Vec<u8>> {
        let small = |index: usize| match self.constants.get(index)? {
            Some(Value::Number(number)) => number.small(),
            Some(_) => None,
            None => match context.get_raw(index) {
                ValueRef::Blob(number) => number::units(number),
                _ => None,
            },
        };
        let (left, right) = (small(0)?, small(1)?);
        let (units, places) = operator.apply(left, right)?;
        number::of_units(units, places)
    }

    fn number(&self, context: &Context<'_>) -> Option<Decimal> {
        match self.arguments(context).into_iter().next() {
            Some(Value::Number(number)) => Some(number),
            Some(Value::Double(double)) => Decimal::from_f64(double),
            _ => None,
        }
    }

    fn integer(&self, context: &Context<'_>) -> Result<Sql> {
        let Some(number) = self.number(context) else { return Ok(Sql::Null) };
        let whole = number.rounded(0).to_i64();
        let fault = Fault::OutOfRange(Type::Number);
        whole.map(Sql::Integer).ok_or_else(|| self.faults.put(&fault, self.span))
    }

    /// The number in units of its last place; a number that has more places has no key.
    fn range_key(&self, context: &Context<'_>) -> Result<Sql> {
        const NO_KEY: Fault = Fault::Undefined {
            function: "range",
            why: "with a distance takes numbers of at most 6 places, below 9,000,000,000,000",
        };
        let Some(number) = self.number(context) else { return Ok(Sql::Null) };
        let units = number.times(&Decimal::from(10_i64.pow(RANGE_PLACES)));
        let units = units.and_then(|units| units.to_i64());
        // SQLite adds the distance without looking at the size.
        let units = units.filter(|units| units.unsigned_abs() < 9_000_000_000_000_000_000);
        units.map(Sql::Integer).ok_or_else(|| self.faults.put(&NO_KEY, self.span))
    }
}

/// An aggregate of a query.
struct Rows {
    call: Call,
    run: &'static Run,
    windowed: bool,
}

/// What is thrown away when a query breaks off need not be whole.
type State = AssertUnwindSafe<Running>;

impl Rows {
    fn start(&self) -> Result<State> {
        let start = if self.windowed { Running::over_window } else { Running::over_group };
        let running = start(self.run);
        let running = running
            .ok_or_else(|| Error::UserFunctionError("this function is no aggregate".into()))?;
        Ok(AssertUnwindSafe(running))
    }

    fn finish(&self, running: &mut Running) -> Result<Sql> {
        match running.finish() {
            Ok(value) => Ok(codec::encode(&value)),
            Err(fault) => Err(self.call.faults.put(&fault, self.call.span)),
        }
    }

    fn check(&self, outcome: std::result::Result<(), Fault>) -> Result<()> {
        outcome.map_err(|fault| self.call.faults.put(&fault, self.call.span))
    }
}

impl Aggregate<State, Sql> for Rows {
    fn init(&self, _: &mut Context<'_>) -> Result<State> {
        self.start()
    }

    fn step(&self, context: &mut Context<'_>, state: &mut State) -> Result<()> {
        // Rows with a null do not count for any aggregate.
        if Call::has_null(context) {
            return Ok(());
        }
        if let [ty] = *self.call.types
            && let [None] = *self.call.constants
            && !TypeSet::GEOSPATIAL.has(ty)
        {
            // Most aggregates have one argument; a list of it need not be made.
            return self.check(state.step(&[codec::decode(ty, context.get_raw(0))]));
        }
        self.check(state.step(&self.call.arguments(context)))
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<State>) -> Result<Sql> {
        let mut state = match state {
            Some(state) => state,
            None => self.start()?,
        };
        self.finish(&mut state)
    }
}

impl WindowAggregate<State, Sql> for Rows {
    fn value(&self, state: Option<&mut State>) -> Result<Sql> {
        match state {
            Some(state) => self.finish(state),
            None => self.finish(&mut *self.start()?),
        }
    }

    fn inverse(&self, context: &mut Context<'_>, state: &mut State) -> Result<()> {
        if Call::has_null(context) {
            return Ok(());
        }
        self.check(state.retract(&self.call.arguments(context)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_of_arithmetic_gives_what_the_long_one_does() {
        let samples = [0, 1, -1, 7, 10, -250, 99_999, i64::MAX / 10, i64::MAX, i64::MIN, 1 << 40];
        let numbers = samples.iter().flat_map(|units| [0, 1, 2, 7].map(|places| (*units, places)));
        let numbers: Vec<(i64, u32)> = numbers.collect();
        let mut short = 0;
        for left in &numbers {
            for right in &numbers {
                let [one, other] =
                    [left, right].map(|(units, places)| Decimal::from_units(*units, *places));
                for (operator, long) in [
                    (Operator::Plus, one.plus(&other)),
                    (Operator::Minus, one.minus(&other)),
                    (Operator::Times, one.times(&other)),
                ] {
                    let Some((units, places)) = operator.apply(*left, *right) else { continue };
                    short += 1;
                    let kept = number::of_units(units, places).unwrap();
                    assert_eq!(
                        number::of(&long.unwrap()),
                        Some(kept),
                        "{left:?} {operator:?} {right:?}"
                    );
                }
            }
        }
        assert!(short > 1000, "{short}");
    }
}
