//! Rows and columns for the terminal, and text fitted to its width.
//!
//! In a pipe nothing is wrapped: a row is a line, for `grep`. Widths are those of the terminal's
//! cells, not of characters. Text handed over must be harmless already.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};
use unicode_width::UnicodeWidthStr as _;

use crate::output::{Paint, STRONG};

/// A table of the greatest `width`; without one, as wide as it gets.
pub(crate) fn table(
    header: &[&str],
    rows: Vec<Vec<String>>,
    width: Option<u16>,
    paint: Paint,
) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header.to_vec()).add_rows(rows);
    match width {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            let names = table.column_max_content_widths().first().copied().unwrap_or(0);
            // A name in two parts cannot be copied.
            if let Some(column) = table.column_mut(0).filter(|_| names <= width / 2) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    for column in table.column_iter_mut() {
        let gap = if column.index + 1 < header.len() { 2 } else { 0 };
        column.set_padding((0, gap));
    }
    let mut out = String::new();
    for (number, line) in table.lines().enumerate() {
        let line = line.trim_end();
        out.push_str(&if number == 0 { paint.on(STRONG, line) } else { line.to_owned() });
        out.push('\n');
    }
    out
}

/// Breaks each line of `text` between words so that none is wider than `width`, if words allow.
pub(crate) fn wrap(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut used = 0;
        for word in line.split_whitespace() {
            let wide = word.width();
            if used > 0 {
                let fits = used + 1 + wide <= width;
                out.push(if fits { ' ' } else { '\n' });
                used = if fits { used + 1 } else { 0 };
            }
            out.push_str(word);
            used += wide;
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        vec![
            row(["beat", "text", "警察の巡回区域 and some more words about the beat"]),
            row(["x", "number", ""]),
        ]
    }

    #[test]
    fn in_a_pipe_a_row_is_a_line() {
        assert_eq!(
            table(&["name", "type", "label"], rows(), None, Paint(false)),
            "\
name  type    label
beat  text    警察の巡回区域 and some more words about the beat
x     number
"
        );
    }

    #[test]
    fn on_a_terminal_no_line_is_too_wide_and_columns_stay_under_each_other() {
        for width in 30..90 {
            let out = table(&["name", "type", "label"], rows(), Some(width), Paint(false));
            assert!(out.lines().all(|line| line.width() <= usize::from(width)), "{out}");
        }
        assert_eq!(
            table(&["name", "type", "label"], rows(), Some(36), Paint(false)),
            "\
name  type    label
beat  text    警察の巡回区域 and
              some more words about
              the beat
x     number
"
        );
    }

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(wrap("one two three\n\nfour", 7), "one two\nthree\n\nfour\n");
        assert_eq!(wrap("漢字 漢字 漢字", 9), "漢字 漢字\n漢字\n");
        assert_eq!(wrap("unbreakable", 3), "unbreakable\n");
    }
}
