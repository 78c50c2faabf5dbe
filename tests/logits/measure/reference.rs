//! An independent evaluation: the exponential by its Taylor series, in rational numbers with explicit bounds.

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// Bits that bounds are rounded to: more than any test measures at.
const BITS: u64 = 700;

/// Two rational bounds of a real number.
#[derive(Clone, Debug)]
pub struct Bounds {
    pub lo: BigRational,
    pub hi: BigRational,
}

/// What a row should measure.
pub struct Expected {
    pub p: Bounds,
    pub collision: Bounds,
    pub w: Bounds,
}

/// x to [`BITS`] bits, downward or upward, so that numbers do not grow without end.
fn trim(x: &BigRational, up: bool) -> BigRational {
    if x.is_zero() {
        return x.clone();
    }
    let shift = BITS as i64 - x.numer().bits() as i64 + x.denom().bits() as i64;
    let power = BigInt::one() << shift.unsigned_abs();
    let scaled = if shift >= 0 { x * &power } else { x / &power };
    let rounded = if up { scaled.ceil() } else { scaled.floor() };
    if shift >= 0 { rounded / power } else { rounded * power }
}

impl Bounds {
    fn new(lo: BigRational, hi: BigRational) -> Bounds {
        assert!(lo <= hi);
        Bounds { lo: trim(&lo, false), hi: trim(&hi, true) }
    }

    fn zero() -> Bounds {
        Bounds { lo: BigRational::zero(), hi: BigRational::zero() }
    }

    fn plus(&self, other: &Bounds) -> Bounds {
        Bounds::new(&self.lo + &other.lo, &self.hi + &other.hi)
    }

    /// The square of a number that is not negative.
    fn square(&self) -> Bounds {
        Bounds::new(&self.lo * &self.lo, &self.hi * &self.hi)
    }

    /// The quotient of numbers that are not negative, the second positive.
    fn over(&self, other: &Bounds) -> Bounds {
        Bounds::new(&self.lo / &other.hi, &self.hi / &other.lo)
    }

    /// (hi - lo) / lo, at most; 0 for 0.
    pub fn relative_width(&self) -> BigRational {
        if self.hi.is_zero() { BigRational::zero() } else { (&self.hi - &self.lo) / &self.lo }
    }
}

fn sum<'a>(terms: impl Iterator<Item = &'a Bounds>) -> Bounds {
    terms.fold(Bounds::zero(), |total, term| total.plus(term))
}

/// e^-x for x >= 0.
fn exp_of_minus(x: &BigRational) -> Bounds {
    // e^x = (e^r)^(2^halvings) with r below 2^-10
    let halvings = (x.numer().bits() + 11).saturating_sub(x.denom().bits());
    let r = x / (BigInt::one() << halvings);
    let (mut total, mut term, mut n) = (Bounds::zero(), Bounds::new(BigRational::one(), BigRational::one()), 0);
    let negligible = BigRational::new(BigInt::one(), BigInt::one() << (BITS + 50));
    while term.hi > negligible {
        total = total.plus(&term);
        n += 1;
        let n = BigInt::from(n);
        term = Bounds::new(&term.lo * &r / &n, &term.hi * &r / &n);
    }
    // What is left out is positive and less than twice its first term, as each is below half of the one before.
    total.hi += &term.hi * BigInt::from(2);
    let power = (0..halvings).fold(total, |power, _| power.square());
    Bounds::new(power.hi.recip(), power.lo.recip())
}

/// The exact value of a finite f64, from its bits.
pub fn exact(x: f64) -> BigRational {
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
    assert!(exponent < 0x7ff, "{x} is not finite");
    let (significand, exponent) = if exponent == 0 { (fraction, 1) } else { (fraction | 1 << 52, exponent) };
    let sign = if x.is_sign_negative() { Sign::Minus } else { Sign::Plus };
    let (significand, shift) = (BigInt::from_biguint(sign, significand.into()), exponent - 1075);
    let power = BigInt::one() << shift.unsigned_abs();
    if shift >= 0 { (significand * power).into() } else { BigRational::new(significand, power) }
}

/// P_c, C and w = (sum of the others)^2 + sum of their squares.
pub fn expected(logits: &[f64], action: usize) -> Expected {
    let possible: Vec<Option<BigRational>> = logits.iter().map(|&z| z.is_finite().then(|| exact(z))).collect();
    let largest = possible.iter().flatten().max().expect("some action is possible");
    let weight = |z: &Option<BigRational>| z.as_ref().map_or(Bounds::zero(), |z| exp_of_minus(&(largest - z)));
    let weights: Vec<Bounds> = possible.iter().map(weight).collect();
    let total = sum(weights.iter());
    let p: Vec<Bounds> = weights.iter().map(|weight| weight.over(&total)).collect();
    let squares: Vec<Bounds> = p.iter().map(Bounds::square).collect();
    let but_one = |all: &[Bounds]| sum(all.iter().enumerate().filter(|&(i, _)| i != action).map(|(_, x)| x));
    let w = but_one(&p).square().plus(&but_one(&squares));
    Expected { p: p[action].clone(), collision: sum(squares.iter()), w }
}

/// The number that a decimal such as `-1.25e-7` says.
pub fn decimal(text: &str) -> BigRational {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: BigInt = format!("{whole}{decimals}").parse().unwrap();
    let power = exponent.parse::<i64>().unwrap() - decimals.len() as i64;
    let ten = BigInt::from(10).pow(power.unsigned_abs().try_into().unwrap());
    if power >= 0 { (digits * ten).into() } else { BigRational::new(digits, ten) }
}

#[test]
fn the_reference_knows_e() {
    // The first 40 decimals of 1/e, and a bound of 10^-40 of what they leave out.
    let known = decimal("3.678794411714423215955237701614608674458e-1");
    let one = exp_of_minus(&BigRational::one());
    assert!(known < one.lo && one.hi < known + decimal("1e-40"));
    assert!(one.relative_width() < BigRational::new(BigInt::one(), BigInt::one() << (BITS - 40)));
    assert!(exp_of_minus(&BigRational::zero()).lo.is_one());
    assert!(exact(-0.1).is_negative() && exact(-0.1) != decimal("-0.1") && exact(0.125) == decimal("0.125"));
}
