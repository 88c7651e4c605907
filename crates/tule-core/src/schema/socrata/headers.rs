//! One dataset from the headers of a response: `X-SODA2-Fields` and `X-SODA2-Types`.
//!
//! They describe the columns of that response, which are the dataset's own only if the request
//! selected nothing. Portals leave them out when they grow long; that is not an error here, for
//! then there is nothing to read.

use serde_json::{Map, Value};

use super::view::column_type;
use super::{MetadataError, Origin, describe, place};
use crate::schema::{Column, Dataset, with_system_columns};

const FIELDS: &str = "X-SODA2-Fields";
const TYPES: &str = "X-SODA2-Types";

/// Reads the two headers, each a list in JSON.
///
/// ```
/// use tule_core::schema::socrata::{Origin, from_headers};
/// let origin = Origin::of("data.stocktonca.gov", "esc4-8x43");
/// let dataset = from_headers(r#"["beat","x"]"#, r#"["text","number"]"#, &origin).unwrap();
/// assert_eq!(dataset.columns[1].name, "x");
/// ```
pub fn from_headers(fields: &str, types: &str, origin: &Origin) -> Result<Dataset, MetadataError> {
    from_lists(&Value::from(fields), &Value::from(types), origin)
}

/// Reads the headers from a document that holds them by name, if it does.
pub(super) fn from_document(
    object: &Map<String, Value>,
    origin: &Origin,
) -> Option<Result<Dataset, MetadataError>> {
    let find = |name: &str| {
        object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    Some(from_lists(find(FIELDS)?, find(TYPES)?, origin))
}

fn from_lists(fields: &Value, types: &Value, origin: &Origin) -> Result<Dataset, MetadataError> {
    let step = |name: &str| format!("['{name}']");
    let fields = texts(fields).map_err(|error| error.inside(&step(FIELDS)))?;
    let types = texts(types).map_err(|error| error.inside(&step(TYPES)))?;
    if fields.len() != types.len() {
        let message = format!("expected {} types, found {}", fields.len(), types.len());
        return Err(MetadataError::new(message).inside(&step(TYPES)));
    }
    let (host, id) = place(origin, None, None)?;
    let columns = fields
        .into_iter()
        .zip(types)
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, portal_type)| Column {
            ty: column_type(&name, &portal_type),
            name,
            portal_type,
            ..Column::default()
        })
        .collect();
    Ok(Dataset::new(&host, &id, "", with_system_columns(columns)))
}

/// A list of texts, or the text of such a list as the header has it.
fn texts(value: &Value) -> Result<Vec<String>, MetadataError> {
    let parsed;
    let value = match value {
        Value::String(text) => {
            parsed = serde_json::from_str::<Value>(text)
                .map_err(|error| MetadataError::new(format!("expected JSON: {error}")))?;
            &parsed
        }
        other => other,
    };
    let Value::Array(list) = value else {
        return Err(MetadataError::expected("a list", Some(value)));
    };
    list.iter()
        .enumerate()
        .map(|(index, item)| {
            item.as_str().map(str::to_owned).ok_or_else(|| {
                let message = format!("expected text, found {}", describe(item));
                MetadataError::new(message).inside(&format!("[{index}]"))
            })
        })
        .collect()
}
