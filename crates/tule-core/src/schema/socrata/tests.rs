use serde_json::json;

use super::*;
use crate::schema::{Column, DateRange};
use crate::types::Type;

fn origin() -> Origin {
    Origin::of("Data.Example.gov", "abcd-1234")
}

fn one(document: &Value) -> Dataset {
    let mut datasets = read(&document.to_string(), &origin()).unwrap();
    assert_eq!(datasets.len(), 1);
    datasets.remove(0)
}

/// The columns that are the dataset's own.
fn own(dataset: &Dataset) -> Vec<&Column> {
    dataset.columns.iter().filter(|column| !column.is_system()).collect()
}

fn cached(ty: &str, contents: Value) -> Column {
    let mut column = json!({"fieldName": "c", "dataTypeName": ty});
    column["cachedContents"] = contents;
    one(&json!([column])).columns.remove(0)
}

/// A view with every field in its usual form.
fn full() -> Value {
    json!({
        "id": "esc4-8x43", "name": " Calls ", "assetType": "dataset", "resourceName": "calls",
        "description": "All calls.", "attribution": "Police Department",
        "licenseId": "CC0_10", "license": {"name": "Creative Commons 1.0", "termsLink": "x"},
        "rowsUpdatedAt": 1_413_228_415, "viewType": "tabular", "displayType": "table",
        "owner": {"id": "ab", "displayName": "Open Data Team", "screenName": "odt"},
        "provenance": "official", "_provenance": "assembled by hand",
        "attributionLink": "https://a.gov/police", "modifyingViewUid": "pare-nttt",
        "metadata": {"custom_fields": {
            "Update": {"Update Frequency": "Daily", "Data Change Frequency": "Hourly"},
            "Who": {"Contact Name": "Desk", "Contact Email": "desk@a.gov", "Contact": "Desk"}}},
        "columns": [
            {"id": 1, "name": "Beat", "fieldName": "beat", "dataTypeName": "text", "position": 2,
             "description": "Patrol area",
             "cachedContents": {"count": "1234567", "non_null": "1234560", "null": "7",
                "cardinality": "2", "largest": "B", "smallest": "A",
                "top": [{"item": "B", "count": "1234000"}, {"item": "A", "count": "560"}]}},
            {"id": 2, "name": "Row", "fieldName": "row_no", "dataTypeName": "number",
             "position": 1, "flags": ["hidden"]},
            {"id": 3, "name": "Closed", "fieldName": "closed", "dataTypeName": "calendar_date",
             "position": 3,
             "cachedContents": {"non_null": 5, "null": 2, "smallest": "2020", "largest": "2021"}},
            {"id": 4, "name": "Opened", "fieldName": "opened", "dataTypeName": "date",
             "position": 4, "cachedContents": {"not_null": 7, "smallest":
             "2019-01-01T00:00:00", "largest": "2026-04-10T00:00:00"}},
            {"id": 5, "name": "Zip Codes", "fieldName": ":@computed_region_ab12_cd34",
             "dataTypeName": "number", "position": 9,
             "computationStrategy": {"type": "georegion_match_on_point"}},
            {"id": 6, "name": "Shape", "fieldName": "shape", "dataTypeName": "hologram",
             "position": 8}
        ]
    })
}

#[test]
fn a_view_is_read_whole() {
    let mut datasets =
        read(&full().to_string(), &Origin { host: Some("data.example.gov".to_owned()), id: None })
            .unwrap();
    let dataset = datasets.remove(0);
    assert_eq!((&*dataset.host, &*dataset.id), ("data.example.gov", "esc4-8x43"));
    assert_eq!((&*dataset.title, &*dataset.resource_name), ("Calls", "calls"));
    let names: Vec<&str> = dataset.column_names().collect();
    assert_eq!(
        names,
        [
            "beat",
            "closed",
            "opened",
            "shape",
            ":@computed_region_ab12_cd34",
            ":id",
            ":version",
            ":created_at",
            ":updated_at"
        ]
    );
    let beat = &dataset.columns[0];
    assert_eq!((beat.ty, &*beat.label), (Some(Type::Text), "Beat"));
    assert_eq!(
        (&*beat.description, &beat.values[..]),
        ("Patrol area", &["A".into(), "B".into()][..])
    );
    let shape = dataset.column("shape").unwrap().1;
    assert_eq!((shape.ty, &*shape.portal_type), (None, "hologram"));
    assert_eq!(dataset.rows, Some(1_200_000));
    assert_eq!(
        dataset.range,
        Some(DateRange {
            column: "opened".to_owned(),
            first: "2019-01-01T00:00:00".to_owned(),
            last: "2026-04-10T00:00:00".to_owned(),
        })
    );
    assert_eq!(
        dataset.card,
        crate::schema::Card {
            description: "All calls.".to_owned(),
            licence: "Creative Commons 1.0".to_owned(),
            attribution: "Police Department".to_owned(),
            owner: "Open Data Team".to_owned(),
            updated: "2014-10-13".to_owned(),
            asset_type: "dataset".to_owned(),
            contact: "Desk, desk@a.gov".to_owned(),
            frequency: "Daily".to_owned(),
            parent: "pare-nttt".to_owned(),
            provenance: "assembled by hand".to_owned(),
        }
    );
    assert!(dataset.is_table());
}

#[test]
fn the_view_inside_a_download_is_read() {
    let document = json!({"meta": {"view": full()}, "data": [[1, 2]]});
    assert_eq!(one(&document), one(&full()));
    let error = read(r#"{"meta": {"view": {"columns": {}}}}"#, &origin()).unwrap_err();
    assert_eq!(error.path, "$.meta.view.columns");
}

#[test]
fn all_three_spellings_of_a_type_are_understood() {
    for (spelling, ty) in [
        ("calendar_date", Some(Type::FloatingTimestamp)),
        ("floating_timestamp", Some(Type::FloatingTimestamp)),
        ("Calendar date", Some(Type::FloatingTimestamp)),
        ("checkbox", Some(Type::Boolean)),
        ("money", Some(Type::Number)),
        ("percent", Some(Type::Number)),
        ("stars", Some(Type::Number)),
        ("phone", Some(Type::Text)),
        ("html", Some(Type::Text)),
        ("MultiLine", Some(Type::Multiline)),
        ("dataset_link", None),
        ("", None),
    ] {
        let columns = [
            one(&json!([{"fieldName": "c", "dataTypeName": spelling}])),
            one(&json!({"X-SODA2-Fields": ["c"], "X-SODA2-Types": [spelling]})),
            one(&json!({"results": [{"metadata": {"domain": "a.gov"}, "resource":
                {"id": "x", "columns_field_name": ["c"], "columns_datatype": [spelling]}}]})),
        ];
        for dataset in columns {
            let (_, column) = dataset.column("c").unwrap();
            assert_eq!((column.ty, &*column.portal_type), (ty, spelling));
        }
    }
}

#[test]
fn old_system_columns_have_types_of_their_own() {
    let columns: Vec<Value> =
        [":id", ":sid", ":position", ":created_at", ":created_meta", ":updated_at", ":meta"]
            .iter()
            .map(|name| json!({"fieldName": name, "dataTypeName": "meta_data"}))
            .collect();
    let dataset = one(&Value::Array(columns));
    let types: Vec<_> =
        dataset.columns.iter().map(|column| (column.name.as_str(), column.ty)).collect();
    assert_eq!(
        types,
        [
            (":id", Some(Type::RowIdentifier)),
            (":sid", None),
            (":position", None),
            (":created_at", Some(Type::FixedTimestamp)),
            (":created_meta", None),
            (":updated_at", Some(Type::FixedTimestamp)),
            (":meta", None),
            (":version", Some(Type::RowVersion)),
        ]
    );
}

#[test]
fn values_are_known_only_if_all_are_listed() {
    let top = |items: &[Value]| -> Value {
        items.iter().map(|item| json!({"item": item, "count": "1"})).collect()
    };
    let all = top(&[json!("b"), json!("a"), json!("c")]);
    let contents = json!({"cardinality": "3", "non_null": 3, "top": all});
    assert_eq!(cached("text", contents).values, ["a", "b", "c"]);
    assert_eq!(cached("text", json!({"cardinality": 3, "top": all})).values.len(), 3);
    let numbers = json!({"cardinality": 2, "top": top(&[json!(2), json!("1")])});
    assert_eq!(cached("number", numbers).values, ["1", "2"]);
    for partial in [
        json!({"cardinality": 4, "top": all}),
        json!({"cardinality": "3", "non_null": 4, "top": all}),
        json!({"top": all}),
        json!({"cardinality": 3, "top": top(&[json!("a"), json!("a"), json!("b")])}),
        json!({"cardinality": 2, "top": top(&[json!({"url": "x"}), json!("a")])}),
        json!({"cardinality": 2, "top": [{"item": "a"}, {"count": 1}]}),
        json!({"cardinality": 2, "top": {"a": 1, "b": 2}}),
        json!({"cardinality": 0, "top": []}),
        json!({"cardinality": -2, "top": all}),
        json!("nothing"),
    ] {
        assert!(cached("text", partial.clone()).values.is_empty(), "{partial}");
    }
    let many: Vec<Value> = (0..21).map(Value::from).collect();
    assert!(cached("number", json!({"cardinality": 21, "top": top(&many)})).values.is_empty());
    assert!(cached("point", json!({"cardinality": 3, "top": all})).values.is_empty());
}

#[test]
fn rows_are_counted_from_any_column() {
    let rows = |contents: Value| {
        one(&json!([
            {"fieldName": "a", "dataTypeName": "point"},
            {"fieldName": "b", "flags": ["default"], "cachedContents": contents}
        ]))
        .rows
    };
    assert_eq!(rows(json!({"count": "12345"})), Some(12_000));
    assert_eq!(rows(json!({"count": 57.0})), Some(57));
    assert_eq!(rows(json!({"non_null": "40", "null": 2})), Some(42));
    assert_eq!(rows(json!({"not_null": 40, "null": "2"})), Some(42));
    assert_eq!(rows(json!({"non_null": "40"})), None);
    assert_eq!(rows(json!({"count": "many"})), None);
    assert_eq!(rows(json!({"count": 1.5})), None);
    assert_eq!(
        rows(json!({"non_null": u64::MAX, "null": u64::MAX})),
        Some(9_200_000_000_000_000_000)
    );
}

#[test]
fn assets_that_are_not_tables_say_so() {
    for (view, asset_type, table) in [
        (json!({"viewType": "geo", "displayType": "map"}), "map", false),
        (json!({"viewType": "href", "displayType": "href"}), "href", false),
        (json!({"viewType": "blobby", "displayType": "blob"}), "file", false),
        (json!({"viewType": "tabular", "displayType": "chart"}), "chart", false),
        (json!({"viewType": "tabular", "displayType": "fatrow"}), "dataset", true),
        (json!({"viewType": "story"}), "story", false),
        (json!({"assetType": "Filter", "displayType": "table"}), "filter", true),
        (json!({"columns": null}), "", true),
    ] {
        let mut view = view;
        view["id"] = "abcd-1234".into();
        let dataset = one(&view);
        assert_eq!((&*dataset.card.asset_type, dataset.is_table()), (asset_type, table), "{view}");
        assert!(dataset.columns.is_empty());
    }
}

#[test]
fn days_come_from_seconds_and_from_text() {
    for (value, day) in [
        (json!(0), "1970-01-01"),
        (json!("1413228415"), "2014-10-13"),
        (json!(-1), "1969-12-31"),
        (json!(951_825_600), "2000-02-29"),
        (json!("2026-04-10T12:00:00.000Z"), "2026-04-10"),
        (json!("2026-04-1é"), ""),
        (json!("2026-13-10"), ""),
        (json!(i64::MAX), ""),
        (json!(i64::MIN), ""),
        (json!(1e300), ""),
        (json!(null), ""),
        (json!(["2026-04-10"]), ""),
    ] {
        assert_eq!(json::day(&value), day, "{value}");
    }
}

#[test]
fn a_page_of_the_catalogue_is_read() {
    let hit = json!({
        "resource": {"name": "Calls", "id": "esc4-8x43", "type": "dataset", "attribution": "PD",
            "updatedAt": "2026-01-02T03:04:05.000Z", "data_updated_at": "2026-01-01T00:00:00Z",
            "description": "d",
            "columns_name": ["Beat", ""], "columns_field_name": ["beat", "at"],
            "columns_datatype": ["Text", "Calendar date"],
            "columns_description": ["area"]},
        "metadata": {"domain": "Other.gov", "license": "PDDL"},
        "owner": {"id": "x", "display_name": "Team"}
    });
    let bare = json!({"resource": {"id": "zzzz-0000", "type": "story"}});
    let page = json!({"results": [hit, bare, hit], "resultSetSize": 3});
    let datasets = read(&page.to_string(), &origin()).unwrap();
    assert_eq!(datasets.len(), 2);
    let calls = &datasets[0];
    assert_eq!((&*calls.host, &*calls.id, &*calls.title), ("other.gov", "esc4-8x43", "Calls"));
    let columns: Vec<_> = own(calls)
        .into_iter()
        .map(|column| (&*column.name, column.ty, &*column.label, &*column.description))
        .collect();
    assert_eq!(
        columns,
        [("beat", Some(Type::Text), "Beat", ""), ("at", Some(Type::FloatingTimestamp), "", "")]
    );
    assert_eq!(calls.card.licence, "PDDL");
    assert_eq!((&*calls.card.owner, &*calls.card.updated), ("Team", "2026-01-01"));
    assert_eq!(datasets[1].host, "data.example.gov");
    assert!(!datasets[1].is_table() && datasets[1].columns.is_empty());
}

#[test]
fn types_that_cannot_be_aligned_are_unknown() {
    let page = json!({"results": [{"metadata": {"domain": "a.gov"}, "resource": {"id": "x",
        "columns_field_name": ["a", "b"], "columns_datatype": ["Number"]}}]});
    assert!(own(&one(&page)).iter().all(|column| column.ty.is_none()));
}

#[test]
fn headers_are_read_in_every_wrapping() {
    let plain = from_headers(r#"["a","b"]"#, r#"["text","number"]"#, &origin()).unwrap();
    assert_eq!(own(&plain).len(), 2);
    let document =
        json!({"x-soda2-fields": "[\"a\",\"b\"]", "x-soda2-types": ["text", "number"], "etag": 1});
    assert_eq!(one(&document), plain);
    let short = from_headers(r#"["a","b"]"#, r#"["text"]"#, &origin()).unwrap_err();
    assert_eq!(short.to_string(), "expected 2 types, found 1 at `$['X-SODA2-Types']`");
    assert!(from_headers("", "", &origin()).is_err());
}

#[test]
fn odd_names_are_kept() {
    let names = ["a`b", "a b", "Größe", "$x", "select", "a\"b", "-", "a\nb", "💧"];
    let columns: Vec<Value> = names.iter().map(|name| json!({"fieldName": name})).collect();
    let dataset = one(&Value::Array(columns));
    assert_eq!(own(&dataset).iter().map(|column| &*column.name).collect::<Vec<_>>(), names);
    let skipped = one(&json!([{"fieldName": ""}, {"fieldName": "a"}]));
    assert_eq!(own(&skipped).len(), 1);
}

#[test]
fn a_thousand_columns_are_read() {
    let columns: Vec<Value> = (0..1000)
        .map(|n| json!({"fieldName": format!("c{n}"), "dataTypeName": "text", "position": n.to_string()}))
        .collect();
    let dataset = one(&Value::Array(columns));
    assert_eq!(dataset.columns.len(), 1004);
    assert_eq!(dataset.column("c999").unwrap().0, 999);
}

#[test]
fn errors_say_what_was_expected_and_where() {
    for (text, message) in [
        ("", "expected JSON: EOF while parsing a value at line 1 column 0 at `$`"),
        ("<!DOCTYPE html>", "expected JSON, found a page for people at `$`"),
        ("5", "expected an object or a list, found a number at `$`"),
        ("[5]", "expected an object, found a number at `$[0]`"),
        ("{}", "expected a view, a list of columns or a page of the catalogue at `$`"),
        (r#"[{"fieldName": 5}]"#, "expected text, found a number at `$[0].fieldName`"),
        (r#"[{"name": "x"}]"#, "expected text, found nothing at `$[0].fieldName`"),
        (r#"{"id": 1, "columns": "x"}"#, "expected a list, found text at `$.columns`"),
        (
            r#"{"columns": [{"fieldName": "a"}, null]}"#,
            "expected an object, found null at `$.columns[1]`",
        ),
        (r#"{"results": {}}"#, "expected a list, found an object at `$.results`"),
        (r#"{"results": [[]]}"#, "expected an object, found nothing at `$.results[0].resource`"),
        (
            r#"{"results": [{"resource": {}, "metadata": {"domain": "a.gov"}}]}"#,
            "expected the dataset's identifier, found nothing at `$.results[0].resource.id`",
        ),
        (
            r#"{"code": "dataset.missing", "error": true, "message": "Not found"}"#,
            "the portal answered with an error: Not found at `$`",
        ),
        (r#"{"error": "no such host"}"#, "the portal answered with an error: no such host at `$`"),
        (
            r#"{"X-SODA2-Fields": ["a", 5], "X-SODA2-Types": []}"#,
            "expected text, found a number at `$['X-SODA2-Fields'][1]`",
        ),
    ] {
        let error = read(text, &origin()).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    let nowhere = read("[]", &Origin::default()).unwrap_err();
    assert_eq!(nowhere.message, "expected a host, which neither origin nor document give");
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert!(read("\u{feff}[]", &origin()).is_ok());
}

/// Every document with each of its values replaced by one of another type.
#[test]
fn hostile_documents_are_survived() {
    let documents = [
        full(),
        full()["columns"].clone(),
        json!({"meta": {"view": full()}}),
        json!({"X-SODA2-Fields": ["a"], "X-SODA2-Types": "[\"text\"]"}),
        json!({"results": [{"resource": {"name": "n", "id": "i", "type": "t",
            "updatedAt": "2026-01-02", "columns_name": ["A"], "columns_field_name": ["a"],
            "columns_datatype": ["Text"], "columns_description": ["d"]},
            "metadata": {"domain": "d", "license": "l"}, "owner": {"display_name": "o"}}]}),
    ];
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}é💧"),
        json!([]),
        json!([[], {}, null]),
        json!({}),
        json!({"": {"": []}, "top": 5, "item": {}}),
    ];
    let mut tried = 0;
    for document in documents {
        for path in paths(&document) {
            for value in &odd {
                let mut changed = document.clone();
                *changed.pointer_mut(&path).unwrap() = value.clone();
                for origin in [origin(), Origin::default()] {
                    let _ = read(&changed.to_string(), &origin);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 2000, "{tried}");
    let deep = "[".repeat(100_000);
    assert!(read(&deep, &origin()).is_err());
}

fn paths(value: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut add = |key: String, child: &Value| {
        all.extend(paths(child).into_iter().map(|path| format!("/{key}{path}")));
    };
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, child)| add(index.to_string(), child));
        }
        Value::Object(object) => object.iter().for_each(|(key, child)| add(key.clone(), child)),
        _ => {}
    }
    all
}
