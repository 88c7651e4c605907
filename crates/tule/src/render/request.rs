//! Requests in the forms that people and programs send them in.
//!
//! Addresses come encoded from the library and are not touched here. Deliberately absent: tokens;
//! a request that needs one gets it from whoever sends it.

use serde::Serialize;
use serde_json::Value;
use tule_core::lower::Request;
use tule_core::types::Type;

use crate::escape;

/// What `tule compile --format json` prints, in the form of `docs/compile.schema.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'r> {
    version: u32,
    requests: Vec<Entry<'r>>,
}

#[derive(Debug, Serialize)]
struct Entry<'r> {
    name: Option<&'r str>,
    target: &'static str,
    method: &'static str,
    url: String,
    params: &'r [(String, String)],
    body: Option<&'r Value>,
    paging: Paging,
    columns: Vec<Column<'r>>,
}

#[derive(Debug, Serialize)]
struct Paging {
    strategy: &'static str,
    page_size: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Column<'r> {
    name: &'r str,
    #[serde(rename = "type")]
    ty: Option<&'static str>,
}

/// A request and the name of the query it is for.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: Option<String>,
    pub(crate) request: Request,
}

impl<'r> Document<'r> {
    pub(crate) fn new(requests: &'r [Named]) -> Self {
        Self { version: 1, requests: requests.iter().map(entry).collect() }
    }
}

fn entry(named: &Named) -> Entry<'_> {
    let request = &named.request;
    Entry {
        name: named.name.as_deref(),
        target: request.target.name(),
        method: request.method.name(),
        url: request.url().to_string(),
        params: &request.params,
        body: request.body.as_ref(),
        paging: Paging {
            strategy: request.paging.strategy.name(),
            page_size: request.paging.page_size,
        },
        columns: request
            .columns
            .iter()
            .map(|column| Column { name: &column.name, ty: column.ty.map(Type::name) })
            .collect(),
    }
}

/// A command for a POSIX shell.
pub(crate) fn curl(request: &Request) -> String {
    let mut words = vec!["curl".to_owned()];
    if let Some(body) = body(request) {
        let header = "Content-Type: application/json".to_owned();
        let method = request.method.name().to_owned();
        words.extend(["-X".to_owned(), method, "-H".to_owned(), header, "--data".to_owned(), body]);
    }
    words.push(request.url().to_string());
    // Words with a NUL cannot be quoted; JSON and addresses hold none.
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
}

/// The text of the request as it goes over the wire, HTTP/1.1, with its line breaks.
pub(crate) fn http(request: &Request) -> String {
    let url = request.url();
    let query = url.query().map_or(String::new(), |query| format!("?{query}"));
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let mut lines = vec![
        format!("{} {}{query} HTTP/1.1", request.method.name(), url.path()),
        format!("Host: {}{port}", url.host_str().unwrap_or_default()),
        "Accept: application/json".to_owned(),
    ];
    let body = body(request);
    if let Some(body) = &body {
        lines.push("Content-Type: application/json".to_owned());
        lines.push(format!("Content-Length: {}", body.len()));
    }
    format!("{}\r\n\r\n{}", lines.join("\r\n"), body.unwrap_or_default())
}

fn body(request: &Request) -> Option<String> {
    Some(escape::json(request.body.as_ref()?.to_string()))
}
