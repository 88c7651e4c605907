//! The recipes for CI, run as their services run them.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::common::{Folder, read_json, repository, sarif_schema, validated};

const GOOD: &str = "select beat from police_calls limit 5;\n";
const BAD: &str = "select beet from police_calls limit 5;\n";

fn text(name: &str) -> String {
    fs::read_to_string(repository().join(name)).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// The block of `docs/ci.md` below a heading.
fn recipe(heading: &str) -> String {
    let page = text("docs/ci.md");
    let (_, section) = page.split_once(&format!("## {heading}\n")).unwrap();
    let (_, block) = section.split_once("```").unwrap();
    let (_, block) = block.split_once('\n').unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

/// The path with the program that is tested in front.
fn path() -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_tule"));
    format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap())
}

fn bash(folder: &Folder, script: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new("bash");
    // As GitHub does for `shell: bash`; GitLab and a script with `set -e` stop at a fault too.
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
    command.current_dir(folder.path(".")).env("PATH", path());
    for name in ["GITHUB_ACTIONS", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

#[test]
fn the_steps_of_the_action_check_and_report() {
    let action = yaml(&text("action.yml"));
    let steps = action["runs"]["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["shell"] == "bash"));
    let script = |step: usize| steps[step]["run"].as_str().unwrap();
    // Inputs reach the shell as variables only: in the text of a script they would be code.
    assert!(steps.iter().all(|step| !step["run"].as_str().unwrap().contains("${{")));
    let default = |name: &str| action["inputs"][name]["default"].as_str().unwrap();

    let folder = Folder::stockton();
    folder.write("q/a.tule", GOOD);
    let installed = bash(&folder, script(0), &[("SOURCE", "/nowhere")]);
    assert!(String::from_utf8(installed.stdout).unwrap().starts_with("tule 0."));
    let root = folder.path(".").canonicalize().unwrap();
    let root = root.to_str().unwrap();
    let actions = [("GITHUB_ACTIONS", "true"), ("GITHUB_WORKSPACE", root)];
    let check = |paths: &str, args: &str, sarif: &str| {
        let inputs = [("PATHS", paths), ("ARGS", args), ("SARIF", sarif)];
        bash(&folder, script(1), &[&actions[..], &inputs].concat())
    };
    assert!(check(default("paths"), default("args"), default("sarif-file")).status.success());
    folder.write("q/a.tule", BAD);
    let failed = check("q", "--deny-warnings --color never", "out.sarif");
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    let shown = String::from_utf8(failed.stdout).unwrap();
    assert!(shown.contains("\n::error file=q/a.tule,line=1,"), "{shown}");
    validated(&folder.read("out.sarif"), &sarif_schema());
    // A fault of usage is not taken for findings.
    assert_eq!(check("none", "", "out.sarif").status.code(), Some(2));
}

#[test]
fn the_recipe_for_gitlab_leaves_the_report_it_names() {
    let job = yaml(&recipe("GitLab"));
    let lines = job["tule"]["script"].as_array().unwrap();
    let script: Vec<_> = lines.iter().map(|line| line.as_str().unwrap()).collect();
    let folder = Folder::stockton();
    folder.write("q/a.tule", BAD);
    let root = folder.path(".");
    let output = bash(&folder, &script.join("\n"), &[("CI_PROJECT_DIR", root.to_str().unwrap())]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report = job["tule"]["artifacts"]["reports"]["codequality"].as_str().unwrap();
    let schema = repository().join("crates/tule/tests/schemas/gitlab-code-quality.json");
    let issues = validated(&folder.read(report), &read_json(&schema));
    assert_eq!(issues[0]["location"]["path"], "q/a.tule");
}

#[test]
fn the_recipe_for_a_shell_fails_for_findings_and_passes_without() {
    let folder = Folder::stockton();
    folder.write("q/a.tule", BAD);
    assert_eq!(bash(&folder, &recipe("A shell"), &[]).status.code(), Some(1));
    folder.write("q/a.tule", GOOD);
    let output = bash(&folder, &recipe("A shell"), &[]);
    assert!(output.status.success(), "{output:?}");
    assert!(folder.read("tule.xml").contains("<testsuites"));
    folder.write("q/a.tule", GOOD.replace(' ', "  "));
    assert_eq!(bash(&folder, &recipe("A shell"), &[]).status.code(), Some(1));
}

#[test]
fn the_recipe_for_an_old_project_works_line_by_line() {
    let folder = Folder::stockton();
    folder.write("q/a.tule", BAD).write("q/b.tule", BAD);
    let recipe = recipe("An old project");
    let lines: Vec<_> = recipe.lines().collect();
    let code = |line: usize| bash(&folder, lines[line], &[]).status.code();
    assert_eq!((lines.len(), code(0), code(1), code(3)), (4, Some(0), Some(0), Some(0)));
    folder.write("q/b.tule", GOOD);
    assert_eq!((code(3), code(2), code(3)), (Some(1), Some(0), Some(0)));
}

/// `pre-commit`, or the one that `TULE_PRE_COMMIT` names; `None`, and a line to say so, where there
/// is none.
fn pre_commit() -> Option<PathBuf> {
    let program = std::env::var_os("TULE_PRE_COMMIT").map_or("pre-commit".into(), PathBuf::from);
    if Command::new(&program).arg("--version").output().is_ok_and(|output| output.status.success())
    {
        return Some(program);
    }
    eprintln!("skipped: no pre-commit (`pip install pre-commit`)");
    None
}

#[test]
fn the_hooks_run_under_pre_commit() {
    let Some(program) = pre_commit() else { return };
    let git = |folder: &Folder, arguments: &[&str]| {
        let who =
            ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        git.current_dir(folder.path(".")).args(who).args(arguments);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    // The repository of the hooks as pre-commit clones it: nothing but the definition is needed.
    let hooks = Folder::empty();
    hooks.write(".pre-commit-hooks.yaml", text(".pre-commit-hooks.yaml"));
    git(&hooks, &["init", "-q"]);
    git(&hooks, &["add", "."]);
    git(&hooks, &["commit", "-qm", "hooks"]);
    let revision = git(&hooks, &["rev-parse", "HEAD"]);

    let folder = Folder::stockton();
    let place = hooks.path(".");
    let config = |ids: &[&str]| {
        let hooks: Vec<_> = ids.iter().map(|id| format!("      - id: {id}\n")).collect();
        format!(
            "repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n{}",
            place.display(),
            hooks.concat()
        )
    };
    git(&folder, &["init", "-q"]);
    let run = |ids: &[&str]| {
        folder.write(".pre-commit-config.yaml", config(ids));
        git(&folder, &["add", "."]);
        let mut command = Command::new(&program);
        command.current_dir(folder.path(".")).args(["run", "--color", "never"]);
        command.env("PATH", path()).env("PRE_COMMIT_HOME", hooks.path("home"));
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    folder.write("q/a b.tule", GOOD);
    let (code, out) = run(&["tule-check", "tule-check-all", "tule-fmt", "tule-fix"]);
    assert_eq!((code, out.matches("Passed").count()), (Some(0), 4), "{out}");
    folder.write("q/a b.tule", BAD);
    let (code, out) = run(&["tule-check", "tule-check-all"]);
    assert_eq!((code, out.matches("error[unknown-column]").count()), (Some(1), 2), "{out}");
    folder.write("q/a b.tule", GOOD.replace("beat", "beat,"));
    let (code, out) = run(&["tule-fix"]);
    assert!(code == Some(1) && out.contains("files were modified by this hook"), "{out}");
    assert_eq!(folder.read("q/a b.tule"), GOOD);
}
