//! Words of English text as a search compares them: in lower case, without their endings.
//!
//! What a search looks for is every word but those that carry no meaning. The stemmer and the list
//! of stop words are those of Postgres's configuration `english`. Deliberately absent: what its
//! parser makes of addresses and file names, which are taken apart into words here.

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashSet;

/// The words that a search looks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Words(Vec<String>);

static STOP_WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    "a about above after again against all am an and any are as at be because been before being \
    below between both but by can did do does doing don down during each few for from further \
    had has have having he her here hers herself him himself his how i if in into is it its \
    itself just me more most my myself no nor not now of off on once only or other our ours \
    ourselves out over own s same she should so some such t than that the their theirs them \
    themselves then there these they this those through to too under until up very was we were \
    what when where which while who whom why will with you your yours yourself yourselves"
        .split(' ')
        .collect()
});

impl Words {
    /// The words of `text`, each once.
    pub(super) fn of(text: &str) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut words: Vec<String> = split(text)
            .filter(|word| !STOP_WORDS.contains(&**word))
            .map(|word| stemmer.stem(&word).into_owned())
            .collect();
        words.sort();
        words.dedup();
        Self(words)
    }

    /// Whether there is nothing to look for: then nothing is found.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every word stands in one of `texts`.
    pub(super) fn are_in<'t>(&self, texts: impl Iterator<Item = &'t str>) -> bool {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut missing: Vec<&str> = self.0.iter().map(String::as_str).collect();
        for text in texts {
            for word in split(text) {
                // No ending begins with the first letter of a word.
                let first = word.chars().next();
                if !missing.iter().any(|wanted| wanted.chars().next() == first) {
                    continue;
                }
                let stem = stemmer.stem(&word);
                missing.retain(|wanted| *wanted != stem);
                if missing.is_empty() {
                    return true;
                }
            }
        }
        false
    }
}

/// Runs of letters and digits, in lower case.
fn split(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| {
        if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            Cow::Borrowed(word)
        } else {
            Cow::Owned(word.to_lowercase())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_endings() {
        let text = ["The Burning of 3 parked cars", "see https://example.org/Main-Street"];
        let finds = |words: &str| Words::of(words).are_in(text.into_iter());
        for words in ["burn", "BURNS car", "parking", "3", "main street", "the car", "example"] {
            assert!(finds(words), "{words}");
        }
        for words in ["bus", "burn bus", "33", "streetcar"] {
            assert!(!finds(words), "{words}");
        }
        assert!(Words::of("the of").is_empty());
        assert!(Words::of(" -- ").is_empty());
    }
}
