//! The prompt: statements and commands, typed, piped or read from a file.
//!
//! [`input`] takes text apart, [`session`] carries the pieces out, [`commands`] is the table of
//! commands and [`statement`] the way from a statement to its rows; [`editor`] is where a person
//! types. Deliberately absent: what queries mean, how rows look, and how portals are asked.

mod chart;
mod commands;
mod editor;
mod footer;
mod input;
mod page;
mod place;
mod report;
mod session;
mod settings;
mod statement;

pub(crate) use place::Wishes;

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::args::Global;
use crate::escape::one_line;
use crate::exit::{Exit, Outcome, Stop};
use crate::interrupt::Interrupt;
use crate::output::{FAINT, Output, WARNING};
use editor::{Editor, Known, Line, Live, can_edit};
use input::Splitter;
use place::Place;
use session::{Flow, Session};

/// What the command line asks for.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// A portal's name, a host or a folder.
    pub(crate) portal: Option<&'a str>,
    /// Texts to carry out instead of asking.
    pub(crate) expressions: &'a [String],
    /// Files of the same.
    pub(crate) files: &'a [PathBuf],
    pub(crate) wishes: Wishes,
}

/// Runs the prompt.
pub(crate) fn run(out: &mut Output, global: &Global, asked: Asked<'_>) -> Outcome {
    let place = Place::open(out, global, asked.portal, asked.wishes)?;
    let interrupt = Interrupt::listen_on()?;
    let mut session = Session::new(out, global, place, interrupt);
    if asked.expressions.is_empty() && asked.files.is_empty() {
        if can_edit() {
            return interactive(&mut session);
        }
        return if io::stdin().is_terminal() { simple(&mut session) } else { piped(&mut session) };
    }
    for text in asked.expressions {
        match session.script("<query>", text)? {
            Flow::Go(Exit::Clean) => {}
            Flow::Go(exit) => return Ok(exit),
            Flow::Quit => return Ok(Exit::Clean),
        }
    }
    for path in asked.files {
        match session.file(path)? {
            Flow::Go(Exit::Clean) => {}
            Flow::Go(exit) => return Ok(exit),
            Flow::Quit => return Ok(Exit::Clean),
        }
    }
    Ok(Exit::Clean)
}

/// Somebody types at a terminal that can do everything.
fn interactive(session: &mut Session<'_>) -> Outcome {
    let live = Arc::new(Mutex::new(Live::new(session.place.live())));
    session.live = Some(Arc::clone(&live));
    let name = one_line(&session.place.name());
    let (mut editor, odd) = Editor::new(&live, session.out.paint, name);
    if let Some(text) = odd {
        session.out.tell_line(WARNING, "warning", &text)?;
    }
    greet(session)?;
    loop {
        tell_editor(session, &live);
        session.out.finish()?;
        let queued = session.queued.take();
        match editor.read(&session.interrupt, queued)? {
            Line::Text(text) => {
                session.history = editor.history();
                if let Flow::Quit = session.typed(&text)? {
                    return Ok(Exit::Clean);
                }
            }
            Line::Cleared => {}
            Line::End => return Ok(Exit::Clean),
            Line::Broken => return Ok(Exit::Cancelled),
        }
    }
}

fn greet(session: &mut Session<'_>) -> Outcome<()> {
    let count = session.place.catalog.datasets().count();
    let known = if count == 1 {
        "1 dataset is known".to_owned()
    } else {
        format!("{count} datasets are known")
    };
    let text = format!("tule {}: {known}; `.help` for help", env!("CARGO_PKG_VERSION"));
    let text = session.out.paint_error.on(FAINT, &text);
    Ok(session.out.tell(&format!("{text}\n"))?)
}

/// What completion of commands has to know.
fn tell_editor(session: &Session<'_>, live: &Mutex<Live>) {
    let portals = session.place.project.manifest.iter().flat_map(|manifest| &manifest.portals);
    let mut parameters: Vec<String> = session.settings.parameters.keys().cloned().collect();
    parameters.extend(commands::declared(session).into_iter().map(|(name, _)| name));
    parameters.sort();
    parameters.dedup();
    let portals = portals.map(|portal| portal.name.clone()).collect();
    let mut live = live.lock().unwrap_or_else(PoisonError::into_inner);
    live.known = Known { portals, parameters };
}

/// Somebody types at a terminal that knows nothing but lines.
fn simple(session: &mut Session<'_>) -> Outcome {
    greet(session)?;
    let name = one_line(&session.place.name());
    let cleared = Arc::new(AtomicBool::new(false));
    let mut splitter = Splitter::default();
    loop {
        session.out.finish()?;
        let sign = if splitter.is_idle() { format!("{name}> ") } else { "... ".to_owned() };
        let _ = io::stderr().write_all(sign.as_bytes());
        let (flag, first) = (Arc::clone(&cleared), format!("\n{name}> "));
        session.interrupt.reset();
        session.interrupt.set(move || {
            flag.store(true, Ordering::SeqCst);
            let _ = io::stderr().write_all(first.as_bytes());
        });
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        session.interrupt.clear();
        if cleared.swap(false, Ordering::SeqCst) {
            splitter.clear();
        }
        if read.map_err(|error| unreadable(&error))? == 0 {
            session.out.tell("\n")?;
            return Ok(Exit::Clean);
        }
        let line = line.trim_end_matches(['\n', '\r']);
        // A blank line ends a statement, as it does elsewhere.
        let left = line.trim().is_empty().then(|| splitter.end()).flatten();
        for item in splitter.line(line).into_iter().chain(left) {
            session.history.push(item.text.clone());
            match session.item("<prompt>", &item) {
                Ok(Flow::Quit) => return Ok(Exit::Clean),
                Ok(Flow::Go(_)) => {}
                Err(stop) => {
                    session.tell(stop)?;
                }
            }
        }
    }
}

/// A program or a file speaks.
fn piped(session: &mut Session<'_>) -> Outcome {
    // Reading waits for others, who may not hear an interrupt; nothing is left half done.
    let mut splitter = Splitter::default();
    loop {
        session.interrupt.set(|| std::process::exit(130));
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        session.interrupt.clear();
        let is_end = read.map_err(|error| unreadable(&error))? == 0;
        let items = if is_end {
            splitter.end().into_iter().collect()
        } else {
            splitter.line(line.trim_end_matches(['\n', '\r']))
        };
        for item in items {
            match session.item("<stdin>", &item)? {
                Flow::Go(Exit::Clean) => {}
                Flow::Go(exit) => return Ok(exit),
                Flow::Quit => return Ok(Exit::Clean),
            }
        }
        if is_end {
            return Ok(Exit::Clean);
        }
    }
}

fn unreadable(error: &io::Error) -> Stop {
    Stop::usage(format!("cannot read standard input: {}", crate::exit::reason(error)))
}
