//! The table itself: one file per subject, joined into a single slice at compile time.
//!
//! Rows that share an internal name stand together in one file, in the order in which overload
//! resolution prefers them. What is absent: any behaviour; a row is data.

mod aggregate;
mod arithmetic;
mod casts;
mod comparison;
mod date;
mod fields;
mod geo;
mod logic;
mod number;
mod other;
mod row;
mod text;
mod window;

#[cfg(test)]
mod tests;

use super::{Function, Param};

const SUBJECTS: [&[Function]; 12] = [
    comparison::ROWS,
    logic::ROWS,
    arithmetic::ROWS,
    number::ROWS,
    text::ROWS,
    date::ROWS,
    fields::ROWS,
    geo::ROWS,
    aggregate::ROWS,
    window::ROWS,
    casts::ROWS,
    other::ROWS,
];

/// Every function, operator, cast and field of the language.
///
/// Overloads of one internal name are adjacent, the preferred one first.
pub static FUNCTIONS: &[Function] = &joined::<{ total(&SUBJECTS) }>(&SUBJECTS);

const fn total(mut subjects: &[&[Function]]) -> usize {
    let mut count = 0;
    while let [rows, later @ ..] = subjects {
        count += rows.len();
        subjects = later;
    }
    count
}

const fn joined<const N: usize>(mut subjects: &[&[Function]]) -> [Function; N] {
    let mut table = [const { row::scalar("", &[], Param::A) }; N];
    let mut free: &mut [Function] = &mut table;
    while let [subject, later @ ..] = subjects {
        let mut rows = *subject;
        while let [next, below @ ..] = rows {
            if let Some((slot, rest)) = free.split_first_mut() {
                *slot = Function { ..*next };
                free = rest;
            } else {
                free = &mut [];
            }
            rows = below;
        }
        subjects = later;
    }
    table
}
