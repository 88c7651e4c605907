//! Any text is checked without a panic, with spans inside the text; what is valid compiles.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tule_core::check::{Context, Valid, check};
use tule_core::docs::EVERY_TYPE;
use tule_core::lower::lower;
use tule_core::plan::{Clock, Plan};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::{Column, Dataset};
use tule_core::target::Target;
use tule_syntax::parser::parse_file;

fuzz_target!(|text: &str| {
    let columns = EVERY_TYPE.iter().map(|(name, ty)| Column::new(name, *ty)).collect();
    let dataset = Dataset::new("data.example.org", "evry-type", "Every type", columns);
    let catalog = Catalog::of(vec![("every_type", dataset)]);
    let noon = jiff::civil::date(2026, 1, 31).at(12, 0, 0, 0);
    for parsed in parse_file(text) {
        let own = parsed.range.text(text);
        let checked = check(own, &parsed, Context { catalog: &catalog, input: None });
        for diagnostic in &checked.diagnostics {
            assert!(own.get(diagnostic.span.start as usize..diagnostic.span.end as usize).is_some());
        }
        let Some(valid) = Valid::new(own, &parsed, &checked) else { continue };
        let Ok(plan) = Plan::new(valid, &[], Clock { local: noon, utc: noon }) else { continue };
        for target in Target::ALL {
            let _ = lower(&plan, target, &catalog);
        }
    }
});
