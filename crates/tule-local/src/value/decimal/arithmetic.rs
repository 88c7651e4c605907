//! Arithmetic with the scales that PostgreSQL's type numeric gives its results.
//!
//! Sums and products are exact. A quotient has at least 16 significant digits and at least the
//! places of both operands, rounded half away from zero.

use dashu_int::IBig;
use dashu_int::ops::{Abs, DivRem, SquareRoot, UnsignedAbs};

use super::{Decimal, MOST_PLACES, digit_count, power_of_ten};

/// Fewest significant digits of a result that is not exact.
pub(super) const SIGNIFICANT: i64 = 16;
/// Most places of a result that is not exact.
pub(super) const MOST_RESULT_PLACES: i64 = 1000;
/// `PostgreSQL` counts digits in groups of this many, which shows in the places of its results.
const GROUP: i64 = 4;

impl Decimal {
    /// The sum; `None` beyond the range of the type.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let (left, right, places) = self.aligned(other);
        Self::checked(left + right, places)
    }

    /// The difference; `None` beyond the range of the type.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        let (left, right, places) = self.aligned(other);
        Self::checked(left - right, places)
    }

    /// The product; `None` beyond the range of the type.
    #[must_use]
    pub fn times(&self, other: &Self) -> Option<Self> {
        let places = self.places + other.places;
        let product = Self { units: &self.units * &other.units, places };
        let product = if places > MOST_PLACES { product.rounded(MOST_PLACES) } else { product };
        Self::checked(product.units, product.places)
    }

    /// The quotient; `None` when dividing by zero or beyond the range of the type.
    #[must_use]
    pub fn over(&self, other: &Self) -> Option<Self> {
        self.over_with(other, self.quotient_places(other))
    }

    /// The quotient with so many places, rounded half away from zero.
    pub(super) fn over_with(&self, other: &Self, places: u32) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let shift = i64::from(places) + i64::from(other.places) - i64::from(self.places);
        let power = power_of_ten(u32::try_from(shift.unsigned_abs()).ok()?);
        let units = if shift >= 0 {
            divide_half_away(&self.units * power, &other.units)
        } else {
            divide_half_away(self.units.clone(), &(&other.units * power))
        };
        Self::checked(units, places)
    }

    /// The remainder, with the sign of this number; `None` when dividing by zero.
    #[must_use]
    pub fn remainder(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return None;
        }
        let (left, right, places) = self.aligned(other);
        Some(Self { units: left % right, places })
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { units: -&self.units, places: self.places }
    }

    /// The number without its sign.
    #[must_use]
    pub fn magnitude(&self) -> Self {
        Self { units: self.units.clone().abs(), places: self.places }
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn signum(&self) -> Self {
        Self { units: self.units.signum(), places: 0 }
    }

    /// The number with exactly so many places, rounded half away from zero.
    #[must_use]
    pub fn rounded(&self, places: u32) -> Self {
        match self.places.checked_sub(places) {
            None => Self { units: self.units_at(places), places },
            Some(0) => self.clone(),
            Some(less) => {
                let units = divide_half_away(self.units.clone(), &power_of_ten(less));
                Self { units, places }
            }
        }
    }

    /// Rounded half away from zero to `places` digits after the point, or to tens, hundreds and
    /// so on for a negative number; `None` beyond the range of the type.
    #[must_use]
    pub fn rounded_to(&self, places: i64) -> Option<Self> {
        let Ok(tens) = u32::try_from(places.checked_neg()?) else {
            let places = u32::try_from(places).ok().filter(|places| *places <= MOST_PLACES)?;
            let rounded = self.rounded(places);
            return Self::checked(rounded.units, rounded.places);
        };
        if tens > digit_count(&self.units).saturating_sub(self.places) {
            return Some(Self::ZERO);
        }
        let power = power_of_ten(tens);
        let units = divide_half_away(self.units.clone(), &(&power * power_of_ten(self.places)));
        Self::checked(units * power, 0)
    }

    /// The whole part.
    #[must_use]
    pub fn truncated(&self) -> Self {
        if self.places == 0 {
            return self.clone();
        }
        Self { units: &self.units / power_of_ten(self.places), places: 0 }
    }

    /// The largest whole number that is not above.
    #[must_use]
    pub fn floor(&self) -> Self {
        let whole = self.truncated();
        if whole > *self { Self { units: whole.units - IBig::ONE, places: 0 } } else { whole }
    }

    /// The smallest whole number that is not below.
    #[must_use]
    pub fn ceiling(&self) -> Self {
        self.negated().floor().negated()
    }

    /// How many digits the whole part has; 1 for numbers below 1.
    #[must_use]
    pub fn whole_digits(&self) -> u32 {
        digit_count(&self.units).saturating_sub(self.places).max(1)
    }

    /// The square root with at least 16 significant digits; `None` below zero.
    #[must_use]
    pub fn square_root(&self) -> Option<Self> {
        let group = self.leading_group().0;
        let weight = (group + 1) * GROUP / 2 - 1;
        let places = (SIGNIFICANT - weight).max(i64::from(self.places));
        self.square_root_with(u32::try_from(places.clamp(0, MOST_RESULT_PLACES)).ok()?)
    }

    /// The square root with so many places, rounded half away from zero; `None` below zero.
    #[must_use]
    pub fn square_root_with(&self, places: u32) -> Option<Self> {
        if self.is_negative() {
            return None;
        }
        // One more digit than wanted: whether a root lies beyond the half is told by it alone,
        // since no root of a decimal number lies on the half.
        let fine = self.rounded(self.places.max(2 * (places + 1)));
        let odd = fine.places % 2;
        let units = fine.units * power_of_ten(odd);
        let root = IBig::from(units.unsigned_abs().sqrt());
        let root = Self { units: root, places: fine.places.div_ceil(2) };
        Some(root.rounded(places))
    }

    /// Places of a quotient: at least 16 significant digits, and no fewer than either operand.
    pub(super) fn quotient_places(&self, other: &Self) -> u32 {
        let (left, left_digits) = self.leading_group();
        let (right, right_digits) = other.leading_group();
        let weight = left - right - i64::from(left_digits <= right_digits);
        let places = (SIGNIFICANT - weight * GROUP)
            .max(i64::from(self.places))
            .max(i64::from(other.places))
            .clamp(0, MOST_RESULT_PLACES);
        u32::try_from(places).unwrap_or(0)
    }

    /// Position and value of the first group of four digits that is not zero, groups counted
    /// from the point: 0 is the group before it, -1 the one behind.
    pub(super) fn leading_group(&self) -> (i64, u32) {
        if self.is_zero() {
            return (0, 0);
        }
        let digits = i64::from(digit_count(&self.units));
        let exponent = digits - 1 - i64::from(self.places);
        let group = exponent.div_euclid(GROUP);
        let wanted = exponent - group * GROUP + 1;
        let shift = u32::try_from((digits - wanted).unsigned_abs()).unwrap_or(0);
        let magnitude = self.units.clone().abs();
        let leading = if digits >= wanted {
            magnitude / power_of_ten(shift)
        } else {
            magnitude * power_of_ten(shift)
        };
        (group, u32::try_from(&leading).unwrap_or(0))
    }
}

/// The quotient of two whole numbers, rounded half away from zero.
fn divide_half_away(dividend: IBig, divisor: &IBig) -> IBig {
    let negative = (dividend < IBig::ZERO) != (*divisor < IBig::ZERO);
    let (quotient, rest) = dividend.div_rem(divisor);
    if rest.unsigned_abs() * 2_u8 < divisor.unsigned_abs() {
        return quotient;
    }
    if negative { quotient - IBig::ONE } else { quotient + IBig::ONE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::decimal::decimal;

    // Expected values of this module are PostgreSQL 15's.
    #[test]
    fn quotients_have_the_places_of_postgresql() {
        let over = |left: &str, right: &str| {
            decimal(left).over(&decimal(right)).map(|quotient| quotient.to_string())
        };
        assert_eq!(over("10", "3").as_deref(), Some("3.3333333333333333"));
        assert_eq!(over("1", "3").as_deref(), Some("0.33333333333333333333"));
        assert_eq!(over("2", "3").as_deref(), Some("0.66666666666666666667"));
        assert_eq!(over("-2", "3").as_deref(), Some("-0.66666666666666666667"));
        assert_eq!(over("10000", "3").as_deref(), Some("3333.3333333333333333"));
        assert_eq!(over("100000000", "7").as_deref(), Some("14285714.285714285714"));
        assert_eq!(over("6", "3").as_deref(), Some("2.0000000000000000"));
        assert_eq!(over("0", "3").as_deref(), Some("0.00000000000000000000"));
        assert_eq!(over("0.0001", "7").as_deref(), Some("0.000014285714285714285714"));
        assert_eq!(over("1", "0"), None);
    }

    #[test]
    fn sums_products_and_remainders_are_exact() {
        assert_eq!(decimal("0.1").plus(&decimal("0.20")).unwrap().to_string(), "0.30");
        assert_eq!(decimal("1.50").times(&decimal("2.0")).unwrap().to_string(), "3.000");
        assert_eq!(decimal("-7").remainder(&decimal("3")).unwrap().to_string(), "-1");
        assert_eq!(decimal("7.5").remainder(&decimal("-2")).unwrap().to_string(), "1.5");
        assert_eq!(decimal("7").remainder(&decimal("0.00")), None);
        let large = decimal(&"9".repeat(100));
        assert_eq!(large.plus(&Decimal::ONE).unwrap().to_string(), format!("1{}", "0".repeat(100)));
    }

    #[test]
    fn halves_round_away_from_zero() {
        let round = |text: &str, places| decimal(text).rounded_to(places).unwrap().to_string();
        assert_eq!(round("2.5", 0), "3");
        assert_eq!(round("-2.5", 0), "-3");
        assert_eq!(round("2.45", 1), "2.5");
        assert_eq!(round("1.5", 3), "1.500");
        assert_eq!(round("1250", -2), "1300");
        assert_eq!(round("-1249.99", -2), "-1200");
        assert_eq!(round("50", -2), "100");
        assert_eq!(round("49", -2), "0");
        assert_eq!(round("5", -2), "0");
    }

    #[test]
    fn floors_and_ceilings() {
        assert_eq!(decimal("-1.5").floor().to_string(), "-2");
        assert_eq!(decimal("-1.5").ceiling().to_string(), "-1");
        assert_eq!(decimal("1.01").ceiling().to_string(), "2");
        assert_eq!(decimal("-2.00").floor().to_string(), "-2");
        assert_eq!(decimal("0.999").whole_digits(), 1);
        assert_eq!(decimal("-1000.5").whole_digits(), 4);
    }

    #[test]
    fn square_roots() {
        let root = |text: &str| decimal(text).square_root().unwrap().to_string();
        assert_eq!(root("2"), "1.414213562373095");
        assert_eq!(root("4"), "2.000000000000000");
        assert_eq!(root("10000"), "100.0000000000000");
        assert_eq!(root("0.0001"), "0.01000000000000000");
        assert_eq!(decimal("-1").square_root(), None);
    }
}
