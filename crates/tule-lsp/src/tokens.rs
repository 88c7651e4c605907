//! Colours on the wire: five numbers a token, relative to the one before, and differences between
//! two answers.

use tower_lsp::ls_types::{SemanticToken, SemanticTokensEdit};
use tule_ide::highlight::{Token, tokens};
use tule_syntax::span::Span;

use crate::encoding::View;
use crate::session::Open;

/// The tokens that the editor has, and under which name.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) tokens: Vec<SemanticToken>,
}

/// The tokens in `range` of a document.
pub(crate) fn encode(
    open: &Open,
    view: View<'_>,
    range: Span,
    multiline: bool,
) -> Vec<SemanticToken> {
    let mut encoder = Encoder { view, line: 0, column: 0, out: Vec::new(), start: 0, known: 0 };
    for token in tokens(&open.document, range) {
        let text = token.span.text(view.text);
        if multiline || !text.contains('\n') {
            encoder.push(token, text);
            continue;
        }
        let mut at = token.span.start;
        for line in text.split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            if !shown.is_empty() {
                let length = u32::try_from(shown.len()).unwrap_or(0);
                encoder.push(Token { span: Span::new(at, at + length), ..token }, shown);
            }
            at += u32::try_from(line.len()).unwrap_or(0);
        }
    }
    encoder.out
}

struct Encoder<'t> {
    view: View<'t>,
    line: u32,
    column: u32,
    out: Vec<SemanticToken>,
    /// Offset of the beginning of the line `known`, which tokens in order seldom leave.
    start: u32,
    known: u32,
}

impl Encoder<'_> {
    fn push(&mut self, token: Token, text: &str) {
        let lines = self.view.lines;
        while lines.start(self.known + 1).is_some_and(|next| next <= token.span.start) {
            self.known += 1;
            self.start = lines.start(self.known).unwrap_or(self.start);
        }
        let (line, encoding) = (self.known, self.view.encoding);
        let column = encoding.width(Span::new(self.start, token.span.start).text(self.view.text));
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

/// What to change of `old` to have `new`: the stretch between what both begin and end with.
pub(crate) fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
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
        start: numbers(front),
        delete_count: numbers(gone),
        data: Some(fresh.to_vec()),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(length: u32) -> SemanticToken {
        SemanticToken { length, ..SemanticToken::default() }
    }

    #[test]
    fn differences_are_as_short_as_they_can_be() {
        let old: Vec<_> = [1, 2, 3, 3].map(token).to_vec();
        let new: Vec<_> = [1, 9, 3, 3].map(token).to_vec();
        let edits = difference(&old, &new);
        assert_eq!((edits[0].start, edits[0].delete_count), (5, 5));
        assert_eq!(edits[0].data.as_deref(), Some(&[token(9)][..]));
        assert!(difference(&old, &old).is_empty());
        let longer: Vec<_> = [1, 2, 3, 3, 3].map(token).to_vec();
        assert_eq!(difference(&old, &longer)[0].delete_count, 0);
        assert_eq!(difference(&longer, &old)[0].data.as_deref(), Some(&[][..]));
    }
}
