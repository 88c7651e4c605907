//! Names as the language compares them, and guesses at misspelt ones.
//!
//! Columns, aliases, functions, types and datasets are one name if they fold to the same text:
//! canonical decomposition, `-` read as `_`, then case folding that ignores compatibility
//! differences (the rule of the reference language). The written spelling is kept for display.

use std::borrow::Cow;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// The form of `name` that comparison uses.
///
/// ```
/// use tule_core::names::fold;
/// assert_eq!(fold("Name-Last"), "name_last");
/// assert_eq!(fold("beat"), "beat");
/// assert_eq!(fold("GRÖSSE"), fold("größe"));
/// ```
#[must_use]
pub fn fold(name: &str) -> Cow<'_, str> {
    if is_folded(name.as_bytes()) {
        return Cow::Borrowed(name);
    }
    if name.is_ascii() {
        let mut folded = name.to_ascii_lowercase();
        if folded.contains('-') {
            folded = folded.replace('-', "_");
        }
        return Cow::Owned(folded);
    }
    let dashes = name.nfd().map(|c| if c == '-' { '_' } else { c });
    Cow::Owned(dashes.default_case_fold().nfkd().default_case_fold().nfkd().collect())
}

/// Bytes that folding leaves as they are.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        #[expect(clippy::indexing_slicing, reason = "a byte is an index of a table of 256")]
        {
            plain[byte as usize] = !byte.is_ascii_uppercase() && byte != b'-';
        }
        byte += 1;
    }
    plain
};

/// Whether folding would leave `name` as it is. Nearly every name is folded already, and every
/// name is asked.
fn is_folded(name: &[u8]) -> bool {
    #[expect(clippy::indexing_slicing, reason = "a byte is an index of a table of 256")]
    name.iter().all(|byte| PLAIN[usize::from(*byte)])
}

/// The known names most like `wanted`, best first, at most three; empty where none is near.
///
/// A name is near when it differs in few letters for its length, when it contains `wanted` or is
/// contained in it, or when both are made of the same words.
#[must_use]
pub fn similar<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = fold(wanted);
    let length = wanted.chars().count();
    let allowed = match length {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|name| {
            let folded = fold(name);
            if folded == wanted {
                return Some((0, name));
            }
            // The distance is never less than the difference in length.
            if folded.len().abs_diff(wanted.len()) <= 2 * allowed {
                let distance = strsim::damerau_levenshtein(&wanted, &folded);
                if distance <= allowed && distance < length.max(2) {
                    return Some((distance, name));
                }
            }
            let part = length >= 4
                && (folded.contains(&*wanted) || wanted.contains(&*folded))
                && folded.len() >= 4;
            if part {
                return Some((4, name));
            }
            same_words(&wanted, &folded).then_some((5, name))
        })
        .collect();
    near.sort_by_key(|(distance, name)| (*distance, *name));
    near.dedup_by_key(|(_, name)| *name);
    near.truncate(3);
    near.into_iter().map(|(_, name)| name).collect()
}

/// `date_created` and `created_date`.
fn same_words(a: &str, b: &str) -> bool {
    if a.len() != b.len() || !a.contains('_') || !b.contains('_') {
        return false;
    }
    let words = |text: &str| {
        let mut words: Vec<String> =
            text.split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.sort();
        words
    };
    let (a, b) = (words(a), words(b));
    a.len() > 1 && a == b
}

/// Names in back-quotes joined for a sentence: `a`, `b` or `c`.
#[must_use]
pub fn alternatives(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_told_from_others_at_every_place() {
        for length in 0..20 {
            let name = "a_0$z".repeat(4)[..length].to_owned();
            assert!(is_folded(name.as_bytes()), "{name}");
            for at in 0..length {
                for odd in ["A", "Z", "M", "-", "é"] {
                    let mut name = name.clone();
                    name.replace_range(at..=at, odd);
                    assert!(!is_folded(name.as_bytes()), "{name}");
                }
            }
        }
    }

    #[test]
    fn folding_follows_the_reference() {
        assert_eq!(fold("Name-Last"), fold("NAME_LAST"));
        assert_eq!(fold("été"), fold("E\u{301}TE\u{301}"));
        assert_eq!(fold("ﬁeld"), "field");
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let columns = ["created_date", "closed_date", "borough", "unique_key", "x"];
        assert_eq!(similar("creation_date", columns), ["created_date"]);
        assert_eq!(similar("date_created", columns), ["created_date"]);
        assert_eq!(similar("bourough", columns), ["borough"]);
        assert_eq!(similar("permit_number", columns), Vec::<&str>::new());
        assert_eq!(alternatives(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
