//! Guesses at the types of columns that nobody described.
//!
//! A column has a type if every value of it reads as that type; whatever is mixed is text. What
//! looks like a number but is a code (`01234`) is text.

use serde_json::Value;
use tule_core::check::text_reads_as;
use tule_core::types::{Type, TypeSet};

use super::read::Cell;

/// The types that a column can be guessed to have; the first that fits is taken.
const GUESSES: [Type; 13] = [
    Type::Number,
    Type::Boolean,
    Type::FloatingTimestamp,
    Type::FixedTimestamp,
    Type::Point,
    Type::Multipoint,
    Type::Line,
    Type::Multiline,
    Type::Polygon,
    Type::Multipolygon,
    Type::Location,
    Type::Url,
    Type::Json,
];

/// What the values of a column so far can be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guess {
    possible: TypeSet,
    seen: bool,
}

impl Default for Guess {
    fn default() -> Self {
        Self { possible: TypeSet::of(&GUESSES), seen: false }
    }
}

impl Guess {
    /// Takes one value into account.
    pub(crate) fn see(&mut self, cell: &Cell<'_>) {
        let fits: TypeSet = match cell {
            Cell::Empty => return,
            Cell::Text(text) if text.is_empty() => return,
            _ if self.possible.is_empty() => return,
            Cell::Text(text) => self.among(|ty| text_fits(text, ty)),
            Cell::Number(_) => TypeSet::of(&[Type::Number, Type::Json]),
            Cell::Json(value) => json_types(value),
        };
        self.possible = self.possible.intersect(fits);
        self.seen = true;
    }

    fn among(self, fits: impl Fn(Type) -> bool) -> TypeSet {
        let mut types = TypeSet::NONE;
        for ty in self.possible.iter() {
            if fits(ty) {
                types = types.union(TypeSet::one(ty));
            }
        }
        types
    }

    /// The type that fits every value; text where none does or there is no value.
    pub(crate) fn ty(self) -> Type {
        let fits = |ty: &&Type| self.seen && self.possible.has(**ty);
        GUESSES.iter().find(fits).copied().unwrap_or(Type::Text)
    }
}

fn text_fits(text: &str, ty: Type) -> bool {
    match ty {
        Type::Number => is_plain_number(text),
        // Ones and zeros are numbers, and letters are codes.
        Type::Boolean => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        Type::FloatingTimestamp => {
            is_dated(text) && !has_zone(text) && crate::value::Value::from_cell(text, ty).is_ok()
        }
        Type::FixedTimestamp => is_dated(text) && has_zone(text) && text_reads_as(text, ty),
        // Of text these are guessed from objects only.
        Type::Location | Type::Url | Type::Json => false,
        _ => text_reads_as(text, ty),
    }
}

/// Digits with an optional sign, fraction and exponent, that no leading zero makes a code.
fn is_plain_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let mut bytes = unsigned.bytes();
    let (first, second) = (bytes.next(), bytes.next());
    let code = first == Some(b'0') && second.is_some_and(|byte| byte.is_ascii_digit());
    let mantissa = unsigned.split(['e', 'E']).next().unwrap_or_default();
    // `12E3` is as likely a code; with a point or a sign it is a number.
    let exponent = mantissa.len() < unsigned.len();
    let scientific = mantissa.contains('.') || unsigned.contains(['+', '-']);
    first.is_some_and(|byte| byte.is_ascii_digit())
        && !code
        && !mantissa.ends_with('.')
        && (!exponent || scientific)
        && crate::store::number::encode(text).is_some()
}

/// `2024-05-01` or `5/1/2024` at the beginning: years alone and weeks are numbers and codes.
fn is_dated(text: &str) -> bool {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let dash = |at: usize| text.as_bytes().get(at) == Some(&b'-');
    let iso = (0..4).all(digit) && dash(4) && (5..7).all(digit) && dash(7) && (8..10).all(digit);
    iso || digit(0) && text.bytes().take(3).any(|byte| byte == b'/')
}

fn has_zone(text: &str) -> bool {
    let time = text.get(10..).unwrap_or_default();
    time.ends_with(['Z', 'z']) || time.contains(['+', '-'])
}

/// The types of a JSON value that is neither text nor a number.
fn json_types(value: &Value) -> TypeSet {
    match value {
        Value::Bool(_) => TypeSet::of(&[Type::Boolean, Type::Json]),
        Value::Object(object) => {
            let geometry = object.get("type").and_then(Value::as_str).and_then(geometry_type);
            if let Some(ty) = geometry.filter(|_| object.contains_key("coordinates")) {
                return TypeSet::of(&[ty, Type::Json]);
            }
            if object.contains_key("latitude") && object.contains_key("longitude") {
                return TypeSet::of(&[Type::Location, Type::Json]);
            }
            let link = object.contains_key("url")
                && object.keys().all(|key| matches!(key.as_str(), "url" | "description"));
            if link { TypeSet::of(&[Type::Url, Type::Json]) } else { TypeSet::one(Type::Json) }
        }
        _ => TypeSet::one(Type::Json),
    }
}

/// The type behind the name of a GeoJSON geometry.
fn geometry_type(name: &str) -> Option<Type> {
    Some(match name {
        "Point" => Type::Point,
        "MultiPoint" => Type::Multipoint,
        "LineString" => Type::Line,
        "MultiLineString" => Type::Multiline,
        "Polygon" => Type::Polygon,
        "MultiPolygon" => Type::Multipolygon,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(values: &[&str]) -> Type {
        let mut guess = Guess::default();
        for value in values {
            guess.see(&Cell::Text((*value).into()));
        }
        guess.ty()
    }

    #[test]
    fn columns_of_text_are_guessed_from_all_values() {
        assert_eq!(guess(&["1", "-2.50", "", "1e-5", "1.5E10"]), Type::Number);
        assert_eq!(guess(&["true", "FALSE"]), Type::Boolean);
        assert_eq!(guess(&["2024-05-01", "2024-05-01T10:00:00"]), Type::FloatingTimestamp);
        assert_eq!(guess(&["2024-05-01T10:00:00Z"]), Type::FixedTimestamp);
        assert_eq!(guess(&["POINT (-121.3 37.9)"]), Type::Point);
        for text in [
            &["1", "x"][..],
            &["95202", "01234"],
            &["12E3"],
            &["2024-05-01", "2024-05-01T10:00:00Z"],
            &["Y", "N"],
            &["https://example.org"],
            &["1", "true"],
            &["1."],
            &["", ""],
            &[],
        ] {
            assert_eq!(guess(text), Type::Text, "{text:?}");
        }
        assert_eq!(guess(&["0", "0.5", "-0.5"]), Type::Number);
        assert_eq!(guess(&["2024", "2025"]), Type::Number);
    }

    #[test]
    fn objects_are_geometries_links_or_json() {
        let guess = |values: &[Value]| {
            let mut guess = Guess::default();
            for value in values {
                guess.see(&Cell::Json(value.clone()));
            }
            guess.ty()
        };
        let point = serde_json::json!({"type": "Point", "coordinates": [1, 2]});
        assert_eq!(guess(std::slice::from_ref(&point)), Type::Point);
        assert_eq!(guess(&[serde_json::json!({"url": "x"})]), Type::Url);
        assert_eq!(guess(&[point, serde_json::json!([1])]), Type::Json);
        assert_eq!(guess(&[serde_json::json!(true)]), Type::Boolean);
    }
}
