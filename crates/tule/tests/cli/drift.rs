//! Drift on the command line: approvals, repairs of all files, and where rows went.

use serde_json::{Value, json};

use crate::common::Folder;
use crate::portal::{COLUMNS, Portal, calls, locked};

/// The columns with some renamed.
fn renamed(pairs: &[(&str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let new = |name: &'static str| pairs.iter().find(|(old, _)| *old == name).map_or(name, |p| p.1);
    COLUMNS.iter().map(|&(name, ty)| (new(name), ty)).collect()
}

/// A project whose portal took a column away that a query reads.
fn broken(portal: &Portal) -> Folder {
    let folder = locked(portal);
    folder.write("a.tule", "select beat, cost from calls;");
    let without: Vec<_> = COLUMNS.iter().copied().filter(|(name, _)| *name != "cost").collect();
    portal.view("call-call", &calls(&without));
    folder
}

fn approval(change: &str, more: &str, until: &str) -> String {
    format!(
        "[[approved]]\ndataset = \"calls\"\nchange = \"{change}\"\n{more}reason = \"comes back\"\n\
         until = {until}\n"
    )
}

#[test]
fn an_approved_drift_is_told_and_fails_nothing() {
    let portal = Portal::start();
    let folder = broken(&portal);
    let check = ["lock", "--check"];
    folder.tule(&check).ends(1).says("error[drift-column-removed]");
    let removed = |until| approval("drift-column-removed", "column = \"cost\"\n", until);
    folder.write("tule.approved.toml", removed("2999-12-31"));
    let run = folder.tule(&check).ends(0).says("info[drift-column-removed]");
    run.says("approved until 2999-12-31: comes back").tells("2 findings are approved");
    let document = folder.tule(&["lock", "--check", "--format", "json"]).ends(0).json("check");
    let first = &document["diagnostics"][0];
    assert_eq!(
        (&first["severity"], &first["code"]),
        (&json!("info"), &json!("drift-column-removed"))
    );
    assert_eq!(first["approved"], json!({"reason": "comes back", "until": "2999-12-31"}));
    assert_eq!(document["summary"], json!({"errors": 0, "warnings": 0}));
    let run = folder.tule(&["lock", "--check", "--format", "jsonl"]).ends(0);
    for line in run.out.lines() {
        crate::common::valid(line, "check-line");
    }
    let sarif: Value =
        serde_json::from_str(&folder.tule(&["lock", "--check", "--format", "sarif"]).out).unwrap();
    let suppressed = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!(suppressed["justification"], "comes back");

    // Ended: it counts again, and the entry is told of.
    folder.write("tule.approved.toml", removed("2020-12-31"));
    let run = folder.tule(&check).ends(1).says("error[drift-column-removed]");
    run.says("warning[drift-approval-expired]").says("tule.approved.toml:1:1");
    // For another column: nothing needs it.
    let other = approval("drift-column-removed", "column = \"beat\"\n", "2999-12-31");
    folder.write("tule.approved.toml", other);
    folder.tule(&check).ends(1).says("warning[drift-approval-unused]");
    // A portal that cannot be asked says nothing about approvals.
    portal.says("/api/views/call-call.json", 400, "<title>Busy</title>");
    let run = folder.tule(&check).ends(3);
    assert!(!run.out.contains("approval"), "{run:?}");
    // A file with faults is shown and stops everything.
    folder.write("tule.approved.toml", removed("soon"));
    folder.tule(&check).ends(2).tells("tule.approved.toml");
    folder.write("tule.approved.toml", removed("2999-12-31").replace("reason", "why"));
    folder.tule(&check).ends(2).tells("the approval has no `reason`").tells("unknown key `why`");
}

#[test]
fn approvals_are_written_for_what_was_found() {
    let portal = Portal::start();
    let folder = broken(&portal);
    folder.tule(&["lock", "--check", "--approve", "x"]).ends(2).tells("--until");
    let approve = ["lock", "--check", "--approve", "restored in May", "--until", "2999-05-31"];
    let run = folder.tule(&approve).ends(0).tells("tule.approved.toml: 1 approval written");
    run.says("approved until 2999-05-31: restored in May");
    let text = folder.read("tule.approved.toml");
    assert!(text.contains("column = \"cost\"") && text.starts_with("# "), "{text}");
    folder.tule(&["lock", "--check"]).ends(0);
    folder.tule(&approve).ends(0).tells("0 approvals written");
    assert_eq!(folder.read("tule.approved.toml"), text, "nothing twice");
    // The change is over: the entry is told of, and takes nothing else along.
    portal.view("call-call", &calls(COLUMNS));
    folder.tule(&["lock", "--check"]).ends(0).says("warning[drift-approval-unused]");
}

#[test]
fn a_renamed_column_is_repaired_in_all_files_at_once() {
    let portal = Portal::start();
    let folder = locked(&portal);
    let one =
        "-- by day\nselect opened, beat from calls where opened > '2025-01-01' order by opened;\n";
    let two = "select count(*) as n from calls where opened is null;\nselect beat from calls;\n";
    folder.write("queries/one.tule", one).write("queries/deep/two.tule", two);
    folder.write("other.tule", "select beat from calls;\n");
    portal.view("call-call", &calls(&renamed(&[("opened", "opened_at")])));
    let lock = folder.read("tule.lock");
    let run = folder.tule(&["lock", "--fix", "--diff"]).ends(1);
    let run = run.says("+select opened_at as opened, beat from calls where opened >");
    let run = run.says("-  { name = \"opened\"").tells("would give");
    assert!(!run.out.contains("other.tule"), "{run:?}");
    assert_eq!((folder.read("queries/one.tule"), folder.read("tule.lock")), (one.to_owned(), lock));
    folder.tule(&["lock", "--fix"]).ends(0).tells("gave 2 statements in 2 files the new names");
    // The other two places mean the result column.
    let expected = one.replace("select opened", "select opened_at as opened");
    assert_eq!(folder.read("queries/one.tule"), expected);
    let expected = two.replace("opened", "opened_at");
    assert_eq!(folder.read("queries/deep/two.tule"), expected);
    assert_eq!(folder.read("other.tule"), "select beat from calls;\n");
    assert!(folder.read("tule.lock").contains("name = \"opened_at\""));
    folder.tule(&["check", "."]).ends(0);
    folder.tule(&["lock", "--check"]).ends(0).tells("no drift");
    folder.tule(&["lock", "--fix", "--diff"]).ends(0).prints("");
}

#[test]
fn what_a_repair_cannot_mend_is_left_and_told() {
    let portal = Portal::start();
    let folder = locked(&portal);
    folder.write("a.tule", "select opened, cost from calls;\n");
    let now: Vec<_> = renamed(&[("opened", "opened_at")]).into_iter().take(3).collect();
    portal.view("call-call", &calls(&now));
    let run = folder.tule(&["lock", "--fix"]).ends(1);
    run.says("error[drift-column-removed]").tells("tule.lock: 1 dataset, written");
    assert_eq!(folder.read("a.tule"), "select opened_at as opened, cost from calls;\n");
    // The portal is down: nothing is touched.
    portal.says("/api/views/call-call.json", 400, "<title>Busy</title>");
    let before = folder.read("tule.lock");
    folder.tule(&["lock", "--fix"]).ends(3);
    assert_eq!(folder.read("tule.lock"), before);
    folder.tule(&["lock", "--fix", "--check"]).ends(2);
}

fn hit(host: &str, id: &str, title: &str) -> Value {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    json!({"resource": {"id": id, "name": title, "type": "dataset", "columns_field_name": names},
           "metadata": {"domain": host}})
}

#[test]
fn a_dataset_that_is_gone_is_looked_for_in_the_catalogue() {
    let portal = Portal::start();
    let folder = locked(&portal);
    folder.write("a.tule", "select beat from calls;");
    let gone = r#"{"code":"not_found","error":true,"message":"Cannot find view"}"#;
    portal.says("/api/views/call-call.json", 404, gone);
    let results =
        [hit(&portal.host, "neww-call", "Calls"), hit(&portal.host, "othe-call", "Fires")];
    portal.says("/api/catalog/v1", 200, &json!({"results": results}));
    let run = folder.tule(&["lock", "--check"]).ends(1).says("error[drift-dataset-gone]");
    let place = format!("the rows are probably in `{}/neww-call` (`Calls`)", portal.host);
    run.says(&place).says("4 of 4 columns, same title");
    // A catalogue that fails is no reason to say less about the rest.
    portal.says("/api/catalog/v1", 400, "{\"error\":\"down\"}");
    let run = folder.tule(&["lock", "--check"]).ends(1).says("error[drift-dataset-gone]");
    assert!(!run.out.contains("probably"), "{run:?}");
    run.tells("the catalogue was not searched");
    // A map names the dataset that it shows.
    let map = json!({"id": "call-call", "name": "Calls", "assetType": "map", "columns": [],
                     "modifyingViewUid": "pare-nttt"});
    portal.view("call-call", &map);
    let run = folder.tule(&["lock", "--check"]).ends(1).says("error[drift-asset-changed]");
    run.says("/pare-nttt`: the portal says whose rows it shows");
}

#[test]
fn rows_that_no_longer_come_are_told_where_the_publisher_names_an_interval() {
    let portal = Portal::start();
    let view = |frequency: &str, updated: i64| {
        let mut view = calls(COLUMNS);
        view["rowsUpdatedAt"] = json!(updated);
        view["metadata"] = json!({"custom_fields": {"About": {"Update Frequency": frequency}}});
        view
    };
    portal.view("call-call", &view("Daily", 1_600_000_000));
    let folder = portal.project();
    folder.write("a.tule", "select beat from calls;");
    folder.tule(&["lock"]).ends(0);
    assert!(folder.read("tule.lock").contains("frequency = \"Daily\""));
    let run = folder.tule(&["lock", "--check"]).ends(0).says("warning[drift-updates-stopped]");
    run.says("rows last changed on 2020-09-13").says("a.tule:1:18");
    // What was fetched some time ago is no evidence.
    let run = folder.tule(&["lock", "--check", "--offline"]).ends(0);
    assert!(!run.out.contains("stopped"), "{run:?}");
    for frequency in ["", "As needed", "Historical"] {
        portal.view("call-call", &view(frequency, 1_600_000_000));
        let run = folder.tule(&["lock", "--check"]).ends(0);
        assert!(!run.out.contains("stopped"), "{frequency}: {run:?}");
    }
}
