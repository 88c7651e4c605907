//! One file a lint. A lint is added by its file, its line in [`RULES`] and its row among the codes.

mod constant_condition;
mod date_arithmetic;
mod double_quoted_name;
mod double_quoted_string;
mod empty_range;
mod equals_null;
mod implicit_limit;
mod impossible_value;
mod inclusive_end_date;
mod out_of_range_date;
mod quoted_boolean;
mod quoted_number;
mod text_compared_as_number;
mod text_date_order;
mod timestamp_equality;
mod unzoned_instant;

use super::Lint;

/// Every lint, in the order of the catalogue.
pub(super) static RULES: &[&Lint] = &[
    // Rows.
    &implicit_limit::LINT,
    // Dates, types and literals.
    &timestamp_equality::LINT,
    &inclusive_end_date::LINT,
    &out_of_range_date::LINT,
    &empty_range::LINT,
    &impossible_value::LINT,
    &date_arithmetic::LINT,
    &unzoned_instant::LINT,
    &text_date_order::LINT,
    &text_compared_as_number::LINT,
    &quoted_number::LINT,
    &quoted_boolean::LINT,
    &constant_condition::LINT,
    &double_quoted_name::LINT,
    &double_quoted_string::LINT,
    // Nulls.
    &equals_null::LINT,
];
