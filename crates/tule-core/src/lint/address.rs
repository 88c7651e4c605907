//! Queries that make an address too long to be sent.
//!
//! Lowering says so of the request that it builds. Here the request is built for that alone, and
//! only for texts that can make so long an address at all.

use jiff::civil::{DateTime, date};
use tule_syntax::parser::ParsedStatement;

use crate::check::{Checked, Context, Relation, Valid};
use crate::diagnostics::{Code, Diagnostic};
use crate::lower::lower;
use crate::plan::{Clock, Plan};
use crate::schema::Dataset;
use crate::schema::manifest::PortalKind;
use crate::target::Target;

/// Shorter texts make no address that is too long: in one, a byte takes three at most.
const LEAST: usize = 2_500;

/// What is to be said of the address of a sound statement, if it is sent in one. A statement with
/// a parameter that has no default value is as long as the value.
pub(super) fn too_long(
    text: &str,
    parsed: &ParsedStatement,
    checked: &Checked,
    context: Context<'_>,
) -> Vec<Diagnostic> {
    if text.len() < LEAST || !sent_in_address(checked, context) {
        return Vec::new();
    }
    let found = || {
        let valid = Valid::new(text, parsed, checked)?;
        // Any time will do: all of them are equally long.
        let noon: DateTime = date(2025, 1, 1).at(12, 0, 0, 0);
        let plan = Plan::new(valid, &[], Clock { local: noon, utc: noon }).ok()?;
        Some(lower(&plan, Target::Soda2, context.catalog).ok()?.warnings)
    };
    let mut warnings = found().unwrap_or_default();
    warnings.retain(|warning| warning.code == Code::UrlTooLong);
    warnings
}

/// Whether the portal's interface takes queries as part of an address, as far as is known.
fn sent_in_address(checked: &Checked, context: Context<'_>) -> bool {
    let typed = &checked.typed;
    let unnamed = || {
        typed.selects.iter().flat_map(|select| &select.tables).find_map(|table| {
            match &table.relation {
                Relation::Dataset(dataset) => Some(&**dataset),
                _ => None,
            }
        })
    };
    let named = typed.datasets.iter().min_by_key(|(span, _)| *span).map(|(_, dataset)| &**dataset);
    let Some(dataset): Option<&Dataset> = named.or_else(unnamed) else { return false };
    let api = context.catalog.portal_for(dataset).and_then(|portal| portal.api);
    dataset.kind == PortalKind::Socrata && api.is_none_or(|api| api == Target::Soda2)
}
