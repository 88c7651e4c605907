//! One file a lint. A lint is added by its file, its line in [`RULES`] and its row among the codes.

mod equals_null;
mod implicit_limit;

use super::Lint;

/// Every lint, in the order of the catalogue.
pub(super) static RULES: &[&Lint] = &[&implicit_limit::LINT, &equals_null::LINT];
