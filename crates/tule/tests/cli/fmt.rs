//! `tule fmt`.

use std::fs;

use crate::common::{Folder, stockton};

const UGLY: &str = "SELECT beat,COUNT( * ) AS n FROM police_calls GROUP BY beat";
const NEAT: &str = "select beat, COUNT(*) as n from police_calls group by beat\n";

#[test]
fn the_example_project_is_laid_out() {
    let path = stockton();
    let run = Folder::empty().tule(&["fmt", "--check", path.to_str().unwrap()]).ends(0);
    run.prints("").tells("nothing to change");
}

#[test]
fn files_are_changed_in_place_and_only_if_need_be() {
    let folder = Folder::empty();
    folder.write("a.tule", UGLY).write("sub/b.tule", NEAT).write("c.txt", UGLY);
    let before = fs::metadata(folder.path("sub/b.tule")).unwrap().modified().unwrap();
    folder.tule(&["fmt"]).ends(0).prints("").tells("1 of 2 files changed");
    assert_eq!(folder.read("a.tule"), NEAT);
    assert_eq!(folder.read("c.txt"), UGLY);
    assert_eq!(folder.list("."), ["a.tule", "c.txt", "sub"]);
    let after = fs::metadata(folder.path("sub/b.tule")).unwrap().modified().unwrap();
    assert_eq!(before, after);
    folder.tule(&["fmt"]).ends(0).tells("2 files: nothing to change");
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_a_protected_file_is_left_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::empty();
    folder.write("a.tule", UGLY);
    let set = |mode| {
        fs::set_permissions(folder.path("a.tule"), fs::Permissions::from_mode(mode)).unwrap();
    };
    set(0o444);
    folder.tule(&["fmt"]).ends(2).tells("cannot write `a.tule`: permission denied");
    assert_eq!(
        (folder.read("a.tule").as_str(), folder.list(".")),
        (UGLY, vec!["a.tule".to_owned()])
    );
    set(0o600);
    folder.tule(&["fmt"]).ends(0);
    let mode = fs::metadata(folder.path("a.tule")).unwrap().permissions().mode();
    assert_eq!((folder.read("a.tule").as_str(), mode & 0o777), (NEAT, 0o600));
}

#[test]
fn check_lists_and_diff_shows_and_neither_writes() {
    let folder = Folder::empty();
    folder.write("a.tule", UGLY).write("b.tule", NEAT);
    folder.tule(&["fmt", "--check"]).ends(1).prints("a.tule\n").tells("1 of 2 files would change");
    let run = folder.tule(&["fmt", "--diff"]).ends(1);
    assert_eq!(
        run.out,
        format!(
            "--- a/a.tule\n+++ b/a.tule\n@@ -1 +1 @@\n-{UGLY}\n\\ No newline at end of file\n+{NEAT}"
        )
    );
    assert_eq!(folder.read("a.tule"), UGLY);
}

#[test]
fn a_diff_can_be_applied() {
    let folder = Folder::empty();
    let text = format!("-- one\r\n{UGLY};\n\n{}{UGLY}", "select a from b;\n\n".repeat(20));
    folder.write("a.tule", &text);
    let diff = folder.tule(&["fmt", "--diff"]).ends(1).out;
    folder.write("a.diff", diff);
    let git = folder.command(&[]);
    let mut apply = std::process::Command::new("git");
    apply.current_dir(git.get_current_dir().unwrap()).args(["apply", "--unsafe-paths", "a.diff"]);
    // Where there is no git there is nothing to prove.
    let Ok(output) = apply.output() else { return };
    assert!(output.status.success(), "{output:?}");
    let applied = folder.read("a.tule");
    folder.write("a.tule", &text).tule(&["fmt"]).ends(0);
    assert_eq!(folder.read("a.tule"), applied);
}

#[test]
fn statements_that_cannot_be_read_are_left_and_reported() {
    let folder = Folder::empty();
    folder.write("a.tule", format!("{UGLY};\nselect  from  where;\n{UGLY}"));
    let run = folder.tule(&["fmt"]).ends(1).tells("a.tule:2:").tells("error[");
    run.tells("1 of 1 file changed");
    let text = folder.read("a.tule");
    assert!(text.contains("select  from  where;") && text.starts_with("select beat,"), "{text}");
    folder.tule(&["fmt", "--check"]).ends(1).prints("");
    folder.write("a.tule", b"select \xff").tule(&["fmt"]).ends(1).tells("not UTF-8");
    assert_eq!(fs::read(folder.path("a.tule")).unwrap(), b"select \xff");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::empty();
    folder.pipe(&["fmt", "-"], UGLY.as_bytes()).ends(0).prints(NEAT);
    folder.pipe(&["fmt", "-", "--check"], UGLY.as_bytes()).ends(1).prints("<stdin>\n");
    folder.pipe(&["fmt", "-"], b"select  from").ends(1).says("select  from").tells("error[");
    folder.pipe(&["fmt", "-"], b"").ends(0).prints("");
}

#[test]
fn width_has_limits() {
    let folder = Folder::empty();
    folder
        .pipe(&["fmt", "-", "--width", "40"], UGLY.as_bytes())
        .ends(0)
        .prints("select beat, COUNT(*) as n\nfrom police_calls\ngroup by beat\n");
    folder.tule(&["fmt", "--width", "10"]).ends(2).tells("40..=200");
}

#[test]
fn line_ends_and_byte_order_mark_stay() {
    let folder = Folder::empty();
    folder.write("a.tule", "\u{feff}select  a\r\nfrom  b;\r\n");
    folder.tule(&["fmt"]).ends(0);
    assert_eq!(folder.read("a.tule"), "\u{feff}select a from b;\r\n");
    folder.tule(&["fmt", "--check"]).ends(0);
}

#[test]
fn what_is_not_there_is_named() {
    let folder = Folder::empty();
    folder.tule(&["fmt", "none.tule"]).ends(2).tells("cannot read `none.tule`");
    folder.tule(&["fmt"]).ends(0).tells("no `.tule` files in `.`");
}
