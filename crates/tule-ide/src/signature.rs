//! The parameters of the function whose parentheses the cursor is in.

use tule_core::functions::{Function, Syntax, by_name};
use tule_core::names::fold;
use tule_syntax::lexer::lex;
use tule_syntax::literal::name_text;
use tule_syntax::token::TokenKind;

use crate::cards::{self, Signature};
use crate::document::Document;
use crate::place::{Inside, frames};

/// The overloads of a function and where among their parameters the cursor is.
#[derive(Clone, Debug)]
pub struct Help {
    /// Each overload with its one-line documentation.
    pub overloads: Vec<(Signature, &'static str)>,
    /// The overload that fits what is written so far.
    pub active: usize,
    /// The argument that the cursor is in, from 0.
    pub argument: usize,
}

impl Help {
    /// The parameter of an overload that the argument belongs to; the last ones may repeat.
    #[must_use]
    pub fn parameter(&self, overload: usize) -> Option<usize> {
        let (signature, _) = self.overloads.get(overload)?;
        let count = signature.parameters.len();
        if self.argument < count {
            return Some(self.argument);
        }
        let fixed = count.checked_sub(signature.repeating)?;
        let past = self.argument.checked_sub(fixed)?;
        (signature.repeating > 0).then(|| fixed + past % signature.repeating)
    }
}

/// Help for the call around `offset`.
#[must_use]
pub fn help(document: &Document, offset: u32) -> Option<Help> {
    let part = document.part_at(offset)?;
    let text = &*part.analysis.text;
    let before = text.get(..offset.checked_sub(part.range.start)? as usize)?;
    let lexed = lex(before);
    let last = lexed.len().checked_sub(1)?;
    // Inside quotes a comma is no comma; the token is left out as a word being typed would be.
    let open = matches!(
        lexed.kind(last),
        TokenKind::UnterminatedString | TokenKind::UnterminatedDoubleString
    );
    let frames = frames(&lexed, if open { last } else { last + 1 });
    let (name, argument) = frames.iter().rev().find_map(|frame| match frame.inside {
        Inside::Call { name, argument } => Some((name, argument)),
        _ => None,
    })?;
    let overloads: Vec<&Function> = by_name(&fold(name_text(name.text(text))))
        .iter()
        .filter(|function| function.syntax == Syntax::Call && !function.hidden)
        .collect();
    let takes = |function: &&Function| function.param_at(argument).is_some();
    let active = overloads.iter().position(takes).unwrap_or(0);
    let overloads: Vec<_> =
        overloads.iter().map(|function| (cards::signature(function), function.doc)).collect();
    (!overloads.is_empty()).then_some(Help { overloads, active, argument })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{marked, world};

    fn at(text: &str) -> Option<(String, Option<String>)> {
        let (text, offset) = marked(text);
        let help = help(&Document::new(text, world()), offset)?;
        let (signature, _) = &help.overloads[help.active];
        let parameter = help.parameter(help.active).map(|index| {
            let (start, end) = signature.parameters[index];
            signature.text[start..end].to_owned()
        });
        Some((signature.text.clone(), parameter))
    }

    #[test]
    fn the_parameter_under_the_cursor_is_named() {
        let found = at("select within_circle(the_point, 1, §").unwrap();
        assert!(found.0.starts_with("within_circle("), "{found:?}");
        assert_eq!(found.1.as_deref(), Some("number|double"));
        assert_eq!(at("select upper(§) from calls").unwrap().1.as_deref(), Some("text"));
        assert_eq!(at("select upper(beat) §from calls"), None);
    }

    #[test]
    fn overloads_that_take_so_many_arguments_come_first() {
        assert_eq!(
            at("select date_trunc_ymd(opened, §").unwrap().0,
            "date_trunc_ymd(fixed_timestamp, text) -> floating_timestamp"
        );
    }

    #[test]
    fn repeated_parameters_and_nested_calls() {
        assert_eq!(at("select coalesce(beat, beat, beat, §").unwrap().1.as_deref(), Some("any"));
        assert!(at("select upper(coalesce(beat, §").unwrap().0.starts_with("coalesce("));
        assert!(at("select upper('a, §").unwrap().0.starts_with("upper("));
        assert!(at("select coalesce((x + §").unwrap().0.starts_with("coalesce("));
    }
}
