//! From a request's words to a statement that is valid, or to the error that a portal would give.
//!
//! Nothing is pasted together here: [`tule_core::import`] reads the parameters as it reads those
//! of any address, and gives one statement. What the portal does before it looks at the query
//! (unknown parameters, tokens) is done before that.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tule_core::check::{Checked, Context, Valid, check};
use tule_core::import::{ImportError, import, import_params};
use tule_core::names::fold;
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_syntax::parser::{ParsedStatement, parse_one};

use super::codes;
use super::errors::Refusal;
use super::form::Api;

/// Parameters of the 2.1 interface that choose rows, in the order in which a query has them.
const CLAUSES: [(&str, &str); 8] = [
    ("$select", "select "),
    ("$where", " where "),
    ("$group", " group by "),
    ("$having", " having "),
    ("$order", " order by "),
    ("$q", " search "),
    ("$limit", " limit "),
    ("$offset", " offset "),
];

/// Parameters that are understood and choose no rows.
const OTHERS: [&str; 16] = [
    "$query",
    "$jsonp",
    "$$app_token",
    "$$bom",
    "$$context",
    "$$copy",
    // The older interface added system columns for `false`; this one leaves that to `$select`.
    "$$exclude_system_fields",
    "$$no_rollup",
    "$$obfuscate_id",
    "$$query_timeout_seconds",
    "$$read_from_nbe",
    "$$row_count",
    "$$store",
    "$$version",
    "accessType",
    "$$pretty",
];

/// A statement with everything that is known of it.
pub(super) struct Statement {
    text: String,
    parsed: ParsedStatement,
    checked: Checked,
}

impl Statement {
    /// Parses and checks a statement about `input`.
    fn new(
        text: String,
        catalog: &Catalog,
        input: &Arc<Dataset>,
        api: Api,
    ) -> Result<Self, Refusal> {
        let parsed = parse_one(&text);
        let checked = check(&text, &parsed, Context { catalog, input: Some(input) });
        if let Some(error) = checked.diagnostics.iter().find(|found| found.is_error()) {
            return Err(codes::refusal(error, &text, &parsed.statement, input, api));
        }
        Ok(Self { text, parsed, checked })
    }

    /// The statement, which has no errors. `None` cannot be: it was checked.
    pub(super) fn valid(&self) -> Option<Valid<'_>> {
        Valid::new(&self.text, &self.parsed, &self.checked)
    }

    /// The text, for error positions.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Identifiers of the datasets that it names besides the one of the address.
    pub(super) fn named(&self) -> impl Iterator<Item = &str> {
        self.checked.typed.datasets.iter().map(|(_, dataset)| &*dataset.id)
    }

    /// Says a fault of the engine as the portal says its own.
    pub(super) fn refused(&self, error: &crate::RunError, id: &str, api: Api) -> Refusal {
        codes::run_refusal(error, &self.text, id, api)
    }
}

/// The statement of a 2.1 request with these parameters, decoded and in order.
pub(super) fn two(
    params: &[(String, String)],
    catalog: &Catalog,
    input: &Arc<Dataset>,
) -> Result<Statement, Refusal> {
    let unknown: Vec<&str> = params
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !is_known(name) && input.column(&fold(name)).is_none())
        .collect();
    if !unknown.is_empty() {
        let message = format!("Unrecognized arguments [{}]", unknown.join(", "));
        return Err(Refusal::bare(StatusCode::BAD_REQUEST, &message));
    }
    let chooses = |name: &str| {
        let name = name.to_ascii_lowercase();
        !name.starts_with('$')
            || name == "$query"
            || CLAUSES.iter().any(|(known, _)| *known == name)
    };
    let mut chosen: Vec<(String, String)> =
        params.iter().filter(|(name, _)| chooses(name)).cloned().collect();
    chosen.retain(|(name, _)| name != "accessType");
    let imported =
        import_params(None, None, &chosen).map_err(|error| two_refusal(&error, &chosen))?;
    Statement::new(without_end(imported.statement), catalog, input, Api::Two)
}

fn is_known(name: &str) -> bool {
    let known = CLAUSES.iter().map(|(name, _)| name).chain(&OTHERS);
    known.into_iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The query that parameters say together, with the place in it where each of them begins.
fn together(params: &[(String, String)]) -> (String, Vec<(usize, usize)>) {
    let whole = params.iter().position(|(name, _)| name.eq_ignore_ascii_case("$query"));
    if let Some((at, (_, query))) = whole.and_then(|at| Some((at, params.get(at)?))) {
        return (query.clone(), vec![(at, 0)]);
    }
    let mut text = String::new();
    let mut places = Vec::new();
    for (clause, words) in CLAUSES {
        let found = params.iter().position(|(name, _)| name.eq_ignore_ascii_case(clause));
        match found.and_then(|at| Some((at, params.get(at)?))) {
            Some((at, (_, value))) => {
                text.push_str(words);
                places.push((at, text.len()));
                text.push_str(value);
            }
            None if clause == "$select" => text.push_str("select *"),
            None => {}
        }
    }
    (text, places)
}

/// What the layer in front says of parameters that are no query.
fn two_refusal(error: &ImportError, params: &[(String, String)]) -> Refusal {
    if error.code == "bad-number" {
        let found = params.iter().find(|(name, value)| {
            matches!(&*name.to_ascii_lowercase(), "$limit" | "$offset")
                && !value.trim().bytes().all(|byte| byte.is_ascii_digit())
        });
        let (name, value) = found.map_or(("$limit", ""), |(name, value)| (name, value));
        return Refusal::bad_parameter(name, value);
    }
    let (query, places) = together(params);
    // The error counts in the value of one parameter; which one it is shows when each is read by
    // itself.
    let place = places.iter().find(|(at, _)| {
        let one = params.get(*at..=*at).unwrap_or(&[]);
        import_params(None, None, one).is_err_and(|alone| alone.message == error.message)
    });
    let at = place.map_or(0, |(_, start)| start + error.span.as_ref().map_or(0, |span| span.start));
    malformed(&query, at, &error.message)
}

/// A query that does not parse.
fn malformed(query: &str, at: usize, message: &str) -> Refusal {
    let (row, column) = codes::row_and_column(query, at);
    let text = format!(
        "Could not parse SoQL query \"{query}\" at line {row} character {column}: {message}"
    );
    let line = codes::marked(query, at);
    let position = json!({ "row": row, "column": column, "line": line });
    Refusal::core(StatusCode::BAD_REQUEST, "query.compiler.malformed", &text)
        .data(json!({ "query": query, "position": position }))
}

/// The statement of a 3.0 request, whose body is the object `body`. With `is_export` every row is
/// asked for.
pub(super) fn three(
    body: &Value,
    is_export: bool,
    catalog: &Catalog,
    input: &Arc<Dataset>,
) -> Result<Statement, Refusal> {
    let Some(given) = body.as_object() else {
        return Err(Refusal::inner(
            StatusCode::BAD_REQUEST,
            "req.content.json.invalid",
            "the body is no JSON object",
            json!({}),
        ));
    };
    let mut options = given.clone();
    options.remove("app_token");
    if is_export {
        for name in ["page", "includeSystem", "includeSynthetic"] {
            options.remove(name);
        }
    } else if !options.contains_key("includeSystem") {
        // What the portal does unless it is told not to.
        options.insert("includeSystem".to_owned(), Value::Bool(true));
    }
    let text = Value::Object(options).to_string();
    let imported = import(&text).map_err(|error| {
        let query = given.get("query").and_then(Value::as_str).unwrap_or("select *");
        three_refusal(&error, query)
    })?;
    Statement::new(without_end(imported.statement), catalog, input, Api::Three)
}

fn three_refusal(error: &ImportError, query: &str) -> Refusal {
    match error.code {
        "bad-json" | "unknown-parameter" | "bad-number" => {
            Refusal::core(StatusCode::BAD_REQUEST, "invalid-request", &error.message)
        }
        _ => {
            // The span counts in the body, which is not shown; the query itself is.
            let data = json!({ "query": query }).as_object().cloned().unwrap_or_default();
            Refusal::newer("soql.parser.expected-token", &error.message, data)
        }
    }
}

/// The `;` ends a statement in a file; in a request there is only one.
fn without_end(mut statement: String) -> String {
    if statement.ends_with(';') {
        statement.pop();
    }
    statement
}

/// The statement for one row: by the engine's own key, or by the publisher's.
pub(super) fn one_row(
    key: &str,
    id: &str,
    catalog: &Catalog,
    input: &Arc<Dataset>,
) -> Result<Statement, Refusal> {
    let params = [(key.to_owned(), id.to_owned())];
    let imported =
        import_params(None, None, &params).map_err(|error| two_refusal(&error, &params))?;
    Statement::new(without_end(imported.statement), catalog, input, Api::Two)
}
