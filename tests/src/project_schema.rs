//! The JSON Schema of `tule.toml`, written from the tables that its reader uses, so that editors
//! complete and check exactly what the program takes.

use serde_json::{Map, Value, json};
use tule_core::diagnostics::CODES;
use tule_core::schema::manifest::{LintLevel, PortalKind};
use tule_core::target::Target;

/// The file, from the root.
pub const FILE: &str = "docs/tule-toml.schema.json";

/// The schema.
#[must_use]
pub fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "tule.toml: the portals, datasets and lints of a project",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "portals": {
                "type": "object",
                "description": "The portals that queries ask, each under a name of the project.",
                "propertyNames": { "pattern": r"^[\p{L}\p{N}_-]+$" },
                "additionalProperties": portal(),
            },
            "datasets": {
                "type": "object",
                "description": "Names of datasets, as queries write them behind `from`.",
                "propertyNames": { "pattern": r"^[\p{L}_][\p{L}\p{N}_]*$" },
                "additionalProperties": {
                    "type": "string",
                    "description": "The portal's name in this file, `/`, and the dataset's identifier there: `stockton/esc4-8x43`.",
                    "pattern": "^[^/]+/.+$",
                },
            },
            "lints": lints(),
        },
    })
}

fn portal() -> Value {
    let kinds = PortalKind::ALL.map(|(_, name)| name);
    let interfaces = Target::ALL.map(Target::name);
    let only = |kind: PortalKind, absent: &[&str]| {
        let absent: Map<String, Value> =
            absent.iter().map(|key| ((*key).to_owned(), Value::Bool(false))).collect();
        json!({
            "if": { "properties": { "kind": { "const": kind.name() } }, "required": ["kind"] },
            "then": { "properties": absent },
        })
    };
    let rules: Vec<Value> = PortalKind::ALL
        .iter()
        .filter_map(|(kind, _)| match kind {
            PortalKind::Socrata => None,
            PortalKind::Local => Some(only(*kind, &["aliases", "token-env", "api"])),
            _ => Some(only(*kind, &["api"])),
        })
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["url", "kind"],
        "properties": {
            "url": {
                "type": "string",
                "minLength": 1,
                "description": "The portal's address, such as `https://data.example.gov`; of a portal of kind `local`, a folder, relative to this file.",
            },
            "kind": {
                "enum": kinds,
                "description": "Which interface the portal has; `local` is a folder of CSV, JSON or GeoJSON files.",
            },
            "aliases": {
                "type": "array",
                "items": { "type": "string", "minLength": 1 },
                "description": "Other hosts that serve the same datasets under the same identifiers.",
            },
            "token-env": {
                "type": "string",
                "pattern": "^[A-Za-z_][A-Za-z0-9_]*$",
                "description": "The environment variable that holds an app token; never the token itself.",
            },
            "api": {
                "enum": interfaces,
                "description": "The interface to compile for.",
            },
        },
        "allOf": rules,
    })
}

fn lints() -> Value {
    let levels = LintLevel::ALL.map(|(_, name)| name);
    let known: Map<String, Value> = CODES
        .iter()
        .filter(|info| info.has_level())
        .map(|info| {
            let usual = if info.on { info.severity.name() } else { "off" };
            let description = format!("Finds {}. Usually: {usual}.", info.summary);
            (info.name.to_owned(), json!({ "enum": levels, "description": description }))
        })
        .collect();
    json!({
        "type": "object",
        "description": "How seriously each rule is taken: not reported, a warning, or an error.",
        "additionalProperties": false,
        "properties": known,
    })
}
