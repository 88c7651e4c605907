//! Rows as the body of an answer, sent while they are computed.
//!
//! The engine runs on a thread that may wait; what it encodes goes through a short queue, so that
//! a slow client holds up its own query and no memory. The first block is awaited before the head
//! is sent: a fault in it is still an error with a body, a later one breaks the connection off, so
//! that half a result never looks whole.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;
use tule_core::check::OutputColumn;
use tule_core::plan::{Clock, Plan};
use tule_core::types::Type;

use super::errors::Refusal;
use super::form::{Api, Encoder, Form};
use super::query::Statement;
use crate::{LocalPortal, RunCode, RunOptions};

/// Bytes that are sent at a time.
const BLOCK: usize = 32 << 10;
/// Blocks that may wait for a slow client.
const WAITING: usize = 4;
/// Names and types of the columns are left out of the head from this many bytes on.
const LONGEST_HEAD: usize = 5_000;

/// What is to be answered.
pub(super) struct Order {
    pub(super) statement: Statement,
    /// Identifier of the dataset of the address.
    pub(super) dataset: String,
    pub(super) api: Api,
    pub(super) form: Form,
    /// Rows where the query does not say how many.
    pub(super) default_limit: Option<u64>,
    /// One row by itself, named by this key.
    pub(super) single: Option<String>,
    /// What the columns are called in a download for people.
    pub(super) labels: Option<Vec<String>>,
    /// A mark in front of CSV that tells Excel that it is UTF-8.
    pub(super) has_bom: bool,
    /// The function that a script wants to be called with the rows.
    pub(super) callback: Option<String>,
    /// Headers that are known without running the query.
    pub(super) headers: HeaderMap,
}

/// What is known before the body is sent.
struct Head {
    columns: Vec<OutputColumn>,
}

type Block = Result<Bytes, io::Error>;

/// Runs the query and answers with its rows.
pub(super) async fn answer(portal: LocalPortal, order: Order) -> Response {
    let (api, form, headers) = (order.api, order.form, order.headers.clone());
    let is_script = order.callback.is_some();
    let (tell_head, head) = oneshot::channel();
    let (send, blocks) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || run(&portal, &order, tell_head, &send));
    let head = match head.await {
        Ok(Ok(head)) => head,
        Ok(Err(refusal)) => return refusal.into_response(),
        Err(_) => return Refusal::internal("the query broke down").into_response(),
    };
    let mut response = Response::new(Body::from_stream(ReceiverStream::new(blocks)));
    *response.headers_mut() = headers;
    let media_type =
        if is_script { "application/javascript; charset=utf-8" } else { form.media_type(api) };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if form != Form::Geojson {
        describe(response.headers_mut(), &head.columns, api);
    }
    response
}

/// Names and types of the columns, unless they are too long for a header.
fn describe(headers: &mut HeaderMap, columns: &[OutputColumn], api: Api) {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let types: Vec<&str> =
        columns.iter().map(|column| column.ty.map_or("text", Type::name)).collect();
    let (names, types) = (json!(names).to_string(), json!(types).to_string());
    if names.len() + types.len() >= LONGEST_HEAD {
        return;
    }
    let mut set = |name, value: &str| {
        // A name outside ASCII has no place in a header.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-soda2-fields", &names);
    set("x-soda2-types", &types);
    if api == Api::Three {
        set("x-soda2-warning", "X-SODA2-Fields and X-SODA2-Types are deprecated");
    }
}

/// The thread of one query.
fn run(
    portal: &LocalPortal,
    order: &Order,
    tell_head: oneshot::Sender<Result<Head, Refusal>>,
    send: &mpsc::Sender<Block>,
) {
    let refused = |error| order.statement.refused(&error, &order.dataset, order.api);
    let Some(valid) = order.statement.valid() else {
        let _ = tell_head.send(Err(Refusal::internal("the statement is not valid")));
        return;
    };
    let plan = match Plan::new(valid, &[], clock()) {
        Ok(plan) => plan,
        Err(faults) => {
            let message = faults.first().map_or("no parameter values", |fault| &fault.message);
            let refusal = Refusal::core(StatusCode::BAD_REQUEST, "invalid-request", message);
            let _ = tell_head.send(Err(refusal));
            return;
        }
    };
    let options = RunOptions { default_limit: order.default_limit };
    let mut rows = match portal.run_with(&plan, options) {
        Ok(rows) => rows,
        Err(error) => {
            let _ = tell_head.send(Err(refused(error)));
            return;
        }
    };
    let columns = rows.columns().to_vec();
    let mut encoder = Encoder::new(order.form, order.api, columns.clone(), order.single.is_some());
    if let Some(labels) = &order.labels {
        encoder = encoder.for_people(labels.clone());
    }
    let mut waiting = Waiting { tell_head: Some(tell_head), columns, send };
    let mut buffer = Vec::new();
    if order.has_bom && matches!(order.form, Form::Csv | Form::Tsv) {
        buffer.extend_from_slice("\u{feff}".as_bytes());
    }
    if let Some(callback) = &order.callback {
        buffer.extend_from_slice(format!("{callback}(").as_bytes());
    }
    encoder.begin(&mut buffer);
    let mut is_empty = true;
    for row in &mut rows {
        match row {
            Ok(row) => encoder.row(&row, &mut buffer),
            Err(error) => return waiting.fail(&error, refused),
        }
        is_empty = false;
        if order.single.is_some() {
            break;
        }
        if buffer.len() >= BLOCK && !waiting.pass_on(std::mem::take(&mut buffer)) {
            // Nobody listens any more; dropping the rows ends the query.
            return;
        }
    }
    if let Some(key) = order.single.as_ref().filter(|_| is_empty) {
        return waiting.refuse(Refusal::inner(
            StatusCode::NOT_FOUND,
            "soda.row.not-found",
            "Row not found",
            json!({ "value": key }),
        ));
    }
    encoder.end(&mut buffer);
    if order.callback.is_some() {
        buffer.extend_from_slice(b");");
    }
    waiting.pass_on(buffer);
}

/// The head that waits for the first block.
struct Waiting<'w> {
    tell_head: Option<oneshot::Sender<Result<Head, Refusal>>>,
    columns: Vec<OutputColumn>,
    send: &'w mpsc::Sender<Block>,
}

impl Waiting<'_> {
    /// Sends a block; whether somebody takes it.
    fn pass_on(&mut self, block: Vec<u8>) -> bool {
        if let Some(tell) = self.tell_head.take() {
            let head = Head { columns: std::mem::take(&mut self.columns) };
            if tell.send(Ok(head)).is_err() {
                return false;
            }
        }
        self.send.blocking_send(Ok(block.into())).is_ok()
    }

    fn refuse(&mut self, refusal: Refusal) {
        if let Some(tell) = self.tell_head.take() {
            let _ = tell.send(Err(refusal));
        }
    }

    /// A fault in the first block is an answer of its own; behind it, the body breaks off.
    fn fail(&mut self, error: &crate::RunError, refused: impl Fn(crate::RunError) -> Refusal) {
        if self.tell_head.is_some() {
            self.refuse(refused(error.clone()));
        } else if error.code != RunCode::Cancelled {
            let _ = self.send.blocking_send(Err(io::Error::other(error.message.clone())));
        }
    }
}

/// The server's own time, in UTC: a portal's requests hold no relative dates of their own.
fn clock() -> Clock {
    let now = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now());
    Clock { local: now, utc: now }
}
