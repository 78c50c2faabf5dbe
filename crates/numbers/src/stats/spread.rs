//! How enclosed numbers are spread: quantiles, extremes, mean and sum, in memory that does not grow with their number.

use serde::{Serialize, Serializer};

use super::exact::Exact;
use super::quantiles::Sketch;
use crate::arith::interval64::Interval64;

/// A number between two others; an end may be infinite. In JSON it is `[lo, hi]`, an infinite end a string.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Between {
    /// At least this.
    pub lo: f64,
    /// At most this.
    pub hi: f64,
}

impl From<Interval64> for Between {
    fn from(x: Interval64) -> Between {
        Between { lo: x.lo(), hi: x.hi() }
    }
}

impl Serialize for Between {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum End {
            Finite(f64),
            Infinite(&'static str),
        }
        let end = |x: f64| match x {
            x if x.is_finite() => End::Finite(x),
            x if x > 0.0 => End::Infinite("inf"),
            _ => End::Infinite("-inf"),
        };
        [end(self.lo), end(self.hi)].serialize(serializer)
    }
}

/// How a quantity is spread over rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RowSpread {
    /// Over how many rows.
    pub rows: u64,
    /// In how many of them it is infinite for certain.
    pub infinite: u64,
    /// The least.
    pub min: Between,
    /// The quantile 1/2: the least number that at least half of all do not exceed.
    pub median: Between,
    /// The quantile 95/100.
    pub p95: Between,
    /// The quantile 99/100.
    pub p99: Between,
    /// The greatest.
    pub max: Between,
    /// The mean; infinite where one of the numbers is.
    pub mean: Between,
    /// The sum; infinite where one of the numbers is.
    pub sum: Between,
}

/// Counts numbers up to a [`RowSpread`].
///
/// What parts counted adds up to what the whole counts, to the last bit, in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    pub(super) sketch: Sketch<f64>,
    pub(super) infinite: u64,
    /// Of the lower ends and of the upper ends that are finite.
    pub(super) sum: [Exact; 2],
}

crate::merge_fields!(Distribution: sketch, infinite, sum);

impl Distribution {
    /// Counts one number.
    pub fn add(&mut self, x: Interval64) {
        // Of the two zeros one, so that it does not matter which came first.
        let ends = [x.lo() + 0.0, x.hi() + 0.0];
        self.sketch.add(ends);
        self.infinite += u64::from(ends[0] == f64::INFINITY || ends[1] == f64::NEG_INFINITY);
        for (sum, end) in self.sum.iter_mut().zip(ends).filter(|(_, end)| end.is_finite()) {
            sum.add(end);
        }
    }

    /// What was counted; none without numbers.
    pub fn spread(&self) -> Option<RowSpread> {
        let quantile = |share: f64| self.sketch.quantile(share).map(|[lo, hi]| Between { lo, hi });
        let (min, max) = (quantile(0.0)?, quantile(1.0)?);
        let rows = self.sketch.count() as f64;
        let divide = |x: f64, out: fn(f64) -> f64| if x == 0.0 || x.is_infinite() { x } else { out(x / rows) };
        // An end without a bound takes the sum along.
        let mut lo = if min.lo == f64::NEG_INFINITY { min.lo } else { self.sum[0].down() };
        let mut hi = if max.hi == f64::INFINITY { max.hi } else { self.sum[1].up() };
        if self.infinite > 0 {
            // Infinities of one sign outweigh all else; of both signs, nothing is known.
            lo = if min.hi == f64::NEG_INFINITY { f64::NEG_INFINITY } else { f64::INFINITY };
            hi = if max.lo == f64::INFINITY { f64::INFINITY } else { f64::NEG_INFINITY };
        }
        Some(RowSpread {
            rows: self.sketch.count(),
            infinite: self.infinite,
            min,
            median: quantile(0.5)?,
            p95: quantile(0.95)?,
            p99: quantile(0.99)?,
            max,
            mean: Between { lo: divide(lo, f64::next_down), hi: divide(hi, f64::next_up) },
            sum: Between { lo, hi },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn quantiles_contain_those_of_the_sorted_numbers(
            numbers in prop::collection::vec(prop_oneof![-1e3..1e3f64, Just(0.0), Just(f64::INFINITY), 1e-300..1e-299f64], 1..200),
        ) {
            let mut distribution = Distribution::default();
            for x in &numbers {
                distribution.add(Interval64::ends(*x - x.abs().min(1.0) * 1e-9, *x));
            }
            let mut sorted = numbers.clone();
            sorted.sort_by(f64::total_cmp);
            let spread = distribution.spread().unwrap();
            for (between, share) in [(spread.median, 0.5), (spread.p95, 0.95), (spread.p99, 0.99), (spread.max, 1.0)] {
                let x = sorted[((share * numbers.len() as f64 - 1e-9).ceil() as usize).max(1) - 1];
                prop_assert!(between.lo <= x && x <= between.hi, "{between:?} {x}");
                prop_assert!(x.is_infinite() || between.hi - between.lo <= 0.0021 * x.abs().max(1e-6), "{between:?} {x}");
            }
            let finite: Vec<f64> = numbers.iter().copied().filter(|x| x.is_finite()).collect();
            prop_assert_eq!(spread.infinite as usize, numbers.len() - finite.len());
            let sum: f64 = numbers.iter().sum();
            prop_assert!(spread.sum.lo <= sum + 1e-6 && sum - 1e-6 <= spread.sum.hi);
        }
    }

    #[test]
    fn no_quantile_lies_beyond_the_extremes_and_zeros_are_zero() {
        let spread = |numbers: &[f64]| {
            let mut distribution = Distribution::default();
            numbers.iter().for_each(|x| distribution.add(Interval64::point(*x)));
            distribution.spread().unwrap()
        };
        assert!(Distribution::default().spread().is_none());
        let point = |x: f64| Between { lo: x, hi: x };
        let one = spread(&[0.0529]);
        assert_eq!([one.min, one.median, one.p95, one.p99, one.max], [point(0.0529); 5]);
        let zeros = spread(&[0.0, 0.0, 0.0, 1.0]);
        assert_eq!((zeros.median, zeros.p99), (point(0.0), point(1.0)));
        let infinite = spread(&[f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY, -0.0]);
        assert_eq!((infinite.median, infinite.max), (point(f64::NEG_INFINITY), point(0.0)));
    }
}
