//! Exact decimal numbers, as the language's type number has them.
//!
//! A number keeps its trailing zeros (`1.50` is not written `1.5`), as the database behind the
//! portal does; two numbers that differ in nothing else are equal. Up to 38 digits are held
//! without allocation. Arithmetic is in `arithmetic`, what is not exact in `transcendental`.
//! Deliberately absent: NaN and infinity.

mod arithmetic;
mod transcendental;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use dashu_int::ops::DivRem;
use dashu_int::{IBig, UBig};

/// Most digits after the point that a number can have.
pub const MOST_PLACES: u32 = 16_383;
/// Most digits before the point that a number can have.
pub const MOST_DIGITS: u32 = 131_072;

/// An exact decimal number: a whole number of units of 10 to the power of `-places`.
#[derive(Clone, Debug)]
pub struct Decimal {
    units: IBig,
    places: u32,
}

/// 10 to the power of `exponent`.
fn power_of_ten(exponent: u32) -> IBig {
    match 10_u128.checked_pow(exponent) {
        Some(power) => IBig::from(power),
        None => IBig::from(10).pow(exponent as usize),
    }
}

/// How many decimal digits `units` has; none for zero.
fn digit_count(units: &IBig) -> u32 {
    match i128::try_from(units) {
        Ok(0) => 0,
        Ok(small) => small.unsigned_abs().ilog10() + 1,
        Err(_) => {
            u32::try_from(units.ilog(&UBig::from(10_u8))).unwrap_or(u32::MAX).saturating_add(1)
        }
    }
}

impl Decimal {
    /// Zero, without digits after the point.
    pub const ZERO: Self = Self { units: IBig::ZERO, places: 0 };
    /// One, without digits after the point.
    pub const ONE: Self = Self { units: IBig::ONE, places: 0 };

    /// `units` times 10 to the power of `-places`; `None` beyond the range of the type.
    fn checked(units: IBig, places: u32) -> Option<Self> {
        let decimal = Self { units, places };
        let whole = digit_count(&decimal.units).saturating_sub(places);
        (places <= MOST_PLACES && whole <= MOST_DIGITS).then_some(decimal)
    }

    /// `units` thousandths for `places` 3, and so on.
    #[must_use]
    pub fn from_units(units: i64, places: u32) -> Self {
        Self { units: IBig::from(units), places: places.min(MOST_PLACES) }
    }

    /// The number that text spells: spaces around, a sign, digits with or without a point, an
    /// exponent. `None` for anything else and for what is out of range.
    ///
    /// ```
    /// use tule_local::value::Decimal;
    /// assert_eq!(Decimal::parse("-012.50").unwrap().to_string(), "-12.50");
    /// assert_eq!(Decimal::parse("1.5e3").unwrap().to_string(), "1500");
    /// assert_eq!(Decimal::parse("1,000"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            None => (unsigned, 0),
            Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)?.parse::<i32>().ok()?),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = || whole.bytes().chain(fraction.bytes());
        if !digits().all(|byte| byte.is_ascii_digit()) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let units = if whole.len() + fraction.len() <= 38 {
            IBig::from(digits().fold(0_u128, |sum, byte| sum * 10 + u128::from(byte - b'0')))
        } else {
            let most = (MOST_DIGITS + MOST_PLACES) as usize;
            if whole.len() + fraction.len() > most {
                return None;
            }
            IBig::from_str_radix(&[whole, fraction].concat(), 10).ok()?
        };
        let units = if negative { -units } else { units };
        let places = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        if let Ok(places) = u32::try_from(places) {
            return Self::checked(units, places);
        }
        let zeros = u32::try_from(-places).ok().filter(|zeros| *zeros <= MOST_DIGITS)?;
        Self::checked(units * power_of_ten(zeros), 0)
    }

    /// The shortest decimal number that reads back as `value`; `None` for NaN and infinity.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then(|| Self::parse(&value.to_string()))?
    }

    /// The nearest binary floating-point number; infinite when too large.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        // Reading the digits rounds once; a division would round twice.
        match (i64::try_from(&self.units), self.places) {
            #[expect(clippy::cast_precision_loss, reason = "below 2^53, exactly")]
            (Ok(units), 0) if units.unsigned_abs() < 1 << 53 => units as f64,
            _ => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    /// The number as a whole one; `None` if it has a fraction or does not fit.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        if self.places == 0 {
            return i64::try_from(&self.units).ok();
        }
        let whole = self.truncated();
        (whole == *self).then(|| i64::try_from(&whole.units).ok())?
    }

    /// Whole units of 10 to the power of minus the second number, where they fit.
    pub(crate) fn small(&self) -> Option<(i64, u32)> {
        Some((i64::try_from(&self.units).ok()?, self.places))
    }

    /// Digits after the point, trailing zeros counted.
    #[must_use]
    pub fn places(&self) -> u32 {
        self.places
    }

    /// Whether the number is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.units.is_zero()
    }

    /// Whether the number is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.units < IBig::ZERO
    }

    /// The same number without zeros at the end of its fraction.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        while self.places > 0 {
            let (quotient, rest) = div_rem_ten(&self.units);
            if !rest {
                break;
            }
            self.units = quotient;
            self.places -= 1;
        }
        self
    }

    /// The units of both numbers with the larger of their `places`.
    fn aligned(&self, other: &Self) -> (IBig, IBig, u32) {
        let places = self.places.max(other.places);
        (self.units_at(places), other.units_at(places), places)
    }

    /// The units with more places, which are at least this number's.
    fn units_at(&self, places: u32) -> IBig {
        match places - self.places {
            0 => self.units.clone(),
            more => &self.units * power_of_ten(more),
        }
    }
}

/// A tenth of `units`, and whether nothing was left over.
fn div_rem_ten(units: &IBig) -> (IBig, bool) {
    let (quotient, rest) = units.div_rem(IBig::from(10));
    (quotient, rest.is_zero())
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self { units: IBig::from(value), places: 0 }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.places == other.places {
            return self.units.cmp(&other.units);
        }
        let (left, right, _) = self.aligned(other);
        left.cmp(&right)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

/// Equal numbers hash alike, whatever their trailing zeros.
impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let trimmed = self.clone().trimmed();
        trimmed.units.hash(state);
        trimmed.places.hash(state);
    }
}

/// Plain notation, without an exponent, with a digit before the point.
impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let places = self.places as usize;
        if places == 0 {
            return std::fmt::Display::fmt(&self.units, f);
        }
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = match i64::try_from(&self.units) {
            Ok(small) => small.unsigned_abs().to_string(),
            Err(_) => self.units.to_string().trim_start_matches('-').to_owned(),
        };
        match digits.len().checked_sub(places).filter(|whole| *whole > 0) {
            Some(whole) => {
                let (whole, fraction) = digits.split_at(whole);
                write!(f, "{sign}{whole}.{fraction}")
            }
            None => write!(f, "{sign}0.{digits:0>places$}"),
        }
    }
}

/// The number that a test writes.
#[cfg(test)]
fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|| panic!("{text} should be a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_they_are_written() {
        for text in [
            "0",
            "-1",
            "1.50",
            "0.05",
            "-0.001",
            "123456789012345678901234567890123456789012.123456789",
            "99999999999999999999999999999999999999",
        ] {
            assert_eq!(decimal(text).to_string(), text);
        }
        assert_eq!(decimal(" +007. ").to_string(), "7");
        assert_eq!(decimal(".5").to_string(), "0.5");
        assert_eq!(decimal("12e-3").to_string(), "0.012");
        assert_eq!(decimal("-0.00").to_string(), "0.00");
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in
            ["", " ", "-", ".", "e5", "1e", "1,000", "0x10", "NaN", "1e999999", "--1", "1 2"]
        {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn trailing_zeros_do_not_count_in_comparison() {
        assert_eq!(decimal("1.50"), decimal("1.5"));
        assert!(decimal("1.49") < decimal("1.5"));
        assert!(decimal("-2") < decimal("-1.99999999999999999999999999999999999999999999"));
        let mut set = std::collections::HashSet::new();
        set.extend(["1", "1.0", "1.000", "10"].map(decimal));
        assert_eq!(set.len(), 2);
    }

    #[test]
    fn conversion_to_and_from_other_numbers() {
        assert_eq!(decimal("0.1").to_f64().to_bits(), 0.1_f64.to_bits());
        assert_eq!(decimal("9007199254740993").to_f64().to_string(), "9007199254740992");
        assert_eq!(Decimal::from_f64(-121.29).unwrap().to_string(), "-121.29");
        assert_eq!(Decimal::from_f64(1e21).unwrap().to_string(), "1000000000000000000000");
        assert_eq!(Decimal::from_f64(f64::NAN), None);
        assert_eq!(decimal("12.00").to_i64(), Some(12));
        assert_eq!(decimal("12.01").to_i64(), None);
        assert_eq!(decimal("9223372036854775808").to_i64(), None);
    }
}
