//! The datasets that the examples of the documentation run on.
//!
//! One has a column of each type, so that any function can be shown. Absent: their rows; examples
//! are checked, not executed.

use crate::types::Type;

/// The columns of the dataset `every_type`, in order.
pub static EVERY_TYPE: &[(&str, Type)] = &[
    ("name", Type::Text),
    ("amount", Type::Number),
    ("ratio", Type::Double),
    ("active", Type::Boolean),
    ("updated_on", Type::FixedTimestamp),
    ("opened", Type::FloatingTimestamp),
    ("birthday", Type::Datestamp),
    ("clock", Type::Time),
    ("span", Type::Interval),
    ("place", Type::Point),
    ("places", Type::Multipoint),
    ("route", Type::Line),
    ("routes", Type::Multiline),
    ("parcel", Type::Polygon),
    ("district", Type::Multipolygon),
    ("address", Type::Location),
    ("link", Type::Url),
    ("row_key", Type::RowIdentifier),
    ("row_mark", Type::RowVersion),
    ("extra", Type::Json),
    ("attachment", Type::Document),
    ("picture", Type::Photo),
    ("scan", Type::Blob),
];

/// Every value of the column `districtname` of the dataset `police_calls`, as a lock keeps them.
pub static DISTRICT_NAMES: &[&str] =
    &["Bear Creek", "Civic Center", "Lakeview", "North", "Park", "Seaport", "Valley Oak"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_column_of_each_type() {
        assert!(EVERY_TYPE.iter().map(|&(_, ty)| ty).eq(Type::all()));
    }
}
