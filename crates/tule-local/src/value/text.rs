//! The canonical text of values: what `||` joins and casts to text give.
//!
//! Two forms need care: timestamps always have milliseconds, and a location has up to three lines.

use std::borrow::Cow;
use std::fmt::Write;

use jiff::civil::{DateTime, Time};

use super::{Location, Url, Value, geometry};

impl Value<'_> {
    /// The canonical text; empty for null. Borrowed where the value is a text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Text(text)
            | Self::RowIdentifier(text)
            | Self::RowVersion(text)
            | Self::Photo(text)
            | Self::Blob(text) => Cow::Borrowed(text),
            Self::Boolean(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Double(double) => Cow::Owned(double.to_string()),
            Self::FixedTimestamp(instant) => {
                let utc = jiff::tz::Offset::UTC.to_datetime(*instant);
                Cow::Owned(moment(&utc, "Z"))
            }
            Self::FloatingTimestamp(local) => Cow::Owned(moment(local, "")),
            Self::Datestamp(date) => Cow::Owned(date.to_string()),
            Self::Time(time) => {
                let mut text = String::with_capacity(12);
                write_time(&mut text, *time);
                Cow::Owned(text)
            }
            Self::Interval(interval) => Cow::Owned(interval.to_string()),
            Self::Geometry(geometry) => Cow::Owned(geometry::to_wkt(geometry)),
            Self::Location(location) => Cow::Owned(lines(location)),
            Self::Url(url) => link(url),
            Self::Json(json) => Cow::Owned(json.to_string()),
            Self::Document(document) => {
                let name = document.filename.as_deref().or(document.file_id.as_deref());
                Cow::Borrowed(name.unwrap_or(""))
            }
        }
    }
}

/// `2024-05-01T08:30:00.000` and what is to follow.
fn moment(local: &DateTime, end: &str) -> String {
    let mut text = String::with_capacity(24);
    // Writing to a string does not fail.
    let _ = write!(text, "{}T", local.date());
    write_time(&mut text, local.time());
    text.push_str(end);
    text
}

fn write_time(text: &mut String, time: Time) {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let _ = write!(text, "{hour:02}:{minute:02}:{second:02}.{:03}", time.millisecond());
}

/// `description (address)`, or whichever of them there is.
fn link(url: &Url) -> Cow<'_, str> {
    match (url.description.as_deref(), url.address.as_deref()) {
        (Some(description), Some(address)) => Cow::Owned(format!("{description} ({address})")),
        (only, None) | (None, only) => Cow::Borrowed(only.unwrap_or("")),
    }
}

/// Street, then city with state and ZIP code, then latitude and longitude; a line each, if there.
fn lines(location: &Location) -> String {
    let address = &location.address;
    let state_and_zip: Vec<&str> =
        [address.state.as_deref(), address.zip.as_deref()].into_iter().flatten().collect();
    let state_and_zip = Some(state_and_zip.join(" ")).filter(|text| !text.is_empty());
    let city: Vec<&str> =
        [address.city.as_deref(), state_and_zip.as_deref()].into_iter().flatten().collect();
    let mut lines: Vec<String> =
        address.street.iter().map(|street| (**street).to_owned()).collect();
    if !city.is_empty() {
        lines.push(city.join(", "));
    }
    if let Some(point) = location.point {
        lines.push(format!("({}, {})", point.y(), point.x()));
    }
    lines.join("\n")
}
