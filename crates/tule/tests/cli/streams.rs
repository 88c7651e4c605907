//! What holds for every command: exit codes, pipes, colour, hostile names.

use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::common::{Folder, is_inert};

const COMMANDS: [&str; 11] = [
    "check", "compile", "run", "import", "fmt", "lock", "schema", "datasets", "serve", "explain",
    "init",
];

#[test]
fn every_command_has_help_with_examples() {
    let folder = Folder::empty();
    for command in COMMANDS {
        let run = folder.tule(&[command, "--help"]).ends(0).says("Examples:\n");
        assert!(run.err.is_empty());
        assert!(run.out.lines().all(|line| line.chars().count() <= 100), "{}", run.out);
    }
    folder.tule(&["--version"]).ends(0).says("tule 0.");
    folder.tule(&[]).ends(2).tells("Usage: tule");
    folder.tule(&["chekc"]).ends(2).tells("check");
    folder.tule(&["check", "--format", "xml"]).ends(2).tells("concise");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let folder = Folder::stockton();
    folder.write("a.tule", "select beet from police_calls limit 1;\n".repeat(5000));
    let long: [&[&str]; 5] = [
        &["check"],
        &["check", "--format", "json"],
        &["explain", "--format", "json"],
        &["check", "--help"],
        &["schema", "police_calls"],
    ];
    for arguments in long {
        let mut child = folder
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(!err.contains("panicked") && !err.contains("cannot write"), "{err}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = Folder::empty();
    let mut command = folder.command(&["explain", "--format", "json"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(err, "error: cannot write: no space left on device\n");
}

#[test]
fn colour_can_be_forced_and_forbidden() {
    let folder = Folder::stockton();
    folder.write("a.tule", "select beet from police_calls limit 1;\n");
    for format in ["human", "concise"] {
        let check = ["check", "--format", format];
        assert!(is_inert(&folder.tule(&check).out));
        let always = folder.tule(&[&check[..], &["--color", "always"]].concat());
        assert!(always.out.contains("\x1b[31m") && always.err.contains("\x1b["), "{always:?}");
        let never = folder.tule(&[&check[..], &["--color", "never"]].concat());
        assert!(is_inert(&never.out) && is_inert(&never.err));
    }
    for always in [["--color", "always"].as_slice(), &["--color=always"]] {
        let help = folder.tule(&[always, &["check", "--help"]].concat()).ends(0);
        assert!(help.out.contains("\x1b["), "{}", help.out);
    }
    assert!(is_inert(&folder.tule(&["check", "--help"]).out));
    let json = folder.tule(&["check", "--format", "json", "--color", "always"]).ends(1);
    json.json("check");
}

/// Runs the program on a terminal, if the system has `script` to make one.
#[cfg(target_os = "linux")]
fn on_a_terminal(folder: &Folder, arguments: &str, variables: &[(&str, &str)]) -> Option<String> {
    let plain = folder.command(&[]);
    let program = env!("CARGO_BIN_EXE_tule");
    let mut script = Command::new("script");
    script
        .current_dir(plain.get_current_dir()?)
        .args(["-qec", &format!("stty rows 24 cols 60; {program} {arguments}"), "/dev/null"])
        .env_remove("NO_COLOR")
        .env("TERM", "xterm-256color")
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    let output = script.output().ok()?;
    String::from_utf8(output.stdout).ok()
}

#[cfg(target_os = "linux")]
#[test]
fn colour_and_width_follow_the_terminal() {
    let folder = Folder::stockton();
    folder.write("a.tule", "select beet from police_calls limit 1;\n");
    let Some(coloured) = on_a_terminal(&folder, "check", &[]) else { return };
    assert!(coloured.contains("\x1b[31m"), "{coloured:?}");
    for refusal in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let plain = on_a_terminal(&folder, "check", &[refusal]).unwrap();
        assert!(!plain.contains('\x1b') && plain.contains("unknown-column"), "{plain:?}");
    }
    let empty = on_a_terminal(&folder, "check", &[("NO_COLOR", "")]).unwrap();
    assert!(empty.contains("\x1b[31m"), "{empty:?}");
    let schema = on_a_terminal(&folder, "schema police_calls --color never", &[]).unwrap();
    assert!(schema.lines().all(|line| line.trim_end().chars().count() <= 60), "{schema}");
}

#[cfg(target_os = "linux")]
#[test]
fn text_of_strangers_is_inert_on_a_terminal_and_unchanged_in_a_pipe() {
    let folder = Folder::empty();
    folder.write("a.tule", "select '\x1b[31m',  a from b;");
    let Some(shown) = on_a_terminal(&folder, "fmt --diff --color never", &[]) else { return };
    assert!(!shown.contains('\x1b') && shown.contains("␛[31m"), "{shown:?}");
    assert!(folder.tule(&["fmt", "--diff"]).out.contains("+select '\x1b[31m', a from b;"));
}

#[cfg(unix)]
#[test]
fn hostile_file_names_are_inert() {
    let folder = Folder::stockton();
    let name = "a\x1b]0;pwned\x07\n\u{202e}b.tule";
    folder.write(name, "select beet from police_calls  limit 1;\n");
    folder.write("tule.json/\x1b[31m", "");
    let runs: [&[&str]; 7] = [
        &["check"],
        &["check", "--format", "concise"],
        &["check", "--format", "json"],
        &["compile", "."],
        &["fmt", "--check"],
        &["fmt", "--diff"],
        &["check", "\x1b[31mnone"],
    ];
    for arguments in runs {
        let run = folder.tule(arguments);
        assert!(is_inert(&run.out) && is_inert(&run.err), "{arguments:?}: {run:?}");
        assert!(run.code == Some(1) || run.code == Some(2), "{arguments:?}: {run:?}");
    }
    let run = folder.tule(&["check", "--format", "json"]).ends(1);
    assert_eq!(run.json("check")["files"][0], name);
    folder.tule(&["check", "--project", "\x1b[31m"]).ends(2).tells("`␛[31m`");
    folder.tule(&["check", "--from", "\x1b[31m"]).ends(2).tells("`␛[31m`");
    folder.tule(&["explain", "\x1b"]).ends(2).tells("␛");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_name_that_is_no_text_is_read_all_the_same() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::stockton();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.tule");
    std::fs::write(folder.path(".").join(name), "select beet from police_calls limit 1;").unwrap();
    let run = folder.tule(&["check", "--format", "concise"]).ends(1);
    run.says("caf\u{fffd}.tule:1:8: error");
    let mut named = folder.command(&["fmt"]);
    assert!(named.arg(name).output().unwrap().status.success());
}
