//! A dataset as a table of the engine.

use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use tule_core::schema::Dataset;
use tule_core::types::Type;

use super::cache::Loaded;
use crate::folder::{Field, Source};

/// How a dataset is kept. Rows are numbered from [`Table::first_row`] in the order of the file.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) source: Source,
    pub(crate) schema: Arc<Dataset>,
    /// What is read from the file; field `i` is the column `ci`.
    pub(crate) fields: Vec<Field>,
    /// The form it was loaded in last.
    pub(super) loaded: Mutex<Option<Arc<Loaded>>>,
    /// How many queries went by each field.
    pub(super) uses: Mutex<FxHashMap<u32, u32>>,
    /// Held while an index is made.
    pub(super) indexing: Mutex<()>,
}

/// Where a column of a dataset is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// In the column `ci` of the table.
    Field(usize),
    /// It is the number of the row, `id`.
    Row,
    /// It is the digest of the row, `v`.
    Digest,
    /// When the dataset was made; the same for all rows.
    Created,
    /// When the dataset was last changed; the same for all rows.
    Updated,
}

impl Table {
    pub(crate) fn new(source: Source, schema: Arc<Dataset>, fields: Vec<Field>) -> Self {
        let (loaded, uses, indexing) = Default::default();
        Self { source, schema, fields, loaded, uses, indexing }
    }

    /// Where the column of this name is, and its type.
    pub(crate) fn place(&self, name: &str) -> Option<(Place, Type)> {
        let field = self.fields.iter().position(|field| field.name == name);
        if let Some((index, field)) = field.and_then(|at| Some((at, self.fields.get(at)?))) {
            return Some((Place::Field(index), field.ty));
        }
        Some(match name {
            ":id" => (Place::Row, Type::RowIdentifier),
            ":version" => (Place::Digest, Type::RowVersion),
            ":created_at" => (Place::Created, Type::FixedTimestamp),
            ":updated_at" => (Place::Updated, Type::FixedTimestamp),
            _ => return None,
        })
    }

    /// The number of the first row. Datasets have ranges of their own, so that rows of different
    /// ones have different identifiers (by a hash of 24 bits).
    pub(crate) fn first_row(&self) -> i64 {
        // FNV-1a: the numbers must be the same on every machine and in every version.
        let hash = self.schema.id.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        ((hash >> 40).cast_signed() << 39) + 1
    }
}
