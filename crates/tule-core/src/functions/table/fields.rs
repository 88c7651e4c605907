//! Parts of a value written after a dot, fields of the same name together.

use super::row::{DATE, DOCUMENT, FLOATING, LOCATION, NUMBER, POINT, TEXT, TIME, URL, field};
use crate::functions::Function;

pub(super) const ROWS: &[Function] = &[
    field("floating_timestamp_year", ".year", &[FLOATING], NUMBER)
        .doc("Year of a local timestamp.")
        .example("opened.year"),
    field("datestamp_year", ".year", &[DATE], NUMBER)
        .doc("Year of a date.")
        .example("birthday.year"),
    field("floating_timestamp_month", ".month", &[FLOATING], NUMBER)
        .doc("Month of a local timestamp, 1 to 12 whatever the year.")
        .example("opened.month"),
    field("datestamp_month", ".month", &[DATE], NUMBER)
        .doc("Month of a date, 1 to 12 whatever the year.")
        .example("birthday.month"),
    field("floating_timestamp_day", ".day", &[FLOATING], NUMBER)
        .doc("Day of the month of a local timestamp.")
        .example("opened.day"),
    field("datestamp_day", ".day", &[DATE], NUMBER)
        .doc("Day of the month of a date.")
        .example("birthday.day"),
    field("floating_timestamp_dow", ".dow", &[FLOATING], NUMBER)
        .doc("Day of the week of a local timestamp: 0 is Sunday, 6 is Saturday.")
        .example("opened.dow"),
    field("datestamp_dow", ".dow", &[DATE], NUMBER)
        .doc("Day of the week of a date: 0 is Sunday, 6 is Saturday.")
        .example("birthday.dow"),
    field("floating_timestamp_woy", ".woy", &[FLOATING], NUMBER)
        .doc("ISO week of a local timestamp, 1 to 53, weeks beginning on Monday.")
        .example("opened.woy"),
    field("datestamp_woy", ".woy", &[DATE], NUMBER)
        .doc("ISO week of a date, 1 to 53, weeks beginning on Monday.")
        .example("birthday.woy"),
    field("floating_timestamp_isoyear", ".isoyear", &[FLOATING], NUMBER)
        .doc("Year that the ISO week of a local timestamp counts towards.")
        .note("goes with `.woy`; differs from `.year` around New Year")
        .example("opened.isoyear"),
    field("datestamp_isoyear", ".isoyear", &[DATE], NUMBER)
        .doc("Year that the ISO week of a date counts towards.")
        .note("goes with `.woy`; differs from `.year` around New Year")
        .example("birthday.isoyear"),
    field("floating_timestamp_hour", ".hour", &[FLOATING], NUMBER)
        .doc("Hour of a local timestamp, 0 to 23.")
        .example("opened.hour"),
    field("time_hour", ".hour", &[TIME], NUMBER)
        .doc("Hour of a time of day, 0 to 23.")
        .example("clock.hour"),
    field("floating_timestamp_minute", ".minute", &[FLOATING], NUMBER)
        .doc("Minute of a local timestamp, 0 to 59.")
        .example("opened.minute"),
    field("time_minute", ".minute", &[TIME], NUMBER)
        .doc("Minute of a time of day, 0 to 59.")
        .example("clock.minute"),
    field("floating_timestamp_second", ".second", &[FLOATING], NUMBER)
        .doc("Second of a local timestamp, fraction included.")
        .example("opened.second"),
    field("time_second", ".second", &[TIME], NUMBER)
        .doc("Second of a time of day, fraction included.")
        .note("passes the portal's check, then fails when run: a fault of its PostgreSQL backend")
        .example("clock.second"),
    field("floating_timestamp_date", ".date", &[FLOATING], DATE)
        .doc("The day of a local timestamp, without its time.")
        .note("there is no cast from timestamp to date; this is the way")
        .example("opened.date"),
    field("floating_timestamp_time", ".time", &[FLOATING], TIME)
        .doc("The time of day of a local timestamp, without its date.")
        .example("opened.time"),
    field("location_latitude", ".latitude", &[LOCATION], NUMBER)
        .doc("Degrees north of the point of a location, negative in the south.")
        .example("address.latitude"),
    field("point_latitude", ".latitude", &[POINT], NUMBER)
        .doc("Degrees north of a point, negative in the south.")
        .example("place.latitude"),
    field("location_longitude", ".longitude", &[LOCATION], NUMBER)
        .doc("Degrees east of the point of a location, negative in the west.")
        .example("address.longitude"),
    field("point_longitude", ".longitude", &[POINT], NUMBER)
        .doc("Degrees east of a point, negative in the west.")
        .example("place.longitude"),
    field("location_human_address", ".human_address", &[LOCATION], TEXT)
        .doc("The street, city, state and ZIP code of a location, as the text of a JSON object.")
        .example("address.human_address"),
    field("url_url", ".url", &[URL], TEXT)
        .since_21()
        .doc("The address of a link, without its label.")
        .example("link.url"),
    field("url_description", ".description", &[URL], TEXT)
        .since_21()
        .doc("The label of a link, null when it has none.")
        .example("link.description"),
    field("document_filename", ".filename", &[DOCUMENT], TEXT)
        .doc("The name of an attached file.")
        .example("attachment.filename"),
    field("document_file_id", ".file_id", &[DOCUMENT], TEXT)
        .doc("The id under which the portal stores an attached file.")
        .example("attachment.file_id"),
    field("document_content_type", ".content_type", &[DOCUMENT], TEXT)
        .doc("The media type of an attached file, such as application/pdf.")
        .example("attachment.content_type"),
];
