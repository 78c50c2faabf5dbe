//! Rigorous intervals in f64: round to nearest, then widen by one unit outward.
//!
//! An operation on f64 is correctly rounded, so its exact result lies between the two neighbours of the computed one;
//! this holds through underflow and overflow. Zeros are kept exact: a masked action's probability is 0, and a sum of
//! squares does not reach below it. Elementary functions are not correctly rounded by the standard library
//! and differ between platforms, so they come from MPFR.

use num_rational::BigRational;
use rug::Float;
use rug::float::Round;

use super::Truth;
use super::dual::{self, Dual, HyperDual};
use super::fault::Eval;
use super::rational::Rational as _;
use super::shared::{compared_by_ends, lifted_once};
use super::vector::{Reduction, Vector};
use super::{Arithmetic, Fault, Function, Real, Spread};

/// A closed interval; an end is infinite where a bound overflowed, and both are -inf for a masked action's logit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval64 {
    lo: f64,
    hi: f64,
}

impl Interval64 {
    /// The lower end.
    pub fn lo(self) -> f64 {
        self.lo
    }

    /// The upper end.
    pub fn hi(self) -> f64 {
        self.hi
    }

    /// One number.
    pub fn point(x: f64) -> Interval64 {
        Interval64 { lo: x, hi: x }
    }

    /// The interval between two numbers, lo <= hi.
    ///
    /// # Panics
    /// If they are not in order, or one is NaN.
    pub fn ends(lo: f64, hi: f64) -> Interval64 {
        assert!(lo <= hi, "the ends of an interval are in order");
        Interval64 { lo, hi }
    }

    fn is_masked(self) -> bool {
        self.hi == f64::NEG_INFINITY
    }

    /// Around sums of ends. A sum that is 0 is exact, since sums do not underflow; one that overflowed downwards is
    /// no masked logit.
    fn around(lo: f64, hi: f64) -> Interval64 {
        Interval64 { lo: if lo == 0.0 { lo } else { lo.next_down() }, hi: if hi == 0.0 { hi } else { hi.next_up() } }
    }
}

/// The context; it has no settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intervals64;

const MASKED: Fault = Fault::Undefined("arithmetic with -inf");

/// Bounds of a product or quotient over all pairs of ends.
fn corners(x: Interval64, y: Interval64, op: impl Fn(f64, f64) -> f64) -> Interval64 {
    [(x.lo, y.lo), (x.lo, y.hi), (x.hi, y.lo), (x.hi, y.hi)]
        .map(|(a, b)| corner(a, b, op(a, b)))
        .into_iter()
        .reduce(|x, y| Interval64 { lo: x.lo.min(y.lo), hi: x.hi.max(y.hi) })
        .expect("four corners")
}

/// Around a product or quotient of two ends. 0 is exact with any partner, also with an infinite end, which stands for
/// a bound; otherwise the signs of the operands hold even where the value underflows.
fn corner(a: f64, b: f64, value: f64) -> Interval64 {
    if a == 0.0 || b == 0.0 || value.is_nan() {
        Interval64::point(0.0)
    } else if (a < 0.0) == (b < 0.0) {
        Interval64 { lo: value.next_down().max(0.0), hi: value.next_up() }
    } else {
        Interval64 { lo: value.next_down(), hi: value.next_up().min(0.0) }
    }
}

/// -inf times x.
fn scale_masked(x: &Interval64) -> Eval<Interval64> {
    if x.lo > 0.0 {
        Ok(Interval64::point(f64::NEG_INFINITY))
    } else if x.hi > 0.0 {
        Err(Fault::Unresolved("-inf times what may be positive or not"))
    } else {
        Err(MASKED)
    }
}

/// An increasing function from MPFR at both ends, rounded outward.
fn increasing(x: Interval64, f: fn(&mut Float, Round)) -> Interval64 {
    let end = |x: f64, round: Round| {
        let mut value = Float::with_val(53, x);
        f(&mut value, round);
        value.to_f64_round(round)
    };
    Interval64 { lo: end(x.lo, Round::Down), hi: end(x.hi, Round::Up) }
}

impl Arithmetic for Intervals64 {
    type Real = Interval64;
    type Dense = Vec<Interval64>;
    type Lifted = Dual<Self>;

    fn rational(&self, value: &BigRational) -> Interval64 {
        let value = rug::Rational::from_big(value);
        let end = |round| Float::with_val_round(53, &value, round).0.to_f64_round(round);
        Interval64 { lo: end(Round::Down), hi: end(Round::Up) }
    }

    fn neg(&self, x: Interval64) -> Eval<Interval64> {
        if x.is_masked() { Err(MASKED) } else { Ok(Interval64 { lo: -x.hi, hi: -x.lo }) }
    }

    fn add(&self, x: Interval64, y: &Interval64) -> Eval<Interval64> {
        if x.is_masked() || y.is_masked() {
            return Ok(Interval64::point(f64::NEG_INFINITY));
        }
        Ok(Interval64::around(x.lo + y.lo, x.hi + y.hi))
    }

    fn sub(&self, x: Interval64, y: &Interval64) -> Eval<Interval64> {
        match (x.is_masked(), y.is_masked()) {
            (_, true) => Err(MASKED),
            (true, false) => Ok(x),
            (false, false) => Ok(Interval64::around(x.lo - y.hi, x.hi - y.lo)),
        }
    }

    fn mul(&self, x: Interval64, y: &Interval64) -> Eval<Interval64> {
        match (x.is_masked(), y.is_masked()) {
            (false, false) => Ok(corners(x, *y, |a, b| a * b)),
            (true, _) => scale_masked(y),
            (_, true) => scale_masked(&x),
        }
    }

    fn div(&self, x: Interval64, y: &Interval64) -> Eval<Interval64> {
        if self.is_zero(y) {
            return Err(Fault::Undefined("a division by 0"));
        }
        if y.lo <= 0.0 && y.hi >= 0.0 {
            return Err(Fault::Unresolved("a division by an interval that contains 0"));
        }
        match (x.is_masked(), y.is_masked()) {
            (false, false) => Ok(corners(x, *y, |a, b| a / b)),
            (true, false) if y.lo > 0.0 => Ok(x),
            _ => Err(MASKED),
        }
    }

    fn power(&self, x: &Interval64, n: u32) -> Eval<Interval64> {
        match n {
            0 => return Ok(Interval64::point(1.0)),
            1 => return Ok(*x),
            _ if x.is_masked() => return Err(MASKED),
            _ => {}
        }
        // On the magnitudes first, one rounding a step; the sign of an odd power comes back at the end.
        let (low, high) = (x.lo.abs().min(x.hi.abs()), x.lo.abs().max(x.hi.abs()));
        let straddles = x.lo < 0.0 && x.hi > 0.0;
        let raise = |base: f64, widen: fn(f64) -> f64| (1..n).fold(base, |power, _| widen(power * base));
        let up = |base: f64| if base == 0.0 { 0.0 } else { raise(base, f64::next_up) };
        let down = |base: f64| raise(base, |y| y.next_down().max(0.0));
        Ok(match (n.is_multiple_of(2), straddles) {
            (true, true) => Interval64 { lo: 0.0, hi: up(high) },
            (true, false) => Interval64 { lo: down(low), hi: up(high) },
            (false, true) => Interval64 { lo: -up(-x.lo), hi: up(x.hi) },
            (false, false) if x.hi <= 0.0 => Interval64 { lo: -up(high), hi: -down(low) },
            (false, false) => Interval64 { lo: down(low), hi: up(high) },
        })
    }

    fn function(&self, function: Function, x: Interval64) -> Eval<Interval64> {
        match function {
            Function::Abs if x.is_masked() => Err(MASKED),
            Function::Abs if x.lo >= 0.0 => Ok(x),
            Function::Abs if x.hi <= 0.0 => self.neg(x),
            Function::Abs => Ok(Interval64 { lo: 0.0, hi: x.hi.max(-x.lo) }),
            Function::Sqrt if x.hi < 0.0 => Err(Fault::Undefined("the square root of a negative number")),
            Function::Sqrt if x.lo < 0.0 => {
                Err(Fault::Unresolved("the square root of an interval that reaches below 0"))
            }
            Function::Sqrt => {
                let Interval64 { lo, hi } = Interval64::around(x.lo.sqrt(), x.hi.sqrt());
                Ok(Interval64 { lo: lo.max(0.0), hi })
            }
            Function::Exp => Ok(increasing(x, |x, round| _ = x.exp_round(round))),
            Function::Log if x.hi < 0.0 => Err(Fault::Undefined("the logarithm of a negative number")),
            Function::Log if x.hi == 0.0 => Err(Fault::Undefined("the logarithm of 0")),
            Function::Log if x.lo <= 0.0 => Err(Fault::Unresolved("the logarithm of an interval that reaches 0")),
            Function::Log => Ok(increasing(x, |x, round| _ = x.ln_round(round))),
        }
    }

    fn xlogy(&self, x: Interval64, y: &Interval64) -> Eval<Interval64> {
        if self.is_zero(&x) {
            return Ok(x);
        }
        match self.function(Function::Log, *y) {
            Err(Fault::Undefined(_)) if x.lo <= 0.0 && x.hi >= 0.0 => {
                Err(Fault::Unresolved("x log y where x may be 0"))
            }
            log => self.mul(log?, &x),
        }
    }

    fn max(&self, x: Interval64, y: &Interval64) -> Eval<Interval64> {
        Ok(Interval64 { lo: x.lo.max(y.lo), hi: x.hi.max(y.hi) })
    }

    fn min(&self, x: Interval64, y: &Interval64) -> Eval<Interval64> {
        Ok(Interval64 { lo: x.lo.min(y.lo), hi: x.hi.min(y.hi) })
    }

    fn is_zero(&self, x: &Interval64) -> bool {
        x.lo == 0.0 && x.hi == 0.0
    }

    compared_by_ends!(Interval64);

    fn spread(&self, x: &Interval64, y: &Interval64) -> Option<Spread> {
        let gap = match (x.is_masked(), y.is_masked()) {
            (true, true) => 0.0,
            (false, false) => Interval64::around(0.0, (x.hi - y.lo).max(y.hi - x.lo)).hi,
            _ => f64::INFINITY,
        };
        let largest = [x.lo, x.hi, y.lo, y.hi].into_iter().fold(0.0, |a: f64, b| a.max(b.abs()));
        Some(Spread { distance: exponent(gap), magnitude: exponent(largest) })
    }

    fn shift(&self, logits: &Vector<Self>, k: usize) -> Eval<Interval64> {
        let largest = self.reduce(Reduction::Max, logits, k)?.hi;
        if largest.is_finite() {
            Ok(Interval64::point(largest))
        } else if largest > 0.0 {
            Err(Fault::Unresolved("softmax of a logit that overflowed"))
        } else {
            Err(Fault::Undefined("softmax of logits that are all -inf"))
        }
    }

    fn dense(&self, items: Vec<Interval64>) -> Vec<Interval64> {
        items
    }

    fn length(&self, dense: &Vec<Interval64>) -> usize {
        dense.len()
    }

    fn element(&self, dense: &Vec<Interval64>, index: usize) -> Interval64 {
        dense[index]
    }

    lifted_once!(Interval64);
}

/// e with |x| <= 2^e, from the exponent field.
fn exponent(x: f64) -> i64 {
    if x == 0.0 {
        i64::MIN
    } else if x.is_finite() {
        // Subnormals share the exponent of the smallest normal number, which bounds them.
        (x.abs().to_bits() >> 52) as i64 - 1022
    } else {
        i64::MAX
    }
}
