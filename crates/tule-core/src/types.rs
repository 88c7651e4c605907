//! The 23 types of the language, and sets of them.
//!
//! One internal name per type, `SoQL`'s own. Every portal's spelling maps onto it on import
//! ([`Type::from_portal`]); nothing behind this module knows the other spellings. There is no
//! lattice: only literals convert, so a set of candidate types per expression is all that
//! overload resolution needs.

/// A value's type. The order is the preference order of overload resolution.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are the language's own; TYPES says what each one is")]
pub enum Type {
    Text,
    Number,
    Double,
    Boolean,
    FixedTimestamp,
    FloatingTimestamp,
    Datestamp,
    Time,
    Interval,
    Point,
    Multipoint,
    Line,
    Multiline,
    Polygon,
    Multipolygon,
    Location,
    Url,
    RowIdentifier,
    RowVersion,
    Json,
    Document,
    Photo,
    Blob,
}

/// What the documentation, hovers and importers know of one type.
#[derive(Debug)]
pub struct TypeInfo {
    /// The type.
    pub ty: Type,
    /// Its name in the language.
    pub name: &'static str,
    /// One line on what its values are.
    pub doc: &'static str,
    /// Other spellings portals use for it, compared without case, spaces and underscores.
    pub portal_names: &'static [&'static str],
}

const fn info(
    ty: Type,
    name: &'static str,
    doc: &'static str,
    portal_names: &'static [&'static str],
) -> TypeInfo {
    TypeInfo { ty, name, doc, portal_names }
}

/// Every type, in the order of the enum.
pub static TYPES: [TypeInfo; 23] = [
    info(
        Type::Text,
        "text",
        "characters; comparison tells upper from lower case",
        &["html", "email", "phone", "flag", "drop_down_list", "dropdown", "nested_table", "object"],
    ),
    info(
        Type::Number,
        "number",
        "an exact decimal number",
        &["money", "percent", "star", "stars", "numeric"],
    ),
    info(Type::Double, "double", "a binary floating-point number", &[]),
    info(Type::Boolean, "boolean", "true or false", &["checkbox", "bool"]),
    info(Type::FixedTimestamp, "fixed_timestamp", "an instant in time, kept in UTC", &["date"]),
    info(
        Type::FloatingTimestamp,
        "floating_timestamp",
        "a local date and time without a zone",
        &["calendar_date", "floating timestamp"],
    ),
    info(Type::Datestamp, "datestamp", "a day of the calendar", &[]),
    info(Type::Time, "time", "a time of day", &[]),
    info(Type::Interval, "interval", "a length of time, as an ISO 8601 period", &[]),
    info(Type::Point, "point", "a position on the earth (WGS84)", &[]),
    info(Type::Multipoint, "multipoint", "several positions", &["multi_point"]),
    info(Type::Line, "line", "a path", &["line_string"]),
    info(Type::Multiline, "multiline", "several paths", &["multi_line", "multi_line_string"]),
    info(Type::Polygon, "polygon", "an area", &[]),
    info(Type::Multipolygon, "multipolygon", "several areas", &["multi_polygon"]),
    info(Type::Location, "location", "the older location type: a point and an address", &[]),
    info(Type::Url, "url", "a web address with a label", &["website_url"]),
    info(
        Type::RowIdentifier,
        "row_identifier",
        "the portal's own key of a row",
        &["meta_data", "id"],
    ),
    info(Type::RowVersion, "row_version", "the portal's version mark of a row", &["version"]),
    info(Type::Json, "json", "structured JSON data", &[]),
    info(Type::Document, "document", "a file attached to a row", &[]),
    info(Type::Photo, "photo", "a picture attached to a row", &[]),
    info(Type::Blob, "blob", "a binary file attached to a row", &[]),
];

impl Type {
    /// Every type, in preference order.
    pub fn all() -> impl Iterator<Item = Self> {
        TYPES.iter().map(|info| info.ty)
    }

    /// What is known of this type.
    #[must_use]
    pub fn info(self) -> &'static TypeInfo {
        #[expect(clippy::indexing_slicing, reason = "one row a variant, as a test says")]
        &TYPES[self as usize]
    }

    /// The name in the language.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The type with this name in the language; case does not count.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        TYPES.iter().find(|info| info.name.eq_ignore_ascii_case(name)).map(|info| info.ty)
    }

    /// The type behind any portal's spelling: the language's own, `dataTypeName`, the
    /// `X-SODA2-Types` header, or the label shown to people (`Calendar date`).
    ///
    /// ```
    /// use tule_core::types::Type;
    /// assert_eq!(Type::from_portal("calendar_date"), Some(Type::FloatingTimestamp));
    /// assert_eq!(Type::from_portal("Calendar date"), Some(Type::FloatingTimestamp));
    /// assert_eq!(Type::from_portal("MultiLine"), Some(Type::Multiline));
    /// assert_eq!(Type::from_portal("hologram"), None);
    /// ```
    #[must_use]
    pub fn from_portal(spelling: &str) -> Option<Self> {
        fn key(text: &str) -> impl Iterator<Item = char> {
            text.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).map(|c| c.to_ascii_lowercase())
        }
        TYPES
            .iter()
            .find(|info| {
                std::iter::once(&info.name)
                    .chain(info.portal_names)
                    .any(|name| key(name).eq(key(spelling)))
            })
            .map(|info| info.ty)
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of types.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TypeSet(u32);

impl TypeSet {
    /// No type.
    pub const NONE: Self = Self(0);
    /// All 23.
    pub const ALL: Self = Self((1 << 23) - 1);
    /// Types with an order: usable with `<`, `ORDER BY`, `min`.
    pub const ORDERED: Self = Self::of(&[
        Type::Text,
        Type::Number,
        Type::Double,
        Type::Boolean,
        Type::FixedTimestamp,
        Type::FloatingTimestamp,
        Type::Datestamp,
        Type::Time,
        Type::RowIdentifier,
        Type::RowVersion,
        Type::Url,
    ]);
    /// The six geometry types.
    pub const GEOSPATIAL: Self = Self::of(&[
        Type::Point,
        Type::Multipoint,
        Type::Line,
        Type::Multiline,
        Type::Polygon,
        Type::Multipolygon,
    ]);
    /// Point and multipoint.
    pub const POINT_LIKE: Self = Self::of(&[Type::Point, Type::Multipoint]);
    /// Line and multiline.
    pub const LINE_LIKE: Self = Self::of(&[Type::Line, Type::Multiline]);
    /// Polygon and multipolygon.
    pub const POLYGON_LIKE: Self = Self::of(&[Type::Polygon, Type::Multipolygon]);
    /// Types with `=`: usable in `GROUP BY`.
    pub const EQUATABLE: Self = Self::ORDERED.union(Self::GEOSPATIAL).union(Self::of(&[
        Type::Blob,
        Type::Photo,
        Type::Location,
        Type::Json,
    ]));
    /// Number and double.
    pub const NUM_LIKE: Self = Self::of(&[Type::Number, Type::Double]);
    /// The two timestamps.
    pub const TIMESTAMP_LIKE: Self = Self::of(&[Type::FixedTimestamp, Type::FloatingTimestamp]);
    /// Types that `||` joins: all but the two row marks.
    pub const STRINGABLE: Self =
        Self::ALL.minus(Self::of(&[Type::RowIdentifier, Type::RowVersion]));

    /// The set of exactly these types.
    #[must_use]
    pub const fn of(types: &[Type]) -> Self {
        let mut bits = 0;
        let mut rest = types;
        while let [first, tail @ ..] = rest {
            bits |= 1 << *first as u8;
            rest = tail;
        }
        Self(bits)
    }

    /// The set of one type.
    #[must_use]
    pub const fn one(ty: Type) -> Self {
        Self(1 << ty as u8)
    }

    /// Types in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Types in both sets.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Types of this set that are not in `other`.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether `ty` is in the set.
    #[must_use]
    pub const fn has(self, ty: Type) -> bool {
        self.0 & (1 << ty as u8) != 0
    }

    /// Whether the set holds no type.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many types the set holds.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// The type first in preference order.
    #[must_use]
    pub fn first(self) -> Option<Type> {
        TYPES.get(self.0.trailing_zeros() as usize).map(|info| info.ty)
    }

    /// The only type of the set, if it holds just one.
    #[must_use]
    pub fn single(self) -> Option<Type> {
        if self.len() == 1 { self.first() } else { None }
    }

    /// The types in preference order.
    pub fn iter(self) -> impl Iterator<Item = Type> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let info = TYPES.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(info.ty)
        })
    }
}

impl From<Type> for TypeSet {
    fn from(ty: Type) -> Self {
        Self::one(ty)
    }
}

impl std::fmt::Debug for TypeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (index, info) in TYPES.iter().enumerate() {
            assert_eq!(info.ty as usize, index);
            assert_eq!(Type::from_name(info.name), Some(info.ty));
            assert_eq!(Type::from_portal(info.name), Some(info.ty));
        }
    }

    #[test]
    fn classes_have_the_sizes_of_the_reference() {
        assert_eq!(TypeSet::ORDERED.len(), 11);
        assert_eq!(TypeSet::EQUATABLE.len(), 21);
        assert_eq!(TypeSet::STRINGABLE.len(), 21);
        assert!(!TypeSet::EQUATABLE.has(Type::Interval));
        assert!(!TypeSet::EQUATABLE.has(Type::Document));
        assert_eq!(TypeSet::ALL.iter().count(), 23);
    }
}
