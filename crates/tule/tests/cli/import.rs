//! `tule import`.

use crate::common::{Folder, is_inert};

const CALL: &str = "https://data.stocktonca.gov/resource/esc4-8x43.json?beat=K1&$limit=5";

#[test]
fn an_address_becomes_a_query() {
    let query = "select * from 'data.stocktonca.gov/esc4-8x43' where beat = 'K1' limit 5;\n";
    let folder = Folder::empty();
    folder.tule(&["import", CALL]).ends(0).prints(query);
    folder.pipe(&["import", "-"], format!("curl '{CALL}'\n").as_bytes()).ends(0).prints(query);
}

#[test]
fn json_has_the_documented_form() {
    let run = Folder::empty().tule(&["import", CALL, "--format", "json"]).ends(0);
    let document = run.json("import");
    assert_eq!(document["dataset"], "esc4-8x43");
    assert_eq!(document["target"], "soda2");
}

#[test]
fn what_cannot_be_carried_over_is_a_finding_at_its_place() {
    let folder = Folder::empty();
    let run = folder.tule(&["import", &CALL.replace("=5", "=all")]).ends(1).prints("");
    run.tells("error[bad-number]").tells("<argument>:1:").tells("───");
    folder.tule(&["import", "not an address"]).ends(1).prints("").tells("error[");
    folder.pipe(&["import", "-"], b"\xff").ends(1).tells("not UTF-8");
    folder.tule(&["import"]).ends(2);
}

#[test]
fn a_secret_is_not_repeated() {
    let call = format!("{CALL}&$$app_token=s3cr3tT0ken&$limit=all");
    let run = Folder::empty().tule(&["import", &call]).ends(1);
    assert!(!run.err.contains("s3cr3tT0ken") && !run.out.contains("s3cr3tT0ken"), "{run:?}");
}

#[test]
fn a_hostile_address_is_shown_inert() {
    let call = format!("{CALL}&$limit=\x1b[31mall");
    let run = Folder::empty().tule(&["import", &call]).ends(1);
    assert!(is_inert(&run.err), "{:?}", run.err);
}
