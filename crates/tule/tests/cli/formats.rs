//! The forms of `tule check`, each against what its readers expect.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::common::{Folder, Run, is_inert, read_json, repository, sarif_schema, valid, validated};

/// Two errors, one of them with repairs, and a warning, below a folder with an odd name.
fn folder() -> Folder {
    let folder = Folder::stockton();
    folder.write("q, 100%/a b.tule", "select 'é', beet, \nfrom police_calls limit 5;\n");
    folder.write("q, 100%/b.tule", "query q($x text) as from police_calls select beat limit 5;\n");
    folder.write("q, 100%/c.tule", "select beat from police_calls limit 5;\n");
    folder
}

fn check(folder: &Folder, format: &str) -> Run {
    folder.tule(&["check", "--format", format])
}

fn schema(name: &str) -> PathBuf {
    repository().join("crates/tule/tests/schemas").join(name)
}

#[test]
fn sarif_fits_the_schema_of_oasis() {
    let folder = folder();
    let run = check(&folder, "sarif").ends(1);
    let document = validated(&run.out, &sarif_schema());
    let sarif = &document["runs"][0];
    assert_eq!(sarif["columnKind"], "unicodeCodePoints");
    let result = &sarif["results"][0];
    assert_eq!(result["ruleId"], "unknown-column");
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(sarif["tool"]["driver"]["rules"][index]["id"], "unknown-column");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "q,%20100%25/a%20b.tule");
    assert_eq!(place["region"]["startColumn"], 13);
    assert_eq!(
        result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"],
        "beat"
    );
    assert_eq!(sarif["results"][2]["level"], "warning");
    let json = check(&folder, "json").ends(1).json("check");
    let fingerprint = &result["partialFingerprints"]["tuleFingerprint/v1"];
    assert_eq!(*fingerprint, json["diagnostics"][0]["fingerprint"]);
    let empty = Folder::stockton();
    validated(&check(&empty, "sarif").ends(0).out, &sarif_schema());
}

#[test]
fn lines_of_json_are_findings() {
    let folder = folder();
    let json = check(&folder, "json").ends(1).json("check");
    let lines = check(&folder, "jsonl").ends(1);
    let found: Vec<Value> = lines.out.lines().map(|line| valid(line, "check-line")).collect();
    assert_eq!(found.len(), 3);
    for (line, entry) in found.iter().zip(json["diagnostics"].as_array().unwrap()) {
        let mut line = line.as_object().unwrap().clone();
        assert_eq!(line.remove("version"), Some(Value::from(1)));
        assert_eq!(Value::Object(line), *entry);
    }
    assert_eq!(lines.err, "");
}

#[test]
fn gitlab_reads_its_report() {
    let run = check(&folder(), "gitlab").ends(1);
    let issues = validated(&run.out, &read_json(&schema("gitlab-code-quality.json")));
    let first = &issues[0];
    assert_eq!(first["location"]["path"], "q, 100%/a b.tule");
    assert_eq!((&first["severity"], &issues[2]["severity"]), (&"major".into(), &"minor".into()));
    let prints: Vec<_> = issues.as_array().unwrap().iter().map(|one| &one["fingerprint"]).collect();
    assert!(prints[0] != prints[1] && prints[1] != prints[2]);
    check(&Folder::stockton(), "gitlab").ends(0).prints("[]\n");
}

#[test]
fn reviewdog_reads_its_report_with_columns_in_bytes() {
    let run = check(&folder(), "rdjson").ends(1);
    let document = validated(&run.out, &read_json(&schema("rdjson.json")));
    let first = &document["diagnostics"][0];
    assert_eq!(first["location"]["range"]["start"]["column"], 14);
    assert_eq!(first["suggestions"][0]["text"], "beat");
    assert_eq!(document["diagnostics"][2]["severity"], "WARNING");
}

#[test]
fn test_results_fit_the_schema_of_jenkins() {
    let folder = folder();
    let text = fs::read_to_string(schema("junit-10.xsd")).unwrap();
    let xsd = uppsala::parse(&text).unwrap();
    let validator = uppsala::XsdValidator::from_schema(&xsd).unwrap();
    let faults = |text: &str| {
        let document = uppsala::parse(text).unwrap();
        validator.validate(&document).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(!faults("<testsuites><testcase/></testsuites>").is_empty());
    let out = check(&folder, "junit").ends(1).out;
    assert_eq!(faults(&out), Vec::<String>::new(), "{out}");
    for part in [
        "<testsuites name=\"tule check\" tests=\"4\" failures=\"2\" errors=\"0\">",
        "<testsuite name=\"q, 100%/a b.tule\" tests=\"2\"",
        "<failure message=\"no column `beet` in",
        "type=\"unknown-column\"",
        "<system-out>q, 100%/b.tule:1:9: warning: parameter `$x` is not used",
    ] {
        assert!(out.contains(part), "{part} is not in {out}");
    }
    let strict = folder.tule(&["check", "--format", "junit", "--deny-warnings"]).ends(1).out;
    assert!(strict.contains("tests=\"4\" failures=\"3\""), "{strict}");
    assert_eq!(faults(&check(&Folder::stockton(), "junit").ends(0).out), Vec::<String>::new());
}

/// A workflow command as the runner of GitHub Actions takes it apart.
fn command(line: &str) -> (String, Vec<(String, String)>, String) {
    let back = |text: &str| {
        text.replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    };
    let rest = line.strip_prefix("::").unwrap();
    let (head, message) = rest.split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let properties = properties.split(',').map(|property| {
        let (key, value) = property.split_once('=').unwrap();
        (key.to_owned(), back(value))
    });
    (name.to_owned(), properties.collect(), back(message))
}

#[test]
fn annotations_survive_the_escapes_of_github() {
    let folder = folder();
    let run = check(&folder, "github").ends(1);
    let lines: Vec<_> = run.out.lines().map(command).collect();
    assert_eq!(lines.len(), 3);
    let (name, properties, message) = &lines[0];
    let expected = [
        ("file", "q, 100%/a b.tule"),
        ("line", "1"),
        ("endLine", "1"),
        ("col", "13"),
        ("endColumn", "17"),
        ("title", "tule: unknown-column"),
    ];
    let expected: Vec<_> = expected.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    assert_eq!((name.as_str(), properties), ("error", &expected));
    assert!(message.contains("no column `beet`") && message.contains("\nhelp: "), "{message}");
    assert_eq!(lines[2].0, "warning");
}

#[test]
fn in_github_actions_people_and_the_pull_request_are_both_told() {
    let folder = folder();
    let here = folder.path(".").canonicalize().unwrap();
    let root = here.parent().unwrap().to_str().unwrap();
    let actions = [("GITHUB_ACTIONS", "true"), ("GITHUB_WORKSPACE", root)];
    let run =
        folder.tule_with(&["check"], &actions).ends(1).says("error[unknown-column]: no column");
    let inside = here.file_name().unwrap().to_str().unwrap();
    let annotation = format!("\n::error file={inside}/q%2C 100%25/a b.tule,line=1,");
    let run = run.says(&annotation);
    assert!(run.err.contains("2 errors, 1 warning"));
    let human = folder.tule_with(&["check", "--format", "human"], &actions).ends(1);
    assert!(!human.out.contains("::error"), "{}", human.out);
    let off = folder.tule_with(&["check"], &[("GITHUB_ACTIONS", "")]).ends(1);
    assert!(!off.out.contains("::error"), "{}", off.out);
}

#[test]
fn lines_are_those_of_gcc() {
    let run = check(&folder(), "gcc").ends(1);
    let mut lines = run.out.lines();
    assert_eq!(
        lines.next().unwrap(),
        "q, 100%/a b.tule:1:13: error: no column `beet` in `Stockton Police Department Calls for \
         Service` [unknown-column]"
    );
    assert!(lines.nth(1).unwrap().contains(": warning: parameter `$x` is not used"));
}

#[test]
fn a_report_can_go_to_a_file_while_people_see_the_summary() {
    let folder = folder();
    let run = folder.tule(&["check", "--format", "sarif", "-o", "out.sarif"]).ends(1).prints("");
    assert!(run.err.contains("2 errors, 1 warning in 3 files"), "{run:?}");
    validated(&folder.read("out.sarif"), &sarif_schema());
    let colour = ["check", "--color", "always", "--output-file", "out.txt"];
    folder.tule(&colour).ends(1);
    assert!(is_inert(&folder.read("out.txt")));
    folder
        .tule(&["check", "-o", "no/folder/out.txt"])
        .ends(2)
        .tells("cannot write `no/folder/out.txt`");
}

#[test]
fn levels_come_from_the_command_line_too_and_the_last_counts() {
    let folder = Folder::stockton();
    folder.write("a.tule", "query q($x text) as from police_calls select beat limit 5;");
    let check = |more: &[&str]| folder.tule(&[&["check"], more].concat());
    check(&[]).ends(0).tells("1 warning");
    check(&["--deny-warnings"]).ends(1).tells("1 warning");
    check(&["-D", "unused-parameter"]).ends(1).tells("1 error");
    check(&["--allow", "unused-parameter", "--deny-warnings"]).ends(0).tells("no problems");
    check(&["-Dunused-parameter", "-Aunused-parameter"]).ends(0).prints("");
    check(&["-Aunused-parameter", "-Dunused-parameter"]).ends(1);
    check(&["-Aunused-parameter", "-Dunused-parameter", "-Wunused-parameter"]).ends(0);
    let manifest = folder.read("tule.toml");
    folder.write("tule.toml", format!("{manifest}\n[lints]\nunused-parameter = 'error'\n"));
    check(&[]).ends(1);
    check(&["-W", "unused-parameter"]).ends(0);
    check(&["-A", "unused-parametr"]).ends(2).tells("perhaps `unused-parameter` was meant");
    check(&["-A", "unknown-column"]).ends(2).tells("`unknown-column` is always an error");
    check(&["-D", "warnings"]).ends(2).tells("`--deny-warnings`");
    // No project is needed.
    let bare = Folder::empty();
    bare.write("a.tule", "query q($x text) as select 1;");
    bare.tule(&["check", "-D", "unused-parameter", "--format", "concise"])
        .says("error[unused-parameter]");
}
