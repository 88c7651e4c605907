//! Dates and timestamps: cutting, taking apart, differences.

use super::row::{A, B, DATE, FIXED, FLOATING, NUMBER, TEXT, scalar};
use crate::functions::Function;
use crate::types::{Type, TypeSet};

pub(super) const ROWS: &[Function] = &[
    scalar("date_trunc_ymd", &[FLOATING], FLOATING)
        .identity("floating timestamp trunc day")
        .since_20()
        .doc("Midnight at the start of the day of a local timestamp.")
        .note("gives a timestamp, though the portal's documentation says text")
        .example("date_trunc_ymd(opened)"),
    scalar("date_trunc_ymd", &[FIXED, TEXT], FLOATING)
        .identity("fixed timestamp trunc day at time zone")
        .since_21()
        .doc("Local midnight at the start of the day that an instant has in a time zone.")
        .example("date_trunc_ymd(updated_on, 'America/Los_Angeles')"),
    scalar("date_trunc_ym", &[FLOATING], FLOATING)
        .identity("floating timestamp trunc month")
        .since_20()
        .doc("Midnight of the first day of the month of a local timestamp.")
        .note("gives a timestamp, though the portal's documentation says text")
        .example("date_trunc_ym(opened)"),
    scalar("date_trunc_ym", &[DATE], DATE)
        .identity("date trunc month")
        .since_21()
        .doc("The first day of the month of a date.")
        .example("date_trunc_ym(birthday)"),
    scalar("date_trunc_ym", &[FIXED, TEXT], FLOATING)
        .identity("fixed timestamp trunc month at time zone")
        .since_21()
        .doc("Local midnight of the first day of the month that an instant has in a time zone.")
        .example("date_trunc_ym(updated_on, 'America/Los_Angeles')"),
    scalar("date_trunc_y", &[FLOATING], FLOATING)
        .identity("floating timestamp trunc year")
        .since_20()
        .doc("Midnight of the first of January of the year of a local timestamp.")
        .note("gives a timestamp, though the portal's documentation says text")
        .example("date_trunc_y(opened)"),
    scalar("date_trunc_y", &[DATE], DATE)
        .identity("date trunc year")
        .since_21()
        .doc("The first of January of the year of a date.")
        .example("date_trunc_y(birthday)"),
    scalar("date_trunc_y", &[FIXED, TEXT], FLOATING)
        .identity("fixed timestamp trunc year at time zone")
        .since_21()
        .doc("Local midnight of the first of January of the year that an instant has in a zone.")
        .example("date_trunc_y(updated_on, 'America/Los_Angeles')"),
    scalar("datez_trunc_ymd", &[FIXED], FIXED)
        .identity("fixed timestamp z trunc day")
        .doc("The instant at which the UTC day of an instant began.")
        .note("the z is for UTC: in California that is 4 or 5 in the afternoon of the day before")
        .example("datez_trunc_ymd(updated_on)"),
    scalar("datez_trunc_ym", &[FIXED], FIXED)
        .identity("fixed timestamp z trunc month")
        .doc("The instant at which the UTC month of an instant began.")
        .example("datez_trunc_ym(updated_on)"),
    scalar("datez_trunc_y", &[FIXED], FIXED)
        .identity("fixed timestamp z trunc year")
        .doc("The instant at which the UTC year of an instant began.")
        .example("datez_trunc_y(updated_on)"),
    scalar("date_extract_y", &[FLOATING], NUMBER)
        .identity("floating timestamp extract year")
        .since_21()
        .doc("The year of a local timestamp as a number.")
        .note("`opened.year` is shorter and also works on a date")
        .example("date_extract_y(opened)"),
    scalar("date_extract_m", &[FLOATING], NUMBER)
        .identity("floating timestamp extract month")
        .since_21()
        .doc("The month of a local timestamp, 1 to 12.")
        .note("does not tell years apart: group by `date_trunc_ym` for a time series")
        .example("date_extract_m(opened)"),
    scalar("date_extract_d", &[FLOATING], NUMBER)
        .identity("floating timestamp extract day")
        .since_21()
        .doc("The day of the month of a local timestamp, 1 to 31.")
        .example("date_extract_d(opened)"),
    scalar("date_extract_hh", &[FLOATING], NUMBER)
        .identity("floating timestamp extract hour")
        .since_21()
        .doc("The hour of a local timestamp, 0 to 23.")
        .note("0 for every row may mean that the column holds days only")
        .example("date_extract_hh(opened)"),
    scalar("date_extract_mm", &[FLOATING], NUMBER)
        .identity("floating timestamp extract minute")
        .since_21()
        .doc("The minute of a local timestamp, 0 to 59.")
        .note("mm is for minutes; the month is `date_extract_m`")
        .example("date_extract_mm(opened)"),
    scalar("date_extract_ss", &[FLOATING], NUMBER)
        .identity("floating timestamp extract second")
        .since_21()
        .doc("The second of a local timestamp, with its fraction.")
        .example("date_extract_ss(opened)"),
    scalar("date_extract_dow", &[FLOATING], NUMBER)
        .identity("floating timestamp extract day of week")
        .since_21()
        .doc("The day of the week of a local timestamp, from 0 for Sunday to 6.")
        .example("date_extract_dow(opened)"),
    scalar("date_extract_woy", &[FLOATING], NUMBER)
        .identity("floating timestamp extract week of year")
        .since_21()
        .doc("The ISO week of a local timestamp, 1 to 53.")
        .note("early January may lie in week 52 or 53; the documentation's 0 to 51 is wrong")
        .example("date_extract_woy(opened)"),
    scalar("date_extract_iso_y", &[FLOATING], NUMBER)
        .identity("floating timestamp extract isoyear")
        .doc("The year that the ISO week of a local timestamp belongs to.")
        .note("goes with `date_extract_woy`; differs from the year around New Year")
        .example("date_extract_iso_y(opened)"),
    scalar("date_diff_d", &[A, A], NUMBER)
        .identity("timestamp diff in days")
        .a(TypeSet::TIMESTAMP_LIKE)
        .doc("Whole days from the second timestamp to the first, cut towards zero.")
        .note("the later one goes first for a positive result")
        .example("date_diff_d(get_utc_date(), updated_on)"),
    scalar("date_diff_d", &[DATE, DATE], NUMBER)
        .identity("date diff in days")
        .doc("Days from the second date to the first.")
        .note("the later one goes first for a positive result")
        .example("date_diff_d(birthday, '1970-01-01')"),
    scalar("date_diff_business_days", &[FIXED, FIXED, TEXT], NUMBER)
        .identity("fixed_timestamp diff bd")
        .doc("Weekdays between two instants seen in a time zone, both ends counted.")
        .note("never negative, and knows no holidays; the same weekday gives 1")
        .example("date_diff_business_days(updated_on, get_utc_date(), 'America/Los_Angeles')"),
    scalar("date_diff_business_days", &[FLOATING, FLOATING], NUMBER)
        .identity("floating_timestamp diff bd")
        .doc("Weekdays between two local timestamps, both ends counted.")
        .note("never negative, and knows no holidays; the same weekday gives 1")
        .example("date_diff_business_days(opened, '2025-12-31')"),
    scalar("date_diff_business_days", &[DATE, DATE], NUMBER)
        .identity("date diff bd")
        .doc("Weekdays between two dates, both ends counted.")
        .note("never negative, and knows no holidays; the same weekday gives 1")
        .example("date_diff_business_days(birthday, '2025-12-31')"),
    scalar("epoch_seconds", &[FIXED], NUMBER)
        .doc("Seconds from the start of 1970 in UTC to an instant, to the millisecond.")
        .example("epoch_seconds(updated_on)"),
    scalar("date_add", &[A, B], A)
        .identity("timestamp add")
        .a(TypeSet::TIMESTAMP_LIKE)
        .b(TypeSet::one(Type::Interval))
        .doc("A timestamp moved later by an interval, as `+` does.")
        .example("date_add(opened, 'P30D')"),
    scalar("to_floating_timestamp", &[FIXED, TEXT], FLOATING)
        .identity("to floating timestamp")
        .doc("The local date and time that clocks in a time zone show at an instant.")
        .note("the zone is an IANA name such as America/Los_Angeles")
        .example("to_floating_timestamp(updated_on, 'America/Los_Angeles')"),
    scalar("get_utc_date", &[], FIXED)
        .identity("get now in UTC fixed_timestamp")
        .doc("The instant at which the query started, the same for every row.")
        .example("get_utc_date()"),
];
