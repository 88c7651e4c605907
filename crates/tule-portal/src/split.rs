//! A list of JSON objects, taken apart while it arrives.
//!
//! Only the outermost brackets are looked at; what stands between the braces of an object is
//! handed on as it is. An end without the closing bracket is an answer that was cut off, however
//! the connection ended. Memory is bounded by the largest object.

use memchr::{memchr2, memchr3};

use crate::error::Fault;

/// The state of a list that has arrived in part.
#[derive(Debug)]
pub(crate) struct Splitter {
    at: At,
    /// The beginning of an object whose end has not arrived.
    held: Vec<u8>,
    depth: u32,
    in_string: bool,
    escaped: bool,
    most: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    /// In front of `[`.
    Begin,
    /// Behind `[`: an object or the end.
    First,
    /// Inside an object.
    Object,
    /// Behind an object.
    Behind,
    /// Behind `,`.
    Next,
    /// Behind `]`.
    End,
}

impl Splitter {
    /// A list with objects of at most `most` bytes.
    pub(crate) fn new(most: usize) -> Self {
        let held = Vec::new();
        Self { at: At::Begin, held, depth: 0, in_string: false, escaped: false, most }
    }

    /// Takes the next piece of text, and gives every object that ends in it to `object`.
    pub(crate) fn feed(
        &mut self,
        mut piece: &[u8],
        mut object: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        while !piece.is_empty() {
            if self.at != At::Object {
                piece = self.between(piece)?;
                continue;
            }
            let end = self.object_end(piece);
            let (inside, rest) = piece.split_at(end.unwrap_or(piece.len()));
            if self.held.len() + inside.len() > self.most {
                return Err(Fault::TooLarge { what: "a row", limit: self.most as u64 });
            }
            match (end, self.held.is_empty()) {
                (Some(_), true) => object(inside)?,
                (Some(_), false) => {
                    self.held.extend_from_slice(inside);
                    object(&self.held)?;
                    self.held.clear();
                }
                (None, _) => self.held.extend_from_slice(inside),
            }
            if end.is_some() {
                self.at = At::Behind;
            }
            piece = rest;
        }
        Ok(())
    }

    /// Whether the list is complete.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        if self.at == At::End {
            return Ok(());
        }
        let reason = match self.at {
            At::Begin => "it is empty",
            At::Object => "it ends inside a row",
            _ => "the list of rows is not closed",
        };
        Err(Fault::Truncated { reason: reason.to_owned() })
    }

    /// Reads one sign between objects; gives what follows.
    fn between<'p>(&mut self, piece: &'p [u8]) -> Result<&'p [u8], Fault> {
        let Some((sign, rest)) = piece.split_first() else { return Ok(piece) };
        self.at = match (self.at, *sign) {
            (_, b' ' | b'\n' | b'\r' | b'\t') => return Ok(rest),
            (At::Begin, b'[') => At::First,
            (At::First | At::Next, b'{') => {
                // The brace belongs to the object.
                (self.depth, self.in_string, self.escaped) = (0, false, false);
                self.at = At::Object;
                return Ok(piece);
            }
            (At::First | At::Behind, b']') => At::End,
            (At::Behind, b',') => At::Next,
            (at, _) => {
                let wanted = match at {
                    At::Begin => "a list of rows",
                    At::First | At::Next => "a row",
                    At::Behind => "`,` or `]` behind a row",
                    At::Object | At::End => "nothing behind the rows",
                };
                let shown: String = String::from_utf8_lossy(piece).chars().take(40).collect();
                return Err(Fault::Malformed {
                    reason: format!("expected {wanted}, found `{shown}`"),
                });
            }
        };
        Ok(rest)
    }

    /// The length of the part of `piece` that belongs to the object, if it ends there.
    fn object_end(&mut self, piece: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            let rest = piece.get(at..)?;
            if self.escaped {
                self.escaped = false;
                // The sign behind a backslash means nothing here.
                at += usize::from(!rest.is_empty());
                self.escaped = rest.is_empty();
                if rest.is_empty() {
                    return None;
                }
                continue;
            }
            let found = if self.in_string {
                memchr2(b'"', b'\\', rest)?
            } else {
                memchr3(b'"', b'{', b'}', rest)?
            };
            at += found + 1;
            match rest.get(found)? {
                b'"' => self.in_string = !self.in_string,
                b'\\' => self.escaped = true,
                b'{' => self.depth += 1,
                _ => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, by: usize) -> Result<Vec<String>, Fault> {
        let mut splitter = Splitter::new(64);
        let mut objects = Vec::new();
        for piece in text.as_bytes().chunks(by) {
            splitter.feed(piece, |object| {
                objects.push(String::from_utf8(object.to_vec()).unwrap());
                Ok(())
            })?;
        }
        splitter.finish().map(|()| objects)
    }

    #[test]
    fn objects_are_found_wherever_the_text_is_cut() {
        let text = "[{\"a\":\"}{\\\\\"}\n,{\"b\":{\"c\":[{}]},\"d\":\"\\\"]\"} , {}]\n";
        let expected = [r#"{"a":"}{\\"}"#, r#"{"b":{"c":[{}]},"d":"\"]"}"#, "{}"];
        for by in 1..=text.len() {
            assert_eq!(split(text, by).unwrap(), expected, "{by}");
        }
        assert_eq!(split("[\n]\n", 1).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn every_beginning_is_an_answer_that_was_cut_off() {
        let text = "[{\"a\":\"}\"},\n{\"b\":1}]";
        for length in 0..text.len() {
            let fault = split(&text[..length], 3).unwrap_err();
            assert!(matches!(fault, Fault::Truncated { .. }), "{length}: {fault}");
        }
    }

    #[test]
    fn what_is_no_list_of_objects_is_refused() {
        for text in ["{\"a\":1}", "[1]", "[{}{}]", "[{},]", "[{}]x", "[,{}]", "<html>", "null"] {
            let fault = split(text, 100).unwrap_err();
            assert!(matches!(fault, Fault::Malformed { .. }), "{text}: {fault}");
        }
    }

    #[test]
    fn whatever_arrives_is_a_list_or_a_fault() {
        let signs = b"[]{},:\"\\ \nax1\xff\xc3";
        let mut random = fastrand::Rng::with_seed(7);
        let mut whole = 0;
        for _ in 0..20_000 {
            let length = random.usize(0..24);
            let mut text: Vec<u8> = (0..length).map(|_| *random.choice(signs).unwrap()).collect();
            if random.bool() {
                text.splice(0..0, *b"[{");
                text.extend_from_slice(b"}]");
            }
            let decoder = crate::decode::Decoder::new(&[]);
            let by = random.usize(1..8);
            let read = |by: usize| {
                let mut splitter = Splitter::new(64);
                let mut rows = 0;
                for piece in text.chunks(by) {
                    splitter.feed(piece, |object| {
                        rows += usize::from(decoder.row(object).is_ok());
                        Ok(())
                    })?;
                }
                splitter.finish().map(|()| rows)
            };
            // The same however it is cut.
            let (one, other) = (read(by), read(usize::MAX));
            assert_eq!(one.as_ref().ok(), other.as_ref().ok(), "{text:?}");
            whole += usize::from(one.is_ok());
            let _ = crate::envelope::read(400, "application/json", &text);
        }
        assert!(whole > 100, "{whole}");
    }

    #[test]
    fn an_object_that_never_ends_is_too_large() {
        let text = format!("[{{\"a\":\"{}", "x".repeat(200));
        for by in [1, 10, 300] {
            assert!(matches!(split(&text, by).unwrap_err(), Fault::TooLarge { limit: 64, .. }));
        }
    }
}
