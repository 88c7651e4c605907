//! Tokens to tree.
//!
//! Parsing is total: every text gives a [`Statement`] and a list of faults. The grammar of
//! statements and clauses is written with chumsky (`query`), that of expressions by hand
//! (`expr`, `call`); no chumsky type leaves this module. What is deliberately absent: any
//! knowledge of datasets, types and functions.

mod call;
mod expr;
mod query;
mod state;
mod test;
mod tokens;

use std::cell::OnceCell;

use chumsky::Parser;
use chumsky::inspector::SimpleState;

use crate::ast::Statement;
use crate::error::{SyntaxError, SyntaxErrorKind, Wanted};
use crate::limits::MAX_BYTES;
use crate::span::Span;
use crate::token::TokenKind;
use state::State;

/// One statement of a file and where it stands.
#[derive(Clone, Debug, Default)]
pub struct ParsedStatement {
    /// Its text in the file: from behind the `;` before it to its own `;`, which is left out.
    pub range: Span,
    /// Whether a `;` ends it.
    pub terminated: bool,
    /// The tree; its spans count from the beginning of `range`.
    pub statement: Statement,
    /// Faults of form in order of place; their spans count from the beginning of `range`.
    pub errors: Vec<SyntaxError>,
}

/// Parses a file of statements separated by `;`.
///
/// The last element is what follows the last `;`, often nothing but blank space: its
/// [`Statement::query`] is then absent.
///
/// ```
/// let parsed = tule_syntax::parser::parse_file("from calls select beat; from calls select");
/// assert_eq!(parsed.len(), 2);
/// assert!(parsed.iter().all(|statement| statement.errors.is_empty()));
/// ```
#[must_use]
pub fn parse_file(text: &str) -> Vec<ParsedStatement> {
    if text.len() > MAX_BYTES {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let error = SyntaxError { kind: SyntaxErrorKind::TooLong, span: Span::new(0, end.min(1)) };
        return vec![ParsedStatement {
            range: Span::new(0, end),
            errors: vec![error],
            ..ParsedStatement::default()
        }];
    }
    let (tokens, pieces) = tokens::split(text);
    // Made for the first statement that takes it.
    let grammar = OnceCell::new();
    let statements = pieces
        .into_iter()
        .map(|piece| {
            let base = piece.range.start;
            let kinds = tokens.kinds.get(piece.tokens.clone()).unwrap_or(&[]);
            let spans = tokens.spans.get(piece.tokens.clone()).unwrap_or(&[]);
            let mut state = State::new(text, kinds, spans, base);
            let plain = query::plain_statement(&mut state);
            let (statement, grammar_errors) = if let Some((statement, faults)) = plain {
                finish(&mut state, statement, faults)
            } else {
                let state = State::new(text, kinds, spans, base);
                parse_statement(grammar.get_or_init(query::statement), state, kinds)
            };
            let back = |span: Span| Span::new(span.start - base, span.end - base);
            let mut errors: Vec<_> = piece
                .errors
                .into_iter()
                .map(|error| SyntaxError { kind: error.kind, span: back(error.span) })
                .collect();
            if !errors.is_empty() || !grammar_errors.is_empty() {
                merge(piece.range.text(text), &mut errors, grammar_errors);
            }
            ParsedStatement { range: piece.range, terminated: piece.terminated, statement, errors }
        })
        .collect();
    // It borrows the tokens.
    drop(grammar);
    tokens.recycle();
    statements
}

/// Parses `text` as one statement; anything behind a first `;` is left out.
#[must_use]
pub fn parse_one(text: &str) -> ParsedStatement {
    parse_file(text).into_iter().next().unwrap_or_default()
}

fn parse_statement<'t>(
    grammar: &impl Parser<'t, query::Input<'t>, Statement, query::Extra<'t>>,
    state: State<'t>,
    kinds: &'t [TokenKind],
) -> (Statement, Vec<SyntaxError>) {
    let mut state = SimpleState(state);
    let (statement, faults) = grammar.parse_with_state(kinds, &mut state).into_output_errors();
    finish(&mut state.0, statement.unwrap_or_default(), faults)
}

/// The statement with its expressions, and its faults in order of place.
fn finish(
    state: &mut State<'_>,
    mut statement: Statement,
    faults: Vec<query::Unexpected>,
) -> (Statement, Vec<SyntaxError>) {
    for fault in faults {
        state.unexpected(fault.at, fault.expected);
    }
    state.errors.sort_by_key(|error| error.span.start);
    statement.arena = std::mem::take(&mut state.arena);
    (statement, std::mem::take(&mut state.errors))
}

/// Adds what the grammar found to what the tokens showed. A fault of form right at a faulty token
/// is its consequence and is left out; so is everything on the line of a quote that is never
/// closed, since nobody knows which quote of the line is the wrong one.
fn merge(text: &str, errors: &mut Vec<SyntaxError>, grammar: Vec<SyntaxError>) {
    let lexical = errors.len();
    let gave_up = errors.iter().any(|error| {
        matches!(error.kind, SyntaxErrorKind::TooDeep | SyntaxErrorKind::TooManyTokens)
    });
    let open_quote = errors
        .iter()
        .find(|error| error.kind == SyntaxErrorKind::UnterminatedString)
        .map(|error| error.span.start);
    let doubtful = open_quote.map(|quote| {
        let line = text.get(..quote as usize).and_then(|before| before.rfind('\n'));
        line.map_or(0, |at| u32::try_from(at + 1).unwrap_or(0))
    });
    // A bracket of the wrong sort leaves its partner open.
    let unmatched = errors.iter().any(|error| error.kind == SyntaxErrorKind::UnmatchedClose);
    for error in grammar {
        let wants_close = matches!(
            error.kind,
            SyntaxErrorKind::Unclosed { .. }
                | SyntaxErrorKind::Expected {
                    wanted: Wanted::Token(TokenKind::RightParen | TokenKind::RightBracket),
                    ..
                }
        );
        let at_fault = errors
            .iter()
            .take(lexical)
            .any(|known| known.span.touches(error.span.start) || error.span.contains(known.span));
        // A parenthesis that is open to the end may be closed inside the text in quotes.
        let unclosed = doubtful.is_some() && matches!(error.kind, SyntaxErrorKind::Unclosed { .. });
        let swallowed = unclosed || doubtful.is_some_and(|line| error.span.start >= line);
        if !(at_fault || swallowed || gave_up || unmatched && wants_close) {
            errors.push(error);
        }
    }
    errors.sort_by_key(|error| error.span.start);
    errors.dedup_by_key(|error| error.span.start);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the loop and what the grammar make of one statement; `None` for the loop where it
    /// leaves the statement to the grammar.
    fn both_ways(text: &str) -> (Option<String>, String) {
        let (tokens, _) = tokens::split(text);
        let state = || State::new(text, &tokens.kinds, &tokens.spans, 0);
        let mut own = state();
        let plain = query::plain_statement(&mut own)
            .map(|(statement, faults)| finish(&mut own, statement, faults));
        let grammar = parse_statement(&query::statement(), state(), &tokens.kinds);
        (plain.map(|found| format!("{found:?}")), format!("{grammar:?}"))
    }

    #[test]
    fn the_loop_and_the_grammar_agree_on_every_part_of_a_statement() {
        let whole = [
            "select a, count(*) as n from t join u as @u on a = @u.b where a > 1 and b like 'x' \
             group by a having n > 2 order by n desc limit 10 offset 5",
            "query q($x number default 1) as from t select a where b = $x |> select a limit 1",
            "select a from t union all select b from u minus select c from v search 'w'",
            "select a from t where (b in (1, 2) on c ] order by d ) x |> |> where e",
        ];
        let (mut plain, mut all) = (0, 0);
        for text in whole {
            let words: Vec<&str> = text.split(' ').collect();
            for from in 0..words.len() {
                for to in from + 1..=words.len().min(from + 3) {
                    let without = [&words[..from], &words[to..]].concat().join(" ");
                    for part in [without.as_str(), &words[..to].join(" "), &words[from..].join(" ")]
                    {
                        if part.trim().is_empty() {
                            continue;
                        }
                        let (own, grammar) = both_ways(part);
                        all += 1;
                        if let Some(own) = own {
                            plain += 1;
                            assert_eq!(own, grammar, "{part}");
                        }
                    }
                }
            }
        }
        assert!(plain * 2 > all, "{plain} of {all}");
    }
}
