//! The five sums over a row that all of its quantities are made of.

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval, Function};

/// The fewest bits with which gaps are held: the difference of two `f64` is then exact unless their magnitudes are a
/// factor 2^75 apart.
const GAP_BITS: u32 = 128;

/// How many bits a gap has beyond those of its exponential: an error of 2^-n in the gap h becomes h 2^-n in e^-h, and
/// e^-h is no number of MPFR's where h is above 2^30.
const GAP_GUARD: u32 = 32;

/// Sums over numbers h >= 0, f = e^-h.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    /// Sum of f.
    pub f1: Interval,
    /// Sum of f^2.
    pub f2: Interval,
    /// Sum of f^3.
    pub f3: Interval,
    /// Sum of f h.
    pub g1: Interval,
    /// Sum of f^2 h.
    pub g2: Interval,
}

impl Sums {
    /// Sums over nothing.
    pub(super) fn empty(system: &Intervals) -> Sums {
        let zero = || system.integer(0);
        Sums { f1: zero(), f2: zero(), f3: zero(), g1: zero(), g2: zero() }
    }

    /// Adds the sums over h = (from - z) / tau, of logits that are at most `from`, in intervals.
    pub(super) fn extend(mut self, gaps: &Gaps, from: f64, logits: impl Iterator<Item = f64>) -> Eval<Sums> {
        let s = &gaps.system;
        for z in logits {
            let h = gaps.gap(from, z)?;
            let f = gaps.weight(&h)?;
            let squared = s.power(&f, 2)?;
            let cubed = s.mul(squared.clone(), &f)?;
            self.g1 = s.add(self.g1, &s.mul(f.clone(), &h)?)?;
            self.g2 = s.add(self.g2, &s.mul(squared.clone(), &h)?)?;
            self.f1 = s.add(self.f1, &f)?;
            self.f2 = s.add(self.f2, &squared)?;
            self.f3 = s.add(self.f3, &cubed)?;
        }
        Ok(self)
    }
}

/// Differences of logits over the temperature, and their exponentials.
#[derive(Clone, Debug)]
pub(super) struct Gaps {
    /// The precision of exponentials.
    pub system: Intervals,
    wide: Intervals,
    tau: Interval,
}

impl Gaps {
    pub(super) fn new(system: Intervals, tau: f64) -> Gaps {
        let wide = Intervals::between((system.bits() + GAP_GUARD).max(GAP_BITS));
        Gaps { system, wide, tau: wide.float(tau) }
    }

    /// (from - to) / tau
    pub(super) fn gap(&self, from: f64, to: f64) -> Eval<Interval> {
        self.over_tau(self.wide.sub(self.wide.float(from), &self.wide.float(to))?)
    }

    /// x / tau
    pub(super) fn over_tau(&self, x: Interval) -> Eval<Interval> {
        self.wide.div(x, &self.tau)
    }

    /// e^-gap
    pub(super) fn weight(&self, gap: &Interval) -> Eval<Interval> {
        self.system.function(Function::Exp, self.system.neg(gap.clone())?)
    }
}
