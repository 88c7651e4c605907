//! `tule explain`.

use crate::common::Folder;

#[test]
fn a_code_has_a_page_with_example_and_repair() {
    let run = Folder::empty().tule(&["explain", "unknown-column"]).ends(0);
    let run = run.says("unknown-column (error)\n").says("Fails:\n    ").says("Repaired:\n    ");
    run.says("/docs/rules/unknown-column.md\n");
    let off = Folder::empty().tule(&["explain", "select-star"]).ends(0);
    off.says("select-star (warning, off unless asked for)\n");
}

#[test]
fn without_a_code_all_are_listed() {
    let run = Folder::empty().tule(&["explain"]).ends(0).says("unknown-column ");
    assert!(run.out.lines().count() > 80);
}

#[test]
fn an_unknown_code_names_the_nearest() {
    let folder = Folder::empty();
    folder.tule(&["explain", "unknown-colum"]).ends(2).prints("").tells("`unknown-column`");
    folder.tule(&["explain", "E0001"]).ends(2).prints("").tells("lists them all");
}

#[test]
fn json_has_the_documented_form() {
    let folder = Folder::empty();
    let all = folder.tule(&["explain", "--format", "json"]).ends(0).json("explain");
    assert!(all["codes"].as_array().unwrap().len() > 80);
    let run = folder.tule(&["explain", "type-mismatch", "--format", "json"]).ends(0);
    let one = run.json("explain");
    assert_eq!(one["codes"].as_array().unwrap().len(), 1);
    assert_eq!(one["codes"][0]["code"], "type-mismatch");
}
