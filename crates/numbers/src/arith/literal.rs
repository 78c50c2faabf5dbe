//! Exact decimal numbers, as typed in a spec.

use std::cmp::Ordering;
use std::fmt;

/// An exact non-negative decimal number `digits * 10^exponent`.
///
/// Unlike an `f64` it holds 1e-1000, and equals exactly what was typed.
///
/// ```
/// use logitlab_numbers::arith::Decimal;
///
/// let gap = Decimal::parse("2.50e-310").unwrap();
/// assert_eq!((gap.digits(), gap.exponent()), (25, -311));
/// assert_eq!(gap.to_string(), "2.5e-310");
/// assert!(gap < Decimal::parse("0.1").unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// no trailing zero, unless the number is zero
    digits: u64,
    /// 0 if the number is zero
    exponent: i32,
}

/// Most significant digits that [`Decimal::parse`] reads.
const MOST_DIGITS: usize = 19;
/// Largest magnitude of an exponent that [`Decimal::parse`] reads.
const MOST_EXPONENT: i32 = 99_999;

impl Decimal {
    /// `digits * 10^exponent`, in the one form without trailing zeros.
    pub const fn new(mut digits: u64, mut exponent: i32) -> Decimal {
        if digits == 0 {
            return Decimal { digits: 0, exponent: 0 };
        }
        while digits.is_multiple_of(10) {
            digits /= 10;
            exponent += 1;
        }
        Decimal { digits, exponent }
    }

    /// Reads `12`, `0.5`, `1e-300` or `2.5E+3`: at most 19 significant digits, no sign, and an
    /// exponent of at most 99999 in magnitude.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || mantissa.ends_with('.') {
            return None;
        }
        let significant = format!("{whole}{fraction}");
        let significant = significant.trim_start_matches('0');
        if significant.len() > MOST_DIGITS {
            return None;
        }
        let power: i32 = power.parse().ok().filter(|p: &i32| p.unsigned_abs() <= MOST_EXPONENT as u32)?;
        let digits = if significant.is_empty() { 0 } else { significant.parse().ok()? };
        Some(Decimal::new(digits, power - i32::try_from(fraction.len()).ok()?))
    }

    /// The digits as an integer, without trailing zeros.
    pub fn digits(self) -> u64 {
        self.digits
    }

    /// The power of ten that the digits are multiplied by.
    pub fn exponent(self) -> i32 {
        self.exponent
    }

    /// The nearest `f64` (0 or infinity beyond its range).
    ///
    /// ```
    /// use logitlab_numbers::arith::Decimal;
    ///
    /// assert_eq!(Decimal::new(1, -300).to_f64(), 1e-300);
    /// ```
    pub fn to_f64(self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().expect("digits and an exponent make a number")
    }

    /// The power of ten of the leading digit.
    fn magnitude(self) -> i32 {
        self.exponent + self.digits.checked_ilog10().unwrap_or(0) as i32
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let leading = |d: &Decimal| u128::from(d.digits) * 10u128.pow(19 - d.digits.checked_ilog10().unwrap_or(0));
        let zero_first = (self.digits != 0).cmp(&(other.digits != 0));
        zero_first.then(self.magnitude().cmp(&other.magnitude())).then(leading(self).cmp(&leading(other)))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    /// Plainly from 0.01 to 999, otherwise with one digit before the point and an exponent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.magnitude();
        if (-2..=2).contains(&magnitude) {
            let digits = self.digits.to_string();
            return match self.exponent {
                0.. => write!(f, "{digits}{}", "0".repeat(self.exponent as usize)),
                _ if magnitude >= 0 => {
                    let (whole, fraction) = digits.split_at(magnitude as usize + 1);
                    write!(f, "{whole}.{fraction}")
                }
                _ => write!(f, "0.{}{digits}", "0".repeat((-magnitude - 1) as usize)),
            };
        }
        let digits = self.digits.to_string();
        match digits.split_at(1) {
            (first, "") => write!(f, "{first}e{magnitude}"),
            (first, rest) => write!(f, "{first}.{rest}e{magnitude}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_forms() {
        for (text, printed) in [
            ("1e-300", "1e-300"),
            ("0", "0"),
            ("0.00e9", "0"),
            ("10", "10"),
            ("999", "999"),
            ("1000", "1e3"),
            ("12.5", "12.5"),
            ("1.25e2", "125"),
            ("0.25", "0.25"),
            ("0.010", "0.01"),
            ("0.001", "1e-3"),
            ("123456789e-20", "1.23456789e-12"),
            ("9999999999999999999", "9.999999999999999999e18"),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), printed, "{text}");
            assert_eq!(Decimal::parse(printed), Decimal::parse(text), "{text}");
        }
    }

    #[test]
    fn rejected() {
        for text in ["", "e5", ".5", "5.", "-1", "+1", "1e", "1e1.5", "1e100000", "inf", "12345678901234567890", "1_0"]
        {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn order() {
        let ascending = ["0", "1e-1000", "9.9e-1000", "0.1", "0.11", "1", "2", "10", "1e6", "1.000001e6"];
        let numbers: Vec<Decimal> = ascending.iter().map(|t| Decimal::parse(t).unwrap()).collect();
        assert!(numbers.is_sorted() && numbers.windows(2).all(|w| w[0] < w[1]));
    }
}
