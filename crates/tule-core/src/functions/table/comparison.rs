//! Equality, order, ranges and lists.

use super::row::{A, BOOLEAN, infix, mixfix, postfix, scalar};
use crate::functions::Function;
use crate::types::TypeSet;

pub(super) const ROWS: &[Function] = &[
    infix("op$=", "=", &[A, A], BOOLEAN)
        .a(TypeSet::EQUATABLE)
        .since_20()
        .doc("True when both sides are the same value, null when either is null.")
        .note("text is compared with case; number and double never compare with each other")
        .example("name = 'Pixie Slough'"),
    infix("op$==", "==", &[A, A], BOOLEAN)
        .a(TypeSet::EQUATABLE)
        .doc("Another spelling of `=`, null when either side is null.")
        .example("amount == 10"),
    infix("op$<>", "<>", &[A, A], BOOLEAN)
        .a(TypeSet::EQUATABLE)
        .doc("True when the two sides are different values, null when either is null.")
        .note("a row whose value is null is not kept by `x <> 'y'`; add `OR x IS NULL` to keep it")
        .example("name <> 'Pixie Slough'"),
    infix("op$!=", "!=", &[A, A], BOOLEAN)
        .a(TypeSet::EQUATABLE)
        .since_20()
        .doc("Another spelling of `<>`, null when either side is null.")
        .example("amount != 10"),
    infix("op$<", "<", &[A, A], BOOLEAN)
        .a(TypeSet::ORDERED)
        .since_20()
        .doc("True when the left side sorts before the right one, null when either is null.")
        .example("amount < 10"),
    infix("op$<=", "<=", &[A, A], BOOLEAN)
        .a(TypeSet::ORDERED)
        .since_20()
        .doc("True when the left side sorts before the right one or equals it.")
        .example("opened <= '2025-06-30T23:59:59'"),
    infix("op$>", ">", &[A, A], BOOLEAN)
        .a(TypeSet::ORDERED)
        .since_20()
        .doc("True when the left side sorts after the right one, null when either is null.")
        .example("ratio > 0.5"),
    infix("op$>=", ">=", &[A, A], BOOLEAN)
        .a(TypeSet::ORDERED)
        .since_20()
        .doc("True when the left side sorts after the right one or equals it.")
        .example("birthday >= '1990-01-01'"),
    mixfix("#BETWEEN", "BETWEEN", &[A, A, A])
        .identity("between")
        .a(TypeSet::ORDERED)
        .since_21()
        .doc("True when the value lies from the first bound to the second, both included.")
        .note("an upper bound without a time of day is midnight: the rest of the day is outside")
        .example("amount BETWEEN 1 AND 10"),
    mixfix("#NOT_BETWEEN", "NOT BETWEEN", &[A, A, A])
        .identity("not between")
        .a(TypeSet::ORDERED)
        .since_21()
        .doc("True when the value lies below the first bound or above the second.")
        .example("amount NOT BETWEEN 1 AND 10"),
    mixfix("#IN", "IN", &[A])
        .identity("in")
        .repeat(&[A])
        .a(TypeSet::ALL)
        .since_21()
        .doc("True when the value equals one of those in the list, which share its type.")
        .note("the list needs at least one value")
        .example("name IN ('North', 'South')"),
    mixfix("#NOT_IN", "NOT IN", &[A])
        .identity("not in")
        .repeat(&[A])
        .a(TypeSet::ALL)
        .since_21()
        .doc("True when the value equals none of those in the list, which share its type.")
        .note("the list needs at least one value; a null in it means that no row is kept")
        .example("amount NOT IN (1, 2, 3)"),
    postfix("#IS_NULL", "IS NULL", &[A], BOOLEAN)
        .identity("is null")
        .a(TypeSet::ALL)
        .since_20()
        .doc("True when there is no value; never null itself.")
        .example("name IS NULL"),
    postfix("#IS_NOT_NULL", "IS NOT NULL", &[A], BOOLEAN)
        .identity("is not null")
        .a(TypeSet::ALL)
        .since_20()
        .doc("True when there is a value; never null itself.")
        .example("place IS NOT NULL"),
    scalar("least", &[A], A)
        .repeat(&[A])
        .a(TypeSet::ORDERED)
        .since_21()
        .doc("The smallest argument of a row; nulls are passed over unless all are null.")
        .note("compares arguments within one row; `min` compares rows")
        .example("least(amount, 100)"),
    scalar("greatest", &[A], A)
        .repeat(&[A])
        .a(TypeSet::ORDERED)
        .since_21()
        .doc("The largest argument of a row; nulls are passed over unless all are null.")
        .note("compares arguments within one row; `max` compares rows")
        .example("greatest(opened, '2025-01-01')"),
];
