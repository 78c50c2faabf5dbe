//! Counts the errors of whole blocks of results, at a few nanoseconds each.

use super::lanes::{Flags, OVERFLOW, UNDERFLOW};
use super::tally::{Errors, WorstCase};
use crate::stats::merge::Merge as _;
use crate::stats::sample::{DROPPED, Sample};

/// What is counted of a stretch of cases. Errors are counted by their leading bits in a table.
#[derive(Clone, Debug)]
pub struct Sweep {
    relative: Vec<u64>,
    worst: f64,
    best: f64,
    sum: f64,
    sum_of_squares: f64,
    finite: u64,
    /// The position of the worst case, as the caller counts.
    at: u64,
    counts: Errors,
}

/// A block of results beside their truths and, if asked for, bounds on their absolute errors.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// The computed numbers.
    pub computed: &'a [f64],
    /// The lower ends of the truths.
    pub lo: &'a [f64],
    /// The upper ends of the truths.
    pub hi: &'a [f64],
    /// What happened on the way.
    pub flags: &'a [Flags],
    /// Bounds on the absolute errors.
    pub bounds: Option<&'a [f64]>,
    /// The position of the first case.
    pub start: u64,
}

/// Relative width of a truth that is sharp enough.
const WIDTH: f64 = 1e-10;

impl Default for Sweep {
    fn default() -> Sweep {
        Sweep {
            relative: vec![0; 1 << (63 - DROPPED)],
            worst: -1.0,
            best: f64::INFINITY,
            sum: 0.0,
            sum_of_squares: 0.0,
            finite: 0,
            at: 0,
            counts: Errors::default(),
        }
    }
}

impl Sweep {
    /// Counts a block of results that should be positive; lanes whose truth is not sharp go into `unclear`.
    pub fn add(&mut self, results: &Results<'_>, unclear: &mut Vec<usize>) {
        for lane in 0..results.computed.len() {
            let (computed, lo, hi) = (results.computed[lane], results.lo[lane], results.hi[lane]);
            // Whatever the truth is, 0 is wrong by all of it.
            let lost = computed == 0.0 && hi > 0.0 && lo >= 0.0;
            let sharp = hi - lo <= WIDTH * lo;
            if !lost && !sharp {
                unclear.push(lane);
                continue;
            }
            let distance = (computed - lo).abs().max((computed - hi).abs());
            let relative = if lost { 1.0 } else { distance / lo };
            let relative = if relative.is_nan() { f64::INFINITY } else { relative };
            self.relative[(relative.to_bits() >> DROPPED) as usize] += 1;
            if relative > self.worst {
                self.worst = relative;
                self.at = results.start + lane as u64;
            }
            self.best = self.best.min(relative);
            if relative.is_finite() {
                self.finite += 1;
                self.sum += relative;
                self.sum_of_squares += relative * relative;
            }
            self.counts.not_positive += u64::from(computed <= 0.0);
            self.counts.dead += u64::from(computed == 0.0);
            self.counts.nan += u64::from(computed.is_nan());
            self.counts.infinite += u64::from(computed.is_infinite());
            self.counts.underflow += u64::from(results.flags[lane] & UNDERFLOW != 0);
            self.counts.overflow += u64::from(results.flags[lane] & OVERFLOW != 0);
            if let Some(bounds) = results.bounds {
                let least = if computed < lo {
                    lo - computed
                } else if computed > hi {
                    computed - hi
                } else if computed.is_nan() {
                    f64::INFINITY
                } else {
                    0.0
                };
                self.counts.running.add(bounds[lane], [least, distance], hi);
            }
        }
    }

    /// Counts what another sweep counted, later cases after earlier ones.
    pub fn merge(&mut self, other: Sweep) {
        self.relative.merge(other.relative);
        if other.worst > self.worst {
            (self.worst, self.at) = (other.worst, other.at);
        }
        self.best = self.best.min(other.best);
        self.sum += other.sum;
        self.sum_of_squares += other.sum_of_squares;
        self.finite += other.finite;
        self.counts.merge(other.counts);
    }

    /// The largest relative error and the position of its case, if a case was counted.
    pub fn worst(&self) -> Option<(f64, u64)> {
        (self.worst >= 0.0).then_some((self.worst, self.at))
    }

    /// Everything that was counted, with the worst case, if the caller knows it.
    pub fn into_errors(self, worst: Option<WorstCase>) -> Errors {
        let mut relative = Sample::of_table(
            &self.relative,
            self.finite,
            [self.sum, self.sum_of_squares],
            [self.best, self.worst.max(0.0)],
        );
        relative.merge(self.counts.relative);
        let mut errors = Errors { relative, ..self.counts };
        errors.worst = match (worst, errors.worst.take()) {
            (Some(swept), Some(single)) if single.relative > swept.relative => Some(single),
            (swept, single) => swept.or(single),
        };
        errors
    }

    /// Counts of single cases beside the table.
    pub fn counts(&mut self) -> &mut Errors {
        &mut self.counts
    }
}
