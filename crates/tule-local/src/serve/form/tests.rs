use serde_json::json;

use super::*;

fn columns() -> Vec<OutputColumn> {
    let column = |name: &str, ty| OutputColumn { name: name.into(), ty: Some(ty) };
    vec![
        column("beat", Type::Text),
        column("amount", Type::Number),
        column("share", Type::Double),
        column("urgent", Type::Boolean),
        column("place", Type::Point),
        column("site", Type::Url),
        column("old_place", Type::Location),
    ]
}

fn rows() -> Vec<Vec<Value>> {
    let address = r#"{"address":"1 Main St","city":"Stockton","state":"CA","zip":"95202"}"#;
    vec![
        vec![
            Value::Text("a \"b\"".into()),
            Value::Number("106346.00".into()),
            Value::Double(0.5),
            Value::Boolean(false),
            Value::Json(json!({ "type": "Point", "coordinates": [-121.5, 37.25] })),
            Value::Json(json!({ "url": "https://a.gov", "description": "A" })),
            Value::Json(
                json!({ "latitude": "37.25", "longitude": "-121.5", "human_address": address }),
            ),
        ],
        vec![
            Value::Text("".into()),
            Value::Null,
            Value::Null,
            Value::Boolean(true),
            Value::Null,
            Value::Null,
            Value::Null,
        ],
    ]
}

fn encoded(form: Form, api: Api, rows: &[Vec<Value>]) -> String {
    let mut encoder = Encoder::new(form, api, columns(), false);
    let mut out = Vec::new();
    encoder.begin(&mut out);
    for row in rows {
        encoder.row(row, &mut out);
    }
    encoder.end(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn both_interfaces_set_their_brackets() {
    let two = encoded(Form::Json, Api::Two, &rows());
    assert_eq!(
        two,
        "[{\"beat\":\"a \\\"b\\\"\",\"amount\":\"106346.00\",\"share\":0.5,\"urgent\":false,\
         \"place\":{\"type\":\"Point\",\"coordinates\":[-121.5,37.25]},\
         \"site\":{\"url\":\"https://a.gov\",\"description\":\"A\"},\
         \"old_place\":{\"latitude\":\"37.25\",\"longitude\":\"-121.5\",\"human_address\":\
         \"{\\\"address\\\":\\\"1 Main St\\\",\\\"city\\\":\\\"Stockton\\\",\\\"state\\\":\\\"CA\\\",\
         \\\"zip\\\":\\\"95202\\\"}\"}}\n,{\"beat\":\"\",\"urgent\":true}]\n"
    );
    assert_eq!(encoded(Form::Json, Api::Two, &[]), "[]\n");
    let three = encoded(Form::Json, Api::Three, &rows());
    assert!(three.starts_with("[\n{\"beat\""), "{three}");
    assert!(three.ends_with("},\n{\"beat\":\"\",\"urgent\":true}\n]\n"), "{three}");
    assert!(three.contains("\"latitude\":37.25,\"longitude\":-121.5"), "{three}");
    assert_eq!(encoded(Form::Json, Api::Three, &[]), "[\n]\n");
}

#[test]
fn csv_tells_null_from_nothing() {
    assert_eq!(
        encoded(Form::Csv, Api::Two, &rows()),
        "\"beat\",\"amount\",\"share\",\"urgent\",\"place\",\"site\",\"old_place\"\n\
         \"a \"\"b\"\"\",\"106346.00\",\"0.5\",\"false\",\"POINT (-121.5 37.25)\",\
         \"A (https://a.gov)\",\"1 Main St\nStockton, CA 95202\n(37.25, -121.5)\"\n\
         \"\",,,\"true\",,,\n"
    );
}

#[test]
fn features_have_explicit_nulls() {
    let text = encoded(Form::Geojson, Api::Two, &rows());
    assert!(text.starts_with("{ \"type\": \"FeatureCollection\", \"features\": [{"), "{text}");
    let document: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(document["features"][0]["geometry"]["coordinates"], json!([-121.5, 37.25]));
    assert_eq!(document["features"][0]["properties"]["amount"], "106346.00");
    assert_eq!(document["features"][1]["geometry"], Json::Null);
    assert_eq!(document["features"][1]["properties"]["amount"], Json::Null);
    assert_eq!(document["crs"]["properties"]["name"], "urn:ogc:def:crs:OGC:1.3:CRS84");
}
