//! What stands faintly behind the cursor: the rest of an earlier statement that can be taken over,
//! else the function that is being called, else what is wrong.

use std::sync::{Arc, Mutex, PoisonError};

use nu_ansi_term::{Color, Style};
use reedline::{Hinter, History, SearchQuery};
use tule_ide::signature::help;

use super::super::input::is_command;
use super::Live;
use crate::escape::{inert_lines, one_line};

/// The hinter.
pub(super) struct Hints {
    live: Arc<Mutex<Live>>,
    /// The rest of an earlier statement.
    rest: String,
}

impl Hints {
    pub(super) fn new(live: &Arc<Mutex<Live>>) -> Self {
        Self { live: Arc::clone(live), rest: String::new() }
    }

    /// What is said that cannot be taken over.
    fn remark(&self, line: &str, pos: usize) -> Option<String> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.sync(line);
        if is_command(line) {
            return None;
        }
        let offset = u32::try_from(pos).ok()?;
        if let Some(found) = live.faults(pos).first() {
            return Some(format!("  -- {}", one_line(&found.message)));
        }
        let document = live.document();
        let help = help(document, offset)?;
        let (signature, _) = help.overloads.get(help.active)?;
        Some(format!("  -- {}", signature.text))
    }
}

impl Hinter for Hints {
    fn handle(
        &mut self,
        line: &str,
        pos: usize,
        history: &dyn History,
        use_ansi_coloring: bool,
        _cwd: &str,
    ) -> String {
        self.rest.clear();
        if pos < line.len() || line.trim().is_empty() {
            return String::new();
        }
        let query = SearchQuery::last_with_prefix(line.to_owned(), history.session());
        let earlier = history.search(query).unwrap_or_default().into_iter().next();
        if let Some(earlier) = earlier {
            earlier.command_line.get(line.len()..).unwrap_or("").clone_into(&mut self.rest);
        }
        let shown = if self.rest.is_empty() {
            self.remark(line, pos).unwrap_or_default()
        } else {
            inert_lines(&self.rest).into_owned()
        };
        if use_ansi_coloring && !shown.is_empty() {
            return Style::new().fg(Color::DarkGray).paint(shown).to_string();
        }
        // Without colours a remark is still told from the text by its sign; the rest of an earlier
        // statement would look typed.
        if self.rest.is_empty() { shown } else { String::new() }
    }

    fn complete_hint(&self) -> String {
        self.rest.clone()
    }

    fn next_hint_token(&self) -> String {
        let word = self.rest.trim_start();
        let blank = self.rest.len() - word.len();
        let end = word.find(char::is_whitespace).unwrap_or(word.len());
        self.rest.get(..blank + end).unwrap_or("").to_owned()
    }
}
