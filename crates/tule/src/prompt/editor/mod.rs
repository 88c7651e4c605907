//! The line editor: reedline, with the answers of `tule-ide`.
//!
//! Highlighter, completer, hinter and history are small adapters that share one [`Live`] text,
//! which is kept between key presses so that a press costs the statement it changes. Deliberately
//! absent: what a line means once it is submitted.

mod complete;
mod highlight;
mod hint;
mod history;
mod keys;
mod live;
#[cfg(test)]
mod pace;

pub(crate) use live::{Known, Live};

use std::borrow::Cow;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reedline::{
    EditCommand, IdeMenu, InputMode, MenuBuilder as _, Prompt, PromptEditMode, PromptHistorySearch,
    PromptHistorySearchStatus, Reedline, ReedlineMenu, Signal, ValidationResult, Validator,
};

use tempfile::TempDir;

use super::input;
use crate::exit::{Outcome, Stop};
use crate::interrupt::Interrupt;
use crate::output::Paint;

/// The name of the completion menu, for its keys.
const MENU: &str = "completion";
/// What stands behind the name of the portal.
const SIGN: &str = "> ";
/// How often a terminal that failed is tried again.
const TRIES: usize = 3;
/// How often the editor looks whether it is to end.
const LOOK: Duration = Duration::from_millis(300);

/// What a line brought.
pub(crate) enum Line {
    /// A text to be carried out.
    Text(String),
    /// The line was cleared.
    Cleared,
    /// The user leaves.
    End,
    /// The program is asked to end.
    Broken,
}

/// The editor of a session.
pub(crate) struct Editor {
    engine: Reedline,
    prompt: Sign,
    /// Makes a line that is being read end.
    end: Arc<AtomicBool>,
    /// Where the line lies while the user's editor has it.
    _folder: Option<TempDir>,
}

impl Editor {
    /// An editor of the text in `live`. What is odd about the history comes with it.
    pub(crate) fn new(
        live: &Arc<Mutex<Live>>,
        paint: Paint,
        name: String,
    ) -> (Self, Option<String>) {
        let (history, odd) = history::open();
        let end = Arc::new(AtomicBool::new(false));
        let menu = IdeMenu::default()
            .with_name(MENU)
            .with_input_mode(InputMode::FullBuffer)
            .with_max_completion_width(60)
            .with_max_completion_height(10)
            .with_max_description_width(56)
            .with_max_description_height(10)
            .with_default_border()
            .with_marker(SIGN);
        let mut engine = Reedline::create()
            .with_ansi_colors(paint.0)
            // What is offered belongs to the text as it is, however fast the keys come.
            .with_quick_completions(true)
            .use_bracketed_paste(true)
            .with_history(Box::new(history))
            .with_highlighter(Box::new(highlight::Colours::new(live, paint)))
            .with_completer(Box::new(complete::Names::new(live)))
            .with_hinter(Box::new(hint::Hints::new(live)))
            .with_validator(Box::new(Whole))
            .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
            .with_edit_mode(Box::new(keys::Keys::new(MENU)))
            .with_break_signal(Arc::clone(&end))
            .with_poll_interval(LOOK);
        // Only the user can look into the folder, and it goes with the editor.
        let folder = tempfile::tempdir().ok();
        let words = super::commands::editor();
        if let (Some((program, arguments)), Some(folder)) = (words.split_first(), &folder) {
            let mut command = Command::new(program);
            command.args(arguments);
            engine = engine.with_buffer_editor(command, folder.path().join("statement.tule"));
        }
        let prompt = Sign { name, is_drawn: Arc::default() };
        (Self { engine, prompt, end, _folder: folder }, odd)
    }

    /// Reads a line, which begins with what is queued. While it is read, whatever interrupts wants
    /// the end; in the moment before and after, it is the keyboard, and means nothing.
    pub(crate) fn read(&mut self, interrupt: &Interrupt, queued: Option<String>) -> Outcome<Line> {
        if let Some(text) = queued {
            let text = crate::escape::inert_lines(&text).into_owned();
            self.engine.run_edit_commands(&[EditCommand::Clear, EditCommand::InsertString(text)]);
        }
        let (is_drawn, end) = (Arc::clone(&self.prompt.is_drawn), Arc::clone(&self.end));
        interrupt.set(move || end.store(is_drawn.load(Ordering::SeqCst), Ordering::SeqCst));
        let signal = read_line(&mut self.engine, &self.prompt);
        self.prompt.is_drawn.store(false, Ordering::SeqCst);
        interrupt.clear();
        self.end.store(false, Ordering::SeqCst);
        match signal.map_err(|error| Stop::usage(format!("the terminal fails: {error}")))? {
            Signal::Success(text) => Ok(Line::Text(text)),
            Signal::CtrlD => Ok(Line::End),
            Signal::ExternalBreak(_) => Ok(Line::Broken),
            // Ctrl-C; no key of this editor runs a command of its host.
            _ => Ok(Line::Cleared),
        }
    }

    /// What was submitted in this session and the ones before, oldest first.
    pub(crate) fn history(&self) -> Vec<String> {
        history::all(self.engine.history())
    }
}

/// Reads a line. A terminal far away or on a busy machine may say too late where its cursor is; what
/// was typed stays, and the line is drawn anew.
fn read_line(engine: &mut Reedline, prompt: &Sign) -> io::Result<Signal> {
    let mut signal = engine.read_line(prompt);
    for _ in 0..TRIES {
        if signal.is_ok() {
            break;
        }
        signal = engine.read_line(prompt);
    }
    signal
}

/// The sign in front of a line.
struct Sign {
    name: String,
    /// Set once the keyboard's Ctrl-C is a key, which it is when the sign is drawn.
    is_drawn: Arc<AtomicBool>,
}

impl Prompt for Sign {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        self.is_drawn.store(true, Ordering::SeqCst);
        Cow::Borrowed(&self.name)
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed(SIGN)
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Owned(" ".repeat(self.name.chars().count().saturating_sub(2)) + "... ")
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        let failing = match search.status {
            PromptHistorySearchStatus::Passing => "",
            PromptHistorySearchStatus::Failing => "nothing with ",
        };
        Cow::Owned(format!(" (search: {failing}{}) ", search.term))
    }
}

/// Enter submits what is whole.
struct Whole;

impl Validator for Whole {
    fn validate(&self, line: &str) -> ValidationResult {
        if input::is_complete(line) {
            ValidationResult::Complete
        } else {
            ValidationResult::Incomplete
        }
    }
}

/// Asks for a line that no history keeps. Nothing where it is left with Ctrl-C or Ctrl-D.
pub(crate) fn ask(question: &str) -> Outcome<Option<String>> {
    let question = crate::escape::one_line(question);
    if !can_edit() {
        use io::Write as _;
        let _ = write!(io::stderr(), "{question}: ");
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line)?;
        return Ok((read > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned()));
    }
    let mut engine = Reedline::create().with_ansi_colors(false);
    let prompt = Sign { name: question, is_drawn: Arc::default() };
    match read_line(&mut engine, &prompt) {
        Ok(Signal::Success(text)) => Ok(Some(text)),
        Ok(_) => Ok(None),
        Err(error) => Err(Stop::usage(format!("the terminal fails: {error}"))),
    }
}

/// Whether the terminal can do what the editor needs: both ends of it, and moving the cursor.
pub(crate) fn can_edit() -> bool {
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term.is_empty());
    io::stdin().is_terminal() && io::stdout().is_terminal() && (cfg!(windows) || !dumb)
}

/// A card without the marks of Markdown.
pub(crate) fn plain(card: &str) -> String {
    let mut out = String::with_capacity(card.len());
    let mut letters = card.chars().peekable();
    let mut line_start = true;
    while let Some(c) = letters.next() {
        match c {
            '\\' if letters.peek().is_some_and(char::is_ascii_punctuation) => {
                out.extend(letters.next());
            }
            '`' | '*' if letters.peek() == Some(&c) || c == '`' => {
                let mut count = 1;
                while letters.peek() == Some(&c) {
                    letters.next();
                    count += 1;
                }
                // A fence is a line of its own, with the name of the language behind it.
                if c == '`' && count >= 3 && line_start {
                    while letters.next_if(|c| *c != '\n').is_some() {}
                    letters.next();
                    continue;
                }
            }
            _ => out.push(c),
        }
        line_start = c == '\n';
    }
    let text = crate::escape::inert_lines(out.trim()).into_owned();
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_lose_their_marks_and_keep_their_text() {
        let card =
            "```tule\nbeat text\n```\n**Beat \\*1\\***\n\n\n\nValues: `C1`, `C2`\n\n\x1b[31m a * b";
        assert_eq!(plain(card), "beat text\nBeat *1*\n\nValues: C1, C2\n\n␛[31m a * b");
    }
}
