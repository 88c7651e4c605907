//! Tokens and passwords in a query file.
//!
//! Found in the text as such, comments included, whatever its form: a secret that stops a query
//! from parsing is one all the same. Only values beside a word that names a secret are reported;
//! placeholders are not.

use std::ops::Range;

use tule_syntax::lexer::lex;
use tule_syntax::span::Span;

use crate::diagnostics::{Applicability, Code, Diagnostic, Explanation};
use crate::lint::{Lint, Look};

/// Words that name a secret, in lower case, and the least length of its value.
const WORDS: &[(&str, usize)] = &[
    ("app_token", 8),
    ("app-token", 8),
    ("apptoken", 8),
    ("access_token", 8),
    ("api_key", 8),
    ("api-key", 8),
    ("apikey", 8),
    ("secret_token", 8),
    ("client_secret", 8),
    ("bearer", 16),
    ("authorization: basic", 8),
    ("password", 4),
    ("passwd", 4),
];

/// Words of which one stands in every word of [`WORDS`], but for letter case.
const HINTS: &[&str] = &["oken", "pass", "key", "secret", "earer", "uthorization"];

pub(super) static LINT: Lint = Lint {
    explanation: Explanation {
        code: Code::SecretInQuery,
        why: "Query files are committed, mailed and pasted, and everybody who has one has the \
              token or password in it. Removed from the file it is still in its history.\n\n\
              Revoke it on the portal, and name an environment variable in `tule.toml` instead: \
              `token-env = \"SOCRATA_APP_TOKEN\"`. The token is sent in a header then, never in \
              an address.",
        failing: "-- from /resource/esc4-8x43.json?$$app_token=Zq8Rk2vTn4Wd7Yb1&$limit=10\n\
                  select call_no from police_calls limit 10",
        repaired: "-- from /resource/esc4-8x43.json?$limit=10\n\
                   select call_no, beat from police_calls limit 10",
    },
    look: Look::Text(look),
};

fn look(text: &str, found: &mut Vec<Diagnostic>) {
    let suspicious = HINTS.iter().any(|hint| text.contains(hint))
        || text.bytes().any(|byte| byte.is_ascii_uppercase())
            && HINTS.iter().any(|hint| text.contains(&*hint.to_ascii_uppercase()));
    if !suspicious {
        return;
    }
    let lower = text.to_ascii_lowercase();
    let mut places: Vec<Secret> = WORDS
        .iter()
        .flat_map(|(word, least)| {
            lower.match_indices(word).filter_map(|(at, _)| secret(text, at, word, *least))
        })
        .collect();
    places.sort_by_key(|secret| (secret.value.start, secret.name.start));
    places.dedup_by(|b, a| b.value.start < a.value.end);
    if places.is_empty() {
        return;
    }
    let lexed = lex(text);
    for secret in places {
        let at = u32::try_from(secret.name.start).unwrap_or(0);
        let comment = lexed.iter().any(|(kind, span)| kind.is_comment() && span.touches(at));
        let quoted =
            lexed.iter().any(|(kind, span)| kind.is_string() && span.contains(cut(&secret.value)));
        // A password in the query itself is compared with a column.
        let token = secret.word.contains("token");
        if !comment && !token {
            continue;
        }
        let name = cut(&secret.name);
        let message = format!(
            "a secret stands in the query: the value of `{}`, {} characters",
            name.text(text),
            secret.value.len()
        );
        // Whoever shows the text of a finding hides what this label is about.
        let diagnostic = Diagnostic::new(Code::SecretInQuery, name, message)
            .label(cut(&secret.value), "this value")
            .help("revoke it, and name an environment variable with `token-env` in `tule.toml`");
        found.push(if comment {
            diagnostic.fix(Applicability::Safe, "remove it from the comment", cut(&secret.all), "")
        } else if quoted {
            diagnostic.fix(Applicability::Unsafe, "remove it from the text", cut(&secret.all), "")
        } else {
            diagnostic
        });
    }
}

/// A secret and its parts, as ranges of bytes.
struct Secret {
    word: &'static str,
    /// The word that names it, with the signs in front that belong to it.
    name: Range<usize>,
    value: Range<usize>,
    /// All that is to go, with the sign that joins it to its neighbours.
    all: Range<usize>,
}

fn cut(range: &Range<usize>) -> Span {
    let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    Span::new(at(range.start), at(range.end))
}

/// The secret whose name begins at `at`, if a value stands behind it.
fn secret(text: &str, at: usize, word: &'static str, least: usize) -> Option<Secret> {
    let bytes = text.as_bytes();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'$';
    let mut start = at;
    while start > 0 && bytes.get(start - 1).is_some_and(|byte| is_word(byte) || *byte == b'-') {
        start -= 1;
    }
    // `--app_token: ...` is a comment.
    while text.get(start..at).is_some_and(|before| before.starts_with('-')) {
        start += 1;
    }
    let name = start..at + word.len();
    let behind = text.get(name.end..)?;
    let signs = behind
        .find(|c: char| !matches!(c, '=' | ':' | ' ' | '\'' | '"' | '`'))
        .filter(|signs| *signs > 0)?;
    let joined = behind.get(..signs)?;
    // `the app_token is ...` names a token and does not give it.
    let spaced = word == "bearer" || word.ends_with("basic");
    if !spaced && !joined.contains(['=', ':']) {
        return None;
    }
    let from = name.end + signs;
    let rest = text.get(from..)?;
    let length = rest
        .find(|c: char| {
            c.is_whitespace() || matches!(c, '&' | '\'' | '"' | '`' | ',' | ';' | ')' | '#')
        })
        .unwrap_or(rest.len());
    let value = from..from + length;
    if !is_secret(text.get(value.clone())?, least) {
        return None;
    }
    let mut all = name.start..value.end;
    if bytes.get(all.end) == Some(&b'&') {
        all.end += 1;
    } else if all.start > 0 && bytes.get(all.start - 1) == Some(&b'&') {
        all.start -= 1;
    } else if bytes.get(all.end).is_some_and(|byte| matches!(byte, b'\'' | b'"'))
        && joined.ends_with(['\'', '"'])
    {
        all.end += 1;
    }
    Some(Secret { word, name, value, all })
}

/// Whether a value looks like a secret rather than like the place for one.
fn is_secret(value: &str, least: usize) -> bool {
    let plain =
        value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/=!@*$%^~".contains(&byte));
    if !plain || value.len() < least || value.starts_with(['$', '<', '{', '%', '*']) {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    let placeholder = ["your", "token", "xxx", "example", "secret", "password", "changeme", "..."]
        .iter()
        .any(|word| lower.contains(word));
    let varied =
        value.bytes().any(|byte| byte.is_ascii_digit() || !byte.is_ascii_lowercase()) || least < 8;
    !placeholder && varied && value.bytes().any(|byte| Some(&byte) != value.as_bytes().first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        look(text, &mut found);
        for diagnostic in &found {
            let all = format!("{diagnostic:?}");
            assert!(!all.contains("Zq8Rk2vTn4Wd7Yb1"), "{all}");
        }
        found.iter().map(|diagnostic| diagnostic.span.text(text)).collect()
    }

    #[test]
    fn secrets_are_found_and_never_repeated() {
        for (text, name) in [
            ("-- ?$$app_token=Zq8Rk2vTn4Wd7Yb1&$limit=1\nselect 1", "$$app_token"),
            ("-- X-App-Token: Zq8Rk2vTn4Wd7Yb1\nselect 1", "X-App-Token"),
            ("/* app_token = 'Zq8Rk2vTn4Wd7Yb1' */ select 1", "app_token"),
            ("select * where $$app_token=Zq8Rk2vTn4Wd7Yb1", "$$app_token"),
            ("--APP_TOKEN=Zq8Rk2vTn4Wd7Yb1", "APP_TOKEN"),
            ("-- Authorization: Bearer Zq8Rk2vTn4Wd7Yb1", "Bearer"),
            ("-- login a@b.org password: hunter22", "password"),
        ] {
            assert_eq!(values(text), [name], "{text}");
        }
    }

    #[test]
    fn talk_of_secrets_and_places_for_them_are_none() {
        for text in [
            "-- send the app_token in a header",
            "-- ?$$app_token=YOUR_APP_TOKEN",
            "-- X-App-Token: $SOCRATA_APP_TOKEN",
            "-- app_token={token}",
            "-- app_token: xxxxxxxxxxxx",
            "-- password: ****",
            "select keyword, token_count from t where token_count = 12345678",
            "select a where password = 'hunter22'",
            "-- the key: value pairs",
        ] {
            assert_eq!(values(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_is_removed_leaves_the_rest_of_an_address() {
        for (text, left) in [
            ("-- /a.json?$$app_token=Zq8Rk2vTn4Wd7Yb1&$limit=1", "-- /a.json?$limit=1"),
            ("-- /a.json?$limit=1&$$app_token=Zq8Rk2vTn4Wd7Yb1", "-- /a.json?$limit=1"),
            ("-- X-App-Token: Zq8Rk2vTn4Wd7Yb1", "-- "),
        ] {
            let mut found = Vec::new();
            look(text, &mut found);
            let edit = &found[0].fixes[0].edits[0];
            let mut repaired = text.to_owned();
            repaired.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            assert_eq!(repaired, left);
        }
    }
}
