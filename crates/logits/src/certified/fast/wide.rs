//! Intervals of numbers that are at least 0, in f64 with an exponent apart and directed rounding: what the few
//! operations that follow the sums over a row are done in.
//!
//! Every operation is rounded to nearest first; a fused multiply-add (or the error of a sum, which is an f64) then
//! tells on which side the exact result lies, and only the end on that side moves. What is exact stays a point.

use std::ops::{Add, Div, Mul};

use crate::arith::elementary64::{LOG_ERROR, log};
use crate::arith::scaled::Scaled;

/// lo 2^exponent <= x <= hi 2^exponent, 0 <= lo <= hi < infinity. hi is 0 or within 2^-256 to 2^256, and the exponent
/// is 0 if the bound hi 2^exponent is that, too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wide {
    lo: f64,
    hi: f64,
    exponent: i64,
}

/// An interval with a smaller exponent is given out as one that reaches from 0 to 2^(-10^9): MPFR's own least exponent
/// is not far below. Its ends, at most 2^257, are smaller than that.
const LEAST_EXPONENT: i64 = -1_000_000_000 - 257;

/// The magnitudes of an upper end that is left as it is.
const COMFORTABLE: std::ops::Range<f64> = power(-256)..power(256);

/// A product, quotient or root below this may be subnormal, and its error none that a multiply-add can tell.
const TINY: f64 = power(-900);

/// 2^exponent, for -1074 <= exponent <= 1023.
pub(super) const fn power(exponent: i64) -> f64 {
    f64::from_bits(if exponent < -1022 { 1 << (exponent + 1074) } else { ((exponent + 1023) as u64) << 52 })
}

/// Around a computed result that is at least 0: the exact one is larger than it, equal or smaller, as `error` is above,
/// at or below 0.
fn around(low: (f64, f64), high: (f64, f64), exponent: i64) -> Wide {
    let (lo, error) = low;
    let lo = if error < 0.0 || lo < TINY { lo.next_down().max(0.0) } else { lo };
    let (hi, error) = high;
    let hi = if error > 0.0 || (hi < TINY && hi > 0.0) { hi.next_up() } else { hi };
    Wide::new(lo, hi, exponent)
}

/// The rounded sum and its error.
#[inline(always)]
pub(super) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let second = sum - a;
    (sum, (a - (sum - second)) + (b - second))
}

impl Wide {
    pub(super) const ZERO: Wide = Wide { lo: 0.0, hi: 0.0, exponent: 0 };
    pub(super) const ONE: Wide = Wide { lo: 1.0, hi: 1.0, exponent: 0 };

    /// The interval between two numbers times 2^exponent.
    pub(super) fn new(lo: f64, hi: f64, exponent: i64) -> Wide {
        assert!(0.0 <= lo && lo <= hi && hi.is_finite(), "{lo} {hi}");
        // The step that brings hi where it shall be: the whole exponent if that does, else a fixed one.
        let folds = exponent.abs() <= 512 && COMFORTABLE.contains(&(hi * power(exponent)));
        let step = if hi == 0.0 {
            return Wide::ZERO;
        } else if folds {
            exponent
        } else if COMFORTABLE.contains(&hi) {
            return Wide { lo, hi, exponent };
        } else if hi < 1.0 {
            512
        } else {
            -512
        };
        // A lower end that is kept stays normal, so that the product is exact.
        let lo = if lo < hi * power(-400) { 0.0 } else { lo * power(step) };
        let hi = hi * power(step);
        if folds { Wide { lo, hi, exponent: 0 } } else { Wide::new(lo, hi, exponent - step) }
    }

    /// `value` 2^exponent with a relative error of at most `error`: x = value (1 + e), |e| <= error < 1.
    pub(super) fn within(value: f64, error: f64, exponent: i64) -> Wide {
        if value == 0.0 {
            return Wide::ZERO;
        }
        let least = (value * (1.0 - error).next_down()).next_down().max(0.0);
        Wide::new(least, (value * (1.0 + error).next_up()).next_up(), exponent)
    }

    /// Whether it is exactly 0.
    pub(super) fn is_zero(self) -> bool {
        self.hi == 0.0
    }

    /// The ends times 2^-down, rounded outward: `down` is at least 0.
    fn lowered(self, down: i64) -> (f64, f64) {
        match down {
            0 => (self.lo, self.hi),
            // Exact: the upper end stays above 2^-956, and a lower end that would be subnormal is rounded to 0.
            1..=700 => {
                let lo = if self.lo < power(down - 900) { 0.0 } else { self.lo * power(-down) };
                (lo, self.hi * power(-down))
            }
            // Less than 2^256 2^-700, and nothing against the other number, which is above 2^-256.
            _ => (0.0, power(-444)),
        }
    }

    /// Both with the larger of their exponents.
    fn aligned(self, other: Wide) -> ((f64, f64), (f64, f64), i64) {
        let exponent = if self.is_zero() {
            other.exponent
        } else if other.is_zero() {
            self.exponent
        } else {
            self.exponent.max(other.exponent)
        };
        let ends = |x: Wide| if x.is_zero() { (0.0, 0.0) } else { x.lowered(exponent - x.exponent) };
        (ends(self), ends(other), exponent)
    }

    /// x - y, where it is at least 0 whatever the ends say.
    pub(super) fn less(self, other: Wide) -> Wide {
        let (x, y, exponent) = self.aligned(other);
        let (lo, hi) = (two_sum(x.0, -y.1), two_sum(x.1, -y.0));
        let lo = if lo.0 <= 0.0 { (0.0, 0.0) } else { lo };
        let hi = if hi.0 < 0.0 { (0.0, 0.0) } else { hi };
        around(lo, hi, exponent)
    }

    /// |x - y|
    pub(super) fn distance(self, other: Wide) -> Wide {
        let (above, below) = (self.less(other), other.less(self));
        // One of the two differences is the distance, and the other, being negative, was cut at 0.
        let (x, y, exponent) = above.aligned(below);
        Wide::new(x.0.max(y.0), x.1.max(y.1), exponent)
    }

    /// x - y, of either sign.
    pub(super) fn difference(self, other: Wide) -> Scaled {
        let (x, y, exponent) = self.aligned(other);
        let down = |(sum, error): (f64, f64)| if error < 0.0 { sum.next_down() } else { sum };
        let (lo, hi) = (down(two_sum(x.0, -y.1)), -down(two_sum(y.0, -x.1)));
        if exponent < LEAST_EXPONENT {
            return Scaled {
                lo: if lo < 0.0 { -1.0 } else { 0.0 },
                hi: if hi > 0.0 { 1.0 } else { 0.0 },
                exponent: LEAST_EXPONENT + 257,
            };
        }
        Scaled { lo, hi, exponent }
    }

    /// The square root.
    pub(super) fn sqrt(self) -> Wide {
        let odd = self.exponent.rem_euclid(2);
        let unit = if odd == 1 { 2.0 } else { 1.0 };
        let root = |x: f64| {
            if x < TINY {
                return (0.0, 0.0);
            }
            let root = x.sqrt();
            (root, (-root).mul_add(root, x))
        };
        around(root(self.lo * unit), root(self.hi * unit), (self.exponent - odd) / 2)
    }

    /// log(1 + x), with all its digits where x is small. x is at most 2^100.
    pub(super) fn log1p(self) -> Wide {
        if self.exponent != 0 || self.hi < power(-60) {
            // x - x^2 / 2 <= log(1 + x) <= x, and x is below 2^-60: an exponent other than 0 stands for less than
            // 2^-256 here.
            debug_assert!(self.exponent <= 0);
            return Wide::new(self.lo.next_down().max(0.0), self.hi, self.exponent);
        }
        Wide::new(log1p(self.lo, -1.0).max(0.0), log1p(self.hi, 1.0), 0)
    }

    /// What two enclosures of one number have in common.
    pub(super) fn meet(self, other: Wide) -> Wide {
        let (small, large) = if self.exponent <= other.exponent { (self, other) } else { (other, self) };
        if small.exponent < large.exponent && large.lo == 0.0 {
            // In the exponent of the larger one the smaller one would lose its digits.
            return small;
        }
        let (x, y, exponent) = self.aligned(other);
        let (lo, hi) = (x.0.max(y.0), x.1.min(y.1));
        debug_assert!(lo <= hi, "{self:?} and {other:?} have nothing in common");
        if lo <= hi { Wide::new(lo, hi, exponent) } else { self }
    }

    /// The part that is at most `most`, which x is.
    pub(super) fn at_most(self, most: f64) -> Wide {
        if self.exponent == 0 { Wide { lo: self.lo.min(most), hi: self.hi.min(most), exponent: 0 } } else { self }
    }

    /// The same interval for everyone; see [`LEAST_EXPONENT`].
    pub(super) fn scaled(self) -> Scaled {
        let Wide { lo, hi, exponent } = self;
        if exponent < LEAST_EXPONENT {
            return Scaled { lo: 0.0, hi: 1.0, exponent: LEAST_EXPONENT + 257 };
        }
        Scaled { lo, hi, exponent }
    }
}

/// log(1 + x) for 0 <= x <= 2^100, moved by more than its error in the direction of `side`.
///
/// With y = fl(1 + x) and c = 1 + x - y, which is exact, log(1 + x) = log y + log(1 + c/y), and log(1 + t) lies between
/// t (1 - t) and t for |t| <= 1/2. |c/y| <= u. If y = 1, the logarithm is 0, and the result c, which is x <= u, is off
/// by u relative. Else log y >= log(1 + 2u), so that |c/y| is at most 0.51 log y, and log(1 + x) >= 0.48 log y: the
/// errors of the logarithm (3 u), of the quotient (u 0.51), of t^2 (u^2 <= 0.51 u log y) and of the sum (u) come to
/// less than 11 u relative to log(1 + x).
fn log1p(x: f64, side: f64) -> f64 {
    const ERROR: f64 = 8.0 * f64::EPSILON;
    const { assert!(LOG_ERROR == 1.5 * f64::EPSILON) };
    let y = 1.0 + x;
    let rest = if x <= 1.0 { x - (y - 1.0) } else { 1.0 - (y - x) };
    let value = log(y) + rest / y;
    value * (1.0 + side * ERROR)
}

impl Add for Wide {
    type Output = Wide;

    fn add(self, other: Wide) -> Wide {
        let (x, y, exponent) = self.aligned(other);
        around(two_sum(x.0, y.0), two_sum(x.1, y.1), exponent)
    }
}

impl Mul for Wide {
    type Output = Wide;

    fn mul(self, other: Wide) -> Wide {
        if self.is_zero() || other.is_zero() {
            return Wide::ZERO;
        }
        let product = |x: f64, y: f64| (x * y, x.mul_add(y, -(x * y)));
        around(product(self.lo, other.lo), product(self.hi, other.hi), self.exponent + other.exponent)
    }
}

impl Div for Wide {
    type Output = Wide;

    /// x / y, where y is above 0.
    fn div(self, other: Wide) -> Wide {
        debug_assert!(other.lo > 0.0, "{other:?}");
        if self.is_zero() {
            return Wide::ZERO;
        }
        let quotient = |x: f64, y: f64| {
            if x < TINY {
                return (0.0, 0.0);
            }
            let quotient = x / y;
            (quotient, (-quotient).mul_add(y, x))
        };
        around(quotient(self.lo, other.hi), quotient(self.hi, other.lo), self.exponent - other.exponent)
    }
}

#[cfg(test)]
mod tests {
    use rug::Float;

    use super::*;
    use crate::arith::interval::{Interval, Intervals};

    /// A number and its value, with a significand of 53 bits.
    fn number(word: u64, exponent: i64) -> (Wide, Float) {
        let significand = f64::from_bits(word >> 12 | 1023 << 52);
        let value = Float::with_val(200, significand) << i32::try_from(exponent).expect("a small exponent");
        (Wide::new(significand, significand, exponent), value)
    }

    fn interval(x: Scaled) -> Interval {
        let shift = i32::try_from(x.exponent).expect("a small exponent");
        let [lo, hi] = [x.lo, x.hi].map(|end| Float::with_val(60, end) << shift);
        Intervals::new(60).ends(&lo, &hi)
    }

    #[track_caller]
    fn encloses(found: Scaled, truth: &Float, width: f64) {
        let x = interval(found);
        assert!(x.lo() <= truth && truth <= x.hi(), "{found:?} does not hold {truth}");
        assert!(found.relative_width() <= width, "{found:?} is wider than {width:e} around {truth}");
    }

    #[test]
    fn operations_are_rounded_outward_and_no_further() {
        let mut word = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            word
        };
        const TIGHT: f64 = 2.3e-16;
        for round in 0..40_000 {
            let far = [1, 60, 300, 1500][round % 4];
            let exponents = [next(), next()].map(|word| (word % (2 * far)) as i64 - far as i64);
            let ((x, a), (y, b)) = (number(next(), exponents[0]), number(next(), exponents[1]));
            encloses((x + y).scaled(), &Float::with_val(4000, &a + &b), TIGHT);
            encloses((x * y).scaled(), &Float::with_val(4000, &a * &b), TIGHT);
            encloses((x / y).scaled(), &Float::with_val(4000, &a / &b), TIGHT);
            encloses(x.sqrt().scaled(), &Float::with_val(4000, a.sqrt_ref()), TIGHT);
            let difference = Float::with_val(4000, &a - &b);
            encloses(x.difference(y), &difference, TIGHT);
            encloses(x.distance(y).scaled(), &Float::with_val(4000, difference.abs_ref()), TIGHT);
            if a >= b {
                encloses(x.less(y).scaled(), &difference, TIGHT);
            }
            if exponents[0] < 90 {
                let truth = Float::with_val(4000, a.ln_1p_ref());
                encloses(x.log1p().scaled(), &truth, 8e-15);
            }
            let both = Wide::new(1.0, 1.5, exponents[0]).meet(Wide::new(1.25, 2.0, exponents[0]));
            let middle = Float::with_val(60, 1.375) << i32::try_from(exponents[0]).expect("small");
            encloses(both.scaled(), &middle, 0.21);
        }
    }

    #[test]
    fn what_is_exact_stays_a_point() {
        let [two, three] = [2.0, 3.0].map(|x| Wide::new(x, x, 0));
        let point = Scaled::point;
        assert_eq!((two + three).scaled(), point(5.0));
        assert_eq!((two * three).scaled(), point(6.0));
        assert_eq!((three / two).scaled(), point(1.5));
        assert_eq!((two * two).sqrt().scaled(), point(2.0));
        assert_eq!((three.less(two).scaled(), two.less(three).scaled()), (point(1.0), point(0.0)));
        assert_eq!(two.difference(three), point(-1.0));
        assert_eq!((Wide::ZERO.log1p().scaled(), (Wide::ZERO / two).scaled()), (point(0.0), point(0.0)));
        assert_eq!(Wide::new(1.0, 1.0, -2_000_000_000).scaled().hi, 1.0);
    }
}
