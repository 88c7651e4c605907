//! A file of 10,000 lines, read at once and while it is edited.

use std::fmt::Write as _;
use std::time::Instant;

use tree_sitter::{InputEdit, Point};
use tule_grammar_check::{first_fault, parser};
use tule_tests::documents::documents;
use tule_tests::statements::statements;

const LINES: usize = 10_000;

fn long_file() -> String {
    let all = statements(&documents().unwrap());
    let sound: Vec<&str> = all
        .iter()
        .filter(|statement| statement.parsed.errors.is_empty())
        .map(|statement| statement.text.as_str())
        .collect();
    let (mut text, mut lines) = (String::new(), 0);
    for statement in sound.iter().cycle() {
        let _ = writeln!(text, "{statement};");
        lines += statement.matches('\n').count() + 1;
        if lines >= LINES {
            return text;
        }
    }
    text
}

fn point(text: &str, at: usize) -> Point {
    let before = &text[..at];
    let row = before.matches('\n').count();
    Point { row, column: at - before.rfind('\n').map_or(0, |line| line + 1) }
}

#[test]
fn ten_thousand_lines_and_an_edit_in_the_middle() {
    let text = long_file();
    let mut parser = parser();
    let start = Instant::now();
    let mut tree = parser.parse(&text, None).unwrap();
    println!("{} lines, {} bytes: {:?}", text.lines().count(), text.len(), start.elapsed());
    assert_eq!(first_fault(&tree), None);

    let middle = text.len() / 2;
    let at = middle + text[middle..].find("select ").unwrap() + "select ".len();
    let edited = format!("{}beat, {}", &text[..at], &text[at..]);
    let new_end = at + "beat, ".len();
    tree.edit(&InputEdit {
        start_byte: at,
        old_end_byte: at,
        new_end_byte: new_end,
        start_position: point(&text, at),
        old_end_position: point(&text, at),
        new_end_position: point(&edited, new_end),
    });
    let start = Instant::now();
    let again = parser.parse(&edited, Some(&tree)).unwrap();
    println!("after an edit: {:?}", start.elapsed());
    let fresh = parser.parse(&edited, None).unwrap();
    assert_eq!(again.root_node().to_sexp(), fresh.root_node().to_sexp());
}
