//! What is known of datasets: columns, types and the facts around them.
//!
//! A [`Dataset`] is a value. Where it came from (saved metadata, the lock file, a portal) and how
//! it is looked up by a name in a query ([`catalog`]) are other modules' business; nothing here
//! reads files or the network.

pub mod catalog;
pub mod lock;
pub mod manifest;
pub mod socrata;

use rustc_hash::FxHashMap;

use crate::names::fold;
use crate::types::Type;
use manifest::PortalKind;

/// One dataset's schema and the facts shown with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// What kind of portal serves it.
    pub kind: PortalKind,
    /// Host that serves it, in lower case: `data.stocktonca.gov`. For a local portal, its name.
    pub host: String,
    /// Identifier on that host: `esc4-8x43`.
    pub id: String,
    /// The name its publisher gave it in addresses (`/resource/NAME.json`); most have none.
    pub resource_name: String,
    /// Title for people.
    pub title: String,
    /// Columns in the portal's order; hidden ones are left out, computed regions are not.
    pub columns: Vec<Column>,
    /// Rows, in coarse steps (see [`lock`]); absent where the portal does not say.
    pub rows: Option<u64>,
    /// The column that dates the rows, with its first and last value.
    pub range: Option<DateRange>,
    /// Licence, attribution, owner and dates.
    pub card: Card,
    /// Column names by folded name.
    index: FxHashMap<Box<str>, u32>,
    /// Position of the first column whose type is not known.
    untyped: Option<u32>,
}

/// One column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Field name, as queries write it.
    pub name: String,
    /// Its type; `None` where the portal's spelling is not known.
    pub ty: Option<Type>,
    /// The portal's spelling of the type.
    pub portal_type: String,
    /// Label for people.
    pub label: String,
    /// What the column holds, if the portal says.
    pub description: String,
    /// Every value, for columns with few; empty otherwise.
    pub values: Vec<String>,
}

/// First and last value of the main date column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateRange {
    /// The column.
    pub column: String,
    /// Smallest value, as the portal prints it.
    pub first: String,
    /// Largest value, as the portal prints it.
    pub last: String,
}

/// Facts about a dataset that queries do not depend on. Empty text means unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// What the dataset holds.
    pub description: String,
    /// Licence name or identifier.
    pub licence: String,
    /// Who is to be named as the source.
    pub attribution: String,
    /// Who keeps it.
    pub owner: String,
    /// How to reach them: addresses and names, or a page.
    pub contact: String,
    /// How often rows are brought up to date, in the publisher's words.
    pub frequency: String,
    /// For a view of another dataset on the same host, that dataset.
    pub parent: String,
    /// When rows last changed, as an ISO 8601 date.
    pub updated: String,
    /// `dataset`, `filter`, `map`, `chart`, `href`, ...
    pub asset_type: String,
    /// Where the schema was taken from, if not from the portal itself.
    pub provenance: String,
}

impl Dataset {
    /// A dataset with these columns; the first of two columns of one name wins.
    #[must_use]
    pub fn new(host: &str, id: &str, title: &str, columns: Vec<Column>) -> Self {
        let mut index = FxHashMap::default();
        let mut untyped = None;
        for (position, column) in (0u32..).zip(&columns) {
            if column.ty.is_none() {
                untyped = untyped.or(Some(position));
            }
            index.entry(fold(&column.name).into()).or_insert(position);
        }
        Self {
            host: host.to_ascii_lowercase(),
            id: id.to_owned(),
            title: title.to_owned(),
            columns,
            index,
            untyped,
            ..Self::default()
        }
    }

    /// The column whose name folds to `folded`, with its position.
    #[must_use]
    pub fn column(&self, folded: &str) -> Option<(usize, &Column)> {
        let position = *self.index.get(folded)? as usize;
        Some((position, self.columns.get(position)?))
    }

    /// Whether rows can be asked of it. Maps, charts, links, stories and files are assets of a
    /// portal too, but have none of their own.
    #[must_use]
    pub fn is_table(&self) -> bool {
        matches!(&*self.card.asset_type, "" | "dataset" | "filter" | "table")
    }

    /// The first column whose type is spelt in a way that is not known.
    #[must_use]
    pub fn untyped(&self) -> Option<&Column> {
        self.columns.get(self.untyped? as usize)
    }

    /// Where the type of one of its columns comes from, for a note; `None` if it has none.
    #[must_use]
    pub fn type_evidence(&self, column: &Column) -> Option<String> {
        let ty = column.ty?;
        let spelling = if column.portal_type.is_empty() || column.portal_type == ty.name() {
            String::new()
        } else {
            format!(" (`{}` on the portal)", column.portal_type)
        };
        let (name, host, id) = (&column.name, &self.host, &self.id);
        Some(format!("`{name}` of {host}/{id} is {ty}{spelling} in the locked schema"))
    }

    /// Names of all columns.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}

impl Column {
    /// A column of a type of the language.
    #[must_use]
    pub fn new(name: &str, ty: Type) -> Self {
        Self {
            name: name.to_owned(),
            ty: Some(ty),
            portal_type: ty.name().to_owned(),
            ..Self::default()
        }
    }

    /// Whether it is a system or computed column, which `*` leaves out and `:*` gives.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.name.starts_with(':')
    }
}

/// `columns`, and behind them those of [`system_columns`] that are not among them. No columns stay
/// none: what has none is not a table.
#[must_use]
pub fn with_system_columns(mut columns: Vec<Column>) -> Vec<Column> {
    if columns.is_empty() {
        return columns;
    }
    let missing: Vec<_> = system_columns()
        .into_iter()
        .filter(|system| columns.iter().all(|column| fold(&column.name) != *system.name))
        .collect();
    columns.extend(missing);
    columns
}

/// The columns that every Socrata dataset has besides its own.
#[must_use]
pub fn system_columns() -> Vec<Column> {
    [
        (":id", Type::RowIdentifier, "Row ID", "the portal's own key of the row"),
        (":version", Type::RowVersion, "Row version", "changes whenever the row does"),
        (":created_at", Type::FixedTimestamp, "Created at", "when the row was added, in UTC"),
        (":updated_at", Type::FixedTimestamp, "Updated at", "when the row last changed, in UTC"),
    ]
    .into_iter()
    .map(|(name, ty, label, description)| Column {
        label: label.to_owned(),
        description: description.to_owned(),
        ..Column::new(name, ty)
    })
    .collect()
}
