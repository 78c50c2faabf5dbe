//! Numbers and intervals as they are printed, read back as what they claim.

use rug::Float;
use rug::float::Round;
use rug::ops::Pow as _;

use crate::printed::truth::Truth;

/// Bits in which claims are held: far more than any is told to.
const BITS: u32 = 2000;

/// Of a unit of the last digit, how far a single decimal may be from the truth.
pub const HALF: f64 = 0.5;
/// As [`HALF`].
pub const WHOLE: f64 = 1.0;

/// What a piece of text claims: that the number lies between these.
#[derive(Debug)]
pub struct Claim {
    pub lo: Float,
    pub hi: Float,
}

impl Claim {
    /// Whether the true number, itself enclosed far more tightly, may be between the ends.
    pub fn contains(&self, truth: &Truth) -> bool {
        truth.lo <= self.hi && truth.hi >= self.lo
    }

    /// Two ends as decimals.
    pub fn ends(lo: &str, hi: &str) -> Claim {
        Claim { lo: number(lo, Round::Down), hi: number(hi, Round::Up) }
    }

    /// Two ends as f64.
    pub fn floats(lo: f64, hi: f64) -> Claim {
        Claim { lo: Float::with_val(BITS, lo), hi: Float::with_val(BITS, hi) }
    }

    /// A number that is at most this.
    pub fn at_most(text: &str) -> Claim {
        Claim::ends("-inf", text)
    }

    /// A single decimal, the truth within so much of a unit of its last digit; 0 and infinities are what they are.
    pub fn decimal(text: &str, units: f64) -> Claim {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        if !text.ends_with(|c: char| c.is_ascii_digit()) || text == "0" {
            return Claim::ends(text, text);
        }
        let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
        let unit = Float::with_val(BITS, 10).pow(exponent.parse::<i32>().unwrap() - decimals) * units;
        let Claim { lo, hi } = Claim::ends(text, text);
        Claim { lo: lo - &unit, hi: hi + &unit }
    }

    fn of(cell: &str, units: f64) -> Claim {
        match cell.strip_prefix('[').and_then(|cell| cell.strip_suffix(']')).and_then(|cell| cell.split_once(", ")) {
            Some((lo, hi)) => Claim::ends(lo, hi),
            None => Claim::decimal(cell, units),
        }
    }
}

fn number(text: &str, round: Round) -> Float {
    let parsed = Float::parse(text).unwrap_or_else(|error| panic!("`{text}`: {error}"));
    Float::with_val_round(BITS, parsed, round).0
}

/// The words of a line, `[a, b]` being one.
pub fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        match words.last_mut().filter(|last| last.starts_with('[') && !last.ends_with(']')) {
            Some(last) => *last += &format!(" {word}"),
            None => words.push(word.to_string()),
        }
    }
    words
}

/// The claims of a line that has nothing but numbers and intervals.
pub fn cells(line: &str, units: f64) -> Vec<Claim> {
    words(line).iter().map(|word| Claim::of(word, units)).collect()
}

/// What stands between two pieces of text, over and over.
pub fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}
