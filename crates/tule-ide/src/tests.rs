//! The world of the tests of this crate.

use std::sync::Arc;

use tule_core::lint::Levels;
use tule_core::schema::catalog::Catalog;
use tule_core::schema::{Column, Dataset, with_system_columns};
use tule_core::types::Type;

use crate::document::World;

/// Two datasets: calls with a column of most sorts, and districts.
pub(crate) fn world() -> World {
    let priority = Column {
        values: vec!["1".to_owned(), "2".to_owned(), "O'Brien".to_owned()],
        label: "Call priority".to_owned(),
        ..Column::new("priority", Type::Text)
    };
    let columns = vec![
        Column::new("beat", Type::Text),
        priority,
        Column::new("opened", Type::FloatingTimestamp),
        Column::new("x", Type::Number),
        Column::new("the_point", Type::Point),
        Column::new("group", Type::Text),
    ];
    let calls =
        Dataset::new("data.example.org", "call-call", "Calls", with_system_columns(columns));
    let columns =
        vec![Column::new("name", Type::Text), Column::new("the_geom", Type::Multipolygon)];
    let districts = Dataset::new("data.example.org", "dist-dist", "Districts", columns);
    let catalog = Catalog::of(vec![("calls", calls), ("districts", districts)]);
    World { catalog: Arc::new(catalog), levels: Arc::new(Levels::default()), input: None }
}

/// A text without its `§`, and where that stood.
pub(crate) fn marked(text: &str) -> (String, u32) {
    let offset = u32::try_from(text.find('§').unwrap()).unwrap();
    (text.replacen('§', "", 1), offset)
}
