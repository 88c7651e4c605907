//! Repairs applied: a text and what is wrong with it become a better text.
//!
//! Repairs come from rules that know nothing of each other, so nothing about their sum is taken
//! on trust. They are applied in rounds. In each, repairs that overlap give way to the first by
//! place and come back in the next, when the text has been looked at again. A round is looked at
//! before it is kept: a statement that could be read must still be readable, one without errors
//! must have got none, no statement may run into the next, and no comment may be lost that a
//! repair did not mean to change. A repair that fails is left out and named in the result.
//!
//! Deliberately absent: how findings are made (the caller hands over a function), files, byte
//! order marks, and which of a finding's repairs a person would like best: the first that may be
//! applied is taken, as findings list them best first.

mod round;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

use crate::diagnostics::{Applicability, Code, Diagnostic};
use round::{Choice, Round};

/// Rounds after which repairs are taken not to come to an end. A text needs as many as repairs
/// wait for one another, two or three.
const MAX_ROUNDS: usize = 50;
/// A text that has become longer than twice itself and this many bytes has a repair in it that
/// calls for itself.
const MAX_GROWTH: usize = 16 << 10;

/// What has become of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// The rules whose repairs are in it, once a repair, in the order of application.
    pub applied: Vec<Code>,
    /// Repairs that were left out because they would do harm.
    pub refused: Vec<Refused>,
    /// What is still to be said about the new text.
    pub remaining: Vec<Diagnostic>,
    /// False if repairs undid each other until patience ran out; the text is sound all the same.
    pub settled: bool,
}

/// A repair that was left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The rule that proposed it.
    pub code: Code,
    /// What it would have done.
    pub title: String,
    /// What was wrong with that.
    pub harm: Harm,
}

/// What a repair would have done to the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Harm {
    /// Places outside the statement, outside the text or inside a character.
    OutOfPlace,
    /// The statement would no longer end where it did.
    RunsOn,
    /// The statement could no longer be read.
    Unreadable,
    /// The statement had no error and would have one.
    NewError,
    /// A comment would be gone.
    LosesComment,
}

impl Harm {
    /// The harm as the end of a sentence: `the repair of ... was left out: ` and this.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::OutOfPlace => "it reaches beyond its statement",
            Self::RunsOn => "the statement would run into the next one",
            Self::Unreadable => "the statement could no longer be read",
            Self::NewError => "the statement would have a new error",
            Self::LosesComment => "a comment would be lost",
        }
    }
}

/// Applies the repairs of what `find` says about `text`, up to those of applicability `most`,
/// until nothing more is to be done. `find` gives spans that count from the beginning of the text
/// it is given.
///
/// ```
/// use tule_core::diagnostics::{Applicability, from_syntax};
/// use tule_core::fix::fix_all;
/// use tule_syntax::parser::parse_file;
///
/// let find = |text: &str| {
///     let parsed = parse_file(text);
///     let errors = parsed.iter().flat_map(|statement| {
///         let own = statement.range.text(text);
///         statement.errors.iter().map(|error| from_syntax(error, own).shift(statement.range.start))
///     });
///     errors.collect()
/// };
/// let fixed = fix_all("from calls select beat, where beat = 1", Applicability::Safe, find);
/// assert_eq!(fixed.text, "from calls select beat where beat = 1");
/// assert_eq!(fixed.applied.len(), 1);
/// ```
pub fn fix_all(
    text: &str,
    most: Applicability,
    mut find: impl FnMut(&str) -> Vec<Diagnostic>,
) -> Fixed {
    let hasher = RandomState::new();
    let text_before = text.len();
    let mut fixed = Fixed {
        text: text.to_owned(),
        applied: Vec::new(),
        refused: Vec::new(),
        remaining: find(text),
        settled: false,
    };
    let mut seen = HashSet::from([hasher.hash_one(text)]);
    let mut harmful: Vec<(Choice, Harm)> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let mut round = Round::plan(&fixed.text, &fixed.remaining, most, &harmful);
        harmful.extend(round.attempt(&fixed.text, &fixed.remaining, &mut find));
        let Some((text, remaining)) = round.result else {
            // Only what was left out just now can have been in the way of something else.
            if round.refused_any {
                continue;
            }
            fixed.settled = true;
            break;
        };
        fixed.applied.extend(round.codes);
        fixed.text = text;
        fixed.remaining = remaining;
        let grown = fixed.text.len() > 2 * text_before + MAX_GROWTH;
        if grown || !seen.insert(hasher.hash_one(&fixed.text)) {
            break;
        }
    }
    // A repair that did harm may have done none, or nothing at all, after others.
    let stands = |choice: &Choice| fixed.text.contains(&choice.statement);
    let refused = harmful.into_iter().filter(|(choice, _)| stands(choice));
    fixed.refused = refused
        .map(|(choice, harm)| Refused { code: choice.code, title: choice.title, harm })
        .collect();
    fixed
}
