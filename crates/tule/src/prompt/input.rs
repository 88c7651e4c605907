//! Text that was typed, pasted, piped or read from a file, taken apart into statements and
//! commands.
//!
//! A command is a line of its own that begins with `.` or `\` where a statement could begin; a
//! statement goes up to its `;`. Where `;` stands inside quotes or comments is the lexer's
//! business. Deliberately absent: what a command means.

use tule_syntax::lexer::lex;
use tule_syntax::token::TokenKind;

/// A piece of input that can be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Item {
    /// Its text: a statement with its `;`, or a command without blank space around it.
    pub(crate) text: String,
    /// The line of the input that it begins on, from 0.
    pub(crate) line: usize,
    /// Which of the two it is.
    pub(crate) is_command: bool,
}

/// Takes input apart, a line at a time.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    pending: String,
    /// The line that `pending` begins on.
    first: usize,
    line: usize,
}

impl Splitter {
    /// Adds a line, without its break, and gives what it completes.
    pub(crate) fn line(&mut self, line: &str) -> Vec<Item> {
        let at = self.line;
        self.line += 1;
        if is_command(line) && is_trivia(&self.pending) {
            self.pending.clear();
            let text = line.trim().to_owned();
            return vec![Item { text, line: at, is_command: true }];
        }
        if self.pending.trim().is_empty() {
            self.pending.clear();
            self.first = at;
            if line.trim().is_empty() {
                return Vec::new();
            }
        }
        self.pending.push_str(line);
        self.pending.push('\n');
        if line.contains(';') { self.statements() } else { Vec::new() }
    }

    /// What is left at the end of the input.
    pub(crate) fn end(&mut self) -> Option<Item> {
        let text = std::mem::take(&mut self.pending);
        let line = self.first;
        (!is_trivia(&text)).then(|| Item {
            text: text.trim_end().to_owned(),
            line,
            is_command: false,
        })
    }

    /// Whether nothing has begun.
    pub(crate) fn is_idle(&self) -> bool {
        is_trivia(&self.pending)
    }

    /// Drops what has begun.
    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }

    /// The statements that end in what is pending.
    fn statements(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut from = 0;
        for (kind, span) in lex(&self.pending).iter() {
            if kind != TokenKind::Semicolon {
                continue;
            }
            let end = span.end as usize;
            let text = self.pending.get(from..end).unwrap_or("");
            let blank = text.len() - text.trim_start().len();
            let skipped = self.pending.get(..from + blank).unwrap_or("").matches('\n').count();
            let text = text.trim();
            if text != ";" {
                let line = self.first + skipped;
                items.push(Item { text: text.to_owned(), line, is_command: false });
            }
            from = end;
        }
        let rest = self.pending.split_off(from.min(self.pending.len()));
        let done = std::mem::replace(&mut self.pending, rest);
        self.first += done.matches('\n').count();
        items
    }
}

/// The pieces of a whole text.
pub(crate) fn items(text: &str) -> Vec<Item> {
    let mut splitter = Splitter::default();
    let mut items: Vec<Item> = text.lines().flat_map(|line| splitter.line(line)).collect();
    items.extend(splitter.end());
    items
}

/// Whether Enter at the end of the text carries it out: nothing is begun, or the line is blank.
pub(crate) fn is_complete(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or("");
    if last.trim().is_empty() {
        return true;
    }
    let mut splitter = Splitter::default();
    for line in text.lines() {
        splitter.line(line);
    }
    splitter.is_idle()
}

/// Whether a line is a command.
pub(crate) fn is_command(line: &str) -> bool {
    let mut letters = line.trim_start().chars();
    let sign = letters.next();
    let first = letters.next();
    let begins = |c: char| c.is_ascii_alphabetic() || c == '?';
    matches!(sign, Some('.' | '\\')) && first.is_none_or(begins)
}

/// Whether a text holds blank space and comments only.
fn is_trivia(text: &str) -> bool {
    text.trim().is_empty()
        || lex(text)
            .iter()
            .all(|(kind, _)| kind.is_trivia() && kind != TokenKind::UnterminatedComment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, usize)> {
        items(text).into_iter().map(|item| (item.text, item.line)).collect()
    }

    fn listed(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
        expected.iter().map(|(text, line)| ((*text).to_owned(), *line)).collect()
    }

    #[test]
    fn statements_and_commands_are_told_apart_with_their_lines() {
        let text =
            "-- a script\n.mode csv\n\nselect a,\n b from c; select 2;\n\\timing on\nselect 3";
        let expected = [
            (".mode csv", 1),
            ("select a,\n b from c;", 3),
            ("select 2;", 4),
            ("\\timing on", 5),
            ("select 3", 6),
        ];
        assert_eq!(shown(text), listed(&expected));
    }

    #[test]
    fn signs_in_quotes_comments_and_numbers_begin_and_end_nothing() {
        let text = "select ';\n.mode' -- ;\n, .5\nfrom a\n.x;";
        assert_eq!(shown(text), listed(&[(text, 0)]));
        assert_eq!(shown(";;\n ; -- only this"), []);
        assert_eq!(
            shown("-- allow(x): why\nselect 1;"),
            listed(&[("-- allow(x): why\nselect 1;", 0)])
        );
    }

    #[test]
    fn enter_carries_out_what_is_whole() {
        for whole in
            ["", "  ", ".help", "\\?", "select 1;", "select 1; -- x", "select 1\n", "a;\n.q"]
        {
            assert!(is_complete(whole), "{whole:?}");
        }
        for part in ["select 1", "select ';", "select 1; select 2", "/* ;", "select\n.5"] {
            assert!(!is_complete(part), "{part:?}");
        }
    }
}
