//! What is counted about the results of one formula in one mode.

use serde::Serialize;

use super::bounded::Bounded;
use super::observation::Observation;
use crate::stats::merge::Merge;
use crate::stats::sample::Sample;

/// A case that can be run again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorstCase {
    /// The logits as given; of a ratio those of both policies, one after the other.
    pub logits: Vec<f64>,
    /// The chosen action, from 0.
    pub action: usize,
    /// What was computed.
    pub computed: String,
    /// What it should have been.
    pub truth: f64,
    /// The relative error.
    pub relative: f64,
}

/// Everything that is counted about the results of one formula in one mode.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    /// Relative errors.
    pub relative: Sample,
    /// Absolute errors.
    pub absolute: Sample,
    /// Errors in units of the last place of the format of the result.
    pub ulps: Sample,
    /// Bounds from the computed values.
    pub running: Bounded,
    /// Bounds from the logits alone.
    pub a_priori: Bounded,
    /// Results <= 0 where the truth is positive.
    pub not_positive: u64,
    /// Results that are 0 where the truth is not.
    pub dead: u64,
    /// Results that are NaN.
    pub nan: u64,
    /// Results that are infinite.
    pub infinite: u64,
    /// Cases in which something underflowed on the way.
    pub underflow: u64,
    /// Cases in which something overflowed on the way.
    pub overflow: u64,
    /// Cases whose truth could not be told sharply enough.
    pub unclear: u64,
    /// The case with the largest relative error.
    pub worst: Option<WorstCase>,
}

logitlab_numbers::merge_fields!(Errors: relative, absolute, ulps, running, a_priori, not_positive, dead, nan, infinite, underflow, overflow,
    unclear, worst);

/// The worst, of equals the first.
impl Merge for WorstCase {
    fn merge(&mut self, later: WorstCase) {
        if later.relative > self.relative {
            *self = later;
        }
    }
}

impl Errors {
    /// Counts a result; `case` gives the logits and the action if it is the worst so far.
    pub fn add(&mut self, seen: &Observation, format: &crate::formats::Format, case: impl Fn() -> (Vec<f64>, usize)) {
        let relative = seen.relative();
        self.relative.add(relative);
        self.absolute.add(seen.absolute());
        self.ulps.add(seen.ulps(format));
        self.not_positive += u64::from(seen.is_not_positive());
        self.dead += u64::from(seen.is_dead());
        self.nan += u64::from(seen.computed.is_nan());
        self.infinite += u64::from(seen.computed.is_infinite());
        self.underflow += u64::from(seen.underflowed());
        self.overflow += u64::from(seen.overflowed());
        if let Some([running, a_priori]) = seen.bounds {
            self.running.observe(running, seen);
            self.a_priori.observe(a_priori, seen);
        }
        if self.worst.as_ref().is_none_or(|worst| relative > worst.relative) {
            let (logits, action) = case();
            let computed = format!("{:e}", seen.computed);
            self.worst = Some(WorstCase { logits, action, computed, truth: seen.truth.to_f64(), relative });
        }
    }

    /// The number of results.
    pub fn count(&self) -> u64 {
        self.relative.count()
    }
}
