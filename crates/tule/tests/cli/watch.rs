//! `tule check --watch`.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::common::Folder;

/// A run that goes on until the test ends it.
struct Watch {
    child: Child,
    out: Lines,
    err: Lines,
}

/// Lines of one stream. Those of the other come in an order of their own.
struct Lines(Receiver<String>);

impl Lines {
    fn of(stream: impl Read + Send + 'static) -> Self {
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self(lines)
    }

    /// Waits for a line with `part` in it.
    #[track_caller]
    fn has(&self, part: &str) {
        let mut seen = Vec::new();
        loop {
            match self.0.recv_timeout(Duration::from_secs(20)) {
                Ok(line) if line.contains(part) => return,
                Ok(line) => seen.push(line),
                Err(error) => panic!("{error}: {part:?} is not in {seen:#?}"),
            }
        }
    }

    /// Insists that nothing is said for a while.
    #[track_caller]
    fn are_over(&self) {
        let line = self.0.recv_timeout(Duration::from_millis(500));
        assert!(line.is_err(), "{line:?}");
    }
}

impl Watch {
    fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let mut command = folder.command(&[&["check", "--watch"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = Lines::of(child.stdout.take().unwrap());
        let err = Lines::of(child.stderr.take().unwrap());
        Self { child, out, err }
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
    watch.err.has("no problems");
    watch.err.has("watching . for changes");
    folder.write("q/a.tule", "select beet from police_calls limit 5;");
    watch.out.has("q/a.tule:1:8: error[unknown-column]");
    watch.err.has("watching");
    // Files of other sorts, and the same text again, change nothing.
    folder.write("q/a.txt", "").write("q/a.tule", "select beet from police_calls limit 5;");
    watch.err.are_over();
    watch.out.are_over();
    folder.write("q/new.tule", "select beat from nowhere limit 5;");
    watch.out.has("q/new.tule:1:18: error[unknown-dataset]");
    watch.err.has("watching");
    std::fs::remove_file(folder.path("q/new.tule")).unwrap();
    watch.err.has("1 error in 1 file");
    watch.err.has("watching");
    let manifest = folder.read("tule.toml");
    folder.write("tule.toml", "[");
    watch.err.has("tule.toml");
    folder.write("tule.toml", manifest.replace("police_calls", "other_calls"));
    watch.out.has("error[unknown-dataset]");
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
