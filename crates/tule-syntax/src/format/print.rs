//! From tokens and breaks to text.
//!
//! One loop over the tokens. When a group begins and all groups around it are broken, its width
//! on one line is known from sums made beforehand, so the choice costs nothing and is never taken
//! back. A group that holds the end of a line comment cannot stand on one line.

use std::borrow::Cow;

use super::comments::columns;
use super::layout::{Break, Layout, Slot};
use super::tokens::Tokens;
use crate::token::TokenKind as T;

/// Columns that nesting leaves for what is nested, so that deep nesting stays linear in size.
const MIN_COLUMNS: u32 = 20;

/// A width that fits no line; sums of it don't overflow.
const ENDLESS: u64 = 1 << 32;

/// The text of one statement. `prefix` already stands on its first line.
pub(super) fn print(
    tokens: Tokens<'_>,
    layout: &Layout,
    prefix: String,
    eol: &str,
    width: u32,
) -> String {
    let mut out = Out {
        column: last_line_columns(&prefix),
        text: prefix,
        eol,
        indent: 0,
        deepest: width.saturating_sub(MIN_COLUMNS),
    };
    out.text.reserve(tokens.len() * 4);
    let measures = Measures::new(tokens, layout);
    let printer = Printer { tokens, layout, measures, width, open: Vec::new(), next: 0, first: 0 };
    printer.run(&mut out);
    out.text
}

/// The spelling of token `i`: keywords in lower case, all else as written.
fn spelling(tokens: Tokens<'_>, i: usize, slot: Slot) -> Cow<'_, str> {
    let text = tokens.text(i);
    if !slot.keyword {
        return Cow::Borrowed(text);
    }
    match tokens.kind(i) {
        kind if kind.is_keyword() => Cow::Borrowed(kind.fixed_text()),
        T::Ident => Cow::Owned(text.to_ascii_lowercase()),
        _ => Cow::Borrowed(text),
    }
}

/// Whether no space stands between the token and a comment behind it.
fn hugs_next(kind: T) -> bool {
    matches!(kind, T::LeftParen | T::LeftBracket)
}

/// Whether no space stands between the token and a comment before it.
fn hugs_previous(kind: T) -> bool {
    matches!(kind, T::RightParen | T::RightBracket | T::Comma | T::Semicolon)
}

fn last_line_columns(text: &str) -> u32 {
    columns(text.rsplit_once('\n').map_or(text, |(_, last)| last))
}

/// Text under construction.
struct Out<'e> {
    text: String,
    eol: &'e str,
    column: u32,
    /// Indentation of the current line.
    indent: u32,
    deepest: u32,
}

impl Out<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = columns(last),
            None => self.column += columns(text),
        }
    }

    fn new_line(&mut self, indent: u32) {
        self.text.push_str(self.eol);
        self.indent = indent.min(self.deepest);
        self.column = self.indent;
        self.text.extend(std::iter::repeat_n(' ', self.indent as usize));
    }
}

/// Widths of everything on one endless line.
struct Measures {
    /// The column each token begins at, [`ENDLESS`] further on behind each gap that breaks groups.
    begin: Vec<u64>,
    /// The width of each token.
    width: Vec<u32>,
    /// Before each token, and behind the last: columns up to the first place where the line may
    /// end.
    tail: Vec<u32>,
    /// A token holds a line break.
    multiline: bool,
}

impl Measures {
    fn new(tokens: Tokens<'_>, layout: &Layout) -> Self {
        let count = layout.slots.len();
        let mut measures = Self {
            begin: Vec::with_capacity(count),
            width: Vec::with_capacity(count),
            tail: vec![0; count + 1],
            multiline: false,
        };
        // The tail of each gap, where the line may end in it, and its width, where not.
        let mut gaps = Vec::with_capacity(count);
        let mut column = 0;
        for (i, &slot) in layout.slots.iter().enumerate() {
            let (gap, may_end) = if i == 0 { (0, Some(0)) } else { measure_gap(tokens, i, slot) };
            column += gap;
            measures.begin.push(column);
            gaps.push((u32::try_from(gap).unwrap_or(0), may_end));
            let text = spelling(tokens, i, slot);
            let width = text.split('\n').map(columns).max().unwrap_or(0);
            measures.multiline |= text.contains('\n');
            measures.width.push(width);
            column += u64::from(width);
        }
        let mut tail = 0;
        let all = gaps.iter().zip(&measures.width).zip(&mut measures.tail);
        for (((gap, may_end), width), place) in all.rev() {
            tail = may_end.unwrap_or_else(|| gap + width + tail);
            *place = tail;
        }
        measures
    }

    /// Columns from the beginning of token `begin` to the first place behind token `end - 1`
    /// where the line may end.
    fn span(&self, begin: usize, end: usize) -> u64 {
        let last = end.saturating_sub(1);
        let at = |i: usize| self.begin.get(i).copied().unwrap_or(0);
        let width = |i: usize| u64::from(self.width.get(i).copied().unwrap_or(0));
        let tail = u64::from(self.tail.get(end).copied().unwrap_or(0));
        at(last) + width(last) + tail - at(begin)
    }
}

/// The width of the gap before token `i` without a line break, and the columns it adds to the line
/// of the token before if the line may end in it.
fn measure_gap(tokens: Tokens<'_>, i: usize, slot: Slot) -> (u64, Option<u32>) {
    let gap = tokens.gap(i);
    let may_end = slot.gap.may_end();
    if gap.comments.is_empty() {
        return (u64::from(slot.gap.is_space()), may_end.then_some(0));
    }
    let tail = gap.trailing_columns(may_end);
    if gap.breaks_groups() {
        return (ENDLESS, Some(tail));
    }
    let hug = u32::from(hugs_next(tokens.kind(i - 1)));
    let space = u32::from(!hugs_previous(tokens.kind(i)));
    (u64::from(gap.columns() - hug + space), may_end.then_some(tail))
}

/// A group that has begun and not ended.
#[derive(Clone, Copy)]
struct Open {
    end: usize,
    broken: bool,
    /// Indentation of the line on which it began.
    base: u32,
}

struct Printer<'a> {
    tokens: Tokens<'a>,
    layout: &'a Layout,
    measures: Measures,
    width: u32,
    open: Vec<Open>,
    /// The next group to begin.
    next: usize,
    /// The first token of the current line.
    first: usize,
}

impl Printer<'_> {
    fn run(mut self, out: &mut Out<'_>) {
        let count = self.tokens.len();
        let closed = count > 1 && self.tokens.kind(count - 1) == T::Semicolon;
        let all = count - usize::from(closed);
        let broken = self.measures.multiline || !self.fits(out.column, 0, all);
        self.open.push(Open { end: all, broken, base: 0 });
        for (i, &slot) in self.layout.slots.iter().enumerate() {
            while self.open.last().is_some_and(|open| open.end <= i) {
                self.open.pop();
            }
            if i > 0 {
                self.gap(out, i, slot);
            }
            self.begin_groups(out, i);
            out.push(&spelling(self.tokens, i, slot));
        }
    }

    fn fits(&self, column: u32, begin: usize, end: usize) -> bool {
        u64::from(column) + self.measures.span(begin, end) <= u64::from(self.width)
    }

    fn begin_groups(&mut self, out: &Out<'_>, i: usize) {
        while let Some(group) = self.layout.groups.get(self.next)
            && group.begin == i
        {
            let broken = self.open.last().is_none_or(|open| open.broken)
                && !self.fits(out.column, i, group.end);
            self.open.push(Open { end: group.end, broken, base: out.indent });
            self.next += 1;
        }
    }

    /// Writes what stands before token `i`.
    fn gap(&mut self, out: &mut Out<'_>, i: usize, slot: Slot) {
        let (broken, base) = self.open.last().map_or((false, 0), |open| (open.broken, open.base));
        let indent = base + u32::from(slot.offset);
        let may_end = match slot.gap {
            Break::Glue | Break::Space => false,
            Break::Soft | Break::Line => broken,
            Break::Fill => broken && !self.next_fits(out.column, i),
        };
        // Where a comment has put a comma on a new line, what follows the comma stays behind it.
        let behind_comma = self.tokens.kind(i - 1) == T::Comma && self.first == i - 1;
        let gap = self.tokens.gap(i);
        let new_line = may_end && !behind_comma || gap.ends_line();
        for (index, comment) in gap.comments.iter().enumerate() {
            if new_line && comment.breaks > 0 {
                if comment.breaks > 1 && index > 0 {
                    out.text.push_str(out.eol);
                }
                out.new_line(indent);
            } else if index > 0 || !hugs_next(self.tokens.kind(i - 1)) {
                out.push(" ");
            }
            out.push(&comment.written(out.eol));
        }
        if new_line && !gap.leads() {
            out.new_line(indent);
        } else if gap.comments.is_empty() && slot.gap.is_space()
            || !gap.comments.is_empty() && !hugs_previous(self.tokens.kind(i))
        {
            out.push(" ");
        }
        if new_line {
            self.first = i;
        }
    }

    /// Whether the member of a list that begins with token `i` fits on the current line.
    fn next_fits(&self, column: u32, i: usize) -> bool {
        let end = match self.layout.groups.get(self.next) {
            Some(group) if group.begin == i => group.end,
            _ => i + 1,
        };
        let gap = self.measures.span(i - 1, end)
            - u64::from(self.measures.width.get(i - 1).copied().unwrap_or(0));
        u64::from(column) + gap <= u64::from(self.width)
    }
}
