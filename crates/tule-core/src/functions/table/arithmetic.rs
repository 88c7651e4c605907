//! Arithmetic on numbers, dates, times and intervals.

use super::row::{A, B, DATE, DOUBLE, FLOATING, INTERVAL, NUMBER, TIME, infix, prefix};
use crate::functions::Function;
use crate::types::{Type, TypeSet};

const INTERVAL_ONLY: TypeSet = TypeSet::one(Type::Interval);

pub(super) const ROWS: &[Function] = &[
    prefix("op$+", "+", &[A], A)
        .identity("unary +")
        .a(TypeSet::NUM_LIKE)
        .doc("The number as it is.")
        .example("+amount"),
    infix("op$+", "+", &[A, A], A)
        .a(TypeSet::NUM_LIKE)
        .since_20()
        .doc("Sum of two numbers of the same type, null when either is null.")
        .note("one null term makes the sum null; `coalesce(x, 0)` keeps the rest")
        .example("amount + 1"),
    infix("op$+", "+", &[DATE, TIME], FLOATING)
        .identity("date time add")
        .doc("The local moment at a time of day on a day.")
        .example("birthday + clock"),
    infix("op$+", "+", &[TIME, DATE], FLOATING)
        .identity("time date add")
        .doc("The local moment at a time of day on a day, written the other way round.")
        .example("clock + birthday"),
    infix("op$+", "+", &[TIME, INTERVAL], TIME)
        .identity("time interval add")
        .doc("A time of day moved later, starting again at midnight.")
        .example("clock + span"),
    infix("op$+", "+", &[INTERVAL, TIME], TIME)
        .identity("interval time add")
        .doc("A time of day moved later by the interval on its left, wrapping at midnight.")
        .example("span + clock"),
    infix("op$+", "+", &[TIME, TIME], INTERVAL)
        .identity("time time sub")
        .doc("The interval from the second time of day to the first.")
        .note("written with `+` although it subtracts: there is no `-` between two times")
        .example("clock + clock"),
    infix("op$+", "+", &[DATE, INTERVAL], FLOATING)
        .identity("date interval add")
        .doc("The local moment an interval after the start of a day.")
        .note("the result is a floating_timestamp even for whole days; `.date` makes it a day")
        .example("birthday + span"),
    infix("op$+", "+", &[INTERVAL, DATE], FLOATING)
        .identity("interval date add")
        .doc("The local moment an interval after the start of the day on its right.")
        .note("the result is a floating_timestamp even for whole days; `.date` makes it a day")
        .example("span + birthday"),
    infix("op$+", "+", &[A, B], A)
        .identity("timestamp +")
        .a(TypeSet::TIMESTAMP_LIKE)
        .b(INTERVAL_ONLY)
        .doc("A timestamp moved later by an interval.")
        .note("an interval literal is an ISO 8601 period: `opened + 'P1D'` is a day later")
        .example("opened + 'P1D'"),
    prefix("op$-", "-", &[A], A)
        .identity("unary -")
        .a(TypeSet::NUM_LIKE)
        .doc("The number with its sign changed.")
        .note("binds tighter than `^`: `-2 ^ 2` is `(-2) ^ 2`")
        .example("-amount"),
    infix("op$-", "-", &[A, A], A)
        .a(TypeSet::NUM_LIKE)
        .since_20()
        .doc("Difference of two numbers of the same type, null when either is null.")
        .note("`a-b` is a subtraction: a name with a dash needs back-quotes")
        .example("amount - 1"),
    infix("op$-", "-", &[TIME, INTERVAL], TIME)
        .identity("time interval sub")
        .doc("A time of day moved earlier, going on before midnight.")
        .example("clock - span"),
    infix("op$-", "-", &[DATE, INTERVAL], FLOATING)
        .identity("date interval sub")
        .doc("The local moment an interval before the start of a day.")
        .note("the result is a floating_timestamp even for whole days; `.date` makes it a day")
        .example("birthday - span"),
    infix("op$-", "-", &[DATE, DATE], NUMBER)
        .identity("date date sub")
        .doc("Days from the right date to the left one, negative when the left is earlier.")
        .note("timestamps do not subtract from each other; see `date_diff_d`")
        .example("birthday - birthday"),
    infix("op$-", "-", &[A, B], A)
        .identity("timestamp -")
        .a(TypeSet::TIMESTAMP_LIKE)
        .b(INTERVAL_ONLY)
        .doc("A timestamp moved earlier by an interval.")
        .note("an interval literal is an ISO 8601 period: `opened - 'PT2H'` is two hours earlier")
        .example("opened - 'PT2H'"),
    infix("op$*", "*", &[NUMBER, NUMBER], NUMBER)
        .identity("*NN")
        .since_20()
        .doc("Product of two exact numbers.")
        .example("amount * 2"),
    infix("op$*", "*", &[DOUBLE, DOUBLE], DOUBLE)
        .identity("*DD")
        .since_21()
        .doc("Product of two binary floating-point numbers.")
        .example("ratio * 2"),
    infix("op$/", "/", &[NUMBER, NUMBER], NUMBER)
        .identity("/NN")
        .since_20()
        .doc("Quotient of two exact numbers, with its decimals.")
        .note("dividing by zero fails the whole query: write `x / nullif(y, 0)`")
        .example("amount / 2"),
    infix("op$/", "/", &[DOUBLE, DOUBLE], DOUBLE)
        .identity("/DD")
        .since_21()
        .doc("Quotient of two binary floating-point numbers.")
        .note("dividing by zero fails the whole query: write `x / nullif(y, 0)`")
        .example("ratio / 2"),
    infix("op$^", "^", &[NUMBER, NUMBER], NUMBER)
        .identity("^NN")
        .since_20()
        .doc("The left exact number raised to the power of the right one.")
        .note("a power, though the portal's documentation calls it a remainder; groups rightwards")
        .example("amount ^ 2"),
    infix("op$^", "^", &[DOUBLE, DOUBLE], DOUBLE)
        .identity("^DD")
        .since_21()
        .doc("The left floating-point number raised to the power of the right one.")
        .example("ratio ^ 0.5"),
    infix("op$%", "%", &[NUMBER, NUMBER], NUMBER)
        .identity("%NN")
        .since_20()
        .doc("Remainder of dividing two exact numbers, with the sign of the left one.")
        .note("a remainder by zero fails the whole query")
        .example("amount % 10"),
    infix("op$%", "%", &[DOUBLE, DOUBLE], DOUBLE)
        .identity("%DD")
        .since_21()
        .doc("Remainder of dividing two floating-point numbers.")
        .note("PostgreSQL has no remainder of this type, so portals may fail on it")
        .example("ratio % 2"),
];
