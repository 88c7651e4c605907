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
/// name is asked: eight bytes at a time.
#[expect(clippy::indexing_slicing, reason = "a byte is an index of a table of 256")]
fn is_folded(name: &[u8]) -> bool {
    let Some(last) = name.last_chunk::<8>() else {
        return name.iter().all(|byte| PLAIN[usize::from(*byte)]);
    };
    let (words, _) = name.as_chunks::<8>();
    let mut words = words.iter().chain([last]);
    words.all(|word| is_folded_word(u64::from_ne_bytes(*word)))
}

/// The same for eight bytes. No sum of two bytes below 128 carries into the next byte, so that
/// one addition compares all eight; the answers are the highest bits.
const fn is_folded_word(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGHEST: u64 = ONES << 7;
    let foreign = word;
    let at_least_a = word.wrapping_add(ONES * (128 - b'A' as u64));
    let beyond_z = word.wrapping_add(ONES * (127 - b'Z' as u64));
    let no_dash = (word ^ (ONES * b'-' as u64)).wrapping_add(ONES * 127);
    (foreign | at_least_a & !beyond_z | !no_dash) & HIGHEST == 0
}

/// The known names most like `wanted`, best first, at most three; empty where none is near.
///
/// A name is near when it differs in few letters for its length, when it contains `wanted` or is
/// contained in it, or when both are made of the same words.
#[must_use]
pub fn similar<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = fold(wanted);
    let letters = Letters::of(&wanted);
    let length = letters.count;
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
            let own = Letters::of(&folded);
            if letters.distance(own) <= allowed {
                let distance = strsim::damerau_levenshtein(&wanted, &folded);
                if distance <= allowed && distance < length.max(2) {
                    return Some((distance, name));
                }
            }
            let part = length >= 4
                && folded.len() >= 4
                && (own.include(letters) && folded.contains(&*wanted)
                    || letters.include(own) && wanted.contains(&*folded));
            if part {
                return Some((4, name));
            }
            (own == letters && same_words(&wanted, &folded)).then_some((5, name))
        })
        .collect();
    near.sort_by_key(|(distance, name)| (*distance, *name));
    near.dedup_by_key(|(_, name)| *name);
    near.truncate(3);
    near.into_iter().map(|(_, name)| name).collect()
}

/// How many characters a name has, and which: what rules most names out before they are compared
/// letter by letter.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Letters {
    count: usize,
    /// A bit for each class of characters; those that are equal modulo 64 are one class.
    classes: u64,
}

impl Letters {
    fn of(name: &str) -> Self {
        name.chars().fold(Self { count: 0, classes: 0 }, |letters, c| Self {
            count: letters.count + 1,
            classes: letters.classes | 1 << (u32::from(c) % 64),
        })
    }

    /// A number of edits that makes one name of the other at the very least: an edit brings one
    /// class in and takes one out at most.
    fn distance(self, other: Self) -> usize {
        let gone = (self.classes & !other.classes).count_ones();
        let come = (other.classes & !self.classes).count_ones();
        self.count.abs_diff(other.count).max(gone.max(come) as usize)
    }

    /// Whether `other` may be a part of this name.
    fn include(self, other: Self) -> bool {
        other.classes & !self.classes == 0
    }
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
    fn no_near_name_is_ruled_out_by_its_letters() {
        let names = ["created_date", "créated_date", "cretaed_dat", "date", "größe", "grosse", ""];
        for a in names {
            for b in names {
                let distance = strsim::damerau_levenshtein(a, b);
                assert!(Letters::of(a).distance(Letters::of(b)) <= distance, "{a} {b}");
            }
        }
        assert_eq!(Letters::of("abc").distance(Letters::of("abd")), 1);
        assert_eq!(Letters::of("abc").distance(Letters::of("xyz")), 3);
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
