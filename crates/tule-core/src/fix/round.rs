//! One round: which repairs, what the text becomes, and whether that is any better.

use std::collections::BTreeMap;

use tule_syntax::lexer::lex;
use tule_syntax::parser::parse_file;
use tule_syntax::span::Span;

use super::Harm;
use crate::diagnostics::{Applicability, Code, Diagnostic, Edit, Fix};

/// A repair that was chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Choice {
    pub(super) code: Code,
    pub(super) title: String,
    /// In order of place; they count from the beginning of the statement.
    edits: Vec<Edit>,
    /// The statement before the repair: after other repairs it may do no harm.
    pub(super) statement: String,
}

/// A statement with everything from behind the `;` before it to its own `;`.
#[derive(Debug)]
struct Piece {
    span: Span,
    /// Whether a `;` ends it.
    closed: bool,
    readable: bool,
}

/// A round in the making.
#[derive(Debug, Default)]
pub(super) struct Round {
    pieces: Vec<Piece>,
    /// By number of the statement; in order of place, without overlaps.
    chosen: BTreeMap<usize, Vec<Choice>>,
    misplaced: Vec<Choice>,
    crlf: bool,
    /// Whether something was left out for the harm it would do.
    pub(super) refused_any: bool,
    /// The rules whose repairs were applied.
    pub(super) codes: Vec<Code>,
    /// The new text and what is to be said of it, if anything was applied.
    pub(super) result: Option<(String, Vec<Diagnostic>)>,
}

impl Round {
    /// Chooses repairs that can be applied together.
    pub(super) fn plan(
        text: &str,
        found: &[Diagnostic],
        most: Applicability,
        harmful: &[(Choice, Harm)],
    ) -> Self {
        let proposed =
            || found.iter().filter_map(|found| Some((found, repair(text, found, most)?)));
        if proposed().next().is_none() {
            return Self::default();
        }
        let mut round = Self {
            pieces: pieces(text),
            crlf: text.contains("\r\n") && !text.replace("\r\n", "").contains('\n'),
            ..Self::default()
        };
        let mut candidates: Vec<(Span, usize, Choice)> = Vec::new();
        for (found, fix) in proposed() {
            let (place, choice) = round.placed(text, found.code, fix);
            if harmful.iter().any(|(known, _)| *known == choice) {
                continue;
            }
            match place {
                Some((span, piece)) => candidates.push((span, piece, choice)),
                None => round.misplaced.push(choice),
            }
        }
        candidates.sort_by_key(|candidate| (candidate.0, candidate.2.code));
        for (_, piece, choice) in candidates {
            let chosen = round.chosen.entry(piece).or_default();
            if !chosen.iter().any(|other| overlap(other, &choice)) {
                chosen.push(choice);
            }
        }
        round
    }

    /// The repair with its place in the text and the number of its statement, if it has one.
    fn placed(&self, text: &str, code: Code, fix: &Fix) -> (Option<(Span, usize)>, Choice) {
        let mut edits = fix.edits.clone();
        edits.sort_by_key(|edit| edit.span);
        let whole = edits.iter().map(|edit| edit.span).reduce(Span::cover).unwrap_or_default();
        let after = self.pieces.partition_point(|piece| piece.span.start <= whole.start);
        let piece = after.saturating_sub(1);
        let span = self.pieces.get(piece).map_or(Span::default(), |piece| piece.span);
        let sound = span.contains(whole)
            && edits
                .iter()
                .all(|edit| text.get(edit.span.start as usize..edit.span.end as usize).is_some())
            && edits.is_sorted_by(|a, b| a.span.end <= b.span.start);
        if sound {
            for edit in &mut edits {
                edit.span = Span::new(edit.span.start - span.start, edit.span.end - span.start);
            }
        }
        let statement = span.text(text).to_owned();
        let choice = Choice { code, title: fix.title.clone(), edits, statement };
        (sound.then_some((whole, piece)), choice)
    }

    /// Applies what was chosen, less what does harm, which is given back.
    pub(super) fn attempt(
        &mut self,
        text: &str,
        found: &[Diagnostic],
        find: &mut impl FnMut(&str) -> Vec<Diagnostic>,
    ) -> Vec<(Choice, Harm)> {
        let misplaced = std::mem::take(&mut self.misplaced);
        let mut harmful: Vec<_> =
            misplaced.into_iter().map(|choice| (choice, Harm::OutOfPlace)).collect();
        while !self.chosen.is_empty() {
            let (new, places) = self.build(text);
            let after = find(&new);
            let mut sound = true;
            for (number, place) in places {
                let Some(piece) = self.pieces.get(number) else { continue };
                let chosen = self.chosen.get(&number).map_or(&[][..], Vec::as_slice);
                let view = View { piece, old: piece.span.text(text), new: place.text(&new) };
                let harm = view.harm(chosen).or_else(|| {
                    let worse = !errors(found, piece.span) && errors(&after, place);
                    worse.then_some(Harm::NewError)
                });
                let Some(harm) = harm else { continue };
                sound = false;
                harmful.extend(self.give_way(number).map(|choice| (choice, harm)));
            }
            if sound {
                self.codes = self.chosen.values().flatten().map(|choice| choice.code).collect();
                self.result = Some((new, after));
                break;
            }
        }
        self.refused_any = !harmful.is_empty();
        harmful
    }

    /// Takes back the second half of a statement's repairs, for a later round to try; gives back
    /// the repair at fault when it is the only one left.
    fn give_way(&mut self, number: usize) -> Option<Choice> {
        let chosen = self.chosen.get_mut(&number)?;
        if chosen.len() > 1 {
            chosen.truncate(chosen.len() / 2);
            return None;
        }
        self.chosen.remove(&number)?.pop()
    }

    /// The text with the repairs, and where the statements with repairs are in it.
    fn build(&self, text: &str) -> (String, Vec<(usize, Span)>) {
        let mut new = String::with_capacity(text.len());
        let mut places = Vec::new();
        for (number, piece) in self.pieces.iter().enumerate() {
            let start = offset(new.len());
            let Some(chosen) = self.chosen.get(&number) else {
                new.push_str(piece.span.text(text));
                continue;
            };
            self.rewrite(&mut new, piece.span.text(text), chosen);
            places.push((number, Span::new(start, offset(new.len()))));
        }
        (new, places)
    }

    fn rewrite(&self, new: &mut String, old: &str, chosen: &[Choice]) {
        let mut edits: Vec<&Edit> = chosen.iter().flat_map(|choice| &choice.edits).collect();
        edits.sort_by_key(|edit| edit.span);
        let mut done = 0;
        for edit in edits {
            new.push_str(Span::new(done, edit.span.start).text(old));
            if self.crlf {
                new.push_str(&edit.text.replace("\r\n", "\n").replace('\n', "\r\n"));
            } else {
                new.push_str(&edit.text);
            }
            done = edit.span.end;
        }
        new.push_str(Span::new(done, offset(old.len())).text(old));
    }
}

/// The best repair that may be applied and changes anything.
fn repair<'f>(text: &str, found: &'f Diagnostic, most: Applicability) -> Option<&'f Fix> {
    let changes = |edit: &Edit| {
        let old = text.get(edit.span.start as usize..edit.span.end as usize);
        old != Some(edit.text.as_str())
    };
    found.fixes.iter().find(|fix| fix.applicability <= most && fix.edits.iter().any(changes))
}

fn pieces(text: &str) -> Vec<Piece> {
    let parsed = parse_file(text);
    let ends = parsed.iter().skip(1).map(|next| next.range.start).chain([offset(text.len())]);
    parsed
        .iter()
        .zip(ends)
        .map(|(statement, end)| Piece {
            span: Span::new(statement.range.start, end),
            closed: statement.terminated,
            readable: statement.errors.is_empty(),
        })
        .collect()
}

/// Whether one of the repairs changes what the other one does. Places that merely touch count
/// where nothing is between them: the order of two insertions is anybody's guess.
fn overlap(a: &Choice, b: &Choice) -> bool {
    a.edits.iter().any(|a| {
        b.edits.iter().any(|b| {
            let (a, b) = (a.span, b.span);
            if a.is_empty() || b.is_empty() {
                a.start <= b.end && b.start <= a.end
            } else {
                a.start < b.end && b.start < a.end
            }
        })
    })
}

fn errors(found: &[Diagnostic], place: Span) -> bool {
    found.iter().any(|found| {
        found.is_error() && found.span.start >= place.start && found.span.start < place.end
    })
}

/// A statement before and after.
struct View<'t> {
    piece: &'t Piece,
    old: &'t str,
    new: &'t str,
}

impl View<'_> {
    fn harm(&self, chosen: &[Choice]) -> Option<Harm> {
        let parsed = parse_file(self.new);
        // The `;` at its end must still be one, and not part of a text or a comment.
        let closed = parsed.last().is_some_and(|rest| rest.range.start == offset(self.new.len()));
        if self.piece.closed && !closed {
            return Some(Harm::RunsOn);
        }
        if self.piece.readable && parsed.iter().any(|statement| !statement.errors.is_empty()) {
            return Some(Harm::Unreadable);
        }
        self.loses_comment(chosen).then_some(Harm::LosesComment)
    }

    fn loses_comment(&self, chosen: &[Choice]) -> bool {
        let mut kept: Vec<&str> =
            comments(self.new).map(|comment| comment.text(self.new)).collect();
        // The common case: nothing to lose.
        comments(self.old).filter(|comment| !meant(*comment, self.old, chosen)).any(|comment| {
            let text = comment.text(self.old);
            let place = kept.iter().position(|kept| *kept == text);
            place.map(|at| kept.swap_remove(at)).is_none()
        })
    }
}

/// Whether a repair changes this comment on purpose: one of its places lies in comments and blank
/// space alone.
fn meant(comment: Span, statement: &str, chosen: &[Choice]) -> bool {
    let touches = |span: Span| span.start < comment.end && comment.start < span.end;
    let inside = |span: Span| comment.start < span.start && span.start < comment.end;
    chosen.iter().flat_map(|choice| &choice.edits).any(|edit| {
        let span = edit.span;
        (touches(span) || span.is_empty() && inside(span))
            && lex(statement).iter().all(|(kind, token)| {
                kind.is_trivia() || token.end <= span.start || span.end <= token.start
            })
    })
}

fn comments(text: &str) -> impl Iterator<Item = Span> {
    let comments: Vec<Span> =
        lex(text).iter().filter(|(kind, _)| kind.is_comment()).map(|(_, span)| span).collect();
    comments.into_iter()
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
