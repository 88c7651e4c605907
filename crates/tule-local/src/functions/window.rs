//! Functions over windows: all depend on the place of a row, which the engine alone knows.

use super::{Implementation, native};

pub(super) const ROWS: &[Implementation] = &[
    native("row_number"),
    native("rank"),
    native("dense_rank"),
    native("first value"),
    native("last value"),
    native("lead"),
    native("lead_offset"),
    native("lead_offset_default"),
    native("lag"),
    native("lag_offset"),
    native("lag_offset_default"),
    native("ntile"),
];
