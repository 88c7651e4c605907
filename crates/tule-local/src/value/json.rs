//! Values from and to JSON, in the shapes that Socrata's interfaces use.
//!
//! Numbers come as strings or as JSON numbers, a location's address as JSON inside a string. What
//! goes out is a value of `tule_core::rows`, the exchange format of rows; writing rows is absent.

use serde_json::{Map, Value as Json};
use tule_core::rows;
use tule_core::types::{Type, TypeSet};

use super::{Address, Decimal, Document, Fault, Location, Url, Value, geometry};

impl Value<'_> {
    /// The value of type `ty` in a JSON value of a row, leniently: strings are read as cells of a
    /// CSV file are, see [`Value::from_cell`]. JSON null is null, except that a json column has no
    /// other way to say so.
    ///
    /// # Errors
    ///
    /// [`Fault::Unreadable`] when the JSON is no value of the type.
    pub fn from_json(json: &Json, ty: Type) -> Result<Value<'static>, Fault> {
        let unreadable = || Fault::unreadable(ty, &json.to_string());
        Ok(match (json, ty) {
            (Json::Null, _) => Value::Null,
            (json, Type::Json) => Value::Json(Box::new(json.clone())),
            (Json::Bool(truth), Type::Boolean) => Value::Boolean(*truth),
            (Json::Object(_), Type::Location) => {
                Value::Location(Box::new(location(json).ok_or_else(unreadable)?))
            }
            (Json::Object(_), Type::Url) => Value::Url(Box::new(url(json).ok_or_else(unreadable)?)),
            (Json::Object(_), Type::Document) => {
                Value::Document(Box::new(document(json).ok_or_else(unreadable)?))
            }
            (Json::Object(_), ty) if TypeSet::GEOSPATIAL.has(ty) => {
                let geometry = geometry::from_geojson(json);
                let geometry = geometry.and_then(|geometry| geometry::as_type(geometry, ty));
                geometry.and_then(Value::geometry_from).ok_or_else(unreadable)?
            }
            (Json::String(text), ty) => Value::from_cell(text, ty)?.into_owned(),
            (Json::Number(number), Type::Number | Type::Double | Type::Text) => {
                Value::from_cell(&number.to_string(), ty)?.into_owned()
            }
            (json, Type::Text) => Value::Text(json.to_string().into()),
            _ => return Err(unreadable()),
        })
    }

    /// The value of type `ty` that a row holds.
    ///
    /// # Errors
    ///
    /// [`Fault::Unreadable`] when the row's value is none of the type.
    pub fn from_row(value: &rows::Value, ty: Type) -> Result<Value<'static>, Fault> {
        match value {
            rows::Value::Null => Ok(Value::Null),
            rows::Value::Boolean(truth) => Value::from_json(&Json::Bool(*truth), ty),
            rows::Value::Number(text) | rows::Value::Text(text) => {
                Ok(Value::from_cell(text, ty)?.into_owned())
            }
            rows::Value::Double(double) => {
                Ok(Value::from_cell(&double.to_string(), ty)?.into_owned())
            }
            rows::Value::Json(json) => Value::from_json(json, ty),
        }
    }

    /// The value as a row holds it.
    #[must_use]
    pub fn to_row(&self) -> rows::Value {
        match self {
            Self::Null => rows::Value::Null,
            Self::Boolean(truth) => rows::Value::Boolean(*truth),
            Self::Number(number) => rows::Value::Number(number.to_string().into()),
            Self::Double(double) => rows::Value::Double(*double),
            Self::Geometry(geometry) => rows::Value::Json(geometry::to_geojson(geometry)),
            Self::Location(location) => rows::Value::Json(location_object(location)),
            Self::Url(url) => rows::Value::Json(object(&[
                ("url", url.address.as_deref()),
                ("description", url.description.as_deref()),
            ])),
            Self::Document(document) => rows::Value::Json(object(&[
                ("file_id", document.file_id.as_deref()),
                ("content_type", document.content_type.as_deref()),
                ("filename", document.filename.as_deref()),
            ])),
            Self::Json(json) => rows::Value::Json((**json).clone()),
            _ => rows::Value::Text(self.text().into()),
        }
    }
}

/// An object of the members that are there.
fn object(members: &[(&str, Option<&str>)]) -> Json {
    let there =
        members.iter().filter_map(|(name, text)| Some(((*name).to_owned(), (*text)?.into())));
    Json::Object(there.collect())
}

fn location_object(location: &Location) -> Json {
    let mut members = Map::new();
    if let Some(point) = location.point {
        members.insert("latitude".to_owned(), point.y().to_string().into());
        members.insert("longitude".to_owned(), point.x().to_string().into());
    }
    if !location.address.is_empty() {
        members.insert("human_address".to_owned(), location.address.to_json().into());
    }
    Json::Object(members)
}

impl Address {
    /// JSON text of an object with all four parts, null where missing.
    #[must_use]
    pub fn to_json(&self) -> String {
        let parts = self.parts().map(|(name, part)| (name.to_owned(), Json::from(part)));
        Json::Object(parts.into_iter().collect()).to_string()
    }

    fn from_json(json: &Json) -> Self {
        Self {
            street: member(json, "address"),
            city: member(json, "city"),
            state: member(json, "state"),
            zip: member(json, "zip"),
        }
    }
}

/// The member of that name if it is a string.
fn member(json: &Json, name: &str) -> Option<Box<str>> {
    json.get(name)?.as_str().map(Into::into)
}

/// The location in an object with `latitude`, `longitude` and `human_address`, each of which may
/// be missing; `None` for other JSON and for coordinates that are no numbers.
pub(super) fn location(json: &Json) -> Option<Location> {
    let object = json.as_object()?;
    let coordinate = |name: &str| match object.get(name) {
        None | Some(Json::Null) => Some(None),
        Some(Json::String(text)) => Decimal::parse(text).map(|number| Some(number.to_f64())),
        Some(number) => number.as_f64().map(Some),
    };
    let (longitude, latitude) = (coordinate("longitude")?, coordinate("latitude")?);
    if [longitude, latitude].iter().flatten().any(|degrees| !degrees.is_finite()) {
        return None;
    }
    let point = longitude.zip(latitude).map(|(x, y)| geo_types::Point::new(x, y));
    let address = match object.get("human_address") {
        None | Some(Json::Null) => Address::default(),
        Some(Json::String(text)) => Address::from_json(&serde_json::from_str(text).ok()?),
        Some(object) => Address::from_json(object),
    };
    Some(Location { point, address })
}

/// The url in an object with `url` and `description`.
pub(super) fn url(json: &Json) -> Option<Url> {
    json.is_object()
        .then(|| Url { address: member(json, "url"), description: member(json, "description") })
}

/// The document in an object with `file_id`, `filename` and `content_type`.
pub(super) fn document(json: &Json) -> Option<Document> {
    json.is_object().then(|| Document {
        file_id: member(json, "file_id"),
        filename: member(json, "filename").or_else(|| member(json, "name")),
        content_type: member(json, "content_type"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_portals_send_comes_back_as_it_was() {
        let address = r#"{"address":"1 Main St","city":"Stockton","state":"CA","zip":null}"#;
        for (ty, json) in [
            (Type::Point, json!({"type": "Point", "coordinates": [-121.29, 37.95]})),
            (Type::Url, json!({"url": "https://a.b", "description": "A"})),
            (Type::Url, json!({"url": "https://a.b"})),
            (Type::Document, json!({"file_id": "x", "content_type": "t", "filename": "f"})),
            (Type::Json, json!({"a": [1, "2", null]})),
            (Type::Location, json!({"latitude": "37.95", "longitude": "-121.29"})),
            (Type::Location, json!({"human_address": address})),
        ] {
            let value = Value::from_json(&json, ty).unwrap();
            assert_eq!(value.to_row(), rows::Value::Json(json.clone()), "{ty}");
            let row = value.to_row();
            assert_eq!(Value::from_row(&row, ty).unwrap(), value, "{ty}");
        }
    }

    #[test]
    fn simple_values_go_both_ways() {
        let number = Value::from_json(&json!("106346.00"), Type::Number).unwrap();
        assert_eq!(number.to_row(), rows::Value::Number("106346.00".into()));
        let number = Value::from_json(&json!(-2.5), Type::Number).unwrap();
        assert_eq!(number.to_row(), rows::Value::Number("-2.5".into()));
        let instant = Value::from_json(&json!("2014-10-14T07:00:00.000Z"), Type::FixedTimestamp);
        let row = rows::Value::Text("2014-10-14T07:00:00.000Z".into());
        assert_eq!(instant.unwrap().to_row(), row);
        assert_eq!(Value::from_json(&json!(true), Type::Boolean).unwrap(), Value::Boolean(true));
        assert_eq!(Value::from_json(&json!(null), Type::Point).unwrap(), Value::Null);
        assert_eq!(Value::from_json(&json!({"a": 1}), Type::Text).unwrap().text(), r#"{"a":1}"#);
    }

    #[test]
    fn a_location_may_have_numbers_and_an_address_that_is_an_object() {
        let json = json!({
            "latitude": 37.95,
            "longitude": -121.29,
            "human_address": {"city": "Stockton"},
        });
        let value = Value::from_json(&json, Type::Location).unwrap();
        assert_eq!(value.text(), "Stockton\n(37.95, -121.29)");
    }

    #[test]
    fn json_of_another_shape_is_a_fault() {
        for (ty, json) in [
            (Type::Point, json!({"type": "LineString", "coordinates": [[0, 0], [1, 1]]})),
            (Type::Number, json!("many")),
            (Type::Number, json!([1])),
            (Type::Location, json!({"latitude": "north", "longitude": "1"})),
            (Type::Location, json!({"latitude": "1e999", "longitude": "1"})),
            (Type::Boolean, json!(2)),
        ] {
            let fault = Value::from_json(&json, ty).unwrap_err();
            assert_eq!(fault.code(), "unreadable-value", "{ty} {json}");
        }
    }
}
