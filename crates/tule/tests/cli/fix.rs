//! `tule check --fix` and `--diff`.

use crate::common::Folder;

/// A safe repair, an unsafe one, and a comment in the way of neither.
const QUERY: &str = "-- calls\nselect beet, -- the beat\n  call_no,\nfrom police_calls limit 5;\n";
const SAFE: &str = "-- calls\nselect beet, -- the beat\n  call_no\nfrom police_calls limit 5;\n";
const ALL: &str = "-- calls\nselect beat, -- the beat\n  call_no\nfrom police_calls limit 5;\n";

fn folder() -> Folder {
    let folder = Folder::stockton();
    folder.write("a.tule", QUERY);
    folder
}

#[test]
fn safe_repairs_are_applied_and_the_rest_is_reported() {
    let folder = folder();
    let hint = "1 can be repaired with `--fix`, 1 more with `--fix --unsafe-fixes`\n";
    folder.tule(&["check"]).ends(1).tells(hint);
    let run = folder.tule(&["check", "--fix"]).ends(1);
    run.says("error[unknown-column]").tells("fixed 1 of 2 findings in 1 file\n");
    assert_eq!(folder.read("a.tule"), SAFE);
    let run = folder.tule(&["check", "--fix"]).ends(1).tells("fixed none of 1 finding\n");
    assert!(run.out.contains("a.tule:2:8"), "{}", run.out);
    let run = folder.tule(&["check", "--fix", "--unsafe-fixes"]).ends(0).prints("");
    run.tells("fixed 1 of 1 finding in 1 file\n").tells("no problems");
    assert_eq!(folder.read("a.tule"), ALL);
    folder.tule(&["check", "--unsafe-fixes"]).ends(2).tells("`--fix` applies repairs");
}

#[test]
fn a_difference_is_shown_and_nothing_written() {
    let folder = folder();
    let run = folder.tule(&["check", "--diff"]).ends(1).tells("would fix 1 of 2 findings");
    run.prints(
        "--- a/a.tule\n+++ b/a.tule\n@@ -1,4 +1,4 @@\n -- calls\n select beet, -- the beat\n\
         -  call_no,\n+  call_no\n from police_calls limit 5;\n",
    );
    assert_eq!(folder.read("a.tule"), QUERY);
    folder.tule(&["check", "--diff", "-o", "fix.patch"]).ends(1).prints("");
    assert!(folder.read("fix.patch").starts_with("--- a/a.tule\n"));
    folder.write("a.tule", ALL);
    folder.tule(&["check", "--diff"]).ends(0).prints("");
}

#[test]
fn the_difference_can_be_applied_by_git() {
    let folder = folder();
    let run = folder.tule(&["check", "--diff", "--unsafe-fixes"]).ends(1);
    folder.write("fix.patch", &run.out);
    let mut git = std::process::Command::new("git");
    let Ok(output) = git.current_dir(folder.path(".")).args(["apply", "fix.patch"]).output() else {
        eprintln!("skipped: no git");
        return;
    };
    assert!(output.status.success(), "{output:?}");
    assert_eq!(folder.read("a.tule"), ALL);
}

#[test]
fn standard_input_is_repaired_onto_standard_output() {
    let folder = Folder::stockton();
    let run = folder.pipe(&["check", "-", "--fix"], QUERY.as_bytes()).ends(1).prints(SAFE);
    run.tells("error[unknown-column]").tells("fixed 1 of 2 findings");
    let sound = b"select beat from police_calls limit 5";
    folder
        .pipe(&["check", "-", "--fix"], sound)
        .ends(0)
        .prints("select beat from police_calls limit 5");
    let run =
        folder.pipe(&["check", "-", "--diff", "--stdin-filename", "q.tule"], QUERY.as_bytes());
    run.ends(1).says("--- a/q.tule\n");
    let unreadable = folder.pipe(&["check", "-", "--fix"], b"select 'caf\xe9'");
    unreadable.ends(1).tells("not UTF-8");
}

#[test]
fn marks_and_line_ends_stay() {
    let folder = Folder::stockton();
    folder.write("a.tule", "\u{feff}select beat,\r\nfrom police_calls\r\nlimit 5");
    folder.tule(&["check", "--fix"]).ends(0);
    assert_eq!(folder.read("a.tule"), "\u{feff}select beat\r\nfrom police_calls\r\nlimit 5");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_told_and_left_as_it_was() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let path = folder.path("a.tule");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    folder.tule(&["check", "--fix"]).ends(2).tells("cannot write `a.tule`: permission denied");
    assert_eq!(folder.read("a.tule"), QUERY);
    assert_eq!(folder.list("."), ["a.tule", "tule.lock", "tule.toml"]);
}

#[test]
fn a_file_of_ten_thousand_lines_is_repaired_quickly() {
    let folder = Folder::stockton();
    folder.write("a.tule", "select beet, from police_calls limit 5;\n".repeat(10_000));
    let start = std::time::Instant::now();
    let run = folder.tule(&["check", "--fix", "--unsafe-fixes"]).ends(0);
    run.tells("fixed 20000 of 20000 findings");
    assert_eq!(folder.read("a.tule"), "select beat from police_calls limit 5;\n".repeat(10_000));
    assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
}
