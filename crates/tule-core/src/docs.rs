//! The datasets that the examples of the documentation run on.
//!
//! One has a column of each type, so that any function can be shown. Absent: their rows; examples
//! are checked, not executed.

use crate::schema::{Column, Dataset, DateRange, with_system_columns};
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

/// The dataset `requests`, of which a lock knows more than types: where the main date begins and
/// ends, what some columns hold, and the values of columns with few.
#[must_use]
pub fn requests() -> Dataset {
    let column = |name, ty, description: &str, values: &[&str]| Column {
        description: description.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        ..Column::new(name, ty)
    };
    let plain = Column::new;
    let columns = vec![
        plain("request_id", Type::Text),
        plain("created_date", Type::FloatingTimestamp),
        plain("closed_date", Type::FloatingTimestamp),
        column("due_date", Type::FloatingTimestamp, "Day an answer is due, at midnight", &[]),
        plain("crew_date", Type::FloatingTimestamp),
        plain("crew_time", Type::Text),
        column("status", Type::Text, "", &["Closed", "Open", "Pending"]),
        column("council_district", Type::Text, "", &["1", "2", "3", "10", "11"]),
        column("ward", Type::Text, "", &["1", "2", "3"]),
        plain("fee", Type::Text),
        plain("fiscal_year", Type::Text),
        plain("zip", Type::Text),
        plain("filed_date", Type::Text),
        plain("filed_time", Type::Text),
        plain("latitude", Type::Number),
        plain("longitude", Type::Number),
        plain("is_emergency", Type::Boolean),
    ];
    let range = DateRange {
        column: "created_date".to_owned(),
        first: "2020-01-01T00:00:00.000".to_owned(),
        last: "2026-04-30T23:58:11.000".to_owned(),
    };
    let columns = with_system_columns(columns);
    let mut dataset = Dataset::new("data.example.org", "requ-ests", "Requests", columns);
    dataset.range = Some(range);
    dataset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_column_of_each_type() {
        assert!(EVERY_TYPE.iter().map(|&(_, ty)| ty).eq(Type::all()));
    }
}
