//! Functions of dates, times and intervals, and the operators on them.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};

use super::arguments::{all, date, instant, interval, local, mismatch, text, time};
use super::moment::{Unit, at_utc, business_days, days_between, in_zone, moved, utc};
use super::{Implementation, native, strict};
use crate::value::{Decimal, Fault, Interval, Value};
use tule_core::types::Type;

pub(super) const ROWS: &[Implementation] = &[
    strict("floating timestamp trunc day", |arguments| cut(arguments, Unit::Day)),
    strict("fixed timestamp trunc day at time zone", |arguments| cut(arguments, Unit::Day)),
    strict("floating timestamp trunc month", |arguments| cut(arguments, Unit::Month)),
    strict("date trunc month", |arguments| cut(arguments, Unit::Month)),
    strict("fixed timestamp trunc month at time zone", |arguments| cut(arguments, Unit::Month)),
    strict("floating timestamp trunc year", |arguments| cut(arguments, Unit::Year)),
    strict("date trunc year", |arguments| cut(arguments, Unit::Year)),
    strict("fixed timestamp trunc year at time zone", |arguments| cut(arguments, Unit::Year)),
    strict("fixed timestamp z trunc day", |arguments| cut(arguments, Unit::Day)),
    strict("fixed timestamp z trunc month", |arguments| cut(arguments, Unit::Month)),
    strict("fixed timestamp z trunc year", |arguments| cut(arguments, Unit::Year)),
    strict("floating timestamp extract year", |arguments| of_date(arguments, year)),
    strict("floating timestamp extract month", |arguments| of_date(arguments, month)),
    strict("floating timestamp extract day", |arguments| of_date(arguments, day)),
    strict("floating timestamp extract hour", |arguments| of_time(arguments, hour)),
    strict("floating timestamp extract minute", |arguments| of_time(arguments, minute)),
    strict("floating timestamp extract second", |arguments| of_time(arguments, second)),
    strict("floating timestamp extract day of week", |arguments| of_date(arguments, weekday)),
    strict("floating timestamp extract week of year", |arguments| of_date(arguments, week)),
    strict("floating timestamp extract isoyear", |arguments| of_date(arguments, iso_year)),
    strict("timestamp diff in days", whole_days),
    strict("date diff in days", dates_apart),
    strict("fixed_timestamp diff bd", |arguments| {
        let [one, other, zone] = all(arguments)?;
        let zone = text(zone)?;
        let day = |value| Ok(in_zone(instant(value)?, zone)?.date());
        Ok(whole(business_days(day(one)?, day(other)?)))
    }),
    strict("floating_timestamp diff bd", |arguments| {
        let [one, other] = all(arguments)?;
        Ok(whole(business_days(local(one)?.date(), local(other)?.date())))
    }),
    strict("date diff bd", |arguments| {
        let [one, other] = all(arguments)?;
        Ok(whole(business_days(date(one)?, date(other)?)))
    }),
    strict("epoch_seconds", |arguments| {
        let [value] = all(arguments)?;
        Ok(Value::Number(Decimal::from_units(instant(value)?.as_millisecond(), 3)))
    }),
    strict("timestamp add", later),
    strict("to floating timestamp", |arguments| {
        let [value, zone] = all(arguments)?;
        in_zone(instant(value)?, text(zone)?).map(Value::FloatingTimestamp)
    }),
    native("get now in UTC fixed_timestamp"),
    strict("floating_timestamp_year", |arguments| of_date(arguments, year)),
    strict("datestamp_year", |arguments| of_date(arguments, year)),
    strict("floating_timestamp_month", |arguments| of_date(arguments, month)),
    strict("datestamp_month", |arguments| of_date(arguments, month)),
    strict("floating_timestamp_day", |arguments| of_date(arguments, day)),
    strict("datestamp_day", |arguments| of_date(arguments, day)),
    strict("floating_timestamp_dow", |arguments| of_date(arguments, weekday)),
    strict("datestamp_dow", |arguments| of_date(arguments, weekday)),
    strict("floating_timestamp_woy", |arguments| of_date(arguments, week)),
    strict("datestamp_woy", |arguments| of_date(arguments, week)),
    strict("floating_timestamp_isoyear", |arguments| of_date(arguments, iso_year)),
    strict("datestamp_isoyear", |arguments| of_date(arguments, iso_year)),
    strict("floating_timestamp_hour", |arguments| of_time(arguments, hour)),
    strict("time_hour", |arguments| of_time(arguments, hour)),
    strict("floating_timestamp_minute", |arguments| of_time(arguments, minute)),
    strict("time_minute", |arguments| of_time(arguments, minute)),
    strict("floating_timestamp_second", |arguments| of_time(arguments, second)),
    strict("time_second", |arguments| of_time(arguments, second)),
    strict("floating_timestamp_date", |arguments| {
        let [value] = all(arguments)?;
        Ok(Value::Datestamp(local(value)?.date()))
    }),
    strict("floating_timestamp_time", |arguments| {
        let [value] = all(arguments)?;
        Ok(Value::Time(local(value)?.time()))
    }),
    strict("date time add", |arguments| {
        let [day, clock] = all(arguments)?;
        Ok(Value::FloatingTimestamp(date(day)?.to_datetime(time(clock)?)))
    }),
    strict("time date add", |arguments| {
        let [clock, day] = all(arguments)?;
        Ok(Value::FloatingTimestamp(date(day)?.to_datetime(time(clock)?)))
    }),
    strict("time interval add", later),
    strict("interval time add", later_by),
    strict("time interval sub", earlier),
    strict("time time sub", |arguments| {
        let [one, other] = all(arguments)?;
        let apart = time(one)?.duration_since(time(other)?);
        let microseconds = i64::try_from(apart.as_micros()).unwrap_or(0);
        Ok(Value::Interval(Interval { microseconds, ..Interval::default() }))
    }),
    strict("date interval add", later),
    strict("interval date add", later_by),
    strict("date interval sub", earlier),
    strict("date date sub", dates_apart),
    strict("timestamp +", later),
    strict("timestamp -", earlier),
];

fn whole<'a>(count: i64) -> Value<'a> {
    Value::Number(Decimal::from(count))
}

/// Cut to the start of a unit. An instant is cut in UTC, or in a named zone as a local time.
fn cut<'a>(arguments: &[Value<'a>], unit: Unit) -> Result<Value<'a>, Fault> {
    let start = |local: DateTime| unit.start(local.date()).at(0, 0, 0, 0);
    match arguments {
        [Value::FloatingTimestamp(local)] => Ok(Value::FloatingTimestamp(start(*local))),
        [Value::Datestamp(date)] => Ok(Value::Datestamp(unit.start(*date))),
        [Value::FixedTimestamp(instant)] => at_utc(start(utc(*instant))).map(Value::FixedTimestamp),
        [Value::FixedTimestamp(instant), zone] => {
            Ok(Value::FloatingTimestamp(start(in_zone(*instant, text(zone)?)?)))
        }
        other => Err(mismatch("timestamp or date", other.first())),
    }
}

fn of_date<'a>(arguments: &[Value<'a>], part: fn(Date) -> i16) -> Result<Value<'a>, Fault> {
    let date = match arguments {
        [Value::FloatingTimestamp(local)] => local.date(),
        [Value::Datestamp(date)] => *date,
        other => return Err(mismatch("timestamp or date", other.first())),
    };
    Ok(whole(i64::from(part(date))))
}

fn year(date: Date) -> i16 {
    date.year()
}

fn month(date: Date) -> i16 {
    date.month().into()
}

fn day(date: Date) -> i16 {
    date.day().into()
}

/// 0 is Sunday.
fn weekday(date: Date) -> i16 {
    date.weekday().to_sunday_zero_offset().into()
}

fn week(date: Date) -> i16 {
    date.iso_week_date().week().into()
}

fn iso_year(date: Date) -> i16 {
    date.iso_week_date().year()
}

fn of_time<'a>(arguments: &[Value<'a>], part: fn(Time) -> Decimal) -> Result<Value<'a>, Fault> {
    let time = match arguments {
        [Value::FloatingTimestamp(local)] => local.time(),
        [Value::Time(time)] => *time,
        other => return Err(mismatch("timestamp or time", other.first())),
    };
    Ok(Value::Number(part(time)))
}

fn hour(time: Time) -> Decimal {
    Decimal::from(i64::from(time.hour()))
}

fn minute(time: Time) -> Decimal {
    Decimal::from(i64::from(time.minute()))
}

/// With a fraction where there is one.
fn second(time: Time) -> Decimal {
    let milliseconds = i64::from(time.second()) * 1000 + i64::from(time.millisecond());
    Decimal::from_units(milliseconds, 3).trimmed()
}

/// Days between two timestamps of one type, without what is left of a day.
fn whole_days<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let since =
        |later: Timestamp, earlier: Timestamp| -> SignedDuration { later.duration_since(earlier) };
    let apart = match arguments {
        [Value::FixedTimestamp(later), Value::FixedTimestamp(earlier)] => since(*later, *earlier),
        [Value::FloatingTimestamp(later), Value::FloatingTimestamp(earlier)] => {
            later.duration_since(*earlier)
        }
        other => return Err(mismatch("two timestamps", other.first())),
    };
    Ok(whole(apart.as_secs() / 86_400))
}

fn dates_apart<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [later, earlier] = all(arguments)?;
    Ok(whole(days_between(date(later)?, date(earlier)?)))
}

fn later<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [value, by] = all(arguments)?;
    moved(value, interval(by)?)
}

fn later_by<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [by, value] = all(arguments)?;
    moved(value, interval(by)?)
}

fn earlier<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [value, by] = all(arguments)?;
    moved(value, interval(by)?.negated().ok_or(Fault::OutOfRange(Type::Interval))?)
}
