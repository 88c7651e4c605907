//! Invented licences to sell drinks. The city's own layer is on another kind of portal; these
//! columns are a choice of its columns under names that Socrata would give them.

use fastrand::Rng;
use jiff::ToSpan as _;
use jiff::civil::date;
use serde_json::{Value, json};

use super::places::corners;
use super::{NOTICE, pick, table, weighted};

/// How many there are.
const ROWS: u32 = 1_350;

/// Columns: field name, type in metadata, label, what it holds.
const COLUMNS: [(&str, &str, &str, &str); 9] = [
    ("file_number", "number", "File Number", "Number of the file"),
    (
        "license_type",
        "text",
        "License Type",
        "20 and 21 to take away, 41 and 47 in restaurants, 48 in bars",
    ),
    ("status", "text", "Status", "Where the licence stands"),
    ("premise_name", "text", "Premise Name", "Name of the premises"),
    ("premise_address", "text", "Premise Address", "The nearest corner"),
    ("issued", "calendar_date", "Issued", "First day"),
    ("expires", "calendar_date", "Expires", "Last day"),
    ("fee", "number", "Fee", "Yearly fee in dollars"),
    ("place", "point", "Place", "Where the premises are"),
];

const TYPES: [(&str, u32); 5] = [("20", 33), ("21", 27), ("41", 24), ("47", 11), ("48", 5)];
const STATUS: [(&str, u32); 4] = [("ACTIVE", 910), ("PEND", 62), ("SUREND", 26), ("REVPEN", 2)];
const FIRST: [&str; 8] = ["Blue", "Delta", "Golden", "Heron", "Levee", "Old", "Reed", "Slough"];
const SECOND: [&str; 8] =
    ["Bar", "Cafe", "Corner", "Deli", "Grill", "Market", "Pantry", "Taqueria"];

pub(super) fn rows() -> Vec<u8> {
    let mut random = Rng::with_seed(21);
    let corners = corners();
    let header = COLUMNS.map(|(name, ..)| name);
    table(
        header,
        (0..ROWS).map(|number| {
            let corner = pick(&mut random, &corners);
            let issued = date(1994, 1, 1).saturating_add(random.i32(0..11_700).days());
            let expires = date(2025, 6, 30).saturating_add((random.i32(0..24)).months());
            let ty = *weighted(&mut random, &TYPES);
            let name = format!("{} {}", pick(&mut random, &FIRST), pick(&mut random, &SECOND));
            [
                (100_000 + number * 37).to_string(),
                ty.to_owned(),
                (*weighted(&mut random, &STATUS)).to_owned(),
                name.to_uppercase(),
                corner.name.clone(),
                format!("{issued}T00:00:00.000"),
                format!("{expires}T00:00:00.000"),
                format!("{}.{:02}", 300 + random.u32(..900), random.u32(..4) * 25),
                format!("POINT ({} {})", corner.longitude, corner.latitude),
            ]
        }),
    )
}

pub(super) fn description() -> Value {
    let columns: Vec<Value> = (1..)
        .zip(COLUMNS)
        .map(|(position, (field, ty, name, about))| {
            json!({
                "fieldName": field, "name": name, "dataTypeName": ty, "position": position,
                "description": about,
            })
        })
        .collect();
    json!({
        "_provenance": "synthetic",
        "id": "liquor_licenses",
        "name": "Liquor licences (synthetic sample)",
        "assetType": "dataset",
        "description": format!("{NOTICE} Premises that may sell drinks."),
        "provenance": "community",
        "tags": ["synthetic"],
        "columns": columns,
    })
}
