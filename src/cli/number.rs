//! Floating-point numbers as text: decimal, hexadecimal, bits.

use rug::float::Round;
use rug::{Float, Integer, Rational};

use crate::formats::{Format, Literal};

/// Decimal digits of a number that is shown exactly; a longer one is cut to a few.
const EXACT_DIGITS: usize = 17;
/// Digits of a number that is cut.
const SHORT_DIGITS: usize = 6;

/// A decimal that is exact where that takes at most 17 digits; otherwise as many digits as tell the numbers of its
/// precision apart.
pub fn decimal(x: &Float) -> String {
    let apart = (f64::from(x.prec()) * std::f64::consts::LOG10_2) as usize + 2;
    exact(x).unwrap_or_else(|| digits(x, apart.max(SHORT_DIGITS)))
}

/// Exact where that takes at most 17 digits, otherwise 6 digits.
pub fn short(x: &Float) -> String {
    exact(x).unwrap_or_else(|| digits(x, SHORT_DIGITS))
}

/// A rational number: exactly where that takes at most 12 digits, otherwise `~` and 6 digits.
pub fn approximate(x: &Rational) -> String {
    const BITS: u32 = 128;
    let nearest = Float::with_val(BITS, x);
    let text = digits(&nearest, 2 * SHORT_DIGITS);
    let is_exact = text.parse::<Literal>().ok().and_then(|literal| literal.finite()).as_ref() == Some(x);
    if is_exact { text } else { format!("~{}", digits(&nearest, SHORT_DIGITS)) }
}

fn exact(x: &Float) -> Option<String> {
    let text = digits(x, EXACT_DIGITS);
    let literal: Literal = text.parse().ok()?;
    (!x.is_finite() || literal.finite() == x.to_rational()).then_some(text)
}

/// So many significant digits, without zeros at the end; plainly from 10^-5 to 10^17.
fn digits(x: &Float, most: usize) -> String {
    let sign = if x.is_sign_negative() && !x.is_nan() { "-" } else { "" };
    let (_, digits, exponent) = x.to_sign_string_exp_round(10, Some(most), Round::Nearest);
    // Zeros, infinities and NaN have no exponent.
    let Some(exponent) = exponent else {
        let name = if x.is_nan() {
            "nan"
        } else if x.is_infinite() {
            "inf"
        } else {
            "0"
        };
        return format!("{sign}{name}");
    };
    let digits = digits.trim_end_matches('0');
    let count = digits.len() as i32;
    match exponent {
        -4..=0 => format!("{sign}0.{}{digits}", "0".repeat(-exponent as usize)),
        1..=17 if exponent >= count => format!("{sign}{digits}{}", "0".repeat((exponent - count) as usize)),
        1..=17 => format!("{sign}{}.{}", &digits[..exponent as usize], &digits[exponent as usize..]),
        _ => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{sign}{first}{point}{rest}e{}", exponent - 1)
        }
    }
}

/// `0x1.8p-3`, exactly.
pub fn hex(x: &Float) -> String {
    let Some((significand, exponent)) = x.to_integer_exp().filter(|(significand, _)| !significand.is_zero()) else {
        return digits(x, 1);
    };
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let significand = significand.abs();
    let fraction_bits = significand.significant_bits() - 1;
    let nibbles = fraction_bits.div_ceil(4);
    let fraction = significand.keep_bits(fraction_bits) << (4 * nibbles - fraction_bits);
    let fraction = format!("{:0>width$}", fraction.to_string_radix(16), width = nibbles as usize);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}0x1{point}{fraction}p{}", exponent + fraction_bits as i32)
}

/// `sign|exponent|fraction`; `-` for what the format does not have.
pub fn bits(format: &Format, x: &Float) -> String {
    let Some(pattern) = format.pattern(x) else { return "-".to_string() };
    let text = format!("{:0>width$}", Integer::to_string_radix(&pattern, 2), width = format.bits() as usize);
    let (sign, rest) = text.split_at(1);
    let (exponent, fraction) = rest.split_at(format.exponent_bits as usize);
    format!("{sign}|{exponent}|{fraction}")
}
