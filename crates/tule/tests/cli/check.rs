//! `tule check`.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::common::{Folder, stockton};

#[test]
fn the_example_project_is_clean() {
    let path = stockton();
    let run = Folder::empty().tule(&["check", path.to_str().unwrap()]).ends(0).prints("");
    assert!(run.err.contains("7 files, 8 queries: no problems"), "{}", run.err);
}

#[test]
fn findings_show_place_advice_and_code_and_fail_the_run() {
    let folder = Folder::stockton();
    folder
        .write("queries/a.tule", "from police_calls\nselect beet, count(*) as n\ngroup by beat;\n");
    let run = folder.tule(&["check"]).ends(1).tells("error in 1 file");
    run.says(
        "   ╭─[ queries/a.tule:2:8 ]
   │
 2 │ select beet, count(*) as n
   │        ────
   │
   │ Help: perhaps `beat` was meant
",
    )
    .says("error[unknown-column]: no column `beet`");
}

#[test]
fn warnings_alone_do_not_fail_the_run_unless_the_project_says_so() {
    let folder = Folder::stockton();
    let query = "query q($x text) as from police_calls select beat limit 5;";
    folder.write("a.tule", query);
    folder
        .tule(&["check", "--format", "concise"])
        .ends(0)
        .prints("a.tule:1:9: warning[unused-parameter] parameter `$x` is not used\n")
        .tells("1 warning in 1 file");
    let manifest = folder.read("tule.toml");
    let level = |level: &str| format!("{manifest}\n[lints]\nunused-parameter = \"{level}\"\n");
    folder.write("tule.toml", level("error")).tule(&["check"]).ends(1).tells("1 error in 1 file");
    folder.write("tule.toml", level("allow")).tule(&["check"]).ends(0).prints("");
}

#[test]
fn json_has_the_documented_form_and_exact_places() {
    let folder = Folder::stockton();
    folder
        .write("queries/a.tule", "\u{feff}-- é\r\nselect 'é', beet from police_calls limit 5;\r\n");
    folder.write("queries/b.tule", "from police_calls select beat, where priority = 1 limit 1");
    let document = folder.tule(&["check", "--format", "json"]).ends(1).json("check");
    assert_eq!(document["version"], 1);
    assert_eq!(document["files"], serde_json::json!(["queries/a.tule", "queries/b.tule"]));
    assert_eq!(document["summary"]["errors"], 3);
    let first = &document["diagnostics"][0];
    assert_eq!(first["code"], "unknown-column");
    assert_eq!(first["path"], "queries/a.tule");
    // The mark is no column, but it is bytes of the file.
    let start = serde_json::json!({ "line": 2, "column": 13, "offset": 23 });
    assert_eq!(first["range"]["start"], start);
    assert_eq!(first["fixes"][0]["edits"][0]["text"], "beat");
    assert_eq!(first["fixes"][0]["applicability"], "unsafe");
    let clean = folder.tule(&["check", "--format", "json", "queries/none"]);
    clean.ends(2).prints("").tells("cannot read `queries/none`: no such file or folder");
}

#[test]
fn fingerprints_survive_moves_and_do_not_depend_on_the_folder() {
    let folder = Folder::stockton();
    let prints = |arguments: &[&str]| {
        let document = folder.tule(arguments).ends(1).json("check");
        let found = document["diagnostics"].as_array().unwrap().clone();
        found.iter().map(|found| found["fingerprint"].clone()).collect::<Vec<_>>()
    };
    let query = "select beet, beet from police_calls limit 5;\n";
    folder.write("q/a.tule", query);
    let before = prints(&["check", "--format", "json"]);
    assert!(before.len() == 2 && before[0] != before[1]);
    folder.write("q/a.tule", format!("-- new line\n\n{}", query.replace(' ', "  ")));
    let path = folder.path("q/a.tule");
    assert_eq!(prints(&["check", "--format", "json", path.to_str().unwrap()]), before);
    folder.write("q/b.tule", query);
    let both = prints(&["check", "--format", "json"]);
    assert!(both.len() == 4 && both[..2] == before && both[2] != before[0]);
}

#[test]
fn folders_are_searched_in_order_past_what_git_ignores() {
    let folder = Folder::stockton();
    for name in ["b.tule", "a/z.tule", "a/a.tule", "c.txt", "out/x.tule", ".hidden/y.tule"] {
        folder.write(name, "select;");
    }
    folder.write(".gitignore", "out/\n");
    let files = |arguments: &[&str]| {
        let document = folder.tule(arguments).json("check");
        let files = document["files"].as_array().unwrap().clone();
        files.iter().map(|file| file.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files(&["check", "--format", "json"]), ["a/a.tule", "a/z.tule", "b.tule"]);
    // What is named is read, and once.
    let named = ["check", "--format", "json", "c.txt", "out", "out/x.tule", "./c.txt"];
    assert_eq!(files(&named), ["c.txt", "out/x.tule"]);
}

#[test]
fn a_folder_without_queries_is_clean_and_says_so() {
    let folder = Folder::stockton();
    folder.tule(&["check"]).ends(0).prints("").tells("no `.tule` files in `.`");
    let document = folder.tule(&["check", "--format", "json"]).ends(0).json("check");
    assert_eq!(document["files"], serde_json::json!([]));
}

#[test]
fn standard_input_is_checked_under_any_name() {
    let folder = Folder::stockton();
    let query = b"select beet limit 1";
    let from = ["check", "-", "--from", "police_calls", "--format", "concise"];
    folder.pipe(&from, query).ends(1).says("<stdin>:1:8: error[unknown-column]");
    folder.pipe(&from, b"select beat limit 1").ends(0).prints("");
    let named = [&from[..], &["--stdin-filename", "queries/new.tule"]].concat();
    folder.pipe(&named, query).ends(1).says("queries/new.tule:1:8: error");
    folder.tule(&["check", "--stdin-filename", "a.tule"]).ends(2).tells("`--stdin-filename`");
    folder.pipe(&["check", "-"], b"").ends(0).tells("1 file, 0 queries: no problems");
}

#[test]
fn the_dataset_of_from_must_be_known() {
    let folder = Folder::stockton();
    folder.write("a.tule", "select beat limit 1;");
    folder.tule(&["check"]).ends(1).says("error[from-required]");
    for name in ["police_calls", "@esc4-8x43", "esc4-8x43", "stockton/esc4-8x43"] {
        folder.tule(&["check", "--from", name]).ends(0);
    }
    folder.tule(&["check", "--from", "police_cals"]).ends(2).tells("perhaps `police_calls`");
    folder.tule(&["check", "--from", "@abcd-1234"]).ends(2).tells("is not in `tule.lock`");
}

#[test]
fn the_project_is_found_above_the_first_path_or_named() {
    let folder = Folder::stockton();
    folder.write("deep/er/a.tule", "select beat from police_calls limit 1;");
    folder.write("else/a.tule", "");
    let mut inside = folder.command(&["check", "er/a.tule"]);
    assert!(inside.current_dir(folder.path("deep")).output().unwrap().status.success());
    let mut beside = folder.command(&["check", "../deep/er/a.tule"]);
    assert!(beside.current_dir(folder.path("else")).output().unwrap().status.success());

    let other = Folder::empty();
    other.write("a.tule", "select beat from police_calls limit 1;");
    other.tule(&["check"]).ends(1).says("error[unknown-dataset]");
    let root = folder.path(".");
    other.tule(&["check", "--project", root.to_str().unwrap()]).ends(0);
    other.tule(&["check", "--project", "."]).ends(2).tells("no `tule.toml` in `.`");
}

#[test]
fn every_file_is_checked_against_the_project_it_is_in() {
    let folder = Folder::empty();
    let known = Folder::stockton();
    for name in ["tule.toml", "tule.lock"] {
        folder.write(&format!("city/{name}"), known.read(name));
    }
    folder.write("city/calls.tule", "from police_calls select beet limit 5;\n");
    let query = "query q($x text) as from police_calls select beat limit 5;\n";
    folder.write("city/deep/er/more.tule", query);
    folder.write("county/tule.toml", "[lints]\nunused-parameter = \"error\"\n");
    folder.write("county/calls.tule", query);
    let found = |arguments: &[&str]| {
        let run = folder.tule(&[arguments, &["--format", "concise"]].concat()).ends(1);
        let mut lines: Vec<String> = run.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let all = found(&["check"]);
    let [first, second, third, fourth] = &*all else { panic!("{all:#?}") };
    assert!(first.starts_with("city/calls.tule:1:26: error[unknown-column]"), "{all:#?}");
    assert!(second.starts_with("city/deep/er/more.tule:1:9: warning[unused-par"), "{all:#?}");
    assert!(third.starts_with("county/calls.tule:1:26: error["), "{all:#?}");
    assert!(fourth.starts_with("county/calls.tule:1:9: error[unused-parameter]"), "{all:#?}");
    assert_eq!(found(&["check", "county/calls.tule", "city"]), all);
    let repaired = folder.tule(&["check", "--diff", "city/calls.tule", "county"]);
    repaired.ends(0).tells("would fix none of 3 findings");
    // The project that is named is that of every file.
    let named = found(&["check", "--project", "county"]);
    assert!(named.iter().all(|line| !line.contains("unknown-column")), "{named:#?}");
}

#[test]
fn faults_of_the_project_files_are_shown_at_their_place() {
    let folder = Folder::stockton();
    folder.write("a.tule", "select beat from police_calls limit 1;");
    let lock = folder.read("tule.lock");
    folder.write("tule.lock", "version = 9\n");
    folder.tule(&["check"]).ends(2).prints("").tells("tule.lock:1:").tells("version 9");
    folder.write("tule.lock", lock);
    folder.write("tule.toml", "[portal.x]\nurl = 'https://a.b'\n[datsets]\n");
    let run = folder.tule(&["check"]).ends(2).prints("").tells("tule.toml:1:2");
    run.tells("unknown key `portal`").tells("did you mean `datasets`");
    folder.write("tule.toml", "[lints]\nunused-parametr = 'warn'\nunknown-column = 'warn'\n");
    let run = folder.tule(&["check"]).ends(2).tells("perhaps `unused-parameter` was meant");
    run.tells("`unknown-column` is always an error");
    folder.write("tule.toml", b"\xff");
    folder.tule(&["check"]).ends(2).tells("`tule.toml` is not UTF-8");
}

#[test]
fn what_is_no_text_is_a_finding() {
    let folder = Folder::stockton();
    folder.write("a.tule", b"select 'caf\xe9' from police_calls;");
    let run = folder.tule(&["check"]).ends(1).says("not UTF-8: byte 0xe9").says("a.tule:1:12 ]");
    assert!(run.out.contains("select 'caf?'"), "{}", run.out);
    folder.tule(&["check", "--format", "json"]).ends(1).json("check");
    folder.write("a.tule", b"\xff\xfes\0e\0");
    folder.tule(&["check"]).ends(1).says("UTF-16");
    folder.write("a.tule", vec![b' '; (32 << 20) + 1]);
    folder.tule(&["check", "--format", "concise"]).ends(1).says("error[file-too-long]");
}

#[test]
fn ten_thousand_lines_take_no_time() {
    let folder = Folder::stockton();
    let mut text = String::new();
    for line in 0..10_000 {
        let column = if line % 100 == 0 { "beet" } else { "beat" };
        let _ = writeln!(text, "select {column} from police_calls limit {line};");
    }
    folder.write("a.tule", text);
    let start = Instant::now();
    let run = folder.tule(&["check"]).ends(1).tells("100 errors in 1 file");
    assert!(run.out.contains("a.tule:9901:8"), "{}", run.out);
    let document = folder.tule(&["check", "--format", "json"]).ends(1).json("check");
    assert_eq!(document["diagnostics"][99]["range"]["start"]["line"], 9901);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn a_line_of_a_megabyte_with_many_findings_is_shown_in_parts() {
    let folder = Folder::stockton();
    let text = "select beet from police_calls limit 5; ".repeat(1000);
    folder.write("a.tule", text);
    let run = folder.tule(&["check"]).ends(1).tells("1000 errors in 1 file");
    assert!(run.out.len() < 1_000_000, "{}", run.out.len());
    run.says("a.tule:1:38969 ]");
}
