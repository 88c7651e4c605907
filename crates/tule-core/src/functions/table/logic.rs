//! Truth values and choosing between values.

use super::row::{A, BOOLEAN, infix, prefix, scalar};
use crate::functions::Function;
use crate::types::TypeSet;

pub(super) const ROWS: &[Function] = &[
    infix("op$AND", "AND", &[BOOLEAN, BOOLEAN], BOOLEAN)
        .identity("and")
        .since_20()
        .doc("True when both sides are; false when one is false, even if the other is null.")
        .example("active AND amount > 10"),
    infix("op$OR", "OR", &[BOOLEAN, BOOLEAN], BOOLEAN)
        .identity("or")
        .since_20()
        .doc("True when either side is, even if the other is null.")
        .note("AND binds tighter: `a OR b AND c` is `a OR (b AND c)`")
        .example("active OR amount > 10"),
    prefix("op$NOT", "NOT", &[BOOLEAN], BOOLEAN)
        .identity("not")
        .since_20()
        .doc("Swaps true and false and leaves null as null.")
        .note("binds looser than comparisons: `NOT a = b` is `NOT (a = b)`")
        .example("NOT active"),
    scalar("iif", &[BOOLEAN, A, A], A)
        .a(TypeSet::ALL)
        .doc("The second argument where the first is true, else (null too) the third.")
        .example("iif(active, name, 'closed')"),
    scalar("case", &[BOOLEAN, A], A)
        .repeat(&[BOOLEAN, A])
        .a(TypeSet::ALL)
        .since_21()
        .doc("The value paired with the first condition that is true, or null when none is.")
        .note("`CASE WHEN … THEN … ELSE … END` is this call; ELSE is a last pair with `true`")
        .example("case(amount > 100, name, true, 'small')"),
    scalar("coalesce", &[A], A)
        .repeat(&[A])
        .a(TypeSet::ALL)
        .doc("The first argument that is not null, or null when all are.")
        .note("all arguments share one type: cast those that differ")
        .example("coalesce(name, 'unknown')"),
    scalar("nullif", &[A, A], A)
        .a(TypeSet::EQUATABLE)
        .doc("Null where both arguments are equal, else the first one.")
        .note("`amount / nullif(n, 0)` gives null where a plain division by zero would fail")
        .example("nullif(amount, 0)"),
];
