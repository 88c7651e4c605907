//! From the place where a portal sees a fault to the user's own text.
//!
//! A position counts in the query as the portal puts it together: clauses joined, stars expanded,
//! names in back-quotes. So the place is looked for by what stands there: first the sent text as
//! a whole inside the portal's, then the word at the place, then the name that the fault is
//! about. The request's maps lead from the sent text to the source.

use tule_core::lower::{Request, SourceMap};
use tule_core::names::fold;
use tule_syntax::lexer::lex;
use tule_syntax::literal::name_text;
use tule_syntax::span::Span;

use crate::envelope::Place;

/// The span of the statement that `place` is about, if it can be told.
pub(crate) fn locate(request: &Request, place: &Place) -> Option<Span> {
    let sent: Vec<(&str, &SourceMap)> = request
        .maps
        .iter()
        .filter_map(|(name, map)| Some((text_of(request, name)?, map)))
        .collect();
    if let Some(offset) = place.at {
        let text = place.text.as_deref();
        if let Some(span) = text.and_then(|text| by_offset(&sent, text, offset)) {
            return Some(span);
        }
        // A portal that does not repeat the query was sent all of it.
        if let (None, [(only, map)]) = (text, sent.as_slice()) {
            return map.source(byte_offset(only, offset)?);
        }
        let word = text.and_then(|text| word_at(text, byte_offset(text, offset)?));
        if let Some(span) = word.and_then(|word| by_word(&sent, &word)) {
            return Some(span);
        }
    }
    by_word(&sent, &fold(place.name.as_deref()?))
}

fn text_of<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    if let Some((_, value)) = request.params.iter().find(|(known, _)| known == name) {
        return Some(value);
    }
    request.body.as_ref()?.get(name)?.as_str()
}

/// The byte at a row and column from 1, in characters.
fn byte_offset(text: &str, (row, column): (u32, u32)) -> Option<u32> {
    let before: usize =
        text.split_inclusive('\n').take(row.checked_sub(1)? as usize).map(str::len).sum();
    let line = text.get(before..)?;
    let inside = line.char_indices().nth(column.checked_sub(1)? as usize).map(|(at, _)| at);
    u32::try_from(before + inside.unwrap_or(line.len())).ok()
}

/// A sent text that stands whole in the portal's, around the place.
fn by_offset(sent: &[(&str, &SourceMap)], text: &str, at: (u32, u32)) -> Option<Span> {
    let offset = byte_offset(text, at)? as usize;
    sent.iter().find_map(|(part, map)| {
        text.match_indices(part).find_map(|(start, _)| {
            let inside = offset.checked_sub(start).filter(|inside| *inside < part.len())?;
            map.source(u32::try_from(inside).ok()?)
        })
    })
}

/// The word at an offset of a query, folded and without back-quotes.
fn word_at(text: &str, offset: u32) -> Option<String> {
    let tokens = lex(text);
    let (_, span) = tokens
        .iter()
        .find(|(kind, span)| !kind.is_trivia() && (span.start..span.end).contains(&offset))?;
    Some(fold(name_text(span.text(text))).into_owned())
}

/// The first place of a word in what was sent.
fn by_word(sent: &[(&str, &SourceMap)], word: &str) -> Option<Span> {
    sent.iter().find_map(|(text, map)| {
        let tokens = lex(text);
        let (_, span) = tokens
            .iter()
            .find(|(kind, span)| !kind.is_trivia() && *fold(name_text(span.text(text))) == *word)?;
        map.source(span.start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_count_in_characters_from_one() {
        assert_eq!(byte_offset("ab\nçd", (1, 1)), Some(0));
        assert_eq!(byte_offset("ab\nçd", (2, 2)), Some(5));
        assert_eq!(byte_offset("ab\nçd", (9, 9)), Some(6));
        assert_eq!(byte_offset("ab", (0, 1)), None);
        assert_eq!(byte_offset("ab", (1, 0)), None);
    }

    #[test]
    fn the_word_at_a_place_is_compared_as_names_are() {
        assert_eq!(word_at("select `Call-No` from x", 9).as_deref(), Some("call_no"));
        assert_eq!(word_at("select a", 6), None);
        assert_eq!(word_at("", 0), None);
    }
}
