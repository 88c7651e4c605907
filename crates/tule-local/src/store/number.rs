//! Exact decimals as bytes that sort as the numbers do.
//!
//! SQLite compares blobs byte by byte, so equality, grouping, order, `min`, `max` and indexes of
//! numbers are exact and native, whatever their size. One number has one key: that of `1.50` and
//! `1.5` is the same. Zeros at the end of a fraction, which portals send as they are stored, are a
//! tail behind the key; [`plain`] takes it off where numbers are compared. Deliberately absent:
//! arithmetic.
//!
//! Zero is `80`. Another number is `±0.d₁d₂d₃… × 100^e` with digits from 0 to 99, the first of them
//! not 0. A positive one is a header for `e` and a byte `d + 1` for each digit; a negative one is
//! the complement of the same bytes, closed by `FF`, so that more digits sort in front. A tail is
//! `00` and the number of zeros in two bytes: no key begins with a shorter one and `00`, so that
//! tails move a number past none but its equals.

use std::cmp::Ordering;

use crate::value::{Decimal, MOST_DIGITS};

const ZERO: u8 = 0x80;
/// Headers of exponents in one byte are this plus the exponent.
const SMALL: i32 = 0xB0;
const SMALL_EXPONENTS: std::ops::RangeInclusive<i32> = -30..=60;
/// Header of a smaller exponent; four bytes follow.
const TINY: u8 = 0x88;
/// Header of a greater exponent; four bytes follow.
const HUGE: u8 = 0xF8;

/// What begins a tail.
const TAIL: u8 = 0;

/// The key and tail of the number written in `text`: sign, digits, fraction, exponent. `None` for
/// what is not a number, and for one with more than 131,072 digits before or behind the point.
pub(crate) fn encode(text: &str) -> Option<Vec<u8>> {
    let (key, zeros) = parts(text)?;
    Some(with_tail(key, zeros))
}

/// The key of the number written in `text`, and how many zeros end its fraction.
pub(crate) fn parts(text: &str) -> Option<(Vec<u8>, u16)> {
    let parts = Parts::read(text)?;
    let key = key(&parts)?;
    Some((key, parts.zeros()))
}

/// The key with a tail for so many zeros.
pub(crate) fn with_tail(mut key: Vec<u8>, zeros: u16) -> Vec<u8> {
    if zeros > 0 {
        key.push(TAIL);
        key.extend(zeros.to_be_bytes());
    }
    key
}

/// The key alone.
pub(crate) fn plain(number: &[u8]) -> &[u8] {
    apart(number).map_or(number, |(key, _)| key)
}

/// Key and zeros of the tail; `None` for bytes that are no number.
pub(crate) fn apart(number: &[u8]) -> Option<(&[u8], u16)> {
    let &first = number.first()?;
    let header = if matches!(first, TINY | HUGE) || matches!(!first, TINY | HUGE) { 5 } else { 1 };
    let digits = number.get(header..)?;
    let end = match first.cmp(&ZERO) {
        Ordering::Equal => header,
        Ordering::Greater => {
            header + digits.iter().position(|byte| *byte == TAIL).unwrap_or(digits.len())
        }
        // The byte that closes it belongs to it.
        Ordering::Less => header + digits.iter().position(|byte| *byte == 0xFF)? + 1,
    };
    let (key, tail) = number.split_at_checked(end)?;
    match tail {
        [] => Some((key, 0)),
        [TAIL, high, low] => Some((key, u16::from_be_bytes([*high, *low]))),
        _ => None,
    }
}

fn key(parts: &Parts<'_>) -> Option<Vec<u8>> {
    let Some(digits) = parts.digits() else { return Some(vec![ZERO]) };
    // The point is moved in front of the first digit.
    let point = parts.point.checked_sub(digits.start)?;
    if !(-i64::from(MOST_DIGITS)..=i64::from(MOST_DIGITS)).contains(&point) {
        return None;
    }
    let odd = point.rem_euclid(2);
    let exponent = i32::try_from(point.div_euclid(2) + odd).ok()?;
    let mut key = Vec::with_capacity(digits.text.len() / 2 + 4);
    header(exponent, &mut key);
    let mut high = (odd == 1).then_some(0);
    for digit in digits.text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0') {
        match high.take() {
            None => high = Some(digit),
            Some(tens) => key.push(tens * 10 + digit + 1),
        }
    }
    if let Some(tens) = high {
        key.push(tens * 10 + 1);
    }
    if parts.negative {
        complement(&mut key);
    }
    Some(key)
}

fn header(exponent: i32, key: &mut Vec<u8>) {
    if SMALL_EXPONENTS.contains(&exponent)
        && let Ok(byte) = u8::try_from(exponent + SMALL)
    {
        key.push(byte);
        return;
    }
    key.push(if exponent < 0 { TINY } else { HUGE });
    // The sign bit is turned so that the bytes sort as the exponents do.
    key.extend((exponent.cast_unsigned() ^ 1 << 31).to_be_bytes());
}

/// Key and tail of a number.
pub(crate) fn of(number: &Decimal) -> Option<Vec<u8>> {
    match number.small() {
        Some((units, places)) => of_units(units, places),
        None => encode(&number.to_string()),
    }
}

/// Key and tail of `units` times 10 to the power of `-places`.
pub(crate) fn of_units(units: i64, places: u32) -> Option<Vec<u8>> {
    let all = u16::try_from(places).ok()?;
    if units == 0 {
        return Some(with_tail(vec![ZERO], all));
    }
    let (mut zeros, mut shorter) = (0, units);
    while zeros < all && shorter % 10 == 0 {
        shorter /= 10;
        zeros += 1;
    }
    // A unit of fewer places gives the same key.
    let (units, places) = (shorter, places - u32::from(zeros));
    let mut rest = units.unsigned_abs();
    let mut places = i32::try_from(places).ok()?;
    // Digits go in pairs from the point on.
    if places % 2 != 0 {
        let Some(more) = rest.checked_mul(10) else {
            let text = Decimal::from_units(units, places.unsigned_abs()).to_string();
            return Some(with_tail(parts(&text)?.0, zeros));
        };
        rest = more;
        places += 1;
    }
    let mut pairs = [0_u8; 10];
    let mut first = pairs.len();
    while rest > 0 {
        first -= 1;
        // Below 100.
        *pairs.get_mut(first)? = u8::try_from(rest % 100).ok()? + 1;
        rest /= 100;
    }
    let pairs = pairs.get(first..)?;
    let exponent = i32::try_from(pairs.len()).ok()? - places / 2;
    let end = pairs.iter().rposition(|pair| *pair > 1)?;
    let mut key = Vec::with_capacity(pairs.len() + 5);
    header(exponent, &mut key);
    key.extend(pairs.get(..=end)?);
    if units < 0 {
        complement(&mut key);
    }
    Some(with_tail(key, zeros))
}

/// The key of the same number with the other sign.
fn complement(key: &mut Vec<u8>) {
    for byte in &mut *key {
        *byte = !*byte;
    }
    key.push(0xFF);
}

/// The number of a key and its tail.
pub(crate) fn read(number: &[u8]) -> Option<Decimal> {
    match units(number) {
        Some((units, places)) => Some(Decimal::from_units(units, places)),
        None => Decimal::parse(&decode(number)?),
    }
}

/// The number of a key and its tail as units and places, where it is of 18 digits at most.
pub(crate) fn units(number: &[u8]) -> Option<(i64, u32)> {
    let (key, zeros) = apart(number)?;
    let (units, places) = small(key)?;
    // The zeros are part of the number's units.
    let units = units.checked_mul(10_i64.checked_pow(zeros.into())?)?;
    Some((units, places + u32::from(zeros)))
}

/// The number of a key as units and places, where it is of 18 digits at most.
fn small(key: &[u8]) -> Option<(i64, u32)> {
    let (&first, rest) = key.split_first()?;
    if first == ZERO {
        return Some((0, 0));
    }
    let negative = first < ZERO;
    let (first, rest) =
        if negative { (!first, rest.strip_suffix(&[0xFF])?) } else { (first, rest) };
    let exponent = usize::try_from(i32::from(first) - SMALL).ok()?;
    if matches!(first, TINY | HUGE) || exponent.max(rest.len()) > 9 {
        return None;
    }
    let mut units = 0_i64;
    for index in 0..exponent.max(rest.len()) {
        let byte = rest.get(index).copied().unwrap_or(if negative { !1 } else { 1 });
        let pair = if negative { !byte } else { byte }.checked_sub(1)?;
        units = units * 100 + i64::from(pair);
    }
    let mut places = u32::try_from(2 * rest.len().saturating_sub(exponent)).ok()?;
    if places > 0 && units % 10 == 0 {
        units /= 10;
        places -= 1;
    }
    Some((if negative { -units } else { units }, places))
}

/// A number's text taken apart.
struct Parts<'t> {
    negative: bool,
    /// Digits, perhaps with a point among them.
    mantissa: &'t str,
    /// How many digits stand before the point, the exponent counted in.
    point: i64,
}

/// The digits of a number from its first to its last that is not 0.
struct Digits<'t> {
    /// Perhaps with a point among them.
    text: &'t str,
    /// How many digits were left out in front.
    start: i64,
}

impl<'t> Parts<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (rest.get(..at)?, exponent(rest.get(at + 1..)?)?),
            None => (rest, 0),
        };
        let whole = mantissa.find('.').unwrap_or(mantissa.len());
        let fraction = mantissa.get(whole..)?.trim_start_matches('.');
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let points = mantissa.len() - whole - fraction.len();
        let empty = whole == 0 && fraction.is_empty();
        if !digits(mantissa.get(..whole)?) || !digits(fraction) || points > 1 || empty {
            return None;
        }
        Some(Self { negative, mantissa, point: i64::try_from(whole).ok()? + exponent })
    }

    /// Zeros at the end of the fraction, once the exponent is gone.
    fn zeros(&self) -> u16 {
        let digits = self.mantissa.bytes().filter(u8::is_ascii_digit);
        let places = i64::try_from(digits.clone().count()).unwrap_or(i64::MAX) - self.point;
        let zeros = digits.rev().take_while(|digit| *digit == b'0').count();
        let zeros = i64::try_from(zeros).unwrap_or(i64::MAX).min(places).max(0);
        u16::try_from(zeros).unwrap_or(u16::MAX)
    }

    fn digits(&self) -> Option<Digits<'t>> {
        let text = self.mantissa.trim_start_matches(['0', '.']);
        let dropped = self.mantissa.get(..self.mantissa.len() - text.len())?;
        let start = dropped.bytes().filter(u8::is_ascii_digit).count();
        let text = text.trim_end_matches(['0', '.']);
        // Zeros in front of a point belong to the number: `100.` ends at the 1 all the same.
        (!text.is_empty()).then_some(Digits { text, start: i64::try_from(start).ok()? })
    }
}

fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let fits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Leading zeros do not make an exponent large.
    let value: i64 = fits.then(|| {
        digits.trim_start_matches('0').get(..10).map_or_else(|| digits.parse().ok(), |_| None)
    })??;
    Some(if text.starts_with('-') { -value } else { value })
}

/// The number of a key and its tail in plain notation, such as `-12.50`; `None` for other bytes.
pub(crate) fn decode(number: &[u8]) -> Option<String> {
    let (key, zeros) = apart(number)?;
    let (&first, rest) = key.split_first()?;
    let mut text = match first.cmp(&ZERO) {
        Ordering::Equal => "0".to_owned(),
        Ordering::Greater => notation(false, first, rest.iter().copied())?,
        Ordering::Less => {
            let body = rest.strip_suffix(&[0xFF])?;
            notation(true, !first, body.iter().map(|byte| !byte))?
        }
    };
    if zeros > 0 {
        if !text.contains('.') {
            text.push('.');
        }
        text.extend(std::iter::repeat_n('0', zeros.into()));
    }
    Some(text)
}

fn notation(negative: bool, first: u8, mut rest: impl Iterator<Item = u8>) -> Option<String> {
    let exponent = if matches!(first, TINY | HUGE) {
        let bytes = [rest.next()?, rest.next()?, rest.next()?, rest.next()?];
        (u32::from_be_bytes(bytes) ^ 1 << 31).cast_signed()
    } else {
        i32::from(first) - SMALL
    };
    let mut digits = String::new();
    for byte in rest {
        let pair = byte.checked_sub(1).filter(|pair| *pair < 100)?;
        digits.push(char::from(b'0' + pair / 10));
        digits.push(char::from(b'0' + pair % 10));
    }
    let sign = if negative { "-" } else { "" };
    let point = i64::from(exponent) * 2;
    let Ok(whole) = usize::try_from(point) else {
        let zeros = "0".repeat(usize::try_from(-point).ok()?);
        let fraction = digits.trim_end_matches('0');
        return Some(format!("{sign}0.{zeros}{fraction}"));
    };
    if whole >= digits.len() {
        let zeros = "0".repeat(whole - digits.len());
        return Some(format!("{sign}{}{zeros}", digits.trim_start_matches('0')));
    }
    let (whole, fraction) = digits.split_at(whole);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers in order; those on one line are equal.
    const ORDERED: &[&[&str]] = &[
        &["-1e200", "-1E+200"],
        &["-12345678901234567890123"],
        &["-100.001"],
        &["-100", "-1e2", "-100.000"],
        &["-99.99"],
        &["-10"],
        &["-9"],
        &["-1.55"],
        &["-1.5", "-1.50", "-01.5"],
        &["-1"],
        &["-0.9"],
        &["-0.11"],
        &["-0.1", "-.1"],
        &["-0.01"],
        &["-1e-90"],
        &["0", "-0", "0.000", "+0", "0e5", "0."],
        &["1e-200"],
        &["1e-90"],
        &["0.001"],
        &["0.01", "1e-2"],
        &["0.011"],
        &["0.1"],
        &["0.5"],
        &["1", "1.", "1.0", "+1", "0001", "10e-1"],
        &["1.5", "15e-1"],
        &["1.50001"],
        &["1.55"],
        &["2"],
        &["9"],
        &["9.99"],
        &["10", "1e1"],
        &["10.5"],
        &["11"],
        &["99"],
        &["100"],
        &["101"],
        &["1000"],
        &["9007199254740993"],
        &["9223372036854775808"],
        &["12345678901234567890123"],
        &["1e121"],
        &["1e122"],
        &["1e131071"],
    ];

    #[test]
    fn keys_sort_as_the_numbers_do_and_equal_numbers_have_one_key() {
        let mut last: Option<(Vec<u8>, &str)> = None;
        let mut last_tails: Vec<(Vec<u8>, &str)> = Vec::new();
        for equal in ORDERED {
            let (key, _) = parts(equal[0]).unwrap();
            for same in *equal {
                let number = encode(same).unwrap();
                assert_eq!(plain(&number), key, "{same} and {}", equal[0]);
                // A tail does not move it past another number.
                assert!(last.as_ref().is_none_or(|(before, _): &(Vec<u8>, _)| *before < number));
                last_tails.retain(|(before, text): &(Vec<u8>, &str)| {
                    assert!(*before < number, "{text} < {same}");
                    true
                });
            }
            last_tails = equal.iter().map(|same| (encode(same).unwrap(), *same)).collect();
            if let Some((before, text)) = last {
                assert!(before < key, "{text} < {}", equal[0]);
            }
            last = Some((key, equal[0]));
        }
    }

    #[test]
    fn keys_give_the_number_back_in_plain_notation() {
        for (written, plain) in [
            ("0", "0"),
            ("-0.0", "0.0"),
            ("1", "1"),
            ("100", "100"),
            ("1050", "1050"),
            ("12.50", "12.50"),
            ("12.00", "12.00"),
            ("-0.500", "-0.500"),
            ("1.50e1", "15.0"),
            ("100e-1", "10.0"),
            ("1.500e-90", &format!("0.{}1500", "0".repeat(89))),
            ("-0.05", "-0.05"),
            ("-0.005", "-0.005"),
            ("1e3", "1000"),
            ("1.5e-3", "0.0015"),
            ("9007199254740993.25", "9007199254740993.25"),
            ("-1e-70", &format!("-0.{}1", "0".repeat(69))),
            ("1e130", &format!("1{}", "0".repeat(130))),
            ("123e121", &format!("123{}", "0".repeat(121))),
        ] {
            assert_eq!(decode(&encode(written).unwrap()).as_deref(), Some(plain), "{written}");
        }
    }

    #[test]
    fn the_short_ways_lead_to_the_same_place() {
        let texts = ORDERED.iter().flat_map(|equal| equal.iter().copied());
        let more =
            ["0.05", "-0.005", "123456789.123456789", "-99999999999999999.9", "1e17", "1e-7"];
        for text in texts.chain(more) {
            let key = encode(text).unwrap();
            let number = Decimal::parse(text).unwrap();
            assert_eq!(read(&key).unwrap(), number, "{text}");
            assert_eq!(read(&key).unwrap().to_string(), decode(&key).unwrap(), "{text}");
            assert_eq!(number.to_string(), decode(&key).unwrap(), "{text}");
            assert_eq!(of(&number), Some(key), "{text}");
        }
        for units in [1, -1, 10, 99, 100, -12345, i64::MAX, i64::MIN, 1_000_000_000_000_000_000] {
            for places in 0..24 {
                let text = Decimal::from_units(units, places).to_string();
                assert_eq!(of_units(units, places), encode(&text), "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_number_has_no_key() {
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "1..2",
            "1.2.3",
            "--1",
            "1,000",
            " 1",
            "1 ",
            "0x1",
            "NaN",
            "inf",
            "1e99999999999999999999",
            "1e131073",
            "1e-131074",
            "½",
            "1_000",
        ] {
            assert_eq!(encode(text), None, "{text}");
        }
        assert_eq!(decode(&[]), None);
        assert_eq!(decode(&[0xB1, 0]), None);
        assert_eq!(decode(&[0xB1, 2, 0, 0]), None);
        assert_eq!(decode(&[0x4E, 0xFD]), None, "a negative key is closed");
    }
}
