//! By which fields a query picks rows: what indexes are good for.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

/// The fields of datasets that a query compares with constants, or takes the first rows by.
#[derive(Default)]
pub(super) struct Picking {
    /// Whether what is written now decides which rows there are.
    pub(super) is_filter: bool,
    /// Datasets, by their number, of the aliases.
    datasets: FxHashMap<String, usize>,
    fields: BTreeSet<(usize, u32)>,
}

impl Picking {
    /// Takes note of the alias of a dataset.
    pub(super) fn dataset(&mut self, alias: &str, number: usize) {
        self.datasets.insert(alias.to_owned(), number);
    }

    /// Takes note of a comparison in a filter: of a field with constants.
    pub(super) fn compares<'s>(&mut self, field: &str, others: impl IntoIterator<Item = &'s str>) {
        if self.is_filter && others.into_iter().all(|other| other.starts_with('?')) {
            self.picks(field);
        }
    }

    /// Takes note of a field by which rows are picked, if it is one.
    pub(super) fn picks(&mut self, sql: &str) {
        let field = sql
            .split_once(".c")
            .and_then(|(alias, field)| Some((*self.datasets.get(alias)?, field.parse().ok()?)));
        self.fields.extend(field);
    }

    /// The fields of a dataset.
    pub(super) fn fields(&self, dataset: usize) -> Vec<u32> {
        let own = self.fields.iter().filter(|(known, _)| *known == dataset);
        own.map(|(_, field)| *field).collect()
    }
}
