//! `tule lock`.

use std::fs;

use crate::common::{Folder, stockton};

const VIEW: &str = r#"{"id": "abcd-1234", "name": "Things", "columns": [
    {"fieldName": "a", "name": "A", "dataTypeName": "text"},
    {"fieldName": "b", "name": "B", "dataTypeName": "number"},
    {"fieldName": "c", "name": "C", "dataTypeName": "text"}]}"#;

#[test]
fn the_example_project_can_be_locked_from_its_metadata() {
    let folder = Folder::stockton();
    let before = folder.read("tule.lock");
    let files = ["esc4-8x43.json", "gdix-arru.json"];
    for name in files {
        folder.write(name, fs::read(stockton().join("metadata").join(name)).unwrap());
    }
    let run = folder.tule(&["lock", "--from", files[0], files[1]]).ends(0);
    run.says("(police_calls): unchanged, 15 columns").tells("tule.lock: 2 datasets, unchanged");
    fs::remove_file(folder.path("tule.lock")).unwrap();
    folder.tule(&["lock", "--from", files[1], files[0]]).ends(0).says("new, 15 columns");
    assert_eq!(folder.read("tule.lock"), before);
}

#[test]
fn changes_are_told_column_by_column() {
    let folder = Folder::stockton();
    folder.write("v.json", VIEW);
    // The view does not say its host; the project has one portal.
    let run = folder.tule(&["lock", "--from", "v.json"]).ends(0);
    run.prints("data.stocktonca.gov/abcd-1234: new, 3 columns\n").tells("3 datasets, written");
    let locked = folder.read("tule.lock");
    let written = || fs::metadata(folder.path("tule.lock")).unwrap().modified().unwrap();
    let time = written();
    folder.tule(&["lock", "--from", "v.json"]).ends(0).says("unchanged, 3 columns");
    assert_eq!((folder.read("tule.lock"), written()), (locked, time));

    let changed = VIEW.replace("\"c\"", "\"d\"").replace("\"number\"", "\"text\"");
    folder.write("v.json", changed);
    folder.tule(&["lock", "--from", "v.json"]).ends(0).prints(
        "data.stocktonca.gov/abcd-1234: 3 columns changed
  ~ b number -> text
  - c text
  + d text
",
    );
    folder.write("v.json", folder.read("v.json").replace("Things", "Other things"));
    let run = folder.tule(&["lock", "--from", "v.json"]).ends(0);
    run.says("same columns, other facts changed");
    assert_eq!(folder.list("."), ["tule.lock", "tule.toml", "v.json"]);
}

#[test]
fn host_and_identifier_can_be_given() {
    let folder = Folder::stockton();
    folder.write("c.json", r#"[{"fieldName": "beat", "dataTypeName": "text"}]"#);
    let run = folder.tule(&["lock", "--from", "c.json"]).ends(2).prints("");
    run.tells("`c.json`: expected the dataset's identifier").tells("`--id`");
    // An alias of a portal is the portal.
    let place = ["--host", "opda.stocktonca.gov", "--id", "abcd-1234"];
    let run = folder.tule(&[&["lock", "--from", "c.json"], &place[..]].concat()).ends(0);
    run.says("data.stocktonca.gov/abcd-1234: new, 1 column\n");
    folder.tule(&["schema", "@abcd-1234"]).ends(0).says("beat");
    let run = folder.tule(&["lock", "--from", "c.json", "c.json", "--id", "x"]).ends(2);
    run.tells("`--id` names one dataset");
}

#[test]
fn faults_leave_the_lock_as_it_is() {
    let folder = Folder::stockton();
    let before = folder.read("tule.lock");
    folder.write("good.json", VIEW).write("bad.json", "<html>");
    let run = folder.tule(&["lock", "--from", "good.json", "bad.json"]).ends(2).prints("");
    run.tells("`bad.json`: expected JSON, found a page for people");
    folder.tule(&["lock", "--from", "none.json"]).ends(2).tells("cannot read `none.json`");
    assert_eq!(folder.read("tule.lock"), before);
    let run = Folder::empty().write("good.json", VIEW).tule(&["lock", "--from", "good.json"]);
    run.ends(2).tells("no `tule.toml` here");
}

#[test]
fn there_has_to_be_something_to_lock() {
    let folder = Folder::empty();
    folder.write("tule.toml", "");
    folder.tule(&["lock"]).ends(2).prints("").tells("no dataset is named");
    folder.tule(&["lock", "--check", "--from", "x.json"]).ends(2);
    folder.tule(&["lock", "--all"]).ends(2).tells("--check");
}
