//! Enclosures with an exponent of their own: for numbers that `f64` has no room for.

use rug::Float;
use rug::float::Round;

use super::interval::{Interval, Intervals};

/// A real number enclosed: it is at least lo 2^exponent and at most hi 2^exponent.
///
/// The squared norm of a very confident row may be 1e-600, and its logarithm is a number like any other. An end may be
/// infinite, where there is no bound or the number itself is infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaled {
    /// The lower end, scaled.
    pub lo: f64,
    /// The upper end, scaled: at least [`Scaled::lo`].
    pub hi: f64,
    /// The power of two that both ends are multiplied by.
    pub exponent: i64,
}

impl Scaled {
    /// One number.
    pub fn point(x: f64) -> Scaled {
        Scaled { lo: x, hi: x, exponent: 0 }
    }

    /// An MPFR interval, its ends rounded outward.
    pub fn from_interval(x: &Interval) -> Scaled {
        let exponent = [x.lo(), x.hi()].iter().filter_map(|end| end.get_exp()).max().unwrap_or(0);
        let scaled = |end: &Float, round| {
            let mut end = end.clone();
            // Exact: only the exponent changes, and it moves towards 0.
            end >>= exponent;
            end.to_f64_round(round)
        };
        Scaled { lo: scaled(x.lo(), Round::Down), hi: scaled(x.hi(), Round::Up), exponent: exponent.into() }
    }

    /// The same as an MPFR interval of 53 bits: exact, but for what is beyond MPFR's own exponents, which is rounded
    /// outward.
    pub fn to_interval(&self) -> Interval {
        // More than the exponents that MPFR has.
        let shift = self.exponent.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        let end = |x: f64, round| Float::with_val_round(53, &Float::with_val(53, x) << shift, round).0;
        Intervals::new(53).ends(&end(self.lo, Round::Down), &end(self.hi, Round::Up))
    }

    /// Both ends as `f64`, rounded outward: a positive number below them all is between 0 and the smallest.
    ///
    /// ```
    /// use logitlab_numbers::arith::scaled::Scaled;
    ///
    /// let tiny = Scaled { lo: 0.5, hi: 0.75, exponent: -2000 };
    /// assert_eq!(tiny.outward(), [0.0, f64::from_bits(1)]);
    /// assert_eq!(Scaled { lo: -0.5, hi: 0.75, exponent: 1 }.outward(), [-1.0, 1.5]);
    /// ```
    pub fn outward(&self) -> [f64; 2] {
        outward(&self.to_interval())
    }

    /// The middle of its ends, as an f64: within half its width, and 0 or infinite where f64 has no room.
    pub fn middle(&self) -> f64 {
        let middle = self.lo / 2.0 + self.hi / 2.0;
        libm::scalbn(middle, self.exponent.clamp(-5000, 5000) as i32)
    }

    /// How wide it is, relative to its smaller end: (hi - lo) / min |x|, rounded up. 0 for a single number, infinite
    /// where it reaches 0 or infinity.
    ///
    /// ```
    /// use logitlab_numbers::arith::scaled::Scaled;
    ///
    /// let x = Scaled { lo: 0.5, hi: 0.75, exponent: -2000 };
    /// assert!((0.5..0.500001).contains(&x.relative_width()));
    /// assert_eq!(Scaled::point(0.0).relative_width(), 0.0);
    /// ```
    pub fn relative_width(&self) -> f64 {
        let Scaled { lo, hi, .. } = *self;
        if lo == hi {
            return 0.0;
        }
        let least = if lo <= 0.0 && hi >= 0.0 { 0.0 } else { lo.abs().min(hi.abs()) };
        // A difference and a quotient of numbers without underflow: each rounds by less than one step.
        let ratio = ((hi - lo).next_up() / least).next_up();
        if ratio.is_nan() { f64::INFINITY } else { ratio }
    }
}

/// Both ends of an MPFR interval as `f64`, rounded outward.
pub fn outward(x: &Interval) -> [f64; 2] {
    [x.lo().to_f64_round(Round::Down), x.hi().to_f64_round(Round::Up)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::interval::Intervals;

    #[test]
    fn numbers_beyond_f64_keep_their_exponent() {
        let system = Intervals::new(100);
        let tiny = Float::with_val(100, Float::u_exp(3, -2000));
        let scaled = Scaled::from_interval(&system.ends(&tiny, &tiny));
        assert_eq!(scaled, Scaled { lo: 0.75, hi: 0.75, exponent: -1998 });
        let third = Scaled::from_interval(&system.enclose(&(1, 3).into()));
        assert!(third.lo < third.hi && third.hi == third.lo.next_up() && third.relative_width() < 1e-15);
    }

    #[test]
    fn what_has_no_exponent_comes_through() {
        let system = Intervals::new(64);
        assert_eq!(Scaled::from_interval(&system.float(0.0)), Scaled::point(0.0));
        assert_eq!(Scaled::from_interval(&system.float(f64::INFINITY)), Scaled::point(f64::INFINITY));
        assert_eq!(Scaled { lo: -1.0, hi: 1.0, exponent: 0 }.relative_width(), f64::INFINITY);
        assert_eq!(Scaled { lo: 1.0, hi: f64::INFINITY, exponent: 0 }.relative_width(), f64::INFINITY);
    }

    #[test]
    fn intervals_are_exact_and_f64_ends_are_outside() {
        let x = Scaled { lo: 0.75, hi: 0.8125, exponent: -3000 };
        let back = Scaled::from_interval(&x.to_interval());
        assert_eq!(back, Scaled { lo: 0.75, hi: 0.8125, exponent: -3000 });
        assert_eq!(x.outward(), [0.0, f64::from_bits(1)]);
        assert_eq!(Scaled { lo: -0.8125, hi: -0.75, exponent: -3000 }.outward(), [-f64::from_bits(1), 0.0]);
        assert_eq!(Scaled { lo: 0.5, hi: 1.0, exponent: 2000 }.outward(), [f64::MAX, f64::INFINITY]);
        let beyond = Scaled { lo: 0.5, hi: 1.0, exponent: i64::MIN }.to_interval();
        assert!(*beyond.lo() == 0 && *beyond.hi() > 0);
        assert_eq!(Scaled::point(f64::NEG_INFINITY).outward(), [f64::NEG_INFINITY; 2]);
    }
}
