//! Which portal, dataset and endpoint an address names.
//!
//! Read by hand and not by a URL library alone: real addresses are seldom encoded, and a fault
//! has to be shown where it was pasted. Deliberately absent: any request that finds out more,
//! such as a redirect or the dataset behind a name.

use std::ops::Range;

use super::params::{Param, shown};
use super::placeholder;
use super::statement::Dataset;
use super::text::Text;
use super::{ImportError, Result, Target};

/// What an address asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Endpoint {
    /// `/resource/…` and its twin: rows, as the parameters say.
    Rows,
    /// `/api/views/…/rows.*`, `/api/geospatial/…`: every row.
    Whole,
    /// A page for people; its parameters do not choose rows.
    Page,
    /// `/api/v3/views/…/query.*`
    Query,
    /// `/api/v3/views/…/export.*`: every row of the query.
    Export,
}

impl Endpoint {
    pub(super) fn target(self) -> Target {
        match self {
            Self::Rows | Self::Whole | Self::Page => Target::Soda2,
            Self::Query | Self::Export => Target::Soda3,
        }
    }
}

/// An address, taken apart.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) dataset: Dataset,
    pub(super) endpoint: Endpoint,
    /// The row that the path names.
    pub(super) row: Option<Text>,
    pub(super) params: Vec<Param>,
    pub(super) notes: Vec<String>,
    /// Something stood behind a `#`, which no portal gets to see.
    pub(super) fragment: bool,
}

/// Endings of a path that name the format of the answer.
const FORMATS: &[&str] = &[
    "json", "csv", "tsv", "geojson", "xml", "rdf", "rss", "xlsx", "xls", "pdf", "jsonp", "cjson",
    "kml", "kmz", "zip", "shp", "txt",
];

/// Longest name of a host, as DNS has it.
const MAX_HOST: usize = 253;

/// What may stand behind the identifier in the address of a dataset's page.
const PAGES: &[&str] =
    &["about", "about_data", "data", "data_preview", "embed", "explore", "preview", "revisions"];

pub(super) fn read(text: &Text) -> Result<Call> {
    let (host, rest) = host(text)?;
    let value = rest.as_str();
    let fragment = value.find('#');
    let end = fragment.unwrap_or(value.len());
    let question = value.find('?').filter(|at| *at < end);
    let path = rest.part(0..question.unwrap_or(end));
    let mut notes = Vec::new();
    let params = question.map_or_else(Vec::new, |at| params(&rest.part(at + 1..end), &mut notes));
    let segments: Vec<Text> = path
        .split('/')
        .iter()
        .map(|segment| segment.decode(false).0.trim())
        .filter(|segment| !segment.is_empty())
        .collect();
    if let Some(found) = segments.iter().find_map(placeholder::braced) {
        return Err(hole_in_path(&found));
    }
    let mut call = Call {
        dataset: Dataset { host, id: None },
        endpoint: Endpoint::Rows,
        row: None,
        params,
        notes,
        fragment: fragment.is_some(),
    };
    // `?$select=…` alone, as scripts hold it beside the address.
    if !(segments.is_empty() && call.dataset.host.is_none()) {
        path_of(&mut call, &segments, &path)?;
    }
    Ok(call)
}

fn hole_in_path(found: &Range<usize>) -> ImportError {
    ImportError::new("template-placeholder", "address has a placeholder in it")
        .help("write the host and the identifier out; only values can be parameters")
        .at(Some(found.clone()))
}

fn not_an_address(text: &Text) -> ImportError {
    let error = ImportError::new("not-a-portal-url", "input is no address of a portal")
        .at(Some(text.whole()));
    let first = text.as_str().split_whitespace().next().unwrap_or("");
    if ["select", "from", "query", "with"].iter().any(|word| first.eq_ignore_ascii_case(word)) {
        return error.help("a query in text needs no import: Tule reads SoQL as it is");
    }
    error.help("an address looks like `https://host/resource/abcd-1234.json`")
}

/// The host, and what follows it.
fn host(text: &Text) -> Result<(Option<String>, Text)> {
    let value = text.as_str();
    let stop = value.find(['/', '?', '#']).unwrap_or(value.len());
    let start = match value.find("://") {
        Some(at) if at < stop => {
            let scheme = value.get(..at).unwrap_or("");
            if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
                let message = format!("`{}` is no scheme of a portal's address", shown(scheme));
                return Err(
                    ImportError::new("not-a-portal-url", message).at(Some(text.origin(0..at)))
                );
            }
            at + 3
        }
        _ if value.starts_with("//") => 2,
        _ => 0,
    };
    let after = value.get(start..).unwrap_or("");
    let length = after.find(['/', '?', '#']).unwrap_or(after.len());
    let authority = after.get(..length).unwrap_or("");
    let rest = text.part(start + length..value.len());
    if start == 0 && (value.starts_with(['/', '?']) || matches!(authority, "resource" | "api")) {
        return Ok((None, text.clone()));
    }
    if authority.contains('@') {
        return Err(ImportError::new("secret-in-query", "address holds a user name or password")
            .help("take it out; a portal's token belongs in the variable that `token-env` names"));
    }
    if authority.contains(['{', '$']) {
        return Err(hole_in_path(&text.origin(start..start + length)));
    }
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (authority, None),
    };
    let like_host = start > 0 || name.contains('.') || name == "localhost" || name.starts_with('[');
    let parsed = Some(name)
        .filter(|name| like_host && name.len() <= MAX_HOST)
        .and_then(|name| url::Host::parse(name).ok());
    let port = port.map(str::parse::<u16>).transpose();
    let (Some(parsed), Ok(port)) = (parsed, port) else {
        return Err(not_an_address(text));
    };
    let usual = matches!(port, None | Some(80 | 443));
    let host = match port {
        Some(port) if !usual => format!("{parsed}:{port}"),
        _ => parsed.to_string(),
    };
    Ok((Some(host), rest))
}

/// The parameters behind `?`.
fn params(query: &Text, notes: &mut Vec<String>) -> Vec<Param> {
    let mut params = Vec::new();
    let start = query.as_str().len() - query.as_str().trim_start_matches(['?', '&']).len();
    for piece in query.part(start..query.as_str().len()).split('&') {
        if piece.trim().is_empty() {
            continue;
        }
        let length = piece.as_str().len();
        let equals = piece.as_str().find('=').unwrap_or(length);
        let written = piece.part(0..equals);
        let (spaced, _) = written.decode(true);
        let name = spaced.trim();
        let (mut value, broken) = piece.part((equals + 1).min(length)..length).decode(true);
        // `county = Denver`: spaces for the reader on both sides.
        if spaced.as_str().trim_end().len() < spaced.as_str().len() {
            value = value.trim();
        }
        if broken {
            notes.push(format!(
                "an escape in `{}` that is not UTF-8 was read as it stands",
                shown(name.as_str())
            ));
        }
        params.push(Param {
            name: name.as_str().to_owned(),
            name_span: Some(written.whole()),
            value,
        });
    }
    params
}

fn path_of(call: &mut Call, segments: &[Text], path: &Text) -> Result<()> {
    let words: Vec<&str> = segments.iter().map(Text::as_str).collect();
    let unsupported =
        |message: String| ImportError::new("unsupported-endpoint", message).at(Some(path.whole()));
    let endpoint;
    let id = match words.as_slice() {
        ["resource", file] | ["api", "id", file] => {
            endpoint = Endpoint::Rows;
            format_of(call, file)
        }
        ["resource", id, row] => {
            endpoint = Endpoint::Rows;
            let row = format_of(call, row).len();
            call.row = segments.get(2).map(|segment| segment.part(0..row));
            id
        }
        ["api", "views", id, rows] | ["views", id, rows] if stem(rows).0 == "rows" => {
            endpoint = Endpoint::Whole;
            format_of(call, rows);
            id
        }
        ["api", "geospatial", file] => {
            endpoint = Endpoint::Whole;
            format_of(call, file)
        }
        ["api", "v3", "views", id, file] if stem(file).0 == "query" => {
            endpoint = Endpoint::Query;
            format_of(call, file);
            id
        }
        ["api", "v3", "views", id, file] if stem(file).0 == "export" => {
            endpoint = Endpoint::Export;
            format_of(call, file);
            id
        }
        ["api", "views" | "v3", ..] => {
            return Err(unsupported("address asks for a description, not for rows".to_owned())
                .help("rows are at `/resource/abcd-1234.json`"));
        }
        ["api", "odata", ..] | ["odata" | "OData.svc", ..] => {
            return Err(unsupported("OData addresses cannot be imported".to_owned())
                .help("the same rows are at `/resource/abcd-1234.json`"));
        }
        ["api" | "resource" | "download" | "stories", ..] => {
            let message = format!("`{}` is no endpoint for rows", shown(path.as_str()));
            return Err(unsupported(message));
        }
        ["foundry", host, id] if call.dataset.host.as_deref() == Some("dev.socrata.com") => {
            endpoint = Endpoint::Page;
            call.dataset.host = url::Host::parse(host).ok().map(|host| host.to_string());
            id
        }
        words => {
            endpoint = Endpoint::Page;
            let Some(at) = page(words) else {
                let message = "address names no dataset".to_owned();
                return Err(
                    unsupported(message).help("an identifier of a dataset looks like `abcd-1234`")
                );
            };
            // The query that the portal's own editor shows, carried in the path.
            if let (Some(["explore", "query"]), Some(query)) =
                (words.get(at + 1..at + 3), segments.get(at + 3))
            {
                call.params = vec![Param {
                    name: "$query".to_owned(),
                    name_span: None,
                    value: query.clone(),
                }];
            }
            words.get(at).copied().unwrap_or("")
        }
    };
    if !(is_id(id) || endpoint == Endpoint::Rows && is_endpoint_name(id)) {
        return Err(unsupported(format!("`{}` is no identifier of a dataset", shown(id)))
            .help("an identifier of a dataset looks like `abcd-1234`"));
    }
    call.dataset.id = Some(id.to_owned());
    call.endpoint = endpoint;
    Ok(())
}

/// Which word is the identifier in the address of a page.
fn page(words: &[&str]) -> Option<usize> {
    let at = words.iter().rposition(|word| is_id(word))?;
    let known = |word: &&&str| PAGES.contains(word);
    words.get(at + 1).is_none_or(|next| known(&next)).then_some(at)
}

/// `abcd-1234`
fn is_id(word: &str) -> bool {
    let letter = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let (head, tail) = (word.as_bytes().get(..4), word.as_bytes().get(5..));
    word.len() == 9
        && word.as_bytes().get(4) == Some(&b'-')
        && head.is_some_and(|half| half.iter().all(letter))
        && tail.is_some_and(|half| half.iter().all(letter))
}

fn is_endpoint_name(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// A file's name without the ending that names a format, and that ending.
fn stem(file: &str) -> (&str, Option<&str>) {
    match file.rsplit_once('.') {
        Some((stem, format)) if FORMATS.iter().any(|known| known.eq_ignore_ascii_case(format)) => {
            (stem, Some(format))
        }
        _ => (file, None),
    }
}

/// [`stem`]; notes the format.
fn format_of<'a>(call: &mut Call, file: &'a str) -> &'a str {
    let (stem, format) = stem(file);
    if let Some(format) = format.filter(|format| !format.eq_ignore_ascii_case("json")) {
        call.notes.push(format!("format `{format}` is no part of a query and was left out"));
    }
    stem
}
