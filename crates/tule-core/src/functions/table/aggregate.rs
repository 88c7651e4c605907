//! One value for each group of rows. Nulls do not take part unless a row says so.

use super::row::{A, BOOLEAN, NUMBER, aggregate};
use crate::functions::Function;
use crate::types::{Type, TypeSet};

const ORDERED_BUT_BOOLEAN: TypeSet = TypeSet::ORDERED.minus(TypeSet::one(Type::Boolean));

pub(super) const ROWS: &[Function] = &[
    aggregate("count/*", &[], NUMBER)
        .identity("count(*)")
        .written("count(*)")
        .since_20()
        .doc("How many rows the group has, nulls or not.")
        .example("count(*)"),
    aggregate("count", &[A], NUMBER)
        .a(TypeSet::ALL)
        .since_20()
        .doc("How many rows of the group have a value in the argument.")
        .example("count(name)"),
    aggregate("count_distinct", &[A], NUMBER)
        .a(TypeSet::ALL)
        .doc("How many different values the group has, null not counted.")
        .note("usually written `count(DISTINCT x)`; cannot be used with OVER")
        .example("count(DISTINCT name)"),
    aggregate("sum", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .since_21()
        .doc("Total of the group, null (not 0) when it has no value.")
        .example("sum(amount)"),
    aggregate("avg", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .since_20()
        .doc("Mean of the values of the group; nulls count neither above nor below the line.")
        .example("avg(amount)"),
    aggregate("median", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .doc("The middle number of the group, or the mean of the two in the middle.")
        .note("in a window it cannot be combined with DISTINCT")
        .example("median(amount)"),
    aggregate("median", &[A], A)
        .identity("median_disc")
        .a(TypeSet::ORDERED.minus(TypeSet::NUM_LIKE))
        .doc("The middle value of the group in order, or the lower of the two in the middle.")
        .example("median(opened)"),
    aggregate("min", &[A], A)
        .a(ORDERED_BUT_BOOLEAN)
        .since_21()
        .doc("The value of the group that sorts first.")
        .note("for a boolean use `bool_and`")
        .example("min(opened)"),
    aggregate("max", &[A], A)
        .a(ORDERED_BUT_BOOLEAN)
        .since_21()
        .doc("The value of the group that sorts last.")
        .note("for a boolean use `bool_or`; numbers kept as text sort as text, so that '9' is last")
        .example("max(amount)"),
    aggregate("bool_and", &[BOOLEAN], BOOLEAN)
        .doc("True when no value of the group is false, null when there is no value.")
        .note("new in 2026; a portal whose backend lacks it fails when the query runs")
        .example("bool_and(active)"),
    aggregate("bool_or", &[BOOLEAN], BOOLEAN)
        .doc("True when at least one value of the group is true, null when there is no value.")
        .note("new in 2026; a portal whose backend lacks it fails when the query runs")
        .example("bool_or(active)"),
    aggregate("stddev_pop", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .since_21()
        .doc("Standard deviation when the group is the whole population.")
        .example("stddev_pop(amount)"),
    aggregate("stddev_samp", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .since_21()
        .doc("Standard deviation when the group is a sample, null for fewer than two values.")
        .example("stddev_samp(amount)"),
    aggregate("regr_slope", &[NUMBER, NUMBER], NUMBER)
        .since_21()
        .doc("Slope of the straight line that fits the points (x, y) of the group best.")
        .note("the arguments are y, then x; rows where either is null do not count")
        .example("regr_slope(amount, opened.year)"),
    aggregate("regr_intercept", &[NUMBER, NUMBER], NUMBER)
        .since_21()
        .doc("Where the straight line that fits the points of the group best meets x = 0.")
        .note("the arguments are y, then x; rows where either is null do not count")
        .example("regr_intercept(amount, opened.year)"),
    aggregate("regr_r2", &[NUMBER, NUMBER], NUMBER)
        .since_21()
        .doc("How well a straight line fits the points of the group, from 0 to 1.")
        .note("the arguments are y, then x; rows where either is null do not count")
        .example("regr_r2(amount, opened.year)"),
];
