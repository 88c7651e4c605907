//! Conversions written `value::type`. Where no row stands, there is no conversion.

use super::row::{
    BLOB, BOOLEAN, DATE, DOCUMENT, DOUBLE, FIXED, FLOATING, INTERVAL, JSON, LINE, LOCATION,
    MULTILINE, MULTIPOINT, MULTIPOLYGON, NUMBER, PHOTO, POINT, POLYGON, ROW_IDENTIFIER,
    ROW_VERSION, TEXT, TIME, URL, cast,
};
use crate::functions::Function;
use crate::types::Type;

pub(super) const ROWS: &[Function] = &[
    cast("fixed timestamp to text", &[FIXED], Type::Text)
        .doc("An instant in UTC as ISO 8601 text, such as 2025-03-01T08:30:00.000Z.")
        .example("updated_on::text"),
    cast("floating timestamp to text", &[FLOATING], Type::Text)
        .doc("A local timestamp as ISO 8601 text without a zone.")
        .example("opened::text"),
    cast("date to text", &[DATE], Type::Text)
        .doc("A date as text, year first: 2025-03-01.")
        .example("birthday::text"),
    cast("time to text", &[TIME], Type::Text)
        .doc("A time of day as ISO 8601 text.")
        .example("clock::text"),
    cast("interval to text", &[INTERVAL], Type::Text)
        .doc("An interval as an ISO 8601 period, such as P1D.")
        .example("span::text"),
    cast("number to text", &[NUMBER], Type::Text)
        .doc("The decimal digits of a number.")
        .note("as text, 10 sorts before 9")
        .example("amount::text"),
    cast("boolean to text", &[BOOLEAN], Type::Text)
        .doc("The word true or false.")
        .example("active::text"),
    cast("json to text", &[JSON], Type::Text)
        .doc("The JSON source of a value, on one line.")
        .note("a JSON string keeps its quotation marks")
        .example("extra::text"),
    cast("text::text", &[TEXT], Type::Text).doc("Leaves text as it is.").example("name::text"),
    cast("text to number", &[TEXT], Type::Number)
        .doc("The number that text spells in decimal digits.")
        .note("text that is not a number fails the whole query")
        .example("name::number"),
    cast("number::number", &[NUMBER], Type::Number)
        .doc("Leaves a number as it is.")
        .example("amount::number"),
    cast("number to double", &[NUMBER], Type::Double)
        .doc("The nearest binary floating-point number.")
        .note("the only way from number to double, and there is none back")
        .example("amount::double"),
    cast("double::double", &[DOUBLE], Type::Double)
        .doc("Leaves a double as it is.")
        .example("ratio::double"),
    cast("text to boolean", &[TEXT], Type::Boolean)
        .doc("The truth value that text spells, such as true or false.")
        .note("other text fails the whole query")
        .example("name::boolean"),
    cast("boolean::boolean", &[BOOLEAN], Type::Boolean)
        .doc("Leaves a boolean as it is.")
        .example("active::boolean"),
    cast("text to fixed timestamp", &[TEXT], Type::FixedTimestamp)
        .doc("The instant that ISO 8601 text gives, read as UTC when it has no offset.")
        .example("name::fixed_timestamp"),
    cast("fixed_timestamp::fixed_timestamp", &[FIXED], Type::FixedTimestamp)
        .doc("Leaves an instant as it is.")
        .example("updated_on::fixed_timestamp"),
    cast("text to floating timestamp", &[TEXT], Type::FloatingTimestamp)
        .doc("The local date and time that ISO 8601 text gives.")
        .note("05/01/2025 is not ISO 8601: write 2025-05-01")
        .example("name::floating_timestamp"),
    cast("floating_timestamp::floating_timestamp", &[FLOATING], Type::FloatingTimestamp)
        .doc("Leaves a local timestamp as it is.")
        .example("opened::floating_timestamp"),
    cast("text to date", &[TEXT], Type::Datestamp)
        .hidden()
        .doc("The day that ISO 8601 text gives.")
        .note("for literals only: no column of text can be cast to this type")
        .example("'2024-05-01'::datestamp"),
    cast("datestamp::datestamp", &[DATE], Type::Datestamp)
        .doc("Leaves a date as it is.")
        .example("birthday::datestamp"),
    cast("text to time", &[TEXT], Type::Time)
        .hidden()
        .doc("The time of day that ISO 8601 text gives.")
        .note("for literals only: no column of text can be cast to this type")
        .example("'08:30:00'::time"),
    cast("time::time", &[TIME], Type::Time)
        .doc("Leaves a time of day as it is.")
        .example("clock::time"),
    cast("text to interval", &[TEXT], Type::Interval)
        .doc("The length of time that an ISO 8601 period gives, such as P1D or PT2H.")
        .example("name::interval"),
    cast("interval::interval", &[INTERVAL], Type::Interval)
        .doc("Leaves an interval as it is.")
        .example("span::interval"),
    cast("text to point", &[TEXT], Type::Point)
        .doc("A point from its well-known text (WKT), longitude before latitude.")
        .note("WKT of another kind of geometry gives null")
        .example("name::point"),
    cast("loc to point", &[LOCATION], Type::Point)
        .doc("The point of a location, without its address.")
        .note("the only way from location to point")
        .example("address::point"),
    cast("point::point", &[POINT], Type::Point)
        .doc("Leaves a point as it is.")
        .example("place::point"),
    cast("text to multi point", &[TEXT], Type::Multipoint)
        .doc("A multipoint from its well-known text (WKT), longitude before latitude.")
        .note("WKT of another kind of geometry gives null")
        .example("name::multipoint"),
    cast("multipoint::multipoint", &[MULTIPOINT], Type::Multipoint)
        .doc("Leaves a multipoint as it is.")
        .example("places::multipoint"),
    cast("text to line", &[TEXT], Type::Line)
        .doc("A line from its well-known text (WKT), longitude before latitude.")
        .note("WKT of another kind of geometry gives null")
        .example("name::line"),
    cast("line::line", &[LINE], Type::Line).doc("Leaves a line as it is.").example("route::line"),
    cast("text to multi line", &[TEXT], Type::Multiline)
        .doc("A multiline from its well-known text (WKT), longitude before latitude.")
        .note("WKT of another kind of geometry gives null")
        .example("name::multiline"),
    cast("multiline::multiline", &[MULTILINE], Type::Multiline)
        .doc("Leaves a multiline as it is.")
        .example("routes::multiline"),
    cast("text to polygon", &[TEXT], Type::Polygon)
        .doc("A polygon from its well-known text (WKT), longitude before latitude.")
        .note("WKT of another kind of geometry gives null")
        .example("name::polygon"),
    cast("polygon::polygon", &[POLYGON], Type::Polygon)
        .doc("Leaves a polygon as it is.")
        .example("parcel::polygon"),
    cast("text to multi polygon", &[TEXT], Type::Multipolygon)
        .doc("A multipolygon from its well-known text (WKT), longitude before latitude.")
        .note("WKT of another kind of geometry gives null")
        .example("name::multipolygon"),
    cast("multipolygon::multipolygon", &[MULTIPOLYGON], Type::Multipolygon)
        .doc("Leaves a multipolygon as it is.")
        .example("district::multipolygon"),
    cast("text to location", &[TEXT], Type::Location)
        .hidden()
        .doc("The location that the text of a JSON object gives.")
        .note("for literals only: no column of text can be cast to this type")
        .example("'{\"latitude\": \"37.95\", \"longitude\": \"-121.29\"}'::location"),
    cast("location::location", &[LOCATION], Type::Location)
        .doc("Leaves a location as it is.")
        .example("address::location"),
    cast("text to url", &[TEXT], Type::Url)
        .hidden()
        .doc("The link that text gives.")
        .note("for literals only: for a column of text, `url(name, name)` makes a link")
        .example("'https://www.stocktonca.gov'::url"),
    cast("url::url", &[URL], Type::Url).doc("Leaves a link as it is.").example("link::url"),
    cast("text to rid", &[TEXT], Type::RowIdentifier)
        .hidden()
        .doc("The row identifier that text gives.")
        .note("for literals only: no column of text can be cast to this type")
        .example("'row-2x4k.tq7m_wz9e'::row_identifier"),
    cast("row_identifier::row_identifier", &[ROW_IDENTIFIER], Type::RowIdentifier)
        .doc("Leaves a row identifier as it is.")
        .example("row_key::row_identifier"),
    cast("text to rowver", &[TEXT], Type::RowVersion)
        .hidden()
        .doc("The row version that text gives.")
        .note("for literals only: no column of text can be cast to this type")
        .example("'rv-2x4k.tq7m_wz9e'::row_version"),
    cast("row_version::row_version", &[ROW_VERSION], Type::RowVersion)
        .doc("Leaves a row version as it is.")
        .example("row_mark::row_version"),
    cast("text to json", &[TEXT], Type::Json)
        .doc("The value that JSON source gives.")
        .note(
            "a string is never taken for JSON without this cast; broken JSON fails the whole query",
        )
        .example("name::json"),
    cast("json::json", &[JSON], Type::Json)
        .doc("Leaves a JSON value as it is.")
        .example("extra::json"),
    cast("document::document", &[DOCUMENT], Type::Document)
        .doc("Leaves an attached file as it is.")
        .example("attachment::document"),
    cast("text to photo", &[TEXT], Type::Photo)
        .doc("The picture stored under an id.")
        .example("name::photo"),
    cast("photo::photo", &[PHOTO], Type::Photo)
        .doc("Leaves a picture as it is.")
        .example("picture::photo"),
    cast("text to blob", &[TEXT], Type::Blob)
        .doc("The binary file stored under an id.")
        .example("name::blob"),
    cast("blob::blob", &[BLOB], Type::Blob)
        .doc("Leaves a binary file as it is.")
        .example("scan::blob"),
];
