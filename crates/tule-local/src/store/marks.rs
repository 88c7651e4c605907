//! Row identifiers and row versions: whole numbers inside, `row-iy9i-gz3f~gx4b` outside.
//!
//! 12 letters of 32 and two joints of 4 hold exactly 64 bits, so every mark is one number. The
//! bits are mixed so that neighbours look unlike: nobody should read an order into marks. Marks
//! that no number has (a portal's own may have other letters) stay text.

/// The letters of identifiers that portals make, which leave out what is easily misread.
const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
const JOINTS: &[u8; 4] = b"-._~";

/// An odd factor and its inverse modulo 2^64.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
const INVERSE: u64 = inverse(FACTOR);

/// Newton's method doubles the number of right bits with each step.
const fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut step = 0;
    while step < 6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}

fn mix(bits: u64) -> u64 {
    let first = (bits ^ bits >> 32).wrapping_mul(FACTOR);
    (first ^ first >> 32).wrapping_mul(FACTOR)
}

fn unmix(bits: u64) -> u64 {
    let first = bits.wrapping_mul(INVERSE);
    let second = (first ^ first >> 32).wrapping_mul(INVERSE);
    second ^ second >> 32
}

/// The mark of `number`, with `row-` or `rv-` in front.
pub(crate) fn write(prefix: &str, number: i64) -> String {
    let mut bits = mix(number.cast_unsigned());
    let mut mark = String::with_capacity(prefix.len() + 14);
    mark.push_str(prefix);
    let mut take = |letters: &[u8], width: u32| {
        let index = usize::try_from(bits & ((1 << width) - 1)).unwrap_or_default();
        bits >>= width;
        letters.get(index).copied().map_or('2', char::from)
    };
    for group in 0..3 {
        if group > 0 {
            mark.push(take(JOINTS, 2));
        }
        for _ in 0..4 {
            mark.push(take(LETTERS, 5));
        }
    }
    mark
}

/// The number whose mark `text` is.
pub(crate) fn read(prefix: &str, text: &str) -> Option<i64> {
    let body = text.strip_prefix(prefix)?.as_bytes();
    if body.len() != 14 {
        return None;
    }
    let mut bits = 0_u64;
    let mut shift = 0;
    for (at, byte) in body.iter().enumerate() {
        let (letters, width): (&[u8], u32) =
            if matches!(at, 4 | 9) { (JOINTS, 2) } else { (LETTERS, 5) };
        let index = letters.iter().position(|letter| letter == byte)?;
        bits |= u64::try_from(index).ok()? << shift;
        shift += width;
    }
    Some(unmix(bits).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_numbers_go_both_ways() {
        for number in [0, 1, 2, 3, -1, i64::MIN, i64::MAX, 1 << 39, 123_456_789_012_345] {
            let mark = write("row-", number);
            assert_eq!(read("row-", &mark), Some(number), "{mark}");
            assert!(tule_core::check::text_reads_as(&mark, tule_core::types::Type::RowIdentifier));
            assert_eq!(read("rv-", &mark), None);
        }
        assert_ne!(write("row-", 1)[..8], write("row-", 2)[..8], "neighbours look unlike");
        assert_eq!(read("row-", "row-0000-0000-0000"), None);
        assert_eq!(read("row-", "row-2222-2222"), None);
    }
}
