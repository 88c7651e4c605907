//! Files as people have them.

use std::io::Write;

use tule_core::types::Type;
use tule_local::{LocalPortal, OpenError, OpenOptions};

use crate::harness::{Home, home, open};

fn schema(home: &Home, id: &str) -> Vec<(String, Type)> {
    let dataset = home.portal.dataset(id).unwrap_or_else(|| panic!("{:?}", home.portal.skipped()));
    let columns = dataset.schema.columns.iter().filter(|column| !column.is_system());
    columns.map(|column| (column.name.clone(), column.ty.unwrap())).collect()
}

fn notes(home: &Home, id: &str) -> Vec<String> {
    let dataset = home.portal.dataset(id).unwrap();
    let (_, loaded) = home.portal.load(dataset).unwrap();
    dataset
        .notes
        .iter()
        .chain(&loaded)
        .map(|note| {
            let name = note.path.file_name().unwrap().to_string_lossy().into_owned();
            format!("{name}:{}: {}", note.line.unwrap_or(0), note.message)
        })
        .collect()
}

#[test]
fn types_are_guessed_from_all_rows() {
    let home = home(&[(
        "t.csv",
        "n,code,day,at,flag,mixed,empty,spot\n\
         1,01234,2025-01-31,2025-01-31T10:00:00Z,true,1,,POINT (1 2)\n\
         -2.5,95202,2025-02-01T08:30:00,2025-01-31T02:00:00-08:00,FALSE,x,,\n",
    )]);
    let types: Vec<Type> = schema(&home, "t").into_iter().map(|(_, ty)| ty).collect();
    assert_eq!(
        types,
        [
            Type::Number,
            Type::Text,
            Type::FloatingTimestamp,
            Type::FixedTimestamp,
            Type::Boolean,
            Type::Text,
            Type::Text,
            Type::Point,
        ]
    );
    assert_eq!(
        home.rows("select n, code, day, at, flag, mixed, empty, spot from @t order by n"),
        [
            "-2.5|95202|2025-02-01T08:30:00.000|2025-01-31T10:00:00.000Z|false|x|·|·",
            r#"1|01234|2025-01-31T00:00:00.000|2025-01-31T10:00:00.000Z|true|1|·|{"type":"Point","coordinates":[1.0,2.0]}"#,
        ]
    );
    assert_eq!(home.portal.dataset("t").unwrap().rows, Some(2));
}

#[test]
fn delimited_files_with_oddities() {
    let home = home(&[
        ("ragged.csv", "\u{feff}a,b,c\n1,2,3\n4\n5,6,7,8\n\n\"x\"\"y\",\"two\nlines\",\n"),
        ("semicolons.csv", "a;b\n1;2,5\n"),
        ("names.csv", "Total $,total,,Total $,select\n1,2,3,4,5\n"),
        ("header.csv", "a,b\n"),
        ("empty.csv", ""),
        ("crlf.tsv", "a\tb\r\n1\t\"q\"\r\n"),
    ]);
    assert_eq!(
        home.rows("select a, b, c from @ragged"),
        ["1|2|3", "4|·|·", "5|6|7", "x\"y|two\nlines|·"]
    );
    let found = notes(&home, "ragged");
    assert!(
        found.contains(
            &"ragged.csv:3: 1 fields where the header has 3; the others are taken as null"
                .to_owned()
        ),
        "{found:?}"
    );
    assert!(
        found.contains(
            &"ragged.csv:4: 4 fields where the header has 3; the last ones are left out".to_owned()
        ),
        "{found:?}"
    );
    assert_eq!(home.rows("select a, b from @semicolons"), ["1|2,5"]);
    let names: Vec<String> = schema(&home, "names").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["total", "total_1", "column_3", "total_2", "select"]);
    assert_eq!(home.rows("select total_1, total_2, `select` from @names"), ["2|4|5"]);
    assert_eq!(home.rows("select count(*) from @header"), ["0"]);
    assert_eq!(home.rows("select a, b from @crlf"), ["1|q"]);
    let skipped: Vec<String> =
        home.portal.skipped().iter().map(|note| note.message.clone()).collect();
    assert_eq!(skipped, ["left out: the file is empty: there is no header"]);
}

#[test]
fn bytes_that_are_not_utf8_and_fields_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("latin.csv"), b"name\nPe\xF1a\n\x80 5\n").unwrap();
    std::fs::write(path("wide.csv"), b"\xFF\xFEa\0\n\0").unwrap();
    std::fs::write(path("open.csv"), "a,b\n1,\"never closed\n2,3\n").unwrap();
    let long = "y".repeat(3_000_000);
    std::fs::write(path("long.csv"), format!("a,b\n1,{long}\n")).unwrap();
    std::fs::write(path("nul.csv"), "a,b\n1,x\0y\n").unwrap();
    let home = Home { portal: open(folder.path()), folder };
    assert_eq!(home.rows("select name from @latin"), ["Peña", "€ 5"]);
    assert!(notes(&home, "latin").iter().any(|note| note.starts_with("latin.csv:2: not UTF-8")));
    assert_eq!(home.portal.skipped().len(), 1);
    assert!(home.portal.skipped()[0].message.contains("UTF-16"));
    assert_eq!(home.rows("select a, b from @open"), ["1|never closed\n2,3\n"]);
    assert_eq!(home.rows("select length(b) from @long"), ["3000000"]);
    assert_eq!(home.rows("select length(b), b = 'x' from @nul"), ["3|false"]);
}

#[test]
fn json_files() {
    let home = home(&[
        (
            "list.json",
            r#"[{"id": 1, "amount": 12345678901234567890.123456789, "tags": ["a"], "Home Page": {"url": "https://a.b"}},
                {"id": 2, "extra": true, "amount": null}, 7, {"id": 3}]"#,
        ),
        ("lines.jsonl", "{\"a\": \"x\"}\n\n{\"a\": \"y\", \"b\": 1}\n"),
        (
            "places.geojson",
            r#"{"type": "FeatureCollection", "name": "x", "features": [
                {"type": "Feature", "properties": {"name": "A", "geometry": 1}, "geometry": {"type": "Polygon", "coordinates": [[[0,0],[2,0],[2,2],[0,2],[0,0]]]}},
                {"type": "Feature", "properties": null, "geometry": null}, 3]}"#,
        ),
        ("broken.json", r#"[{"a": 1}, {"a": "#),
        ("object.json", r#"{"a": 1}"#),
        ("lines2.jsonl", "{\"a\": 1}\nnonsense\n"),
    ]);
    assert_eq!(
        home.rows("select id, amount, tags, home_page.url, extra from @list order by id"),
        ["1|12345678901234567890.123456789|[\"a\"]|https://a.b|·", "2|·|·|·|true", "3|·|·|·|·"]
    );
    assert!(notes(&home, "list").iter().any(|note| note.contains("not an object")));
    assert_eq!(home.rows("select a, b from @lines order by a"), ["x|·", "y|1"]);
    assert_eq!(
        schema(&home, "places"),
        [("name".to_owned(), Type::Text), ("geometry".to_owned(), Type::Polygon)]
    );
    assert_eq!(
        home.rows(
            "select name, within_polygon(make_point(1, 1), geometry) from @places order by name"
        ),
        ["A|true", "·|·"]
    );
    let skipped: Vec<String> = home.portal.skipped().iter().map(ToString::to_string).collect();
    assert_eq!(skipped.len(), 3, "{skipped:?}");
    assert!(skipped[0].contains("broken.json: left out: not the JSON expected"), "{}", skipped[0]);
    assert!(skipped[1].contains("line 2 is not JSON"), "{}", skipped[1]);
    assert!(skipped[2].contains("found an object"), "{}", skipped[2]);
}

#[test]
fn packed_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("calls.csv.gz")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    packed.write_all(b"a\n1\n2\n").unwrap();
    packed.finish().unwrap();
    let mut cut = std::fs::read(folder.path().join("calls.csv.gz")).unwrap();
    cut.truncate(cut.len() - 9);
    std::fs::write(folder.path().join("cut.csv.gz"), cut).unwrap();
    let home = Home { portal: open(folder.path()), folder };
    assert_eq!(home.rows("select sum(a) from @calls"), ["3"]);
    assert_eq!(home.portal.skipped().len(), 1, "{:?}", home.portal.skipped());
}

const VIEW: &str = r#"{
    "id": "esc4-8x43",
    "name": "Calls",
    "createdAt": 1577836800,
    "rowsUpdatedAt": 1735689600,
    "columns": [
        {"fieldName": "call_no", "name": "Call No", "dataTypeName": "text"},
        {"fieldName": "entered", "name": "Entered", "dataTypeName": "calendar_date"},
        {"fieldName": "cost", "name": "Cost", "dataTypeName": "number"},
        {"fieldName": "gone", "name": "Gone", "dataTypeName": "text"}
    ]
}"#;

#[test]
fn a_description_beside_the_file_counts() {
    let home = home(&[
        ("calls.csv", "Entered,CALL_NO,Cost,Other\n01/31/2025 08:15:00 PM,007,1.50,x\n,8,lots,y\n"),
        ("metadata/calls.json", VIEW),
    ]);
    let dataset = home.portal.dataset("esc4-8x43").unwrap();
    assert_eq!(dataset.schema.title, "Calls");
    assert_eq!(dataset.schema.host, "home");
    assert!(dataset.view.is_some());
    assert_eq!(
        home.rows("select call_no, entered, cost, gone from @esc4-8x43"),
        ["007|2025-01-31T20:15:00.000|1.5|·", "8|·|·|·"]
    );
    let found = notes(&home, "esc4-8x43");
    assert!(
        found.contains(
            &"calls.csv:3: `cost` is number, and `lots` is not; it is taken as null".to_owned()
        ),
        "{found:?}"
    );
    assert!(found.iter().any(|note| note.contains("no column `gone`")), "{found:?}");
    assert_eq!(
        home.rows("select :created_at, :updated_at from @esc4-8x43 limit 1"),
        ["2020-01-01T00:00:00.000Z|2025-01-01T00:00:00.000Z"]
    );
}

#[test]
fn system_columns_are_stable_and_can_be_asked_for() {
    let files = [("t.csv", "a\n1\n2\n3\n")];
    let first = home(&files);
    let second = home(&files);
    let query = "select :id, :version, a from @t order by :id";
    let rows = first.rows(query);
    assert_eq!(rows, second.rows(query), "the same in every folder");
    assert_eq!(rows.len(), 3);
    assert!(rows[0].starts_with("row-") && rows[0].ends_with("|1"), "{}", rows[0]);
    let id = rows[1].split('|').next().unwrap();
    assert_eq!(first.rows(&format!("select a from @t where :id = '{id}'")), ["2"]);
    let version = |home: &Home, a: u8| home.rows(&format!("select :version from @t where a = {a}"));
    let changed = home(&[("t.csv", "a\n1\n2\n4\n")]);
    assert_eq!(version(&first, 1), version(&changed, 1), "the row is as it was");
    assert_ne!(version(&first, 3), version(&changed, 4));
    assert_eq!(first.rows("select :*, * from @t limit 1")[0].split('|').count(), 5);
    assert_eq!(
        first.rows("select :* (except :id, :version), * from @t limit 1")[0].split('|').count(),
        3
    );
    // A file can bring them along.
    let brought =
        home(&[("t.csv", ":id,:created_at,a\nrow-iy9i-gz3f~gx4b,2020-01-01T00:00:00Z,1\n")]);
    assert_eq!(
        brought.rows("select :id, :created_at, a from @t where :id = 'row-iy9i-gz3f~gx4b'"),
        ["row-iy9i-gz3f~gx4b|2020-01-01T00:00:00.000Z|1"]
    );
}

#[test]
fn faults_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let missing = LocalPortal::open(&folder.path().join("no"), "home", OpenOptions::default());
    assert!(matches!(missing, Err(OpenError::Io { .. })));
    std::fs::write(folder.path().join("a.csv"), "x\n1\n").unwrap();
    std::fs::write(folder.path().join("a.tsv"), "x\n1\n").unwrap();
    let twice = LocalPortal::open(folder.path(), "home", OpenOptions::default()).unwrap_err();
    assert!(twice.to_string().contains("are both the dataset `a`"), "{twice}");
}

#[test]
fn a_file_that_changes_is_read_anew() {
    let home = home(&[("t.csv", "a,b\n1,2\n")]);
    assert_eq!(home.rows("select a from @t"), ["1"]);
    std::fs::write(home.folder.path().join("t.csv"), "a,b\n5,6\n7,8\n").unwrap();
    assert_eq!(home.rows("select a from @t"), ["5", "7"]);
    std::fs::write(home.folder.path().join("t.csv"), "b,a,c\n5,6,7\n").unwrap();
    let (_, error) = home.fault("select a from @t");
    assert_eq!(error.code.name(), "file");
    std::fs::remove_file(home.folder.path().join("t.csv")).unwrap();
    assert_eq!(home.fault("select a from @t").1.code.name(), "file");
}

#[test]
fn the_geometry_of_features_is_the_described_column() {
    let view =
        |columns: &str| format!(r#"{{"id":"area-area","name":"Areas","columns":[{columns}]}}"#);
    let number = r#"{"fieldName":"poly_code","name":"Code","dataTypeName":"number"}"#;
    let shape = r#"{"fieldName":"the_geom","name":"Shape","dataTypeName":"multipolygon"}"#;
    let spot = r#"{"fieldName":"label_at","name":"Spot","dataTypeName":"point"}"#;
    let area = r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,2],[0,0]]]]}"#;
    let feature = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{area},
        "properties":{{"poly_code":"1","label_at":{{"type":"Point","coordinates":[1,1]}}}}}}]}}"#
    );
    let home = home(&[
        ("areas.geojson", &feature),
        ("areas.meta.json", &view(&[number, shape, spot].join(","))),
        ("plain.geojson", &feature),
        ("plain.meta.json", &view(number).replace("area-area", "plai-nnnn")),
    ]);
    assert_eq!(
        home.rows(
            "select poly_code, intersects(the_geom, label_at) as hit, label_at from @area-area"
        ),
        [r#"1|true|{"type":"Point","coordinates":[1.0,1.0]}"#]
    );
    assert_eq!(notes(&home, "area-area"), Vec::<String>::new());
    assert_eq!(home.rows("select * from @plai-nnnn"), ["1"]);
    assert_eq!(
        notes(&home, "plai-nnnn"),
        [
            "plain.geojson:0: no column of the description is a geometry; those of the file are left out"
        ]
    );
}

#[test]
fn system_columns_of_objects_are_made_where_the_file_has_none() {
    let view = r#"{"id":"ID","columns":[{"fieldName":"a","dataTypeName":"text"}],"createdAt":0}"#;
    let row = r#"{":id":"row-0000.0000_0000",":version":"rv-0000.0000_0000","a":"x",
        ":created_at":"2020-01-02T00:00:00.000Z",":updated_at":"2021-01-02T00:00:00.000Z"}"#;
    let home = home(&[
        ("own.jsonl", &row.replace('\n', "")),
        ("own.meta.json", &view.replace("ID", "ownn-ownn")),
        ("none.jsonl", r#"{"a":"x"}"#),
        ("none.meta.json", &view.replace("ID", "none-none")),
    ]);
    assert_eq!(
        home.rows("select :id, :version, :created_at, :updated_at, a from @ownn-ownn"),
        [
            "row-0000.0000_0000|rv-0000.0000_0000|2020-01-02T00:00:00.000Z|2021-01-02T00:00:00.000Z|x"
        ]
    );
    let made = home.rows("select :created_at, :id is not null as has from @none-none");
    assert_eq!(made, ["1970-01-01T00:00:00.000Z|true"]);
}

#[test]
fn packed_rows_are_read_as_the_values_they_were() {
    use serde_json::json;
    use tule_core::check::OutputColumn;
    use tule_core::rows::Value;
    let spelled = [
        ("t", Type::Text, "text"),
        ("n", Type::Number, "number"),
        ("b", Type::Boolean, "checkbox"),
        ("at", Type::FloatingTimestamp, "calendar_date"),
        ("instant", Type::FixedTimestamp, "date"),
        ("p", Type::Polygon, "polygon"),
        ("u", Type::Url, "url"),
        ("l", Type::Location, "location"),
        ("j", Type::Json, "json"),
        ("d", Type::Document, "document"),
        ("f", Type::Photo, "photo"),
    ];
    let text = |text: &str| Value::Text(text.into());
    let number = |text: &str| Value::Number(text.into());
    let address = r#"{"address":"1 Main","city":"Stockton","state":"CA","zip":"95202"}"#;
    let rows = vec![
        vec![
            text("a \"b\",\n\u{1F30A}\t\\"),
            number("12345678901234567890.123456789"),
            Value::Boolean(false),
            text("2025-03-15T10:30:00.120"),
            text("2025-03-15T10:30:00.000Z"),
            Value::Json(
                json!({"type": "Polygon", "coordinates": [[[0.1, 0.0], [2.0, 0.0], [2.0, 2.5], [0.1, 0.0]]]}),
            ),
            Value::Json(json!({"url": "https://a.b", "description": "A (b)"})),
            Value::Json(
                json!({"latitude": "37.95", "longitude": "-121.29", "human_address": address}),
            ),
            Value::Json(json!("just text")),
            Value::Json(json!({"file_id": "x", "content_type": "t", "filename": "f"})),
            text("photo-1"),
        ],
        vec![text(""), number("-0.5"), Value::Boolean(true)],
        vec![text("null"), number("0")],
        vec![],
    ];
    let rows: Vec<Vec<Value>> = rows
        .into_iter()
        .map(|mut row| {
            row.resize(spelled.len(), Value::Null);
            row
        })
        .collect();
    let columns: Vec<OutputColumn> = spelled
        .iter()
        .map(|(name, ty, _)| OutputColumn { name: (*name).into(), ty: Some(*ty) })
        .collect();
    let mut packer = tule_local::Packer::new(&columns);
    let folder = tempfile::tempdir().unwrap();
    // In two pieces, as a file grows.
    packer.row(&rows[0]).unwrap();
    let mut file = packer.take().unwrap();
    for row in &rows[1..] {
        packer.row(row).unwrap();
    }
    assert_eq!(packer.size().0, 3);
    file.extend(packer.take().unwrap());
    std::fs::write(folder.path().join(format!("x{}", tule_local::ROWS_ENDING)), file).unwrap();
    let described: Vec<_> = spelled
        .iter()
        .map(|(name, _, ty)| json!({"fieldName": name, "dataTypeName": ty}))
        .collect();
    let view = json!({"id": "x", "columns": described}).to_string();
    std::fs::write(folder.path().join(format!("x{}", tule_local::DESCRIPTION_ENDING)), view)
        .unwrap();
    let portal = open(folder.path());
    assert_eq!(portal.load(portal.dataset("x").unwrap()).unwrap().1, []);
    let home = Home { folder, portal };
    assert_eq!(home.values("select * from @x"), rows);
}
