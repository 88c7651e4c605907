//! Values from text, as literals of the language are read.
//!
//! Which texts a type takes is decided by the checker's `text_reads_as`; here is what they say.
//! Cells of files are read more leniently, see `cell`.

use std::borrow::Cow;

use jiff::civil::{DateTime, Time};
use tule_core::check::text_reads_as;
use tule_core::reading::{self, Moment};
use tule_core::types::Type;

use super::{Decimal, Document, Fault, Interval, Url, Value, geometry, json};

const NANOSECONDS_IN_A_MILLISECOND: i64 = 1_000_000;

impl<'a> Value<'a> {
    /// The value of type `ty` that `text` is as a literal. Double, json and document, which no
    /// literal converts to, are read as their casts read them.
    ///
    /// # Errors
    ///
    /// [`Fault::Unreadable`] for other text, [`Fault::OutOfRange`] for a date that this engine
    /// cannot hold: years run from -9999 to 9999.
    ///
    /// ```
    /// use tule_core::types::Type;
    /// use tule_local::value::Value;
    /// let value = Value::read("2024-05-01", Type::FloatingTimestamp).unwrap();
    /// assert_eq!(value.text(), "2024-05-01T00:00:00.000");
    /// ```
    pub fn read(text: &'a str, ty: Type) -> Result<Self, Fault> {
        let unreadable = || Fault::unreadable(ty, text);
        let out_of_range = || Fault::OutOfRange(ty);
        let literal = match ty {
            Type::Double => text_reads_as(text, Type::Number),
            // Their readers below decide.
            Type::Json
            | Type::Document
            | Type::FixedTimestamp
            | Type::FloatingTimestamp
            | Type::Datestamp
            | Type::Time
            | Type::Interval => true,
            _ => text_reads_as(text, ty),
        };
        if !literal {
            return Err(unreadable());
        }
        Ok(match ty {
            Type::Text => Self::Text(Cow::Borrowed(text)),
            Type::Number => Self::Number(Decimal::parse(text).ok_or_else(out_of_range)?),
            Type::Double => {
                let double: f64 = text.parse().map_err(|_| unreadable())?;
                Self::Double(Some(double).filter(|d| d.is_finite()).ok_or_else(out_of_range)?)
            }
            Type::Boolean => Self::Boolean(text == "1" || text.eq_ignore_ascii_case("true")),
            Type::FixedTimestamp => {
                let moment = reading::timestamp(text, true).ok_or_else(unreadable)?;
                Self::FixedTimestamp(instant(moment).ok_or_else(out_of_range)?)
            }
            Type::FloatingTimestamp => {
                let moment = reading::timestamp(text, false).ok_or_else(unreadable)?;
                Self::FloatingTimestamp(local(moment).ok_or_else(out_of_range)?)
            }
            Type::Datestamp => {
                let day = reading::date(text).ok_or_else(unreadable)?;
                Self::Datestamp(day.date().ok_or_else(out_of_range)?)
            }
            Type::Time => {
                let nanoseconds = reading::time(text).ok_or_else(unreadable)?;
                Self::Time(time_of(nanoseconds).ok_or_else(out_of_range)?)
            }
            Type::Interval => {
                let period = reading::interval(text).ok_or_else(unreadable)?;
                Self::Interval(Interval::from_period(&period).ok_or_else(out_of_range)?)
            }
            Type::Point
            | Type::Multipoint
            | Type::Line
            | Type::Multiline
            | Type::Polygon
            | Type::Multipolygon => {
                let geometry = geometry::from_wkt(text).and_then(Self::geometry_from);
                geometry.ok_or_else(unreadable)?
            }
            Type::Url => Self::Url(Box::new(url(text).ok_or_else(unreadable)?)),
            Type::Location => {
                let object = serde_json::from_str(text).map_err(|_| unreadable())?;
                Self::Location(Box::new(json::location(&object).ok_or_else(unreadable)?))
            }
            Type::RowIdentifier => Self::RowIdentifier(Cow::Borrowed(text)),
            Type::RowVersion => Self::RowVersion(Cow::Borrowed(text)),
            Type::Json => {
                Self::Json(Box::new(serde_json::from_str(text).map_err(|_| unreadable())?))
            }
            Type::Document => Self::Document(Box::new(document(text).ok_or_else(unreadable)?)),
            Type::Photo => Self::Photo(Cow::Borrowed(text)),
            Type::Blob => Self::Blob(Cow::Borrowed(text)),
        })
    }
}

/// The time of day so many nanoseconds after midnight, to the millisecond.
pub(crate) fn time_of(nanoseconds: i64) -> Option<Time> {
    let whole = nanoseconds - nanoseconds % NANOSECONDS_IN_A_MILLISECOND;
    let second = i32::try_from(whole / 1_000_000_000).ok()?;
    let part = |value: i32| i8::try_from(value).ok();
    let below = i32::try_from(whole % 1_000_000_000).ok()?;
    Time::new(part(second / 3600)?, part(second / 60 % 60)?, part(second % 60)?, below).ok()
}

/// The local date and time of a moment, its offset left aside.
pub(super) fn local(moment: Moment) -> Option<DateTime> {
    Some(moment.day.date()?.to_datetime(time_of(moment.nanoseconds)?))
}

/// The instant of a moment; without an offset it is in UTC.
pub(super) fn instant(moment: Moment) -> Option<jiff::Timestamp> {
    let offset = jiff::tz::Offset::from_seconds(moment.offset.unwrap_or(0)).ok()?;
    offset.to_timestamp(local(moment)?).ok()
}

/// An object with address and label, an anchor tag, or an address alone.
fn url(text: &str) -> Option<Url> {
    if text.starts_with('{') {
        return json::url(&serde_json::from_str(text).ok()?);
    }
    if let Some((tag, label)) =
        text.strip_prefix("<a ").and_then(|rest| rest.strip_suffix("</a>")?.split_once('>'))
    {
        let after = tag.split_once("href=").map_or("", |(_, after)| after);
        let quote = after.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let address = after.split(quote).nth(1)?;
        return Some(Url { address: filled(address), description: filled(label) });
    }
    Some(Url { address: filled(text), description: None })
}

/// An object with the parts of a document.
pub(super) fn document(text: &str) -> Option<Document> {
    json::document(&serde_json::from_str(text).ok()?)
}

/// Text that is there.
pub(super) fn filled(text: &str) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(ty: Type, text: &str, printed: &str) {
        let value = Value::read(text, ty).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(value.text(), printed, "{ty} {text}");
    }

    #[track_caller]
    fn fails(ty: Type, text: &str, message: &str) {
        assert_eq!(Value::read(text, ty).unwrap_err().to_string(), message);
    }

    #[test]
    fn literals_of_every_type() {
        reads(Type::Text, " x ", " x ");
        reads(Type::Number, "+1.50e1", "15.0");
        reads(Type::Double, "0.1", "0.1");
        reads(Type::Boolean, "TRUE", "true");
        reads(Type::Boolean, "0", "false");
        reads(Type::FixedTimestamp, "2024-05-01T00:30+02:00", "2024-04-30T22:30:00.000Z");
        reads(Type::FixedTimestamp, "2024-05-01", "2024-05-01T00:00:00.000Z");
        reads(Type::FloatingTimestamp, "2024-W01-1T12:30:59.9999", "2024-01-01T12:30:59.999");
        reads(Type::Datestamp, "2024-5-1", "2024-05-01");
        reads(Type::Time, "8:05", "08:05:00.000");
        reads(Type::Interval, "P1DT90M", "P1DT1H30M");
        reads(Type::Point, "point(1 2)", "POINT (1 2)");
        reads(Type::Url, "https://a.b", "https://a.b");
        reads(Type::Url, r#"{"url":"https://a.b","description":"A"}"#, "A (https://a.b)");
        reads(Type::Url, r#"<a href="https://a.b">A</a>"#, "A (https://a.b)");
        reads(Type::RowIdentifier, "row-iy9i-gz3f~gx4b", "row-iy9i-gz3f~gx4b");
        reads(Type::RowVersion, "rv-iy9i-gz3f~gx4b", "rv-iy9i-gz3f~gx4b");
        reads(Type::Json, r#"{"a": [1, null]}"#, r#"{"a":[1,null]}"#);
        reads(Type::Photo, "abc", "abc");
        reads(Type::Blob, "abc", "abc");
        let document = r#"{"file_id":"1","filename":"a.pdf","content_type":"application/pdf"}"#;
        reads(Type::Document, document, "a.pdf");
        let location = r#"{"latitude":"37.95","longitude":"-121.29",
            "human_address":"{\"address\":\"1 Main St\",\"city\":\"Stockton\",\"state\":\"CA\",\"zip\":\"95202\"}"}"#;
        reads(Type::Location, location, "1 Main St\nStockton, CA 95202\n(37.95, -121.29)");
    }

    #[test]
    fn faults_say_what_could_not_be_read() {
        fails(Type::Number, "x", "cannot read as number: 'x'");
        fails(Type::Datestamp, "5/1/2024", "cannot read as datestamp: '5/1/2024'");
        fails(Type::Polygon, "POINT (1 2)", "cannot read as polygon: 'POINT (1 2)'");
        fails(Type::Datestamp, "12024-01-01", "the result is out of the range of datestamp");
        fails(Type::Double, "1e999", "the result is out of the range of double");
        let long = "y".repeat(50);
        fails(Type::Number, &long, &format!("cannot read as number: '{}…'", "y".repeat(40)));
    }

    #[test]
    fn every_literal_that_the_checker_takes_is_read() {
        for ty in Type::all() {
            for text in [
                "2024-02-29",
                "12:30",
                "P1D",
                "1",
                "true",
                "POINT (1 2)",
                "{}",
                "x",
                "rv-aaaa-bbbb.cccc",
            ] {
                if text_reads_as(text, ty) {
                    assert!(Value::read(text, ty).is_ok(), "{ty} {text}");
                }
            }
        }
    }
}
