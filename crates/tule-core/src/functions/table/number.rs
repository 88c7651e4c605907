//! Rounding, logarithms and buckets.

use super::row::{A, B, NUMBER, scalar};
use crate::functions::Function;
use crate::types::TypeSet;

pub(super) const ROWS: &[Function] = &[
    scalar("ln", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .since_21()
        .doc("Natural logarithm, base e.")
        .note("zero or a negative number fails the whole query")
        .example("ln(amount)"),
    scalar("abs", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .doc("The number without its sign.")
        .example("abs(amount)"),
    scalar("ceil", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .doc("The nearest whole number that is not smaller.")
        .example("ceil(amount)"),
    scalar("floor", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .doc("The nearest whole number that is not larger.")
        .example("floor(ratio)"),
    scalar("round", &[NUMBER, NUMBER], NUMBER)
        .doc("The number rounded to so many decimals; -1 rounds to tens, -2 to hundreds.")
        .note("the second argument is required: `round(x, 0)` rounds to a whole number")
        .example("round(amount, 1)"),
    scalar("signed_magnitude_10", &[A], A)
        .a(TypeSet::NUM_LIKE)
        .doc("How many digits the whole part has, with the sign of the number.")
        .note("groups values by order of magnitude: 7 gives 1, 250 gives 3, -250 gives -3")
        .example("signed_magnitude_10(amount)"),
    scalar("signed_magnitude_linear", &[A, B], A)
        .a(TypeSet::NUM_LIKE)
        .b(TypeSet::NUM_LIKE)
        .doc("Number of the bucket of a given width, counted from 1 and away from zero.")
        .note("with a width of 1 it is `floor(x)`, so that zero stays zero")
        .example("signed_magnitude_linear(amount, 50)"),
    scalar("width_bucket", &[NUMBER, NUMBER, NUMBER, NUMBER], NUMBER)
        .doc("Number of the equal bucket, from 1, between a low and a high bound.")
        .note("values below the range give 0, values from its end on give the count plus 1")
        .example("width_bucket(amount, 0, 1000, 10)"),
];
