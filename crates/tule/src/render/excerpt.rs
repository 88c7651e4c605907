//! The part of a source that is shown with a finding.
//!
//! The renderer of reports prints lines whole and passes on whatever they hold. Here control
//! characters are replaced, lines of thousands of characters are cut down to what surrounds the
//! finding, and offsets are carried over; each is brought inside the text and onto a boundary of
//! characters, which the renderer insists on.

use std::ops::Range;

use tule_syntax::span::{LineIndex, Span};

use crate::escape::replacement;

/// Lines with more bytes than this are cut.
const LONG: usize = 320;
/// Bytes that stay of a line that is cut.
const WINDOW: usize = 160;
/// Bytes of them in front of the finding.
const BEFORE: usize = 60;
const CUT: char = '…';

/// Text to show, and where the bytes of the source are in it.
#[derive(Debug, Default)]
pub(crate) struct Excerpt {
    /// Has the same lines as the source, up to the last one shown.
    pub(crate) text: String,
    /// Parts taken over unchanged; a replaced character is a part of no length.
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    from: usize,
    to: usize,
    length: usize,
}

/// Whether a line that one of `spans` begins or ends in is too long to be shown whole.
pub(crate) fn is_long(text: &str, index: &LineIndex, spans: &[Span]) -> bool {
    spans.iter().any(|span| {
        [span.start, last(*span)]
            .into_iter()
            .any(|at| line(text, index, index.line(at)).len() > LONG)
    })
}

impl Excerpt {
    /// A whole source.
    pub(crate) fn whole(text: &str) -> Self {
        let mut excerpt = Self::default();
        excerpt.keep(text, 0..text.len());
        excerpt.end(text.len());
        excerpt
    }

    /// The lines of a source that `spans` begin or end in, long ones cut. Other lines are empty,
    /// so that lines keep their numbers.
    pub(crate) fn around(text: &str, index: &LineIndex, spans: &[Span]) -> Self {
        let mut excerpt = Self::default();
        let mut shown: Vec<u32> = spans
            .iter()
            .flat_map(|span| [index.line(span.start), index.line(last(*span))])
            .collect();
        shown.sort_unstable();
        shown.dedup();
        let mut next = 0;
        for number in shown {
            excerpt.text.extend((next..number).map(|_| '\n'));
            next = number;
            let range = line(text, index, number);
            let window = window(text, &range, spans);
            if window.start > range.start {
                excerpt.text.push(CUT);
            }
            let cut = window.end < range.end;
            excerpt.keep(text, window);
            if cut {
                excerpt.text.push(CUT);
            }
            excerpt.end(range.end);
        }
        excerpt.end(text.len());
        excerpt
    }

    /// Where a span of the source is in the text shown.
    pub(crate) fn place(&self, span: Span) -> Range<usize> {
        let start = self.offset(span.start as usize);
        start..self.offset(span.end as usize).max(start)
    }

    /// The nearest boundary of characters at or before the place of `offset`, else the first
    /// one shown.
    fn offset(&self, offset: usize) -> usize {
        let after = self.runs.partition_point(|run| run.from <= offset);
        let run = after.checked_sub(1).and_then(|at| self.runs.get(at)).or(self.runs.first());
        let Some(run) = run else { return 0 };
        let place = run.to + offset.saturating_sub(run.from).min(run.length);
        (0..=place).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }

    fn keep(&mut self, text: &str, range: Range<usize>) {
        let Some(kept) = text.get(range.clone()) else { return };
        let mut start = range.start;
        for (at, c) in kept.char_indices() {
            let at = range.start + at;
            let is_break = c == '\n' || c == '\r' && text.as_bytes().get(at + 1) == Some(&b'\n');
            let Some(picture) = replacement(c).filter(|_| !is_break && c != '\t') else { continue };
            self.copy(text, start..at);
            self.runs.push(Run { from: at, to: self.text.len(), length: 0 });
            self.text.push(picture);
            start = at + c.len_utf8();
        }
        self.copy(text, start..range.end);
    }

    fn copy(&mut self, text: &str, range: Range<usize>) {
        let Some(part) = text.get(range.clone()) else { return };
        self.runs.push(Run { from: range.start, to: self.text.len(), length: part.len() });
        self.text.push_str(part);
    }

    /// What lies from `from` on is at the end of what has been shown so far.
    fn end(&mut self, from: usize) {
        self.runs.push(Run { from, to: self.text.len(), length: 0 });
    }
}

/// The last byte of a span, or its place if it is empty.
fn last(span: Span) -> u32 {
    if span.is_empty() { span.start } else { span.end - 1 }
}

/// A line, without its break.
fn line(text: &str, index: &LineIndex, number: u32) -> Range<usize> {
    let start = index.start(number).map_or(text.len(), |start| start as usize);
    let rest = text.get(start..).unwrap_or("");
    let end = index.start(number + 1).map_or(text.len(), |next| next as usize);
    let written = rest.get(..end - start).unwrap_or(rest);
    start..start + written.trim_end_matches(['\n', '\r']).len()
}

/// The part of a line that is shown: all of it, or what surrounds the first span on it.
fn window(text: &str, line: &Range<usize>, spans: &[Span]) -> Range<usize> {
    if line.len() <= LONG {
        return line.clone();
    }
    let inside = |at: &usize| line.contains(at) || *at == line.end;
    let focus = spans
        .iter()
        .find_map(|span| [span.start as usize, span.end as usize].into_iter().find(inside))
        .unwrap_or(line.start);
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    let start = focus.saturating_sub(BEFORE).min(line.end - WINDOW).max(line.start);
    boundary(start)..boundary((start + WINDOW).min(line.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, needle: &str) -> Span {
        let start = u32::try_from(text.find(needle).unwrap()).unwrap();
        Span::new(start, start + u32::try_from(needle.len()).unwrap())
    }

    #[test]
    fn control_characters_are_pictures_and_spans_stay_on_their_text() {
        let text = "a\x1b[31m\u{202e}é\r\n\tb\rc\u{85}d\n";
        let excerpt = Excerpt::whole(text);
        assert_eq!(excerpt.text, "a␛[31m\u{fffd}é\r\n\tb␍c\u{fffd}d\n");
        for needle in ["a", "[31m", "é", "b", "c", "d"] {
            assert_eq!(&excerpt.text[excerpt.place(span(text, needle))], needle);
        }
        assert_eq!(&excerpt.text[excerpt.place(span(text, "\x1b"))], "␛");
        assert_eq!(&excerpt.text[excerpt.place(span(text, "\x1b[31m\u{202e}é"))], "␛[31m\u{fffd}é");
    }

    #[test]
    fn any_span_falls_on_boundaries_inside_the_text() {
        let text = "é\x1b\x1b漢😀\u{9b}\nx";
        let index = LineIndex::new(text);
        for start in 0..30 {
            for end in start..30 {
                let span = Span::new(start, end);
                for excerpt in [Excerpt::whole(text), Excerpt::around(text, &index, &[span])] {
                    assert!(excerpt.text.get(excerpt.place(span)).is_some(), "{span:?}");
                }
            }
        }
        assert_eq!(Excerpt::whole("").place(Span::new(3, 9)), 0..0);
    }

    #[test]
    fn a_long_line_is_cut_around_the_finding() {
        let text = format!("short\n{}needle{}\nend", "é".repeat(500), "b".repeat(10_000));
        let index = LineIndex::new(&text);
        let at = span(&text, "needle");
        assert!(is_long(&text, &index, &[at]));
        let excerpt = Excerpt::around(&text, &index, &[at, span(&text, "end")]);
        assert_eq!(&excerpt.text[excerpt.place(at)], "needle");
        assert_eq!(&excerpt.text[excerpt.place(span(&text, "end"))], "end");
        let lines: Vec<&str> = excerpt.text.split('\n').collect();
        assert_eq!((lines[0], lines[2]), ("", "end"));
        assert!(lines[1].starts_with("…é") && lines[1].ends_with("b…"), "{}", lines[1]);
        assert!(lines[1].len() < 200);
    }
}
