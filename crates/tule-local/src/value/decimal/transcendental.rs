//! Logarithms and powers, with the scales that PostgreSQL's type numeric gives its results.
//!
//! The digits come from `dashu-float`, which rounds correctly to a given number of digits; a few
//! more are asked for than are kept. What is decided here is how many to keep, and when a result
//! is out of range, both as PostgreSQL 15 does.

use dashu_float::round::mode::HalfAway;
use dashu_float::{Context, Repr};
use dashu_int::IBig;

use super::arithmetic::{MOST_RESULT_PLACES, SIGNIFICANT};
use super::{Decimal, MOST_DIGITS, digit_count, power_of_ten};

/// Digits beyond those kept.
const GUARD: i64 = 10;

impl Decimal {
    /// The natural logarithm; `None` for zero and below.
    #[must_use]
    pub fn ln(&self) -> Option<Self> {
        if self.is_negative() || self.is_zero() {
            return None;
        }
        let places = (SIGNIFICANT - self.ln_weight())
            .max(i64::from(self.places))
            .clamp(0, MOST_RESULT_PLACES);
        self.ln_with(places)
    }

    /// The natural logarithm of a number above zero with so many places.
    fn ln_with(&self, places: i64) -> Option<Self> {
        let context = digits(places + self.ln_weight().max(0));
        let logarithm = context.ln(&self.repr(), None).ok()?.value();
        Some(Self::from_repr(logarithm.into_repr())?.rounded(u32::try_from(places).ok()?))
    }

    /// This number raised to the power of `exponent`; `None` out of range and where a power is
    /// not defined: zero to a negative power, a negative number to one that is not whole.
    #[must_use]
    pub fn power(&self, exponent: &Self) -> Option<Self> {
        match exponent.to_i64().map(i32::try_from) {
            Some(Ok(whole)) => self.power_of_whole(whole),
            whole if self.is_negative() && whole.is_none() && !exponent.is_whole() => None,
            _ => self.power_by_logarithm(exponent),
        }
    }

    fn is_whole(&self) -> bool {
        self.truncated() == *self
    }

    /// With 16 places or those of this number, be they enough to tell the result from zero or not.
    fn power_of_whole(&self, exponent: i32) -> Option<Self> {
        let places = u32::try_from(SIGNIFICANT.max(i64::from(self.places).min(MOST_RESULT_PLACES)));
        let places = places.unwrap_or(0);
        let weight = if self.is_zero() { 0.0 } else { f64::from(exponent) * self.log10_estimate() };
        if weight > f64::from(MOST_DIGITS) {
            return None;
        }
        let result = match exponent {
            0 => Self::ONE,
            1 => self.clone(),
            2 => self.times(self)?,
            -1 => return Self::ONE.over_with(self, places),
            _ if self.is_zero() && exponent < 0 => return None,
            _ if self.is_zero() || weight + 1.0 < -f64::from(places) => Self::ZERO,
            _ => {
                #[expect(clippy::cast_possible_truncation, reason = "within the range of digits")]
                let context = digits(i64::from(places) + (weight as i64).max(0));
                let power = context.powi(&self.repr(), IBig::from(exponent)).ok()?.value();
                Self::from_repr(power.into_repr())?
            }
        };
        let result = result.rounded(places);
        Self::checked(result.units, result.places)
    }

    /// By way of a logarithm. A negative number is raised to a whole power here only if that is
    /// too large for anything but -1.
    fn power_by_logarithm(&self, exponent: &Self) -> Option<Self> {
        if self.is_zero() {
            return (!exponent.is_negative()).then(|| Self::ZERO.rounded(16));
        }
        let base = self.magnitude();
        let odd = self.is_negative()
            && !exponent.remainder(&Self::from(2)).is_some_and(|rest| rest.is_zero());
        let estimate = base.ln_with((8 - base.ln_weight()).max(0))?.times(exponent)?.to_f64();
        let weight = estimate * std::f64::consts::LOG10_E;
        let places = self.result_places(weight, exponent.places)?;
        let Some(places) = places else {
            return Some(Self { units: IBig::ZERO, places: 1000 });
        };
        #[expect(clippy::cast_possible_truncation, reason = "within the range of digits")]
        let context = digits(i64::from(places) + (weight as i64).max(0));
        let power = context.powf(&base.repr(), &exponent.repr(), None).ok()?.value();
        let power = Self::from_repr(power.into_repr())?.rounded(places);
        Some(if odd { power.negated() } else { power })
    }

    /// Places of a power whose first digit has the given weight. `None` when it is too large,
    /// `Some(None)` when it is too small to tell from zero.
    #[expect(clippy::option_option, reason = "out of range and zero are different answers")]
    fn result_places(&self, weight: f64, exponent_places: u32) -> Option<Option<u32>> {
        if weight > f64::from(MOST_DIGITS) {
            return None;
        }
        if weight + 1.0 < -1000.0 {
            return Some(None);
        }
        #[expect(clippy::cast_possible_truncation, reason = "checked above")]
        let places = (SIGNIFICANT - weight as i64)
            .max(i64::from(self.places))
            .max(i64::from(exponent_places))
            .clamp(0, MOST_RESULT_PLACES);
        Some(u32::try_from(places).ok())
    }

    /// About the decimal logarithm of the magnitude of a number that is not zero.
    fn log10_estimate(&self) -> f64 {
        let digits = digit_count(&self.units);
        let dropped = digits.saturating_sub(17);
        let leading = &self.units / power_of_ten(dropped);
        let leading = i64::try_from(&leading).unwrap_or(0).unsigned_abs();
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let leading = leading as f64;
        leading.log10() + f64::from(dropped) - f64::from(self.places)
    }

    /// Weight of the first digit of the natural logarithm, as `PostgreSQL` estimates it.
    fn ln_weight(&self) -> i64 {
        let near = |units| Self::from_units(units, 1);
        if *self >= near(9) && *self <= near(11) {
            let Some(rest) = self.minus(&Self::ONE).filter(|rest| !rest.is_zero()) else {
                return 0;
            };
            let (group, leading) = rest.leading_group();
            return group * 4 + i64::from(leading.max(1).ilog10());
        }
        if self.is_zero() {
            return 0;
        }
        let logarithm = self.log10_estimate() * std::f64::consts::LN_10;
        #[expect(clippy::cast_possible_truncation, reason = "a small number")]
        let weight = logarithm.abs().log10() as i64;
        weight
    }

    fn repr(&self) -> Repr<10> {
        // Places are few enough for any width of pointer.
        Repr::new(self.units.clone(), -isize::try_from(self.places).unwrap_or(isize::MAX))
    }

    /// The number behind a finite representation; `None` for others and beyond the range.
    fn from_repr(repr: Repr<10>) -> Option<Self> {
        if repr.is_infinite() {
            return None;
        }
        let (units, exponent) = repr.into_parts();
        match u32::try_from(exponent) {
            Ok(zeros) if zeros <= MOST_DIGITS => Self::checked(units * power_of_ten(zeros), 0),
            Ok(_) => None,
            Err(_) => Some(Self { units, places: u32::try_from(exponent.unsigned_abs()).ok()? }),
        }
    }
}

/// A context of so many digits and some more.
fn digits(count: i64) -> Context<HalfAway> {
    Context::new(usize::try_from((count + GUARD).max(GUARD)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use crate::value::decimal::decimal;

    // Expected values of this module are PostgreSQL 15's.
    #[test]
    fn logarithms() {
        let ln = |text: &str| decimal(text).ln().map(|result| result.to_string());
        assert_eq!(ln("2").as_deref(), Some("0.6931471805599453"));
        assert_eq!(ln("1").as_deref(), Some("0.0000000000000000"));
        assert_eq!(ln("100").as_deref(), Some("4.6051701859880914"));
        assert_eq!(ln("0.0001").as_deref(), Some("-9.2103403719761827"));
        assert_eq!(ln("0"), None);
        assert_eq!(ln("-1"), None);
    }

    #[test]
    fn powers() {
        let power = |base: &str, exponent: &str| {
            decimal(base).power(&decimal(exponent)).map(|result| result.to_string())
        };
        assert_eq!(power("2", "3").as_deref(), Some("8.0000000000000000"));
        assert_eq!(power("-2", "3").as_deref(), Some("-8.0000000000000000"));
        assert_eq!(power("2", "-1").as_deref(), Some("0.5000000000000000"));
        assert_eq!(power("2", "0.5").as_deref(), Some("1.4142135623730950"));
        assert_eq!(power("2", "10").as_deref(), Some("1024.0000000000000000"));
        assert_eq!(power("1.23", "2.000").as_deref(), Some("1.5129000000000000"));
        assert_eq!(power("0.001", "5").as_deref(), Some("0.0000000000000010"));
        assert_eq!(power("7.123", "-20").as_deref(), Some("0.0000000000000000"));
        assert_eq!(power("0", "0").as_deref(), Some("1.0000000000000000"));
        assert_eq!(power("0", "-1"), None);
        assert_eq!(power("-8", "0.5"), None);
        assert_eq!(power("10", "200000"), None);
        assert_eq!(power("-1", "99999999999").as_deref(), Some("-1.0000000000000000"));
    }
}
