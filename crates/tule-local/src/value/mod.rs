//! The values that queries compute with.
//!
//! One variant per type of the language; the six geometric types share one, told apart by the
//! class of the geometry. Values are read from text by type (`read`), from cells of CSV files
//! (`cell`), from JSON as portals send it (`json`), and go out as rows (`json`) or text (`text`).
//! Deliberately absent: how values are stored, and everything that computes (`crate::functions`).

mod cell;
mod compare;
mod decimal;
mod fault;
pub mod geometry;
mod interval;
mod json;
mod read;
mod text;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time};

pub use compare::Key;
pub use decimal::{Decimal, MOST_DIGITS, MOST_PLACES};
pub use fault::Fault;
pub use interval::Interval;

/// A value of any type, or none.
///
/// Text may be borrowed from wherever the value came from; [`Value::into_owned`] ends that.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Value<'a> {
    /// No value.
    #[default]
    Null,
    /// Of the type text.
    Text(Cow<'a, str>),
    /// Of the type number.
    Number(Decimal),
    /// Of the type double. Never NaN or infinite.
    Double(f64),
    /// Of the type boolean.
    Boolean(bool),
    /// Of the type `fixed_timestamp`, to the millisecond.
    FixedTimestamp(jiff::Timestamp),
    /// Of the type `floating_timestamp`, to the millisecond.
    FloatingTimestamp(DateTime),
    /// Of the type datestamp.
    Datestamp(Date),
    /// Of the type time, to the millisecond.
    Time(Time),
    /// Of the type interval.
    Interval(Interval),
    /// Of the type that the class of the geometry says; x is the longitude, in degrees. Only the
    /// classes that [`geometry::type_of`] knows. Shared, since one geometry often meets many rows.
    Geometry(Arc<geo_types::Geometry<f64>>),
    /// Of the type location.
    Location(Box<Location>),
    /// Of the type url.
    Url(Box<Url>),
    /// Of the type `row_identifier`.
    RowIdentifier(Cow<'a, str>),
    /// Of the type `row_version`.
    RowVersion(Cow<'a, str>),
    /// Of the type json.
    Json(Box<serde_json::Value>),
    /// Of the type document.
    Document(Box<Document>),
    /// Of the type photo: the name under which it is stored.
    Photo(Cow<'a, str>),
    /// Of the type blob: the name under which it is stored.
    Blob(Cow<'a, str>),
}

/// A place with a postal address; every part may be missing.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Location {
    /// Where it is.
    pub point: Option<geo_types::Point<f64>>,
    /// The postal address.
    pub address: Address,
}

/// The four parts of a postal address.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Address {
    pub street: Option<Box<str>>,
    pub city: Option<Box<str>>,
    pub state: Option<Box<str>>,
    pub zip: Option<Box<str>>,
}

/// A web address with a label; either may be missing.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Debug)]
pub struct Url {
    /// The address.
    pub address: Option<Box<str>>,
    /// The label.
    pub description: Option<Box<str>>,
}

/// A file attached to a row; every part may be missing.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Document {
    /// The name under which it is stored.
    pub file_id: Option<Box<str>>,
    /// The name it had where it came from.
    pub filename: Option<Box<str>>,
    /// Its media type.
    pub content_type: Option<Box<str>>,
}

impl<'a> Value<'a> {
    /// A geometry, if it is of one of the six classes that are types of the language and every
    /// coordinate is finite.
    #[must_use]
    pub fn geometry_from(geometry: geo_types::Geometry<f64>) -> Option<Self> {
        use geo::CoordsIter;
        geometry::type_of(&geometry)?;
        let finite = geometry.coords_iter().all(|at| at.x.is_finite() && at.y.is_finite());
        finite.then_some(())?;
        Some(Self::Geometry(Arc::new(geometry)))
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value with texts of its own.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::Text(own(text)),
            Self::Number(number) => Value::Number(number),
            Self::Double(double) => Value::Double(double),
            Self::Boolean(truth) => Value::Boolean(truth),
            Self::FixedTimestamp(instant) => Value::FixedTimestamp(instant),
            Self::FloatingTimestamp(moment) => Value::FloatingTimestamp(moment),
            Self::Datestamp(date) => Value::Datestamp(date),
            Self::Time(time) => Value::Time(time),
            Self::Interval(interval) => Value::Interval(interval),
            Self::Geometry(geometry) => Value::Geometry(geometry),
            Self::Location(location) => Value::Location(location),
            Self::Url(url) => Value::Url(url),
            Self::RowIdentifier(mark) => Value::RowIdentifier(own(mark)),
            Self::RowVersion(mark) => Value::RowVersion(own(mark)),
            Self::Json(json) => Value::Json(json),
            Self::Document(document) => Value::Document(document),
            Self::Photo(name) => Value::Photo(own(name)),
            Self::Blob(name) => Value::Blob(own(name)),
        }
    }

    /// The name of the kind of value, for messages: a type's name, `null` or `geometry`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Text(_) => "text",
            Self::Number(_) => "number",
            Self::Double(_) => "double",
            Self::Boolean(_) => "boolean",
            Self::FixedTimestamp(_) => "fixed_timestamp",
            Self::FloatingTimestamp(_) => "floating_timestamp",
            Self::Datestamp(_) => "datestamp",
            Self::Time(_) => "time",
            Self::Interval(_) => "interval",
            Self::Geometry(_) => "geometry",
            Self::Location(_) => "location",
            Self::Url(_) => "url",
            Self::RowIdentifier(_) => "row_identifier",
            Self::RowVersion(_) => "row_version",
            Self::Json(_) => "json",
            Self::Document(_) => "document",
            Self::Photo(_) => "photo",
            Self::Blob(_) => "blob",
        }
    }
}

impl Location {
    /// Whether every part is missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.point.is_none() && self.address.is_empty()
    }
}

impl Address {
    /// Whether every part is missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts().iter().all(|(_, part)| part.is_none())
    }

    /// The parts with the names they have in JSON.
    pub(crate) fn parts(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("address", self.street.as_deref()),
            ("city", self.city.as_deref()),
            ("state", self.state.as_deref()),
            ("zip", self.zip.as_deref()),
        ]
    }
}
