//! Texts in Markdown about the things a query names: columns, functions, datasets, types.
//!
//! Hovers, the documentation of completions and the prompt's help show the same cards. What stands
//! in them comes from the tables of the compiler and from the locked schema; foreign text is
//! quoted so that it can be nothing but text.

use std::fmt::Write as _;

use tule_core::functions::{Function, Param, Syntax};
use tule_core::schema::{Column, Dataset};
use tule_core::types::{Type, TypeSet};

/// Known values shown of a column.
const VALUES: usize = 12;

/// Text from elsewhere, on one line, with everything escaped that Markdown would act on.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars().filter(|c| !c.is_control()) {
            if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ':' | ';' | '\'' | '/' | '-') {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// Text from elsewhere as code.
pub(crate) fn code(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() && *c != '`').collect();
    format!("`{text}`")
}

/// A column: its type, label, description and known values, and where it comes from.
#[must_use]
pub fn column(dataset: &Dataset, column: &Column) -> String {
    let mut card = String::new();
    let ty = column.ty.map_or("of unknown type", Type::name);
    let _ = write!(card, "```tule\n{} {ty}\n```\n", column.name);
    if !column.label.is_empty() && column.label != column.name {
        let _ = write!(card, "**{}**\n\n", plain(&column.label));
    }
    if !column.description.is_empty() {
        let _ = write!(card, "{}\n\n", plain(&column.description));
    }
    if !column.values.is_empty() {
        let shown: Vec<String> = column.values.iter().take(VALUES).map(|v| code(v)).collect();
        let more = column.values.len().saturating_sub(VALUES);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = write!(card, "Values: {}{rest}\n\n", shown.join(", "));
    }
    if column.ty.is_none_or(|ty| column.portal_type != ty.name()) && !column.portal_type.is_empty()
    {
        let _ = write!(card, "{} on the portal. ", code(&column.portal_type));
    }
    let _ = write!(card, "Column of {}", place(dataset));
    card
}

fn place(dataset: &Dataset) -> String {
    let place = code(&format!("{}/{}", dataset.host, dataset.id));
    match dataset.title.as_str() {
        "" => place,
        title => format!("{} ({place})", plain(title)),
    }
}

/// A dataset: title, description, size, freshness, licence, attribution and owner.
#[must_use]
pub fn dataset(dataset: &Dataset) -> String {
    let mut card = String::new();
    let title = if dataset.title.is_empty() { &dataset.id } else { &dataset.title };
    let _ = write!(
        card,
        "**{}** {}\n\n",
        plain(title),
        code(&format!("{}/{}", dataset.host, dataset.id))
    );
    if !dataset.card.description.is_empty() {
        let _ = write!(card, "{}\n\n", plain(&dataset.card.description));
    }
    let mut facts = vec![format!("{} columns", dataset.columns.len())];
    if let Some(rows) = dataset.rows {
        facts.push(format!("about {rows} rows"));
    }
    if let Some(range) = &dataset.range {
        facts.push(format!(
            "{} from {} to {}",
            code(&range.column),
            plain(&range.first),
            plain(&range.last)
        ));
    }
    let _ = write!(card, "{}\n\n", facts.join(", "));
    let lines = [
        ("Updated", &dataset.card.updated),
        ("Licence", &dataset.card.licence),
        ("Attribution", &dataset.card.attribution),
        ("Owner", &dataset.card.owner),
        ("Provenance", &dataset.card.provenance),
    ];
    for (name, value) in lines.into_iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(card, "- {name}: {}", plain(value));
    }
    card.trim_end().to_owned()
}

/// A type: its name and what its values are.
#[must_use]
pub fn ty(ty: Type) -> String {
    format!("```tule\n{}\n```\n{}", ty.name(), capital(ty.info().doc))
}

/// All overloads of a function.
#[must_use]
pub fn function(overloads: &[Function]) -> String {
    let mut card = String::from("```tule\n");
    for function in overloads {
        let _ = writeln!(card, "{}", signature(function).text);
    }
    card.push_str("```\n");
    let mut said: Vec<&str> = Vec::new();
    for function in overloads {
        if !said.contains(&function.doc) {
            said.push(function.doc);
            let _ = write!(card, "{}\n\n", function.doc);
        }
        if !function.note.is_empty() && !said.contains(&function.note) {
            said.push(function.note);
            let _ = write!(card, "Note: {}\n\n", function.note);
        }
    }
    if let Some(first) = overloads.first() {
        let _ = write!(card, "Example: {}", code(first.example));
    }
    card.trim_end().to_owned()
}

/// A function's signature as people read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// `name(text, number) -> text`
    pub text: String,
    /// Where each parameter stands in the text, in bytes.
    pub parameters: Vec<(usize, usize)>,
    /// How many of the last parameters repeat.
    pub repeating: usize,
}

/// The signature of one overload.
#[must_use]
pub fn signature(function: &Function) -> Signature {
    let of = |param: Param| match param {
        Param::Is(ty) => ty.name().to_owned(),
        Param::A | Param::B => class(function.types_of(param)),
    };
    let params: Vec<String> =
        function.params.iter().chain(function.repeat).map(|param| of(*param)).collect();
    let returns = of(function.returns);
    let mut text = String::new();
    let mut parameters = Vec::new();
    if function.syntax == Syntax::Call && !function.name.contains('*') {
        text.push_str(function.name);
        text.push('(');
        for (index, param) in params.iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            parameters.push((text.len(), text.len() + param.len()));
            text.push_str(param);
        }
        if !function.repeat.is_empty() {
            text.push_str(", ...");
        }
        text.push(')');
    } else {
        let _ = match params.as_slice() {
            [only] => write!(text, "{only} {}", function.name),
            [left, right] => write!(text, "{left} {} {right}", function.name),
            _ => write!(text, "{}", function.name),
        };
    }
    let _ = write!(text, " -> {returns}");
    Signature { text, parameters, repeating: function.repeat.len() }
}

/// A word for a set of types.
fn class(types: TypeSet) -> String {
    if types == TypeSet::GEOSPATIAL {
        return "geometry".to_owned();
    }
    if types.len() > 4 {
        return "any".to_owned();
    }
    types.iter().map(Type::name).collect::<Vec<_>>().join("|")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
