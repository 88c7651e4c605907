//! Dates as people write them, and what they are called here.
//!
//! Only for repairs: what counts as a date is decided in [`crate::reading`].

use jiff::civil::{Date, DateTime, Time};
use tule_syntax::ast::{Arena, BinaryOp, ExprId, ExprKind, Literal};

use crate::reading;

/// What a text was meant as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Meant {
    /// The date and time as the portal reads them.
    pub(super) text: String,
    /// Whether it can mean nothing else.
    pub(super) certain: bool,
    /// What else it can mean: with day and month the other way round.
    pub(super) other: Option<String>,
    /// What is wrong with it, where it has the right form: a day that does not exist.
    pub(super) fault: Option<String>,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The number of a month by its name or the first three letters of it, from 1.
pub(super) fn month(word: &str) -> Option<i8> {
    let is = |name: &str| {
        name.eq_ignore_ascii_case(word)
            || word.len() == 3
                && name.get(..3).is_some_and(|short| short.eq_ignore_ascii_case(word))
            || word.eq_ignore_ascii_case("sept") && name == "September"
    };
    let position = MONTHS.iter().position(|name| is(name))?;
    i8::try_from(position + 1).ok()
}

/// The number of a day of the week by its name, Sunday being 0.
pub(super) fn weekday(word: &str) -> Option<usize> {
    const DAYS: [&str; 7] =
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    DAYS.iter().position(|name| {
        name.eq_ignore_ascii_case(word)
            || word.len() == 3
                && name.get(..3).is_some_and(|short| short.eq_ignore_ascii_case(word))
    })
}

/// Whether a text is an attempt at a date or time at all.
pub(super) fn is_attempt(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
    digits >= 2 && digits >= text.len() / 3
        || digits > 0 && words.into_iter().any(|word| month(word).is_some())
}

/// The date and time that a text was meant as, if anything can be made of it.
pub(super) fn meant(text: &str) -> Option<Meant> {
    let text = text.trim().trim_end_matches('.');
    let (day, time) = match clock_start(text) {
        Some(at) => (text.get(..at)?, Some(clock(text.get(at..)?)?)),
        None => (text, None),
    };
    let day = day.trim().trim_end_matches(['T', 't', ',', ' ']);
    let mut meant = calendar(day)?;
    let Some(time) = time else { return Some(meant) };
    let with_time = |day: &str| match time {
        Clock::Time(time) => format!("{day}T{time}"),
        Clock::EndOfDay => match day.parse::<Date>().ok().and_then(|day| day.tomorrow().ok()) {
            Some(next) => format!("{next}T00:00:00"),
            None => format!("{day}T23:59:59"),
        },
    };
    meant.text = with_time(&meant.text);
    meant.other = meant.other.map(|day| with_time(&day));
    reading::timestamp(&meant.text, false).map(|_| meant)
}

/// A time of day.
enum Clock {
    Time(Time),
    /// 24:00
    EndOfDay,
}

/// Where a time of day begins: at the digits in front of the first colon.
fn clock_start(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let digits = text.get(..colon)?.bytes().rev().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits).then_some(colon - digits)
}

/// `9:05`, `09:05:00.000`, `9:05 PM`, `24:00`.
fn clock(text: &str) -> Option<Clock> {
    let end = text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')).count();
    let (digits, half) = text.split_at_checked(end)?;
    let half = half.trim().replace('.', "").to_ascii_lowercase();
    let parts: Vec<&str> = digits.split([':', '.']).collect();
    let number = |at: usize| parts.get(at).map_or(Some(0), |part| part.parse::<i8>().ok());
    let (hour, minute, second) = (number(0)?, number(1)?, number(2)?);
    let hour = match (&*half, hour) {
        ("am", 12) => 0,
        ("am", 1..=11) | ("", _) | ("pm", 12) => hour,
        ("pm", 1..=11) => hour + 12,
        _ => return None,
    };
    if (hour, minute, second) == (24, 0, 0) {
        return Some(Clock::EndOfDay);
    }
    Time::new(hour, minute, second, 0).ok().map(Clock::Time)
}

/// A day without a time.
fn calendar(text: &str) -> Option<Meant> {
    let certain = |text: String| Meant { text, certain: true, other: None, fault: None };
    let parts: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    match *parts.as_slice() {
        [digits] if digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            let [year, month, day] = [digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?];
            Some(certain(date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?))
        }
        [name, year] if month(name).is_some() => {
            Some(certain(format!("{:04}-{:02}", full_year(year)?, month(name)?)))
        }
        [number, year] if year.len() == 4 => {
            let number = number.parse::<i8>().ok().filter(|month| (1..=12).contains(month))?;
            Some(certain(format!("{:04}-{number:02}", full_year(year)?)))
        }
        [name, day, year] if month(name).is_some() => {
            let day = date(full_year(year)?, month(name)?, ordinal(day)?)?;
            Some(Meant { certain: year.len() == 4, ..certain(day) })
        }
        [day, name, year] if month(name).is_some() => {
            let day = date(full_year(year)?, month(name)?, ordinal(day)?)?;
            Some(Meant { certain: year.len() == 4, ..certain(day) })
        }
        [year, a, b] if year.len() == 4 => largest_first(year.parse().ok()?, a, b),
        [a, b, year] => largest_last(a, b, year, text.contains('.')),
        _ => None,
    }
}

/// `2024/05/31`, and days that do not exist.
fn largest_first(year: i16, month: &str, day: &str) -> Option<Meant> {
    let [month, day] = [month.parse::<i8>().ok()?, day.parse::<i8>().ok()?];
    let plain = Meant { text: String::new(), certain: false, other: None, fault: None };
    if let Some(text) = date(year, month, day) {
        return Some(Meant { text, certain: true, ..plain });
    }
    if let Some(text) = date(year, day, month) {
        let fault = Some(format!("there is no month {month}"));
        return Some(Meant { text, fault, ..plain });
    }
    let last = Date::new(year, month, 1).ok()?.last_of_month();
    let name = MONTHS.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    let fault = Some(format!("{name} {year} has {} days", last.day()));
    (29..=31).contains(&day).then(|| Meant { text: last.to_string(), fault, ..plain })
}

/// `5/31/2024`, and `31.5.2024`, which has the day in front wherever it is written.
fn largest_last(a: &str, b: &str, year: &str, points: bool) -> Option<Meant> {
    let (short, year) = (year.len() != 4, full_year(year)?);
    let [a, b] = [a.parse::<i8>().ok()?, b.parse::<i8>().ok()?];
    let [month_first, day_first] = [date(year, a, b), date(year, b, a)];
    let same = month_first == day_first;
    let (text, other) = match (month_first, day_first) {
        (Some(first), Some(second)) if points => (second, Some(first)),
        (Some(first), Some(second)) => (first, Some(second)),
        (Some(only), None) | (None, Some(only)) => (only, None),
        (None, None) => return None,
    };
    let other = other.filter(|_| !same);
    Some(Meant { text, certain: other.is_none() && !short, other, fault: None })
}

/// A year of four digits, or of two in this century.
fn full_year(text: &str) -> Option<i16> {
    let year = text.parse::<i16>().ok()?;
    match text.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

/// `31` or `31st`
fn ordinal(text: &str) -> Option<i8> {
    text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
}

fn date(year: i16, month: i8, day: i8) -> Option<String> {
    Date::new(year, month, day).ok().map(|date| date.to_string())
}

/// A number of seconds or milliseconds since 1970, as programs count time.
pub(super) fn epoch(digits: &str) -> Option<String> {
    let seconds: i64 = match digits.len() {
        10 => digits.parse().ok()?,
        13 => digits.parse::<i64>().ok()? / 1000,
        _ => return None,
    };
    let start = DateTime::from_parts(Date::new(1970, 1, 1).ok()?, Time::midnight());
    let at = start.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
    Some(at.to_string())
}

/// The date that an expression would be if it stood in quotes: `2022-01-01` and `1/31/2022` are
/// differences and quotients of whole numbers. With blanks between only if a part begins with a
/// zero, as numbers do not, or if the place wants a `date`.
pub(crate) fn unquoted_date(arena: &Arena, text: &str, id: ExprId, date: bool) -> Option<String> {
    let whole = |id: ExprId| matches!(arena.expr(id).kind, ExprKind::Literal(Literal::Integer));
    let ExprKind::Binary { op, left, right, .. } = arena.expr(id).kind else { return None };
    let ExprKind::Binary { op: inner, left: first, right: second, .. } = arena.expr(left).kind
    else {
        return None;
    };
    let sign = match op {
        BinaryOp::Subtract => '-',
        BinaryOp::Divide => '/',
        _ => return None,
    };
    if inner != op || ![first, second, right].into_iter().all(whole) {
        return None;
    }
    let written = arena.span(id).text(text);
    let compact: String = written.split_whitespace().collect();
    let zero = compact.split(sign).any(|part| part.len() == 2 && part.starts_with('0'));
    let dense = compact.bytes().all(|b| b.is_ascii_digit() || char::from(b) == sign);
    if !dense || !date && !zero && compact.len() < written.len() {
        return None;
    }
    meant(&compact).filter(|meant| meant.fault.is_none()).map(|meant| meant.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(text: &str, expected: &str, certain: bool) {
        let found = meant(text).unwrap();
        assert_eq!((&*found.text, found.certain), (expected, certain), "{text}");
    }

    #[test]
    fn dates_that_can_mean_one_thing_only() {
        is("2015/01/31", "2015-01-31", true);
        is("2015.1.31", "2015-01-31", true);
        is("20150131", "2015-01-31", true);
        is("1/31/2015", "2015-01-31", true);
        is("31/1/2015", "2015-01-31", true);
        is("5/5/2015", "2015-05-05", true);
        is("2015-01-31 12:30", "2015-01-31T12:30:00", true);
        is("2015-01-31 12:30:05.000", "2015-01-31T12:30:05", true);
        is("May 1, 2024", "2024-05-01", true);
        is("1st of May 2024".replace(" of", "").as_str(), "2024-05-01", true);
        is("01-MAY-2024", "2024-05-01", true);
        is("May 2024", "2024-05", true);
        is("05/2024", "2024-05", true);
        is("1/31/2015 9:05 PM", "2015-01-31T21:05:00", true);
        is("1/31/2015 12:05 a.m.", "2015-01-31T00:05:00", true);
        is("2015-01-31T24:00:00", "2015-02-01T00:00:00", true);
    }

    #[test]
    fn dates_that_can_mean_several_things() {
        is("8/18/11", "2011-08-18", false);
        is("1/2/2024", "2024-01-02", false);
        assert_eq!(meant("1/2/2024").unwrap().other.as_deref(), Some("2024-02-01"));
        is("01.02.2024", "2024-02-01", false);
        is("2024-31-01", "2024-01-31", false);
        is("2024-02-30", "2024-02-29", false);
        assert_eq!(meant("2023-02-29").unwrap().fault.unwrap(), "February 2023 has 28 days");
        for text in ["2024-02-45", "2024-13-32", "abc", "1/2", "", "99:99", "2024-05-01 25:00"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn attempts_at_dates_have_digits_or_months_in_them() {
        for text in ["2024/5/1", "8/18/11", "May 1", "10:30", "20240501"] {
            assert!(is_attempt(text), "{text}");
        }
        for text in ["yesterday", "NORTH", "", "Beat 7", "call 3 of the north district"] {
            assert!(!is_attempt(text), "{text}");
        }
    }

    #[test]
    fn epochs_are_read_in_seconds_and_milliseconds() {
        assert_eq!(epoch("1714521600").as_deref(), Some("2024-05-01T00:00:00"));
        assert_eq!(epoch("1714521600000").as_deref(), Some("2024-05-01T00:00:00"));
        assert_eq!(epoch("2024"), None);
    }
}
