//! The finite numbers of a floating-point format among the rationals: neighbours, and rounding, exactly.
//!
//! This shares nothing with [`crate::formats::narrow`], which rounds f64 by its bits; the tests let each check the
//! other.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::InFormat;
use super::fault::{Eval, Fault};
use super::rational::Rational;
use crate::formats::Format;

const BEYOND: Fault = Fault::Undefined("no finite number of the format lies there");
const NO_NUMBER: Fault = Fault::Undefined("the significand of what is no number of the format");

/// What is asked of x in a format, on either rational library.
///
/// # Errors
/// Undefined where no finite number of the format is the result: to nearest where IEEE 754 overflows (section 7.4),
/// whatever the format puts there.
///
/// # Examples
/// ```
/// use logitlab_numbers::arith::{InFormat, format};
/// use rug::Rational;
///
/// let e4m3 = "e4m3fn".parse().unwrap();
/// let third = Rational::from((1, 3));
/// assert_eq!(format::apply(&e4m3, InFormat::Nearest, &third), Ok(Rational::from((11, 32))));
/// assert_eq!(format::apply(&e4m3, InFormat::Down, &third), Ok(Rational::from((5, 16))));
/// assert!(format::apply(&e4m3, InFormat::Succ, &Rational::from(448)).is_err());
/// ```
pub fn apply<R: Rational>(format: &Format, how: InFormat, x: &R) -> Eval<R> {
    let x = x.to_big();
    let binade = Binade::of(format, &x);
    let (below, above) = binade.around(&x);
    let value = match how {
        InFormat::Down => below,
        InFormat::Up => above,
        InFormat::Nearest => nearest(below, above, &binade.in_units(&x)),
        InFormat::Pred => return Binade::next_below(format, &x).map(|x| R::from_big(&x)),
        InFormat::Succ => return Binade::next_below(format, &-x).map(|x| R::from_big(&-x)),
        InFormat::Even => {
            if below != above {
                return Err(NO_NUMBER);
            }
            finite(format, binade.value(&below))?;
            return Ok(R::from_i64(i64::from(below.is_even())));
        }
    };
    let value = binade.value(&value);
    // Beyond the largest number, rounding towards it gives it.
    let largest = largest(format);
    let clamped = match how {
        InFormat::Down if x > largest => largest,
        InFormat::Up if x < -largest.clone() => -largest,
        _ => value,
    };
    finite(format, clamped).map(|value| R::from_big(&value))
}

fn largest(format: &Format) -> BigRational {
    let units: BigInt = <BigInt as super::integer::Integer>::from_big(&big(&format.largest_significand()));
    scaled(units, format.last_place(format.emax()))
}

/// The same integer in the other library.
fn big(x: &rug::Integer) -> BigInt {
    super::integer::Integer::to_big(x)
}

fn finite(format: &Format, x: BigRational) -> Eval<BigRational> {
    if x.abs() <= largest(format) { Ok(x) } else { Err(BEYOND) }
}

fn nearest(below: BigInt, above: BigInt, units: &BigRational) -> BigInt {
    let middle = BigRational::new(&below + &above, BigInt::from(2));
    match units.cmp(&middle) {
        std::cmp::Ordering::Less => below,
        std::cmp::Ordering::Greater => above,
        std::cmp::Ordering::Equal if below.is_even() => below,
        std::cmp::Ordering::Equal => above,
    }
}

/// units * 2^exponent
fn scaled(units: BigInt, exponent: i32) -> BigRational {
    match u32::try_from(exponent) {
        Ok(left) => BigRational::from_integer(units << left),
        Err(_) => BigRational::new(units, BigInt::one() << exponent.unsigned_abs()),
    }
}

/// The numbers between two powers of two, or below the smallest normal one: whole multiples of 2^quantum.
struct Binade {
    quantum: i32,
}

impl Binade {
    /// The one with x in it.
    fn of(format: &Format, x: &BigRational) -> Binade {
        if x.is_zero() {
            return Binade { quantum: format.quantum() };
        }
        // Beyond the largest number its binade goes on: everything there is beyond the largest number, too.
        let exponent = exponent(x).clamp(i64::from(format.emin()), i64::from(format.emax()) + 1) as i32;
        Binade { quantum: format.last_place(exponent) }
    }

    fn in_units(&self, x: &BigRational) -> BigRational {
        x * scaled(BigInt::one(), -self.quantum)
    }

    fn value(&self, units: &BigInt) -> BigRational {
        scaled(units.clone(), self.quantum)
    }

    /// The multiples next to x, both x itself where it is one.
    fn around(&self, x: &BigRational) -> (BigInt, BigInt) {
        let units = self.in_units(x);
        let below = units.numer().div_floor(units.denom());
        let above = if units.is_integer() { below.clone() } else { &below + 1 };
        (below, above)
    }

    /// The largest number below x.
    fn next_below(format: &Format, x: &BigRational) -> Eval<BigRational> {
        let largest = largest(format);
        if *x > largest {
            return Ok(largest);
        }
        let binade = Binade::of(format, x);
        let (below, above) = binade.around(x);
        if below != above {
            return finite(format, binade.value(&below));
        }
        // A power of two belongs to the numbers above it; those below it may lie closer.
        let is_power = x.is_positive() && below == BigInt::one() << (format.precision - 1);
        let finer = is_power && binade.quantum > format.quantum();
        match finer {
            true => finite(format, scaled(below * 2 - 1, binade.quantum - 1)),
            false => finite(format, binade.value(&(below - 1))),
        }
    }
}

/// e with 2^e <= |x| < 2^(e+1), for x other than 0.
fn exponent(x: &BigRational) -> i64 {
    let guess = x.numer().bits() as i64 - x.denom().bits() as i64;
    // The quotient of numbers of n and d bits lies between 2^(n-d-1) and 2^(n-d+1).
    let numerator = x.numer().abs();
    let reaches = match u32::try_from(guess) {
        Ok(left) => numerator >= x.denom() << left,
        Err(_) => numerator << guess.unsigned_abs() >= *x.denom(),
    };
    if reaches { guess } else { guess - 1 }
}
