//! One value for each row, computed over the rows around it. All need `OVER`.

use super::row::{A, NUMBER, window};
use crate::functions::Function;
use crate::types::TypeSet;

pub(super) const ROWS: &[Function] = &[
    window("row_number", &[], NUMBER)
        .doc("Position of the row in its partition, from 1, different for every row.")
        .note("rows that tie get their numbers in no fixed order")
        .example("row_number() OVER (ORDER BY amount DESC)"),
    window("rank", &[], NUMBER)
        .doc("Position of the row in its partition, equal for ties, with gaps after them.")
        .example("rank() OVER (ORDER BY amount DESC)"),
    window("dense_rank", &[], NUMBER)
        .doc("Position of the row in its partition, equal for ties, without gaps.")
        .example("dense_rank() OVER (ORDER BY amount DESC)"),
    window("first_value", &[A], A)
        .identity("first value")
        .a(TypeSet::ALL)
        .doc("The value at the first row of the window frame.")
        .example("first_value(name) OVER (PARTITION BY active ORDER BY opened)"),
    window("last_value", &[A], A)
        .identity("last value")
        .a(TypeSet::ALL)
        .doc("The value at the last row of the window frame.")
        .note("with ORDER BY the frame ends at the current row unless a frame is written")
        .example("last_value(name) OVER (PARTITION BY active)"),
    window("lead", &[A], A)
        .a(TypeSet::ALL)
        .doc("The value at the next row of the partition, null at its end.")
        .example("lead(amount) OVER (ORDER BY opened)"),
    window("lead", &[A, NUMBER], A)
        .identity("lead_offset")
        .a(TypeSet::ALL)
        .doc("The value so many rows further on in the partition, null past its end.")
        .example("lead(amount, 7) OVER (ORDER BY opened)"),
    window("lead", &[A, NUMBER, A], A)
        .identity("lead_offset_default")
        .a(TypeSet::ALL)
        .doc("The value so many rows further on in the partition, or a default past its end.")
        .example("lead(amount, 7, 0) OVER (ORDER BY opened)"),
    window("lag", &[A], A)
        .a(TypeSet::ALL)
        .doc("The value at the row before in the partition, null at its start.")
        .note("`amount - lag(amount) OVER (ORDER BY opened)` is the change from row to row")
        .example("lag(amount) OVER (ORDER BY opened)"),
    window("lag", &[A, NUMBER], A)
        .identity("lag_offset")
        .a(TypeSet::ALL)
        .doc("The value so many rows back in the partition, null before its start.")
        .example("lag(amount, 12) OVER (ORDER BY opened)"),
    window("lag", &[A, NUMBER, A], A)
        .identity("lag_offset_default")
        .a(TypeSet::ALL)
        .doc("The value so many rows back in the partition, or a default before its start.")
        .example("lag(amount, 12, 0) OVER (ORDER BY opened)"),
    window("ntile", &[A], NUMBER)
        .a(TypeSet::NUM_LIKE)
        .doc("Number of the part, from 1, when the partition is cut into so many equal parts.")
        .note("a double passes the portal's check and may fail when run")
        .example("ntile(4) OVER (ORDER BY amount)"),
];
