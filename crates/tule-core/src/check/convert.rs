//! Which types a literal can be read as.
//!
//! Only literals convert. The rules are those of the reference language (its values are read by
//! Joda-Time, JTS and `java.net.URI`); where those readers are lenient, so is this module. Forms
//! that are made of parts are read by [`reading`], which whoever needs the parts uses too.

use tule_syntax::ast::Literal;
use tule_syntax::literal::string_value;

use crate::reading;
use crate::types::{Type, TypeSet};

/// The types, of those in `wanted`, that the literal `written` can be read as.
pub(super) fn literal_types(literal: Literal, written: &str, wanted: TypeSet) -> TypeSet {
    match literal {
        Literal::Integer | Literal::Number => TypeSet::NUM_LIKE.intersect(wanted),
        Literal::True | Literal::False => TypeSet::one(Type::Boolean).intersect(wanted),
        Literal::Null => wanted,
        // The value does not matter where text is wanted, which is most often the case.
        Literal::String | Literal::DoubleString if wanted.single() == Some(Type::Text) => wanted,
        Literal::String | Literal::DoubleString => {
            let value = string_value(written);
            let mut fits = TypeSet::NONE;
            for ty in wanted.iter() {
                if text_reads_as(&value, ty) {
                    fits = fits.union(TypeSet::one(ty));
                }
            }
            fits
        }
    }
}

/// Whether the text of a string literal can be read as `ty`.
///
/// ```
/// use tule_core::check::text_reads_as;
/// use tule_core::types::Type;
/// assert!(text_reads_as("2024-05-01", Type::FloatingTimestamp));
/// assert!(!text_reads_as("2024-05-01T00:00:00Z", Type::FloatingTimestamp));
/// assert!(!text_reads_as("2024/05/01", Type::FloatingTimestamp));
/// assert!(text_reads_as("POINT (-121.29 37.95)", Type::Point));
/// ```
#[must_use]
pub fn text_reads_as(text: &str, ty: Type) -> bool {
    // The first byte rules most types out.
    let first = text.as_bytes().first().copied().unwrap_or(0);
    match ty {
        Type::FixedTimestamp | Type::FloatingTimestamp | Type::Datestamp
            if !matches!(first, b'0'..=b'9' | b'+' | b'-') =>
        {
            false
        }
        Type::Point
        | Type::Multipoint
        | Type::Line
        | Type::Multiline
        | Type::Polygon
        | Type::Multipolygon
            if !matches!(first, b'P' | b'p' | b'M' | b'm' | b'L' | b'l' | b' ') =>
        {
            false
        }
        Type::Text | Type::Blob | Type::Photo => true,
        Type::Number => is_number(text),
        Type::Boolean => {
            matches!(text, "0" | "1")
                || text.eq_ignore_ascii_case("true")
                || text.eq_ignore_ascii_case("false")
        }
        Type::FixedTimestamp => reading::timestamp(text, true).is_some(),
        Type::FloatingTimestamp => reading::timestamp(text, false).is_some(),
        Type::Datestamp => reading::date(text).is_some(),
        Type::Time => reading::time(text).is_some(),
        Type::Interval => reading::interval(text).is_some(),
        Type::RowIdentifier => is_row_mark(text, "row-"),
        Type::RowVersion => is_row_mark(text, "rv-"),
        Type::Point
        | Type::Multipoint
        | Type::Line
        | Type::Multiline
        | Type::Polygon
        | Type::Multipolygon => reading::geometry(text).is_some_and(|(class, _)| class == ty),
        Type::Url => is_url(text),
        Type::Location => is_json_object(text),
        Type::Double | Type::Json | Type::Document => false,
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match digits.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    all_digits(whole)
        && fraction.is_none_or(|part| part.is_empty() || all_digits(part))
        && exponent.is_none_or(|part| all_digits(part.strip_prefix(['-', '+']).unwrap_or(part)))
}

/// `row-` and three groups of four, joined by one of `-` `.` `_` `~`.
fn is_row_mark(text: &str, prefix: &str) -> bool {
    let Some(rest) = text.strip_prefix(prefix) else { return false };
    rest.len() == 14
        && rest.bytes().enumerate().all(|(index, byte)| match index {
            4 | 9 => matches!(byte, b'-' | b'.' | b'_' | b'~'),
            _ => byte.is_ascii_lowercase() || byte.is_ascii_digit(),
        })
}

/// What `java.net.URI` takes, an anchor tag, or a JSON object with an address.
fn is_url(text: &str) -> bool {
    if text.starts_with("<a ") && text.ends_with("</a>") {
        return true;
    }
    if text.starts_with('{') {
        return is_json_object(text);
    }
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(index, byte)| match byte {
        b'%' => bytes
            .get(index + 1..index + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
        other => !other.is_ascii_control(),
    })
}

fn is_json_object(text: &str) -> bool {
    text.trim_start().starts_with('{')
        && serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(ty: Type, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(text_reads_as(text, ty), "{ty} should read {text:?}");
        }
        for text in bad {
            assert!(!text_reads_as(text, ty), "{ty} should not read {text:?}");
        }
    }

    #[test]
    fn dates_and_times_are_read_as_leniently_as_the_portal_does() {
        reads(
            Type::FloatingTimestamp,
            &[
                "2024-05-01",
                "2015-3-18",
                "2024",
                "2024-05",
                "2024-05-01T12",
                "2024-05-01T12:30:00.000",
                "2024-366",
                "2024-W05-1",
            ],
            &[
                "2024/05/01",
                "8/18/11",
                "2024-05-01 12:30",
                "2024-05-01T12:30:00Z",
                "2024-02-30",
                "2024-13-01",
                "2024-05-01T25",
                "",
                "x",
                "2024-05-01T",
            ],
        );
        reads(
            Type::FixedTimestamp,
            &["2020-01-20", "2020-10-15T03:00:00.000Z", "2020-10-15T03:00+02:00"],
            &["2020-10-15T03:00 Z", "yesterday"],
        );
        reads(Type::Time, &["12:30", "8:05:09.5"], &["12", "24:00", "noon"]);
        reads(
            Type::Interval,
            &["P1D", "PT1H30M", "P1Y2M3W4DT5H6M7.5S"],
            &["P", "1D", "PT", "P1H", "P1.5D"],
        );
    }

    #[test]
    fn numbers_marks_and_addresses() {
        reads(Type::Number, &["1", "-2.5", "+3", "1e5", "10."], &["1E5", ".5", "1,000", "", "abc"]);
        reads(Type::Boolean, &["true", "FALSE", "1"], &["Y", "yes", ""]);
        reads(Type::RowIdentifier, &["row-iy9i-gz3f~gx4b"], &["row-iy9i", "rv-iy9i-gz3f~gx4b"]);
        reads(Type::Url, &["https://a.b/c?d=%20", "x"], &["a b", "100%"]);
    }

    #[test]
    fn geometry_is_of_one_class_and_closed() {
        reads(Type::Point, &["POINT (-87.6 41.8)", "point(1 2)"], &["POINT (1)", "1,2"]);
        reads(
            Type::Polygon,
            &["POLYGON((0 0, 0 1, 1 1, 0 0))"],
            &["POLYGON((0 0, 0 1, 1 1, 1 0))", "POLYGON (...)", "POINT (1 2)"],
        );
        reads(
            Type::Multipolygon,
            &["MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)))"],
            &["POLYGON((0 0, 0 1, 1 1, 0 0))"],
        );
    }
}
