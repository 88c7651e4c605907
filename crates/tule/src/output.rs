//! The two streams, and whether they are coloured.
//!
//! What a command is asked for goes to standard output, everything about it to standard error. A
//! reader that goes away is success, decided once in [`crate::commands::run()`]. Deliberately
//! absent: the process-wide `print!` macros, which panic when a pipe is closed.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use clap::ValueEnum;
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use crate::escape;

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Even into a file
    Always,
    /// Nowhere
    Never,
}

/// Colours of one stream, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Paint(pub(crate) bool);

/// The text of an error.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The text of a warning.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// The text of anything less.
pub(crate) const INFO: Style = AnsiColor::Cyan.on_default().bold();
/// Headings.
pub(crate) const STRONG: Style = Style::new().bold();
/// What is beside the point.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// What was added.
pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
/// What was removed.
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();

impl Paint {
    /// `text` in a style.
    pub(crate) fn on(self, style: Style, text: &str) -> String {
        if self.0 { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn of(choice: ColorChoice, is_terminal: bool) -> Self {
        let refused = || {
            let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
            set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb")
        };
        Self(match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !refused(),
        })
    }
}

/// Where standard output goes.
enum Sink {
    Stream(BufWriter<Stdout>),
    Text(Vec<u8>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stream(stream) => stream.write(bytes),
            Self::Text(text) => text.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.flush(),
            Self::Text(_) => Ok(()),
        }
    }
}

/// Standard output and standard error.
pub(crate) struct Output {
    stdout: Sink,
    is_terminal: bool,
    /// Colours of standard output.
    pub(crate) paint: Paint,
    /// Colours of standard error.
    pub(crate) paint_error: Paint,
}

impl Output {
    /// The streams of this process.
    pub(crate) fn new(choice: ColorChoice) -> Self {
        let is_terminal = io::stdout().is_terminal();
        Self {
            stdout: Sink::Stream(BufWriter::new(io::stdout())),
            is_terminal,
            paint: Paint::of(choice, is_terminal),
            paint_error: Paint::of(choice, io::stderr().is_terminal()),
        }
    }

    /// The same, with what is written to standard output kept as a text without colours.
    pub(crate) fn to_text(&self) -> Self {
        Self {
            stdout: Sink::Text(Vec::new()),
            is_terminal: false,
            paint: Paint(false),
            paint_error: self.paint_error,
        }
    }

    /// What was kept; nothing of a stream.
    pub(crate) fn into_text(self) -> String {
        match self.stdout {
            Sink::Stream(_) => String::new(),
            Sink::Text(text) => String::from_utf8(text).unwrap_or_default(),
        }
    }

    /// Columns of the terminal, if standard output is one.
    pub(crate) fn width(&self) -> Option<u16> {
        let size = terminal_size::terminal_size_of(io::stdout());
        self.is_terminal.then(|| size.map_or(80, |(terminal_size::Width(width), _)| width))
    }

    /// Lines of the terminal, if standard output is one.
    pub(crate) fn height(&self) -> Option<u16> {
        let size = terminal_size::terminal_size_of(io::stdout());
        self.is_terminal.then(|| size.map_or(24, |(_, terminal_size::Height(height))| height))
    }

    /// Writes to standard output as it is.
    pub(crate) fn print(&mut self, text: &str) -> io::Result<()> {
        self.stdout.write_all(text.as_bytes())
    }

    /// Empties the screen, if standard output is one.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        if self.is_terminal { self.print("\x1b[2J\x1b[3J\x1b[H") } else { Ok(()) }
    }

    /// Writes bytes to standard output as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stdout.write(bytes)
    }

    /// The same for all of them.
    pub(crate) fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stdout.write_all(bytes)
    }

    /// Writes a text that others wrote: made harmless on a terminal, unchanged into a file.
    pub(crate) fn foreign(&mut self, text: &str) -> io::Result<()> {
        if self.is_terminal { self.print(&escape::inert_lines(text)) } else { self.print(text) }
    }

    /// Writes a JSON document.
    pub(crate) fn json(&mut self, document: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(document)?;
        self.print(&escape::json(text))?;
        self.print("\n")
    }

    /// Writes a JSON document on one line.
    pub(crate) fn json_line(&mut self, document: &impl Serialize) -> io::Result<()> {
        self.print(&escape::json(serde_json::to_string(document)?))?;
        self.print("\n")
    }

    /// Writes to standard error, behind everything that was printed before. That nobody can read
    /// it is no reason to stop.
    pub(crate) fn tell(&mut self, text: &str) -> io::Result<()> {
        self.stdout.flush()?;
        let _ = io::stderr().lock().write_all(text.as_bytes());
        Ok(())
    }

    /// Writes one line to standard error: `note: ...`. The text is made harmless.
    pub(crate) fn tell_line(&mut self, style: Style, kind: &str, text: &str) -> io::Result<()> {
        let head = self.paint_error.on(style, &format!("{kind}:"));
        self.tell(&format!("{head} {}\n", escape::inert(text)))
    }

    /// Writes what is still held back.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_off_where_it_is_not_wanted() {
        assert_eq!(Paint::of(ColorChoice::Never, true), Paint(false));
        assert_eq!(Paint::of(ColorChoice::Always, false), Paint(true));
        assert_eq!(Paint::of(ColorChoice::Auto, false), Paint(false));
        assert_eq!(Paint(false).on(ERROR, "error"), "error");
        assert_eq!(Paint(true).on(ERROR, "error"), "\x1b[1m\x1b[31merror\x1b[0m");
    }
}
