//! The options of a `SODA 3` request, from its address or its body.
//!
//! Deliberately absent: user parameters of stored views. A statement reads them with
//! `param('name')`, but their values belong to a run and not to the query.

use std::ops::Range;

use super::address::Endpoint;
use super::params::{Param, nearest, shown, whole_number};
use super::statement::{Cut, Dataset, Query};
use super::text::Text;
use super::{ImportError, Result};
use crate::names::alternatives;

/// Everything that may stand in a request, with parameters of an address and keys of a body.
const KNOWN: &[&str] = &[
    "query",
    "page",
    "pageNumber",
    "pageSize",
    "parameters",
    "includeSystem",
    "includeSynthetic",
    "orderingSpecifier",
    "timeout",
    "serializationOptions",
];

/// What a request asks for.
#[derive(Debug, Default)]
pub(super) struct Options {
    query: Option<Query>,
    number: Option<u64>,
    size: Option<u64>,
    system: Option<bool>,
}

/// Reads the parameters of an address.
pub(super) fn from_params(
    params: Vec<Param>,
    endpoint: Endpoint,
    notes: &mut Vec<String>,
) -> Result<Options> {
    let mut options = Options::default();
    let mut seen: Vec<String> = Vec::new();
    for param in params {
        let name = param.name.as_str();
        let span = param.name_span.clone();
        if seen.iter().any(|before| before == name) {
            let message = format!("parameter `{}` stands twice", shown(name));
            return Err(ImportError::new("repeated-parameter", message).at(span));
        }
        seen.push(name.to_owned());
        let value = param.value.trim();
        if value.is_empty() {
            continue;
        }
        match name {
            "query" => options.set_query(&value, notes)?,
            "pageNumber" => options.set_number(whole_number(&value, name)?, endpoint, span)?,
            "pageSize" => options.set_size(whole_number(&value, name)?, endpoint, span)?,
            "includeSystem" => options.system = Some(value.as_str() == "true"),
            "page" | "parameters" => return Err(unknown(name, span)),
            _ => dropped(name, span, notes)?,
        }
    }
    Ok(options)
}

/// Notes an option that chooses no rows; refuses what is none.
pub(super) fn dropped(
    name: &str,
    span: Option<Range<usize>>,
    notes: &mut Vec<String>,
) -> Result<()> {
    match name {
        "includeSynthetic" => notes.push(
            "`includeSynthetic` was left out: `*` in Tule has no computed region columns"
                .to_owned(),
        ),
        "orderingSpecifier" | "timeout" | "serializationOptions" | "app_token" => {
            notes.push(format!("`{name}` is no part of a query and was left out"));
        }
        _ => return Err(unknown(name, span)),
    }
    Ok(())
}

fn unknown(name: &str, span: Option<Range<usize>>) -> ImportError {
    let error = ImportError::new(
        "unknown-parameter",
        format!("`{}` is no option of a `SODA 3` request", shown(name)),
    )
    .at(span);
    let near = nearest(name.trim_start_matches('$'), KNOWN.iter().copied());
    if near.is_empty() || near.contains(&name) {
        error.help("the query stands in `query`, pages in `pageNumber` and `pageSize`")
    } else {
        error.help(format!("perhaps {} was meant", alternatives(&near)))
    }
}

impl Options {
    pub(super) fn set_query(&mut self, value: &Text, notes: &mut Vec<String>) -> Result<()> {
        let value = value.trim();
        if !value.is_empty() {
            self.query = Some(Query::read(&value, "query", notes)?);
        }
        Ok(())
    }

    pub(super) fn set_system(&mut self, value: bool) {
        self.system = Some(value);
    }

    pub(super) fn set_number(
        &mut self,
        number: u64,
        endpoint: Endpoint,
        span: Option<Range<usize>>,
    ) -> Result<()> {
        refuse_pages(endpoint, span.clone())?;
        if number == 0 {
            return Err(ImportError::new("bad-number", "`pageNumber` counts from 1").at(span));
        }
        self.number = Some(number);
        Ok(())
    }

    pub(super) fn set_size(
        &mut self,
        size: u64,
        endpoint: Endpoint,
        span: Option<Range<usize>>,
    ) -> Result<()> {
        refuse_pages(endpoint, span)?;
        self.size = Some(size);
        Ok(())
    }

    pub(super) fn statement(
        self,
        dataset: &Dataset,
        endpoint: Endpoint,
        notes: &mut Vec<String>,
    ) -> Result<String> {
        let query = match self.query {
            Some(query) => query,
            None => Query::read(&Text::plain("select *"), "query", notes)?,
        };
        if self.system.is_none() && query.has_star() {
            notes.push(
                "system columns, which `SODA 3` adds to `*`, were left out: `:*, *` asks for them"
                    .to_owned(),
            );
        }
        let cut = match (self.number, self.size) {
            (number, Some(size)) => {
                let skip = (number.unwrap_or(1) - 1).checked_mul(size);
                let skip =
                    skip.ok_or_else(|| ImportError::new("bad-number", "page is too far away"))?;
                Cut::Page { size, skip }
            }
            (Some(2..), None) => {
                return Err(ImportError::new("bad-number", "`pageNumber` without `pageSize`")
                    .help("give both: how long a page is decides where it begins"));
            }
            _ if endpoint == Endpoint::Export => Cut::All,
            _ => Cut::AsWritten,
        };
        query.statement(dataset, cut, self.system == Some(true), notes)
    }
}

fn refuse_pages(endpoint: Endpoint, span: Option<Range<usize>>) -> Result<()> {
    if endpoint != Endpoint::Export {
        return Ok(());
    }
    Err(ImportError::new("unknown-parameter", "an export has no pages")
        .help("pages are at `/api/v3/views/abcd-1234/query.json`")
        .at(span))
}
