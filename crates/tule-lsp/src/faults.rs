//! Faults as the error answers of the protocol.

use serde_json::json;
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::ls_types::Range;
use tule_core::diagnostics::Diagnostic;

use crate::encoding::View;
use crate::portals::Fault;

/// "Request failed" of the protocol: the request was fine, what it is about is not.
const REQUEST_FAILED: i64 = -32803;

/// A request that failed for a reason of its own.
pub(crate) fn failed(code: &str, message: String, range: Option<Range>) -> Error {
    let data = match range {
        Some(range) => json!({ "code": code, "range": range }),
        None => json!({ "code": code }),
    };
    Error {
        code: ErrorCode::ServerError(REQUEST_FAILED),
        message: message.into(),
        data: Some(data),
    }
}

/// A finding, whose place is one in the document.
pub(crate) fn of_finding(found: &Diagnostic, view: View<'_>) -> Error {
    failed(found.code.name(), found.message.clone(), Some(view.range(found.span)))
}

/// A fault in one line.
pub(crate) fn said(fault: &Fault) -> String {
    match &fault.help {
        Some(help) => format!("{}: {help}", fault.message),
        None => fault.message.clone(),
    }
}
