//! Lengths of time, kept as the database behind the portal keeps them.
//!
//! Months, days and smaller parts do not convert into each other: a month has no fixed number of
//! days, a day no fixed number of hours. Deliberately absent: an order; the language has none.

use tule_core::reading::Period;

/// A length of time in three parts, each with its own sign.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Interval {
    /// Calendar months; a year is 12.
    pub months: i32,
    /// Calendar days; a week is 7.
    pub days: i32,
    /// Everything below a day, in microseconds; may exceed a day.
    pub microseconds: i64,
}

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

impl Interval {
    /// The period with its parts joined; `None` if it does not fit.
    #[must_use]
    pub fn from_period(period: &Period) -> Option<Self> {
        let months = period.years.checked_mul(12)?.checked_add(period.months)?;
        let days = period.weeks.checked_mul(7)?.checked_add(period.days)?;
        let seconds = period.hours * 3600 + period.minutes * 60 + period.seconds;
        let microseconds = seconds.checked_mul(SECOND)?.checked_add(period.nanoseconds / 1000)?;
        Some(Self {
            months: i32::try_from(months).ok()?,
            days: i32::try_from(days).ok()?,
            microseconds,
        })
    }

    /// The length the other way.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        Some(Self {
            months: self.months.checked_neg()?,
            days: self.days.checked_neg()?,
            microseconds: self.microseconds.checked_neg()?,
        })
    }
}

/// An ISO 8601 period in its shortest parts, `P1Y2M3DT4H5M6.5S`; none at all is `PT0S`.
impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Self::default() {
            return f.write_str("PT0S");
        }
        f.write_str("P")?;
        let part = |f: &mut std::fmt::Formatter<'_>, value: i64, unit: char| match value {
            0 => Ok(()),
            _ => write!(f, "{value}{unit}"),
        };
        part(f, i64::from(self.months / 12), 'Y')?;
        part(f, i64::from(self.months % 12), 'M')?;
        part(f, i64::from(self.days), 'D')?;
        if self.microseconds == 0 {
            return Ok(());
        }
        f.write_str("T")?;
        part(f, self.microseconds / HOUR, 'H')?;
        part(f, self.microseconds % HOUR / MINUTE, 'M')?;
        let rest = self.microseconds % MINUTE;
        if rest == 0 {
            return Ok(());
        }
        let sign = if rest < 0 { "-" } else { "" };
        let (seconds, parts) = (rest.abs() / SECOND, rest.abs() % SECOND);
        write!(f, "{sign}{seconds}")?;
        if parts != 0 {
            let digits = format!("{parts:06}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("S")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn prints(text: &str, expected: &str) {
        let period = tule_core::reading::interval(text).unwrap();
        assert_eq!(Interval::from_period(&period).unwrap().to_string(), expected);
    }

    #[test]
    fn periods_print_with_joined_parts() {
        prints("P1D", "P1D");
        prints("P1Y14M2W", "P2Y2M14D");
        prints("PT90M", "PT1H30M");
        prints("PT0S", "PT0S");
        prints("P1DT-2.5S", "P1DT-2.5S");
        prints("PT-0.25S", "PT-0.25S");
        prints("P-14M", "P-1Y-2M");
    }

    #[test]
    fn periods_that_do_not_fit_are_none() {
        let period = Period { years: 999_999_999, ..Period::default() };
        assert_eq!(Interval::from_period(&period), None);
        assert_eq!(Interval { months: i32::MIN, ..Interval::default() }.negated(), None);
    }
}
