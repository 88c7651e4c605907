//! The pages about the rules say what the catalogue says. `TULE_BLESS=1` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::fs;

use tule_tests::root;
use tule_tests::rules::{FOLDER, pages};

#[test]
fn the_pages_about_rules_are_up_to_date() {
    let folder = root().join(FOLDER);
    let pages = pages();
    if std::env::var_os("TULE_BLESS").is_some() {
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let written: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(written, pages.keys().cloned().collect(), "a page for every rule, and no other");
    let stale: Vec<&String> = pages
        .iter()
        .filter(|(name, text)| {
            let written = fs::read_to_string(folder.join(name)).unwrap();
            written.replace("\r\n", "\n") != **text
        })
        .map(|(name, _)| name)
        .collect();
    assert!(stale.is_empty(), "write them anew with `TULE_BLESS=1`: {stale:?}");
}

#[test]
fn pages_name_every_rule_and_link_to_pages_that_exist() {
    let pages = pages();
    let index = &pages["README.md"];
    for name in pages.keys().filter(|name| *name != "README.md") {
        assert!(index.contains(&format!("]({name})")), "{name}");
    }
    let shown = pages.values().filter(|page| page.contains("```text")).count();
    assert!(shown > 100, "{shown} pages show what is found");
}
