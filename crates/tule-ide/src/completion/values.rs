//! Values: those that the lock knows of a column, and the places of datasets.

use tule_core::schema::catalog::Catalog;
use tule_core::types::Type;
use tule_syntax::literal::quote_string;

use super::{Item, ItemKind, fits};
use crate::scope::Visible;

/// The inside of a literal in single quotes, with the closing quote where it is missing.
fn inside(value: &str, closed: bool) -> String {
    let quoted = quote_string(value);
    let inner = quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(value);
    if closed { inner.to_owned() } else { format!("{inner}'") }
}

/// Known values of the column, inside quotes.
pub(super) fn known(
    column: Option<&Visible<'_>>,
    typed: &str,
    closed: bool,
    items: &mut Vec<Item>,
) {
    let Some((_, column)) = column.and_then(|visible| visible.column) else { return };
    let ty = column.ty;
    let pattern = typed.starts_with('%');
    for value in column.values.iter().filter(|value| pattern || fits(value, ty)) {
        items.push(
            Item::new(ItemKind::Value, value.as_str(), 0)
                .insert(inside(value, closed))
                .detail(format!("value of {}", column.name)),
        );
    }
}

/// Known values of the column, with their quotes.
pub(super) fn literals(column: Option<&Visible<'_>>, items: &mut Vec<Item>) {
    let Some((_, column)) = column.and_then(|visible| visible.column) else { return };
    if column.ty != Some(Type::Text) {
        return;
    }
    for value in &column.values {
        items.push(
            Item::new(ItemKind::Value, quote_string(value), 0)
                .detail(format!("value of {}", column.name)),
        );
    }
}

/// Datasets as `portal/dataset`, inside quotes.
pub(super) fn places(catalog: &Catalog, closed: bool, items: &mut Vec<Item>) {
    for dataset in catalog.datasets() {
        let portal = catalog.portal_for(dataset).map_or(&*dataset.host, |portal| &*portal.name);
        let place = format!("{portal}/{}", dataset.id);
        items.push(
            Item::new(ItemKind::Dataset, place.clone(), 0)
                .insert(inside(&place, closed))
                .detail(dataset.title.clone())
                .about(super::About::Dataset(dataset.clone())),
        );
    }
}
