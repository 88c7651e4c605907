//! Text: patterns, comparison without case, cutting, padding.

use super::row::{A, B, BOOLEAN, NUMBER, TEXT, infix, scalar};
use crate::functions::Function;
use crate::types::TypeSet;

pub(super) const ROWS: &[Function] = &[
    infix("op$||", "||", &[A, B], TEXT)
        .a(TypeSet::STRINGABLE)
        .b(TypeSet::STRINGABLE)
        .since_20()
        .doc("Both sides as text, one after the other; null when either side is null.")
        .note("takes every type but row_identifier and row_version; `coalesce` guards against null")
        .example("name || ': ' || amount"),
    infix("#LIKE", "LIKE", &[TEXT, TEXT], BOOLEAN)
        .identity("like")
        .since_21()
        .doc("True when text fits a pattern: `%` is any run of characters, `_` is any one.")
        .note(
            "case counts, except on API version 2.0; `\\%` and `\\_` are the characters themselves",
        )
        .example("name LIKE 'Main%'"),
    infix("#NOT_LIKE", "NOT LIKE", &[TEXT, TEXT], BOOLEAN)
        .identity("not like")
        .since_21()
        .doc("True when text does not fit a pattern of `%` and `_`.")
        .note("a row whose text is null is not kept either")
        .example("name NOT LIKE '%Slough'"),
    scalar("contains", &[TEXT, TEXT], BOOLEAN)
        .doc("True when the first text has the second somewhere inside it, in the same case.")
        .example("contains(name, 'Delta')"),
    scalar("starts_with", &[TEXT, TEXT], BOOLEAN)
        .since_21()
        .doc("True when the first text begins with the second, in the same case.")
        .example("starts_with(name, 'Main')"),
    scalar("caseless_eq", &[TEXT, TEXT], BOOLEAN)
        .doc("True when two texts are the same but for upper and lower case.")
        .example("caseless_eq(name, 'main st')"),
    scalar("caseless_ne", &[TEXT, TEXT], BOOLEAN)
        .doc("True when two texts differ by more than upper and lower case.")
        .example("caseless_ne(name, 'main st')"),
    scalar("caseless_starts_with", &[TEXT, TEXT], BOOLEAN)
        .doc("True when the first text begins with the second, in whatever case.")
        .example("caseless_starts_with(name, 'main')"),
    scalar("caseless_contains", &[TEXT, TEXT], BOOLEAN)
        .doc("True when the first text has the second somewhere inside it, in whatever case.")
        .example("caseless_contains(name, 'delta')"),
    scalar("caseless_one_of", &[TEXT, TEXT], BOOLEAN)
        .repeat(&[TEXT])
        .doc("True when the first text is one of the others, in whatever case.")
        .note("`IN` without case")
        .example("caseless_one_of(name, 'north', 'south')"),
    scalar("caseless_not_one_of", &[TEXT, TEXT], BOOLEAN)
        .repeat(&[TEXT])
        .doc("True when the first text is none of the others, in whatever case.")
        .note("`NOT IN` without case")
        .example("caseless_not_one_of(name, 'north', 'south')"),
    scalar("lower", &[TEXT], TEXT)
        .since_21()
        .doc("Text with its capitals made small.")
        .example("lower(name)"),
    scalar("upper", &[TEXT], TEXT).since_21().doc("Text in capitals.").example("upper(name)"),
    scalar("length", &[TEXT], NUMBER)
        .doc("How many characters text has; empty text has 0, null has none.")
        .example("length(name)"),
    scalar("split_part", &[TEXT, TEXT, NUMBER], TEXT)
        .doc("The piece with a given number, from 1, of text cut at a delimiter.")
        .example("split_part(name, ',', 2)"),
    scalar("substring", &[TEXT, NUMBER], TEXT)
        .identity("substr2")
        .doc("Text from a position on; the first character is at 1.")
        .example("substring(name, 3)"),
    scalar("substring", &[TEXT, NUMBER, NUMBER], TEXT)
        .identity("substr3")
        .doc("So many characters of text from a position on; the first one is at 1.")
        .note("the third argument is a length, not an end")
        .example("substring(name, 1, 3)"),
    scalar("chr", &[NUMBER], TEXT)
        .doc("The one character with a Unicode code point.")
        .example("chr(65)"),
    scalar("replace", &[TEXT, TEXT, TEXT], TEXT)
        .doc("Text with every occurrence of the second text replaced by the third.")
        .note("case counts, and nothing in the second text is a pattern")
        .example("replace(name, 'Street', 'St')"),
    scalar("trim_leading", &[TEXT], TEXT)
        .doc("Text without the spaces before it.")
        .example("trim_leading(name)"),
    scalar("trim_trailing", &[TEXT], TEXT)
        .doc("Text without the spaces after it.")
        .example("trim_trailing(name)"),
    scalar("trim", &[TEXT], TEXT)
        .doc("Text without the spaces before and after it.")
        .note("takes away spaces only, not tabs or line breaks")
        .example("trim(name)"),
    scalar("left_pad", &[TEXT, NUMBER, TEXT], TEXT)
        .doc("Text brought to a length by putting filler before it.")
        .note("longer text is cut to the length; with '0' it restores the zeros of a ZIP code")
        .example("left_pad(name, 5, '0')"),
    scalar("right_pad", &[TEXT, NUMBER, TEXT], TEXT)
        .doc("Text brought to a length by putting filler after it.")
        .note("longer text is cut to the length")
        .example("right_pad(name, 20, '.')"),
    scalar("unaccent", &[TEXT], TEXT)
        .since_21()
        .doc("Text without accents: `Peña` becomes `Pena`.")
        .example("unaccent(name)"),
];
