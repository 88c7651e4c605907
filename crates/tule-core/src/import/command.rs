//! A `curl` command: the address, the body and what was passed beside them.
//!
//! Only quoting and the options that change the request are read. Deliberately absent: anything
//! else a shell does. A `$limit` in double quotes is taken as it is written, since nobody means
//! the empty text that a shell would put there.

use super::params::{Param, shown};
use super::text::Text;
use super::{ImportError, Result};

/// A command, taken apart.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) address: Text,
    pub(super) body: Option<Text>,
    /// Data that `-G` moves into the address.
    pub(super) params: Vec<Param>,
    pub(super) notes: Vec<String>,
}

/// Options with a value that changes neither the request's rows nor what is shown of it.
const WITH_VALUE: &[&str] = &[
    "output",
    "max-time",
    "connect-timeout",
    "retry",
    "retry-delay",
    "retry-max-time",
    "write-out",
    "proxy",
    "cacert",
    "cert",
    "key",
    "user-agent",
    "referer",
    "cookie-jar",
    "dump-header",
    "range",
    "resolve",
    "interface",
    "max-redirs",
    "output-dir",
    "config",
    "limit-rate",
];

/// Short options and their long names.
const SHORT: &[(char, &str)] = &[
    ('X', "request"),
    ('H', "header"),
    ('d', "data"),
    ('u', "user"),
    ('b', "cookie"),
    ('G', "get"),
    ('F', "form"),
    ('T', "upload-file"),
    ('o', "output"),
    ('m', "max-time"),
    ('w', "write-out"),
    ('x', "proxy"),
    ('E', "cert"),
    ('A', "user-agent"),
    ('e', "referer"),
    ('c', "cookie-jar"),
    ('D', "dump-header"),
    ('r', "range"),
    ('K', "config"),
];

#[derive(Default)]
struct Reader {
    addresses: Vec<Text>,
    /// The option's name and its value.
    data: Vec<(String, Text)>,
    get: bool,
    notes: Vec<String>,
}

pub(super) fn read(text: &Text) -> Result<Command> {
    let mut reader = Reader::default();
    let mut words = words(text)?.into_iter();
    while let Some(word) = words.next() {
        let value = word.as_str();
        if let Some(long) = value.strip_prefix("--").filter(|long| !long.is_empty()) {
            let argument = takes_value(long).then(|| words.next()).flatten();
            reader.option(long, argument)?;
        } else if value.len() > 1 && value.starts_with('-') {
            reader.cluster(&word, &mut words)?;
        } else {
            reader.addresses.push(word);
        }
    }
    reader.finish(text)
}

fn takes_value(long: &str) -> bool {
    WITH_VALUE.contains(&long)
        || matches!(
            long,
            "request"
                | "header"
                | "user"
                | "oauth2-bearer"
                | "cookie"
                | "form"
                | "upload-file"
                | "url"
        )
        || long == "json"
        || long.starts_with("data")
}

impl Reader {
    /// `-sXPOST`
    fn cluster(&mut self, word: &Text, words: &mut impl Iterator<Item = Text>) -> Result<()> {
        let length = word.as_str().len();
        for (at, c) in word.as_str().char_indices().skip(1) {
            let Some((_, long)) = SHORT.iter().find(|(short, _)| *short == c) else {
                continue;
            };
            if !takes_value(long) {
                self.option(long, None)?;
                continue;
            }
            let rest = word.part(at + c.len_utf8()..length);
            let value = if rest.is_empty() { words.next() } else { Some(rest) };
            return self.option(long, value);
        }
        Ok(())
    }

    fn option(&mut self, long: &str, value: Option<Text>) -> Result<()> {
        match (long, value) {
            ("get", _) => self.get = true,
            ("url", Some(value)) => self.addresses.push(value),
            ("request", Some(method)) => {
                let known =
                    ["GET", "POST"].iter().any(|known| method.as_str().eq_ignore_ascii_case(known));
                if !known {
                    return Err(changes_data(&method));
                }
            }
            ("header", Some(value)) => self.header(value.as_str()),
            ("user" | "oauth2-bearer" | "cookie", Some(_)) => self.secret(&format!("--{long}")),
            ("form" | "upload-file", Some(value)) => return Err(changes_data(&value)),
            ("json", Some(value)) => self.data.push((long.to_owned(), value)),
            (name, Some(value)) if name.starts_with("data") => {
                let written = value.as_str();
                let named_file = name == "data-urlencode" && !written.contains('=');
                if name != "data-raw" && written.starts_with('@')
                    || named_file && written.contains('@')
                {
                    return Err(ImportError::new(
                        "bad-json",
                        "data of the request stands in a file",
                    )
                    .help("put the file's content in its place")
                    .at(Some(value.whole())));
                }
                self.data.push((name.to_owned(), value));
            }
            _ => {}
        }
        Ok(())
    }

    fn header(&mut self, value: &str) {
        let Some((name, _)) = value.split_once(':') else {
            return;
        };
        let name = name.trim();
        let folded = name.to_ascii_lowercase();
        if ["token", "auth", "cookie", "key", "secret"].iter().any(|part| folded.contains(part)) {
            self.secret(&shown(name));
        } else if !["accept", "content-type", "user-agent"].contains(&folded.as_str()) {
            self.notes
                .push(format!("header `{}` is no part of a query and was left out", shown(name)));
        }
    }

    /// What it holds is never repeated.
    fn secret(&mut self, name: &str) {
        self.notes.push(format!(
            "`{name}` was left out: a token belongs in the variable that `token-env` names"
        ));
    }

    fn finish(self, text: &Text) -> Result<Command> {
        let mut addresses = self.addresses.into_iter();
        let Some(address) = addresses.next() else {
            return Err(ImportError::new("not-a-portal-url", "command has no address")
                .at(Some(text.whole())));
        };
        if let Some(second) = addresses.next() {
            return Err(ImportError::new("syntax", "command has more than one address")
                .help("an address with `&` or blank space in it stands in single quotes")
                .at(Some(second.whole())));
        }
        let mut command = Command { address, body: None, params: Vec::new(), notes: self.notes };
        for (name, value) in self.data {
            if self.get {
                command.params.extend(data_params(&name, &value));
            } else if let Some(body) = &mut command.body {
                body.push('&', value.origin(0..0));
                body.append(&value, 0..value.as_str().len());
            } else {
                command.body = Some(value.trim());
            }
        }
        Ok(command)
    }
}

fn changes_data(value: &Text) -> ImportError {
    ImportError::new("unsupported-endpoint", "command does not read rows").at(Some(value.whole()))
}

/// Data that stands in the address with `-G`: `--data-urlencode` takes it as it is, the others
/// want it encoded.
fn data_params(option: &str, value: &Text) -> Vec<Param> {
    let encoded = option != "data-urlencode";
    let pieces = if encoded { value.split('&') } else { vec![value.clone()] };
    let decode = |text: Text| if encoded { text.decode(true).0 } else { text };
    pieces
        .into_iter()
        .filter(|piece| !piece.trim().is_empty())
        .map(|piece| {
            let length = piece.as_str().len();
            let equals = piece.as_str().find('=').unwrap_or(length);
            let name = decode(piece.part(0..equals)).trim();
            Param {
                name: name.as_str().to_owned(),
                name_span: Some(name.whole()),
                value: decode(piece.part((equals + 1).min(length)..length)),
            }
        })
        .collect()
}

/// The words of a command, up to a pipe or a redirection.
fn words(text: &Text) -> Result<Vec<Text>> {
    let value = text.as_str();
    let mut words = Vec::new();
    let mut word: Option<Text> = None;
    let mut at = 0;
    while let Some(c) = value.get(at..).and_then(|rest| rest.chars().next()) {
        let next = at + c.len_utf8();
        let current = || Text::beside(&text.part(at..next));
        match c {
            _ if c.is_whitespace() => {
                words.extend(word.take());
                at = next;
            }
            '|' | ';' | '<' | '>' if word.is_none() => break,
            '\'' | '"' => {
                let word = word.get_or_insert_with(current);
                at = quoted(text, at, c, false, word)?;
            }
            '$' if value.get(next..).is_some_and(|rest| rest.starts_with('\'')) => {
                let word = word.get_or_insert_with(current);
                at = quoted(text, next, '\'', true, word)?;
            }
            // At the end of a line it joins two lines, in front of anything else it quotes that.
            '\\' => {
                let escaped = value.get(next..).and_then(|rest| rest.chars().next());
                let line_end = value.get(next..).is_some_and(|rest| rest.starts_with("\r\n"));
                match escaped {
                    None => at = next,
                    Some('\n') => at = next + 1,
                    Some('\r') if line_end => at = next + 2,
                    Some(escaped) => {
                        let end = next + escaped.len_utf8();
                        word.get_or_insert_with(current).push(escaped, text.origin(at..end));
                        at = end;
                    }
                }
            }
            _ => {
                word.get_or_insert_with(current).push(c, text.origin(at..next));
                at = next;
            }
        }
    }
    words.extend(word);
    Ok(words)
}

/// Reads a quoted part whose quote stands at `open`; gives the place behind it. `ansi` says that
/// it is `$'…'`, with the escapes of C.
fn quoted(text: &Text, open: usize, quote: char, ansi: bool, word: &mut Text) -> Result<usize> {
    let value = text.as_str();
    let mut at = open + 1;
    while let Some(c) = value.get(at..).and_then(|rest| rest.chars().next()) {
        let mut end = at + c.len_utf8();
        if c == quote {
            return Ok(end);
        }
        let escaped = value.get(end..).and_then(|rest| rest.chars().next());
        match escaped.filter(|_| c == '\\' && (ansi || quote == '"')) {
            Some('\n') if !ansi => end += 1,
            Some(escaped) if ansi || "$`\"\\".contains(escaped) => {
                end += escaped.len_utf8();
                let digits = if escaped == 'u' { 4 } else { 2 };
                let number = value.get(end..end + digits).filter(|_| "ux".contains(escaped));
                let number = number.and_then(|number| u32::from_str_radix(number, 16).ok());
                let c = match number.and_then(char::from_u32) {
                    Some(c) => {
                        end += digits;
                        c
                    }
                    None if ansi && escaped == 'n' => '\n',
                    None if ansi && escaped == 't' => '\t',
                    None if ansi && escaped == 'r' => '\r',
                    None => escaped,
                };
                word.push(c, text.origin(at..end));
            }
            _ => word.push(c, text.origin(at..end)),
        }
        at = end;
    }
    Err(ImportError::new("syntax", format!("`{quote}` is never closed"))
        .at(Some(text.origin(open..open + 1))))
}
