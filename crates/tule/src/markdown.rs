//! Queries in Markdown: the blocks of code marked `tule` or `soql`.
//!
//! A block is a text of its own that begins at a known byte of the file. What stands in front of
//! its lines, such as the `>` of a quotation, becomes blank space of the same length, so that
//! places in the block and in the file differ by one number. Deliberately absent: any other
//! sort of block, and blocks marked `ignore`, which documents need for what is meant to fail.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// Endings of the names of Markdown files.
pub(crate) const EXTENSIONS: [&str; 2] = ["md", "markdown"];

/// A block of queries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Block {
    /// Where it begins in the file, in bytes.
    pub(crate) start: u32,
    /// Its text, as long as its part of the file.
    pub(crate) text: String,
    /// Whether the text is exactly that of the file, so that it can be replaced.
    pub(crate) verbatim: bool,
}

/// The blocks of queries in a Markdown text.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines: Option<Vec<Range<usize>>> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                lines = holds_queries(&info).then(Vec::new);
            }
            Event::Text(_) => lines.iter_mut().for_each(|lines| lines.push(range.clone())),
            Event::End(TagEnd::CodeBlock) => {
                blocks.extend(block(text, &lines.take().unwrap_or_default()));
            }
            _ => {}
        }
    }
    blocks
}

fn holds_queries(info: &str) -> bool {
    let mut words = info.split([' ', '\t', ',']).filter(|word| !word.is_empty());
    let language = words.next().unwrap_or_default();
    ["tule", "soql"].iter().any(|known| language.eq_ignore_ascii_case(known))
        && !words.any(|word| word.eq_ignore_ascii_case("ignore"))
}

fn block(text: &str, lines: &[Range<usize>]) -> Option<Block> {
    let whole = lines.first()?.start..lines.last()?.end;
    let start = u32::try_from(whole.start).ok()?;
    let mut own = String::with_capacity(whole.len());
    let mut done = whole.start;
    for line in lines {
        own.extend(text.get(done..line.start)?.bytes().map(blank));
        own.push_str(text.get(line.clone())?);
        done = line.end;
    }
    let verbatim = text.get(whole)? == own;
    Some(Block { start, text: own, verbatim })
}

fn blank(byte: u8) -> char {
    if matches!(byte, b'\n' | b'\r' | b'\t') { char::from(byte) } else { ' ' }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(String, bool)> {
        let blocks = blocks(text);
        for block in &blocks {
            let start = block.start as usize;
            assert!(text.is_char_boundary(start) && start + block.text.len() <= text.len());
        }
        blocks.into_iter().map(|block| (block.text, block.verbatim)).collect()
    }

    #[test]
    fn blocks_of_queries_are_found_and_others_are_not() {
        let text = "# é\n```tule\nselect a;\n```\n```sql\nno\n```\n~~~SoQL\r\nselect b\r\n~~~\n\
                    ``` tule,ignore\nno\n```\n```tule-output\nno\n```\n    indented\n```tule\n```\n";
        let found = texts(text);
        assert_eq!(found, [("select a;\n".to_owned(), true), ("select b\r\n".to_owned(), true)]);
    }

    #[test]
    fn what_is_in_front_of_lines_is_blank() {
        let text = "- item\n\n  ```tule\n  select 'é',\n\n    b\n  ```\n\n> ```tule\n> select a\n> from t\n> ```\n";
        let found = texts(text);
        assert_eq!(found[0].0.trim_end(), "select 'é',\n\n    b");
        assert_eq!(found[1], ("select a\n  from t\n".to_owned(), false));
    }

    #[test]
    fn a_block_that_is_never_closed_ends_with_the_file() {
        assert_eq!(texts("```tule\nselect a"), [("select a".to_owned(), true)]);
    }
}
