//! Colours on the wire: five numbers a token, relative to the one before, and differences between
//! two answers.
//!
//! The numbers of a statement do not depend on the text around it, except those of its first token.
//! They are kept for each statement that was sent, so that an answer after a key press encodes one
//! statement and compares none of the others.

use std::fmt::Write as _;
use std::sync::Arc;

use tower_lsp::ls_types::{SemanticToken, SemanticTokensEdit};
use tule_ide::document::{Analysis, Part};
use tule_ide::highlight::{Token, tokens};
use tule_syntax::span::{LineIndex, Span};

use crate::encoding::{Encoding, View};
use crate::session::Open;

/// The tokens that the editor has, and under which name.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    pub(crate) id: String,
    parts: Vec<SentPart>,
}

/// The tokens of one statement as they were sent.
#[derive(Clone, Debug)]
struct SentPart {
    analysis: Arc<Analysis>,
    encoded: Arc<Encoded>,
    /// The first token, relative to the last one of the statements before; nothing without tokens.
    head: Option<SemanticToken>,
}

impl SentPart {
    fn tokens(&self) -> impl Iterator<Item = SemanticToken> + '_ {
        self.head.into_iter().chain(self.encoded.tokens.iter().skip(1).copied())
    }
}

/// The tokens of one statement. The first one counts from the statement's beginning.
#[derive(Debug, Default)]
struct Encoded {
    tokens: Vec<SemanticToken>,
    /// The numbers of all tokens but the first, each with a comma in front.
    rest: String,
    /// Line and column of the last token, from the statement's beginning.
    last: (u32, u32),
}

/// How tokens are to be encoded.
#[derive(Clone, Copy)]
struct Form {
    encoding: Encoding,
    multiline: bool,
}

/// The tokens of a whole document, and which statements are those of an earlier answer.
pub(crate) struct Colours {
    parts: Vec<SentPart>,
    /// How many statements at the beginning are the same.
    front: usize,
    /// How many at the end.
    back: usize,
}

impl Colours {
    /// The tokens of a document; what was sent before is taken over.
    pub(crate) fn of(open: &Open, view: View<'_>, multiline: bool) -> Self {
        let form = Form { encoding: view.encoding, multiline };
        let (parts, old) = (open.document.parts(), &open.sent.parts);
        let same = |(part, sent): &(&Part, &SentPart)| Arc::ptr_eq(&part.analysis, &sent.analysis);
        let front = parts.iter().zip(old).take_while(same).count();
        let rest = parts.len().min(old.len()) - front;
        let back = parts.iter().rev().zip(old.iter().rev()).take(rest).take_while(same).count();
        let mut known = old.iter().take(front);
        let mut known_behind = old.iter().skip(old.len() - back);
        let mut place = (0, 0);
        let sent = parts.iter().enumerate().map(|(index, part)| {
            let kept = if index < front {
                known.next()
            } else if index >= parts.len() - back {
                known_behind.next()
            } else {
                None
            };
            let encoded = kept.map_or_else(
                || Arc::new(Encoded::of(&part.analysis.text, part.analysis.tokens(), form)),
                |kept| Arc::clone(&kept.encoded),
            );
            let base = view.position(part.range.start);
            let head = encoded.tokens.first().map(|first| {
                let (line, column) = from_base((base.line, base.character), first);
                let delta_line = line - place.0;
                let delta_start = if delta_line == 0 { column - place.1 } else { column };
                let (lines, column) = encoded.last;
                place =
                    (base.line + lines, if lines == 0 { base.character + column } else { column });
                SemanticToken { delta_line, delta_start, ..*first }
            });
            SentPart { analysis: Arc::clone(&part.analysis), encoded, head }
        });
        Self { parts: sent.collect(), front, back }
    }

    /// All numbers as a JSON array.
    pub(crate) fn json(&self) -> String {
        // The numbers of a first token seldom take more than that.
        let length: usize = self.parts.iter().map(|part| part.encoded.rest.len() + 20).sum();
        let mut json = String::with_capacity(length + 2);
        json.push('[');
        for part in &self.parts {
            let Some(head) = &part.head else { continue };
            let start = json.len();
            push_numbers(&mut json, head);
            if start == 1 {
                json.remove(start);
            }
            json.push_str(&part.encoded.rest);
        }
        json.push(']');
        json
    }

    /// What to change of the tokens sent before to have these.
    pub(crate) fn difference(&self, sent: &Sent) -> Vec<SemanticTokensEdit> {
        let before: usize =
            self.parts.iter().take(self.front).map(|part| part.encoded.tokens.len()).sum();
        // The first token behind the statements that changed counts from a token in them.
        let changed = |parts: &[SentPart]| -> Vec<SemanticToken> {
            let end = parts.len() - self.back;
            let inner = parts.iter().take(end).skip(self.front).flat_map(SentPart::tokens);
            inner.chain(parts.iter().skip(end).find_map(|part| part.head)).collect()
        };
        difference(before, &changed(&sent.parts), &changed(&self.parts))
    }

    /// Keeps these tokens as those that the editor has.
    pub(crate) fn sent(self, id: String) -> Sent {
        Sent { id, parts: self.parts }
    }
}

/// Line and column of a token that counts from the beginning of its statement.
fn from_base(base: (u32, u32), token: &SemanticToken) -> (u32, u32) {
    let column = if token.delta_line == 0 { base.1 } else { 0 };
    (base.0 + token.delta_line, column + token.delta_start)
}

/// The numbers of a token, each with a comma in front.
fn push_numbers(json: &mut String, token: &SemanticToken) {
    let SemanticToken { delta_line, delta_start, length, token_type, token_modifiers_bitset } =
        *token;
    for number in [delta_line, delta_start, length, token_type, token_modifiers_bitset] {
        // Writing to a text cannot fail.
        let _ = write!(json, ",{number}");
    }
}

/// The tokens in `range` of a document.
pub(crate) fn encode(
    open: &Open,
    view: View<'_>,
    range: Span,
    multiline: bool,
) -> Vec<SemanticToken> {
    let form = Form { encoding: view.encoding, multiline };
    let mut encoder = Encoder::new(view.text, view.lines, form, view.lines.line(range.start));
    for token in tokens(&open.document, range) {
        encoder.push(token);
    }
    encoder.out
}

impl Encoded {
    fn of(text: &str, tokens: &[Token], form: Form) -> Self {
        let lines = LineIndex::new(text);
        let mut encoder = Encoder::new(text, &lines, form, 0);
        encoder.out.reserve_exact(tokens.len());
        for token in tokens {
            encoder.push(*token);
        }
        let tokens = encoder.out;
        let mut rest = String::with_capacity(tokens.len() * 12);
        for token in tokens.iter().skip(1) {
            push_numbers(&mut rest, token);
        }
        rest.shrink_to_fit();
        Self { last: (encoder.line, encoder.column), tokens, rest }
    }
}

struct Encoder<'t> {
    text: &'t str,
    lines: &'t LineIndex,
    form: Form,
    line: u32,
    column: u32,
    out: Vec<SemanticToken>,
    /// Offset of the beginning of the line `known`, which tokens in order seldom leave.
    start: u32,
    known: u32,
}

impl<'t> Encoder<'t> {
    /// No token comes before the line `known`.
    fn new(text: &'t str, lines: &'t LineIndex, form: Form, known: u32) -> Self {
        let start = lines.start(known).unwrap_or(0);
        Self { text, lines, form, line: 0, column: 0, out: Vec::new(), start, known }
    }

    /// A token; one over several lines as one a line, where an editor knows no others.
    fn push(&mut self, token: Token) {
        let text = token.span.text(self.text);
        if self.form.multiline || !text.contains('\n') {
            self.push_one(token, text);
            return;
        }
        let mut at = token.span.start;
        for line in text.split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            if !shown.is_empty() {
                let length = u32::try_from(shown.len()).unwrap_or(0);
                self.push_one(Token { span: Span::new(at, at + length), ..token }, shown);
            }
            at += u32::try_from(line.len()).unwrap_or(0);
        }
    }

    fn push_one(&mut self, token: Token, text: &str) {
        while self.lines.start(self.known + 1).is_some_and(|next| next <= token.span.start) {
            self.known += 1;
            self.start = self.lines.start(self.known).unwrap_or(self.start);
        }
        let (line, encoding) = (self.known, self.form.encoding);
        let column = encoding.width(Span::new(self.start, token.span.start).text(self.text));
        let same = line == self.line;
        self.out.push(SemanticToken {
            delta_line: line - self.line,
            delta_start: if same { column - self.column } else { column },
            length: encoding.width(text),
            token_type: token.sort as u32,
            token_modifiers_bitset: u32::from(token.defines),
        });
        (self.line, self.column) = (line, column);
    }
}

/// What to change of `old` to have `new`, where `before` tokens in front of both are the same: the
/// stretch between what both begin and end with.
fn difference(
    before: usize,
    old: &[SemanticToken],
    new: &[SemanticToken],
) -> Vec<SemanticTokensEdit> {
    let front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(front..).unwrap_or(&[]), new.get(front..).unwrap_or(&[]));
    let back = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let gone = old_rest.len() - back;
    let fresh = new_rest.get(..new_rest.len() - back).unwrap_or(&[]);
    if gone == 0 && fresh.is_empty() {
        return Vec::new();
    }
    let numbers = |tokens: usize| u32::try_from(tokens * 5).unwrap_or(u32::MAX);
    vec![SemanticTokensEdit {
        start: numbers(before + front),
        delete_count: numbers(gone),
        data: Some(fresh.to_vec()),
    }]
}

#[cfg(test)]
mod tests {
    use tower_lsp::ls_types::{Position, Range, TextDocumentContentChangeEvent, Uri};

    use super::*;
    use crate::session::Session;

    fn token(length: u32) -> SemanticToken {
        SemanticToken { length, ..SemanticToken::default() }
    }

    #[test]
    fn differences_are_as_short_as_they_can_be() {
        let old: Vec<_> = [1, 2, 3, 3].map(token).to_vec();
        let new: Vec<_> = [1, 9, 3, 3].map(token).to_vec();
        let edits = difference(2, &old, &new);
        assert_eq!((edits[0].start, edits[0].delete_count), (15, 5));
        assert_eq!(edits[0].data.as_deref(), Some(&[token(9)][..]));
        assert!(difference(0, &old, &old).is_empty());
        let longer: Vec<_> = [1, 2, 3, 3, 3].map(token).to_vec();
        assert_eq!(difference(0, &old, &longer)[0].delete_count, 0);
        assert_eq!(difference(0, &longer, &old)[0].data.as_deref(), Some(&[][..]));
    }

    fn numbers(tokens: &[SemanticToken]) -> Vec<u32> {
        let of = |token: &SemanticToken| {
            let SemanticToken { delta_line, delta_start, length, .. } = *token;
            [delta_line, delta_start, length, token.token_type, token.token_modifiers_bitset]
        };
        tokens.iter().flat_map(of).collect()
    }

    /// What an editor does with a difference.
    fn apply(mut numbers: Vec<u32>, edits: &[SemanticTokensEdit]) -> Vec<u32> {
        for edit in edits.iter().rev() {
            let range = edit.start as usize..(edit.start + edit.delete_count) as usize;
            numbers.splice(range, self::numbers(edit.data.as_deref().unwrap_or(&[])));
        }
        numbers
    }

    #[test]
    fn kept_numbers_are_those_of_the_whole_text_whatever_was_edited() {
        let uri: Uri = "file:///nowhere/a.tule".parse().unwrap();
        let pieces = ["\n", ";", "é", "😀 ", "/* a\nb */", "--c\n", " select", "'", "x, "];
        for (seed, multiline) in [(1, false), (2, true), (3, false)] {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut session = Session::default();
            session.open(
                uri.clone(),
                "select a, 'é😀' as b;\n/* c\nd */ select b;  from t;".into(),
                0,
            );
            let mut have: Vec<u32> = Vec::new();
            for version in 1..400 {
                let start = Position::new(random.u32(0..6), random.u32(0..30));
                let end = Position::new(start.line, start.character + random.u32(0..4));
                let change = TextDocumentContentChangeEvent {
                    range: Some(Range { start, end }),
                    range_length: None,
                    text: pieces[random.usize(0..pieces.len())].to_owned(),
                };
                assert!(session.change(&uri, version, vec![change]));
                session.settle();
                if random.bool() {
                    continue;
                }
                let (open, view) = session.get(&uri).unwrap();
                let all = Span::new(0, u32::try_from(view.text.len()).unwrap());
                let whole = numbers(&encode(open, view, all, multiline));
                let colours = Colours::of(open, view, multiline);
                assert_eq!(colours.json(), serde_json::to_string(&whole).unwrap());
                have = apply(have, &colours.difference(&open.sent));
                assert_eq!(have, whole, "{:?}", view.text);
                let sent = colours.sent(String::new());
                session.get_mut(&uri).unwrap().sent = sent;
            }
        }
    }
}
