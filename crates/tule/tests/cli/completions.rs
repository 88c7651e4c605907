//! `tule completions`, in a real shell.

use std::process::Command;

use crate::common::Folder;

#[test]
fn bash_completes_commands_options_and_values() {
    let folder = Folder::empty();
    let script = folder.tule(&["completions", "bash"]).ends(0).out;
    folder.write("tule.bash", script);
    let completed = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let (word, before) = (words[words.len() - 1], words[words.len() - 2]);
        let shell = format!(
            "source tule.bash; COMP_WORDS=({line}); COMP_CWORD={}; _tule tule '{word}' '{before}'; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.len() - 1
        );
        let mut bash = Command::new("bash");
        bash.args(["--norc", "-c", &shell]).current_dir(folder.path("."));
        let output = match bash.output() {
            Ok(output) => output,
            Err(error) => {
                eprintln!("skipped: bash cannot be started: {error}");
                return None;
            }
        };
        Some(String::from_utf8(output.stdout).unwrap())
    };
    let Some(commands) = completed("tule co") else { return };
    assert_eq!(commands.split_whitespace().collect::<Vec<_>>(), ["compile", "completions"]);
    assert_eq!(completed("tule check --unsafe").unwrap().trim(), "--unsafe-fixes");
    let formats = completed("tule check --format s").unwrap();
    assert_eq!(formats.trim(), "sarif");
}

#[test]
fn every_shell_has_a_script_and_others_are_named() {
    let folder = Folder::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        folder.tule(&["completions", shell]).ends(0).says("unsafe-fixes");
    }
    folder.tule(&["completions", "tcsh"]).ends(2).tells("possible values: bash, elvish, fish");
}
