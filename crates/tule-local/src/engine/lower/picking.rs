//! By which fields a query picks rows: what indexes are good for.
//!
//! An index finds rows in an order of its own, each somewhere in the file. For few rows that pays;
//! for many it costs ten times what going through the file does, and SQLite cannot tell one from the
//! other before it is too late. So the only dataset of a select is read without indexes, unless
//! what picks its rows is known to be worth one.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use tule_syntax::span::Span;

/// Behind a dataset in FROM: it is read without indexes.
const WITHOUT: &str = " NOT INDEXED";

/// The same for good: a step whose rows are handed on has no order of its own to keep. With a join
/// anywhere SQLite may need an index of the moment, which this would rule out too.
pub(super) const NEVER: &str = " not indexed";

/// What an index of a field may be good for.
#[derive(Debug)]
pub(in crate::engine) struct Pick {
    /// The number of the dataset, and how the SQL calls it.
    pub(in crate::engine) dataset: usize,
    alias: String,
    pub(in crate::engine) field: u32,
    pub(in crate::engine) finds: Finds,
}

/// What an index would find.
#[derive(Clone, Debug)]
pub(in crate::engine) enum Finds {
    /// The rows that meet a condition on the columns of the dataset.
    Meeting(String),
    /// So many rows in the order of the field.
    First(u64),
    /// The field of every row, where nothing else of it is read.
    Alone,
}

impl Pick {
    /// Whether the SQL still reads the dataset without indexes; otherwise SQLite decides.
    pub(in crate::engine) fn is_open(&self, sql: &str) -> bool {
        sql.contains(&format!(" AS {}{WITHOUT}", self.alias))
    }

    /// The SQL with indexes for this dataset as SQLite sees fit.
    pub(in crate::engine) fn allow(&self, sql: &str) -> String {
        self.with(sql, "")
    }

    /// The SQL with the index of this field for its dataset.
    pub(in crate::engine) fn force(&self, sql: &str) -> String {
        self.with(sql, &format!(" INDEXED BY i{}", self.field))
    }

    fn with(&self, sql: &str, how: &str) -> String {
        let alias = &self.alias;
        sql.replace(&format!(" AS {alias}{WITHOUT}"), &format!(" AS {alias}{how}"))
    }
}

/// The fields of datasets that a query compares with constants, or takes the first rows by.
#[derive(Default)]
pub(super) struct Picking {
    /// Where conditions stand that every row of a result meets.
    conditions: FxHashSet<Span>,
    /// Datasets, by their number, of the aliases.
    datasets: FxHashMap<String, usize>,
    fields: BTreeSet<(usize, u32)>,
    picks: Vec<Pick>,
    /// Aliases of datasets of which one row is made.
    folded: Vec<String>,
}

impl Picking {
    /// Takes note of the alias of a dataset.
    pub(super) fn dataset(&mut self, alias: &str, number: usize) {
        self.datasets.insert(alias.to_owned(), number);
    }

    /// Takes note of where a condition stands that every row meets.
    pub(super) fn condition(&mut self, span: Span) {
        self.conditions.insert(span);
    }

    /// Has the only dataset of a select read without indexes; `folds` if one row is made of it.
    pub(super) fn guard(&mut self, alias: &str, folds: bool, from: &mut String) {
        from.push_str(WITHOUT);
        if folds {
            self.folded.push(alias.to_owned());
        }
    }

    /// Takes note of a comparison at `span`: of a field with constants, as `sql` says.
    pub(super) fn compares<'s>(
        &mut self,
        span: Span,
        field: &str,
        others: impl IntoIterator<Item = &'s str>,
        sql: &str,
    ) {
        let is_condition = self.conditions.contains(&span);
        if is_condition && others.into_iter().all(|other| other.starts_with('?')) {
            self.picks(field, |alias| Finds::Meeting(sql.replace(&format!("{alias}."), "")));
        }
    }

    /// Takes note of the field by which so many first rows are taken of all.
    pub(super) fn orders(&mut self, sql: &str, count: u64) {
        self.picks(sql, |_| Finds::First(count));
    }

    fn picks(&mut self, sql: &str, finds: impl FnOnce(&str) -> Finds) {
        let Some((alias, field)) = sql.split_once(".c") else { return };
        let (Some(&dataset), Ok(field)) = (self.datasets.get(alias), field.parse()) else { return };
        self.fields.insert((dataset, field));
        self.picks.push(Pick { dataset, alias: alias.to_owned(), field, finds: finds(alias) });
    }

    /// The fields of a dataset.
    pub(super) fn fields(&self, dataset: usize) -> Vec<u32> {
        let own = self.fields.iter().filter(|(known, _)| *known == dataset);
        own.map(|(_, field)| *field).collect()
    }

    /// What indexes may be good for in the whole SQL.
    pub(super) fn end(mut self, sql: &str) -> Vec<Pick> {
        for alias in std::mem::take(&mut self.folded) {
            // Where one field is all that is read, its index is all that has to be.
            let begin = format!("{alias}.");
            let is_apart =
                |at: usize| !sql.get(..at).is_some_and(|s| s.ends_with(char::is_alphanumeric));
            let read = sql.match_indices(&begin).filter(|(at, _)| is_apart(*at));
            let columns: BTreeSet<&str> = read
                .filter_map(|(at, _)| {
                    let rest = sql.get(at..)?;
                    let name = rest.get(begin.len()..)?;
                    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
                    rest.get(..begin.len() + end.unwrap_or(name.len()))
                })
                .collect();
            if let [only] = columns.into_iter().collect::<Vec<_>>().as_slice() {
                self.picks(only, |_| Finds::Alone);
            }
        }
        self.picks
    }
}
