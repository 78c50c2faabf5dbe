//! Statistics of many errors, in memory that does not grow with their number.

use serde::Serialize;

use super::bins::{Bins, rank};

/// The statistics of one quantity that is not negative: exact extremes and mean, quantiles to 0.4 %.
///
/// Values are counted by their leading bits, eight after the first, so that samples of parts add up to that of the
/// whole in any order.
#[derive(Clone, Debug)]
pub struct Sample {
    bins: Bins<u32>,
    count: u64,
    finite: u64,
    sum: f64,
    sum_of_squares: f64,
    min: f64,
    max: f64,
}

impl Default for Sample {
    fn default() -> Sample {
        Sample {
            bins: Bins::default(),
            count: 0,
            finite: 0,
            sum: 0.0,
            sum_of_squares: 0.0,
            min: f64::INFINITY,
            max: 0.0,
        }
    }
}

/// A relative error beyond which a result counts as off.
pub const OFF: f64 = 0.1;

/// Bits of an f64 that are not told apart.
pub const DROPPED: u32 = 44;

impl Sample {
    /// Counts a value >= 0, possibly infinite.
    pub fn add(&mut self, x: f64) {
        self.bins.add((x.to_bits() >> DROPPED) as u32);
        self.count += 1;
        self.min = self.min.min(x);
        self.max = self.max.max(x);
        if x.is_finite() {
            self.finite += 1;
            self.sum += x;
            self.sum_of_squares += x * x;
        }
    }

    /// From a table of counts by leading bits, the number, the sum and the sum of squares of the finite values, and the
    /// extremes.
    pub fn of_table(table: &[u64], finite: u64, sums: [f64; 2], extremes: [f64; 2]) -> Sample {
        let bins = (0..).zip(table.iter().copied()).collect();
        let ([sum, sum_of_squares], [min, max]) = (sums, extremes);
        Sample { count: table.iter().sum(), bins, finite, sum, sum_of_squares, min, max }
    }

    /// How many values were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The largest; 0 of none.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// The quantile of a share, 0 to 1, as [`rank`] defines it; 0 of none.
    pub fn quantile(&self, share: f64) -> f64 {
        rank(self.count, share).map_or(0.0, |rank| self.at_rank(rank))
    }

    fn at_rank(&self, rank: u64) -> f64 {
        let Some(bin) = self.bins.ranked(rank) else { return 0.0 };
        // The middle of what these leading bits may mean, within what was seen.
        let middle = f64::from_bits(u64::from(bin) << DROPPED | 1 << (DROPPED - 1));
        let infinite = bin >= (f64::INFINITY.to_bits() >> DROPPED) as u32;
        if infinite { f64::INFINITY } else { middle.clamp(self.min, self.max) }
    }

    /// The statistics.
    pub fn summary(&self) -> SampleSummary {
        let n = self.count as f64;
        let finite = self.finite as f64;
        let mean = if self.finite == 0 { f64::INFINITY } else { self.sum / finite };
        let variance = (self.sum_of_squares / finite - mean * mean).max(0.0);
        let half = NORMAL * (variance / finite).sqrt();
        // Ranks between which the true quantile lies with 95 %: the count below it is binomial, whatever the
        // distribution of the values.
        let ranks = |share: f64| {
            let spread = NORMAL * (n * share * (1.0 - share)).sqrt();
            [(n * share - spread).floor().max(1.0), (n * share + spread).ceil().min(n)]
                .map(|rank| self.at_rank(rank as u64))
        };
        SampleSummary {
            count: self.count,
            min: if self.count == 0 { 0.0 } else { self.min },
            median: self.quantile(0.5),
            mean,
            mean_interval: [(mean - half).max(0.0), mean + half],
            p95: self.quantile(0.95),
            p95_interval: ranks(0.95),
            p99: self.quantile(0.99),
            max: self.max,
        }
    }
}

crate::merge_fields!(Sample: bins, count, finite, sum, sum_of_squares; min min; max max);

/// The 97.5 % quantile of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// Statistics of a sample. Infinite values count for the quantiles and not for the mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleSummary {
    /// The number of values.
    pub count: u64,
    /// The smallest.
    pub min: f64,
    /// Half of the values do not exceed it.
    pub median: f64,
    /// The mean of the finite values.
    pub mean: f64,
    /// A 95 % confidence interval of the mean, normal approximation.
    pub mean_interval: [f64; 2],
    /// 95 % of the values do not exceed it.
    pub p95: f64,
    /// A 95 % confidence interval of that quantile, by order statistics.
    pub p95_interval: [f64; 2],
    /// 99 % of the values do not exceed it.
    pub p99: f64,
    /// The largest.
    pub max: f64,
}
