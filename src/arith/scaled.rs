//! Enclosures with an exponent of their own: for numbers that `f64` has no room for.

use rug::Float;
use rug::float::Round;

use super::interval::Interval;

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

    /// How wide it is, relative to its smaller end: (hi - lo) / min |x|, rounded up. 0 for a single number, infinite
    /// where it reaches 0 or infinity.
    ///
    /// ```
    /// use logitlab::arith::scaled::Scaled;
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
}
