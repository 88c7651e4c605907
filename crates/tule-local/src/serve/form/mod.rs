//! Rows in the portal's encodings.

mod csv;
mod geojson;
mod json;
mod people;

use std::borrow::Cow;

use serde_json::Value as Json;
use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use tule_core::types::Type;

/// The two row interfaces, which differ in details of the encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Api {
    /// SODA 2.1.
    Two,
    /// SODA 3.
    Three,
}

/// What rows are written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Objects in an array.
    Json,
    /// Comma-separated values.
    Csv,
    /// The same with tabs.
    Tsv,
    /// A feature collection.
    Geojson,
}

/// Every form with the ending of its addresses.
pub(super) const FORMS: [(Form, &str); 4] =
    [(Form::Json, "json"), (Form::Csv, "csv"), (Form::Tsv, "tsv"), (Form::Geojson, "geojson")];

impl Form {
    /// The form with this ending.
    pub(super) fn of(ending: &str) -> Option<Self> {
        FORMS.iter().find(|(_, known)| *known == ending).map(|(form, _)| *form)
    }

    /// The media type, spaced as each interface spaces it.
    pub(super) fn media_type(self, api: Api) -> &'static str {
        match (self, api) {
            (Self::Json, Api::Two) => "application/json;charset=utf-8",
            (Self::Json, Api::Three) => "application/json; charset=utf-8",
            (Self::Csv, _) => "text/csv; charset=utf-8",
            (Self::Tsv, _) => "text/tab-separated-values; charset=utf-8",
            (Self::Geojson, _) => "application/vnd.geo+json; charset=UTF-8",
        }
    }
}

/// Writes rows, one after the other.
pub(super) struct Encoder {
    form: Form,
    api: Api,
    columns: Vec<OutputColumn>,
    /// Position of the column that is the geometry of features.
    geometry: Option<usize>,
    is_first: bool,
    /// A row by itself, without the array around it.
    is_single: bool,
    /// Of a whole table for people: what its columns are called.
    labels: Option<Vec<String>>,
}

impl Encoder {
    pub(super) fn new(form: Form, api: Api, columns: Vec<OutputColumn>, is_single: bool) -> Self {
        let geometry = geojson::geometry(&columns);
        Self { form, api, columns, geometry, is_first: true, is_single, labels: None }
    }

    /// Delimited values as downloads for people have them: columns by these labels, values in quotes
    /// where they need them, dates as Americans write them.
    pub(super) fn for_people(self, labels: Vec<String>) -> Self {
        Self { labels: Some(labels), ..self }
    }

    fn separator(&self) -> u8 {
        if self.form == Form::Tsv { b'\t' } else { b',' }
    }

    /// What stands in front of the rows.
    pub(super) fn begin(&self, out: &mut Vec<u8>) {
        match self.form {
            Form::Json if self.is_single => {}
            Form::Json => out.extend_from_slice(json::begin(self.api)),
            Form::Csv | Form::Tsv => match &self.labels {
                Some(labels) => people::header(labels, self.separator(), out),
                None => csv::header(&self.columns, self.separator(), out),
            },
            Form::Geojson => out.extend_from_slice(geojson::BEGIN),
        }
    }

    pub(super) fn row(&mut self, row: &[Value], out: &mut Vec<u8>) {
        let is_first = std::mem::take(&mut self.is_first);
        match self.form {
            Form::Json => {
                if !is_first {
                    out.extend_from_slice(json::between(self.api));
                }
                json::row(&self.columns, row, self.api, out);
            }
            Form::Csv | Form::Tsv if self.labels.is_some() => {
                people::row(&self.columns, row, self.separator(), out);
            }
            Form::Csv | Form::Tsv => csv::row(&self.columns, row, self.separator(), out),
            Form::Geojson => {
                if !is_first {
                    out.extend_from_slice(b"\n,");
                }
                geojson::row(&self.columns, row, self.geometry, self.api, out);
            }
        }
    }

    /// What stands behind the rows.
    pub(super) fn end(&self, out: &mut Vec<u8>) {
        match self.form {
            Form::Json if self.is_single => out.push(b'\n'),
            Form::Json => out.extend_from_slice(json::end(self.api, self.is_first)),
            Form::Csv | Form::Tsv => {}
            Form::Geojson => out.extend_from_slice(geojson::END),
        }
    }
}

/// A value as a JSON member; `None` is null.
fn member(value: &Value, column: &OutputColumn, api: Api) -> Option<Json> {
    Some(match value {
        Value::Null => return None,
        Value::Boolean(value) => Json::Bool(*value),
        // Numbers are text, so that no reader rounds them.
        Value::Number(text) | Value::Text(text) => Json::String(text.to_string()),
        Value::Double(value) => Json::from(*value),
        Value::Json(value) if column.ty == Some(Type::Location) => location(value, api),
        Value::Json(value) => value.clone(),
    })
}

/// The older location type, whose coordinates are text in the one interface and numbers in the
/// other, and whose address is JSON inside a text in both.
fn location(value: &Json, api: Api) -> Json {
    let Some(members) = value.as_object() else { return value.clone() };
    let member = |(name, value): (&String, &Json)| {
        let value = match (name.as_str(), value, api) {
            ("latitude" | "longitude", Json::Number(number), Api::Two) => {
                Json::String(number.to_string())
            }
            ("latitude" | "longitude", Json::String(text), Api::Three) => {
                text.parse::<f64>().map_or_else(|_| value.clone(), Json::from)
            }
            ("human_address", Json::Object(_), _) => Json::String(value.to_string()),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    Json::Object(members.iter().map(member).collect())
}

/// A part of a structured value as text.
fn part<'j>(value: &'j Json, name: &str) -> Option<Cow<'j, str>> {
    match value.get(name)? {
        Json::Null => None,
        Json::String(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_string())),
    }
}

#[cfg(test)]
mod tests;
