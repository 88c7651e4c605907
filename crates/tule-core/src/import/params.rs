//! What the parameters of a 2.x call mean.
//!
//! A portal knows a handful of names that start with `$` and takes every other name for a column.
//! Real addresses bend these rules: parameters in upper case, an `&` that was encoded by mistake,
//! a forgotten `$`. What has one meaning is read that way and noted; the rest is an error.
//! Deliberately absent: which columns the dataset really has.

use std::collections::HashMap;
use std::ops::Range;

use tule_syntax::lexer::{is_ident_part, is_ident_start};
use tule_syntax::literal::{is_quotable_name, quote_string};
use tule_syntax::token::KEYWORDS;

use super::address::Endpoint;
use super::clause::{self, Slot};
use super::messy::{detached, operator};
use super::placeholder;
use super::statement::{Parts, Query};
use super::text::Text;
use super::{ImportError, Result};
use crate::names::{alternatives, similar};

/// One parameter, decoded.
#[derive(Clone, Debug)]
pub(super) struct Param {
    pub(super) name: String,
    /// Where the name stands, if the input is a text.
    pub(super) name_span: Option<Range<usize>>,
    pub(super) value: Text,
}

impl Param {
    /// The name's place, or else the value's.
    pub(super) fn span(&self) -> Option<Range<usize>> {
        let name = self.name_span.clone().filter(|span| !span.is_empty());
        name.or_else(|| Some(self.value.whole()))
    }
}

/// What a name that starts with `$` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Clause(Slot),
    Limit,
    Offset,
    Search,
    Query,
    SystemFields,
    Copy,
    /// Changes the answer's form or how it is computed, not its rows.
    Form,
}

pub(super) const ROLES: &[(&str, Role)] = &[
    ("$select", Role::Clause(Slot::Select)),
    ("$where", Role::Clause(Slot::Where)),
    ("$group", Role::Clause(Slot::Group)),
    ("$having", Role::Clause(Slot::Having)),
    ("$order", Role::Clause(Slot::Order)),
    ("$limit", Role::Limit),
    ("$offset", Role::Offset),
    ("$q", Role::Search),
    ("$query", Role::Query),
    ("$$exclude_system_fields", Role::SystemFields),
    ("$$copy", Role::Copy),
    ("$$app_token", Role::Form),
    ("$$bom", Role::Form),
    ("$$context", Role::Form),
    ("$$no_rollup", Role::Form),
    ("$$obfuscate_id", Role::Form),
    ("$$query_timeout_seconds", Role::Form),
    ("$$read_from_nbe", Role::Form),
    ("$$row_count", Role::Form),
    ("$$store", Role::Form),
    ("$$version", Role::Form),
    ("$jsonp", Role::Form),
];

/// Parameters of `/api/views/…/rows.*` and `/api/geospatial/…` that choose the form of the file.
const FORM_OF_FILE: &[&str] = &[
    "accesstype",
    "api_foundry",
    "app_token",
    "bom",
    "cachebust",
    "date",
    "delimiter",
    "format",
    "fourfour",
    "jsonp",
    "mapping",
    "method",
    "outsr",
    "read_from_nbe",
    "sorting",
    "version",
];

/// Names that carry a token or a key, `$` taken off, `-` read as `_`, in lower case.
const SECRETS: &[&str] = &[
    "app_token",
    "apptoken",
    "x_app_token",
    "access_token",
    "api_key",
    "apikey",
    "api_key_id",
    "api_key_secret",
    "secret_token",
];

/// Words that only a forgotten `$` explains.
const BARE_WORDS: &[&str] =
    &["select", "where", "group", "having", "order", "limit", "offset", "q", "query"];

/// Refuses tokens first of all, so that no later message can be about one.
pub(super) fn refuse_secrets(params: &[Param]) -> Result<()> {
    let secret = params.iter().find(|param| {
        let name = param.name.trim_start_matches('$').to_ascii_lowercase().replace('-', "_");
        SECRETS.contains(&name.as_str()) && !param.value.trim().is_empty()
    });
    let Some(param) = secret else {
        return Ok(());
    };
    let message = format!("parameter `{}` holds a token", shown(&param.name));
    Err(ImportError::new("secret-in-query", message)
        .help("take it out; a token belongs in the variable that `token-env` names"))
}

/// Whether a text seems to hold a token, however it is written; says yes too often.
pub(super) fn mentions_secret(input: &str) -> bool {
    let input = input.trim_start().to_ascii_lowercase().replace('-', "_");
    if input.starts_with("curl") {
        let parts = ["token", "auth", "cookie", "key", "secret", " _u", "__user", " _b"];
        return parts.iter().any(|part| input.contains(part));
    }
    let user = input.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next());
    user.is_some_and(|authority| authority.contains('@'))
        || SECRETS.iter().any(|name| input.contains(name))
}

/// A piece of the input for a message: one line, not too long.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = shown.char_indices().nth(40) {
        shown.truncate(at);
        shown.push_str("...");
    }
    shown
}

/// Reads the parameters of a 2.x call.
pub(super) fn read(
    params: Vec<Param>,
    row: Option<Text>,
    endpoint: Endpoint,
    notes: &mut Vec<String>,
) -> Result<Parts> {
    let mut reader = Reader { parts: Parts::default(), query: None, other: None, notes };
    if let Some(row) = row {
        reader.row(&row)?;
    }
    let mut seen: HashMap<String, String> = HashMap::new();
    for param in params {
        for param in detached(param, reader.notes) {
            let folded = folded(&param.name);
            if let Some(before) = seen.get(&folded) {
                if before == param.value.as_str() {
                    reader.notes.push(format!("second `{}` says the same again", shown(&folded)));
                    continue;
                }
                let message = format!("parameter `{}` stands twice", shown(&folded));
                return Err(ImportError::new("repeated-parameter", message)
                    .help("portals do not say which of the two they take")
                    .at(param.span()));
            }
            reader.take(&param, endpoint)?;
            seen.insert(folded, param.value.as_str().to_owned());
        }
    }
    reader.finish()
}

/// Names that start with `$` in lower case, others as they are.
pub(super) fn folded(name: &str) -> String {
    if name.starts_with('$') { name.to_ascii_lowercase() } else { name.to_owned() }
}

struct Reader<'n> {
    parts: Parts,
    query: Option<Param>,
    /// A parameter that cannot stand beside `$query`.
    other: Option<Param>,
    notes: &'n mut Vec<String>,
}

impl Reader<'_> {
    fn row(&mut self, row: &Text) -> Result<()> {
        if row.as_str().starts_with("row-") {
            self.parts.equals.push((":id".to_owned(), quote_string(row.as_str())));
            self.other = Some(Param {
                name: row.as_str().to_owned(),
                name_span: Some(row.whole()),
                value: row.clone(),
            });
            return Ok(());
        }
        let message = format!(
            "row `{}` is named by the publisher's row identifier, whose column is unknown",
            shown(row.as_str())
        );
        Err(ImportError::new("unsupported-endpoint", message)
            .help("name the column: `/resource/abcd-1234.json?column=value`")
            .at(Some(row.whole())))
    }

    fn take(&mut self, param: &Param, endpoint: Endpoint) -> Result<()> {
        match endpoint {
            Endpoint::Whole => self.file_option(param),
            Endpoint::Page if param.name != "$query" => {
                let name = shown(&param.name);
                self.notes.push(format!("`{name}` belongs to the page and was left out"));
                Ok(())
            }
            _ if param.name.starts_with('$') => self.named(param),
            _ => self.column(param),
        }
    }

    fn file_option(&mut self, param: &Param) -> Result<()> {
        let name = param.name.trim_start_matches('$').to_ascii_lowercase();
        if name == "query" {
            self.query = Some(param.clone());
            return Ok(());
        }
        if FORM_OF_FILE.contains(&name.as_str()) {
            self.form(param);
            return Ok(());
        }
        let message = format!("parameter `{}` is unknown to this endpoint", shown(&param.name));
        Err(ImportError::new("unknown-parameter", message)
            .help("rows are chosen at `/resource/abcd-1234.json`")
            .at(param.span()))
    }

    fn form(&mut self, param: &Param) {
        let name = shown(&param.name);
        self.notes.push(format!(
            "`{name}` changes the form of the answer, not its rows, and was left out"
        ));
    }

    fn named(&mut self, param: &Param) -> Result<()> {
        let name = folded(&param.name);
        let Some((known, role)) = ROLES.iter().find(|(known, _)| *known == name) else {
            return Err(unknown(param, &name));
        };
        if *known != param.name {
            self.notes.push(format!("`{}` was read as `{known}`", shown(&param.name)));
        }
        let value = param.value.trim();
        if value.is_empty() {
            return Ok(());
        }
        if !matches!(role, Role::Form | Role::Query | Role::Copy | Role::SystemFields) {
            self.other.get_or_insert_with(|| param.clone());
        }
        match role {
            Role::Clause(slot) => {
                let clause = clause::read(*slot, known, &value, self.notes)?;
                self.parts.set(*slot, clause);
            }
            Role::Limit => self.parts.limit = Some(whole_number(&value, known)?),
            Role::Offset => self.parts.offset = Some(whole_number(&value, known)?),
            Role::Search => {
                placeholder::refuse_value(&value, known, "text")?;
                self.parts.search = Some(quote_string(value.as_str()));
            }
            Role::Query => self.query = Some(param.clone()),
            Role::SystemFields => match value.as_str().to_ascii_lowercase().as_str() {
                "false" => self.parts.system = true,
                _ => self.form(param),
            },
            Role::Copy if ["latest", "published"].contains(&value.as_str()) => self.form(param),
            Role::Copy => {
                let message = "`$$copy` asks for a copy of the dataset that a query cannot name";
                return Err(ImportError::new("unknown-parameter", message).at(param.span()));
            }
            Role::Form => self.form(param),
        }
        Ok(())
    }

    /// `column=value`
    fn column(&mut self, param: &Param) -> Result<()> {
        let name = param.name.trim();
        let folded = name.to_ascii_lowercase();
        // Its value was empty, or it was refused before.
        if SECRETS.contains(&folded.as_str())
            || ["accesstype", "fourfour"].contains(&folded.as_str())
        {
            self.form(param);
            return Ok(());
        }
        if name.is_empty() {
            return Err(ImportError::new("unknown-parameter", "parameter without a name")
                .help("in a shell, `$limit` outside single quotes is replaced by nothing")
                .at(param.span()));
        }
        if BARE_WORDS.contains(&folded.as_str()) {
            let message = format!("parameter `{}` has no `$`", shown(name));
            return Err(ImportError::new("unknown-parameter", message)
                .help(format!("write `${folded}`; a portal answers `Unrecognized arguments`"))
                .at(param.span()));
        }
        if let Some(at) = name.find(['<', '>', '!', '(']) {
            return Err(operator(param, name, at));
        }
        if !is_quotable_name(name) {
            let message =
                format!("`{}` is neither a parameter nor the name of a column", shown(name));
            return Err(ImportError::new("unknown-parameter", message)
                .help("inside a value, `&` is written `%26`")
                .at(param.span()));
        }
        placeholder::refuse_value(&param.value, name, "text")?;
        self.look_at_value(name, param.value.as_str());
        self.parts.equals.push((column_name(name), quote_string(param.value.as_str())));
        self.other.get_or_insert_with(|| param.clone());
        Ok(())
    }

    /// Notes what is probably not meant to be part of the value.
    fn look_at_value(&mut self, name: &str, value: &str) {
        let inner = value.trim();
        let quoted = ['\'', '"']
            .iter()
            .any(|quote| inner.len() > 1 && inner.starts_with(*quote) && inner.ends_with(*quote));
        let name = shown(name);
        if quoted {
            self.notes.push(format!("quotes around the value of `{name}` belong to the value"));
        } else if inner.len() < value.len() {
            self.notes
                .push(format!("blank space at an end of the value of `{name}` belongs to it"));
        } else if value.contains("?$") {
            self.notes
                .push(format!("`?` in the value of `{name}` belongs to it; `&` ends a value"));
        }
    }

    fn finish(mut self) -> Result<Parts> {
        let Some(query) = self.query else {
            return Ok(self.parts);
        };
        if let Some(other) = self.other {
            let message =
                format!("`{}` cannot stand beside `{}`", shown(&other.name), shown(&query.name));
            return Err(ImportError::new("query-with-other-parameters", message)
                .help(format!(
                    "write it into `{}`: a portal refuses both together",
                    shown(&query.name)
                ))
                .at(other.span()));
        }
        let value = query.value.trim();
        if !value.is_empty() {
            self.parts.query = Some(Query::read(&value, &folded(&query.name), self.notes)?);
        }
        Ok(self.parts)
    }
}

fn unknown(param: &Param, name: &str) -> ImportError {
    let message = format!("unknown parameter `{}`", shown(&param.name));
    let known = ROLES.iter().map(|(known, _)| *known);
    let near = nearest(name, known.filter(|known| *known != "$$app_token"));
    let help = if near.is_empty() {
        "known are `$select`, `$where`, `$group`, `$having`, `$order`, `$limit`, `$offset`, `$q` and `$query`"
            .to_owned()
    } else {
        format!("perhaps {} was meant", alternatives(&near))
    };
    ImportError::new("unknown-parameter", message).help(help).at(param.span())
}

/// Known names like this one; none for a text that is too long to be a slip of the pen.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if name.len() > 64 {
        return Vec::new();
    }
    similar(name, known)
}

/// A column's name as a statement has it.
pub(super) fn column_name(name: &str) -> String {
    let system = name.starts_with(':');
    let word = KEYWORDS.iter().any(|keyword| keyword.text.eq_ignore_ascii_case(name));
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| is_ident_start(c) && c != '$');
    if (plain && chars.all(is_ident_part) && !word) || (system && !name.contains('-')) {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

/// The number in `$limit`, `$offset` and their like.
pub(super) fn whole_number(value: &Text, param: &str) -> Result<u64> {
    placeholder::refuse(value, param, placeholder::Fill::Value("number"))?;
    let digits = value.as_str().trim_end_matches(['&', ' ']);
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok());
    number.flatten().ok_or_else(|| {
        let message = format!("`{param}` needs a whole number, found `{}`", shown(value.as_str()));
        ImportError::new("bad-number", message).at(Some(value.whole()))
    })
}
