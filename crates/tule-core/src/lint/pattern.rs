//! Whether a text passes a test, as the portal would judge it.

use super::ask::How;

/// Whether `text` passes the test `how` against `wanted`.
pub(super) fn matches(how: How, wanted: &str, text: &str) -> bool {
    match how {
        How::Equal => wanted == text,
        How::Starts => text.starts_with(wanted),
        How::Contains => text.contains(wanted),
        How::Like => like(wanted, text),
    }
}

/// One character of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Is(char),
}

/// `LIKE`: `%` is any text, `_` any character, a backslash takes the next one literally.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = Vec::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '%' => Part::Any,
            '_' => Part::One,
            '\\' => chars.next().map_or(Part::Is('\\'), Part::Is),
            c => Part::Is(c),
        });
    }
    let text: Vec<char> = text.chars().collect();
    // Where to go on when the last `%` has to take one character more.
    let mut retry: Option<(usize, usize)> = None;
    let (mut part, mut at) = (0, 0);
    loop {
        match (parts.get(part), text.get(at)) {
            (None, None) => return true,
            (Some(Part::Any), _) => {
                part += 1;
                retry = Some((part, at));
                continue;
            }
            (Some(Part::One), Some(_)) => {}
            (Some(Part::Is(wanted)), Some(c)) if wanted == c => {}
            _ => match retry {
                Some((behind, from)) if from < text.len() => {
                    part = behind;
                    at = from + 1;
                    retry = Some((behind, at));
                    continue;
                }
                _ => return false,
            },
        }
        part += 1;
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_on_the_portal() {
        for (pattern, text) in [
            ("", ""),
            ("%", ""),
            ("a%", "a"),
            ("%b%", "abc"),
            ("a_c", "abc"),
            ("%ab%cd%", "xabxxcabcdx"),
            ("100\\%", "100%"),
            ("_", "é"),
        ] {
            assert!(like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("a", "A"), ("a_c", "ac"), ("%b", "abc"), ("100\\%", "1000"), ("_", "")]
        {
            assert!(!like(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_wildcards_take_no_long_time() {
        assert!(!like(&"%a".repeat(200), &"a".repeat(199)));
        assert!(!like(&format!("{}b", "%a".repeat(100)), &"a".repeat(10_000)));
    }
}
