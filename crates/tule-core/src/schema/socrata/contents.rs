//! What a portal counted in a column when it last looked: fill, extremes, frequent values.
//!
//! The counts are a snapshot. They are used only where a snapshot is worth having: the number of
//! rows, the range of dates, and the values of a column that has few. A list of values is taken
//! only if it is shown to be complete, for a partial one would make good queries look wrong.

use serde_json::Value;

use super::json;
use crate::types::{Type, TypeSet};

/// Most values that a column can have and still be said to have few. The portal lists as many.
const FEW: usize = 20;

/// The types whose values are worth listing.
const LISTED: TypeSet = TypeSet::of(&[Type::Text, Type::Number]);

/// What was counted in one column.
#[derive(Default)]
pub(super) struct Contents {
    /// Rows with and without a value.
    pub(super) rows: Option<u64>,
    /// Rows with a value.
    pub(super) filled: u64,
    /// Smallest and largest value, where both are known.
    pub(super) extremes: Option<(String, String)>,
    /// Every value, in order, if there are few and all are listed.
    pub(super) values: Vec<String>,
}

/// Reads `cachedContents`, of whatever form it is.
pub(super) fn read(cached: Option<&Value>, ty: Option<Type>) -> Contents {
    let Some(cached) = cached else { return Contents::default() };
    let count = |key: &str| cached.get(key).and_then(json::count);
    let filled = count("non_null").or_else(|| count("not_null"));
    let total = count("count");
    let sum = filled.zip(count("null")).map(|(filled, null)| filled.saturating_add(null));
    let extreme = |key: &str| Some(json::text_of(cached, key)).filter(|text| !text.is_empty());
    let values = if ty.is_some_and(|ty| LISTED.has(ty)) {
        values(cached, filled).unwrap_or_default()
    } else {
        Vec::new()
    };
    Contents {
        rows: total.max(sum),
        filled: filled.unwrap_or(0),
        extremes: extreme("smallest").zip(extreme("largest")),
        values,
    }
}

/// Every value of the column, unless some may be missing from the list.
fn values(cached: &Value, filled: Option<u64>) -> Option<Vec<String>> {
    let top = cached.get("top")?.as_array()?;
    let cardinality = usize::try_from(json::count(cached.get("cardinality")?)?).ok()?;
    if cardinality == 0 || cardinality > FEW || top.len() > FEW {
        return None;
    }
    let mut values =
        top.iter().map(|entry| json::scalar(entry.get("item")?)).collect::<Option<Vec<_>>>()?;
    values.sort();
    values.dedup();
    if values.len() != cardinality {
        return None;
    }
    // Where the list has counts, they tell whether rows with other values exist.
    let counts: Option<Vec<u64>> =
        top.iter().map(|entry| json::count(entry.get("count")?)).collect();
    let listed = counts.map(|counts| counts.into_iter().fold(0, u64::saturating_add));
    match (listed, filled) {
        (Some(listed), Some(filled)) if listed != filled => None,
        _ => Some(values),
    }
}
