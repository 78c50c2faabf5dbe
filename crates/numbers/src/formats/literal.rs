//! Numbers as people write them, read exactly.

use std::str::FromStr;

use rug::float::Special;
use rug::{Complete, Float, Integer, Rational};

use super::odd;

/// The longest text of a number, in bytes.
const MAX_LENGTH: usize = 10_000;
/// The largest magnitude of a decimal exponent: p256e19 ends near 10^78913.
const MAX_DECIMAL_EXPONENT: u32 = 100_000;
/// The largest magnitude of a binary exponent.
const MAX_BINARY_EXPONENT: u32 = 400_000;

/// A number that was read, exactly.
///
/// ```
/// use logitlab_numbers::formats::Literal;
/// use rug::Rational;
///
/// for text in ["0.1875", "3/16", "0x1.8p-3", "1.875e-1"] {
///     assert_eq!(text.parse(), Ok(Literal::Finite(Rational::from((3, 16)))), "{text}");
/// }
/// assert_eq!("-inf".parse(), Ok(Literal::Infinity { negative: true }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A rational number.
    Finite(Rational),
    /// 0 with a minus sign.
    NegativeZero,
    /// An infinity.
    Infinity {
        /// Whether it is below everything else.
        negative: bool,
    },
    /// NaN.
    Nan,
}

/// A text that is no number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLiteral {
    /// It has another form.
    #[error(
        "`{0}` is no number: expected a decimal such as -1.5e-3, a fraction such as 1/3, a hexadecimal float such as 0x1.8p-3, inf or nan"
    )]
    Form(String),
    /// A fraction with the denominator 0.
    #[error("`{0}` divides by zero")]
    ZeroDenominator(String),
    /// More than can be computed with.
    #[error(
        "`{0}` is out of reach: a number has at most {MAX_LENGTH} characters, and an exponent of at most {MAX_DECIMAL_EXPONENT} (decimal) or {MAX_BINARY_EXPONENT} (binary)"
    )]
    Size(String),
}

impl Literal {
    /// The number rounded to odd at this precision in bits, which any narrower format rounds correctly.
    pub fn to_odd(&self, bits: u32) -> Float {
        match self {
            Literal::Finite(x) => odd::rational(x, bits),
            Literal::NegativeZero => Float::with_val(bits, Special::NegZero),
            Literal::Infinity { negative: false } => Float::with_val(bits, Special::Infinity),
            Literal::Infinity { negative: true } => Float::with_val(bits, Special::NegInfinity),
            Literal::Nan => Float::with_val(bits, Special::Nan),
        }
    }

    /// The number, if it is finite.
    pub fn finite(&self) -> Option<Rational> {
        match self {
            Literal::Finite(x) => Some(x.clone()),
            Literal::NegativeZero => Some(Rational::new()),
            Literal::Infinity { .. } | Literal::Nan => None,
        }
    }
}

impl FromStr for Literal {
    type Err = BadLiteral;

    fn from_str(text: &str) -> Result<Literal, BadLiteral> {
        let shown = || text.chars().take(40).collect::<String>();
        if text.len() > MAX_LENGTH {
            return Err(BadLiteral::Size(shown()));
        }
        let lower = text.trim().to_ascii_lowercase();
        let (negative, magnitude) = match lower.strip_prefix(['-', '+']) {
            Some(rest) => (lower.starts_with('-'), rest),
            None => (false, lower.as_str()),
        };
        match magnitude {
            "inf" | "infinity" => return Ok(Literal::Infinity { negative }),
            "nan" => return Ok(Literal::Nan),
            _ => {}
        }
        let value = match magnitude.split_once('/') {
            None => number(magnitude),
            Some((n, d)) => number(n).and_then(|n| match number(d)? {
                d if d.is_zero() => Err(Wrong::ZeroDenominator),
                d => Ok(n / d),
            }),
        };
        match value {
            Ok(x) if negative && x.is_zero() => Ok(Literal::NegativeZero),
            Ok(x) => Ok(Literal::Finite(if negative { -x } else { x })),
            Err(Wrong::Form) => Err(BadLiteral::Form(shown())),
            Err(Wrong::ZeroDenominator) => Err(BadLiteral::ZeroDenominator(shown())),
            Err(Wrong::Size) => Err(BadLiteral::Size(shown())),
        }
    }
}

enum Wrong {
    Form,
    ZeroDenominator,
    Size,
}

/// `12`, `.5`, `1.5e-3` or `0x1.8p-3`, without a sign.
fn number(text: &str) -> Result<Rational, Wrong> {
    match text.strip_prefix("0x") {
        Some(hex) => positional(hex, 'p', 16, MAX_BINARY_EXPONENT),
        None => positional(text, 'e', 10, MAX_DECIMAL_EXPONENT),
    }
}

/// Digits with a point, and after `mark` a power of ten, or of two for hexadecimal digits.
fn positional(text: &str, mark: char, radix: u32, most: u32) -> Result<Rational, Wrong> {
    let (mantissa, exponent) = text.split_once(mark).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let are_digits = |text: &str, radix| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if !are_digits(&digits, radix) || !are_digits(unsigned, 10) {
        return Err(Wrong::Form);
    }
    let size = unsigned.parse::<u32>().ok().filter(|size| *size <= most).ok_or(Wrong::Size)?;
    let units = Integer::parse_radix(&digits, radix as i32).map_err(|_| Wrong::Form)?.complete();
    let places = radix_power(radix, fraction.len() as u32);
    let power = if radix == 16 { Integer::from(1) << size } else { radix_power(10, size) };
    let value = Rational::from((units, places));
    Ok(if exponent.starts_with('-') { value / power } else { value * power })
}

fn radix_power(radix: u32, exponent: u32) -> Integer {
    Integer::u_pow_u(radix, exponent).complete()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let finite = |text: &str| text.parse::<Literal>().ok().and_then(|literal| literal.finite());
        let half = Some(Rational::from((1, 2)));
        for text in ["0.5", ".5", "5e-1", "1/2", "0.25/.5", "0x.8", "0x1p-1", "+0.50", " 0X8P-4 "] {
            assert_eq!(finite(text), half, "{text}");
        }
        assert_eq!("-0".parse(), Ok(Literal::NegativeZero));
        assert_eq!("-1e-3".parse(), Ok(Literal::Finite(Rational::from((-1, 1000)))));
        for text in ["", "-", ".", "e5", "1e", "0x", "0xg", "1/", "1/-2", "--1", "1_0", "1e1.5", "infinite", "1/2/3"] {
            assert_eq!(text.parse::<Literal>(), Err(BadLiteral::Form(text.to_string())), "{text}");
        }
        assert!(matches!("1/0".parse::<Literal>(), Err(BadLiteral::ZeroDenominator(_))));
        for text in ["1e100001", "1e-99999999999999999999", "0x1p400001", &"1".repeat(10_001)] {
            assert!(matches!(text.parse::<Literal>(), Err(BadLiteral::Size(_))));
        }
    }
}
