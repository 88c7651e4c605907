//! Colours for what is typed, and lines under what is wrong with it.

use std::sync::{Arc, Mutex, PoisonError};

use nu_ansi_term::{Color, Style};
use reedline::{Highlighter, StyledText};
use tule_core::diagnostics::Severity;
use tule_ide::highlight::{Sort, tokens};
use tule_syntax::span::Span;

use super::super::commands::{find, split};
use super::super::input::is_command;
use super::Live;
use crate::escape::inert_lines;
use crate::output::Paint;

/// The highlighter.
pub(super) struct Colours {
    live: Arc<Mutex<Live>>,
    paint: Paint,
}

impl Colours {
    pub(super) fn new(live: &Arc<Mutex<Live>>, paint: Paint) -> Self {
        Self { live: Arc::clone(live), paint }
    }
}

impl Highlighter for Colours {
    fn highlight(&self, line: &str, cursor: usize) -> StyledText {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.sync(line);
        // Without colours there is nothing to draw with; the hint still says what is wrong.
        if !self.paint.0 {
            return plain(line);
        }
        if is_command(line) {
            return command(line);
        }
        statement(&live, line, cursor, shown(line, cursor, rows()))
    }
}

fn plain(line: &str) -> StyledText {
    let mut text = StyledText::new();
    push(&mut text, Style::new(), line);
    text
}

/// What a terminal could obey never reaches it. Each is as long as what it stands for where that
/// can be; the editor counts graphemes, not bytes.
fn push(text: &mut StyledText, style: Style, part: &str) {
    if part.is_empty() {
        return;
    }
    let part = inert_lines(part);
    match text.buffer.last_mut() {
        Some((known, last)) if *known == style => last.push_str(&part),
        _ => text.push((style, part.into_owned())),
    }
}

/// The height of the terminal; as good as endless where none is known.
fn rows() -> usize {
    match terminal_size::terminal_size_of(std::io::stdout()) {
        Some((_, terminal_size::Height(rows))) if rows > 0 => rows.into(),
        _ => usize::MAX,
    }
}

/// The lines that a screen of so many rows can show together with the cursor. What is outside is
/// not worth colours: the editor measures every escape sequence of the whole text at each key.
fn shown(line: &str, cursor: usize, rows: usize) -> Span {
    let (before, behind) = line.split_at_checked(cursor).unwrap_or((line, ""));
    let start = before.rmatch_indices('\n').nth(rows).map_or(0, |(at, _)| at + 1);
    let end = behind.match_indices('\n').nth(rows).map_or(line.len(), |(at, _)| cursor + at);
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

/// Lines above the screen, which the editor counts but never draws. It takes the width of each
/// several times at every key, character by character; a NUL has none, and costs next to nothing.
fn hollow(lines: &str) -> String {
    lines.bytes().map(|byte| if byte == b'\n' { '\n' } else { '\0' }).collect()
}

fn command(line: &str) -> StyledText {
    let (name, _) = split(line);
    let begin = line.len() - line.trim_start().len();
    let end = begin + 1 + name.len();
    let style = if find(name).is_some() {
        Style::new().fg(Color::Magenta).bold()
    } else {
        Style::new().fg(Color::Red).underline()
    };
    let mut text = StyledText::new();
    push(&mut text, Style::new(), line.get(..begin).unwrap_or(""));
    push(&mut text, style, line.get(begin..end).unwrap_or(""));
    push(&mut text, Style::new(), line.get(end..).unwrap_or(""));
    text
}

fn statement(live: &Live, line: &str, cursor: usize, shown: Span) -> StyledText {
    let mut pieces: Vec<(Span, Style)> = Vec::new();
    let mut at = shown.start;
    for token in tokens(live.document(), shown) {
        let (start, end) = (token.span.start.max(at), token.span.end.min(shown.end));
        pieces.push((Span::new(at, start.max(at)), Style::new()));
        pieces.push((Span::new(start, end.max(start)), style(token.sort)));
        at = end.max(start);
    }
    pieces.push((Span::new(at, shown.end.max(at)), Style::new()));
    let mut marks: Vec<(Span, Color)> = live
        .faults(cursor)
        .into_iter()
        .map(|found| {
            let colour = if found.severity == Severity::Error { Color::Red } else { Color::Yellow };
            (found.span, colour)
        })
        .collect();
    marks.sort_by_key(|(span, _)| span.start);
    let mut text = StyledText::new();
    text.push((Style::new(), hollow(line.get(..shown.start as usize).unwrap_or(""))));
    for (span, style) in pieces {
        marked(&mut text, line, span, style, &marks);
    }
    push(&mut text, Style::new(), line.get(shown.end as usize..).unwrap_or(""));
    text
}

/// A piece in its style, cut where a mark begins or ends.
fn marked(text: &mut StyledText, line: &str, span: Span, style: Style, marks: &[(Span, Color)]) {
    let mut at = span.start;
    for (mark, colour) in marks.iter().filter(|(m, _)| m.start < span.end && m.end > span.start) {
        let (start, end) = (mark.start.max(at), mark.end.min(span.end));
        if start >= end {
            continue;
        }
        push(text, style, Span::new(at, start).text(line));
        push(text, style.fg(*colour).underline(), Span::new(start, end).text(line));
        at = end;
    }
    push(text, style, Span::new(at.min(span.end), span.end).text(line));
}

fn style(sort: Sort) -> Style {
    match sort {
        Sort::Keyword => Style::new().fg(Color::Blue).bold(),
        Sort::Function => Style::new().fg(Color::Cyan),
        Sort::Column | Sort::Field => Style::new(),
        Sort::Alias | Sort::Table => Style::new().italic(),
        Sort::Dataset => Style::new().fg(Color::Magenta),
        Sort::Parameter => Style::new().fg(Color::LightRed),
        Sort::Type => Style::new().fg(Color::LightCyan),
        Sort::String => Style::new().fg(Color::Green),
        Sort::Number => Style::new().fg(Color::LightMagenta),
        Sort::Operator => Style::new().fg(Color::DarkGray),
        Sort::Comment => Style::new().fg(Color::DarkGray).italic(),
    }
}

#[cfg(test)]
mod tests {
    use tule_ide::document::World;

    use super::*;

    fn coloured(line: &str, cursor: usize) -> StyledText {
        let live = Arc::new(Mutex::new(Live::new(World::default())));
        Colours::new(&live, Paint(true)).highlight(line, cursor)
    }

    #[test]
    fn every_character_is_kept_and_none_is_obeyed() {
        for line in
            ["select 'é' -- x\nfrom b;", ".help x", ".nope", "", " ;;", "select 表 from `x y"]
        {
            assert_eq!(coloured(line, 0).raw_string(), line);
        }
        assert_eq!(coloured("select '\x1b[2J'", 0).raw_string(), "select '␛[2J'");
    }

    /// Colours begin and end where the screen does, whatever stands on its edges.
    #[test]
    fn what_no_screen_shows_has_no_colours() {
        let line = "select 'a\nb\nc' as é,\n  d\nfrom x -- y\nwhere '\nz';";
        let live = Arc::new(Mutex::new(Live::new(World::default())));
        let mut live = live.lock().unwrap();
        live.sync(line);
        let styles = |text: &StyledText| -> Vec<Style> {
            let pieces = text.buffer.iter();
            pieces.flat_map(|(style, piece)| piece.bytes().map(|_| *style)).collect()
        };
        for cursor in (0..=line.len()).filter(|at| line.is_char_boundary(*at)) {
            for rows in 0..9 {
                let span = shown(line, cursor, rows);
                assert!(span.text(line).matches('\n').count() <= 2 * rows);
                assert!((span.start as usize..=span.end as usize).contains(&cursor));
                let text = statement(&live, line, cursor, span);
                let (above, rest) = line.split_at(span.start as usize);
                assert_eq!(text.raw_string(), hollow(above) + rest);
                let whole = statement(&live, line, cursor, shown(line, cursor, usize::MAX));
                for (at, (style, all)) in styles(&text).iter().zip(styles(&whole)).enumerate() {
                    let inside = (span.start as usize..span.end as usize).contains(&at);
                    let right = if inside { all } else { Style::new() };
                    assert_eq!(*style, right, "at {at}, cursor {cursor}, {rows} rows");
                }
            }
        }
    }

    #[test]
    fn faults_are_underlined_where_they_stand() {
        let text = coloured("select a from; ", 15);
        let marked: Vec<_> = text
            .buffer
            .iter()
            .filter(|(style, _)| style.is_underline)
            .map(|(_, t)| t.as_str())
            .collect();
        assert_eq!(marked.len(), 1, "{:?}", text.buffer);
    }
}
