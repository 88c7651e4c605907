//! Order and equality of values of one type.
//!
//! Text is ordered by code point, so upper case comes before lower. Deliberately absent: the
//! places of nulls, which a query decides, and comparison between types, which the checker rules
//! out; both are only given here so that sorting never fails.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;

use super::Value;

impl Value<'_> {
    /// The order of two values of one type. Types without an order, and values of different
    /// types, are equal.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b))
            | (Self::RowIdentifier(a), Self::RowIdentifier(b))
            | (Self::RowVersion(a), Self::RowVersion(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::FixedTimestamp(a), Self::FixedTimestamp(b)) => a.cmp(b),
            (Self::FloatingTimestamp(a), Self::FloatingTimestamp(b)) => a.cmp(b),
            (Self::Datestamp(a), Self::Datestamp(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Url(a), Self::Url(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}

/// A value to be told apart from others in a hash table. Equal numbers are one key, however many
/// zeros they end in, and so are the two zeros of the type double.
#[derive(Clone, Debug)]
pub struct Key<'a>(pub Value<'a>);

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

// No value is NaN.
impl Eq for Key<'_> {}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        discriminant(&self.0).hash(state);
        match &self.0 {
            Value::Null => {}
            Value::Text(text)
            | Value::RowIdentifier(text)
            | Value::RowVersion(text)
            | Value::Photo(text)
            | Value::Blob(text) => text.hash(state),
            Value::Number(number) => number.hash(state),
            Value::Double(double) => (double + 0.0).to_bits().hash(state),
            Value::Boolean(truth) => truth.hash(state),
            Value::FixedTimestamp(instant) => instant.hash(state),
            Value::FloatingTimestamp(local) => local.hash(state),
            Value::Datestamp(date) => date.hash(state),
            Value::Time(time) => time.hash(state),
            Value::Interval(interval) => interval.hash(state),
            Value::Url(url) => url.hash(state),
            Value::Document(document) => document.hash(state),
            Value::Location(location) => location.address.hash(state),
            Value::Geometry(geometry) => {
                use geo::CoordsIter;
                geometry.coords_iter().for_each(|coord| {
                    (coord.x + 0.0).to_bits().hash(state);
                    (coord.y + 0.0).to_bits().hash(state);
                });
            }
            Value::Json(json) => json.hash(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use tule_core::types::Type;

    use super::*;

    fn value(text: &'static str, ty: Type) -> Value<'static> {
        Value::read(text, ty).unwrap()
    }

    #[test]
    fn order_follows_the_type() {
        let less = |ty, left, right| value(left, ty).compare(&value(right, ty)) == Ordering::Less;
        assert!(less(Type::Number, "9", "10"));
        assert!(less(Type::Text, "10", "9"));
        assert!(less(Type::Text, "Z", "a"));
        assert!(less(Type::Boolean, "false", "true"));
        assert!(less(Type::FixedTimestamp, "2024-05-01T00:00+02:00", "2024-05-01T00:00Z"));
        assert!(less(Type::Double, "-1", "0.5"));
    }

    #[test]
    fn keys_are_told_apart_by_value() {
        let keys = [
            value("1", Type::Number),
            value("1.00", Type::Number),
            value("1", Type::Text),
            Value::Double(0.0),
            Value::Double(-0.0),
            value("POINT (1 2)", Type::Point),
            value("POINT (1 2)", Type::Point),
            value("POINT (2 1)", Type::Point),
            value(r#"{"a":1,"b":2}"#, Type::Json),
            value(r#"{"b":2,"a":1}"#, Type::Json),
        ];
        let set: HashSet<Key<'_>> = keys.into_iter().map(Key).collect();
        assert_eq!(set.len(), 6);
    }
}
