//! How far a run is, on a terminal.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use console::Term;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::rows::Printed;

/// Between two states of the line.
const TICK: Duration = Duration::from_millis(200);

/// Most times a second that it is drawn.
const REDRAWS: u8 = 20;
/// Columns of what a terminal shows for Ctrl-C.
const ECHO: u16 = 2;

/// One line of standard error.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Shows nothing yet; nothing ever where standard error is no terminal, or one that
    /// knows nothing but lines.
    pub(crate) fn new() -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if is_dumb || !io::stderr().is_terminal() {
            return Self(None);
        }
        let line = Box::new(Line(Term::buffered_stderr()));
        let target = ProgressDrawTarget::term_like_with_hz(line, REDRAWS);
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message("reading");
        bar.enable_steady_tick(TICK);
        Self(Some(bar))
    }

    /// Shows nothing ever.
    pub(crate) fn silent() -> Self {
        Self(None)
    }

    /// Brings what is shown up to date.
    pub(crate) fn show(&self, printed: Printed) {
        let Some(bar) = &self.0 else { return };
        // A million messages would cost more than the rows.
        if printed.rows.is_multiple_of(1_000) {
            let (rows, bytes) = (HumanCount(printed.rows), HumanBytes(printed.bytes));
            bar.set_message(format!("{rows} rows, {bytes}"));
        }
    }

    /// The same where the number of rows is perhaps known.
    pub(crate) fn toward(&self, rows: u64, total: Option<u64>, bytes: u64) {
        let Some(bar) = &self.0 else { return };
        if !rows.is_multiple_of(1_000) {
            return;
        }
        let (so_far, size) = (HumanCount(rows), HumanBytes(bytes));
        let Some(total) = total else {
            bar.set_message(format!("{so_far} rows, {size}"));
            return;
        };
        if bar.length() != Some(total) {
            bar.set_length(total);
            let template = "{spinner} [{bar:30}] {percent}% {msg} {elapsed}, {eta} to go";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
        }
        bar.set_position(rows);
        bar.set_message(format!("{so_far} of {} rows, {size}", HumanCount(total)));
    }

    /// Takes it off the screen for good.
    pub(crate) fn clear(&self) {
        if let Some(bar) = self.0.as_ref().filter(|bar| !bar.is_finished()) {
            bar.finish_and_clear();
        }
    }
}

/// Whatever ends a run, nothing stays of the line.
impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The line that is drawn on, which leaves room for `^C` at its end: on the next line, it would keep
/// this one from being cleared.
#[derive(Debug)]
struct Line(Term);

impl TermLike for Line {
    fn width(&self) -> u16 {
        TermLike::width(&self.0).saturating_sub(ECHO).max(1)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
