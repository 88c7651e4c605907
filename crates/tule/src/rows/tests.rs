use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use super::*;

fn columns() -> Vec<OutputColumn> {
    let column = |name: &str, ty| OutputColumn { name: name.into(), ty: Some(ty) };
    vec![
        column("beat", Type::Text),
        column("calls", Type::Number),
        column("when", Type::FloatingTimestamp),
        column("urgent", Type::Boolean),
        column("share", Type::Double),
        column("place", Type::Point),
    ]
}

fn rows() -> Vec<Vec<Value>> {
    let place = json!({ "type": "Point", "coordinates": [-121.29, 37.96] });
    vec![
        vec![
            Value::Text("K1".into()),
            Value::Number("12345678901234567890.10".into()),
            Value::Text("2025-01-31T08:15:00.000".into()),
            Value::Boolean(true),
            Value::Double(0.5),
            Value::Json(place),
        ],
        vec![
            Value::Text("警察, \"quoted\" | and\n\x1b[31mred".into()),
            Value::Number("-0.5".into()),
            Value::Null,
            Value::Boolean(false),
            Value::Double(1e300),
            Value::Null,
        ],
    ]
}

fn look(format: Format) -> Look<'static> {
    Look {
        format: Some(format),
        width: None,
        is_terminal: false,
        paint: Paint(false),
        geometry: None,
    }
}

fn print(columns: &[OutputColumn], rows: &[Vec<Value>], look: Look<'_>) -> String {
    let mut out = Vec::new();
    let mut printer = Printer::new(columns, look, &mut out).map_err(|e| e.0).unwrap();
    printer.begin().unwrap();
    for row in rows {
        printer.row(row).unwrap();
    }
    let printed = printer.end().unwrap();
    assert_eq!(printed.rows, rows.len() as u64);
    assert_eq!(printed.bytes, out.len() as u64);
    String::from_utf8(out).unwrap()
}

#[test]
fn csv_is_exact_and_quoted_where_it_must_be() {
    let csv = print(&columns(), &rows(), look(Format::Csv));
    assert_eq!(
        csv,
        "beat,calls,when,urgent,share,place\n\
         K1,12345678901234567890.10,2025-01-31T08:15:00.000,true,0.5,POINT (-121.29 37.96)\n\
         \"警察, \"\"quoted\"\" | and\n\x1b[31mred\",-0.5,,false,1e+300,\n"
    );
    let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
    let read: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(&read[1][0], "警察, \"quoted\" | and\n\x1b[31mred");
    let shown = print(&columns(), &rows(), Look { is_terminal: true, ..look(Format::Csv) });
    assert_eq!(shown, csv.replace('\x1b', "␛"));
    let tsv = print(&columns(), &rows(), look(Format::Tsv));
    assert!(tsv.starts_with("beat\tcalls\twhen\t"), "{tsv}");
    // One empty field is a row all the same.
    let one = print(&columns()[..1], &[vec![Value::Null]], look(Format::Csv));
    assert_eq!(one, "beat\n\"\"\n");
}

#[test]
fn json_keeps_digits_and_nulls() {
    let json = print(&columns(), &rows(), look(Format::Json));
    let (first, second) = (json.lines().nth(1).unwrap(), json.lines().nth(2).unwrap());
    assert!(first.contains(r#""calls":12345678901234567890.10,"when":"2025-01-31T08:15:00.000""#));
    assert!(second.contains(r#""when":null,"urgent":false"#), "{second}");
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document[0]["place"]["coordinates"], json!([-121.29, 37.96]));
    assert_eq!(document[1]["beat"], "警察, \"quoted\" | and\n\x1b[31mred");
    assert_eq!(document.as_array().unwrap().len(), 2);
    assert!(!json.contains('\x1b'));
    assert_eq!(print(&columns(), &[], look(Format::Json)), "[]\n");

    let lines = print(&columns(), &rows(), look(Format::Jsonl));
    assert_eq!(lines.lines().count(), 2);
    for (line, row) in lines.lines().zip(document.as_array().unwrap()) {
        assert_eq!(serde_json::from_str::<serde_json::Value>(line).unwrap(), *row);
    }
    assert_eq!(print(&columns(), &[], look(Format::Jsonl)), "");
}

#[test]
fn geojson_has_the_one_geometry() {
    let text = print(&columns(), &rows(), look(Format::Geojson));
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["type"], "FeatureCollection");
    assert_eq!(document["features"][0]["geometry"]["coordinates"], json!([-121.29, 37.96]));
    assert_eq!(document["features"][1]["geometry"], json!(null));
    assert_eq!(document["features"][1]["properties"]["when"], json!(null));
    assert_eq!(document["features"][1]["properties"].get("place"), None);
    let empty = print(&columns(), &[], look(Format::Geojson));
    let empty: serde_json::Value = serde_json::from_str(&empty).unwrap();
    assert_eq!(empty["features"], json!([]));

    let refused = |columns: &[OutputColumn], geometry| {
        let look = Look { geometry, ..look(Format::Geojson) };
        Printer::new(columns, look, &mut Vec::new()).err().unwrap_or_default()
    };
    assert!(refused(&columns()[..5], None).0.contains("no column of the result is a geometry"));
    let mut two = columns();
    two.push(OutputColumn { name: "area".into(), ty: Some(Type::Multipolygon) });
    assert!(refused(&two, None).1.ends_with("`place` or `area`"), "{}", refused(&two, None).1);
    assert!(refused(&two, Some("beat")).0.contains("`beat`"));
    assert_eq!(refused(&two, Some("AREA")).0, "");
}

#[test]
fn markdown_is_a_table_whatever_the_text() {
    let text = print(&columns()[..2], &rows().map_first_two(), look(Format::Markdown));
    assert_eq!(
        text,
        "\
| beat                            |                   calls |
| ------------------------------- | ----------------------: |
| K1                              | 12345678901234567890.10 |
| 警察, \"quoted\" \\| and␊␛\\[31mred |                    -0.5 |
"
    );
    let column = [OutputColumn { name: "a_b".into(), ty: Some(Type::Text) }];
    let text = print(&column, &[vec![Value::Text("_x_ a_b <b>".into())]], look(Format::Markdown));
    assert!(text.ends_with("| \\_x\\_ a_b \\<b> |\n"), "{text}");
    assert!(text.starts_with("| a_b "), "{text}");
    assert_eq!(print(&column, &[], look(Format::Markdown)), "| a_b |\n| --- |\n");
}

/// The first two columns of each row.
trait FirstTwo {
    fn map_first_two(self) -> Self;
}

impl FirstTwo for Vec<Vec<Value>> {
    fn map_first_two(self) -> Self {
        self.into_iter().map(|row| row[..2].to_vec()).collect()
    }
}

#[test]
fn in_a_pipe_a_table_has_a_line_a_row() {
    assert_eq!(
        print(&columns()[..4], &rows(), look(Format::Table)),
        "\
beat                                             calls  when                 urgent
K1                             12345678901234567890.10  2025-01-31 08:15:00  true
警察, \"quoted\" | and␊␛[31mred                     -0.5                       false
"
    );
    // More rows than decide the widths: one header, and columns stay where they were.
    let many: Vec<_> = (0..2500).map(|n| vec![Value::Number(n.to_string().into())]).collect();
    let column = [OutputColumn { name: "number".into(), ty: Some(Type::Number) }];
    let text = print(&column, &many, look(Format::Table));
    assert_eq!(text.lines().count(), 2501);
    assert_eq!(text.lines().next(), Some("number"));
    assert_eq!(text.lines().last(), Some("  2499"));
    assert_eq!(print(&column, &[], look(Format::Table)), "number\n");
}

#[test]
fn on_a_terminal_a_table_fits() {
    for width in 60..140_u16 {
        let look = Look { width: Some(width), is_terminal: true, ..look(Format::Table) };
        let text = print(&columns(), &rows(), look);
        assert!(text.lines().all(|line| line.width() <= usize::from(width)), "{width}\n{text}");
    }
    let look = Look { width: Some(60), is_terminal: true, ..look(Format::Table) };
    let long = vec![vec![Value::Text("word ".repeat(500).into()), Value::Number("1".into())]];
    let text = print(&columns()[..2], &long, look);
    assert_eq!(text.lines().count(), 1 + 5, "{text}");
    assert!(text.contains("..."), "{text}");
}

#[test]
fn rows_too_wide_for_a_table_are_shown_one_value_a_line() {
    let look = |format| Look { format, width: Some(40), is_terminal: true, ..look(Format::Table) };
    let turned = print(&columns(), &rows(), look(None));
    assert!(turned.starts_with("row 1\nbeat    K1\ncalls   12345678901234567890.10\n"), "{turned}");
    assert_eq!(turned, print(&columns(), &rows(), look(Some(Format::Vertical))));
    let table = print(&columns()[..2], &rows(), look(None));
    assert!(table.starts_with("beat "), "{table}");
}
