//! The requests `tule/*` about a statement; `docs/lsp.md` is the contract.

use std::path::PathBuf;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ProgressToken, Range};
use tule_core::names::fold;
use tule_core::schema::Dataset;
use tule_core::target::Target;
use tule_core::types::Type;

use super::Backend;
use crate::faults::{failed, said};
use crate::portals::{Compiled, End, Exported, Extent, Fault, Place, Query, Table};
use crate::subject::{At, Subject, Values};
use crate::work::{Title, call};

/// Most bytes of rows in an answer: what an editor takes without a pause.
const MAX_BYTES: u64 = 16 << 20;

#[derive(Debug, Deserialize)]
pub(super) struct CompileParams {
    #[serde(flatten)]
    at: At,
    #[serde(default)]
    params: Option<Values>,
    target: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunParams {
    #[serde(flatten)]
    at: At,
    #[serde(default)]
    params: Option<Values>,
    max_rows: Option<u64>,
    work_done_token: Option<ProgressToken>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportParams {
    #[serde(flatten)]
    at: At,
    #[serde(default)]
    params: Option<Values>,
    format: String,
    path: PathBuf,
    work_done_token: Option<ProgressToken>,
}

/// How a run that a request or a command asks for is made.
#[derive(Default)]
pub(super) struct Wishes {
    pub(super) values: Values,
    pub(super) max_rows: Option<u64>,
    pub(super) token: Option<ProgressToken>,
    /// Whether the rows are wanted as a text too.
    pub(super) text: bool,
}

/// What came of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ran {
    name: Option<String>,
    range: Option<Range>,
    columns: Vec<Value>,
    rows: Value,
    pub(super) total: usize,
    pub(super) end: &'static str,
    pub(super) limit: Option<u64>,
    notes: Vec<String>,
    took_ms: u64,
    bytes: u64,
    as_of: Option<String>,
    licence: Option<String>,
    attribution: Option<String>,
    /// For people.
    #[serde(skip)]
    pub(super) text: Option<String>,
}

impl Backend {
    #[expect(clippy::unused_async, reason = "the framework takes futures")]
    pub(super) async fn own_statement(&self, at: At) -> Result<Option<Value>> {
        let session = self.session();
        let Some(subject) = Subject::at(&session, &at) else { return Ok(None) };
        let checked = &subject.analysis.checked;
        let parameters = checked.typed.parameters.iter().map(|parameter| {
            let arena = &subject.analysis.parsed.statement.arena;
            let default = parameter.default.map(|root| arena.span(root.id));
            json!({
                "name": parameter.name,
                "type": parameter.ty.map(Type::name),
                "default": default.map(|span| span.text(&subject.analysis.text)),
                "required": default.is_none(),
            })
        });
        let catalog = session.project(subject.root.as_ref()).world.catalog;
        let datasets = subject.datasets();
        let datasets = datasets.iter().map(|dataset| {
            let same = |known: &Dataset| known.host == dataset.host && known.id == dataset.id;
            let name = catalog.names().find(|(_, known)| same(known));
            let name = name.map(|(name, _)| name.to_owned());
            json!({ "name": name, "host": dataset.host, "id": dataset.id })
        });
        Ok(Some(json!({
            "range": subject.range,
            "name": subject.name(),
            "errors": checked.diagnostics.iter().filter(|found| found.is_error()).count(),
            "parameters": parameters.collect::<Vec<_>>(),
            "datasets": datasets.collect::<Vec<_>>(),
            "remote": subject.is_remote(),
        })))
    }

    #[expect(clippy::unused_async, reason = "the framework takes futures")]
    pub(super) async fn own_compile(&self, params: CompileParams) -> Result<Value> {
        let target = params.target.as_deref().map(|name| {
            Target::from_name(name)
                .ok_or_else(|| Error::invalid_params(format!("no interface `{name}`")))
        });
        let target = target.transpose()?;
        let values = params.params.unwrap_or_default();
        let (_, compiled) = self.compile_at(&params.at, values, target)?;
        let Compiled { mut document, url, curl, .. } = compiled;
        if let Some(members) = document.as_object_mut() {
            members.insert("url".to_owned(), url.into());
            members.insert("curl".to_owned(), curl.into());
        }
        Ok(document)
    }

    /// The request of the statement at a place.
    pub(super) fn compile_at(
        &self,
        at: &At,
        values: Values,
        target: Option<Target>,
    ) -> Result<(Subject, Compiled)> {
        let session = self.session();
        let subject = Subject::find(&session, at)?;
        let query = subject.query(&session, values)?;
        drop(session);
        let compiled = self.portals.compile(&query, target);
        let compiled = compiled.map_err(|fault| self.refusal(&subject, &fault))?;
        Ok((subject, compiled))
    }

    pub(super) async fn own_run(&self, params: RunParams) -> Result<Ran> {
        let wishes = Wishes {
            values: params.params.unwrap_or_default(),
            max_rows: params.max_rows,
            token: params.work_done_token,
            text: false,
        };
        self.run_at(&params.at, wishes).await
    }

    /// Runs the statement at a place.
    pub(super) async fn run_at(&self, at: &At, wishes: Wishes) -> Result<Ran> {
        let Wishes { values, max_rows, token, text } = wishes;
        let (subject, query) = self.subject_and_query(at, values).await?;
        let rows = max_rows.unwrap_or(self.session().settings.max_rows);
        let title = Title { text: titled("running", &subject), token };
        let (works, portals) = (self.session().works.clone(), self.portals.clone());
        let started = Instant::now();
        let answer = call(&self.client, &works, title, move |control| {
            let extent = Extent { rows, bytes: MAX_BYTES, text };
            portals.run(&query, extent, control).map(Converted::of)
        });
        let converted = answer.await?.map_err(|fault| self.refusal(&subject, &fault))?;
        let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let session = self.session();
        let whole = subject.analysis.parsed.statement.query.as_ref();
        let range = whole.and_then(|query| subject.place(&session, query.span));
        Ok(Ran {
            name: subject.name().map(str::to_owned),
            range: range.map(|_| subject.range),
            took_ms: took,
            ..converted.0
        })
    }

    pub(super) async fn own_export(&self, params: ExportParams) -> Result<Value> {
        let ExportParams { at, params, format, path, work_done_token } = params;
        let (subject, query) = self.subject_and_query(&at, params.unwrap_or_default()).await?;
        // Relative to what is not known here.
        if !path.is_absolute() {
            return Err(Error::invalid_params("`path` is not absolute"));
        }
        let title = Title { text: titled("exporting", &subject), token: work_done_token };
        let (works, portals) = (self.session().works.clone(), self.portals.clone());
        let answer = call(&self.client, &works, title, move |control| {
            portals.export(&query, &format, &path, control)
        });
        let Exported { rows, bytes, end } =
            answer.await?.map_err(|fault| self.refusal(&subject, &fault))?;
        Ok(json!({ "rows": rows, "bytes": bytes, "end": end_of(end).0 }))
    }

    /// What is to be run, with the schemas that it needs if they can be had.
    async fn subject_and_query(&self, at: &At, values: Values) -> Result<(Subject, Query)> {
        let subject = Subject::find(&self.session(), at)?;
        self.fetch_for(&subject).await;
        let session = self.session();
        let subject = Subject::find(&session, at)?;
        let query = subject.query(&session, values)?;
        Ok((subject, query))
    }

    /// A fault as an answer; its place is left out if the document is another by now.
    pub(super) fn refusal(&self, subject: &Subject, fault: &Fault) -> Error {
        if fault.code == Fault::CANCELLED {
            return Error::request_cancelled();
        }
        let session = self.session();
        let range = fault.span.and_then(|span| subject.place(&session, span));
        failed(fault.code, said(fault), range)
    }
}

fn titled(doing: &str, subject: &Subject) -> String {
    match subject.name() {
        Some(name) => format!("{doing} `{name}`"),
        None => format!("{doing} the query"),
    }
}

fn end_of(end: End) -> (&'static str, Option<u64>) {
    match end {
        End::Whole => ("whole", None),
        End::Cut(limit) => ("cut", Some(limit)),
        End::More => ("more", None),
    }
}

/// Rows as the protocol has them: made on the thread of the call, where nobody waits for it.
struct Converted(Ran);

impl Converted {
    fn of(table: Table) -> Self {
        let main = table.datasets.first();
        let label = |name: &str| {
            let folded = fold(name);
            let column = table.datasets.iter().find_map(|dataset| dataset.column(&folded));
            column.map(|(_, column)| column.label.clone()).filter(|label| !label.is_empty())
        };
        let columns = table.columns.iter().map(|column| {
            json!({
                "name": column.name.as_str(),
                "type": column.ty.map(Type::name),
                "label": label(&column.name),
            })
        });
        let known = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let (end, limit) = end_of(table.end);
        Self(Ran {
            name: None,
            range: None,
            columns: columns.collect(),
            total: table.rows.len(),
            end,
            limit,
            took_ms: 0,
            bytes: table.bytes,
            as_of: main.and_then(|dataset| known(&dataset.card.updated)),
            licence: main.and_then(|dataset| known(&dataset.card.licence)),
            attribution: main.and_then(|dataset| known(&dataset.card.attribution)),
            rows: Value::Array(table.rows.into_iter().map(row).collect()),
            notes: table.notes,
            text: table.text,
        })
    }
}

fn row(row: Vec<tule_core::rows::Value>) -> Value {
    Value::Array(row.into_iter().map(value).collect())
}

/// Numbers are text, so that no digit is lost.
fn value(value: tule_core::rows::Value) -> Value {
    use tule_core::rows::Value as V;
    match value {
        V::Null => Value::Null,
        V::Boolean(value) => Value::Bool(value),
        V::Number(text) | V::Text(text) => Value::String(text.into()),
        V::Double(value) => {
            serde_json::Number::from_f64(value).map_or(Value::Null, |n| n.to_string().into())
        }
        V::Json(value) => value,
    }
}

/// The places of datasets that a statement names and whose schemas are not known.
pub(super) fn missing(subject: &Subject) -> Vec<Place> {
    let missing = subject.analysis.checked.missing.iter();
    let place = |missing: &tule_core::check::MissingDataset| {
        Some(Place { host: missing.host.clone()?, id: missing.id.clone() })
    };
    missing.filter_map(place).collect()
}
