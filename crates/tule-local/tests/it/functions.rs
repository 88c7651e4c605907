//! Every function of the language, run by the engine.

use tule_core::docs::EVERY_TYPE;
use tule_core::functions::{FUNCTIONS, Kind, Param, Syntax};
use tule_core::types::{Type, TypeSet};
use tule_local::functions::{Nulls, Run, by_identity};

use crate::harness::{Home, home};

/// A row with a value of every type, and one without any.
fn every_type() -> Home {
    let row = serde_json::json!({
        "name": "Pixie Slough",
        "amount": "12.50",
        "ratio": 0.25,
        "active": true,
        "updated_on": "2025-01-31T16:15:00.000Z",
        "opened": "2025-01-31T08:15:30.500",
        "birthday": "1990-02-28",
        "clock": "08:15:00",
        "span": "P1DT2H",
        "place": {"type": "Point", "coordinates": [-121.29, 37.95]},
        "places": {"type": "MultiPoint", "coordinates": [[-121.29, 37.95], [-121.3, 37.96]]},
        "route": {"type": "LineString", "coordinates": [[-121.29, 37.95], [-121.3, 37.96]]},
        "routes": {"type": "MultiLineString", "coordinates": [[[-121.29, 37.95], [-121.3, 37.96]]]},
        "parcel": {"type": "Polygon", "coordinates": [[[-122, 37], [-121, 37], [-121, 38], [-122, 38], [-122, 37]]]},
        "district": {"type": "MultiPolygon", "coordinates": [[[[-122, 37], [-121, 37], [-121, 38], [-122, 38], [-122, 37]]]]},
        "address": {"latitude": "37.95", "longitude": "-121.29", "human_address": "{\"address\":\"1 Main St\",\"city\":\"Stockton\",\"state\":\"CA\",\"zip\":\"95202\"}"},
        "link": {"url": "https://example.org", "description": "Example"},
        "row_key": "row-iy9i-gz3f~gx4b",
        "row_mark": "rv-iy9i-gz3f~gx4b",
        "extra": {"b": 1, "a": [1, 2]},
        "attachment": {"file_id": "1", "filename": "a.pdf", "content_type": "application/pdf"},
        "picture": "picture-1",
        "scan": "scan-1",
    });
    let columns: Vec<_> = EVERY_TYPE
        .iter()
        .map(|(name, ty)| serde_json::json!({"fieldName": name, "dataTypeName": ty.name(), "name": name}))
        .collect();
    let view = serde_json::json!({"id": "every_type", "name": "Every type", "columns": columns});
    home(&[
        ("every_type.jsonl", &format!("{row}\n{{}}\n")),
        ("every_type.meta.json", &view.to_string()),
    ])
}

#[test]
fn every_type_goes_in_and_comes_out() {
    let home = every_type();
    let names: Vec<&str> = EVERY_TYPE.iter().map(|(name, _)| *name).collect();
    let rows = home.rows(&format!("select {} from @every_type", names.join(", ")));
    let values: Vec<&str> = rows[0].split('|').collect();
    let expected = [
        "Pixie Slough",
        "12.50",
        "0.25",
        "true",
        "2025-01-31T16:15:00.000Z",
        "2025-01-31T08:15:30.500",
        "1990-02-28",
        "08:15:00.000",
        "P1DT2H",
        r#"{"type":"Point","coordinates":[-121.29,37.95]}"#,
    ];
    assert_eq!(values[..10], expected);
    assert_eq!(values[17], "row-iy9i-gz3f~gx4b");
    assert_eq!(values[18], "rv-iy9i-gz3f~gx4b");
    assert_eq!(values[19], r#"{"a":[1,2],"b":1}"#, "members of json are in one order");
    assert_eq!(values[16], r#"{"url":"https://example.org","description":"Example"}"#);
    assert_eq!(rows[1], ["·"; 23].join("|"));
    for (name, ty) in EVERY_TYPE {
        assert_eq!(
            home.rows(&format!("select {name} as v from @every_type where {name} is null")),
            ["·"],
            "{ty}"
        );
    }
    // What equals itself is found, whatever its type.
    for (name, ty) in EVERY_TYPE {
        if TypeSet::EQUATABLE.has(*ty) {
            let query = format!(
                "select count(*) from @every_type as a join @every_type as b on {name} = @b.{name}"
            );
            assert_eq!(home.rows(&query), ["1"], "{ty}");
        }
    }
}

#[test]
fn the_example_of_every_function_runs() {
    let home = every_type();
    let mut refused = Vec::new();
    for function in FUNCTIONS.iter().filter(|function| !function.hidden) {
        let query = format!("select {} as v from @every_type", function.example);
        let run = by_identity(function.identity).unwrap();
        if let Run::Refused(reason) = run {
            let (at, error) = home.fault(&query);
            assert!(error.message.ends_with(reason), "{}", error.message);
            assert_eq!(at, function.example);
            refused.push(function.identity);
            continue;
        }
        if function.syntax == Syntax::Cast && function.params == [Param::Is(Type::Text)] {
            // Not every text is a value of another type.
            let rows = home.rows(&format!("{query} where name is null"));
            assert_eq!(rows, ["·"], "{query}");
            continue;
        }
        let rows = home.rows(&query);
        let expected = if function.kind == Kind::Aggregate && !function.example.contains("OVER") {
            1
        } else {
            2
        };
        assert_eq!(rows.len(), expected, "{query}");
        // A null goes through a strict function.
        let strict = matches!(run, Run::Scalar { nulls: Nulls::Strict, .. });
        let of_column = EVERY_TYPE.iter().any(|(name, _)| function.example.contains(name));
        if strict && of_column && function.params.len() == 1 {
            assert_eq!(rows[1], "·", "{query}");
        }
    }
    assert_eq!(refused, ["get_context"]);
}

/// Expressions over the row with values, and what they are.
const VALUES: &[(&str, &str)] = &[
    ("-2 ^ 2", "4.0000000000000000"),
    ("2 ^ 3 ^ 2", "512.0000000000000000"),
    ("1 / 3", "0.33333333333333333333"),
    ("7 / 2", "3.5000000000000000"),
    ("7 % -3", "1"),
    ("-7 % 3", "-1"),
    ("0.1 + 0.2", "0.3"),
    ("9223372036854775807 + 1", "9223372036854775808"),
    ("99999999999999999999 * 99999999999999999999", "9999999999999999999800000000000000000001"),
    ("1e3 = 1000.0", "true"),
    ("amount = 12.5", "true"),
    ("amount::text", "12.50"),
    ("ratio * 2.0::double", "0.5"),
    ("name like 'pixie%'", "false"),
    ("name ilike 'pixie%'", "true"),
    ("name like 'Pixie_Slough'", "true"),
    (r"'50%' like '50\%'", "true"),
    (r"'505' like '50\%'", "false"),
    ("name not like '%Slough'", "false"),
    ("caseless_eq(name, 'PIXIE SLOUGH')", "true"),
    ("'B' < 'a'", "true"),
    ("'é' > 'z'", "true"),
    ("upper(name) || '!'", "PIXIE SLOUGH!"),
    ("'n: ' || 1", "n: 1"),
    (
        "case when amount > 100 then 'big' when amount > 10 then 'middling' else 'small' end",
        "middling",
    ),
    ("case when amount > 100 then 'big' end", "·"),
    ("case name when 'x' then 1 when 'Pixie Slough' then 2 end", "2"),
    ("case amount when 12.50 then 'yes' else 'no' end", "yes"),
    ("case 1 when 2 then 'no' when 1.0 then 'yes' end", "yes"),
    ("iif(amount = 0, 1 / 0, 2)", "2"),
    ("coalesce(null, null, name)", "Pixie Slough"),
    ("nullif(amount, 12.5)", "·"),
    ("least(3, null, 2.5, 10)", "2.5"),
    ("greatest('b', 'a', null)", "b"),
    ("null = null", "·"),
    ("null and false", "false"),
    ("null or true", "true"),
    ("not null", "·"),
    ("1 in (2, null)", "·"),
    ("1 not in (2, 3)", "true"),
    ("null is not distinct from null", "true"),
    ("date_trunc_ym(opened)", "2025-01-01T00:00:00.000"),
    ("opened.hour", "8"),
    ("opened + 'P1M'", "2025-02-28T08:15:30.500"),
    ("birthday + clock", "1990-02-28T08:15:00.000"),
    ("opened > '2025-01-31'", "true"),
    ("opened between '2025-01-01' and '2025-01-31'", "false"),
    ("today()", "2025-03-15T00:00:00.000"),
    ("now() > updated_on", "true"),
    ("opened < today() - 30", "true"),
    ("get_utc_date()", "2025-03-15T17:30:00.000Z"),
    ("extra.a", "[1,2]"),
    ("extra['a'][1]", "2"),
    ("extra.missing", "·"),
    ("link.url", "https://example.org"),
    ("address.latitude", "37.95"),
    ("address::point", r#"{"type":"Point","coordinates":[-121.29,37.95]}"#),
    (
        "within_polygon(place, 'MULTIPOLYGON (((-122 37, -121 37, -121 38, -122 38, -122 37)))')",
        "true",
    ),
    (
        "within_polygon(place, 'MULTIPOLYGON (((-123 37, -122 37, -122 38, -123 38, -123 37)))')",
        "false",
    ),
    ("within_polygon(place, district)", "true"),
    ("within_box(place, 38, -122, 37, -121)", "true"),
    ("within_circle(place, 37.95, -121.29, 1)", "true"),
    ("make_point(37.95, -121.29) = place", "true"),
    ("signed_magnitude_10(-1234)", "-4"),
    ("round(2.5, 0)", "3"),
    ("'row-iy9i-gz3f~gx4b' = row_key", "true"),
];

#[test]
fn values_are_those_of_the_language() {
    let home = every_type();
    for (expression, value) in VALUES {
        let rows = home
            .rows(&format!("select {expression} as v from @every_type where amount is not null"));
        assert_eq!(rows, [*value], "{expression}");
    }
}

#[test]
fn faults_of_values_point_at_the_expression() {
    let home = every_type();
    for (query, at, message) in [
        (
            "select amount / (amount - 12.5) as v from @every_type",
            "amount / (amount - 12.5)",
            "division by zero",
        ),
        (
            "select name::number as v from @every_type",
            "name::number",
            "cannot read as number: 'Pixie Slough'",
        ),
        (
            "select count(*) from @every_type where 1 % (amount - 12.5) = 1",
            "1 % (amount - 12.5)",
            "division by zero",
        ),
        (
            "select amount as a, 10 ^ 10 ^ a ^ 2 as b from @every_type",
            "10 ^ 10 ^ a ^ 2",
            "out of the range of number",
        ),
    ] {
        let (found, error) = home.fault(query);
        assert_eq!(found, at, "{query}: {error}");
        assert!(error.message.contains(message), "{}", error.message);
        assert_eq!(error.code.name(), "bad-value");
    }
}
