//! Files of examples and their trees, in the form that tree-sitter's own command reads.

use std::fmt::Write as _;

/// One example.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// A text.
    pub text: String,
    /// Its tree, in parentheses.
    pub tree: String,
}

const HEAD: &str = "==================";
const MIDDLE: &str = "---";

/// The examples of a file.
///
/// # Panics
///
/// When the file is not of the form.
pub fn read(file: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut lines = file.lines().peekable();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        assert_eq!(line, HEAD, "an example begins with a line of `=`");
        let name = lines.next().unwrap_or_default().to_owned();
        assert_eq!(lines.next(), Some(HEAD), "a line of `=` below `{name}`");
        let mut part = |end: &str| {
            let mut text = String::new();
            while let Some(line) = lines.next_if(|line| *line != end) {
                text += line;
                text.push('\n');
            }
            text
        };
        let text = part(MIDDLE);
        let tree = part(HEAD).trim_start_matches(MIDDLE).to_owned();
        examples.push(Example { name, text: trimmed(&text), tree: trimmed(&tree) });
    }
    examples
}

fn trimmed(text: &str) -> String {
    text.trim_matches('\n').to_owned()
}

/// The file of these examples.
pub fn write(examples: &[Example]) -> String {
    let mut out = String::new();
    for Example { name, text, tree } in examples {
        let _ = write!(out, "{HEAD}\n{name}\n{HEAD}\n\n{text}\n\n{MIDDLE}\n\n{tree}\n\n");
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

/// A tree as tree-sitter prints it, with a line and an indentation for each node.
pub fn laid_out(tree: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for word in tree.split(' ') {
        if word.starts_with('(') && !out.ends_with(": ") || word.ends_with(':') {
            if !out.is_empty() {
                out.push('\n');
            }
            out += &"  ".repeat(depth);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
        out += word;
        depth += word.matches('(').count();
        depth = depth.saturating_sub(word.matches(')').count());
        if word.ends_with(':') {
            out.push(' ');
        }
    }
    out
}
