//! The state of a prompt, and how a piece of input is carried out.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::commands;
use super::editor::Live;
use super::input::{self, Item};
use super::page::Paged;
use super::place::Place;
use super::settings::{Kept, Settings};
use crate::args::Global;
use crate::exit::{Exit, Outcome, Stop};
use crate::interrupt::Interrupt;
use crate::output::{ERROR, INFO, Output};
use crate::progress::Progress;
use crate::source::{SourceFile, shown};

/// Files that read files, and so on, at most.
const DEPTH: usize = 8;

/// What the prompt does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flow {
    /// It goes on; how the piece of input ended.
    Go(Exit),
    /// It ends.
    Quit,
}

/// Everything that lives as long as the prompt.
pub(crate) struct Session<'o> {
    pub(crate) out: &'o mut Output,
    pub(crate) global: &'o Global,
    pub(crate) place: Place,
    pub(crate) settings: Settings,
    pub(crate) interrupt: Interrupt,
    /// The last statement, as it was written.
    pub(crate) last: Option<String>,
    /// The last result.
    pub(crate) kept: Option<Kept>,
    /// The text that is being typed; absent where nobody types.
    pub(crate) live: Option<Arc<Mutex<Live>>>,
    /// What the next line begins with.
    pub(crate) queued: Option<String>,
    /// What was carried out, oldest first.
    pub(crate) history: Vec<String>,
    depth: usize,
}

impl<'o> Session<'o> {
    /// A session that begins.
    pub(crate) fn new(
        out: &'o mut Output,
        global: &'o Global,
        place: Place,
        interrupt: Interrupt,
    ) -> Self {
        Self {
            out,
            global,
            place,
            settings: Settings::default(),
            interrupt,
            last: None,
            kept: None,
            live: None,
            queued: None,
            history: Vec::new(),
            depth: 0,
        }
    }

    /// Whether somebody is there to be asked.
    pub(crate) fn is_interactive(&self) -> bool {
        self.live.is_some()
    }

    /// Carries out the pieces of a text that was typed. One that fails does not keep the next
    /// from being tried.
    pub(crate) fn typed(&mut self, text: &str) -> Outcome<Flow> {
        let mut exit = Exit::Clean;
        for item in input::items(text) {
            match self.item("<prompt>", &item) {
                Ok(Flow::Quit) => return Ok(Flow::Quit),
                Ok(Flow::Go(Exit::Cancelled)) => return Ok(Flow::Go(Exit::Cancelled)),
                Ok(Flow::Go(ended)) => exit = ended,
                Err(stop) => exit = self.tell(stop)?,
            }
        }
        Ok(Flow::Go(exit))
    }

    /// Carries out a script; the first piece that fails ends it.
    pub(crate) fn script(&mut self, name: &str, text: &str) -> Outcome<Flow> {
        for item in input::items(text) {
            match self.item(name, &item)? {
                Flow::Go(Exit::Clean) => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Go(Exit::Clean))
    }

    /// The same for a file.
    pub(crate) fn file(&mut self, path: &Path) -> Outcome<Flow> {
        if self.depth >= DEPTH {
            let message = format!("`{}`: files read each other too deep", shown(path));
            return Err(Stop::usage(message));
        }
        let file = SourceFile::read(path)?;
        if let Some(fault) = &file.fault {
            crate::commands::run::show(self.out, &file, std::slice::from_ref(fault))?;
            return Ok(Flow::Go(Exit::Findings));
        }
        self.depth += 1;
        let flow = self.script(&file.name, &file.text);
        self.depth -= 1;
        flow
    }

    /// Carries out one piece.
    pub(crate) fn item(&mut self, name: &str, item: &Item) -> Outcome<Flow> {
        self.interrupt.reset();
        let done = if item.is_command {
            commands::dispatch(self, &item.text)
        } else {
            let text = "\n".repeat(item.line) + &item.text;
            let file = SourceFile::text(name, &text);
            self.statement(&file, &item.text).map(Flow::Go)
        };
        self.interrupt.clear();
        self.place.tell_notices(self.out)?;
        self.out.finish()?;
        done
    }

    /// Says why something stopped, and with which code a script would end.
    pub(crate) fn tell(&mut self, stop: Stop) -> Outcome<Exit> {
        let (message, help, exit) = match stop {
            Stop::Output(error) => return Err(Stop::Output(error)),
            Stop::Shown => return Ok(Exit::Usage),
            Stop::Usage { message, help } => (message, help, Exit::Usage),
            Stop::Portal { message, help } => (message, help, Exit::Portal),
        };
        self.out.tell_line(ERROR, "error", &message)?;
        if let Some(help) = help {
            self.out.tell_line(INFO, "help", &help)?;
        }
        Ok(exit)
    }

    /// Prints a text, by the pager if it is taller than the screen and somebody is there to read.
    pub(crate) fn page(&mut self, text: &str) -> Outcome<()> {
        let progress = Progress::silent();
        let mut paged = Paged::new(self.out, &progress, self.live.is_some());
        let written = paged.write_all(text.as_bytes());
        // Whoever leaves the pager has seen enough.
        if paged.finish()? { Ok(()) } else { Ok(written?) }
    }

    /// What is typed is checked against what is known now.
    pub(crate) fn renew(&mut self) {
        if let Some(live) = &self.live {
            let mut live = live.lock().unwrap_or_else(PoisonError::into_inner);
            live.set_world(self.place.live());
        }
    }

    /// The last statement.
    pub(crate) fn last(&self) -> Outcome<String> {
        self.last.clone().ok_or_else(|| {
            Stop::usage("there is no statement yet").help("write one, and end it with `;`")
        })
    }

    /// The last result.
    pub(crate) fn kept(&self) -> Outcome<&Kept> {
        self.kept
            .as_ref()
            .ok_or_else(|| Stop::usage("there is no result yet").help("run a query first"))
    }
}
