//! A request as inert data, and its one encoder.

use serde_json::Value;
use url::Url;

use super::text::SourceMap;
use crate::check::OutputColumn;
use crate::target::Target;

/// An HTTP method.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Method {
    Get,
    Post,
}

impl Method {
    /// The method in upper case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// How all rows are fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paging {
    /// The way.
    pub strategy: Strategy,
    /// Rows of a page; for one request, the most rows that it gives (`None`: as many as match).
    pub page_size: Option<u64>,
    /// Rows in front of the first page, from the query's own OFFSET.
    pub skip: u64,
}

/// How all rows are fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strategy {
    /// One request gives every row that the query asks for.
    Single,
    /// One request, cut at the portal's default of 1,000 rows: the query has no LIMIT.
    DefaultLimit,
    /// `$limit` and `$offset` are moved on until a page is short.
    Offset,
    /// `page.pageNumber` is counted up until a page is short.
    PageNumber,
}

impl Strategy {
    /// The name in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::DefaultLimit => "default-limit",
            Self::Offset => "offset",
            Self::PageNumber => "page",
        }
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The interface.
    pub target: Target,
    /// The method.
    pub method: Method,
    /// Host of the portal, with its port where that is not the usual one.
    pub host: String,
    /// Identifier of the dataset.
    pub dataset: String,
    /// The address without parameters.
    pub endpoint: Url,
    /// Parameters of the address, decoded, in order. No token is ever among them.
    pub params: Vec<(String, String)>,
    /// The JSON body of a POST.
    pub body: Option<Value>,
    /// How all rows are fetched.
    pub paging: Paging,
    /// The result columns.
    pub columns: Vec<OutputColumn>,
    /// For each text that holds part of the query (a parameter's name, or `query` in the body),
    /// where its parts came from.
    pub maps: Vec<(String, SourceMap)>,
}

impl Request {
    /// The complete address, encoded.
    #[must_use]
    pub fn url(&self) -> Url {
        let mut url = self.endpoint.clone();
        if !self.params.is_empty() {
            url.query_pairs_mut().extend_pairs(
                self.params.iter().map(|(key, value)| (key.as_str(), value.as_str())),
            );
        }
        url
    }
}
