//! Logic and choice. All but `nullif` must not evaluate what they don't choose, so that only the
//! engine can have them: `iif(b <> 0, a / b, 0)` never divides by zero.

use super::arguments::all;
use super::{Implementation, native, seeing};
use crate::value::Value;

pub(super) const ROWS: &[Implementation] = &[
    native("and"),
    native("or"),
    native("not"),
    native("iif"),
    native("case"),
    native("coalesce"),
    seeing("nullif", |arguments| {
        let [value, other] = all(arguments)?;
        Ok(if value == other { Value::Null } else { value.clone() })
    }),
];
