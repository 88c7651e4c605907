//! `tule check --baseline`.

use crate::common::{Folder, valid};

const BAD: &str = "select beet from police_calls limit 5;\n";

fn folder() -> Folder {
    let folder = Folder::stockton();
    folder.write("q/a.tule", BAD.repeat(2)).write("q/b.tule", BAD);
    folder.tule(&["check", "--baseline", "b.json", "--write-baseline"]).ends(0).prints("");
    folder
}

fn check(folder: &Folder, more: &[&str]) -> crate::common::Run {
    folder.tule(&[&["check", "--baseline", "b.json"], more].concat())
}

#[test]
fn known_findings_are_not_reported_and_new_ones_are() {
    let folder = folder();
    let document = valid(&folder.read("b.json"), "baseline");
    assert_eq!(document["findings"][0]["path"], "q/a.tule");
    assert_eq!(document["findings"][0]["count"], 2);
    check(&folder, &[]).ends(0).prints("").tells("no problems (3 more in the baseline)");
    // The same line again is one more than is known.
    folder.write("q/a.tule", format!("-- moved\n{}", BAD.repeat(3)));
    check(&folder, &["--format", "concise"]).ends(1).prints(
        "q/a.tule:4:8: error[unknown-column] no column `beet` in `Stockton Police Department Calls for Service`\n",
    );
    let json = check(&folder, &["--format", "json"]).ends(1).json("check");
    assert_eq!(json["summary"]["errors"], 1);
    // Paths are those of the project, wherever the program is started.
    let mut inside = folder.command(&["check", "b.tule", "--baseline", "../b.json"]);
    assert!(inside.current_dir(folder.path("q")).output().unwrap().status.success());
}

#[test]
fn a_baseline_shrinks_and_does_not_grow() {
    let folder = folder();
    folder.write("q/a.tule", BAD);
    folder.write("q/c.tule", BAD);
    check(&folder, &["q/a.tule", "q/b.tule"])
        .ends(0)
        .tells("1 finding of `b.json` no longer found");
    check(&folder, &["q/a.tule", "--strict-baseline"]).ends(1);
    check(&folder, &["--shrink-baseline"]).ends(1).tells("1 finding removed from `b.json`");
    let document = valid(&folder.read("b.json"), "baseline");
    assert_eq!(document["findings"].as_array().unwrap().len(), 2);
    assert_eq!(document["findings"][0]["count"], 1);
    check(&folder, &["q/a.tule", "--strict-baseline"]).ends(0);
    // Of a file that is gone nothing is left; of one that was not looked at, everything.
    std::fs::remove_file(folder.path("q/b.tule")).unwrap();
    check(&folder, &["q/c.tule", "--shrink-baseline"]).ends(1);
    let document = valid(&folder.read("b.json"), "baseline");
    assert_eq!(document["findings"].as_array().unwrap().len(), 1);
    assert_eq!(document["findings"][0]["path"], "q/a.tule");
}

#[test]
fn known_findings_are_not_repaired() {
    let folder = folder();
    check(&folder, &["--fix", "--unsafe-fixes"]).ends(0);
    assert_eq!(folder.read("q/b.tule"), BAD);
}

#[test]
fn what_is_no_baseline_is_told() {
    let folder = Folder::stockton();
    folder.write("a.tule", BAD);
    check(&folder, &[]).ends(2).tells("no baseline `b.json`").tells("`--write-baseline`");
    for text in ["", "[]", "{\"version\": 9, \"findings\": []}"] {
        folder.write("b.json", text);
        check(&folder, &[]).ends(2).tells("`b.json` is no baseline");
    }
    check(&folder, &["--write-baseline"]).ends(0).tells("1 finding written to `b.json`");
    check(&folder, &[]).ends(0);
    folder.tule(&["check", "--shrink-baseline"]).ends(2).tells("--baseline");
}
