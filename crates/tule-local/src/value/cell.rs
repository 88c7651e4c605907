//! Values from cells of files: literals, and the forms that portals export.
//!
//! Socrata writes dates as `MM/DD/YYYY hh:mm:ss AM` in whole-table exports, addresses with
//! coordinates in three lines, links as `label (address)`; other programs write dates with a space
//! before the time. Deliberately absent: guessing a type, which needs more cells than one.

use jiff::civil::{Date, DateTime};
use tule_core::types::{Type, TypeSet};

use super::read::{document, filled};
use super::{Address, Decimal, Document, Fault, Location, Url, Value, geometry};

impl<'a> Value<'a> {
    /// The value of type `ty` in a cell. An empty cell is null for every type but text, and spaces
    /// around count for text only. A date without a zone is in UTC for an instant.
    ///
    /// # Errors
    ///
    /// [`Fault::Unreadable`] for other text, [`Fault::OutOfRange`] for what this engine cannot hold.
    ///
    /// ```
    /// use tule_core::types::Type;
    /// use tule_local::value::Value;
    /// let value = Value::from_cell("01/31/2025 08:15:00 PM", Type::FloatingTimestamp).unwrap();
    /// assert_eq!(value.text(), "2025-01-31T20:15:00.000");
    /// ```
    pub fn from_cell(text: &'a str, ty: Type) -> Result<Self, Fault> {
        if ty == Type::Text {
            return Ok(Self::Text(text.into()));
        }
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Null);
        }
        if let Some(value) = exported(text, ty) {
            return Ok(value);
        }
        Self::read(text, ty)
    }
}

/// The value in a form that is no literal; `None` if the literal rules are to decide.
fn exported(text: &str, ty: Type) -> Option<Value<'static>> {
    match ty {
        Type::Number => Decimal::parse(text).map(Value::Number),
        Type::Double => {
            let double = text.parse().ok().filter(|double: &f64| double.is_finite());
            double.map(Value::Double)
        }
        Type::FloatingTimestamp => moment(text).map(Value::FloatingTimestamp),
        Type::FixedTimestamp => {
            let instant = jiff::tz::Offset::UTC.to_timestamp(moment(text)?).ok()?;
            Some(Value::FixedTimestamp(instant))
        }
        Type::Datestamp => moment(text).map(|moment| Value::Datestamp(moment.date())),
        Type::Location => location(text).map(|location| Value::Location(Box::new(location))),
        Type::Url => Some(Value::Url(Box::new(link(text)))),
        Type::Document => {
            let document = document(text)
                .unwrap_or_else(|| Document { filename: filled(text), ..Document::default() });
            Some(Value::Document(Box::new(document)))
        }
        _ if TypeSet::GEOSPATIAL.has(ty) => {
            let geometry = geometry::as_type(geometry::from_wkt(text)?, ty)?;
            Value::geometry_from(geometry)
        }
        _ => None,
    }
}

/// `MM/DD/YYYY` or `YYYY-MM-DD`, then perhaps a space and `hh:mm[:ss[.fff]]` with or without AM
/// or PM. What ISO writes is left to the literal rules.
fn moment(text: &str) -> Option<DateTime> {
    let (day, time) = match text.split_once(' ') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let date = match day.split_once('/') {
        Some((month, rest)) => {
            let (day, year) = rest.split_once('/')?;
            Date::new(year.parse().ok().filter(|_| year.len() == 4)?, whole(month)?, whole(day)?)
                .ok()?
        }
        None if time.is_some() => tule_core::reading::date(day)?.date()?,
        None => return None,
    };
    let Some(time) = time else { return Some(date.at(0, 0, 0, 0)) };
    let (clock, half) = match time.trim_end().rsplit_once(' ') {
        Some((clock, half)) => (clock, Some(half)),
        None => (time, None),
    };
    let nanoseconds = tule_core::reading::time(clock)?;
    let hour = 3_600_000_000_000;
    let nanoseconds = match half {
        None => nanoseconds,
        // Twelve is the hour before one in both halves of the day.
        Some(_) if !(1..=12).contains(&(nanoseconds / hour)) => return None,
        Some(half) if half.eq_ignore_ascii_case("AM") => nanoseconds % (12 * hour),
        Some(half) if half.eq_ignore_ascii_case("PM") => nanoseconds % (12 * hour) + 12 * hour,
        Some(_) => return None,
    };
    Some(date.to_datetime(super::read::time_of(nanoseconds)?))
}

fn whole(text: &str) -> Option<i8> {
    text.parse().ok()
}

/// Lines of an address, the last one perhaps coordinates: latitude and longitude in parentheses.
fn location(text: &str) -> Option<Location> {
    if text.starts_with('{') {
        return None;
    }
    if let Some(geo_types::Geometry::Point(point)) = geometry::from_wkt(text) {
        return Some(Location { point: Some(point), address: Address::default() });
    }
    let mut lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let point = lines.last().and_then(|line| coordinates(line));
    if point.is_some() {
        lines.pop();
    }
    // City, state and ZIP code are a line of their own when there is a street as well.
    let place =
        if lines.len() > 1 { lines.pop() } else { lines.pop_if(|line| line.contains(", ")) };
    let (city, state, zip) = match place.map(|line| line.rsplit_once(", ").unwrap_or((line, ""))) {
        None => (None, None, None),
        Some((city, rest)) => {
            let (state, zip) = rest.split_once(' ').unwrap_or((rest, ""));
            (filled(city), filled(state), filled(zip))
        }
    };
    let address = Address { street: filled(&lines.join("\n")), city, state, zip };
    Some(Location { point, address })
}

/// `(37.95, -121.29)`: latitude, then longitude.
fn coordinates(line: &str) -> Option<geo_types::Point<f64>> {
    let (latitude, longitude) = line.strip_prefix('(')?.strip_suffix(')')?.split_once(',')?;
    let number = |text: &str| {
        Decimal::parse(text).map(|number| number.to_f64()).filter(|degrees| degrees.is_finite())
    };
    Some(geo_types::Point::new(number(longitude)?, number(latitude)?))
}

/// `label (address)`, what a literal may be, or an address that is not quite one: people fill in
/// the columns.
fn link(text: &str) -> Url {
    let labelled = text.strip_suffix(')').and_then(|inner| inner.rsplit_once(" ("));
    match (labelled, Value::read(text, Type::Url)) {
        (Some((description, address)), _) => {
            Url { address: filled(address), description: filled(description) }
        }
        (None, Ok(Value::Url(url))) => *url,
        (None, _) => Url { address: filled(text), description: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(ty: Type, text: &str, printed: &str) {
        let value = Value::from_cell(text, ty).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(value.text(), printed, "{ty} {text}");
    }

    #[test]
    fn dates_as_people_export_them() {
        let ty = Type::FloatingTimestamp;
        reads(ty, "01/31/2025 08:15:00 PM", "2025-01-31T20:15:00.000");
        reads(ty, "01/31/2025 12:00:00 AM", "2025-01-31T00:00:00.000");
        reads(ty, "1/5/2025 12:30 PM", "2025-01-05T12:30:00.000");
        reads(ty, "12/31/2024", "2024-12-31T00:00:00.000");
        reads(ty, "2025-01-31 20:15:00.5", "2025-01-31T20:15:00.500");
        reads(ty, " 2025-01-31T20:15:00.000 ", "2025-01-31T20:15:00.000");
        reads(Type::FixedTimestamp, "01/31/2025 08:15:00 PM", "2025-01-31T20:15:00.000Z");
        reads(Type::FixedTimestamp, "2025-01-31T20:15:00-08:00", "2025-02-01T04:15:00.000Z");
        reads(Type::Datestamp, "12/31/2024", "2024-12-31");
        for wrong in ["13/01/2025", "02/30/2025", "1/1/25", "01/31/2025 13:00 PM", "1/1/2025 8 XM"]
        {
            assert!(Value::from_cell(wrong, ty).is_err(), "{wrong}");
        }
    }

    #[test]
    fn empty_cells_are_null_but_for_text() {
        for ty in Type::all().filter(|ty| *ty != Type::Text) {
            assert_eq!(Value::from_cell("  ", ty), Ok(Value::Null), "{ty}");
        }
        assert_eq!(Value::from_cell("", Type::Text), Ok(Value::Text("".into())));
    }

    #[test]
    fn what_a_portal_exports_comes_back() {
        for (ty, text) in [
            (Type::Number, "1000010100.00000000"),
            (Type::Boolean, "false"),
            (Type::Point, "POINT (-121.29 37.95)"),
            (Type::Url, "City of Stockton (https://www.stocktonca.gov)"),
            (Type::Url, "www.stocktonca.gov/a b"),
            (Type::Location, "1 Main St\nStockton, CA 95202\n(37.95, -121.29)"),
            (Type::Location, "Stockton, CA\n(37.95, -121.29)"),
            (Type::Location, "(37.95, -121.29)"),
            (Type::Location, "1 Main St"),
            (Type::Json, r#"{"a":[1,2]}"#),
            (Type::Document, "minutes.pdf"),
            (Type::Photo, "d0c8"),
        ] {
            reads(ty, text, text);
        }
        reads(Type::Number, "1E3", "1000");
        reads(
            Type::Multipolygon,
            "POLYGON ((0 0, 1 0, 1 1, 0 0))",
            "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
        );
        assert!(Value::from_cell("MULTIPOINT ((1 2))", Type::Point).is_err());
    }
}
