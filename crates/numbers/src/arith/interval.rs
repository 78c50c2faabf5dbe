//! Rigorous intervals on MPFR: every operation rounds its lower end down and its upper end up.

use num_rational::BigRational;
use rug::Float;
use rug::float::Round;
use rug::ops::{AddAssignRound, AssignRound, NegAssign, SubAssignRound};

use super::Truth;
use super::dual::{self, Dual, HyperDual};
use super::fault::Eval;
use super::rational::Rational as _;
use super::shared::{compared_by_ends, lifted_once};
use super::vector::{Reduction, Vector};
use super::{Arithmetic, Fault, Function, Real, Spread};

/// The smallest working precision, in bits.
pub const MIN_BITS: u32 = 24;
/// The largest working precision, in bits.
pub const MAX_BITS: u32 = 65_536;

/// A closed interval. Its ends have the precision of the context that made it; an end is infinite where a bound
/// overflowed, and both ends are -inf for the logit of a masked action.
#[derive(Clone, Debug)]
pub struct Interval {
    lo: Float,
    hi: Float,
}

impl Interval {
    /// The lower end.
    pub fn lo(&self) -> &Float {
        &self.lo
    }

    /// The upper end.
    pub fn hi(&self) -> &Float {
        &self.hi
    }

    /// Whether it is one number.
    pub fn is_point(&self) -> bool {
        self.lo == self.hi
    }

    /// The numbers in both, if there are any.
    pub fn intersection(&self, other: &Interval) -> Option<Interval> {
        if self.is_masked() != other.is_masked() {
            return None;
        }
        let lo = if self.lo < other.lo { &other.lo } else { &self.lo };
        let hi = if self.hi > other.hi { &other.hi } else { &self.hi };
        (lo <= hi).then(|| Interval { lo: lo.clone(), hi: hi.clone() })
    }

    fn is_masked(&self) -> bool {
        self.hi.is_infinite() && self.hi.is_sign_negative()
    }
}

const MASKED: Fault = Fault::Undefined("arithmetic with -inf");

/// -inf times x.
fn scale_masked(masked: Interval, x: &Interval) -> Eval<Interval> {
    if x.lo > 0 {
        Ok(masked)
    } else if x.hi > 0 {
        Err(Fault::Unresolved("-inf times what may be positive or not"))
    } else {
        Err(MASKED)
    }
}

/// The context: a working precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervals {
    bits: u32,
}

impl Intervals {
    /// Intervals whose ends have `bits` bits of precision.
    ///
    /// # Panics
    /// Outside [`MIN_BITS`]..=[`MAX_BITS`].
    pub fn new(bits: u32) -> Intervals {
        assert!((MIN_BITS..=MAX_BITS).contains(&bits), "precision is from {MIN_BITS} to {MAX_BITS} bits");
        Intervals { bits }
    }

    /// Intervals for what comes in between where the result is to have up to [`MAX_BITS`] bits.
    pub fn between(bits: u32) -> Intervals {
        Intervals { bits }
    }

    /// The working precision in bits.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// An f64 other than NaN, exactly where the precision allows it; -inf is the logit of a masked action.
    pub fn float(&self, x: f64) -> Interval {
        self.ends(x, x)
    }

    /// The interval between two numbers, rounded outward.
    pub fn ends<T: Copy>(&self, lo: T, hi: T) -> Interval
    where
        Float: AssignRound<T, Round = Round, Ordering = std::cmp::Ordering>,
    {
        Interval {
            lo: Float::with_val_round(self.bits, lo, Round::Down).0,
            hi: Float::with_val_round(self.bits, hi, Round::Up).0,
        }
    }

    /// A rational number.
    pub fn enclose(&self, x: &rug::Rational) -> Interval {
        self.ends(x, x)
    }

    /// f at both ends of an interval on which it increases; one evaluation where the ends agree.
    fn increasing(&self, x: &Interval, f: impl Fn(&Float, Round) -> (Float, std::cmp::Ordering)) -> Interval {
        let (lo, rounded) = f(&x.lo, Round::Down);
        let hi = if x.is_point() {
            let mut hi = lo.clone();
            if rounded != std::cmp::Ordering::Equal {
                hi.next_up();
            }
            hi
        } else {
            f(&x.hi, Round::Up).0
        };
        Interval { lo, hi }
    }

    fn exp(&self, x: &Interval) -> Interval {
        self.increasing(x, |x, round| Float::with_val_round(self.bits, x.exp_ref(), round))
    }

    /// The least and the greatest of what an operation gives on all pairs of ends. An end that is infinite stands for
    /// a bound, so 0 times it is 0.
    fn corners(&self, x: &Interval, y: &Interval, op: impl Fn(&Float, &Float, Round) -> Float) -> Interval {
        let pick = |round: Round| {
            let values = [(&x.lo, &y.lo), (&x.lo, &y.hi), (&x.hi, &y.lo), (&x.hi, &y.hi)].map(|(a, b)| {
                let value = op(a, b, round);
                if value.is_nan() { Float::new(self.bits) } else { value }
            });
            let [first, rest @ ..] = values;
            rest.into_iter().fold(first, |a, b| if (b < a) == (round == Round::Down) { b } else { a })
        };
        Interval { lo: pick(Round::Down), hi: pick(Round::Up) }
    }
}

fn non_negative(x: &Interval) -> bool {
    x.lo >= 0
}

/// Of an interval that ends at 0.
pub const NOT_POSITIVE: &str = "the logarithm of a number that is not positive";

impl Arithmetic for Intervals {
    type Real = Interval;
    type Dense = Vec<Interval>;
    type Lifted = Dual<Self>;

    fn rational(&self, value: &BigRational) -> Interval {
        self.enclose(&rug::Rational::from_big(value))
    }

    fn integer(&self, value: i64) -> Interval {
        self.ends(value, value)
    }

    fn neg(&self, x: Interval) -> Eval<Interval> {
        if x.is_masked() {
            return Err(MASKED);
        }
        let Interval { mut lo, mut hi } = x;
        lo.neg_assign();
        hi.neg_assign();
        Ok(Interval { lo: hi, hi: lo })
    }

    fn add(&self, mut x: Interval, y: &Interval) -> Eval<Interval> {
        if x.is_masked() {
            return Ok(x);
        }
        if y.is_masked() {
            return Ok(y.clone());
        }
        x.lo.add_assign_round(&y.lo, Round::Down);
        x.hi.add_assign_round(&y.hi, Round::Up);
        Ok(x)
    }

    fn sub(&self, mut x: Interval, y: &Interval) -> Eval<Interval> {
        if y.is_masked() {
            return Err(MASKED);
        }
        if !x.is_masked() {
            x.lo.sub_assign_round(&y.hi, Round::Down);
            x.hi.sub_assign_round(&y.lo, Round::Up);
        }
        Ok(x)
    }

    fn mul(&self, x: Interval, y: &Interval) -> Eval<Interval> {
        let op = |a: &Float, b: &Float, round: Round| Float::with_val_round(self.bits, a * b, round).0;
        match (x.is_masked(), y.is_masked()) {
            (false, false) if non_negative(&x) && non_negative(y) && x.hi.is_finite() && y.hi.is_finite() => {
                Ok(Interval { lo: op(&x.lo, &y.lo, Round::Down), hi: op(&x.hi, &y.hi, Round::Up) })
            }
            (false, false) => Ok(self.corners(&x, y, op)),
            (true, _) => scale_masked(x, y),
            (_, true) => scale_masked(y.clone(), &x),
        }
    }

    fn div(&self, x: Interval, y: &Interval) -> Eval<Interval> {
        let op = |a: &Float, b: &Float, round: Round| Float::with_val_round(self.bits, a / b, round).0;
        if y.lo <= 0 && y.hi >= 0 {
            return Err(match y.is_point() {
                true => Fault::Undefined("a division by 0"),
                false => Fault::Unresolved("a division by an interval that contains 0"),
            });
        }
        match (x.is_masked(), y.is_masked()) {
            (false, false) if non_negative(&x) && y.lo > 0 && x.hi.is_finite() && y.hi.is_finite() => {
                Ok(Interval { lo: op(&x.lo, &y.hi, Round::Down), hi: op(&x.hi, &y.lo, Round::Up) })
            }
            (false, false) => Ok(self.corners(&x, y, op)),
            (true, false) if y.lo > 0 => Ok(x),
            _ => Err(MASKED),
        }
    }

    fn power(&self, x: &Interval, n: u32) -> Eval<Interval> {
        use rug::ops::Pow;
        let op = |a: &Float, round: Round| Float::with_val_round(self.bits, a.pow(n), round).0;
        match n {
            0 => return Ok(self.integer(1)),
            1 => return Ok(x.clone()),
            _ if x.is_masked() => return Err(MASKED),
            _ => {}
        }
        let at_ends = |low: &Float, high: &Float| Interval { lo: op(low, Round::Down), hi: op(high, Round::Up) };
        Ok(if n % 2 == 1 || non_negative(x) {
            at_ends(&x.lo, &x.hi)
        } else if x.hi <= 0 {
            at_ends(&x.hi, &x.lo)
        } else {
            let zero = Float::new(self.bits);
            let far = if x.hi.cmp_abs(&x.lo) == Some(std::cmp::Ordering::Less) { &x.lo } else { &x.hi };
            at_ends(&zero, far)
        })
    }

    fn function(&self, function: Function, x: Interval) -> Eval<Interval> {
        match function {
            Function::Abs if x.is_masked() => Err(MASKED),
            Function::Abs if non_negative(&x) => Ok(x),
            Function::Abs if x.hi <= 0 => self.neg(x),
            Function::Abs => {
                let (low, high) = (-x.lo, x.hi);
                Ok(Interval { lo: Float::new(self.bits), hi: if low > high { low } else { high } })
            }
            Function::Sqrt if x.hi < 0 => Err(Fault::Undefined("the square root of a negative number")),
            Function::Sqrt if x.lo < 0 => Err(Fault::Unresolved("the square root of an interval that reaches below 0")),
            Function::Sqrt => Ok(self.increasing(&x, |x, round| Float::with_val_round(self.bits, x.sqrt_ref(), round))),
            Function::Exp => Ok(self.exp(&x)),
            Function::Log if x.hi < 0 => Err(Fault::Undefined("the logarithm of a negative number")),
            Function::Log if x.hi == 0 && x.lo == 0 => Err(Fault::Undefined("the logarithm of 0")),
            // More bits tell which of the two it is, and that is no value either.
            Function::Log if x.hi == 0 => Err(Fault::Undefined(NOT_POSITIVE)),
            Function::Log if x.lo <= 0 => Err(Fault::Unresolved("the logarithm of an interval that reaches 0")),
            Function::Log => Ok(self.increasing(&x, |x, round| Float::with_val_round(self.bits, x.ln_ref(), round))),
        }
    }

    fn xlogy(&self, x: Interval, y: &Interval) -> Eval<Interval> {
        if self.is_zero(&x) {
            return Ok(x);
        }
        match self.function(Function::Log, y.clone()) {
            Err(Fault::Undefined(_)) if x.lo <= 0 && x.hi >= 0 => Err(Fault::Unresolved("x log y where x may be 0")),
            log => self.mul(log?, &x),
        }
    }

    fn max(&self, x: Interval, y: &Interval) -> Eval<Interval> {
        let larger = |a: Float, b: &Float| if a < *b { b.clone() } else { a };
        Ok(Interval { lo: larger(x.lo, &y.lo), hi: larger(x.hi, &y.hi) })
    }

    fn min(&self, x: Interval, y: &Interval) -> Eval<Interval> {
        let smaller = |a: Float, b: &Float| if a > *b { b.clone() } else { a };
        Ok(Interval { lo: smaller(x.lo, &y.lo), hi: smaller(x.hi, &y.hi) })
    }

    fn is_zero(&self, x: &Interval) -> bool {
        x.lo.is_zero() && x.hi.is_zero()
    }

    compared_by_ends!(Interval);

    fn spread(&self, x: &Interval, y: &Interval) -> Option<Spread> {
        let gap = |a: &Float, b: &Float| exponent(&Float::with_val_round(MIN_BITS, a - b, Round::Up).0);
        let ends = [&x.lo, &x.hi, &y.lo, &y.hi];
        let both_masked = x.is_masked() && y.is_masked();
        Some(Spread {
            distance: if both_masked { i64::MIN } else { gap(&x.hi, &y.lo).max(gap(&y.hi, &x.lo)) },
            magnitude: ends.into_iter().map(exponent).max().expect("four ends"),
        })
    }

    fn shift(&self, logits: &Vector<Self>, k: usize) -> Eval<Interval> {
        let largest = self.reduce(Reduction::Max, logits, k)?.hi;
        if largest.is_finite() {
            Ok(Interval { lo: largest.clone(), hi: largest })
        } else if largest > 0 {
            Err(Fault::Unresolved("softmax of a logit that overflowed"))
        } else {
            Err(Fault::Undefined("softmax of logits that are all -inf"))
        }
    }

    fn dense(&self, items: Vec<Interval>) -> Vec<Interval> {
        items
    }

    fn length(&self, dense: &Vec<Interval>) -> usize {
        dense.len()
    }

    fn element(&self, dense: &Vec<Interval>, index: usize) -> Interval {
        dense[index].clone()
    }

    lifted_once!(Interval);
}

/// The least e with |x| <= 2^e, up to one; `i64::MIN` for 0 and below all others, `i64::MAX` for infinities.
fn exponent(x: &Float) -> i64 {
    if x.is_zero() { i64::MIN } else { x.get_exp().map_or(i64::MAX, i64::from) }
}
