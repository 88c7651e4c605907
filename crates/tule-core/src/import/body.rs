//! The JSON body of a `SODA 3` request.
//!
//! Deliberately absent: repair of JSON that is not JSON, such as a Python dictionary.

use std::ops::Range;

use serde_json::{Map, Value};

use super::address::Endpoint;
use super::options::{Options, dropped};
use super::params::{self, Param, shown};
use super::text::Text;
use super::{ImportError, Result};

pub(super) fn read(text: &Text, endpoint: Endpoint, notes: &mut Vec<String>) -> Result<Options> {
    let value: Value =
        serde_json::from_str(text.as_str()).map_err(|error| no_json(text, &error))?;
    let Value::Object(body) = value else {
        return Err(ImportError::new("bad-json", "body is no JSON object").at(Some(text.whole())));
    };
    refuse_secrets(&body)?;
    let mut options = Options::default();
    for (key, value) in &body {
        let span = key_span(text, key);
        match (key.as_str(), value) {
            (_, Value::Null) | ("includeSynthetic", Value::Bool(false)) => {}
            ("query", Value::String(query)) => {
                options.set_query(&written_as(text, query), notes)?;
            }
            ("query", _) => return Err(wrong_type(key, "a text", span)),
            ("page", Value::Object(page)) => set_page(&mut options, page, endpoint, text)?,
            ("parameters", Value::Object(given)) => {
                if let Some(name) = given.keys().next() {
                    return Err(user_parameter(name, span));
                }
            }
            ("parameters", Value::Array(given)) if given.is_empty() => {}
            ("page" | "parameters", _) => return Err(wrong_type(key, "an object", span)),
            ("includeSystem", Value::Bool(include)) => options.set_system(*include),
            ("includeSystem", _) => return Err(wrong_type(key, "`true` or `false`", span)),
            _ => dropped(key, span, notes)?,
        }
    }
    Ok(options)
}

fn refuse_secrets(body: &Map<String, Value>) -> Result<()> {
    let given = |(name, value): (&String, &Value)| Param {
        name: name.clone(),
        name_span: None,
        value: Text::plain(value.as_str().unwrap_or("")),
    };
    params::refuse_secrets(&body.iter().map(given).collect::<Vec<_>>())
}

fn set_page(
    options: &mut Options,
    page: &Map<String, Value>,
    endpoint: Endpoint,
    text: &Text,
) -> Result<()> {
    for (key, value) in page {
        let span = key_span(text, key);
        let number = || {
            value.as_u64().ok_or_else(|| {
                ImportError::new("bad-number", format!("`{key}` needs a whole number"))
                    .at(span.clone())
            })
        };
        match key.as_str() {
            "pageNumber" => options.set_number(number()?, endpoint, span.clone())?,
            "pageSize" => options.set_size(number()?, endpoint, span.clone())?,
            _ => {
                let message = format!("`{}` is no part of `page`", shown(key));
                return Err(ImportError::new("unknown-parameter", message)
                    .help("a page has `pageNumber` and `pageSize`")
                    .at(span));
            }
        }
    }
    Ok(())
}

fn user_parameter(name: &str, span: Option<Range<usize>>) -> ImportError {
    let name = shown(name);
    let message = format!("`parameters` sets `{name}`, a parameter of the stored view");
    ImportError::new("unknown-parameter", message)
        .help(format!(
            "a query reads it as `param('{name}')`; its value is set when the query is run"
        ))
        .at(span)
}

fn wrong_type(key: &str, wanted: &str, span: Option<Range<usize>>) -> ImportError {
    ImportError::new("bad-json", format!("`{key}` must be {wanted}")).at(span)
}

fn no_json(text: &Text, error: &serde_json::Error) -> ImportError {
    let value = text.as_str();
    let lines = value.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line: usize = lines.map(str::len).sum();
    let mut at = (line + error.column().saturating_sub(1)).min(value.len().saturating_sub(1));
    while !value.is_char_boundary(at) {
        at -= 1;
    }
    let length = value.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let described = error.to_string();
    // The place is the span's to tell.
    let what = described.split(" at line ").next().unwrap_or("");
    ImportError::new("bad-json", format!("body is no JSON: {what}"))
        .help("names and text stand in double quotes")
        .at(Some(text.origin(at..at + length)))
}

/// Where a key stands; nowhere if that is not clear.
fn key_span(text: &Text, key: &str) -> Option<Range<usize>> {
    let quoted = serde_json::to_string(key).ok()?;
    let mut found = text.as_str().match_indices(&quoted);
    let (at, _) = found.next()?;
    found.next().is_none().then(|| text.origin(at..at + quoted.len()))
}

/// `decoded` with the places of its characters in the JSON string it was written as.
fn written_as(text: &Text, decoded: &str) -> Text {
    text.as_str()
        .match_indices("\"query\"")
        .filter_map(|(at, key)| {
            let rest = text.as_str().get(at + key.len()..)?;
            let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
            string_at(text, text.as_str().len() - value.len())
        })
        .find(|found| found.as_str() == decoded)
        .unwrap_or_else(|| Text::standing_for(decoded, &text.whole()))
}

/// The JSON string whose first character stands at `at`.
fn string_at(text: &Text, mut at: usize) -> Option<Text> {
    let mut out = Text::beside(text);
    loop {
        let rest = text.as_str().get(at..)?;
        let c = rest.chars().next()?;
        let (length, c) = match c {
            '"' => return Some(out),
            // An escape has two bytes, six, or twelve if it is a pair of surrogates.
            '\\' => [2, 6, 12].into_iter().find_map(|length| {
                let escape = format!("\"{}\"", rest.get(..length)?);
                let value: String = serde_json::from_str(&escape).ok()?;
                Some((length, value.chars().next()?))
            })?,
            _ => (c.len_utf8(), c),
        };
        out.push(c, text.origin(at..at + length));
        at += length;
    }
}
