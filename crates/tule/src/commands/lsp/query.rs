//! One statement of an editor, compiled or run.
//!
//! The statement is checked once more, against what is true here: a folder's own files, and the
//! schemas that the session has fetched.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum as _;
use indicatif::HumanCount;
use tule_core::check::{Context, Valid};
use tule_core::diagnostics::Diagnostic;
use tule_core::lint::examine;
use tule_core::lower::lower;
use tule_core::names::{fold, similar};
use tule_core::plan::Plan;
use tule_core::rows::{Row, Value};
use tule_core::schema::Dataset;
use tule_core::schema::catalog::Catalog;
use tule_core::target::Target;
use tule_lsp::portals::{Compiled, Control, End, Exported, Extent, Fault, Progress, Query, Table};
use tule_syntax::literal::name_text;
use tule_syntax::parser::parse_file;

use super::portals::{EditorPortals, folders, own};
use crate::asked::clock;
use crate::atomic::Replacement;
use crate::commands::compile::interface_for;
use crate::execute::{Engines, Started, datasets, reachable, uses_network};
use crate::exit::reason;
use crate::output::Paint;
use crate::render::request::{Document, Named, curl};
use crate::rows::source::{self, Completeness, Source};
use crate::rows::{Format, Look, Printer};

/// The request of a statement; nothing is sent.
pub(super) fn compile(query: &Query, target: Option<Target>) -> Result<Compiled, Fault> {
    let catalog = &query.project.world.catalog;
    with_plan(query, catalog, |plan| {
        let target = interface_for(plan.valid, target, catalog).map_err(first)?;
        let lowered = lower(plan, target, catalog).map_err(first)?;
        let header = plan.valid.statement().header.as_ref();
        let name = header.and_then(|header| header.name);
        let name = name.map(|name| name_text(name.text(plan.valid.text())).to_owned());
        let request = lowered.requests.into_iter().next();
        let request = request.ok_or_else(|| Fault::new("no-request", "nothing to be sent"))?;
        let named = [Named { name, request }];
        let document = serde_json::to_value(Document::new(&named));
        let [Named { request, .. }] = &named;
        Ok(Compiled {
            document: document.map_err(|error| Fault::new("no-request", error.to_string()))?,
            url: request.url().to_string(),
            curl: curl(request),
            warnings: lowered.warnings.into_iter().map(|found| found.message).collect(),
        })
    })
}

/// The rows of a statement, as many as are wanted.
pub(super) fn run(
    portals: &EditorPortals,
    query: &Query,
    extent: Extent,
    control: &Control,
) -> Result<Table, Fault> {
    with_rows(portals, query, control, |source, read| {
        let columns = source.columns().to_vec();
        let mut rows: Vec<Row> = Vec::new();
        let mut bytes = 0;
        let mut end = None;
        while let Some(row) = next(source, control)? {
            if rows.len() as u64 >= extent.rows || bytes >= extent.bytes {
                end = Some(End::More);
                break;
            }
            bytes += size(&row);
            rows.push(row);
            tell(control, rows.len() as u64);
        }
        let text = extent.text.then(|| table(&columns, &rows)).transpose()?;
        let end = end.unwrap_or_else(|| how(source.completeness()));
        let notes = if end == End::More { Vec::new() } else { source.notes() };
        Ok(Table { columns, rows, end, notes, bytes, text, datasets: read })
    })
}

/// Every row of a statement, into a file.
pub(super) fn export(
    portals: &EditorPortals,
    query: &Query,
    format: &str,
    path: &Path,
    control: &Control,
) -> Result<Exported, Fault> {
    let form = Format::from_str(format, true).map_err(|_| {
        let names: Vec<String> = Format::value_variants()
            .iter()
            .filter_map(|form| Some(form.to_possible_value()?.get_name().to_owned()))
            .collect();
        let fault = Fault::new("unknown-format", format!("no form `{format}`"));
        Fault { help: Some(format!("there are {}", names.join(", "))), ..fault }
    })?;
    with_rows(portals, query, control, |source, _| {
        let failed = |error: &std::io::Error| {
            let message = format!("cannot write `{}`: {}", path.display(), reason(error));
            Fault::new("not-written", message)
        };
        let columns = source.columns().to_vec();
        let mut file = Replacement::begin(path).map_err(|error| failed(&error))?;
        let mut printer =
            Printer::new(&columns, look(form), &mut file).map_err(|(message, help)| Fault {
                help: Some(help),
                ..Fault::new("unknown-format", message)
            })?;
        let mut begun = false;
        loop {
            let row = next(source, control)?;
            if !std::mem::replace(&mut begun, true) {
                printer.begin().map_err(|error| failed(&error))?;
            }
            let Some(row) = row else { break };
            printer.row(&row).map_err(|error| failed(&error))?;
            tell(control, printer.so_far().rows);
        }
        let printed = printer.end().map_err(|error| failed(&error))?;
        file.keep().map_err(|error| failed(&error))?;
        Ok(Exported { rows: printed.rows, bytes: printed.bytes, end: how(source.completeness()) })
    })
}

/// Checks the statement, gives its parameters their values, and hands the plan on.
fn with_plan<T>(
    query: &Query,
    catalog: &Catalog,
    then: impl FnOnce(&Plan<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let all = parse_file(&query.text);
    let parsed = all.iter().find(|parsed| parsed.statement.query.is_some());
    let parsed = parsed.ok_or_else(|| Fault::new("no-statement", "nothing is asked for"))?;
    let base = parsed.range.start;
    let text = parsed.range.text(&query.text);
    let context = Context { catalog, input: query.project.world.input.as_ref() };
    let checked = examine(text, parsed, context, &query.project.world.levels);
    let placed = |fault: Fault| Fault { span: fault.span.map(|span| span.shift(base)), ..fault };
    let Some(valid) = Valid::new(text, parsed, &checked) else {
        let is_fault = |found: &&Diagnostic| found.is_error() && !found.code.info().lint;
        let found = checked.diagnostics.iter().find(is_fault).cloned();
        return Err(placed(first(found.into_iter().collect())));
    };
    declared(valid, &query.parameters)?;
    let plan = Plan::new(valid, &query.parameters, clock());
    // How a value is given on a command line is no help in an editor.
    let plan = plan.map_err(|faults| placed(Fault { help: None, ..first(faults) }))?;
    then(&plan).map_err(placed)
}

/// A value that the statement does not ask for is a misspelling.
fn declared(valid: Valid<'_>, given: &[(String, String)]) -> Result<(), Fault> {
    let names = || valid.typed().parameters.iter().map(|parameter| &*parameter.name);
    for (name, _) in given {
        if !names().any(|known| fold(known) == fold(name)) {
            let message = format!("the query has no parameter `{name}`");
            let near = similar(name, names());
            let help = near.first().map(|near| format!("perhaps `{near}` was meant"));
            return Err(Fault { help, ..Fault::new("unknown-parameter", message) });
        }
    }
    Ok(())
}

/// Begins to run the statement, wherever its datasets are, and hands its rows on.
fn with_rows<T>(
    portals: &EditorPortals,
    query: &Query,
    control: &Control,
    then: impl FnOnce(&mut dyn Source, Vec<Arc<Dataset>>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let local = folders(&query.project)?;
    let catalog = local.catalog(&own(&query.project), false);
    with_plan(query, &catalog, |plan| {
        reachable(plan.valid, false).map_err(first)?;
        // Tokens are read where something is asked of a portal, and nowhere else.
        let asks = uses_network(plan.valid);
        let remote = asks.then(|| portals.way(&query.project)).transpose()?;
        let engines = Engines { local: &local, remote: remote.as_deref(), catalog: &catalog };
        let Started { mut source, cancel } = engines.start(plan).map_err(of_rows)?;
        control.stop().on_set(move || cancel.cancel());
        let named = datasets(plan.valid).into_iter();
        let read = named.map(|(_, dataset)| Arc::new(dataset.clone())).collect();
        then(&mut *source, read)
    })
}

fn next(source: &mut dyn Source, control: &Control) -> Result<Option<Row>, Fault> {
    if control.stop().is_set() {
        return Err(Fault::cancelled());
    }
    source.next_row().map_err(of_rows)
}

fn tell(control: &Control, rows: u64) {
    // A million messages would cost more than the rows.
    if rows.is_multiple_of(500) {
        control.tell(Progress { message: format!("{} rows", HumanCount(rows)), percent: None });
    }
}

fn how(completeness: Completeness) -> End {
    match completeness {
        Completeness::Whole => End::Whole,
        Completeness::CutAt(limit) => End::Cut(limit),
    }
}

fn of_rows(fault: source::Fault) -> Fault {
    match fault {
        source::Fault::Query { code, message, span } => Fault { span, ..Fault::new(code, message) },
        source::Fault::Portal(message) => Fault::new(Fault::PORTAL, message),
        source::Fault::Cancelled => Fault::cancelled(),
    }
}

/// The first of what was found.
fn first(found: Vec<Diagnostic>) -> Fault {
    match found.into_iter().next() {
        Some(found) => Fault {
            code: found.code.name(),
            message: found.message,
            help: found.help,
            span: Some(found.span),
        },
        None => Fault::new("no-statement", "the statement cannot be read"),
    }
}

fn look(format: Format) -> Look<'static> {
    Look {
        format: Some(format),
        width: None,
        is_terminal: false,
        paint: Paint(false),
        geometry: None,
    }
}

/// Rows as a table for people.
fn table(columns: &[tule_core::check::OutputColumn], rows: &[Row]) -> Result<String, Fault> {
    let mut text = Vec::new();
    let failed = |error: std::io::Error| Fault::new("not-written", error.to_string());
    let mut printer = Printer::new(columns, look(Format::Table), &mut text)
        .map_err(|(message, _)| Fault::new("unknown-format", message))?;
    printer.begin().map_err(failed)?;
    rows.iter().try_for_each(|row| printer.row(row)).map_err(failed)?;
    printer.end().map_err(failed)?;
    text.flush().map_err(failed)?;
    Ok(String::from_utf8(text).unwrap_or_default())
}

/// About how many bytes a row is in an answer.
fn size(row: &[Value]) -> u64 {
    let of = |value: &Value| match value {
        Value::Null | Value::Boolean(_) => 6,
        Value::Double(_) => 20,
        Value::Number(text) | Value::Text(text) => text.len() + 3,
        Value::Json(value) => value.to_string().len(),
    };
    row.iter().map(|value| of(value) as u64).sum()
}
