//! Functions of text. Positions and lengths count characters, not bytes.
//!
//! Case is changed character by character, so that lengths stay: `ß` has no capital. What a
//! function cuts out of borrowed text stays borrowed.

use std::borrow::Cow;

use tule_core::types::Type;

use super::arguments::{all, integer, text};
use super::comparison::negated;
use super::pattern::matches;
use super::unaccent::unaccented;
use super::{Implementation, strict};
use crate::value::{Decimal, Fault, Value};

pub(super) const ROWS: &[Implementation] = &[
    strict("||", |arguments| {
        let [left, right] = all(arguments)?;
        Ok(Value::Text(Cow::Owned([left.text(), right.text()].concat())))
    }),
    strict("like", like),
    strict("not like", |arguments| like(arguments).map(negated)),
    strict("contains", |arguments| {
        let [whole, part] = all(arguments)?;
        Ok(Value::Boolean(text(whole)?.contains(text(part)?)))
    }),
    strict("starts_with", |arguments| {
        let [whole, part] = all(arguments)?;
        Ok(Value::Boolean(text(whole)?.starts_with(text(part)?)))
    }),
    strict("caseless_eq", caseless_equal),
    strict("caseless_ne", |arguments| caseless_equal(arguments).map(negated)),
    strict("caseless_starts_with", |arguments| {
        let [whole, part] = all(arguments)?;
        let mut capitals = capitals(text(whole)?);
        let starts = self::capitals(text(part)?).all(|wanted| capitals.next() == Some(wanted));
        Ok(Value::Boolean(starts))
    }),
    strict("caseless_contains", |arguments| {
        let [whole, part] = all(arguments)?;
        Ok(Value::Boolean(caseless_contains(text(whole)?, text(part)?)))
    }),
    // Like IN, these need not see a null in the list once one is equal; see `comparison`.
    super::seeing("caseless_one_of", caseless_one_of),
    super::seeing("caseless_not_one_of", |arguments| caseless_one_of(arguments).map(negated)),
    strict("lower", |arguments| changed(arguments, small)),
    strict("upper", |arguments| changed(arguments, capital)),
    strict("length", |arguments| {
        let [whole] = all(arguments)?;
        let count = i64::try_from(text(whole)?.chars().count()).unwrap_or(i64::MAX);
        Ok(Value::Number(Decimal::from(count)))
    }),
    strict("split_part", split_part),
    strict("substr2", |arguments| {
        let [whole, start] = all(arguments)?;
        let start = integer(start)?;
        cut(whole, |text| characters(text, start, i64::MAX))
    }),
    strict("substr3", substring),
    strict("chr", character),
    strict("replace", |arguments| {
        let [whole, old, new] = all(arguments)?;
        let old = text(old)?;
        if old.is_empty() || !text(whole)?.contains(old) {
            return Ok(whole.clone());
        }
        Ok(Value::Text(Cow::Owned(text(whole)?.replace(old, text(new)?))))
    }),
    strict("trim_leading", |arguments| {
        let [whole] = all(arguments)?;
        cut(whole, |text| text.trim_start_matches(' '))
    }),
    strict("trim_trailing", |arguments| {
        let [whole] = all(arguments)?;
        cut(whole, |text| text.trim_end_matches(' '))
    }),
    strict("trim", |arguments| {
        let [whole] = all(arguments)?;
        cut(whole, |text| text.trim_matches(' '))
    }),
    strict("left_pad", |arguments| padded(arguments, |text, filler| [filler, text].concat())),
    strict("right_pad", |arguments| padded(arguments, |text, filler| [text, filler].concat())),
    strict("unaccent", |arguments| {
        let [whole] = all(arguments)?;
        Ok(match unaccented(text(whole)?) {
            Cow::Borrowed(_) => whole.clone(),
            Cow::Owned(text) => Value::Text(Cow::Owned(text)),
        })
    }),
];

/// Longest text that padding makes, in characters.
const LONGEST: i64 = 10_000_000;

/// What `part` keeps of a text, borrowed if the text is.
fn cut<'a>(
    value: &Value<'a>,
    part: impl for<'t> FnOnce(&'t str) -> &'t str,
) -> Result<Value<'a>, Fault> {
    Ok(Value::Text(match value {
        Value::Text(Cow::Borrowed(text)) => Cow::Borrowed(part(text)),
        other => Cow::Owned(part(text(other)?).to_owned()),
    }))
}

/// Up to `length` characters from position `start`, the first being at 1. Positions before it
/// count towards the length.
fn characters(text: &str, start: i64, length: i64) -> &str {
    let end = start.saturating_add(length);
    let at = |position: i64| {
        let skipped = usize::try_from(position.saturating_sub(1)).unwrap_or(0);
        if text.is_ascii() {
            return skipped.min(text.len());
        }
        text.char_indices().nth(skipped).map_or(text.len(), |(at, _)| at)
    };
    text.get(at(start)..at(end)).unwrap_or("")
}

fn substring<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    const NEGATIVE: Fault =
        Fault::Undefined { function: "substring", why: "needs a length that is not negative" };
    let [whole, start, length] = all(arguments)?;
    let (start, length) = (integer(start)?, integer(length)?);
    if length < 0 {
        return Err(NEGATIVE);
    }
    cut(whole, |text| characters(text, start, length))
}

fn like<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [whole, pattern] = all(arguments)?;
    matches(text(whole)?, text(pattern)?).map(Value::Boolean)
}

fn capital(letter: char) -> char {
    one(letter.to_uppercase(), letter)
}

fn small(letter: char) -> char {
    one(letter.to_lowercase(), letter)
}

/// The only character, or the other one.
fn one(mut letters: impl Iterator<Item = char>, otherwise: char) -> char {
    match (letters.next(), letters.next()) {
        (Some(only), None) => only,
        _ => otherwise,
    }
}

fn changed<'a>(arguments: &[Value<'a>], change: fn(char) -> char) -> Result<Value<'a>, Fault> {
    let [whole] = all(arguments)?;
    if text(whole)?.chars().all(|letter| change(letter) == letter) {
        return Ok(whole.clone());
    }
    Ok(Value::Text(text(whole)?.chars().map(change).collect::<String>().into()))
}

fn capitals(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(capital)
}

fn same_capitals(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    capitals(left).eq(capitals(right))
}

fn caseless_equal<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let [left, right] = all(arguments)?;
    Ok(Value::Boolean(same_capitals(text(left)?, text(right)?)))
}

fn caseless_contains(whole: &str, part: &str) -> bool {
    if part.is_empty() {
        return true;
    }
    if whole.is_ascii() && part.is_ascii() {
        return whole
            .as_bytes()
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()));
    }
    let [whole, part] = [whole, part].map(|text| capitals(text).collect::<String>());
    whole.contains(&part)
}

fn caseless_one_of<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let Some((whole, list)) = arguments.split_first() else { return Ok(Value::Null) };
    if whole.is_null() {
        return Ok(Value::Null);
    }
    let mut unknown = false;
    for other in list {
        if other.is_null() {
            unknown = true;
        } else if same_capitals(text(whole)?, text(other)?) {
            return Ok(Value::Boolean(true));
        }
    }
    Ok(if unknown { Value::Null } else { Value::Boolean(false) })
}

/// Parts count from 1, or from -1 backwards.
fn split_part<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    const ZERO: Fault =
        Fault::Undefined { function: "split_part", why: "needs a part number other than zero" };
    fn part<'t>(whole: &'t str, delimiter: &str, index: i64) -> &'t str {
        let skipped = usize::try_from(index.unsigned_abs() - 1).unwrap_or(usize::MAX);
        let found = match (delimiter.is_empty(), index > 0) {
            (true, _) => (skipped == 0).then_some(whole),
            (false, true) => whole.split(delimiter).nth(skipped),
            (false, false) => whole.rsplit(delimiter).nth(skipped),
        };
        found.unwrap_or("")
    }
    let [whole, delimiter, index] = all(arguments)?;
    let (delimiter, index) = (text(delimiter)?, integer(index)?);
    if index == 0 {
        return Err(ZERO);
    }
    cut(whole, |whole| part(whole, delimiter, index))
}

fn character<'a>(arguments: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    const NONE: Fault =
        Fault::Undefined { function: "chr", why: "needs a Unicode code point other than zero" };
    let [code] = all(arguments)?;
    let code = u32::try_from(integer(code)?).ok().filter(|code| *code != 0);
    let letter = code.and_then(char::from_u32).ok_or(NONE)?;
    Ok(Value::Text(letter.to_string().into()))
}

/// Text brought to a length: cut at its end, or with filler where `join` puts it.
fn padded<'a>(arguments: &[Value<'a>], join: fn(&str, &str) -> String) -> Result<Value<'a>, Fault> {
    let [whole, length, filler] = all(arguments)?;
    let (filler, length) = (text(filler)?, integer(length)?);
    if length > LONGEST {
        return Err(Fault::OutOfRange(Type::Text));
    }
    let length = usize::try_from(length).unwrap_or(0);
    let count = text(whole)?.chars().count();
    if count >= length || filler.is_empty() {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        return cut(whole, |text| characters(text, 1, length));
    }
    let filling: String = filler.chars().cycle().take(length - count).collect();
    Ok(Value::Text(join(text(whole)?, &filling).into()))
}
