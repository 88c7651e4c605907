//! `tule check --watch`.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::common::Folder;

/// A run that goes on until the test ends it.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let mut command = folder.command(&[&["check", "--watch"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        Self { child, lines }
    }

    /// Waits for a line with `part` in it.
    #[track_caller]
    fn says(&self, part: &str) {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(20)) {
                Ok(line) if line.contains(part) => return,
                Ok(line) => seen.push(line),
                Err(error) => panic!("{error}: {part:?} is not in {seen:#?}"),
            }
        }
    }

    /// Insists that nothing is said for a while.
    #[track_caller]
    fn is_silent(&self) {
        let line = self.lines.recv_timeout(Duration::from_millis(700));
        assert!(line.is_err(), "{line:?}");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn changes_are_seen_until_the_user_ends_it() {
    let folder = Folder::stockton();
    folder.write("q/a.tule", "select beat from police_calls limit 5;");
    let mut watch = Watch::start(&folder, &["--format", "concise"]);
    watch.says("no problems");
    watch.says("watching . for changes");
    folder.write("q/a.tule", "select beet from police_calls limit 5;");
    watch.says("q/a.tule:1:8: error[unknown-column]");
    watch.says("watching");
    // Files of other sorts, and the same text again, change nothing.
    folder.write("q/a.txt", "").write("q/a.tule", "select beet from police_calls limit 5;");
    watch.is_silent();
    folder.write("q/new.tule", "select beat from nowhere limit 5;");
    watch.says("q/new.tule:1:18: error[unknown-dataset]");
    watch.says("watching");
    std::fs::remove_file(folder.path("q/new.tule")).unwrap();
    watch.says("1 error in 1 file");
    watch.says("watching");
    let manifest = folder.read("tule.toml");
    folder.write("tule.toml", "[");
    watch.says("tule.toml");
    folder.write("tule.toml", manifest.replace("police_calls", "other_calls"));
    watch.says("error[unknown-dataset]");
    let interrupted = Command::new("kill").args(["-INT", &watch.child.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    let status = watch.child.wait().unwrap();
    assert!(!status.success());
}

#[test]
fn what_cannot_be_watched_is_told() {
    let folder = Folder::stockton();
    folder.tule(&["check", "--watch", "none"]).ends(2).tells("none");
    folder.tule(&["check", "--watch", "-"]).ends(2).tells("standard input cannot be watched");
    folder.tule(&["check", "--watch", "--fix"]).ends(2).tells("--fix");
}
