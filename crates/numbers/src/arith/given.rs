//! Numbers that a user gives: a decimal is that decimal, not the f64 next to it.

use std::fmt;
use std::str::FromStr;

use rug::{Float, Rational};
use serde::{Serialize, Serializer};

use super::interval::{Interval, Intervals};
use super::literal::Decimal;

/// A number as it was given: an f64, or a decimal that need not be one, such as 0.1.
///
/// ```
/// use logitlab_numbers::arith::Given;
///
/// let tenth: Given = "0.1".parse().unwrap();
/// assert_eq!((tenth.nearest(), tenth.to_string().as_str()), (0.1, "0.1"));
/// assert_eq!(tenth.rational(), rug::Rational::from((1, 10)));
/// // 0.5 is an f64, and the same whichever way it comes.
/// assert_eq!("-5e-1".parse(), Ok(Given::from(-0.5)));
/// assert_ne!(tenth, Given::from(0.1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Given {
    nearest: f64,
    /// What the decimal has beyond `nearest`, rounded; 0 of an f64.
    low: f64,
    /// 1 / the number, rounded.
    inverse: f64,
    /// The magnitude, where it is no f64.
    decimal: Option<Decimal>,
}

impl From<f64> for Given {
    fn from(x: f64) -> Given {
        Given { nearest: x, low: 0.0, inverse: 1.0 / x, decimal: None }
    }
}

impl FromStr for Given {
    type Err = String;

    /// Reads `0.7`, `-1e-3`, `.5` or `2.`.
    fn from_str(text: &str) -> Result<Given, String> {
        let (negative, magnitude) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let wrong = || "expected a number such as 0.7 or 1e-3, of at most 19 digits".to_string();
        let (mantissa, exponent) = match magnitude.find(['e', 'E']) {
            Some(at) => magnitude.split_at(at),
            None => (magnitude, ""),
        };
        let mantissa = match mantissa {
            "." => return Err(wrong()),
            m if m.starts_with('.') => format!("0{m}"),
            m => m.trim_end_matches('.').to_string(),
        };
        let decimal = Decimal::parse(&format!("{mantissa}{exponent}")).ok_or_else(wrong)?;
        let nearest = decimal.to_f64();
        if nearest.is_infinite() {
            return Err("expected a number that an f64 has room for, below 1.8e308".to_string());
        }
        if decimal.digits() > 0 && nearest < f64::MIN_POSITIVE {
            return Err("it is too near to 0: expected a number of at least 2.3e-308 in magnitude".to_string());
        }
        let sign = if negative { -1.0 } else { 1.0 };
        let exact = rational(decimal);
        let rest = exact.clone() - Rational::from_f64(nearest).expect("a finite number");
        if rest == 0 {
            return Ok(Given::from(sign * nearest));
        }
        let rounded = |x: &Rational| Float::with_val(53, x).to_f64();
        let (low, inverse) = (sign * rounded(&rest), sign * rounded(&exact.recip()));
        Ok(Given { nearest: sign * nearest, low, inverse, decimal: Some(decimal) })
    }
}

/// The number that a decimal is.
fn rational(decimal: Decimal) -> Rational {
    let power = Rational::from(rug::Integer::from(rug::Integer::u_pow_u(10, decimal.exponent().unsigned_abs())));
    let digits = Rational::from(decimal.digits());
    if decimal.exponent() >= 0 { digits * power } else { digits / power }
}

impl Given {
    /// The nearest f64.
    pub fn nearest(&self) -> f64 {
        self.nearest
    }

    /// Whether it is an f64.
    pub fn is_float(&self) -> bool {
        self.decimal.is_none()
    }

    /// Whether it is 1.
    pub fn is_one(&self) -> bool {
        self.nearest == 1.0 && self.is_float()
    }

    /// What it has beyond the nearest f64, within half a unit of its own last place; 0 of an f64.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// 1 over it, correctly rounded.
    pub fn inverse(&self) -> f64 {
        self.inverse
    }

    /// It.
    ///
    /// # Panics
    /// If it is NaN or infinite.
    pub fn rational(&self) -> Rational {
        match self.decimal {
            Some(decimal) if self.nearest < 0.0 => -rational(decimal),
            Some(decimal) => rational(decimal),
            None => Rational::from_f64(self.nearest).expect("a finite number"),
        }
    }

    /// Whether it is what the nearest f64 prints as.
    fn is_shown_by_float(&self) -> bool {
        self.decimal.is_none_or(|decimal| Decimal::parse(&format!("{:e}", self.nearest.abs())) == Some(decimal))
    }

    /// It, as narrow as a system has it.
    pub fn interval(&self, system: &Intervals) -> Interval {
        if self.is_float() { system.float(self.nearest) } else { system.enclose(&self.rational()) }
    }
}

impl Serialize for Given {
    /// As a number, or as text where no f64 prints as this decimal.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.is_shown_by_float() {
            true => serializer.serialize_f64(self.nearest),
            false => serializer.collect_str(self),
        }
    }
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decimal {
            Some(decimal) if !self.is_shown_by_float() => {
                write!(f, "{}{decimal}", if self.nearest < 0.0 { "-" } else { "" })
            }
            _ => write!(f, "{}", self.nearest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_themselves() {
        for (text, n, d) in
            [("0.1", 1, 10), ("-2.5e-3", -1, 400), (".3", 3, 10), ("7.", 7, 1), ("+1e-9", 1, 1_000_000_000)]
        {
            let given: Given = text.parse().unwrap();
            assert_eq!(given.rational(), Rational::from((n, d)), "{text}");
            // Together the two parts are as near as f64 goes twice.
            let parts = Rational::from_f64(given.nearest()).unwrap() + Rational::from_f64(given.low()).unwrap();
            let off = ((parts - given.rational()) / given.rational()).abs();
            assert!(off <= Rational::from(1) >> 106, "{text}");
            let inverse = Rational::from_f64(given.inverse()).unwrap() * given.rational();
            assert!((inverse - Rational::from(1)).abs() <= Rational::from(1) >> 53, "{text}");
        }
        let third: Given = "0.3333333333333333333".parse().unwrap();
        assert_eq!((third.to_string().as_str(), third.is_float()), ("0.3333333333333333333", false));
        let near: Given = "1.000000000000000001".parse().unwrap();
        assert!(near.nearest() == 1.0 && !near.is_one() && Given::from(1.0).is_one());
    }

    #[test]
    fn what_is_no_number() {
        for text in ["1e-320", "-1e-400"] {
            // 0 need not be allowed where such a number is given.
            let error = text.parse::<Given>().unwrap_err();
            assert_eq!(error, "it is too near to 0: expected a number of at least 2.3e-308 in magnitude");
        }
        for text in
            ["", "-", ".", "e5", "inf", "nan", "1e400", "1e-400", "0x1", "--1", "12345678901234567890", "1e99999999999"]
        {
            assert!(text.parse::<Given>().is_err(), "{text}");
        }
        assert_eq!("0".parse::<Given>().map(|zero| zero.nearest()), Ok(0.0));
    }
}
