//! Findings of the checker as the portal's error codes.
//!
//! One row a code: what the 2.1 interface calls it, what the newer analyzer calls it, and what its
//! `data` says. Codes of the query's form are absent, since a query that does not parse is refused
//! before it is checked.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use tule_core::diagnostics::{Code, Diagnostic};
use tule_core::names::fold;
use tule_core::schema::Dataset;
use tule_core::types::Type;
use tule_syntax::ast::{ExprId, ExprKind, Literal, Statement};
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use super::errors::Refusal;
use super::form::Api;
use crate::{RunCode, RunError};

/// What an error is about, beside its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum About {
    /// Nothing that has a name.
    Nothing,
    Column,
    Name,
    Table,
    /// A function and its number of arguments.
    Function,
    /// A function that must not stand in this clause.
    Clause,
    /// A function or operator, and the type that it cannot take.
    Types,
    /// In words.
    Description,
}

use About::{Clause, Column, Description, Function, Name, Nothing, Table, Types};

type Row = (Code, &'static str, &'static str, About);

/// What an error is called that has no name of its own.
const OTHER: (&str, &str, About) =
    ("query.soql.bad-parse", "soql.parser.expected-token", Description);

/// What the newer analyzer calls a condition that is none.
const EXPECTED_BOOLEAN: &str = "soql.analyzer.expected-boolean";

/// A code, its 2.1 name behind `query.`, its newer name behind `soql.`, and what it is about.
const TABLE: &[Row] = &[
    (Code::UnknownDataset, "dataset.does-not-exist", "tablefinder.dataset-not-found", Table),
    (Code::AmbiguousDataset, "dataset.does-not-exist", "tablefinder.dataset-not-found", Table),
    (Code::MissingSchema, "dataset.does-not-exist", "tablefinder.dataset-not-found", Table),
    (Code::FromRequired, "soql.bad-parse", "analyzer.from-required", Description),
    (Code::FromForbidden, "soql.bad-parse", "analyzer.from-forbidden", Description),
    (Code::ThisWithoutContext, "soql.bad-parse", "analyzer.from-this-without-context", Description),
    (Code::ThisNeedsAlias, "soql.bad-parse", "analyzer.illegal-this-reference", Description),
    (
        Code::DuplicateTableAlias,
        "soql.duplicate-alias",
        "analyzer.table-alias-already-exists",
        Name,
    ),
    (Code::ReservedTableAlias, "soql.reserved-table-alias", "analyzer.reserved-table-name", Name),
    (Code::UnknownTable, "soql.no-such-table", "analyzer.typechecker.no-such-column", Table),
    (Code::ArgumentsForTable, "soql.bad-parse", "analyzer.parameters-for-non-udf", Description),
    (Code::RecursiveQuery, "soql.bad-parse", "tablefinder.recursive-query", Description),
    (Code::UnknownColumn, "soql.no-such-column", "analyzer.typechecker.no-such-column", Column),
    (Code::UnquotedString, "soql.no-such-column", "analyzer.typechecker.no-such-column", Column),
    (Code::DuplicateAlias, "soql.duplicate-alias", "analyzer.alias.duplicate-alias", Name),
    (
        Code::CircularAlias,
        "soql.circular-alias-definition",
        "analyzer.alias.circular-alias-definition",
        Name,
    ),
    (
        Code::RepeatedExclusion,
        "soql.repeated-exception",
        "analyzer.alias.repeated-exclusion",
        Column,
    ),
    (
        Code::UnknownFunction,
        "soql.no-such-function",
        "analyzer.typechecker.no-such-function",
        Function,
    ),
    // Behind the parser only functions of other languages are foreign.
    (
        Code::ForeignSyntax,
        "soql.no-such-function",
        "analyzer.typechecker.no-such-function",
        Function,
    ),
    (Code::WrongArity, "soql.no-such-function", "analyzer.typechecker.no-such-function", Function),
    (Code::UnknownType, "soql.no-such-function", "analyzer.typechecker.no-such-function", Function),
    (
        Code::UnknownField,
        "soql.no-such-function",
        "analyzer.typechecker.no-such-function",
        Function,
    ),
    (Code::TypeMismatch, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (Code::BadDateLiteral, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (Code::ZoneOnFloating, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (Code::CheckboxCompare, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (Code::NotGeographic, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (Code::OpenRing, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (Code::UnquotedDate, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (Code::TemplatePlaceholder, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (Code::NoSuchCast, "soql.type-mismatch", "analyzer.typechecker.type-mismatch", Types),
    (
        Code::NotGrouped,
        "soql.column-not-in-group-bys",
        "analyzer.ungrouped-column-reference",
        Column,
    ),
    (Code::NotGroupable, "soql.non-groupable-group", "analyzer.invalid-group-by", Nothing),
    (
        Code::NotOrderable,
        "soql.un-orderable-order",
        "analyzer.typechecker.unordered-order-by",
        Nothing,
    ),
    (
        Code::AggregateInWhere,
        "soql.aggregate-in-ungrouped-context",
        "analyzer.aggregate-function-not-allowed",
        Clause,
    ),
    (
        Code::MisplacedAggregate,
        "soql.aggregate-in-ungrouped-context",
        "analyzer.aggregate-function-not-allowed",
        Clause,
    ),
    (Code::MisplacedWindow, "soql.bad-parse", "analyzer.window-function-not-allowed", Description),
    (Code::MissingOver, "soql.bad-parse", "analyzer.typechecker.requires-window", Description),
    (Code::OverOnScalar, "soql.bad-parse", "analyzer.typechecker.non-window-function", Description),
    (
        Code::FilterOnScalar,
        "soql.bad-parse",
        "analyzer.typechecker.non-aggregate-function",
        Description,
    ),
    (
        Code::DistinctWithOver,
        "soql.bad-parse",
        "analyzer.typechecker.distinct-with-over",
        Description,
    ),
    (
        Code::FrameStart,
        "soql.bad-parse",
        "analyzer.typechecker.illegal-start-frame-bound",
        Description,
    ),
    (Code::FrameEnd, "soql.bad-parse", "analyzer.typechecker.illegal-end-frame-bound", Description),
    (
        Code::FrameOrder,
        "soql.bad-parse",
        "analyzer.typechecker.mismatched-frame-bound",
        Description,
    ),
    (
        Code::GroupsRequiresOrder,
        "soql.bad-parse",
        "analyzer.typechecker.groups-requires-order-by",
        Description,
    ),
    (
        Code::OrderNotSelected,
        "soql.bad-parse",
        "analyzer.order-by-must-be-selected-when-distinct",
        Description,
    ),
    (
        Code::DistinctOnOrder,
        "soql.bad-parse",
        "analyzer.distinct-on-not-prefix-of-order-by",
        Description,
    ),
    (
        Code::SetOperationMismatch,
        "soql.two-selects-column-types-mismatch",
        "analyzer.table-operation-type-mismatch",
        Description,
    ),
    (
        Code::ExpectedLeafQuery,
        "soql.right-side-of-chain-query-must-be-leaf",
        "parser.expected-leaf-query",
        Description,
    ),
];

/// An error of the checker as the portal says it.
pub(super) fn refusal(
    error: &Diagnostic,
    text: &str,
    statement: &Statement,
    dataset: &Dataset,
    api: Api,
) -> Refusal {
    let found = TABLE.iter().find(|(code, ..)| *code == error.code);
    let (two, three, about) = found.map_or_else(
        || (OTHER.0.to_owned(), OTHER.1.to_owned(), OTHER.2),
        |(_, two, three, about)| (format!("query.{two}"), format!("soql.{three}"), *about),
    );
    let (mut data, message) = facts(error, text, statement, dataset, about);
    let (two, three) = match condition(error, statement) {
        Some(clause) => (format!("query.soql.non-boolean-{clause}"), EXPECTED_BOOLEAN.to_owned()),
        None => (two, three),
    };
    let at = error.span.start as usize;
    match api {
        Api::Two => coordinator(&two, &message, data, text, at, &dataset.id),
        Api::Three => {
            let (row, column) = row_and_column(text, at);
            data.insert("position".to_owned(), json!({ "row": row, "column": column }));
            let help = error.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
            Refusal::newer(&three, &format!("{message}{help}"), data)
        }
    }
}

/// A fault of the engine as the portal says it.
pub(super) fn run_refusal(error: &RunError, text: &str, dataset: &str, api: Api) -> Refusal {
    let code = match error.code {
        RunCode::NotSupported => "query.soql.no-such-function",
        RunCode::BadValue => "query.soql.bad-value",
        RunCode::UnknownDataset => "query.dataset.does-not-exist",
        RunCode::TooLarge => "req.row-limit-exceeded",
        RunCode::Cancelled | RunCode::StaleSchema | RunCode::File | RunCode::Engine => {
            return Refusal::internal(&error.message);
        }
    };
    let at = error.span.map_or(0, |span| span.start as usize);
    match api {
        Api::Two => coordinator(code, &error.message, Map::new(), text, at, dataset),
        Api::Three => Refusal::newer(code, &error.message, Map::new()),
    }
}

/// The body of the layer that runs 2.1 queries. Its message repeats the place in the notation of
/// the language that the portal is written in.
fn coordinator(
    code: &str,
    message: &str,
    mut data: Map<String, Value>,
    text: &str,
    at: usize,
    dataset: &str,
) -> Refusal {
    let (row, column) = row_and_column(text, at);
    let line = marked(text, at);
    let quoted = Value::String(line.clone());
    let message = format!(
        "Query coordinator error: {code}; {message}; \
         position: Map(row -> {row}, column -> {column}, line -> {quoted})"
    );
    data.insert("dataset".to_owned(), Value::String(format!("local.{dataset}")));
    data.insert("position".to_owned(), json!({ "row": row, "column": column, "line": line }));
    Refusal::inner(StatusCode::BAD_REQUEST, code, &message, Value::Object(data))
}

/// What an error is about, as members and as a sentence.
fn facts(
    error: &Diagnostic,
    text: &str,
    statement: &Statement,
    dataset: &Dataset,
    about: About,
) -> (Map<String, Value>, String) {
    let written = error.span.text(text);
    // Of a call, its name.
    let name = written.split('(').next().unwrap_or_default();
    let name = name_text(name.trim()).trim_start_matches('@');
    let (data, message) = match about {
        Nothing => (json!({}), error.message.clone()),
        Description => (json!({ "description": error.message }), error.message.clone()),
        Column if error.code == Code::NotGrouped => {
            (json!({ "column": name }), format!("Column '{name}' is not in group by"))
        }
        Column if error.code == Code::RepeatedExclusion => {
            (json!({ "column": name }), format!("Repeated exception with column: {name}"))
        }
        Column => (json!({ "column": name }), format!("No such column: {name}")),
        Table => (json!({ "table": name, "name": name }), format!("No such table: {name}")),
        Name if error.code == Code::CircularAlias => {
            (json!({ "name": name }), format!("Circular alias definition: {name}"))
        }
        Name => (json!({ "name": name }), format!("Duplicate alias: {name}")),
        Function => {
            let arity = arity(statement, error.span);
            let data = json!({ "function": name, "name": name, "arity": arity });
            (data, format!("No such function '{name}'; arity={arity}"))
        }
        Clause => {
            let clause = "WHERE";
            let message =
                format!("Aggregate function '{name}' used in ungrouped context: {clause}");
            (json!({ "function": name, "clause": clause }), message)
        }
        Types => {
            let function = operator(statement, text, error.span);
            let ty = type_of(statement, text, error.span, dataset);
            let message = match ty {
                Some(ty) if !function.is_empty() => {
                    format!("Type mismatch for {function}, is {ty}")
                }
                _ => format!("Type mismatch: {}", error.message),
            };
            (json!({ "function": function, "type": ty.map(Type::name) }), message)
        }
    };
    (data.as_object().cloned().unwrap_or_default(), message)
}

/// The clause whose condition is no condition, if that is what is wrong.
fn condition(error: &Diagnostic, statement: &Statement) -> Option<&'static str> {
    if error.code != Code::TypeMismatch {
        return None;
    }
    let select = statement.query.as_ref()?.first.as_leaf()?;
    let clauses = [("where", &select.filter), ("having", &select.having)];
    let found = clauses.into_iter().find(|(_, clause)| {
        let root = clause.as_ref().map(|clause| statement.arena.span(clause.value.id));
        root == Some(error.span)
    });
    found.map(|(name, _)| name)
}

/// The number of arguments of the call that `name` names.
fn arity(statement: &Statement, name: Span) -> usize {
    let arena = &statement.arena;
    let calls = expressions(statement).find_map(|id| match arena.expr(id).kind {
        ExprKind::Call { name: known, args, .. } if known.contains(name) => {
            Some(arena.list(args).len())
        }
        _ => None,
    });
    calls.unwrap_or(1)
}

/// The type of the literal or column at a place.
fn type_of(statement: &Statement, text: &str, place: Span, dataset: &Dataset) -> Option<Type> {
    let arena = &statement.arena;
    let id = expressions(statement).find(|id| arena.span(*id) == place)?;
    match arena.expr(id).kind {
        ExprKind::Literal(Literal::Integer | Literal::Number) => Some(Type::Number),
        ExprKind::Literal(Literal::String | Literal::DoubleString) => Some(Type::Text),
        ExprKind::Literal(Literal::True | Literal::False) => Some(Type::Boolean),
        ExprKind::Column(name) => dataset.column(&fold(name_text(name.text(text))))?.1.ty,
        _ => None,
    }
}

/// The function or operator around a place: operators appear as `op$=`.
fn operator(statement: &Statement, text: &str, place: Span) -> String {
    let arena = &statement.arena;
    let around = |id: &ExprId| {
        let span = arena.span(*id);
        span.contains(place) && span != place
    };
    let name = expressions(statement).filter(around).find_map(|id| match arena.expr(id).kind {
        ExprKind::Call { name, .. } => Some(name_text(name.text(text)).to_owned()),
        ExprKind::Binary { op_span, .. } => Some(format!("op${}", op_span.text(text))),
        _ => None,
    });
    name.unwrap_or_default()
}

fn expressions(statement: &Statement) -> impl Iterator<Item = ExprId> {
    (0..u32::try_from(statement.arena.len()).unwrap_or(u32::MAX)).map(ExprId)
}

/// Line and character of a place, both from 1.
pub(super) fn row_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let row = before.matches('\n').count() + 1;
    let line = before.rsplit('\n').next().unwrap_or_default();
    (row, line.chars().count() + 1)
}

/// The line of a place with a mark under it.
pub(super) fn marked(text: &str, at: usize) -> String {
    let (row, column) = row_and_column(text, at);
    let line = text.split('\n').nth(row - 1).unwrap_or_default();
    format!("{line}\n{}^", " ".repeat(column - 1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tule_core::diagnostics::{CODES, Severity};

    use super::*;

    /// Errors of a checked query that the portal has no name for.
    const NAMELESS: [Code; 8] = [
        Code::SystemAlias,
        Code::UnknownHint,
        Code::BadCount,
        Code::UnknownParameter,
        Code::DuplicateParameter,
        Code::HoleOutsideFunction,
        Code::NotOnThisPortal,
        Code::MissingParameter,
    ];

    #[test]
    fn every_error_of_the_checker_has_a_name_or_is_known_to_have_none() {
        let named: Vec<Code> = TABLE.iter().map(|(code, ..)| *code).collect();
        assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), named.len());
        // Faults of form come first in the catalogue, and never get here; neither do lints, which
        // a portal has none of, nor what is said of a lock.
        let checked = CODES.iter().skip_while(|info| info.code != Code::UnknownDataset);
        let checked = checked.filter(|info| !info.lint && !info.name.starts_with("drift-"));
        let missing: Vec<&str> = checked
            .filter(|info| info.severity == Severity::Error)
            .filter(|info| !named.contains(&info.code) && !NAMELESS.contains(&info.code))
            .map(|info| info.name)
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let text = "select é,\n  beet";
        let at = text.find("beet").unwrap();
        assert_eq!(row_and_column(text, at), (2, 3));
        assert_eq!(marked(text, at), "  beet\n  ^");
        assert_eq!(row_and_column(text, text.find(',').unwrap()), (1, 9));
        assert_eq!(row_and_column(text, 1000), (2, 7));
    }
}
