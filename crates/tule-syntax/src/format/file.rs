//! A file: statements, what stands between them, and those that are left alone.
//!
//! Statements are laid out one by one; here they are put under each other, with the comments
//! around them and blank lines between them. A statement with faults of form is copied, together
//! with the comments above it, from the beginning of its first line on.

use super::comments::{self, Comment, Gap};
use super::tokens::Tokens;
use super::{Formatted, layout, print};
use crate::lexer::{Lexed, lex};
use crate::parser::ParsedStatement;
use crate::span::Span;
use crate::token::TokenKind;

/// Lays out `text`, whose statements are `parsed`.
pub(super) fn format(text: &str, parsed: &[ParsedStatement], width: u32) -> Formatted {
    let lexed = lex(text);
    let significant: Vec<u32> = (0u32..)
        .zip(lexed.kinds())
        .filter_map(|(index, kind)| (!kind.is_trivia()).then_some(index))
        .collect();
    let pieces = pieces(text, &lexed, &significant, parsed);
    let eol = line_end(text, &lexed, &pieces);
    let mut file = File { out: String::with_capacity(text.len()), eol, multiline: None };
    let mut skipped = Vec::new();
    for piece in pieces {
        let Piece { gap, tokens, copied, parsed } = piece;
        let (lines, leading) = file.divide(&gap, copied.is_some() || tokens.len() > 0);
        let body = match copied {
            Some(copy) => {
                skipped.push(copy.statement);
                copy.text.text(text).to_owned()
            }
            None if tokens.len() == 0 => String::new(),
            None => {
                let prefix = leading
                    .iter()
                    .fold(String::new(), |line, comment| line + &comment.written(eol) + " ");
                let layout = layout::layout(tokens, &parsed.statement);
                print::print(tokens, &layout, prefix, eol, width)
            }
        };
        let breaks = leading.first().map_or(gap.breaks, |comment| comment.breaks);
        file.add(lines, breaks, &body);
    }
    let File { mut out, .. } = file;
    if !out.is_empty() && !out.ends_with('\n') {
        let open = last_word(&lexed).is_some_and(|last| takes_cr(lexed.kind(last)));
        out.push_str(if open { "\n" } else { eol });
    }
    Formatted { text: out, skipped }
}

/// A statement and what stands before it; at the end of the file also what stands behind it.
struct Piece<'t> {
    gap: Gap<'t>,
    /// None at the end of a file and in what is nothing but a comment.
    tokens: Tokens<'t>,
    copied: Option<Copied>,
    parsed: &'t ParsedStatement,
}

/// A statement that is left as it is.
struct Copied {
    /// What is copied: whole lines, comments above included.
    text: Span,
    /// From the first token to the last.
    statement: Span,
}

fn pieces<'t>(
    text: &'t str,
    lexed: &'t Lexed,
    significant: &'t [u32],
    parsed: &'t [ParsedStatement],
) -> Vec<Piece<'t>> {
    let mut pieces = Vec::with_capacity(parsed.len() + 1);
    let mut rest = significant;
    // The first token of the file that has not been taken.
    let mut from = 0;
    for (index, statement) in parsed.iter().enumerate() {
        let end = statement.range.end + u32::from(statement.terminated);
        let count = rest.partition_point(|&at| lexed.span(at as usize).start < end);
        let (at, others) = rest.split_at(count);
        rest = others;
        let tokens = Tokens { text, lexed, at, base: statement.range.start };
        let first = at.first().map_or(lexed.len(), |&at| at as usize);
        let mut gap = comments::read(text, lexed, from..first);
        from = at.last().map_or(lexed.len(), |&at| at as usize + 1);
        let mut copied = None;
        if !statement.errors.is_empty() {
            copied = copy(text, tokens, &mut gap, index == 0, statement.terminated);
            if !statement.terminated {
                from = lexed.len();
            }
        }
        pieces.push(Piece { gap, tokens, copied, parsed: statement });
    }
    if let Some(last) = parsed.last() {
        let tokens = Tokens { text, lexed, at: &[], base: 0 };
        let gap = comments::read(text, lexed, from..lexed.len());
        pieces.push(Piece { gap, tokens, copied: None, parsed: last });
    }
    pieces
}

/// What is copied of a statement with faults. Comments on its lines move from `gap` into it.
fn copy(
    text: &str,
    tokens: Tokens<'_>,
    gap: &mut Gap<'_>,
    is_first: bool,
    terminated: bool,
) -> Option<Copied> {
    let lexed = tokens.lexed;
    let own = |comment: &Comment<'_>| {
        is_first || comment.breaks > 0 || comment.kind == TokenKind::UnterminatedComment
    };
    let place = gap.comments.iter().position(own);
    let above = place.map_or(Vec::new(), |place| gap.comments.split_off(place));
    if let Some(comment) = above.first() {
        gap.breaks = comment.breaks;
    }
    let first = tokens.at.first().map(|&at| lexed.span(at as usize));
    let start = above.first().map(|comment| comment.span).or(first)?;
    let last = tokens.at.last().map(|&at| lexed.span(at as usize));
    let end = if terminated { last? } else { lexed.span(last_word(lexed)?) };
    let begin = if gap.breaks > 0 || is_first {
        let before = text.get(..start.start as usize).unwrap_or("");
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        u32::try_from(line).unwrap_or(start.start)
    } else {
        start.start
    };
    let copied = Span::new(begin, end.end);
    let statement = Span::new(first.unwrap_or(start).start, last.unwrap_or(end).end);
    Some(Copied { text: copied, statement })
}

/// The last token or comment of the file.
fn last_word(lexed: &Lexed) -> Option<usize> {
    (0..lexed.len()).rev().find(|&i| lexed.kind(i) != TokenKind::Whitespace)
}

/// Whether the token runs to the end of its line, over a CR but not over the LF behind it.
fn takes_cr(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::UnterminatedIdent | TokenKind::UnterminatedDoubleString)
}

/// The line end that most lines have, outside text that is copied.
fn line_end(text: &str, lexed: &Lexed, pieces: &[Piece<'_>]) -> &'static str {
    let mut copied = pieces.iter().filter_map(|piece| piece.copied.as_ref()).peekable();
    let (mut unix, mut windows) = (0_usize, 0_usize);
    let mut before = TokenKind::End;
    for (kind, span) in lexed.iter() {
        while copied.next_if(|copy| copy.text.end <= span.start).is_some() {}
        let inside = copied.peek().is_some_and(|copy| copy.text.start <= span.start);
        let open = takes_cr(std::mem::replace(&mut before, kind));
        if inside || open || !matches!(kind, TokenKind::Whitespace | TokenKind::BlockComment) {
            continue;
        }
        let part = span.text(text);
        let pairs = part.matches("\r\n").count();
        windows += pairs;
        unix += part.matches('\n').count() - pairs;
    }
    if windows > unix { "\r\n" } else { "\n" }
}

/// A file under construction.
struct File {
    out: String,
    eol: &'static str,
    /// Whether the statement before takes several lines; nothing before the first.
    multiline: Option<bool>,
}

/// Comments on lines of their own, or the last words on the line of the statement before.
type Lines<'g, 't> = Vec<&'g [Comment<'t>]>;

impl File {
    /// Divides comments into lines, and those that share the first line of what follows.
    fn divide<'g, 't>(
        &self,
        gap: &'g Gap<'t>,
        followed: bool,
    ) -> (Lines<'g, 't>, &'g [Comment<'t>]) {
        let mut lines: Lines<'g, 't> = gap.comments.chunk_by(|_, next| next.breaks == 0).collect();
        let trails =
            |line: &&[Comment<'_>]| line.first().is_some_and(|comment| comment.breaks == 0);
        let own = lines.last().is_some_and(|line| self.multiline.is_none() || !trails(line));
        let leading =
            if followed && gap.breaks == 0 && own { lines.pop().unwrap_or(&[]) } else { &[] };
        (lines, leading)
    }

    /// Adds comments and a statement; `breaks` line breaks stand before the latter.
    fn add(&mut self, lines: Lines<'_, '_>, breaks: u32, body: &str) {
        // What is not closed runs to the end of the file and over its last line end.
        let multiline = body.trim_end_matches(['\r', '\n']).contains('\n');
        let mut own = lines.iter().map(|line| line.first().map_or(0, |comment| comment.breaks));
        let spaced = breaks > 1 || own.any(|breaks| breaks > 1);
        // One blank line keeps statements of several lines apart; the first place will do.
        let mut wanted =
            self.multiline.is_some_and(|before| before || multiline) && !body.is_empty() && !spaced;
        for line in lines {
            let breaks = line.first().map_or(0, |comment| comment.breaks);
            let trails = breaks == 0 && self.multiline.is_some();
            if !trails {
                self.new_line(breaks > 1 || std::mem::take(&mut wanted));
            }
            for (index, comment) in line.iter().enumerate() {
                if trails || index > 0 {
                    self.out.push(' ');
                }
                self.out.push_str(&comment.written(self.eol));
            }
        }
        if !body.is_empty() {
            self.new_line(breaks > 1 || wanted);
            self.out.push_str(body);
            self.multiline = Some(multiline);
        }
    }

    /// Begins a line, behind a blank one if so wanted; not at the beginning of the file.
    fn new_line(&mut self, blank: bool) {
        if !self.out.is_empty() {
            self.out.push_str(self.eol);
            if blank {
                self.out.push_str(self.eol);
            }
        }
    }
}
