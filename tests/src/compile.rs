//! From a checked statement to the requests that are sent, at a fixed time.

use jiff::civil::date;
use tule_core::check::{Checked, Valid};
use tule_core::diagnostics::Diagnostic;
use tule_core::lower::{Request, lower};
use tule_core::plan::{Clock, Plan};
use tule_core::schema::catalog::Catalog;
use tule_core::target::Target;
use tule_syntax::parser::ParsedStatement;

/// What the clock shows in every test: in the afternoon of a Sunday in Stockton.
#[must_use]
pub fn clock() -> Clock {
    Clock { local: date(2025, 6, 15).at(14, 30, 0, 0), utc: date(2025, 6, 15).at(21, 30, 0, 0) }
}

/// The requests of a statement for one interface.
///
/// # Errors
///
/// What planning or lowering reports; nothing for a statement with errors.
pub fn compile(
    text: &str,
    parsed: &ParsedStatement,
    checked: &Checked,
    params: &[(String, String)],
    target: Target,
    catalog: &Catalog,
) -> Result<Vec<Request>, Vec<Diagnostic>> {
    let valid = Valid::new(text, parsed, checked).ok_or_else(Vec::new)?;
    let plan = Plan::new(valid, params, clock())?;
    lower(&plan, target, catalog).map(|lowered| lowered.requests)
}

/// The text of the query in a request of the JSON interface.
#[must_use]
pub fn query_text(request: &Request) -> Option<&str> {
    request.body.as_ref()?.get("query")?.as_str()
}

/// The decoded parameters of a request as one line.
#[must_use]
pub fn params_line(request: &Request) -> String {
    let pairs = request.params.iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join(" & ")
}
