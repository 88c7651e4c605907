//! Texts and where they came from.
//!
//! Whatever bytes a file holds, it becomes a [`SourceFile`]: what cannot be read as a query has a
//! diagnostic instead. Offsets of the program become lines and columns here and nowhere else.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tule_core::diagnostics::{Code, Diagnostic, from_syntax};
use tule_syntax::error::{SyntaxError, SyntaxErrorKind};
use tule_syntax::limits::MAX_BYTES;
use tule_syntax::span::{LineIndex, Span};

use crate::exit::{Outcome, Stop};
use crate::markdown::{self, Block};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// A text with a name.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// The name to show, as the user would write it; not yet made harmless.
    pub(crate) name: String,
    /// Where it is on the disk.
    pub(crate) path: Option<PathBuf>,
    /// The text without a byte order mark.
    pub(crate) text: String,
    /// Why the text is not read as queries.
    pub(crate) fault: Option<Diagnostic>,
    /// Bytes in front of the text.
    skipped: u32,
    /// The queries of a Markdown file, which is not a query as a whole.
    blocks: Option<Vec<Block>>,
    lines: OnceCell<Lines>,
}

/// A part of a file that is read as queries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'t> {
    /// Where it begins in the text of the file.
    pub(crate) start: u32,
    pub(crate) text: &'t str,
    /// Whether it can be replaced in the file by another text.
    pub(crate) replaceable: bool,
}

/// A place in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Position {
    /// From 1.
    pub(crate) line: u32,
    /// From 1, in Unicode characters.
    pub(crate) column: u32,
    /// From 0, in bytes of the file.
    pub(crate) offset: u32,
}

/// A range of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Range {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

impl SourceFile {
    /// A text that is in no file.
    pub(crate) fn text(name: &str, text: &str) -> Self {
        Self::of(name.to_owned(), None, text.as_bytes().to_vec())
    }

    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let bytes = read_bytes(path).map_err(|error| Stop::file("read", path, &error))?;
        Ok(Self::of(shown(path), Some(path.to_owned()), bytes))
    }

    /// Reads standard input.
    pub(crate) fn stdin(name: Option<&Path>) -> Outcome<Self> {
        let mut bytes = Vec::new();
        let limit = limit(MAX_BYTES);
        io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| Stop::file("read", Path::new("<stdin>"), &error))?;
        let path = name.map(Path::to_owned);
        Ok(Self::of(name.map_or("<stdin>".to_owned(), shown), path, bytes))
    }

    fn of(name: String, path: Option<PathBuf>, mut bytes: Vec<u8>) -> Self {
        let mut skipped = 0;
        if bytes.starts_with(BOM) {
            bytes.drain(..BOM.len());
            skipped = 3;
        }
        let (text, fault) = if bytes.len() > MAX_BYTES {
            too_long(&bytes)
        } else {
            String::from_utf8(bytes).map_or_else(
                |error| not_text(error.as_bytes(), error.utf8_error().valid_up_to()),
                |text| (text, None),
            )
        };
        let is_markdown = path.as_deref().is_some_and(is_markdown);
        let blocks = is_markdown.then(|| markdown::blocks(&text));
        Self { name, path, text, fault, skipped, blocks, lines: OnceCell::new() }
    }

    /// The same file with another text.
    pub(crate) fn with_text(&self, text: String) -> Self {
        let file = Self::of(self.name.clone(), self.path.clone(), text.into_bytes());
        Self { skipped: self.skipped, ..file }
    }

    /// The parts that are queries: usually one, the whole.
    pub(crate) fn parts(&self) -> Vec<Part<'_>> {
        match &self.blocks {
            None => vec![Part { start: 0, text: &self.text, replaceable: true }],
            Some(blocks) => blocks
                .iter()
                .map(|block| Part {
                    start: block.start,
                    text: &block.text,
                    replaceable: block.verbatim,
                })
                .collect(),
        }
    }

    /// The text as it stands on the disk, with its mark.
    pub(crate) fn on_disk(&self) -> Cow<'_, str> {
        if self.skipped > 0 {
            Cow::Owned(format!("\u{feff}{}", self.text))
        } else {
            Cow::Borrowed(&self.text)
        }
    }

    /// The line starts of the text.
    pub(crate) fn index(&self) -> &LineIndex {
        &self.lines().index
    }

    /// The range of a span.
    pub(crate) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// Line and column of an offset in the text.
    pub(crate) fn position(&self, offset: u32) -> Position {
        let length = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let offset = offset.min(length);
        let lines = self.lines();
        let line = lines.index.line(offset);
        let start = lines.index.start(line).unwrap_or(0);
        let column = lines.characters(&self.text, offset) - lines.characters(&self.text, start);
        Position { line: line + 1, column: column + 1, offset: offset + self.skipped }
    }

    /// The column of an offset in the text, from 1, in bytes of UTF-8.
    pub(crate) fn byte_column(&self, offset: u32) -> u32 {
        let index = self.index();
        let offset = offset.min(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        offset - index.start(index.line(offset)).unwrap_or(0) + 1
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(&self.text))
    }
}

/// Line starts, and how many characters precede each block of bytes: a line of megabytes with a
/// thousand findings would otherwise be counted a thousand times.
#[derive(Debug)]
struct Lines {
    index: LineIndex,
    blocks: Vec<u32>,
}

const BLOCK: usize = 1 << 10;

impl Lines {
    fn new(text: &str) -> Self {
        let mut sum = 0;
        let mut blocks = vec![0];
        blocks.extend(text.as_bytes().chunks(BLOCK).map(|block| {
            sum += starts(block);
            sum
        }));
        Self { index: LineIndex::new(text), blocks }
    }

    /// Characters that begin before `offset`.
    fn characters(&self, text: &str, offset: u32) -> u32 {
        let offset = offset as usize;
        let block = offset / BLOCK;
        let before = self.blocks.get(block).copied().unwrap_or(0);
        before + starts(text.as_bytes().get(block * BLOCK..offset).unwrap_or(&[]))
    }
}

/// Bytes that do not continue a character.
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(byte & 0xC0 != 0x80)).sum()
}

/// The path as it is shown, and as JSON names it: with `/`, without a leading `./`.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.strip_prefix(".").unwrap_or(path).to_string_lossy();
    let text = if text.is_empty() { ".".into() } else { text };
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

/// Whether the name is that of a Markdown file.
pub(crate) fn is_markdown(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    markdown::EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn limit(bytes: usize) -> u64 {
    // One byte more than is read as a query, so that too much is noticed; and a mark.
    u64::try_from(bytes + 1 + BOM.len()).unwrap_or(u64::MAX)
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let most = limit(MAX_BYTES);
    // With room for the end to show, a small file is read in two calls instead of six.
    let length = file.metadata().map_or(0, |facts| facts.len().min(most));
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is shown of a file that is too long, and the diagnostic for it.
fn too_long(bytes: &[u8]) -> (String, Option<Diagnostic>) {
    let head = bytes.split(|&byte| byte == b'\n').next().unwrap_or(&[]);
    let head = head.get(..100).unwrap_or(head);
    let text = substituted(head);
    let span = Span::new(0, 1);
    let error = SyntaxError { kind: SyntaxErrorKind::TooLong, span };
    let diagnostic = from_syntax(&error, &text);
    (text, Some(diagnostic))
}

/// The same for bytes that are not UTF-8 from `at` on.
fn not_text(bytes: &[u8], at: usize) -> (String, Option<Diagnostic>) {
    let finding = |span, message: String| {
        Diagnostic::new(Code::UnexpectedCharacter, span, message).help("save the file as UTF-8")
    };
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = "the file is UTF-16, queries are UTF-8".to_owned();
        return (String::new(), Some(finding(Span::default(), message)));
    }
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    let byte = bytes.get(at).copied().unwrap_or(0);
    let message = format!("the file is not UTF-8: byte {byte:#04x} begins no character");
    (substituted(bytes), Some(finding(Span::new(start, start + 1), message)))
}

/// The bytes as text of the same length: what is no UTF-8 becomes `?`.
fn substituted(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_bytes_of_the_file() {
        let file = SourceFile::of("a".to_owned(), None, "\u{feff}é\nbé€x\r\n".into());
        assert_eq!(file.on_disk(), "\u{feff}é\nbé€x\r\n");
        let offset = u32::try_from(file.text.find('x').unwrap()).unwrap();
        assert_eq!(file.position(offset), Position { line: 2, column: 4, offset: offset + 3 });
        assert_eq!(file.position(u32::MAX).line, 3);

        let long = "é".repeat(5000) + "x";
        let file = SourceFile::text("a", &long);
        assert_eq!(file.position(10_000).column, 5001);
        assert_eq!(file.position(10_000).offset, 10_000);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_diagnostic_at_their_place() {
        let file = SourceFile::of("a".to_owned(), None, b"select 'caf\xe9'".to_vec());
        assert_eq!(file.text, "select 'caf?'");
        let fault = file.fault.unwrap();
        assert_eq!(fault.span, Span::new(11, 12));
        assert_eq!(fault.message, "the file is not UTF-8: byte 0xe9 begins no character");

        let file = SourceFile::of("a".to_owned(), None, b"\xff\xfes\0".to_vec());
        assert!(file.fault.unwrap().message.contains("UTF-16"));
    }

    #[test]
    fn too_long_a_file_is_a_diagnostic() {
        let file = SourceFile::of("a".to_owned(), None, vec![b'x'; MAX_BYTES + 1]);
        assert_eq!(file.fault.unwrap().code, Code::FileTooLong);
        assert_eq!(file.text.len(), 100);
    }
}
