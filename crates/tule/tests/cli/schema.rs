//! `tule schema`.

use crate::common::{Folder, is_inert};

#[test]
fn a_dataset_is_shown_by_any_of_its_names() {
    let folder = Folder::stockton();
    for name in
        ["police_calls", "@esc4-8x43", "stockton/esc4-8x43", "opda.stocktonca.gov/esc4-8x43"]
    {
        let run = folder.tule(&["schema", name]).ends(0);
        let run = run.says("police_calls, data.stocktonca.gov/esc4-8x43");
        run.says("call_entry_date            floating_timestamp (calendar_date)");
    }
    folder.tule(&["schema", "council_districts"]).ends(0).says("1, 2, 3, 4, 5, 6");
}

#[test]
fn json_has_the_documented_form() {
    let run = Folder::stockton().tule(&["schema", "gdix-arru", "--format", "json"]).ends(0);
    let document = run.json("schema");
    assert_eq!(document["names"], serde_json::json!(["council_districts"]));
    assert_eq!(document["columns"][0]["type"], "multipolygon");
    let run = Folder::stockton().tule(&["schema", "police_calls", "--format", "json"]).ends(0);
    assert_eq!(run.json("schema")["range"]["column"], "call_entry_date");
}

#[test]
fn what_is_not_known_is_a_matter_of_configuration() {
    let folder = Folder::stockton();
    folder.tule(&["schema", "police_cals"]).ends(2).tells("perhaps `police_calls` was meant");
    folder.tule(&["schema", "@abcd-1234"]).ends(2).tells("tule lock --from");
    Folder::empty().tule(&["schema", "x"]).ends(2).tells("no `tule.toml` here");
}

#[test]
fn labels_and_values_of_strangers_are_inert() {
    let folder = Folder::stockton();
    let lock = "version = 1
[dataset.'data.stocktonca.gov/abcd-1234']
title = \"\\u001b]0;pwned\\u0007\"
description = \"a\\u009b2Jb\\nc\"
licence = \"\\u202egnp\"
columns = [
  { name = 'a', type = 'text', label = \"\\u001b[31mred\", values = [\"\\u001b[1A\", 'ok'] },
]
";
    folder.write("tule.lock", lock);
    let run = folder.tule(&["schema", "@abcd-1234"]).ends(0);
    assert!(is_inert(&run.out) && run.out.contains("␛[31mred"), "{:?}", run.out);
    let run = folder.tule(&["schema", "@abcd-1234", "--format", "json"]).ends(0);
    assert!(is_inert(&run.out), "{:?}", run.out);
    assert_eq!(run.json("schema")["columns"][0]["label"], "\u{1b}[31mred");
    assert_eq!(run.json("schema")["licence"], "\u{202e}gnp");
}
