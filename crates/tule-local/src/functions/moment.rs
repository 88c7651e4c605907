//! Dates and times moved by intervals, cut to a unit, and taken to a time zone.
//!
//! What the functions of `date` and `arithmetic` share. Everything is to the millisecond.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};
use tule_core::types::Type;

use super::arguments::mismatch;
use crate::value::{Fault, Interval, Value};

/// What a date is cut to.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Day,
    Month,
    Year,
}

impl Unit {
    /// The first day of the unit that `date` lies in.
    pub(super) fn start(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Month => date.first_of_month(),
            Self::Year => date.first_of_year(),
        }
    }
}

/// The local time of an instant in UTC.
pub(super) fn utc(instant: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(instant)
}

/// The instant of a local time in UTC.
pub(super) fn at_utc(local: DateTime) -> Result<Timestamp, Fault> {
    Offset::UTC.to_timestamp(local).map_err(|_| Fault::OutOfRange(Type::FixedTimestamp))
}

/// The local time of an instant in a zone of the tz database, found by name.
pub(super) fn in_zone(instant: Timestamp, zone: &str) -> Result<DateTime, Fault> {
    let zone = TimeZone::get(zone).map_err(|_| Fault::TimeZone(zone.into()))?;
    Ok(zone.to_datetime(instant))
}

/// A local time later by an interval: months first, where the day is cut to the end of the month,
/// then days, then the rest.
pub(super) fn later(local: DateTime, interval: Interval) -> Option<DateTime> {
    let mut date = local.date();
    if interval.months != 0 {
        date = date.checked_add(Span::new().try_months(interval.months).ok()?).ok()?;
    }
    if interval.days != 0 {
        date = date.checked_add(Span::new().try_days(interval.days).ok()?).ok()?;
    }
    let moved = date.to_datetime(local.time());
    let moved = moved.checked_add(SignedDuration::from_micros(interval.microseconds)).ok()?;
    Some(to_milliseconds(moved))
}

/// The local time without what is below a millisecond.
fn to_milliseconds(local: DateTime) -> DateTime {
    let below = local.subsec_nanosecond() % 1_000_000;
    local.saturating_sub(SignedDuration::from_nanos(i64::from(below)))
}

/// A date or time moved by an interval, for each type that can be; a date becomes a local time.
pub(super) fn moved<'a>(value: &Value<'a>, interval: Interval) -> Result<Value<'a>, Fault> {
    let floating = |local: DateTime| {
        later(local, interval)
            .map(Value::FloatingTimestamp)
            .ok_or(Fault::OutOfRange(Type::FloatingTimestamp))
    };
    match value {
        Value::FloatingTimestamp(local) => floating(*local),
        Value::Datestamp(date) => floating(date.at(0, 0, 0, 0)),
        Value::FixedTimestamp(instant) => {
            let local = later(utc(*instant), interval);
            let local = local.ok_or(Fault::OutOfRange(Type::FixedTimestamp))?;
            at_utc(local).map(Value::FixedTimestamp)
        }
        Value::Time(time) => Ok(Value::Time(around(*time, interval.microseconds))),
        other => Err(mismatch("timestamp, date or time", Some(other))),
    }
}

/// A time of day later by some microseconds, going on behind midnight.
fn around(time: Time, microseconds: i64) -> Time {
    let milliseconds = microseconds.div_euclid(1000);
    time.wrapping_add(SignedDuration::from_millis(milliseconds))
}

/// Days from the second date to the first.
pub(super) fn days_between(later: Date, earlier: Date) -> i64 {
    later.duration_since(earlier).as_hours() / 24
}

/// Days from Monday to Friday from one date to the other, both included, in either order.
pub(super) fn business_days(one: Date, other: Date) -> i64 {
    let (first, last) = if one <= other { (one, other) } else { (other, one) };
    let days = days_between(last, first) + 1;
    let (weeks, rest) = (days / 7, days % 7);
    let start = i64::from(first.weekday().to_monday_zero_offset());
    let left_over = (start..start + rest).filter(|day| day % 7 < 5).count();
    weeks * 5 + i64::try_from(left_over).unwrap_or(0)
}
