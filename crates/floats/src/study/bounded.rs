//! What is seen of one kind of error bound: whether it holds, how tight it is, how often it says nothing.

use serde::Serialize;

use super::observation::Observation;

/// Counts of bounds on absolute errors beside what was observed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bounded {
    /// How many bounds were compared.
    pub count: u64,
    /// Exceeded ones: each is a bug.
    pub exceeded: u64,
    /// Infinite ones: after an overflow, or where no theorem says anything.
    pub infinite: u64,
    /// Finite ones of 100 % of the true value and more: true, and empty.
    pub empty: u64,
    /// The largest observed error over bound.
    pub tightness: f64,
    /// The largest finite bound relative to the true value.
    pub largest: f64,
}

logitlab_numbers::merge_fields!(Bounded: count, exceeded, infinite, empty; max tightness, largest);

impl Bounded {
    /// Counts a bound; `least` and `most` enclose the observed error, `truth` is the size of the true value.
    #[inline(always)]
    pub fn add(&mut self, bound: f64, [least, most]: [f64; 2], truth: f64) {
        self.count += 1;
        // Written so that what is not a number is within no bound.
        let holds = least <= bound;
        self.exceeded += u64::from(!holds);
        if bound < f64::INFINITY {
            self.empty += u64::from(bound >= truth);
            let tightness = most / bound;
            self.tightness = if tightness > self.tightness { tightness } else { self.tightness };
            let relative = bound / truth;
            self.largest = if relative > self.largest { relative } else { self.largest };
        } else {
            self.infinite += 1;
        }
    }

    /// Counts a bound on the error of an observation.
    pub fn observe(&mut self, bound: f64, seen: &Observation) {
        let truth = seen.truth.to_f64().abs();
        if seen.computed.is_finite() {
            self.add(bound, [seen.least(), seen.absolute()], truth);
        } else {
            // Nothing finite is within a finite bound of what is not.
            self.add(bound, [f64::INFINITY, 0.0], truth);
        }
    }

    /// The largest bound relative to the true value; infinite if one was, absent if none was asked for.
    pub fn worst(&self) -> Option<f64> {
        (self.count > 0).then_some(if self.infinite > 0 { f64::INFINITY } else { self.largest })
    }
}
