//! What options are given, read: names of tables, numbers, formats, rows, actions. One lookup by name, and one parser
//! for each kind of value.

use std::fmt;
use std::ops::Range;

use clap::ValueEnum;
use clap::builder::RangedI64ValueParser;
use num_bigint::BigInt;
use num_rational::BigRational;

use super::Failure;
use crate::arith::interval::{MAX_BITS, MIN_BITS};
use crate::certified::Given;
use crate::diff::Temperatures;
use crate::doctor::{ClaimedKind, KINDS, SNIPPETS, Snippet};
use crate::formats::{Format, Overflow, UnknownFormat};
use crate::formulas::{Formula, Quantity, formulas};
use crate::judges::{JUDGES, Judge};
use crate::policy::{Decimal, Spec};
use crate::source::{Chosen, Join};
use crate::study::algorithms::{ALGORITHMS, Algorithm};
use logitlab_words::Unknown;

/// Where people find the names of a table.
#[derive(Clone, Copy)]
pub enum Listed {
    /// In the message: they are few.
    Here,
    /// Elsewhere: a sentence that says where.
    By(&'static str),
}

/// The entry of a table that has this name; `what` says what the names are of.
///
/// # Errors
/// If there is none: which one may have been meant, else all of them or where they are listed.
pub fn named<'n, T>(
    what: &'static str,
    name: &str,
    table: impl IntoIterator<Item = (&'n str, T)>,
    listed: Listed,
) -> Result<T, Failure> {
    let mut known = Vec::new();
    for (entry, value) in table {
        if entry == name {
            return Ok(value);
        }
        known.push(entry);
    }
    let unknown = match listed {
        Listed::Here => Unknown::among(what, name, known),
        Listed::By(place) => Unknown::new(what, name, known, place),
    };
    Err(format!("{unknown:#}").into())
}

/// That no value of an option is given twice.
pub fn once<T: PartialEq + fmt::Display>(option: &str, values: &[T]) -> Result<(), Failure> {
    let twice = values.iter().enumerate().find_map(|(i, value)| values[..i].contains(value).then_some(value));
    twice.map_or(Ok(()), |twice| Err(format!("{option}: {twice} is given twice; give it once").into()))
}

/// The judges of these names, or the default ones.
pub fn judges(names: &[String]) -> Result<Vec<&'static Judge>, Failure> {
    if names.is_empty() {
        return Ok(JUDGES.iter().filter(|judge| judge.default).collect());
    }
    let table = || JUDGES.iter().map(|judge| (judge.name, judge));
    names.iter().map(|name| named("judge", name, table(), Listed::Here)).collect()
}

/// An algorithm for log-sum-exp and softmax.
pub fn algorithm(name: &str) -> Result<&'static Algorithm, Failure> {
    named("algorithm", name, ALGORITHMS.iter().map(|algorithm| (algorithm.name, algorithm)), Listed::Here)
}

/// A formula for w.
pub fn w_formula(name: &str) -> Result<&'static Formula, Failure> {
    let of_w = formulas().iter().filter(|formula| formula.quantity == Some(Quantity::SquaredNorm));
    named("formula for w", name, of_w.map(|formula| (formula.name.as_str(), formula)), Listed::Here)
}

/// The formulas to paste of a framework.
pub fn framework(name: &str) -> Result<&'static Snippet, String> {
    let table = SNIPPETS.iter().map(|snippet| (snippet.name, snippet));
    named("framework", name, table, Listed::Here).map_err(|failure| failure.to_string())
}

/// A kind of claimed column and the name of its tensor: `logp=my_logp`.
pub fn claimed(text: &str) -> Result<(ClaimedKind, String), String> {
    let kinds = || KINDS.iter().map(|line| format!("{}=NAME", line.name)).collect::<Vec<_>>().join(", ");
    let (kind, name) = text.split_once('=').ok_or_else(|| format!("expected one of {}", kinds()))?;
    let table = KINDS.iter().map(|line| (line.name, line.kind));
    let kind = named("kind", kind, table, Listed::Here).map_err(|failure| failure.to_string())?;
    if name.is_empty() { Err("there is no name after =".to_string()) } else { Ok((kind, name.to_string())) }
}

/// Policies to try.
pub fn policy(text: &str) -> Result<Spec, Failure> {
    text.parse().map_err(|error: crate::policy::SpecError| {
        let caret = " ".repeat(error.column.saturating_sub(1)) + &"^".repeat(error.length.max(1));
        format!("--policy {text}\n                {caret}\n{error}").into()
    })
}

/// What becomes of results beyond the largest number.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub enum OverflowPolicy {
    /// What the format's standard says: an infinity, or NaN where there is none
    Standard,
    /// The largest number
    Saturate,
}

impl From<OverflowPolicy> for Overflow {
    fn from(policy: OverflowPolicy) -> Overflow {
        match policy {
            OverflowPolicy::Standard => Overflow::Standard,
            OverflowPolicy::Saturate => Overflow::Saturate,
        }
    }
}

/// A working precision of MPFR.
pub fn bits() -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(MIN_BITS)..=i64::from(MAX_BITS))
}

/// A number that `fits`, which `expected` describes.
fn number(text: &str, expected: &str, fits: impl Fn(f64) -> bool) -> Result<f64, String> {
    text.trim().parse().ok().filter(|x: &f64| x.is_finite() && fits(*x)).ok_or_else(|| format!("expected {expected}"))
}

/// A finite number.
pub fn finite(text: &str) -> Result<f64, String> {
    number(text, "a finite number", |_| true)
}

/// A number above 0.
pub fn positive(text: &str) -> Result<f64, String> {
    number(text, "a number above 0", |x| x > 0.0)
}

/// A number above 0, as it is given: a decimal is that decimal.
pub fn positive_as_given(text: &str) -> Result<Given, String> {
    match text.parse::<Given>()? {
        number if number.nearest() > 0.0 => Ok(number),
        _ => Err("expected a number above 0".to_string()),
    }
}

/// A number, which may be written as `2^-40`.
fn or_power(text: &str, expected: &str, fits: impl Fn(f64) -> bool) -> Result<f64, String> {
    let power = text.strip_prefix("2^").and_then(|exponent| exponent.parse::<i32>().ok());
    match power.map(|exponent| libm::ldexp(1.0, exponent)) {
        Some(power) if power.is_finite() && fits(power) => Ok(power),
        Some(_) => Err(format!("expected {expected}")),
        None => number(text, expected, fits),
    }
}

/// A relative width: `1e-12`, or `2^-40`.
pub fn tolerance(text: &str) -> Result<f64, String> {
    or_power(text, "a width between 0 and 1, such as 1e-12 or 2^-40", |x| x > 0.0 && x < 1.0)
}

/// A distance from 0: `64` or `2^6`.
pub fn distance(text: &str) -> Result<f64, String> {
    or_power(text, "a positive number such as 64 or 2^6", |x| x > 0.0)
}

/// Units in the last place.
pub fn ulps(text: &str) -> Result<f64, String> {
    number(text, "a number from 0 to 1e6", |x| (0.0..=1e6).contains(&x))
}

/// The epsilon of a PPO clip.
pub fn clip(text: &str) -> Result<f64, String> {
    number(text, "a number between 0 and 1", |x| x > 0.0 && x < 1.0)
}

/// One value or two, separated by a comma.
fn pair<T: Copy>(text: &str, one: impl Fn(&str) -> Result<T, String>) -> Result<[T; 2], String> {
    match text.split_once(',') {
        Some((a, b)) => Ok([one(a.trim())?, one(b.trim())?]),
        None => one(text.trim()).map(|both| [both; 2]),
    }
}

/// What both sides' logits are divided by, or A's and B's.
pub fn temperatures(text: &str) -> Result<Temperatures, String> {
    pair(text, positive).map(|[a, b]| Temperatures { a, b })
}

/// A format by its name or sizes.
pub fn format(text: &str) -> Result<Format, UnknownFormat> {
    text.trim().parse()
}

/// The format of both sides' logits, or A's and B's.
pub fn stored_formats(text: &str) -> Result<[Format; 2], String> {
    pair(text, |name| {
        let format: Format = name.parse().map_err(|error| format!("{error}"))?;
        let fits = format.precision <= 53 && format.exponent_bits <= 11;
        if fits { Ok(format) } else { Err(format!("{name} is wider than f64, which no logits are stored in")) }
    })
}

/// The band that ratios should stay in.
#[derive(Clone, Copy)]
pub struct Band(pub [f64; 2]);

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Band([low, high]) = self;
        write!(f, "{low},{high}")
    }
}

/// Two numbers, the lower one first.
pub fn band(text: &str) -> Result<Band, String> {
    let [low, high] = pair(text, positive)?;
    if low < high { Ok(Band([low, high])) } else { Err("the band needs its lower end first".to_string()) }
}

/// What several files are to each other: `rows` is all that there is.
pub fn join(text: &str) -> Result<Join, String> {
    match text {
        "rows" => Ok(Join::Rows),
        _ => Err("expected `rows`: files that hold parts of the vocabulary are to be joined before".to_string()),
    }
}

/// An action, from 0, or the most likely one.
pub fn action(text: &str) -> Result<Chosen, String> {
    match text {
        "argmax" => Ok(Chosen::Largest),
        _ => text.parse().map(Chosen::Always).map_err(|_| "expected `argmax` or an action, counted from 0".to_string()),
    }
}

/// Rows: `0..100`, or `7` for one.
pub fn rows(text: &str) -> Result<Range<u64>, String> {
    let number =
        |text: &str| text.trim().parse::<u64>().map_err(|_| "expected a range such as 0..100, or a row".to_string());
    let range = match text.split_once("..") {
        Some((start, end)) => number(start)?..number(end)?,
        None => {
            let row = number(text)?;
            row..row.checked_add(1).ok_or("no file has so many rows")?
        }
    };
    if range.is_empty() { Err("the range is empty: its end must be above its start".to_string()) } else { Ok(range) }
}

/// Two decimal numbers with a colon between them, the smaller one first.
pub fn decimals(text: &str) -> Result<(BigRational, BigRational), String> {
    let expected = "expected two decimal numbers, the smaller one first, such as -10:10 or -2.5:1e3";
    let (low, high) = text.split_once(':').ok_or(expected)?;
    match (decimal(low), decimal(high)) {
        (Some(low), Some(high)) if low <= high => Ok((low, high)),
        _ => Err(expected.to_string()),
    }
}

fn decimal(text: &str) -> Option<BigRational> {
    /// The most zeros that a number is written with: no format that is exported reaches further.
    const MAX_EXPONENT: u32 = 5000;
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let number = Decimal::parse(digits).filter(|number| number.exponent().unsigned_abs() <= MAX_EXPONENT)?;
    let power = BigInt::from(10).pow(number.exponent().unsigned_abs());
    let whole = BigInt::from(number.digits()) * sign;
    Some(if number.exponent() < 0 { BigRational::new(whole, power) } else { BigRational::from_integer(whole * power) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_there_is_answered_with_what_is() {
        let look = |name: &str, listed| named("fruit", name, [("apple", 1), ("pear", 2)], listed);
        let says = |name: &str, listed| look(name, listed).unwrap_err().to_string();
        assert_eq!(look("pear", Listed::Here).unwrap(), 2);
        assert_eq!(says("aple", Listed::Here), "unknown fruit `aple`; did you mean `apple`?");
        assert_eq!(says("aple", Listed::By("see there")), "unknown fruit `aple`; did you mean `apple`?");
        assert_eq!(says("xyzzy", Listed::Here), "unknown fruit `xyzzy`; they are apple, pear");
        assert_eq!(says("xyzzy", Listed::By("see there")), "unknown fruit `xyzzy`; see there");
    }

    #[test]
    fn numbers_have_the_bounds_that_are_told() {
        assert_eq!((distance("2^6"), tolerance("2^-40")), (Ok(64.0), Ok(libm::exp2(-40.0))));
        for text in ["2^5000", "-1", "nan", "inf", "", "2^x"] {
            assert_eq!(distance(text), Err("expected a positive number such as 64 or 2^6".to_string()), "{text}");
        }
        assert!(tolerance("1").is_err() && clip("1").is_err() && ulps("0").is_ok() && positive("0").is_err());
        assert_eq!((rows("3"), rows("2..5")), (Ok(3..4), Ok(2..5)));
    }
}
