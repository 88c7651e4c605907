//! Rows that no longer come.
//!
//! A dataset that stands still is no fault: most have said all they have to say. It is one only
//! where the publisher names an interval and has let it pass for long, by the portal's own stamp
//! and by the newest date in the rows. An interval that is not certain to be understood is none.

use jiff::civil::Date;

use super::Change;
use crate::schema::Dataset;

/// Days that a publisher may be behind beyond a second interval: holidays, a broken script.
const GRACE: u32 = 14;

/// Words that say nothing about the length of an interval.
const FILLING: [&str; 16] = [
    "data",
    "dataset",
    "is",
    "are",
    "was",
    "the",
    "this",
    "updated",
    "update",
    "updates",
    "published",
    "refreshed",
    "every",
    "each",
    "once",
    "a",
];

/// Intervals in days, by the words that are left. What has two meanings has the longer one.
const INTERVALS: [(u32, &[&str]); 8] = [
    (
        1,
        &[
            "daily",
            "day",
            "per day",
            "nightly",
            "night",
            "hourly",
            "hour",
            "continuous",
            "continuously",
            "real time",
            "realtime",
            "near real time",
            "weekday",
            "weekdays",
            "business day",
            "multiple times per day",
            "several times per day",
        ],
    ),
    (7, &["weekly", "week", "per week", "business daily"]),
    (14, &["biweekly", "bi weekly", "two weeks", "2 weeks", "fortnightly", "other week"]),
    (31, &["monthly", "month", "per month", "twice month", "semimonthly"]),
    (62, &["bimonthly", "bi monthly", "two months", "2 months"]),
    (92, &["quarterly", "quarter", "three months", "3 months"]),
    (
        183,
        &[
            "semiannually",
            "semiannual",
            "semi annually",
            "semi annual",
            "six months",
            "6 months",
            "twice year",
        ],
    ),
    (366, &["annually", "annual", "yearly", "year", "per year"]),
];

/// That the rows of a dataset have stopped changing, if that is certain on this day.
///
/// ```
/// use jiff::civil::date;
/// use tule_core::drift::{Change, stopped};
/// use tule_core::schema::Dataset;
/// let mut calls = Dataset::new("data.example.org", "abcd-1234", "Calls", vec![]);
/// calls.card.updated = "2025-01-31".to_owned();
/// assert_eq!(stopped(&calls, date(2026, 1, 31)), None);
/// calls.card.frequency = "Daily".to_owned();
/// assert_eq!(stopped(&calls, date(2025, 2, 10)), None);
/// let change = stopped(&calls, date(2026, 1, 31)).unwrap();
/// assert!(matches!(change, Change::Stopped { days: 365, .. }));
/// ```
#[must_use]
pub fn stopped(dataset: &Dataset, today: Date) -> Option<Change> {
    let card = &dataset.card;
    let interval = interval(&card.frequency)?;
    let updated: Date = card.updated.get(..10)?.parse().ok()?;
    // Rows with a newer date than the stamp say that the stamp is wrong.
    let newest = dataset.range.as_ref().and_then(|range| range.last.get(..10)?.parse().ok());
    let last = newest.map_or(updated, |newest: Date| newest.max(updated));
    let days = u32::try_from(last.until(today).ok()?.get_days()).ok()?;
    (days > 2 * interval + GRACE).then(|| Change::Stopped {
        updated: last.to_string(),
        frequency: card.frequency.clone(),
        days,
    })
}

/// The interval that a publisher means, in days.
fn interval(words: &str) -> Option<u32> {
    let lower = words.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let left: Vec<&str> = words.filter(|word| !FILLING.contains(word)).collect();
    let left = left.join(" ");
    INTERVALS.iter().find(|(_, known)| known.contains(&&*left)).map(|(days, _)| *days)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::schema::DateRange;

    #[test]
    fn intervals_are_those_that_cannot_be_misunderstood() {
        for (words, days) in [
            ("Daily", 1),
            ("Data are updated daily.", 1),
            ("Updated every weekday", 1),
            ("Weekly", 7),
            ("Bi-weekly", 14),
            ("every 2 weeks", 14),
            ("Once a month", 31),
            ("Quarterly", 92),
            ("Semi-Annually", 183),
            ("twice a year", 183),
            ("ANNUAL", 366),
        ] {
            assert_eq!(interval(words), Some(days), "{words}");
        }
        for words in [
            "",
            "As needed",
            "Historical Data",
            "Not updated",
            "Every five years",
            "Every 10 years",
            "Monthly until 2019",
            "Less than annually",
            "Irregular",
            "Daily (discontinued)",
            "1",
        ] {
            assert_eq!(interval(words), None, "{words}");
        }
    }

    #[test]
    fn a_publisher_may_be_late_and_the_rows_themselves_count() {
        let mut calls = Dataset::new("h", "abcd-1234", "Calls", vec![]);
        calls.card.frequency = "Weekly".to_owned();
        calls.card.updated = "2026-01-01".to_owned();
        assert_eq!(stopped(&calls, date(2026, 1, 29)), None, "two weeks and a fortnight");
        assert!(stopped(&calls, date(2026, 1, 30)).is_some());
        calls.range = Some(DateRange {
            column: "at".to_owned(),
            first: "2019-01-01T00:00:00.000".to_owned(),
            last: "2026-01-20T00:00:00.000".to_owned(),
        });
        assert_eq!(stopped(&calls, date(2026, 1, 30)), None, "newer rows than the stamp");
        // A clock that is behind, a stamp that is none.
        assert_eq!(stopped(&calls, date(2025, 1, 1)), None);
        for odd in ["", "soon", "2026-13-01", "é26-01-01x"] {
            calls.card.updated = odd.to_owned();
            assert_eq!(stopped(&calls, date(2030, 1, 1)), None, "{odd}");
        }
    }
}
