//! Objects in an array: nulls left out, numbers as text, and brackets as each interface sets them.

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use tule_core::check::OutputColumn;
use tule_core::rows::Value;

use super::{Api, member};

pub(super) fn begin(api: Api) -> &'static [u8] {
    match api {
        Api::Two => b"[",
        Api::Three => b"[\n",
    }
}

pub(super) fn between(api: Api) -> &'static [u8] {
    match api {
        Api::Two => b"\n,",
        Api::Three => b",\n",
    }
}

pub(super) fn end(api: Api, is_empty: bool) -> &'static [u8] {
    match (api, is_empty) {
        (Api::Two, _) | (Api::Three, true) => b"]\n",
        (Api::Three, false) => b"\n]\n",
    }
}

pub(super) fn row(columns: &[OutputColumn], row: &[Value], api: Api, out: &mut Vec<u8>) {
    // Writing into memory cannot fail, and every key is text.
    let _ = serde_json::to_writer(out, &Object { columns, row, api });
}

struct Object<'r> {
    columns: &'r [OutputColumn],
    row: &'r [Value],
    api: Api,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, value) in self.columns.iter().zip(self.row) {
            match value {
                // The common cases, without a copy.
                Value::Null => {}
                Value::Number(text) | Value::Text(text) => {
                    map.serialize_entry(column.name.as_str(), &**text)?;
                }
                value => {
                    map.serialize_entry(column.name.as_str(), &member(value, column, self.api))?;
                }
            }
        }
        map.end()
    }
}
