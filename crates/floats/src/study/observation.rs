//! One result beside the truth.

use crate::formats::Format;

pub use super::digits::{MOST_DIGITS, digits};
use super::lanes::{Flags, OVERFLOW, UNDERFLOW};
use super::truth::{TrueValue, scale};

/// What came out in one case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The computed number, possibly NaN or infinite.
    pub computed: f64,
    /// What it should have been.
    pub truth: TrueValue,
    /// What happened on the way.
    pub flags: Flags,
    /// Numbers that the absolute error does not exceed, if they were asked for: from the computed values, and from the
    /// logits alone.
    pub bounds: Option<[f64; 2]>,
}

impl Observation {
    /// |computed - true|, at most; infinite where nothing finite was computed.
    pub fn absolute(&self) -> f64 {
        if self.computed.is_finite() {
            scale(self.truth.distance(self.computed), self.truth.exponent)
        } else {
            f64::INFINITY
        }
    }

    /// The error relative to the true value; 0 where both are 0, infinite where only the true one is.
    pub fn relative(&self) -> f64 {
        if !self.computed.is_finite() {
            return f64::INFINITY;
        }
        let distance = self.truth.distance(self.computed);
        if distance == 0.0 { 0.0 } else { distance / self.truth.least() }
    }

    /// The error in units of the last place that the true value has in a format.
    pub fn ulps(&self, format: &Format) -> f64 {
        let truth = self.truth.low.abs().max(self.truth.high.abs());
        if truth == 0.0 {
            return if self.computed == 0.0 { 0.0 } else { f64::INFINITY };
        }
        // frexp has the significand in [1/2, 1).
        let place = format.last_place(libm::frexp(truth).1 - 1 + self.truth.exponent);
        if self.computed.is_finite() {
            scale(self.truth.distance(self.computed), self.truth.exponent - place)
        } else {
            f64::INFINITY
        }
    }

    /// Decimal digits that the result has in common with the truth, -log10 of the relative error; 0 where it is wrong
    /// altogether, and [`MOST_DIGITS`] where the error cannot be told from 0.
    pub fn digits(&self) -> f64 {
        digits(self.relative())
    }

    /// Whether an update is lost: 0 where the true value is not.
    pub fn is_dead(&self) -> bool {
        self.computed == 0.0 && self.truth.least() > 0.0
    }

    /// Whether a result that cannot be negative or 0 is.
    pub fn is_not_positive(&self) -> bool {
        self.computed <= 0.0 && self.truth.low > 0.0
    }

    /// Whether something underflowed on the way.
    pub fn underflowed(&self) -> bool {
        self.flags & UNDERFLOW != 0
    }

    /// Whether something overflowed on the way.
    pub fn overflowed(&self) -> bool {
        self.flags & OVERFLOW != 0
    }

    /// |computed - true|, at least, of a finite result: what the enclosure of the truth leaves possible.
    pub fn least(&self) -> f64 {
        scale(self.truth.distances(self.computed)[0], self.truth.exponent)
    }
}
