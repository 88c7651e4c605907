//! Error bodies, in the three forms that Socrata's own layers write.
//!
//! The layer in front (routing, tokens, syntax) says `code` and `error`; the one that runs 2.1
//! queries says `errorCode`; the newer analyzer says `code` without `error`. Clients have to try
//! all of them, so rehearsing with one would be no rehearsal.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// An error as it is answered.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Refusal {
    /// Of the layer in front.
    pub(super) fn core(status: StatusCode, code: &str, message: &str) -> Self {
        Self { status, body: json!({ "code": code, "error": true, "message": message }) }
    }

    /// Of the layer in front, about a request that is not understood at all.
    pub(super) fn bare(status: StatusCode, message: &str) -> Self {
        Self { status, body: json!({ "error": true, "message": message }) }
    }

    /// Of the layers behind: `errorCode` and no `error`.
    pub(super) fn inner(status: StatusCode, code: &str, message: &str, data: Value) -> Self {
        Self { status, body: json!({ "message": message, "errorCode": code }) }.data(data)
    }

    /// Of the newer analyzer.
    pub(super) fn newer(code: &str, message: &str, data: Map<String, Value>) -> Self {
        let body = json!({ "code": code, "message": message });
        Self { status: StatusCode::BAD_REQUEST, body }.data(Value::Object(data))
    }

    /// The catalogue's.
    pub(super) fn catalogue(message: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, body: json!({ "error": message }) }
    }

    /// Adds what the error is about.
    pub(super) fn data(mut self, data: Value) -> Self {
        if let Some(body) = self.body.as_object_mut() {
            body.insert("data".to_owned(), data);
        }
        self
    }

    /// No dataset of this identifier, as the row interfaces say it.
    pub(super) fn no_dataset(id: &str) -> Self {
        Self::core(StatusCode::NOT_FOUND, "dataset.missing", "Not found").data(json!({ "id": id }))
    }

    /// The same as the metadata interface says it.
    pub(super) fn no_view(id: &str) -> Self {
        let message = format!("Cannot find view with id {id}");
        Self::core(StatusCode::NOT_FOUND, "not_found", &message)
    }

    /// A parameter with a value that it cannot have.
    pub(super) fn bad_parameter(parameter: &str, value: &str) -> Self {
        let message = format!("Bad value for parameter {parameter}: {value}");
        let data = json!({ "parameter": parameter, "value": value });
        Self::inner(StatusCode::BAD_REQUEST, "req.bad-parameter", &message, data)
    }

    /// A fault of the server.
    pub(super) fn internal(message: &str) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::inner(status, "internal-error", message, json!({ "tag": "local" }))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
