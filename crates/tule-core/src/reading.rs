//! The parts of values that are written as text: dates, times, periods and geometries.
//!
//! One reader per form. The checker asks whether a literal has a form, an engine asks for the
//! parts, and both get the same answer. The forms are those of the reference language's readers
//! (Joda-Time, JTS), lenient where they are. Deliberately absent: forms without parts, such as
//! numbers and row marks, which `check::text_reads_as` knows, and what values mean once read.

use jiff::civil::{Date, ISOWeekDate};

use crate::types::Type;

/// A day, in whichever way it is written. Parts are in their usual ranges, but a day need not
/// exist: see [`Day::date`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Day {
    /// `2024-05-01`, `2024-05` or `2024`; what is not written is 1.
    Month {
        /// Year, up to the largest that fits.
        year: i16,
        /// 1 to 12.
        month: i8,
        /// 1 to 31, and within the month.
        day: i8,
    },
    /// `2024-123`.
    Ordinal {
        /// Year.
        year: i16,
        /// 1 to 366.
        day: i16,
    },
    /// `2024-W05-1` or `2024-W05`.
    Week {
        /// Year of the ISO week calendar.
        year: i16,
        /// 1 to 53.
        week: i8,
        /// 1 (Monday) to 7.
        day: i8,
    },
}

impl Day {
    /// The day in the calendar; `None` for years beyond 9999, day 366 of a common year and
    /// week 53 of a year that has 52.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        match self {
            Self::Month { year, month, day } => Date::new(year, month, day).ok(),
            Self::Ordinal { year, day } => {
                Date::new(year, 1, 1).ok()?.with().day_of_year(day).build().ok()
            }
            Self::Week { year, week, day } => {
                let day = jiff::civil::Weekday::from_monday_one_offset(day).ok()?;
                ISOWeekDate::new(year, week, day).ok().map(ISOWeekDate::date)
            }
        }
    }
}

/// A date with a time of day, perhaps with an offset from UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Nanoseconds since midnight; 0 where no time is written.
    pub nanoseconds: i64,
    /// Seconds east of UTC, if written.
    pub offset: Option<i32>,
}

/// The parts of an ISO 8601 period, as written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Period {
    pub years: i64,
    pub months: i64,
    pub weeks: i64,
    pub days: i64,
    pub hours: i64,
    pub minutes: i64,
    pub seconds: i64,
    /// Fraction of a second, with the sign of the seconds.
    pub nanoseconds: i64,
}

const NANOSECONDS: i64 = 1_000_000_000;

/// A run of 1 to `most` digits: its value and what follows.
fn digits(text: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let length = text.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        return None;
    }
    let (head, rest) = text.split_at(length);
    let value = head.iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'));
    Some((value, rest))
}

/// Up to 9 digits after a decimal mark, as parts of `whole`.
fn fraction(text: &[u8], whole: i64) -> Option<(i64, &[u8])> {
    let (value, rest) = digits(text, 9)?;
    let length = u32::try_from(text.len() - rest.len()).ok()?;
    let parts = i128::from(value) * i128::from(whole) / 10_i128.pow(length);
    Some((i64::try_from(parts).ok()?, rest))
}

fn expect(text: &[u8], byte: u8) -> Option<&[u8]> {
    let (first, rest) = text.split_first()?;
    (*first == byte).then_some(rest)
}

/// A day as Joda's `dateElementParser` takes it: `2024`, `2024-5`, `2024-05-01`, `2024-123`,
/// `2024-W05-1`.
///
/// ```
/// use tule_core::reading::date;
/// let day = date("2024-W05-1").unwrap();
/// assert_eq!(day.date().unwrap().to_string(), "2024-01-29");
/// ```
#[must_use]
pub fn date(text: &str) -> Option<Day> {
    day(text.as_bytes()).filter(|(_, rest)| rest.is_empty()).map(|(day, _)| day)
}

/// A day and what follows it.
fn day(text: &[u8]) -> Option<(Day, &[u8])> {
    let (negative, signed) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix(b"+").unwrap_or(text)),
    };
    let (year, rest) = digits(signed, 9)?;
    let year = i16::try_from(year).ok()?;
    let year = if negative { -year } else { year };
    let Some(after) = expect(rest, b'-') else {
        return Some((Day::Month { year, month: 1, day: 1 }, rest));
    };
    if let Some(after) = expect(after, b'W') {
        let (week, rest) = digits(after, 2)?;
        let week = i8::try_from(week).ok().filter(|week| (1..=53).contains(week))?;
        let Some(after) = expect(rest, b'-') else {
            return Some((Day::Week { year, week, day: 1 }, rest));
        };
        let (day, rest) = digits(after, 1)?;
        let day = i8::try_from(day).ok().filter(|day| (1..=7).contains(day))?;
        return Some((Day::Week { year, week, day }, rest));
    }
    if let Some((day, rest)) = digits(after, 3).filter(|(_, rest)| after.len() - rest.len() == 3) {
        let day = i16::try_from(day).ok().filter(|day| (1..=366).contains(day))?;
        return Some((Day::Ordinal { year, day }, rest));
    }
    let (month, rest) = digits(after, 2)?;
    let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    let Some(after) = expect(rest, b'-') else {
        return Some((Day::Month { year, month, day: 1 }, rest));
    };
    let (day, rest) = digits(after, 2)?;
    let day = i8::try_from(day).ok()?;
    // Every month has 28 days; the calendar is asked about the others only.
    let exists = (1..=28).contains(&day) || Date::new(year, month, day).is_ok();
    exists.then_some((Day::Month { year, month, day }, rest))
}

/// A time of day with at least hours and minutes, in nanoseconds since midnight.
#[must_use]
pub fn time(text: &str) -> Option<i64> {
    let (nanoseconds, rest) = time_of_day(text.as_bytes())?;
    (rest.is_empty() && text.contains(':')).then_some(nanoseconds)
}

/// `12`, `12:30`, `12:30:59.999`; the last part may have a fraction. Nanoseconds since midnight
/// and what follows.
fn time_of_day(text: &[u8]) -> Option<(i64, &[u8])> {
    let (hour, mut rest) = digits(text, 2)?;
    if hour > 23 {
        return None;
    }
    let mut unit = 3600 * NANOSECONDS;
    let mut total = i64::from(hour) * unit;
    for _ in 0..2 {
        let Some(after) = expect(rest, b':') else { break };
        let (part, behind) = digits(after, 2)?;
        if part > 59 {
            return None;
        }
        unit /= 60;
        total += i64::from(part) * unit;
        rest = behind;
    }
    if let Some(after) = expect(rest, b'.').or(expect(rest, b',')) {
        let (parts, behind) = fraction(after, unit)?;
        total += parts;
        rest = behind;
    }
    Some((total, rest))
}

/// A date with an optional time, and an optional offset if it is to be an instant.
#[must_use]
pub fn timestamp(text: &str, instant: bool) -> Option<Moment> {
    let bytes = text.as_bytes();
    // Nearly all of them are written `2024-05-01`.
    if let Some(day) = plain_day(bytes) {
        return Some(Moment { day, nanoseconds: 0, offset: None });
    }
    let (day, rest) = day(bytes)?;
    let Some(after) = expect(rest, b'T') else {
        return rest.is_empty().then_some(Moment { day, nanoseconds: 0, offset: None });
    };
    let (nanoseconds, rest) = time_of_day(after)?;
    if rest.is_empty() {
        return Some(Moment { day, nanoseconds, offset: None });
    }
    let offset = if instant { Some(offset(rest)?) } else { return None };
    Some(Moment { day, nanoseconds, offset })
}

/// `2024-05-01` with a day that every month has.
fn plain_day(text: &[u8]) -> Option<Day> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let [y1, y2, y3, y4, m1, m2, d1, d2] =
        [y1, y2, y3, y4, m1, m2, d1, d2].map(|byte| byte.wrapping_sub(b'0'));
    if [y1, y2, y3, y4, m1, m2, d1, d2].iter().any(|digit| *digit > 9) {
        return None;
    }
    let [month, day] = [(m1, m2), (d1, d2)].map(|(tens, ones)| (10 * tens + ones).cast_signed());
    let year = 1000 * i16::from(y1) + 100 * i16::from(y2) + 10 * i16::from(y3) + i16::from(y4);
    ((1..=12).contains(&month) && (1..=28).contains(&day)).then_some(Day::Month {
        year,
        month,
        day,
    })
}

/// `Z`, `+02`, `+0200`, `+02:00` or with seconds, in seconds east of UTC.
fn offset(text: &[u8]) -> Option<i32> {
    if text == b"Z" || text == b"z" {
        return Some(0);
    }
    let (sign, rest) = match expect(text, b'+') {
        Some(rest) => (1, rest),
        None => (-1, expect(text, b'-')?),
    };
    let (mut seconds, mut count) = (0, 0);
    for byte in rest.iter().filter(|byte| **byte != b':') {
        if !byte.is_ascii_digit() {
            return None;
        }
        // Digits stand for tens and ones of hours, minutes, seconds in turn.
        let unit = *[36_000, 3600, 600, 60, 10, 1].get(count)?;
        seconds += i32::from(byte - b'0') * unit;
        count += 1;
    }
    matches!(count, 2 | 4 | 6).then_some(sign * seconds)
}

/// An ISO 8601 period: `P1D`, `PT1H30M`, `P1Y2M3W4DT5H6M7.5S`. Each part may have a sign, seconds
/// a fraction.
///
/// ```
/// use tule_core::reading::interval;
/// assert_eq!(interval("P1DT-2.5S").unwrap().seconds, -2);
/// assert_eq!(interval("P1H"), None);
/// ```
#[must_use]
pub fn interval(text: &str) -> Option<Period> {
    let mut rest = text.as_bytes().strip_prefix(b"P")?;
    let mut units: &[u8] = b"YMWD";
    let mut period = Period::default();
    let (mut in_time, mut parts) = (false, 0);
    loop {
        if let Some(after) = expect(rest, b'T') {
            if in_time {
                return None;
            }
            in_time = true;
            units = b"HMS";
            rest = after;
        }
        if rest.is_empty() {
            return (parts > 0).then_some(period);
        }
        let (sign, unsigned) = match expect(rest, b'-') {
            Some(rest) => (-1, rest),
            None => (1, expect(rest, b'+').unwrap_or(rest)),
        };
        let (value, mut behind) = digits(unsigned, 9)?;
        let mut nanoseconds = None;
        if let Some(after) = expect(behind, b'.') {
            let (parts, after) = fraction(after, NANOSECONDS)?;
            nanoseconds = Some(parts);
            behind = after;
        }
        let (unit, after) = behind.split_first()?;
        let position = units.iter().position(|known| known == unit)?;
        units = units.get(position + 1..).unwrap_or(&[]);
        let part = match (unit, in_time) {
            (b'Y', _) => &mut period.years,
            (b'M', false) => &mut period.months,
            (b'W', _) => &mut period.weeks,
            (b'D', _) => &mut period.days,
            (b'H', _) => &mut period.hours,
            (b'M', true) => &mut period.minutes,
            _ => {
                period.nanoseconds = sign * nanoseconds.take().unwrap_or(0);
                &mut period.seconds
            }
        };
        *part = sign * i64::from(value);
        if nanoseconds.is_some() {
            return None;
        }
        rest = after;
        parts += 1;
    }
}

/// The geometry in well-known text and its type, if it is one that the portal reads: one of the
/// six types, and rings closed.
#[must_use]
pub fn geometry(text: &str) -> Option<(Type, wkt::Wkt<f64>)> {
    let geometry: wkt::Wkt<f64> = text.parse().ok()?;
    let closed = |polygon: &wkt::types::Polygon<f64>| {
        polygon.rings().iter().all(|ring| {
            let coords = ring.coords();
            coords.len() >= 4 && coords.first() == coords.last()
        })
    };
    let ty = match &geometry {
        wkt::Wkt::Point(_) => Type::Point,
        wkt::Wkt::MultiPoint(_) => Type::Multipoint,
        wkt::Wkt::LineString(_) => Type::Line,
        wkt::Wkt::MultiLineString(_) => Type::Multiline,
        wkt::Wkt::Polygon(polygon) if closed(polygon) => Type::Polygon,
        wkt::Wkt::MultiPolygon(many) if many.polygons().iter().all(closed) => Type::Multipolygon,
        _ => return None,
    };
    Some((ty, geometry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn day_is(text: &str, expected: Option<&str>) {
        let found = date(text).and_then(Day::date).map(|date| date.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn days_in_all_their_forms() {
        day_is("2024-05-01", Some("2024-05-01"));
        day_is("2024-2-29", Some("2024-02-29"));
        day_is("2023-02-29", None);
        day_is("2024", Some("2024-01-01"));
        day_is("2024-05", Some("2024-05-01"));
        day_is("2024-060", Some("2024-02-29"));
        day_is("2023-366", None);
        day_is("2021-W01-1", Some("2021-01-04"));
        day_is("2020-W53-7", Some("2021-01-03"));
        day_is("2021-W53", None);
        day_is("-0044-03-15", Some("-000044-03-15"));
    }

    #[test]
    fn fractions_belong_to_the_last_part_of_a_time() {
        const MINUTE: i64 = 60 * NANOSECONDS;
        assert_eq!(time("08:30"), Some(510 * MINUTE));
        assert_eq!(time("08:30.5"), Some(510 * MINUTE + MINUTE / 2));
        assert_eq!(time("08:30:00,25"), Some(510 * MINUTE + NANOSECONDS / 4));
        let noon = timestamp("2024-05-01T12.5", false).unwrap();
        assert_eq!(noon.nanoseconds, 750 * MINUTE);
    }

    #[test]
    fn offsets_are_read_in_every_length() {
        let offset = |text: &str| timestamp(text, true).unwrap().offset;
        assert_eq!(offset("2024-05-01T00:00"), None);
        assert_eq!(offset("2024-05-01T00:00Z"), Some(0));
        assert_eq!(offset("2024-05-01T00:00-08"), Some(-8 * 3600));
        assert_eq!(offset("2024-05-01T00:00+0530"), Some(5 * 3600 + 30 * 60));
        assert_eq!(offset("2024-05-01T00:00-00:00:15"), Some(-15));
        assert_eq!(timestamp("2024-05-01T00:00+5", true), None);
    }

    #[test]
    fn periods_keep_their_parts_and_signs() {
        let period = interval("P1Y2M3W4DT5H6M7.25S").unwrap();
        let parts = [period.years, period.months, period.weeks, period.days];
        assert_eq!(parts, [1, 2, 3, 4]);
        assert_eq!([period.hours, period.minutes, period.seconds], [5, 6, 7]);
        assert_eq!(period.nanoseconds, 250_000_000);
        let back = interval("PT-1M-0.5S").unwrap();
        assert_eq!((back.minutes, back.seconds, back.nanoseconds), (-1, 0, -500_000_000));
        assert_eq!(interval("P1MT1M").map(|p| (p.months, p.minutes)), Some((1, 1)));
    }
}
