//! The sums over a row that all of its quantities are made of.

use rug::Float;
use rug::float::Round;

use crate::arith::interval::{Interval, Intervals};
use crate::arith::{Arithmetic, Eval, Function};
use crate::certified::Given;

/// The fewest bits with which gaps are held: the difference of two `f64` is then exact unless their magnitudes are a
/// factor 2^75 apart.
const GAP_BITS: u32 = 128;

/// How many bits a gap has beyond those of its exponential: an error of 2^-n in the gap h becomes h 2^-n in e^-h, and
/// e^-h is no number of MPFR's where h is above 2^30.
const GAP_GUARD: u32 = 32;

/// What the weights of a row are measured from.
///
/// The gap of an action is (largest logit - its logit) / tau, and its weight e the exponential of minus that. The
/// runner-up's, the largest logit below the largest, are g and E.
pub(super) struct Frame {
    /// The precision of weights.
    pub system: Intervals,
    wide: Intervals,
    tau: Interval,
    largest: f64,
    /// The runner-up's logit.
    pub second: f64,
    /// g
    pub gap: Interval,
    /// E
    pub scale: Interval,
}

impl Frame {
    pub(super) fn new(system: Intervals, tau: Given, largest: f64, second: f64) -> Eval<Frame> {
        let wide = Intervals::between((system.bits() + GAP_GUARD).max(GAP_BITS));
        let none = system.integer(0);
        let mut frame =
            Frame { system, wide, tau: tau.interval(&wide), largest, second, gap: none.clone(), scale: none };
        frame.gap = frame.gap(second)?;
        frame.scale = frame.weight(&frame.gap)?;
        Ok(frame)
    }

    /// The gap of a logit.
    pub(super) fn gap(&self, z: f64) -> Eval<Interval> {
        self.between(self.largest, z)
    }

    /// The gap of a logit, less g.
    fn gap_from_second(&self, z: f64) -> Eval<Interval> {
        self.between(self.second, z)
    }

    fn between(&self, from: f64, to: f64) -> Eval<Interval> {
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

    /// 1 - e, with all its digits where e is near 1.
    fn complement(&self, gap: &Interval, weight: &Interval) -> Eval<Interval> {
        let s = &self.system;
        if *weight.hi() < 0.5 {
            return s.sub(s.integer(1), weight);
        }
        let below = |gap: &Float, round| -Float::with_val_round(s.bits(), (-gap.clone()).exp_m1_ref(), round).0;
        Ok(s.ends(&below(gap.lo(), Round::Up), &below(gap.hi(), Round::Down)))
    }
}

/// Sums over actions, with h = gap - g, f = e / E = e^-h.
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
    /// Sum of f (1 - e).
    pub d1: Interval,
    /// Sum of f (1 - e)^2.
    pub d2: Interval,
    /// Sum of f (1 - e) gap.
    pub dg: Interval,
}

impl Sums {
    /// Sums over nothing.
    pub(super) fn empty(s: &Intervals) -> Sums {
        let zero = || s.integer(0);
        Sums { f1: zero(), f2: zero(), f3: zero(), g1: zero(), g2: zero(), d1: zero(), d2: zero(), dg: zero() }
    }

    /// From the first five sums. The others are differences of them: narrow unless weights near 1 outweigh what is to
    /// be told of the others.
    pub(super) fn from_powers(frame: &Frame, [f1, f2, f3, g1, g2]: [Interval; 5]) -> Eval<Sums> {
        let s = &frame.system;
        let scaled = |x: Interval| s.mul(x, &frame.scale);
        let d1 = s.sub(f1.clone(), &scaled(f2.clone())?)?;
        let second = s.sub(f2.clone(), &scaled(f3.clone())?)?;
        let d2 = s.sub(d1.clone(), &scaled(second)?)?;
        // f (1 - e) gap = f (1 - e) g + f h - E f^2 h
        let dg = s.add(s.mul(d1.clone(), &frame.gap)?, &s.sub(g1.clone(), &scaled(g2.clone())?)?)?;
        Ok(Sums { f1, f2, f3, g1, g2, d1, d2, dg })
    }

    /// Adds logits, none of them masked or above the runner-up's, in intervals.
    pub(super) fn extend(mut self, frame: &Frame, logits: impl Iterator<Item = f64>) -> Eval<Sums> {
        let s = &frame.system;
        for z in logits {
            let (gap, h) = (frame.gap(z)?, frame.gap_from_second(z)?);
            let f = frame.weight(&h)?;
            let rest = frame.complement(&gap, &s.mul(f.clone(), &frame.scale)?)?;
            let squared = s.power(&f, 2)?;
            let once = s.mul(f.clone(), &rest)?;
            self.f3 = s.add(self.f3, &s.mul(squared.clone(), &f)?)?;
            self.g1 = s.add(self.g1, &s.mul(f.clone(), &h)?)?;
            self.g2 = s.add(self.g2, &s.mul(squared.clone(), &h)?)?;
            self.f1 = s.add(self.f1, &f)?;
            self.f2 = s.add(self.f2, &squared)?;
            self.d2 = s.add(self.d2, &s.mul(once.clone(), &rest)?)?;
            self.dg = s.add(self.dg, &s.mul(once.clone(), &gap)?)?;
            self.d1 = s.add(self.d1, &once)?;
        }
        Ok(self)
    }

    /// The sums, in the order of the fields.
    #[cfg(test)]
    pub(super) fn all(&self) -> [&Interval; 8] {
        [&self.f1, &self.f2, &self.f3, &self.g1, &self.g2, &self.d1, &self.d2, &self.dg]
    }
}
