//! The schema of `tule.toml` is up to date (`TULE_BLESS=1` writes it anew) and knows the keys that
//! the reader knows.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tule_core::schema::manifest;
use tule_tests::project_schema::{FILE, schema};
use tule_tests::root;

#[test]
fn the_schema_is_up_to_date() {
    let path = root().join(FILE);
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("TULE_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == text, "write it anew with `TULE_BLESS=1`");
}

/// What stands in back-quotes in a text.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys(schema: &Value) -> BTreeSet<String> {
    schema["properties"].as_object().unwrap().keys().cloned().collect()
}

/// The keys that the reader names where it finds one that is like none of them.
fn offered(text: &str) -> BTreeSet<String> {
    let errors = manifest::parse(text).unwrap_err();
    quoted(&errors.first().unwrap().help)
}

#[test]
fn it_has_the_keys_that_the_reader_has() {
    let schema = schema();
    assert_eq!(keys(&schema), offered("zzzzzzzz = 1"));
    let portal = "[portals.p]\nzzzzzzzz = 1\nurl = 'https://a.example'\nkind = 'socrata'";
    let described = &schema["properties"]["portals"]["additionalProperties"];
    assert_eq!(keys(described), offered(portal));
}

#[test]
fn what_the_reader_takes_for_no_kind_the_schema_forbids() {
    let schema = schema();
    let rules = schema["properties"]["portals"]["additionalProperties"]["allOf"].clone();
    for (kind, name) in manifest::PortalKind::ALL {
        let rule = rules.as_array().unwrap().iter();
        let mut rule = rule.filter(|rule| rule["if"]["properties"]["kind"]["const"] == name);
        let forbidden = rule.next().map(|rule| keys(&rule["then"])).unwrap_or_default();
        let values = [("aliases", "['b.example']"), ("token-env", "'T'"), ("api", "'soda2'")];
        for (key, value) in values {
            let url =
                if kind == manifest::PortalKind::Local { "data" } else { "https://a.example" };
            let text = format!("[portals.p]\nurl = '{url}'\nkind = '{name}'\n{key} = {value}");
            assert_eq!(manifest::parse(&text).is_err(), forbidden.contains(key), "{name} {key}");
        }
    }
}
