//! One file a lint. A lint is added by its file, its line in [`RULES`] and its row among the codes.

mod alias_shadows;
mod case_fold_mismatch;
mod case_sensitive_like;
mod constant_condition;
mod contradictory_conditions;
mod coordinates_out_of_range;
mod count_of_condition;
mod date_arithmetic;
mod double_quoted_name;
mod double_quoted_string;
mod empty_range;
mod equals_null;
mod implicit_limit;
mod impossible_value;
mod inclusive_end_date;
mod like_literal_wildcard;
mod like_no_wildcard;
mod limit_hard_coded;
mod non_unique_page_key;
mod not_equal_drops_null;
mod not_equal_or;
mod null_in_list;
mod offset_not_multiple;
mod out_of_range_date;
mod prefer_distinct;
mod quoted_boolean;
mod quoted_number;
mod repeated_condition;
mod secret_in_query;
mod select_star;
mod self_comparison;
mod swapped_coordinates;
mod text_compared_as_number;
mod text_date_order;
mod timestamp_equality;
mod unaliased_aggregate;
mod unlikely_value;
mod unstable_paging;
mod unused_table;
mod unzoned_instant;

use super::Lint;

/// Every lint, in the order of the catalogue.
pub(super) static RULES: &[&Lint] = &[
    // Rows.
    &implicit_limit::LINT,
    &unstable_paging::LINT,
    &non_unique_page_key::LINT,
    &offset_not_multiple::LINT,
    &limit_hard_coded::LINT,
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
    &null_in_list::LINT,
    &not_equal_drops_null::LINT,
    // Text.
    &case_sensitive_like::LINT,
    &case_fold_mismatch::LINT,
    &like_no_wildcard::LINT,
    &like_literal_wildcard::LINT,
    &unlikely_value::LINT,
    // Names and shape.
    &unaliased_aggregate::LINT,
    &alias_shadows::LINT,
    &contradictory_conditions::LINT,
    &repeated_condition::LINT,
    &self_comparison::LINT,
    &not_equal_or::LINT,
    &count_of_condition::LINT,
    &unused_table::LINT,
    &select_star::LINT,
    &prefer_distinct::LINT,
    // Places.
    &swapped_coordinates::LINT,
    &coordinates_out_of_range::LINT,
    // Secrets.
    &secret_in_query::LINT,
];
