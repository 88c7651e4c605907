//! What a select reads from and what it gives: columns by name, without copying a schema.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHasher};
use smol_str::SmolStr;

use crate::names::fold;
use crate::schema::Dataset;
use crate::types::Type;

/// Something with columns.
#[derive(Clone, Debug)]
pub enum Relation {
    /// A dataset with a known schema.
    Dataset(Arc<Dataset>),
    /// The result of a select.
    Result(Arc<Output>),
    /// `@single_row`: one row, no column.
    SingleRow,
    /// A dataset or result of which nothing is known: every column is there, of no known type.
    Unknown,
}

/// What is known of a column that was looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ColumnFacts {
    /// Tells it from other columns of its relation.
    pub key: u32,
    /// Its type, if known.
    pub ty: Option<Type>,
}

/// The result columns of a select.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Columns in order, stars not expanded.
    pub items: Vec<OutputItem>,
    /// Positions of the columns by folded name, worked out when many columns are looked up.
    index: OnceLock<FxHashMap<Box<str>, u32>>,
}

/// Results of more columns than this are looked up by hash.
const INDEXED: usize = 12;

/// One or many result columns.
#[derive(Clone, Debug)]
pub enum OutputItem {
    /// One column.
    Column(OutputColumn),
    /// The columns of a relation: its own, or the system ones.
    Star {
        /// Whose columns.
        relation: Relation,
        /// `:*`
        system: bool,
        /// Folded names left out.
        except: Vec<Box<str>>,
    },
}

/// One result column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutputColumn {
    /// The name as the portal will return it.
    pub name: SmolStr,
    /// Its type, if known.
    pub ty: Option<Type>,
}

/// A key for a column that has no position of its own.
fn name_key(folded: &str) -> u32 {
    let mut hasher = FxHasher::default();
    folded.hash(&mut hasher);
    #[expect(clippy::cast_possible_truncation, reason = "any 32 bits of the hash will do")]
    let key = hasher.finish() as u32;
    key | 1 << 31
}

impl Relation {
    /// The column whose name folds to `folded`. An unknown relation has them all.
    #[must_use]
    pub fn column(&self, folded: &str) -> Option<ColumnFacts> {
        match self {
            Self::Dataset(dataset) => dataset.column(folded).map(|(position, column)| {
                ColumnFacts { key: u32::try_from(position).unwrap_or(u32::MAX), ty: column.ty }
            }),
            Self::Result(output) => output.column(folded),
            Self::SingleRow => None,
            Self::Unknown => Some(ColumnFacts { key: name_key(folded), ty: None }),
        }
    }

    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Result(output) => output.is_unknown(),
            Self::Dataset(_) | Self::SingleRow => false,
        }
    }

    /// Calls `visit` with the name and type of every column.
    pub fn each<'r>(&'r self, visit: &mut dyn FnMut(&'r str, Option<Type>)) {
        match self {
            Self::Dataset(dataset) => {
                for column in &dataset.columns {
                    visit(&column.name, column.ty);
                }
            }
            Self::Result(output) => output.each(visit),
            Self::SingleRow | Self::Unknown => {}
        }
    }

    /// Names of all columns, for suggestions.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.each(&mut |name, _| names.push(name));
        names
    }
}

impl OutputItem {
    /// The column `folded` of a star.
    fn starred(&self, folded: &str) -> Option<ColumnFacts> {
        let Self::Star { relation, system, except } = self else { return None };
        let fits =
            folded.starts_with(':') == *system && !except.iter().any(|name| **name == *folded);
        let facts = relation.column(folded).filter(|_| fits)?;
        Some(ColumnFacts { key: name_key(folded), ty: facts.ty })
    }
}

impl Output {
    /// The result with these columns.
    #[must_use]
    pub fn new(items: Vec<OutputItem>) -> Self {
        Self { items, index: OnceLock::new() }
    }

    /// The column whose name folds to `folded`.
    #[must_use]
    pub fn column(&self, folded: &str) -> Option<ColumnFacts> {
        if self.items.len() > INDEXED {
            let known = self.index().get(folded).and_then(|at| self.items.get(*at as usize));
            if let Some(OutputItem::Column(column)) = known {
                let key = self.index().get(folded).copied().unwrap_or_default();
                return Some(ColumnFacts { key, ty: column.ty });
            }
            return self.items.iter().find_map(|item| item.starred(folded));
        }
        (0u32..).zip(&self.items).find_map(|(key, item)| match item {
            OutputItem::Column(column) => {
                let same = column.name == folded || fold(&column.name) == folded;
                same.then_some(ColumnFacts { key, ty: column.ty })
            }
            OutputItem::Star { .. } => item.starred(folded),
        })
    }

    fn index(&self) -> &FxHashMap<Box<str>, u32> {
        self.index.get_or_init(|| {
            let mut index = FxHashMap::default();
            for (position, item) in (0u32..).zip(&self.items) {
                if let OutputItem::Column(column) = item {
                    index.entry(fold(&column.name).into()).or_insert(position);
                }
            }
            index
        })
    }

    /// Whether a star over something unknown makes the columns unknown.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.items.iter().any(|item| match item {
            OutputItem::Star { relation, .. } => relation.is_unknown(),
            OutputItem::Column(_) => false,
        })
    }

    /// Calls `visit` with the name and type of every column, stars expanded.
    pub fn each<'r>(&'r self, visit: &mut dyn FnMut(&'r str, Option<Type>)) {
        for item in &self.items {
            match item {
                OutputItem::Column(column) => visit(&column.name, column.ty),
                OutputItem::Star { relation, system, except } => {
                    relation.each(&mut |name, ty| {
                        let left_out = except.iter().any(|known| **known == *fold(name));
                        if name.starts_with(':') == *system && !left_out {
                            visit(name, ty);
                        }
                    });
                }
            }
        }
    }

    /// All columns, stars expanded.
    #[must_use]
    pub fn columns(&self) -> Vec<OutputColumn> {
        let mut columns = Vec::new();
        self.each(&mut |name, ty| columns.push(OutputColumn { name: name.into(), ty }));
        columns
    }
}
