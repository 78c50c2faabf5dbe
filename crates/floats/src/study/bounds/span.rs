//! Intervals in f64 for loops over cases: no branches, no exceptions, NaN where nothing is known.
//!
//! An f64 operation is correctly rounded: the exact result is within half a unit in the last place of the computed y,
//! hence between y (1 - 2^-52) and y (1 + 2^-52), both of which round to at least the neighbour of y. Sums of f64
//! numbers never underflow; products and quotients below [`SMALL`] become an interval between 0 and ±[`SMALL`].
//!
//! An infinite end says that there is no bound, except in the one value that is infinite itself: -inf with both ends,
//! the logit of a masked action.

use crate::arith::elementary64;

/// The numbers between two ends; both NaN where nothing is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The lower end.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
}

/// 1 - 2^-52
const BELOW: f64 = 1.0 - f64::EPSILON;
/// 1 + 2^-52
const ABOVE: f64 = 1.0 + f64::EPSILON;
/// 2^-1000, below which results of products and quotients are not told apart: well above the numbers whose last place
/// is fixed.
pub const SMALL: f64 = f64::from_bits((1023 - 1000) << 52);
/// 2^-990, an upper bound on |x log x| for 0 <= x <= [`SMALL`].
const SMALL_XLOGX: f64 = f64::from_bits((1023 - 990) << 52);
/// The kernels of exp and log are off by less than 3.1 2^-53 relative, and the product by this adds 2^-53.
const ELEMENTARY: f64 = 2.0 * f64::EPSILON;

/// The larger; NaN if one is.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

/// The smaller; NaN if one is.
#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if a < b || a.is_nan() { a } else { b }
}

/// A lower bound on what was rounded to `x`. What overflowed upwards is at least the largest number.
#[inline(always)]
fn down(x: f64) -> f64 {
    let y = if x > 0.0 { x * BELOW } else { x * ABOVE };
    if y > f64::MAX { f64::MAX } else { y }
}

/// An upper bound on what was rounded to `x`. -inf is kept: see [`Span::sum`].
#[inline(always)]
fn up(x: f64) -> f64 {
    if x > 0.0 { x * ABOVE } else { x * BELOW }
}

/// An upper end that overflowed downwards although no operand is -inf.
#[inline(always)]
fn bounded_above(x: f64, a: f64, b: f64) -> f64 {
    if x < f64::MIN && a >= f64::MIN && b >= f64::MIN { f64::MIN } else { x }
}

/// Around a product or a quotient `p` of two ends, of which `zero` says whether it is exactly 0.
#[inline(always)]
fn corner(p: f64, a: f64, b: f64, zero: bool) -> Span {
    let small = p.abs() < SMALL;
    let negative = (a < 0.0) != (b < 0.0);
    let tiny = if zero { 0.0 } else { SMALL };
    Span {
        lo: if small { if negative { -tiny } else { 0.0 } } else { down(p) },
        hi: if small { if negative { 0.0 } else { tiny } } else { up(p) },
    }
}

/// The hull of the values at all pairs of ends.
#[inline(always)]
fn corners(x: Span, y: Span, f: impl Fn(f64, f64) -> Span) -> Span {
    let (a, b, c, d) = (f(x.lo, y.lo), f(x.lo, y.hi), f(x.hi, y.lo), f(x.hi, y.hi));
    Span { lo: smaller(smaller(a.lo, b.lo), smaller(c.lo, d.lo)), hi: larger(larger(a.hi, b.hi), larger(c.hi, d.hi)) }
}

impl Span {
    /// Nothing is known.
    pub const UNKNOWN: Span = Span { lo: f64::NAN, hi: f64::NAN };

    /// One number.
    #[inline(always)]
    pub fn point(x: f64) -> Span {
        Span { lo: x, hi: x }
    }

    /// Both ends, or neither.
    #[inline(always)]
    #[must_use]
    pub fn settled(self) -> Span {
        if self.lo.is_nan() || self.hi.is_nan() { Span::UNKNOWN } else { self }
    }

    /// x + y
    #[inline(always)]
    #[must_use]
    pub fn sum(self, y: Span) -> Span {
        Span { lo: down(self.lo + y.lo), hi: bounded_above(up(self.hi + y.hi), self.hi, y.hi) }
    }

    /// -x
    #[inline(always)]
    #[must_use]
    pub fn negated(self) -> Span {
        Span { lo: -self.hi, hi: -self.lo }
    }

    /// x - y
    #[inline(always)]
    #[must_use]
    pub fn difference(self, y: Span) -> Span {
        self.sum(y.negated())
    }

    /// x y
    #[inline(always)]
    #[must_use]
    pub fn product(self, y: Span) -> Span {
        #[inline(always)]
        fn at(a: f64, b: f64) -> Span {
            let Span { lo, hi } = corner(a * b, a, b, a == 0.0 || b == 0.0);
            let finite = a.abs() <= f64::MAX && b.abs() <= f64::MAX;
            Span { lo, hi: if finite && hi < f64::MIN { f64::MIN } else { hi } }
        }
        corners(self, y, at)
    }

    /// x y of numbers that are not negative, at a quarter of the work: the product increases in both.
    #[inline(always)]
    #[must_use]
    pub fn positive_product(self, y: Span) -> Span {
        #[inline(always)]
        fn at(a: f64, b: f64) -> Span {
            corner(a * b, a, b, a == 0.0 || b == 0.0)
        }
        let finite = self.hi <= f64::MAX && y.hi <= f64::MAX;
        let hi = at(self.hi, y.hi).hi;
        Span { lo: at(self.lo, y.lo).lo, hi: if finite && hi < f64::MIN { f64::MIN } else { hi } }
    }

    /// x / y of numbers that are not negative; unknown where y may be 0.
    #[inline(always)]
    #[must_use]
    pub fn positive_quotient(self, y: Span) -> Span {
        #[inline(always)]
        fn at(a: f64, b: f64) -> Span {
            corner(a / b, a, b, a == 0.0)
        }
        let span = Span { lo: at(self.lo, y.hi).lo, hi: at(self.hi, y.lo).hi };
        if y.lo > 0.0 { span } else { Span::UNKNOWN }
    }

    /// x / y, unknown where y may be 0.
    #[inline(always)]
    #[must_use]
    pub fn quotient(self, y: Span) -> Span {
        #[inline(always)]
        fn at(a: f64, b: f64) -> Span {
            let Span { lo, hi } = corner(a / b, a, b, a == 0.0);
            Span { lo, hi: if a.abs() <= f64::MAX && hi < f64::MIN { f64::MIN } else { hi } }
        }
        if y.lo > 0.0 || y.hi < 0.0 { corners(self, y, at) } else { Span::UNKNOWN }
    }

    /// The square root, of what of the interval has one.
    #[inline(always)]
    #[must_use]
    pub fn root(self) -> Span {
        Span { lo: if self.lo > 0.0 { down(self.lo.sqrt()) } else { 0.0 }, hi: up(self.hi.sqrt()) }
    }

    /// e^x
    #[inline(always)]
    #[must_use]
    pub fn exponential(self) -> Span {
        // Below this nothing but "positive and small" is said: subnormal numbers are slow to compute with.
        const LEAST: f64 = -690.0;
        #[inline(always)]
        fn raised(x: f64) -> f64 {
            if x < LEAST { LEAST } else { x }
        }
        #[inline(always)]
        fn low(x: f64) -> f64 {
            let y = elementary64::exp(raised(x)) * (1.0 - ELEMENTARY);
            let y = if y > f64::MAX { f64::MAX } else { y };
            let y = if x < LEAST { 0.0 } else { y };
            if x == 0.0 { 1.0 } else { y }
        }
        #[inline(always)]
        fn high(x: f64) -> f64 {
            let y = elementary64::exp(raised(x)) * (1.0 + ELEMENTARY);
            let y = if x == f64::NEG_INFINITY { 0.0 } else { y };
            if x == 0.0 { 1.0 } else { y }
        }
        Span { lo: low(self.lo), hi: high(self.hi) }
    }

    /// The natural logarithm, of what of the interval has one; the lower end is -inf where it reaches 0.
    #[inline(always)]
    #[must_use]
    pub fn logarithm(self) -> Span {
        let low = elementary64::log(if self.lo > 0.0 { self.lo } else { 0.0 });
        let high = elementary64::log(self.hi);
        let outward = |y: f64, factor: f64| y * if y > 0.0 { 1.0 + factor } else { 1.0 - factor };
        let hi = if self.hi > 0.0 { outward(high, 2.0 * ELEMENTARY) } else { f64::NAN };
        Span { lo: outward(low, -2.0 * ELEMENTARY), hi }
    }

    /// |x|
    #[inline(always)]
    #[must_use]
    pub fn magnitude(self) -> Span {
        let lo = if self.lo > 0.0 {
            self.lo
        } else if self.hi < 0.0 {
            -self.hi
        } else {
            0.0
        };
        Span { lo, hi: larger(self.lo.abs(), self.hi.abs()) }
    }

    /// The larger of two.
    #[inline(always)]
    #[must_use]
    pub fn larger(self, y: Span) -> Span {
        Span { lo: larger(self.lo, y.lo), hi: larger(self.hi, y.hi) }
    }

    /// The smaller of two.
    #[inline(always)]
    #[must_use]
    pub fn smaller(self, y: Span) -> Span {
        Span { lo: smaller(self.lo, y.lo), hi: smaller(self.hi, y.hi) }
    }

    /// x times a logarithm, 0 where x is 0.
    #[inline(always)]
    #[must_use]
    pub fn guarded(self, log: Span) -> Span {
        if self.lo == 0.0 && self.hi == 0.0 { Span::point(0.0) } else { self.product(log) }
    }

    /// The same where the logarithm is that of x itself, which stays near 0 as x does.
    #[inline(always)]
    #[must_use]
    pub fn xlogx(self, log: Span) -> Span {
        let near_zero = self.lo >= 0.0 && self.hi <= SMALL && self.hi > 0.0;
        let product = self.guarded(log);
        if near_zero { Span { lo: -SMALL_XLOGX, hi: 0.0 } } else { product }
    }
}
