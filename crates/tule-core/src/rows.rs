//! Rows of a result, as every source of rows gives them and every format prints them.
//!
//! A value goes with the type of its column: [`Value::Text`] holds text as well as every type that
//! has one canonical written form. Deliberately absent: where rows come from (a portal, the
//! embedded engine), how they are printed, and arithmetic; numbers are exact decimals in writing.

/// One value of one row.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// Of the type boolean.
    Boolean(bool),
    /// Of the type number: an exact decimal in plain notation, such as `-12.50`.
    Number(Box<str>),
    /// Of the type double. Never NaN or infinite: those are null.
    Double(f64),
    /// Of the type text, or the canonical form of a timestamp, date, time, interval, row
    /// identifier, row version, photo or blob: `2025-01-31T08:15:00.000` for floating timestamps,
    /// the same with `Z` for fixed ones, the name under which a photo or blob is stored.
    Text(Box<str>),
    /// Everything with parts: a `GeoJSON` geometry for the six geographic types, an object for
    /// location, url and document, any value for json.
    Json(serde_json::Value),
}

/// One row: a value for each result column, in order.
pub type Row = Vec<Value>;
