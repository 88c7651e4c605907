//! Results that are taller than the screen, shown by a pager.
//!
//! What fits is printed. Where it does not, `TULE_PAGER`, else `PAGER`, else `less -RS` gets the
//! rows while they come; without any of them, a screen is printed at a time. Leaving the pager
//! ends the query.

use std::io::{self, BufRead as _, Write};
use std::process::{Child, Command, Stdio};

use unicode_width::UnicodeWidthStr as _;

use crate::output::{FAINT, Output};
use crate::progress::Progress;

/// A screen, and what does not fit on it.
pub(crate) struct Paged<'p> {
    out: &'p mut Output,
    progress: &'p Progress,
    /// Columns and lines; `None` where nothing is to be paged.
    size: Option<(usize, usize)>,
    held: Vec<u8>,
    /// Lines in `held`, or on this screen.
    lines: usize,
    state: State,
}

enum State {
    /// It fits so far.
    Holding,
    /// A program shows it.
    Piping(Child),
    /// A screen at a time.
    Screens,
    /// As it comes.
    Printing,
    /// The reader has seen enough.
    Left,
}

impl<'p> Paged<'p> {
    /// The screen of `out`; nothing is paged unless `pages`.
    pub(crate) fn new(out: &'p mut Output, progress: &'p Progress, pages: bool) -> Self {
        let size = out.width().zip(out.height()).filter(|_| pages);
        let size = size.map(|(width, height)| (usize::from(width).max(1), usize::from(height)));
        let state = if size.is_some() { State::Holding } else { State::Printing };
        Self { out, progress, size, held: Vec::new(), lines: 0, state }
    }

    /// Shows the rest, and waits for the reader. Whether the reader left before the end.
    pub(crate) fn finish(mut self) -> io::Result<bool> {
        match std::mem::replace(&mut self.state, State::Printing) {
            State::Holding | State::Printing => {
                let held = std::mem::take(&mut self.held);
                self.show(&held)?;
                self.out.finish()?;
                Ok(false)
            }
            State::Screens => self.out.finish().map(|()| false),
            State::Piping(mut child) => {
                drop(child.stdin.take());
                child.wait()?;
                Ok(false)
            }
            State::Left => Ok(true),
        }
    }

    fn show(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !bytes.is_empty() {
            self.progress.clear();
        }
        self.out.write_all(bytes)
    }

    /// Lines of the screen that the text takes.
    fn height(&self, bytes: &[u8]) -> usize {
        let Some((width, _)) = self.size else { return 0 };
        let text = String::from_utf8_lossy(bytes);
        text.split_inclusive('\n')
            .map(|line| if line.ends_with('\n') { line.width().div_ceil(width).max(1) } else { 0 })
            .sum()
    }

    fn begin(&mut self) -> io::Result<()> {
        self.progress.clear();
        self.out.finish()?;
        let held = std::mem::take(&mut self.held);
        self.lines = 0;
        self.state = match start() {
            Start::Program(child) => State::Piping(child),
            Start::Screens => State::Screens,
            Start::Nothing => State::Printing,
        };
        self.write_all(&held)
    }

    /// Prints up to the end of the screen, and waits there.
    fn screens(&mut self, bytes: &[u8]) -> io::Result<()> {
        let height = self.size.map_or(usize::MAX, |(_, height)| height.saturating_sub(1));
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let tall = self.height(line);
            if self.lines + tall > height {
                self.lines = 0;
                let ask = self.out.paint_error.on(FAINT, "-- Enter for more, q to leave --");
                self.out.tell(&ask)?;
                let mut answer = String::new();
                io::stdin().lock().read_line(&mut answer)?;
                if answer.trim() == "q" {
                    self.state = State::Left;
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
            }
            self.lines += tall;
            self.out.write_all(line)?;
        }
        Ok(())
    }
}

impl Write for Paged<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Holding => {
                self.held.extend_from_slice(bytes);
                self.lines += self.height(bytes);
                // The footer and the prompt stand below.
                if self.size.is_some_and(|(_, height)| self.lines + 2 > height) {
                    self.begin()?;
                }
            }
            State::Piping(child) => {
                let Some(pipe) = &mut child.stdin else { return Ok(bytes.len()) };
                if let Err(error) = pipe.write_all(bytes) {
                    drop(child.stdin.take());
                    child.wait()?;
                    self.state = State::Left;
                    return Err(error);
                }
            }
            State::Screens => self.screens(bytes)?,
            State::Printing => self.show(bytes)?,
            State::Left => return Err(io::ErrorKind::BrokenPipe.into()),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Start {
    Program(Child),
    Screens,
    Nothing,
}

/// Starts the pager that the user chose, or the usual one.
fn start() -> Start {
    let chosen = ["TULE_PAGER", "PAGER"].into_iter().find_map(|name| std::env::var(name).ok());
    let words = match &chosen {
        Some(text) => shlex::split(text).unwrap_or_default(),
        None => vec!["less".to_owned(), "-RS".to_owned()],
    };
    let Some((program, arguments)) = words.split_first() else { return Start::Nothing };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "-RS");
    }
    command.spawn().map_or(Start::Screens, Start::Program)
}
