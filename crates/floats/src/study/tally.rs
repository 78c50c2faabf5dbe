//! Statistics of many errors, in memory that does not grow with their number.

use serde::Serialize;

use super::bounded::Bounded;
use super::observation::Observation;

/// The statistics of one quantity that is not negative: exact extremes and mean, quantiles to 0.4 %.
///
/// Values are counted by their leading bits, eight after the first, so that tallies of parts add up to the tally of
/// the whole in any order.
#[derive(Clone, Debug)]
pub struct Tally {
    counts: std::collections::BTreeMap<u32, u64>,
    count: u64,
    finite: u64,
    sum: f64,
    sum_of_squares: f64,
    min: f64,
    max: f64,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            counts: std::collections::BTreeMap::new(),
            count: 0,
            finite: 0,
            sum: 0.0,
            sum_of_squares: 0.0,
            min: f64::INFINITY,
            max: 0.0,
        }
    }
}

/// Bits of an f64 that are not told apart.
pub const DROPPED: u32 = 44;

impl Tally {
    /// Counts a value >= 0, possibly infinite.
    pub fn add(&mut self, x: f64) {
        *self.counts.entry((x.to_bits() >> DROPPED) as u32).or_insert(0) += 1;
        self.count += 1;
        self.min = self.min.min(x);
        self.max = self.max.max(x);
        if x.is_finite() {
            self.finite += 1;
            self.sum += x;
            self.sum_of_squares += x * x;
        }
    }

    /// Counts what another tally counted.
    pub fn merge(&mut self, other: &Tally) {
        for (key, count) in &other.counts {
            *self.counts.entry(*key).or_insert(0) += count;
        }
        self.count += other.count;
        self.finite += other.finite;
        self.sum += other.sum;
        self.sum_of_squares += other.sum_of_squares;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// From a table of counts by leading bits, the number, the sum and the sum of squares of the finite values, and the
    /// extremes.
    pub fn of_table(table: &[u64], finite: u64, sums: [f64; 2], extremes: [f64; 2]) -> Tally {
        let counts: std::collections::BTreeMap<u32, u64> =
            (0..).zip(table).filter(|(_, count)| **count > 0).map(|(key, count)| (key, *count)).collect();
        let ([sum, sum_of_squares], [min, max]) = (sums, extremes);
        Tally { count: counts.values().sum(), counts, finite, sum, sum_of_squares, min, max }
    }

    /// How many values were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The largest; 0 of none.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// The smallest value that at least this share of the values does not exceed.
    pub fn quantile(&self, share: f64) -> f64 {
        self.at_rank((share * self.count as f64).ceil().max(1.0) as u64)
    }

    fn at_rank(&self, rank: u64) -> f64 {
        let mut seen = 0;
        for (key, count) in &self.counts {
            seen += count;
            if seen >= rank {
                // The middle of what these leading bits may mean, within what was seen.
                let middle = f64::from_bits(u64::from(*key) << DROPPED | 1 << (DROPPED - 1));
                let infinite = *key >= (f64::INFINITY.to_bits() >> DROPPED) as u32;
                return if infinite { f64::INFINITY } else { middle.clamp(self.min, self.max) };
            }
        }
        0.0
    }

    /// The statistics.
    pub fn summary(&self) -> Summary {
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
        Summary {
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

/// The 97.5 % quantile of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// Statistics of a sample. Infinite values count for the quantiles and not for the mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
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

/// A case that can be run again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Witness {
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
    pub relative: Tally,
    /// Absolute errors.
    pub absolute: Tally,
    /// Errors in units of the last place of the format of the result.
    pub ulps: Tally,
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
    pub worst: Option<Witness>,
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
            self.worst = Some(Witness { logits, action, computed, truth: seen.truth.to_f64(), relative });
        }
    }

    /// Counts what others counted, later cases after earlier ones.
    pub fn merge(&mut self, other: Errors) {
        for (mine, theirs) in [
            (&mut self.relative, &other.relative),
            (&mut self.absolute, &other.absolute),
            (&mut self.ulps, &other.ulps),
        ] {
            mine.merge(theirs);
        }
        for (mine, theirs) in [
            (&mut self.not_positive, other.not_positive),
            (&mut self.dead, other.dead),
            (&mut self.nan, other.nan),
            (&mut self.infinite, other.infinite),
            (&mut self.underflow, other.underflow),
            (&mut self.overflow, other.overflow),
            (&mut self.unclear, other.unclear),
        ] {
            *mine += theirs;
        }
        self.running.merge(&other.running);
        self.a_priori.merge(&other.a_priori);
        let worse = |theirs: &Witness| self.worst.as_ref().is_none_or(|mine| theirs.relative > mine.relative);
        if other.worst.as_ref().is_some_and(worse) {
            self.worst = other.worst;
        }
    }

    /// The number of results.
    pub fn count(&self) -> u64 {
        self.relative.count()
    }
}
