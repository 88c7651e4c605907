//! Text without accents, by the rules of `PostgreSQL`'s `unaccent`.
//!
//! Most of its rules are Unicode's decompositions without their marks, for some signs those that
//! only keep the meaning. Letters and signs that have none are listed here, those of Latin-1,
//! Latin Extended-A and typography. Deliberately absent: its rules for phonetic letters, for rare
//! letters of Latin Extended-B and beyond, and for the brackets of East Asian text.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters and signs without a decomposition, sorted.
const REPLACED: &[(char, &str)] = &[
    ('¡', "!"),
    ('©', "(C)"),
    ('«', "<<"),
    ('\u{ad}', "-"),
    ('®', "(R)"),
    ('±', "+/-"),
    ('»', ">>"),
    ('¼', "1/4"),
    ('½', "1/2"),
    ('¾', "3/4"),
    ('¿', "?"),
    ('Æ', "AE"),
    ('Ð', "D"),
    ('×', "*"),
    ('Ø', "O"),
    ('Þ', "TH"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('ð', "d"),
    ('÷', "/"),
    ('ø', "o"),
    ('þ', "th"),
    ('Đ', "D"),
    ('đ', "d"),
    ('Ħ', "H"),
    ('ħ', "h"),
    ('ı', "i"),
    ('ĸ', "q"),
    ('Ŀ', "L"),
    ('ŀ', "l"),
    ('Ł', "L"),
    ('ł', "l"),
    ('ŉ', "'n"),
    ('Ŋ', "N"),
    ('ŋ', "n"),
    ('Œ', "OE"),
    ('œ', "oe"),
    ('Ŧ', "T"),
    ('ŧ', "t"),
    ('Ё', "Е"),
    ('ё', "е"),
    ('ẞ', "SS"),
    ('‐', "-"),
    ('‑', "-"),
    ('‒', "-"),
    ('–', "-"),
    ('—', "-"),
    ('―', "-"),
    ('‖', "||"),
    ('‘', "'"),
    ('’', "'"),
    ('‚', ","),
    ('‛', "'"),
    ('“', "\""),
    ('”', "\""),
    ('„', ",,"),
    ('‟', "\""),
    ('′', "'"),
    ('″', "\""),
    ('‹', "<"),
    ('›', ">"),
    ('⁄', "/"),
    ('−', "-"),
];

/// Latin and Greek come before. Scripts from here on have letters that look like accented ones
/// and are not, `й` for one.
const BEYOND_GREEK: char = '\u{400}';

/// Where signs are that are short for ASCII: ligatures, Roman numerals, units, wide forms.
const SIGNS: &[RangeInclusive<char>] = &[
    '\u{100}'..='\u{24f}',
    '\u{2024}'..='\u{2026}',
    '\u{203c}'..='\u{2049}',
    '\u{2100}'..='\u{2188}',
    '\u{2474}'..='\u{24b5}',
    '\u{3371}'..='\u{33df}',
    '\u{fb00}'..='\u{fb06}',
    '\u{fe10}'..='\u{fe6b}',
    '\u{ff01}'..='\u{ff5e}',
];

/// The text without accents; borrowed if it has none.
pub(super) fn unaccented(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            plain.push(letter);
        } else if let Ok(at) = REPLACED.binary_search_by_key(&letter, |(from, _)| *from) {
            plain.push_str(REPLACED.get(at).map_or("", |(_, to)| to));
        } else {
            take_apart(letter, &mut plain);
        }
    }
    Cow::Owned(plain)
}

/// Adds the letter without its marks, or what a sign is short for.
fn take_apart(letter: char, plain: &mut String) {
    let marks = |part: &char| !is_combining_mark(*part);
    if SIGNS.iter().any(|range| range.contains(&letter)) {
        // Fractions have a slash of their own.
        let slash = |part| if part == '⁄' { '/' } else { part };
        let meant = || letter.nfkd().filter(marks).map(slash);
        if meant().all(|part| part.is_ascii()) {
            plain.extend(meant());
            return;
        }
    }
    if letter.nfd().filter(marks).all(|part| part < BEYOND_GREEK) {
        plain.extend(letter.nfd().filter(marks));
    } else {
        plain.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(REPLACED.is_sorted_by(|(left, _), (right, _)| left < right));
    }

    // Expected values are PostgreSQL 15's.
    #[test]
    fn accents_are_taken_off() {
        for (text, plain) in [
            ("Peña Street", "Pena Street"),
            ("Ærø, Straße, Łódź", "AEro, Strasse, Lodz"),
            ("ά й ё Ё ї", "α й е Е ї"),
            ("e\u{301}", "e"),
            ("“1½” – №", "\"11/2\" - No"),
            ("Đà Nẵng", "Da Nang"),
            ("東京 한국", "東京 한국"),
            ("10 ㎏, Ⅻ, ⅓, ﬁn", "10 kg, XII, 1/3, fin"),
            ("m² 1ª ´", "m² 1ª ´"),
            ("plain", "plain"),
        ] {
            assert_eq!(unaccented(text), plain);
        }
    }
}
