//! Enclosures as decimal text: the one place where an interval becomes digits for people, and for JSON.
//!
//! Whatever is printed here is a claim that is true of every number of the interval: both ends are rounded outward
//! ([`decimals`], [`ends`]), or every number of the interval rounds to the digits that are shown, so that it is within
//! half a unit of the last of them ([`certain_digits`]). What is told roughly says so ([`about`]), and a bound stays a
//! bound ([`at_most`]).

use rug::float::Round;
use rug::ops::Pow as _;
use rug::{Float, Integer, Rational};

use super::interval::{Interval, Intervals};

/// Significant digits for a number of `bits` bits: one more than they are worth, so that rounding to decimal widens
/// an interval by less than the last bit did.
pub fn significant_digits(bits: u32) -> usize {
    // 0.30103 exceeds log10(2) by 4e-9.
    (u64::from(bits) * 30_103).div_ceil(100_000) as usize + 1
}

/// The lower end rounded down and the upper end rounded up, each to the [`significant_digits`] of its precision.
///
/// The text is `-d.ddde-n`, as a JSON number is written: one digit before the point, no zeros at the end, no exponent
/// where it is 0, `0` for zero, and `inf` and `-inf`, which JSON has as text only.
///
/// ```
/// use logitlab_numbers::arith::interval::Intervals;
/// use logitlab_numbers::arith::decimal::decimals;
///
/// let tenth = Intervals::new(24).enclose(&rug::Rational::from((1, 10)));
/// assert_eq!(decimals(&tenth), ["9.9999994e-2", "1.00000002e-1"].map(str::to_owned));
/// assert_eq!(decimals(&Intervals::new(24).float(0.125)), ["1.25e-1", "1.25e-1"].map(str::to_owned));
/// ```
pub fn decimals(x: &Interval) -> [String; 2] {
    let digits = significant_digits(x.lo().prec());
    [decimal(x.lo(), digits, Round::Down), decimal(x.hi(), digits, Round::Up)]
}

/// How many decimal digits so many bits are worth: no number of a format with this precision has more to show.
pub fn digits_of(bits: u32) -> f64 {
    f64::from(bits) * std::f64::consts::LOG10_2
}

/// The number to as many significant digits, at most `most`, as every number of the interval rounds to: each of them is
/// within half a unit of the last digit. Both ends, rounded outward to two digits, where there is no such digit.
///
/// ```
/// use logitlab_numbers::arith::interval::Intervals;
/// use logitlab_numbers::arith::decimal::certain_digits;
///
/// let system = Intervals::new(64);
/// assert_eq!(certain_digits(&system.enclose(&rug::Rational::from((1, 3))), 6), "0.333333");
/// let ends = [123, 124].map(|thousandths| rug::Rational::from((thousandths, 1000)));
/// assert_eq!(certain_digits(&system.ends(&ends[0], &ends[1]), 6), "0.12");
/// assert_eq!(certain_digits(&system.ends(1, 9), 6), "[1, 9]");
/// assert_eq!(certain_digits(&system.ends(-0.00123, 0.1), 6), "[-0.0013, 0.11]");
/// assert_eq!(certain_digits(&system.float(1e-300), 6), "1e-300");
/// ```
pub fn certain_digits(x: &Interval, most: usize) -> String {
    let common = (1..=most).rev().find_map(|digits| {
        let [lo, hi] = [x.lo(), x.hi()].map(|end| decimal(end, digits, Round::Nearest));
        (lo == hi).then_some((lo, digits))
    });
    match common {
        // Zeros at the end are digits, too: 1.000 is not known to be 1.
        Some((text, digits)) if !x.is_point() => plain(&padded(&text, digits)),
        Some((text, _)) => plain(&text),
        None => ends(x, 2),
    }
}

/// [`certain_digits`] of an interval with ends in f64; an end may be infinite.
///
/// ```
/// use logitlab_numbers::arith::decimal::certain;
///
/// assert_eq!(certain(0.9451, 1.551, 3), "[0.94, 1.6]");
/// assert_eq!(certain(-0.0, 0.0, 3), "0");
/// assert_eq!(certain(f64::NAN, 1.0, 3), "unknown");
/// ```
pub fn certain(lo: f64, hi: f64, most: usize) -> String {
    if lo <= hi {
        certain_digits(&Intervals::new(53).ends(&Float::with_val(53, lo), &Float::with_val(53, hi)), most)
    } else {
        "unknown".to_owned()
    }
}

/// The middle of an interval with ends in f64, to as many significant digits, two to `most`, that every number of it is
/// within one unit of the last one; both ends, rounded outward to two digits, where not even two are known so. Of
/// narrow intervals in order, what is printed is in order, too.
///
/// ```
/// use logitlab_numbers::arith::decimal::within_unit;
///
/// assert_eq!(within_unit(0.05288, 0.05293, 3), "0.0529");
/// assert_eq!(within_unit(0.9451, 1.551, 3), "[0.94, 1.6]");
/// assert_eq!((within_unit(-0.0, 0.0, 3).as_str(), within_unit(1.0, 1.0, 3).as_str()), ("0", "1"));
/// ```
pub fn within_unit(lo: f64, hi: f64, most: usize) -> String {
    if lo == hi || lo.is_infinite() || hi.is_infinite() || lo.is_nan() || hi.is_nan() {
        return certain(lo, hi, most);
    }
    // Ends and middle exactly: a sum of two f64 has 2100 bits at most.
    let [lo, hi] = [lo, hi].map(|end| Rational::from_f64(end).expect("it is finite"));
    let middle = Float::with_val(2200, Rational::from(&lo + &hi) / 2u32);
    let fits = |digits: &usize| {
        let text = decimal(&middle, *digits, Round::Nearest);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().expect("it was printed");
        let scaled: Integer = padded(mantissa, *digits).replace('.', "").parse().expect("its digits");
        let unit = Rational::from(10).pow(exponent + 1 - *digits as i32);
        let shown = Rational::from(scaled) * &unit;
        let off = |end: &Rational| Rational::from(end - &shown).abs() <= unit;
        (off(&lo) && off(&hi)).then(|| plain(&padded(&text, *digits)))
    };
    let whole = |text: Option<String>| text.unwrap_or_else(|| certain(lo.to_f64(), hi.to_f64(), 0));
    whole(if middle.is_zero() { None } else { (2..=most).rev().find_map(|digits| fits(&digits)) })
}

/// A number rounded up to a number of significant digits: for what something is at most.
///
/// ```
/// use logitlab_numbers::arith::decimal::at_most;
///
/// assert_eq!([1.401e-7, 0.0, 39.1].map(|x| at_most(x, 2)), ["1.5e-7", "0", "40"]);
/// assert_eq!(at_most(f64::INFINITY, 2), "infinite");
/// ```
pub fn at_most(x: f64, digits: usize) -> String {
    match x {
        _ if x.is_nan() => "unknown".to_owned(),
        _ if x.is_infinite() => "infinite".to_owned(),
        0.0 => "0".to_owned(),
        _ => plain(&padded(&decimal(&Float::with_val(53, x), digits, Round::Up), digits)),
    }
}

/// A number that is known, such as one that a file has: the shortest digits that read back as it.
///
/// ```
/// use logitlab_numbers::arith::decimal::shortest;
///
/// let texts = [-4.8125, -0.0, 1e-7, 20.0, f64::NAN, f64::NEG_INFINITY].map(shortest);
/// assert_eq!(texts, ["-4.8125", "0", "1e-7", "20", "NaN", "-inf"]);
/// ```
pub fn shortest(x: f64) -> String {
    match x.abs() {
        0.0 => "0".to_owned(),
        size if size.is_finite() && !(1e-5..1e9).contains(&size) => format!("{x:e}"),
        _ => x.to_string(),
    }
}

/// Both ends to a number of significant digits, rounded outward: for an interval whose width is what is told.
///
/// ```
/// use logitlab_numbers::arith::interval::Intervals;
/// use logitlab_numbers::arith::decimal::ends;
///
/// let tenth_to_half = Intervals::new(64).ends(&rug::Rational::from((10001, 100_000)), &rug::Rational::from((1, 2)));
/// assert_eq!(ends(&tenth_to_half, 3), "[0.1, 0.5]");
/// ```
pub fn ends(x: &Interval, digits: usize) -> String {
    format!("[{}, {}]", plain(&decimal(x.lo(), digits, Round::Down)), plain(&decimal(x.hi(), digits, Round::Up)))
}

/// The text with zeros up to a number of significant digits.
fn padded(text: &str, digits: usize) -> String {
    let (mantissa, exponent) = text.split_at(text.find('e').unwrap_or(text.len()));
    let missing = digits - mantissa.chars().filter(char::is_ascii_digit).count();
    let point = if mantissa.contains('.') || missing == 0 { "" } else { "." };
    format!("{mantissa}{point}{}{exponent}", "0".repeat(missing))
}

/// The middle of an interval to a number of significant digits, or 0; for a number that is told roughly, with words
/// beside it that say how roughly. It claims no more than that: of an interval of relative width r, every number is
/// within r/2 + 10^(1 - digits)/2 of it, relatively.
///
/// ```
/// use logitlab_numbers::arith::interval::Intervals;
/// use logitlab_numbers::arith::decimal::about;
///
/// let system = Intervals::new(64);
/// assert_eq!(about(&system.ends(&rug::Rational::from((121, 10)), &rug::Rational::from((123, 10))), 3), "12.2");
/// assert_eq!(about(&system.float(1e-7), 3), "1e-7");
/// ```
pub fn about(x: &Interval, digits: usize) -> String {
    let sum = Float::with_val(x.lo().prec(), x.lo() + x.hi());
    plain(&decimal(&(sum / 2u32), digits, Round::Nearest))
}

/// `1.25e-1` as `0.125` and `1.25e1` as `12.5`, while that does not get long and claims no digits.
fn plain(text: &str) -> String {
    let Some((mantissa, exponent)) = text.split_once('e') else { return text.to_owned() };
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let digits = mantissa.trim_start_matches('-').replace('.', "");
    match exponent.parse::<i32>() {
        Ok(exponent @ -4..=-1) => format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize)),
        Ok(exponent @ 1..=8) if digits.len() > exponent as usize => {
            let (whole, fraction) = digits.split_at(exponent as usize + 1);
            let point = if fraction.is_empty() { "" } else { "." };
            format!("{sign}{whole}{point}{fraction}")
        }
        _ => text.to_owned(),
    }
}

fn decimal(x: &Float, digits: usize, round: Round) -> String {
    if x.is_zero() {
        return "0".to_owned();
    }
    if x.is_infinite() {
        return if x.is_sign_negative() { "-inf" } else { "inf" }.to_owned();
    }
    let (negative, digits, exponent) = x.to_sign_string_exp_round(10, Some(digits), round);
    // The point stands before the first digit.
    let exponent = exponent.expect("neither zero nor infinite nor NaN") - 1;
    let (first, rest) = digits.trim_end_matches('0').split_at(1);
    let sign = if negative { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    let exponent = if exponent == 0 { String::new() } else { format!("e{exponent}") };
    format!("{sign}{first}{point}{rest}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::rational::Rational as _;
    use num_bigint::BigInt;
    use num_rational::BigRational;
    use proptest::prelude::*;

    fn power(exponent: i64) -> BigRational {
        BigRational::from_integer(10.into()).pow(exponent as i32)
    }

    /// The number that the text says, and the unit of the last of `digits` significant digits there.
    fn parse(text: &str, digits: usize) -> (BigRational, BigRational) {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let exponent: i64 = exponent.parse().unwrap();
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        assert!(whole.trim_start_matches('-').len() == 1 && !decimals.ends_with('0'), "{text} is not normalised");
        let value: BigInt = format!("{whole}{decimals}").parse().unwrap();
        (
            BigRational::from_integer(value) * power(exponent - decimals.len() as i64),
            power(exponent + 1 - digits as i64),
        )
    }

    fn exact(x: &Float) -> BigRational {
        x.to_rational().unwrap().to_big()
    }

    proptest! {
        #[test]
        fn decimals_contain_the_interval_and_are_within_one_unit(
            n in any::<i128>(), d in 1..u64::MAX, scale in -900..700i32, bits in 24..400u32,
        ) {
            let x = Rational::from((n, d)) << scale;
            let interval = Intervals::new(bits).enclose(&x);
            let [lo, hi] = decimals(&interval);
            prop_assert!(lo.parse::<serde_json::Number>().is_ok() && hi.parse::<serde_json::Number>().is_ok());

            let digits = significant_digits(bits);
            let ((below, below_unit), (above, above_unit)) = (parse(&lo, digits), parse(&hi, digits));
            let (lo, hi) = (exact(interval.lo()), exact(interval.hi()));
            prop_assert!(below <= lo && &lo - &below < below_unit);
            prop_assert!(hi <= above && &above - &hi < above_unit);
        }

        #[test]
        fn short_decimals_stay_short(n in -999..1000i32, shift in 0..10u32) {
            let interval = Intervals::new(64).enclose(&(Rational::from(n) >> shift));
            let [lo, hi] = decimals(&interval);
            prop_assert_eq!(&lo, &hi, "what is exact is not widened");
            prop_assert_eq!(parse(&lo, 1).0, exact(interval.lo()));
        }
    }

    #[test]
    fn special_values() {
        let system = Intervals::new(53);
        let text = |x: f64| decimals(&system.float(x)).join(" ");
        assert_eq!(text(0.0), "0 0");
        assert_eq!(text(-0.0), "0 0");
        assert_eq!(text(1.0), "1 1");
        assert_eq!(text(-2.0), "-2 -2");
        assert_eq!(text(10.0), "1e1 1e1");
        assert_eq!(text(-0.75), "-7.5e-1 -7.5e-1");
        assert_eq!(text(f64::NEG_INFINITY), "-inf -inf");
    }

    #[test]
    fn the_least_positive_number_has_a_decimal() {
        let mut least = Float::new(24);
        least.next_up();
        assert_eq!(decimal(&least, significant_digits(least.prec()), Round::Up), "2.38256491e-323228497");
        assert_eq!(
            decimal(&least, significant_digits(least.prec()), Round::Down),
            "2.38256490e-323228497".replace("0e", "e")
        );
    }
}
