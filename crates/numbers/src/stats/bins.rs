//! Counts by bin, and ranks: one definition of a quantile for all.

use std::collections::BTreeMap;

use super::merge::Merge;

/// The rank, from 1, that the quantile of a share, 0 to 1, has among so many numbers: the least number that at least
/// this share of all do not exceed has it. The smallest of all for 0, the greatest for 1, for 1/2 the middle one, and
/// of an even count the lower of the two in the middle. `None` of no numbers.
///
/// ```
/// use logitlab_numbers::stats::bins::rank;
///
/// assert_eq!([0.0, 0.5, 0.95, 1.0].map(|share| rank(20, share)), [Some(1), Some(10), Some(19), Some(20)]);
/// // Eight are fewer than 95 % of nine; 1.0 - 0.95 is a little more than 1/20.
/// assert_eq!([0.95, 1.0 / 3.0, 0.05].map(|share| rank(9, share)), [Some(9), Some(3), Some(1)]);
/// assert_eq!((rank(20, 1.0 - 0.95), rank(0, 0.5)), (Some(1), None));
/// ```
pub fn rank(count: u64, share: f64) -> Option<u64> {
    // Shares are decimals: what is a whole number but for their rounding is that number.
    let rank = (share.clamp(0.0, 1.0) * count as f64 * (1.0 - 1e-12)).ceil() as u64;
    (count > 0).then(|| rank.clamp(1, count))
}

/// The median of plain numbers, [`rank`]ed as all quantiles; `None` of none.
pub fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    Some(values[rank(values.len() as u64, 0.5)? as usize - 1])
}

/// How often each bin was met, in the order of bins. What parts counted adds up to what the whole counts, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bins<K>(BTreeMap<K, u64>);

impl<K> Default for Bins<K> {
    fn default() -> Bins<K> {
        Bins(BTreeMap::new())
    }
}

impl<K: Ord + Copy> Bins<K> {
    /// Counts a number of this bin.
    pub fn add(&mut self, bin: K) {
        *self.0.entry(bin).or_default() += 1;
    }

    /// Every bin that was met and how often, in order.
    pub fn counts(&self) -> impl Iterator<Item = (K, u64)> {
        self.0.iter().map(|(bin, count)| (*bin, *count))
    }

    /// The bin of the number with this rank, from 1.
    pub fn ranked(&self, rank: u64) -> Option<K> {
        let mut seen = 0;
        self.0.iter().find_map(|(bin, count)| {
            seen += count;
            (seen >= rank).then_some(*bin)
        })
    }
}

impl<K: Ord> Merge for Bins<K> {
    fn merge(&mut self, later: Bins<K>) {
        later.0.into_iter().for_each(|(bin, count)| *self.0.entry(bin).or_default() += count);
    }
}

impl<K: Ord> FromIterator<(K, u64)> for Bins<K> {
    fn from_iter<I: IntoIterator<Item = (K, u64)>>(counts: I) -> Bins<K> {
        Bins(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }
}
