//! LIKE: patterns of `%`, `_` and backslash, matched without building anything.
//!
//! A run of any characters is tried from its shortest on. Only the last run is ever widened: what
//! an earlier one could take more of, the last one can take as well.

use crate::value::Fault;

const TRAILING: Fault =
    Fault::Undefined { function: "LIKE", why: "needs a character after the last backslash" };

/// Whether the whole of `text` fits `pattern`.
pub(super) fn matches(text: &str, pattern: &str) -> Result<bool, Fault> {
    let (mut rest, mut open) = (text, pattern);
    // Behind the last `%`: the pattern, and the text from where it was tried.
    let mut retry: Option<(&str, &str)> = None;
    loop {
        let mut ahead = open.chars();
        let fits = match ahead.next() {
            Some('%') => {
                open = ahead.as_str();
                if open.is_empty() {
                    return Ok(true);
                }
                retry = Some((open, rest));
                continue;
            }
            None if rest.is_empty() => return Ok(true),
            None => false,
            Some(wanted) => {
                let any = wanted == '_';
                let wanted = if wanted == '\\' { ahead.next().ok_or(TRAILING)? } else { wanted };
                let mut behind = rest.chars();
                match behind.next() {
                    Some(found) if any || found == wanted => {
                        (rest, open) = (behind.as_str(), ahead.as_str());
                        true
                    }
                    Some(_) => false,
                    None => return Ok(false),
                }
            }
        };
        if fits {
            continue;
        }
        let Some((pattern, tried)) = retry else { return Ok(false) };
        let mut behind = tried.chars();
        if behind.next().is_none() {
            return Ok(false);
        }
        (rest, open) = (behind.as_str(), pattern);
        retry = Some((pattern, rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fits(text: &str, pattern: &str, expected: bool) {
        assert_eq!(matches(text, pattern), Ok(expected), "{text:?} LIKE {pattern:?}");
    }

    #[test]
    fn patterns() {
        fits("", "", true);
        fits("", "%", true);
        fits("", "_", false);
        fits("abc", "abc", true);
        fits("abc", "ab", false);
        fits("ab", "abc", false);
        fits("abc", "a%", true);
        fits("abc", "%c", true);
        fits("abc", "%b%", true);
        fits("abc", "a_c", true);
        fits("abc", "_%_%_%_", false);
        fits("abcabd", "%ab_d", false);
        fits("abcabxd", "%ab_d", true);
        fits("mississippi", "m%iss%ip%i", true);
        fits("mississippi", "m%iss%ipx", false);
        fits("Peña", "Pe_a", true);
        fits("50%", r"50\%", true);
        fits("50x", r"50\%", false);
        fits(r"a\b", r"a\\b", true);
        fits("Abc", "abc", false);
    }

    #[test]
    fn a_lone_backslash_is_a_fault_where_it_matters() {
        assert_eq!(matches("abc", r"abc\"), Err(TRAILING));
        assert_eq!(matches("abc", r"x\"), Ok(false));
    }

    #[test]
    fn many_runs_take_no_exponential_time() {
        let text = "a".repeat(5000);
        assert_eq!(matches(&text, &format!("{}b", "a%".repeat(500))), Ok(false));
    }
}
