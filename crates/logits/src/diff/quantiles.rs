//! Quantiles of numbers that are known as enclosures, in memory that does not grow with their number.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

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

/// Bits of the significand that a bin keeps: neighbouring bins are 0.1 % apart.
const KEPT: u32 = 10;

/// Numbers counted by their leading bits: each count stands for a number between the ends of its bin. 0 and the two
/// infinities have bins of their own.
#[derive(Clone, Debug, Default)]
struct Bins(BTreeMap<i64, u64>);

impl Bins {
    fn add(&mut self, x: f64) {
        *self.0.entry(bin(x)).or_default() += 1;
    }

    /// The least and the greatest f64 of the bin of the number with this rank, from 1.
    fn ranked(&self, rank: u64) -> Option<[f64; 2]> {
        let mut seen = 0;
        let reaches = |(_, count): &(&i64, &u64)| {
            seen += **count;
            seen >= rank
        };
        let (bin, _) = self.0.iter().find(reaches)?;
        let first = match bin {
            &NEGATIVE_INFINITY => return Some([f64::NEG_INFINITY; 2]),
            0 => return Some([0.0; 2]),
            bin if *bin > 0 => (bin - 1) << (52 - KEPT),
            bin => bin << (52 - KEPT),
        };
        let last = first + ((1 << (52 - KEPT)) - 1);
        Some([first, last].map(|place| from_order(place).clamp(f64::NEG_INFINITY, f64::INFINITY)))
    }
}

/// The bin of -inf, whose leading bits it shares with numbers.
const NEGATIVE_INFINITY: i64 = i64::MIN;

/// The bin of a number: 0 for 0, in order.
fn bin(x: f64) -> i64 {
    let leading = order(x) >> (52 - KEPT);
    match x {
        0.0 => 0,
        f64::NEG_INFINITY => NEGATIVE_INFINITY,
        _ => leading + i64::from(x > 0.0),
    }
}

/// The place of a number in the order of all f64, NaN aside.
fn order(x: f64) -> i64 {
    let bits = (x + 0.0).to_bits() as i64;
    // Of negative numbers, those with larger bits come first.
    if bits < 0 { i64::MIN - bits } else { bits }
}

fn from_order(place: i64) -> f64 {
    let x = f64::from_bits(if place < 0 { (i64::MIN - place) as u64 } else { place as u64 });
    if x.is_nan() { if place < 0 { f64::NEG_INFINITY } else { f64::INFINITY } } else { x }
}

/// How a quantity is spread over rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
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

/// Counts numbers up to a [`Spread`].
#[derive(Clone, Debug)]
pub struct Distribution {
    rows: u64,
    infinite: u64,
    lower: Bins,
    upper: Bins,
    least: [f64; 2],
    most: [f64; 2],
    sum: [f64; 2],
}

impl Default for Distribution {
    fn default() -> Distribution {
        let (least, most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        Distribution {
            rows: 0,
            infinite: 0,
            lower: Bins::default(),
            upper: Bins::default(),
            least,
            most,
            sum: [0.0; 2],
        }
    }
}

impl Distribution {
    /// Counts one number.
    pub fn add(&mut self, x: Interval64) {
        self.rows += 1;
        self.lower.add(x.lo());
        self.upper.add(x.hi());
        self.least = [self.least[0].min(x.lo()), self.least[1].min(x.hi())];
        self.most = [self.most[0].max(x.lo()), self.most[1].max(x.hi())];
        if x.lo() == f64::INFINITY || x.hi() == f64::NEG_INFINITY {
            self.infinite += 1;
        } else {
            let [lo, hi] = self.sum;
            let exact = |sum: f64, x: f64| x == 0.0 || sum == 0.0;
            self.sum = [
                if exact(lo, x.lo()) { lo + x.lo() } else { (lo + x.lo()).next_down() },
                if exact(hi, x.hi()) { hi + x.hi() } else { (hi + x.hi()).next_up() },
            ];
        }
    }

    /// What was counted; none without numbers.
    pub fn spread(&self) -> Option<Spread> {
        if self.rows == 0 {
            return None;
        }
        let [min, max] = [self.least, self.most].map(|[lo, hi]| Between { lo, hi });
        let quantile = |hundredths: u64| {
            // In 128 bits no count overflows.
            let rank = (u128::from(self.rows) * u128::from(hundredths)).div_ceil(100).max(1) as u64;
            if rank == self.rows {
                return Some(max);
            }
            if rank == 1 {
                return Some(min);
            }
            let ([lo, _], [_, hi]) = (self.lower.ranked(rank)?, self.upper.ranked(rank)?);
            Some(Between { lo: lo.max(min.lo).min(max.hi), hi: hi.min(max.hi).max(min.lo) })
        };
        let rows = self.rows as f64;
        let divide = |x: f64, out: fn(f64) -> f64| if x == 0.0 || x.is_infinite() { x } else { out(x / rows) };
        let [mut lo, mut hi] = self.sum;
        if self.infinite > 0 {
            // Infinities of one sign outweigh all else; of both signs, nothing is known.
            lo = if self.least[1] == f64::NEG_INFINITY { f64::NEG_INFINITY } else { f64::INFINITY };
            hi = if self.most[0] == f64::INFINITY { f64::INFINITY } else { f64::NEG_INFINITY };
        }
        Some(Spread {
            rows: self.rows,
            infinite: self.infinite,
            min,
            median: quantile(50)?,
            p95: quantile(95)?,
            p99: quantile(99)?,
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
    fn order_is_that_of_the_numbers() {
        let numbers = [f64::NEG_INFINITY, f64::MIN, -1.0, -1e-310, -0.0, 0.0, 1e-310, 1.0, f64::MAX, f64::INFINITY];
        for pair in numbers.windows(2) {
            assert!(order(pair[0]) <= order(pair[1]), "{pair:?}");
        }
        for x in numbers {
            assert_eq!(from_order(order(x)), x);
        }
        assert!(Distribution::default().spread().is_none());
    }

    #[test]
    fn no_quantile_lies_beyond_the_extremes_and_zeros_are_zero() {
        let spread = |numbers: &[f64]| {
            let mut distribution = Distribution::default();
            numbers.iter().for_each(|x| distribution.add(Interval64::point(*x)));
            distribution.spread().unwrap()
        };
        let point = |x: f64| Between { lo: x, hi: x };
        let one = spread(&[0.0529]);
        assert_eq!([one.min, one.median, one.p95, one.p99, one.max], [point(0.0529); 5]);
        let zeros = spread(&[0.0, 0.0, 0.0, 1.0]);
        assert_eq!((zeros.median, zeros.p99), (point(0.0), point(1.0)));
        let infinite = spread(&[f64::NEG_INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY, -0.0]);
        assert_eq!((infinite.median, infinite.max), (point(f64::NEG_INFINITY), point(0.0)));
    }
}
