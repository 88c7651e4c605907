//! The names that the expressions of one select can use.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use tule_syntax::ast::{Ident, Root};
use tule_syntax::literal::name_text;

use super::relation::Relation;
use super::typed::Target;
use crate::names::fold;
use crate::types::Type;

/// A table of a select.
#[derive(Debug)]
pub(super) struct Table<'t> {
    /// Name that `@name.column` uses, folded; empty for an implicit input.
    pub name: Cow<'t, str>,
    /// Where it is named.
    pub written: Option<Ident>,
    pub relation: Relation,
}

/// A member of the select list that is not a star.
#[derive(Debug)]
pub(super) struct Item<'t> {
    pub root: Root,
    /// Result name, as written or generated.
    pub name: Cow<'t, str>,
    /// The name as comparison uses it.
    pub folded: Cow<'t, str>,
    /// `@t.x` without AS: gives a result name, but no name to other expressions.
    pub hidden: bool,
    pub state: ItemState,
}

/// How far the typing of an item has come; expressions may name items further right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ItemState {
    Waiting,
    Running,
    Done { ty: Option<Type>, flags: u8 },
}

/// The names of one select, inside those of the selects around it.
pub(super) struct Scope<'p, 't> {
    pub tables: SmallVec<[Table<'t>; 2]>,
    pub items: SmallVec<[Item<'t>; 4]>,
    names: Names<'t>,
    /// The select around a LATERAL one.
    pub parent: Option<&'p Scope<'p, 't>>,
}

/// Items by name. Few items, the common case, are compared one by one; many are hashed.
#[derive(Default)]
pub(super) struct Names<'t> {
    many: Option<FxHashMap<Cow<'t, str>, u32>>,
    /// A bit for the sort of each name: most names that are asked for are ruled out by it.
    sorts: u64,
}

/// The bit for names that begin like `name` and are as long.
fn sort(name: &str) -> u64 {
    let first = name.as_bytes().first().copied().map_or(0, usize::from);
    1 << ((first + 5 * name.len()) % 64)
}

/// More items than this are hashed.
const FEW: usize = 8;

/// A column found in some table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub target: Target,
    /// `None` where the type is not known.
    pub ty: Option<Type>,
}

/// What `@name.column` stands for.
pub(super) enum Qualified {
    NoTable,
    NoColumn,
    Found(Found),
}

impl Table<'_> {
    /// How to call it in a message; empty for a table of which nothing is known.
    pub(super) fn title(&self, text: &str) -> String {
        match (&self.relation, self.written) {
            (Relation::Dataset(dataset), _) => {
                let name = if dataset.title.is_empty() { &dataset.id } else { &dataset.title };
                format!("`{name}`")
            }
            (Relation::Result(_), Some(written)) => format!("`{}`", written.text(text)),
            (Relation::Result(_), None) => "the rows of the step before".to_owned(),
            (Relation::SingleRow, _) => "`@single_row`".to_owned(),
            (Relation::Unknown, _) => String::new(),
        }
    }
}

/// A table's name as comparison uses it: one leading `@` or `_` does not count.
pub(super) fn table_key(written: &str) -> Cow<'_, str> {
    let name = name_text(written);
    fold(name.strip_prefix('_').unwrap_or(name))
}

impl<'p, 't> Scope<'p, 't> {
    /// A scope without tables inside `parent`, with room for so many items.
    pub(super) fn new(parent: Option<&'p Scope<'p, 't>>, items: usize) -> Self {
        let many = (items > FEW).then(FxHashMap::default);
        let names = Names { many, sorts: 0 };
        Self { tables: SmallVec::new(), items: SmallVec::with_capacity(items), names, parent }
    }

    /// The item of the name `folded`, the first of two.
    #[inline]
    pub(super) fn named(&self, folded: &str) -> Option<u32> {
        if self.names.sorts & sort(folded) == 0 { None } else { self.find(folded) }
    }

    #[inline(never)]
    fn find(&self, folded: &str) -> Option<u32> {
        if let Some(many) = &self.names.many {
            return many.get(folded).copied();
        }
        // An item that has no name yet is no item of the empty name.
        let position = self.items.iter().position(|item| item.folded == folded)?;
        u32::try_from(position).ok().filter(|_| !folded.is_empty())
    }

    /// Lets the item at `index` be found by its name.
    pub(super) fn name(&mut self, index: u32) {
        let Some(item) = self.items.get(index as usize) else { return };
        self.names.sorts |= sort(&item.folded);
        if let Some(many) = &mut self.names.many {
            many.entry(item.folded.clone()).or_insert(index);
        }
    }

    /// The item that the name `folded` stands for in an expression.
    pub(super) fn alias(&self, folded: &str) -> Option<u32> {
        let index = self.named(folded)?;
        let item = self.items.get(index as usize)?;
        (!item.hidden).then_some(index)
    }

    /// The table `@name`, here or further out.
    pub(super) fn table(&self, name: &str) -> Option<(u8, usize, &Table<'t>)> {
        let mut scope = Some(self);
        let mut outer = 0;
        while let Some(here) = scope {
            let found = here.tables.iter().enumerate().find(|(_, table)| *table.name == *name);
            if let Some((index, table)) = found {
                return Some((outer, index, table));
            }
            outer += 1;
            scope = here.parent;
        }
        None
    }

    /// The column `folded` without a table: of the main table, here or further out.
    pub(super) fn column(&self, folded: &str) -> Option<Found> {
        let mut scope = Some(self);
        let mut outer = 0;
        while let Some(here) = scope {
            let found = here.tables.first().and_then(|table| found(table, 0, outer, folded));
            if found.is_some() {
                return found;
            }
            outer += 1;
            scope = here.parent;
        }
        None
    }

    /// The column `folded` of the table `@name`.
    pub(super) fn qualified(&self, name: &str, folded: &str) -> Qualified {
        let Some((outer, index, table)) = self.table(name) else { return Qualified::NoTable };
        found(table, index, outer, folded).map_or(Qualified::NoColumn, Qualified::Found)
    }

    /// Whether a generated name would clash with a column of any table.
    pub(super) fn is_column_anywhere(&self, folded: &str) -> bool {
        self.tables.iter().any(|table| {
            // Something unknown has every column, and would leave no name free.
            !table.relation.is_unknown() && table.relation.column(folded).is_some()
        })
    }
}

fn found(table: &Table<'_>, index: usize, outer: u8, folded: &str) -> Option<Found> {
    let facts = table.relation.column(folded)?;
    let target = Target::Column {
        table: u16::try_from(index).unwrap_or(u16::MAX),
        column: facts.key,
        outer,
    };
    Some(Found { target, ty: facts.ty })
}
