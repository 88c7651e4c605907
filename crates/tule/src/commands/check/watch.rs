//! `--watch`: the findings of the moment, again whenever a file changes.
//!
//! What did not change is not read again. A change of `tule.toml`, `tule.lock` or the baseline is
//! a change of everything. Events about files being opened or read are left out, or reading would
//! call for reading; this is why the usual crates that wait for quiet, which pass them on, are not
//! used. Ctrl-C ends the program as it does any other.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use notify::{Event, RecursiveMode, Watcher as _};

use super::super::or_here;
use super::formats::{Format, findings, summary};
use super::{Arguments, Setup};
use crate::args::Global;
use crate::exit::{Outcome, Stop};
use crate::output::{ERROR, FAINT, Output};
use crate::project::{LOCK, MANIFEST};
use crate::report::{FileReport, Report};
use crate::source::shown;
use crate::walk::{Input, inputs};

/// How long nothing may happen before files are read: editors write in several steps.
const QUIET: Duration = Duration::from_millis(40);
/// How long to wait for that at most.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) fn run(out: &mut Output, global: &Global, arguments: &Arguments) -> Outcome {
    let (sender, events) = channel();
    let mut setup = Setup::load(out, global, arguments)?;
    // What is wrong from the start is the command line's fault.
    let found = inputs(&or_here(&arguments.paths), arguments.wanted())?;
    setup.extend(out, arguments, &found)?;
    let _watcher = watcher(arguments, &setup, sender)?;
    let mut known = Known::default();
    let mut changed = HashSet::new();
    loop {
        if let Err(stop) = known.round(out, arguments, &mut setup, &changed) {
            complain(out, stop)?;
        }
        changed = wait(&events)?;
        let of_project = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default();
            name == MANIFEST || name == LOCK || arguments.known.is_at(path)
        };
        if changed.iter().any(of_project) {
            match Setup::load(out, global, arguments) {
                Ok(new) => {
                    setup = new;
                    known = Known::default();
                }
                Err(stop) => complain(out, stop)?,
            }
        }
    }
}

/// Shows what would end another run; the next change may put it right.
fn complain(out: &mut Output, stop: Stop) -> Outcome<()> {
    match stop {
        Stop::Output(error) => Err(Stop::Output(error)),
        Stop::Shown => Ok(()),
        Stop::Usage { message, .. } | Stop::Portal { message, .. } => {
            Ok(out.tell_line(ERROR, "error", &message)?)
        }
    }
}

/// Watches the places that were named, and the folders of the projects.
fn watcher(
    arguments: &Arguments,
    setup: &Setup,
    sender: Sender<notify::Result<Event>>,
) -> Outcome<notify::RecommendedWatcher> {
    let failed = |error: &notify::Error| Stop::usage(format!("cannot watch files: {error}"));
    let mut watcher = notify::recommended_watcher(sender).map_err(|error| failed(&error))?;
    let mut watch = |path: &Path, mode| {
        // Events then name files as `canonicalize` does.
        let path = path.canonicalize().map_err(|error| Stop::file("watch", path, &error))?;
        watcher.watch(&path, mode).map_err(|error| failed(&error))
    };
    for root in setup.roots() {
        watch(root, RecursiveMode::NonRecursive)?;
    }
    for path in or_here(&arguments.paths) {
        if path.is_dir() {
            watch(&path, RecursiveMode::Recursive)?;
        } else {
            let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            watch(folder.unwrap_or(Path::new(".")), RecursiveMode::NonRecursive)?;
        }
    }
    Ok(watcher)
}

/// Waits for changes, and for a pause behind them.
fn wait(events: &Receiver<notify::Result<Event>>) -> Outcome<HashSet<PathBuf>> {
    let mut changed = HashSet::new();
    let mut start = Instant::now();
    loop {
        let event = if changed.is_empty() {
            let ended = |_| Stop::usage("files are no longer watched");
            let event = events.recv().map_err(ended)?;
            start = Instant::now();
            event
        } else {
            match events.recv_timeout(QUIET) {
                Ok(event) => event,
                Err(_) => return Ok(changed),
            }
        };
        // What was missed is found when everything is looked at for the next event.
        let paths = event.ok().filter(|event| !event.kind.is_access()).map(|event| event.paths);
        changed.extend(paths.into_iter().flatten());
        if !changed.is_empty() && start.elapsed() > PATIENCE {
            return Ok(changed);
        }
    }
}

/// What is known of files, by where they really are.
#[derive(Default)]
struct Known {
    reports: HashMap<PathBuf, FileReport>,
    /// Whether anything was shown yet.
    shown: bool,
}

impl Known {
    /// Checks what changed and shows everything, unless it is the same as before.
    fn round(
        &mut self,
        out: &mut Output,
        arguments: &Arguments,
        setup: &mut Setup,
        changed: &HashSet<PathBuf>,
    ) -> Outcome<()> {
        let found = inputs(&or_here(&arguments.paths), arguments.wanted())?;
        setup.extend(out, arguments, &found)?;
        let checker = setup.checker();
        let mut before = std::mem::take(&mut self.reports);
        let mut places = Vec::new();
        let mut files = Vec::new();
        let mut news = !self.shown;
        for input in found {
            let Input::File(path) = input else { continue };
            // Files may go away at any moment.
            let Ok(place) = path.canonicalize() else { continue };
            let old = before.remove(&place);
            let report = match old {
                Some(report) if !changed.contains(&place) => report,
                old => {
                    let Ok(file) = arguments.read(&Input::File(path)) else { continue };
                    news |= old.is_none_or(|old| old.file.text != file.text);
                    checker.file(file)
                }
            };
            places.push(place);
            files.push(report);
        }
        news |= !before.is_empty();
        if news {
            show(out, arguments, &files)?;
            self.shown = true;
        }
        self.reports = places.into_iter().zip(files).collect();
        Ok(())
    }
}

fn show(out: &mut Output, arguments: &Arguments, files: &[FileReport]) -> Outcome<()> {
    out.clear()?;
    let deny_warnings = arguments.levels.deny_warnings;
    let report = Report { files, base: None, deny_warnings };
    findings(out, arguments.format.unwrap_or(Format::Human), &report)?;
    summary(out, arguments, &report)?;
    let places: Vec<_> = or_here(&arguments.paths).iter().map(|path| shown(path)).collect();
    let text = format!("watching {} for changes, Ctrl-C ends\n", places.join(", "));
    out.tell(&out.paint_error.on(FAINT, &crate::escape::inert_lines(&text)))?;
    Ok(())
}
