//! Any Socrata API call as one Tule statement.
//!
//! People arrive with an address that works: from a script, a portal's export dialog, a forum.
//! This module reads it as the portal does and writes the statement that asks for the same rows.
//! Whatever a statement cannot carry is an error; what changes only the form of the answer is
//! left out with a note. Deliberately absent: the formatter, any check against a schema, any
//! repair of what the portal would refuse, and other portals' APIs.

mod address;
mod body;
mod clause;
mod command;
mod messy;
mod options;
mod params;
mod placeholder;
mod statement;
mod text;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;

use std::ops::Range;

use address::{Call, Endpoint};
use params::Param;
use statement::Dataset;
use text::Text;
use tule_syntax::literal::is_quotable_name;

use crate::target::Target;

/// Longest input in bytes: far more than any server takes, little enough to keep a place for
/// each byte.
const MAX_INPUT: usize = 4 << 20;

/// A statement and where it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// One Tule statement that ends with `;`, valid but not laid out.
    pub statement: String,
    /// The portal's host, with its port where one was given.
    pub host: Option<String>,
    /// The dataset's identifier, or the name of its endpoint.
    pub dataset: Option<String>,
    /// Which API was called.
    pub target: Target,
    /// What was left out without changing the rows, or read otherwise than it was written.
    pub notes: Vec<String>,
}

/// Why a call cannot become a statement.
///
/// It never holds a token, and has no span where the input holds one, so that it can be shown
/// with the line it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportError {
    /// The sort of fault, in kebab-case.
    pub code: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where, in bytes: in the input of [`import`], in the parameter's value for
    /// [`import_params`].
    pub span: Option<Range<usize>>,
}

impl ImportError {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, span: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn at(mut self, span: Option<Range<usize>>) -> Self {
        self.span = span.filter(|span| !span.is_empty());
        self
    }
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ImportError {}

type Result<T> = std::result::Result<T, ImportError>;

/// Turns an address, the JSON body of a `SODA 3` request, or a `curl` command with either, into
/// a statement.
///
/// ```
/// use tule_core::import::import;
///
/// let call = "https://data.example.gov/resource/abcd-1234.json?city=Bend&$where=stars%20%3E%203";
/// let imported = import(call)?;
/// assert_eq!(
///     imported.statement,
///     "select * from 'data.example.gov/abcd-1234' where stars > 3 and city = 'Bend';"
/// );
///
/// let error = import("data.example.gov/resource/abcd-1234.json?$limit=all").unwrap_err();
/// assert_eq!(error.code, "bad-number");
/// # Ok::<(), tule_core::import::ImportError>(())
/// ```
pub fn import(input: &str) -> Result<Imported> {
    if input.len() > MAX_INPUT {
        let message = format!("input is longer than {} MiB", MAX_INPUT >> 20);
        return Err(ImportError::new("not-a-portal-url", message));
    }
    let text = unwrapped(&Text::plain(input));
    read(&text).map_err(|mut error| {
        // A span makes its line be shown, and with it the token.
        if error.code == "secret-in-query" || params::mentions_secret(input) {
            error.span = None;
        }
        error
    })
}

/// Turns decoded parameters of the 2.x API into a statement.
///
/// ```
/// use tule_core::import::import_params;
///
/// let params = [("$q".to_owned(), "coffee".to_owned()), ("$limit".to_owned(), "5".to_owned())];
/// let imported = import_params(None, Some("abcd-1234"), &params)?;
/// assert_eq!(imported.statement, "select * from @abcd-1234 search 'coffee' limit 5;");
/// # Ok::<(), tule_core::import::ImportError>(())
/// ```
pub fn import_params(
    host: Option<&str>,
    dataset: Option<&str>,
    params: &[(String, String)],
) -> Result<Imported> {
    let params = params
        .iter()
        .map(|(name, value)| Param {
            name: name.clone(),
            name_span: None,
            value: Text::plain(value),
        })
        .collect();
    finish(Call {
        dataset: Dataset { host: host.map(str::to_owned), id: dataset.map(str::to_owned) },
        endpoint: Endpoint::Rows,
        row: None,
        params,
        notes: Vec::new(),
        fragment: false,
    })
}

/// Takes off what stands around an address in a mail or a script.
fn unwrapped(text: &Text) -> Text {
    let mut value = text.as_str();
    let mut start = 0;
    loop {
        start += value.len() - value.trim_start().len();
        value = value.trim();
        let inner = [('<', '>'), ('"', '"'), ('\'', '\''), ('`', '`')]
            .into_iter()
            .find_map(|(open, close)| value.strip_prefix(open)?.strip_suffix(close));
        let Some(inner) = inner else {
            return text.part(start..start + value.len());
        };
        start += 1;
        value = inner;
    }
}

fn read(text: &Text) -> Result<Imported> {
    let value = text.as_str();
    if value.starts_with('{') {
        return post(Dataset::default(), Endpoint::Query, text, Vec::new());
    }
    let Some(after) =
        value.strip_prefix("curl").filter(|rest| rest.starts_with(char::is_whitespace))
    else {
        return finish(address::read(text)?);
    };
    let command = command::read(&text.part(value.len() - after.len()..value.len()))?;
    let mut call = address::read(&unwrapped(&command.address))?;
    call.params.extend(command.params);
    call.notes.extend(command.notes);
    match (command.body, call.endpoint) {
        (None, _) => finish(call),
        (Some(body), Endpoint::Query | Endpoint::Export) => {
            params::refuse_secrets(&call.params)?;
            if let Some(param) = call.params.first() {
                let message = format!("parameter `{}` beside a body", params::shown(&param.name));
                return Err(ImportError::new("unknown-parameter", message)
                    .help("a `SODA 3` request takes its options from the body or the address")
                    .at(param.name_span.clone()));
            }
            post(call.dataset, call.endpoint, &body, call.notes)
        }
        (Some(body), _) => Err(ImportError::new(
            "unsupported-endpoint",
            "a request that sends data to this endpoint does not read rows",
        )
        .help("`-G` turns the data into parameters of the address")
        .at(Some(body.whole()))),
    }
}

/// A request of the 3.0 API with a body.
fn post(
    dataset: Dataset,
    endpoint: Endpoint,
    text: &Text,
    mut notes: Vec<String>,
) -> Result<Imported> {
    let options = body::read(text, endpoint, &mut notes)?;
    let statement = options.statement(&dataset, endpoint, &mut notes)?;
    Ok(imported(dataset, Target::Soda3, statement, notes))
}

/// A request with all it has to say in its address.
fn finish(call: Call) -> Result<Imported> {
    params::refuse_secrets(&call.params)?;
    // What a value leaves behind that holds one of the signs between parameters.
    let cut =
        call.params.iter().any(|param| param.value.is_empty() && !is_quotable_name(&param.name));
    let fragment = call.fragment;
    let target = call.endpoint.target();
    let mut notes = call.notes;
    let statement = match call.endpoint {
        Endpoint::Query | Endpoint::Export => {
            options::from_params(call.params, call.endpoint, &mut notes)
                .and_then(|options| options.statement(&call.dataset, call.endpoint, &mut notes))
        }
        endpoint => params::read(call.params, call.row, endpoint, &mut notes)
            .and_then(|parts| parts.statement(&call.dataset, endpoint, &mut notes)),
    };
    let statement = statement.map_err(|error| match error.code {
        "syntax" if fragment => {
            error.help("an address ends at `#`; inside a value it is written `%23`")
        }
        "syntax" if cut => error.help("a value ends at `&`; inside a value it is written `%26`"),
        _ => error,
    })?;
    Ok(imported(call.dataset, target, statement, notes))
}

fn imported(dataset: Dataset, target: Target, statement: String, notes: Vec<String>) -> Imported {
    Imported { statement, host: dataset.host, dataset: dataset.id, target, notes }
}
