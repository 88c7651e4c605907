//! `tule init`.

use std::fs;

use crate::common::{Folder, stockton};

#[test]
fn a_project_begins_and_works_once_its_dataset_is_locked() {
    let folder = Folder::empty();
    let run = folder.tule(&["init"]).ends(0).says("created tule.toml and queries/example.tule");
    run.says("tule lock --from esc4-8x43.json");
    assert_eq!(folder.list("."), ["queries", "tule.toml"]);
    folder.tule(&["check"]).ends(1).says("error[missing-schema]");
    let metadata = fs::read(stockton().join("metadata/esc4-8x43.json")).unwrap();
    folder.write("esc4-8x43.json", metadata);
    folder.tule(&["lock", "--from", "esc4-8x43.json"]).ends(0);
    folder.tule(&["check"]).ends(0).prints("").tells("1 file, 1 query: no problems");
    folder.tule(&["compile", "queries"]).ends(0).says("https://data.stocktonca.gov/resource/");
    folder.tule(&["fmt", "--check"]).ends(0);
}

#[test]
fn nothing_is_overwritten() {
    let folder = Folder::empty();
    folder.write("tule.toml", "mine");
    folder.tule(&["init"]).ends(2).tells("`tule.toml` exists");
    assert_eq!((folder.read("tule.toml").as_str(), folder.list(".").len()), ("mine", 1));
    folder.write("p/queries/example.tule", "mine");
    folder.tule(&["init", "p"]).ends(2).tells("`p/queries/example.tule` exists");
    assert_eq!(folder.list("p"), ["queries"]);
}

#[test]
fn another_portal_and_another_folder() {
    let folder = Folder::empty();
    let run = folder.tule(&["init", "my data", "--portal", "https://data.cityofchicago.org/"]);
    run.ends(0).says("cd 'my data'").says("https://data.cityofchicago.org/api/views/ID.json");
    let manifest = folder.read("my data/tule.toml");
    assert!(manifest.contains("[portals.cityofchicago]\nurl = \"https://data.cityofchicago.org\""));
    folder.tule(&["check", "my data"]).ends(0).tells("1 file, 0 queries: no problems");
    folder.tule(&["init", "x", "--portal", "ftp://a.b"]).ends(2).tells("no address of a portal");
    folder.write("file", "").tule(&["init", "file/x"]).ends(2).tells("cannot create");
}
