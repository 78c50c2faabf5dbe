//! Exact real numbers: rationals, and the few irrationals that the claims need.
//!
//! A logit with exp z = w is the number log w; an entropy is a rational multiple of such a logarithm; a norm is a
//! square root. Each is kept in a form in which equality is decided exactly:
//! a root by its sign and its square, a logarithm by Lindemann's theorem (log b is irrational for rational b != 1,
//! so a + t log b = 0 only if both terms are 0). What leaves these forms is [`Fault::Unrepresentable`].

use std::cmp::Ordering;

use super::fault::{Eval, Fault};
use super::integer::Integer;
use super::rational::Rational;

/// The largest power that is expanded, in bits. Beyond it, comparing b^n with c^m exactly costs more than it tells.
const MAX_BITS: u64 = 1 << 15;

/// The longest exponential e^(n log b) = b^n, in bits: a sum of several such numbers, each over a denominator of its
/// own, takes greatest common divisors of their product's length, which num-bigint finds in quadratic time. With 2^15,
/// one case of a temperature 1/8 at weights of 1000 digits took as long as all others together.
const MAX_EXPONENTIAL: u64 = 1 << 13;

/// The longest number whose root is looked for, in bits: roots are slow where they are not libraries' daily work.
const MAX_ROOT_BITS: u64 = 1 << 11;

/// The longest power of a rational that is computed, in bits: powers of powers would fill all memory.
const MAX_POWER: u64 = 1 << 20;

/// An exact real number, or -inf as the logarithm of 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Number<R> {
    /// A rational number.
    Rational(R),
    /// An irrational square root: negative or not, and its square.
    Root(bool, R),
    /// offset + times log(base), with times != 0, base > 0 and base != 1: irrational.
    Log {
        /// The rational part.
        offset: R,
        /// The rational factor.
        times: R,
        /// The argument of the logarithm.
        base: R,
    },
    /// The logit of a masked action.
    MinusInfinity,
}

use Number::{Log, MinusInfinity, Rational as Ratio, Root};

const MIXED: Fault = Fault::Unrepresentable("a sum or product that mixes roots, logarithms and rationals");
const INFINITE: Fault = Fault::Undefined("arithmetic with -inf");
const LONG: Fault = Fault::Unrepresentable("a power of too many digits");
const LARGE: Fault = Fault::Unrepresentable("a logarithm whose exact comparison needs too many digits");

impl<R: Rational> Number<R> {
    /// A whole number.
    pub fn integer(value: i64) -> Self {
        Ratio(R::from_i64(value))
    }

    /// Whether it is the rational 0.
    pub fn is_zero(&self) -> bool {
        matches!(self, Ratio(x) if x.signum() == 0)
    }

    fn log(offset: R, times: R, base: R) -> Self {
        if times.signum() == 0 || base == R::from_i64(1) { Ratio(offset) } else { Log { offset, times, base } }
    }

    /// The square root of a rational.
    pub fn sqrt(x: &R) -> Eval<Self> {
        match (x.signum(), x.root_exact_or_none()) {
            (-1, _) => Err(Fault::Undefined("the square root of a negative number")),
            (_, Some(root)) => Ok(Ratio(root)),
            (_, None) => Ok(Root(false, x.clone())),
        }
    }

    /// The natural logarithm of a rational.
    pub fn ln(x: &R) -> Eval<Self> {
        match x.signum() {
            1 => Ok(Self::log(R::from_i64(0), R::from_i64(1), x.clone())),
            0 => Err(Fault::Undefined("the logarithm of 0")),
            _ => Err(Fault::Undefined("the logarithm of a negative number")),
        }
    }

    /// e^self, where that is rational or a root.
    pub fn exp(&self) -> Eval<Self> {
        match self {
            MinusInfinity => Ok(Self::integer(0)),
            Ratio(x) if x.signum() == 0 => Ok(Self::integer(1)),
            Log { offset, times, base } if offset.signum() == 0 => {
                let power = integer_power(base, times.numerator())?;
                match small(times.denominator()) {
                    _ if power.bits() > MAX_EXPONENTIAL => Err(LARGE),
                    Some(1) => Ok(Ratio(power)),
                    _ if power.bits() > MAX_ROOT_BITS => Err(LARGE),
                    Some(2) => Self::sqrt(&power),
                    Some(n) => power.root_exact(n).map(Ratio).ok_or(Fault::Unrepresentable("a root of higher order")),
                    None => Err(LARGE),
                }
            }
            _ => Err(Fault::Unrepresentable("the exponential of a rational other than 0")),
        }
    }

    /// -self
    #[allow(clippy::should_implement_trait)]
    pub fn neg(self) -> Eval<Self> {
        match self {
            Ratio(x) => Ok(Ratio(-x)),
            Root(negative, square) => Ok(Root(!negative, square)),
            Log { offset, times, base } => Ok(Log { offset: -offset, times: -times, base }),
            MinusInfinity => Err(INFINITE),
        }
    }

    /// self + other
    pub fn plus(self, other: &Self) -> Eval<Self> {
        match (self, other) {
            (Ratio(mut x), Ratio(y)) => {
                x += y;
                Ok(Ratio(x))
            }
            (MinusInfinity, _) | (_, MinusInfinity) => Ok(MinusInfinity),
            (Log { offset: mut a, times: t, base: b }, Log { offset: c, times: s, base: d }) => {
                a += c;
                let (times, base) = join(&t, &b, s, d)?;
                Ok(Self::log(a, times, base))
            }
            (Log { offset: mut a, times, base }, Ratio(y)) => {
                a += y;
                Ok(Log { offset: a, times, base })
            }
            (Ratio(x), Log { offset, times, base }) => {
                let mut a = x;
                a += offset;
                Ok(Log { offset: a, times: times.clone(), base: base.clone() })
            }
            (x, Ratio(y)) if y.signum() == 0 => Ok(x),
            (Ratio(x), y) if x.signum() == 0 => Ok(y.clone()),
            (Root(m, x), Root(n, y)) => add_roots(m, x, *n, y),
            _ => Err(MIXED),
        }
    }

    /// self * other
    pub fn times(self, other: &Self) -> Eval<Self> {
        match (self, other) {
            (Ratio(mut x), Ratio(y)) => {
                x *= y;
                Ok(Ratio(x))
            }
            (Root(m, mut x), Root(n, y)) => {
                x *= y;
                let root = Self::sqrt(&x)?;
                if m == *n { Ok(root) } else { root.neg() }
            }
            (Root(..), Ratio(y)) | (Log { .. }, Ratio(y)) if y.signum() == 0 => Ok(Self::integer(0)),
            (Root(negative, mut x), Ratio(y)) => {
                x *= y;
                x *= y;
                Ok(Root(negative != (y.signum() < 0), x))
            }
            (Log { mut offset, mut times, base }, Ratio(y)) => {
                offset *= y;
                times *= y;
                Ok(Log { offset, times, base })
            }
            (MinusInfinity, y) => {
                if y.sign()? == Ordering::Greater {
                    Ok(MinusInfinity)
                } else {
                    Err(INFINITE)
                }
            }
            (x, MinusInfinity) => MinusInfinity.times(&x),
            (x @ Ratio(_), y) => y.clone().times(&x),
            _ => Err(MIXED),
        }
    }

    /// 1 / self
    pub fn reciprocal(&self) -> Eval<Self> {
        match self {
            Ratio(x) if x.signum() == 0 => Err(Fault::Undefined("a division by 0")),
            Ratio(x) => Ok(Ratio(x.reciprocal())),
            Root(negative, square) => Ok(Root(*negative, square.reciprocal())),
            Log { .. } => Err(Fault::Unrepresentable("a division by a logarithm")),
            MinusInfinity => Err(INFINITE),
        }
    }

    /// self^n
    pub fn power(&self, n: u32) -> Eval<Self> {
        match (self, n) {
            (_, 0) => Ok(Self::integer(1)),
            (x, 1) => Ok(x.clone()),
            (MinusInfinity, _) => Err(INFINITE),
            (Ratio(x) | Root(_, x), n) if x.bits().saturating_mul(u64::from(n)) > MAX_POWER => Err(LONG),
            (Ratio(x), n) => Ok(Ratio(x.pow(n))),
            (x @ Root(_, square), n) => {
                let even = Ratio(square.pow(n / 2));
                if n % 2 == 0 { Ok(even) } else { even.times(x) }
            }
            (Log { .. }, _) => Err(Fault::Unrepresentable("a power of a logarithm")),
        }
    }

    /// |self|
    pub fn abs(self) -> Eval<Self> {
        if self.sign()? == Ordering::Less { self.neg() } else { Ok(self) }
    }

    /// self log(other), 0 where self = 0
    pub fn xlogy(self, other: &Self) -> Eval<Self> {
        if self.is_zero() {
            return Ok(self);
        }
        other.logarithm()?.times(&self)
    }

    /// The natural logarithm of a rational or a root.
    pub fn logarithm(&self) -> Eval<Self> {
        match self {
            Ratio(x) => Self::ln(x),
            Root(false, square) => Self::ln(square)?.times(&Self::integer(2).reciprocal()?),
            _ if self.sign()? == Ordering::Less => Err(Fault::Undefined("the logarithm of a negative number")),
            _ => Err(Fault::Unrepresentable("the logarithm of a logarithm")),
        }
    }

    /// The square root of a rational.
    pub fn square_root(&self) -> Eval<Self> {
        match self {
            Ratio(x) => Self::sqrt(x),
            _ if self.sign()? == Ordering::Less => Err(Fault::Undefined("the square root of a negative number")),
            _ => Err(Fault::Unrepresentable("the square root of an irrational number")),
        }
    }

    /// Where it lies from 0.
    fn sign(&self) -> Eval<Ordering> {
        match self {
            Ratio(x) => Ok(x.signum().cmp(&0)),
            Root(negative, _) => Ok(if *negative { Ordering::Less } else { Ordering::Greater }),
            MinusInfinity => Ok(Ordering::Less),
            Log { offset, times, base } => {
                let log = times.signum() * if *base > R::from_i64(1) { 1 } else { -1 };
                match offset.signum() {
                    0 => Ok(log.cmp(&0)),
                    same if same == log => Ok(log.cmp(&0)),
                    _ => Err(Fault::Unrepresentable("the order of a logarithm and a rational")),
                }
            }
        }
    }

    /// Their order, exactly.
    pub fn order(&self, other: &Self) -> Eval<Ordering> {
        match (self, other) {
            (Ratio(x), Ratio(y)) => Ok(x.cmp(y)),
            (MinusInfinity, MinusInfinity) => Ok(Ordering::Equal),
            (MinusInfinity, _) => Ok(Ordering::Less),
            (_, MinusInfinity) => Ok(Ordering::Greater),
            (Log { .. } | Ratio(_), Log { .. } | Ratio(_)) => other.clone().neg()?.plus(self)?.sign(),
            (Log { .. }, Root(..)) | (Root(..), Log { .. }) => {
                Err(Fault::Unrepresentable("the order of a logarithm and a root"))
            }
            _ => {
                let (x, y) = (self.sign()?, other.sign()?);
                if x != y {
                    return Ok(x.cmp(&y));
                }
                let squares = square(self).cmp(&square(other));
                Ok(if x == Ordering::Less { squares.reverse() } else { squares })
            }
        }
    }

    /// Whether they are equal, exactly. Unlike their order this is decided for a logarithm against a rational.
    pub fn equals(&self, other: &Self) -> Eval<bool> {
        match (self, other) {
            (MinusInfinity, _) | (_, MinusInfinity) => Ok(matches!((self, other), (MinusInfinity, MinusInfinity))),
            (Log { .. } | Ratio(_), Log { .. } | Ratio(_)) => Ok(other.clone().neg()?.plus(self)?.is_zero()),
            // One is transcendental, the other algebraic.
            (Log { .. }, Root(..)) | (Root(..), Log { .. }) => Ok(false),
            _ => Ok(self.order(other)? == Ordering::Equal),
        }
    }
}

/// The square of a rational or a root.
fn square<R: Rational>(x: &Number<R>) -> R {
    match x {
        Ratio(x) => x.pow(2),
        Root(_, square) => square.clone(),
        _ => unreachable!("logarithms are compared by their difference"),
    }
}

trait RootExact: Rational {
    /// The square root, if it is rational; `None` also for negative numbers.
    fn root_exact_or_none(&self) -> Option<Self> {
        if self.signum() < 0 { None } else { self.root_exact(2) }
    }
}

impl<R: Rational> RootExact for R {}

/// t log b + s log d as one multiple of one logarithm.
fn join<R: Rational>(t: &R, b: &R, s: &R, d: &R) -> Eval<(R, R)> {
    if t == s {
        let mut base = b.clone();
        base *= d;
        return if base.bits() <= MAX_BITS { Ok((t.clone(), base)) } else { Err(LARGE) };
    }
    // t = n/q and s = m/q over a common denominator: (1/q) log(b^n d^m).
    let q = t.denominator().lcm(s.denominator());
    let over_q = |x: &R| {
        let mut n = q.div_exact(x.denominator());
        n *= x.numerator();
        n
    };
    let mut base = integer_power(b, &over_q(t))?;
    base *= &integer_power(d, &over_q(s))?;
    Ok((R::ratio(R::Integer::from_i64(1), q), base))
}

fn small<I: Integer>(n: &I) -> Option<u32> {
    if n.bits() > 31 { None } else { n.to_big().magnitude().to_u32_digits().first().copied().or(Some(0)) }
}

/// b^n for an integer n of either sign, unless it would be too long.
fn integer_power<R: Rational>(b: &R, n: &R::Integer) -> Eval<R> {
    let size = small(n).filter(|size| u64::from(*size) * b.bits() <= MAX_BITS).ok_or(LARGE)?;
    let power = b.pow(size);
    Ok(if n.signum() < 0 { power.reciprocal() } else { power })
}

/// Two roots add up to a root when their ratio is rational: (1 + r) sqrt(y) with r = sqrt(x/y).
fn add_roots<R: Rational>(m: bool, x: R, n: bool, y: &R) -> Eval<Number<R>> {
    let mut ratio = x;
    ratio /= y;
    let mut factor = ratio.root_exact(2).ok_or(MIXED)?;
    if m != n {
        factor = -factor;
    }
    factor += &R::from_i64(1);
    Root(n, y.clone()).times(&Ratio(factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    type N = Number<rug::Rational>;

    fn q(n: i64, d: i64) -> rug::Rational {
        rug::Rational::from((n, d))
    }

    #[test]
    fn entropies_of_small_policies_compare_exactly() {
        // H(1/3, 2/3) = log 3 - (2/3) log 2 against H2 = log(9/5): H2 < H.
        let h = N::ln(&q(2, 1)).unwrap().times(&Ratio(q(-2, 3))).unwrap().plus(&N::ln(&q(3, 1)).unwrap()).unwrap();
        let h2 = N::ln(&q(9, 5)).unwrap();
        assert_eq!(h2.order(&h), Ok(Ordering::Less));
        assert_eq!(h2.equals(&h), Ok(false));
    }

    #[test]
    fn a_logarithm_is_never_rational() {
        let l = N::ln(&q(2, 1)).unwrap();
        assert_eq!(l.equals(&Ratio(q(1, 2))), Ok(false));
        assert!(matches!(l.order(&Ratio(q(1, 2))), Err(Fault::Unrepresentable(_))));
        assert_eq!(l.order(&Ratio(q(-1, 2))), Ok(Ordering::Greater));
        assert_eq!(N::ln(&q(1, 1)).unwrap(), N::integer(0));
    }

    #[test]
    fn roots_multiply_add_and_compare() {
        let two = N::sqrt(&q(2, 1)).unwrap();
        let eight = N::sqrt(&q(8, 1)).unwrap();
        assert_eq!(two.clone().times(&eight), Ok(N::integer(4)));
        assert_eq!(two.clone().plus(&two), Ok(eight.clone()));
        assert_eq!(two.clone().plus(&two.clone().neg().unwrap()), Ok(N::integer(0)));
        assert_eq!(two.order(&Ratio(q(3, 2))), Ok(Ordering::Less));
        assert_eq!(two.clone().neg().unwrap().order(&Ratio(q(-3, 2))), Ok(Ordering::Greater));
        assert_eq!(two.clone().plus(&N::integer(1)), Err(MIXED));
        assert_eq!(two.power(3), Ok(eight));
        assert_eq!(N::sqrt(&q(9, 4)), Ok(Ratio(q(3, 2))));
        assert!(matches!(N::sqrt(&q(-1, 4)), Err(Fault::Undefined(_))));
    }

    #[test]
    fn exponentials_undo_logarithms() {
        let z = N::ln(&q(4, 9)).unwrap();
        assert_eq!(z.exp(), Ok(Ratio(q(4, 9))));
        assert_eq!(z.clone().times(&Ratio(q(1, 2))).unwrap().exp(), Ok(Ratio(q(2, 3))));
        assert_eq!(z.times(&Ratio(q(-2, 1))).unwrap().exp(), Ok(Ratio(q(81, 16))));
        assert_eq!(N::MinusInfinity.exp(), Ok(N::integer(0)));
        assert!(N::integer(1).exp().is_err());
    }

    #[test]
    fn minus_infinity_only_moves_where_it_may() {
        assert_eq!(N::MinusInfinity.plus(&N::integer(3)), Ok(MinusInfinity));
        assert_eq!(N::MinusInfinity.times(&N::integer(2)), Ok(MinusInfinity));
        assert!(N::MinusInfinity.times(&N::integer(-2)).is_err());
        assert!(N::MinusInfinity.neg().is_err());
        assert_eq!(N::MinusInfinity.order(&N::integer(-5)), Ok(Ordering::Less));
    }
}
