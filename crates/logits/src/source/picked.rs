//! Which rows of a source are gone through.

use std::ops::Range;

use crate::policy::random::Rng;

/// Rows of a source in ascending order: all of a range, or a sample that is spread over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    rows: Range<u64>,
    count: u64,
    seed: u64,
}

impl From<Range<u64>> for Picked {
    fn from(rows: Range<u64>) -> Picked {
        Picked { count: rows.end.saturating_sub(rows.start), rows, seed: 0 }
    }
}

impl Picked {
    /// So many rows of a range at most: each stands for as many as any other, and is drawn from those.
    pub fn sample(rows: Range<u64>, most: u64, seed: u64) -> Picked {
        let all = Picked::from(rows);
        Picked { count: all.count.min(most), seed, ..all }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Those of these numbers, as runs that can be read in one go.
    pub(super) fn runs(&self, indices: Range<u64>) -> Vec<Range<u64>> {
        let all = self.rows.end.saturating_sub(self.rows.start);
        if self.count == all {
            let run = self.rows.start + indices.start..self.rows.start + indices.end;
            return vec![run];
        }
        let mut runs: Vec<Range<u64>> = Vec::new();
        for index in indices {
            let from = |index: u64| (u128::from(index) * u128::from(all) / u128::from(self.count)) as u64;
            let (start, end) = (from(index), from(index + 1));
            let row = self.rows.start + start + Rng::new(self.seed, index).below(end - start);
            match runs.last_mut() {
                Some(run) if run.end == row => run.end += 1,
                _ => runs.push(row..row + 1),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_one_row_of_each_stretch() {
        let all = Picked::from(3..103);
        let one = |run| std::iter::once(run).collect::<Vec<_>>();
        assert_eq!((all.count(), all.runs(10..20)), (100, one(13..23)));
        let some = Picked::sample(3..103, 20, 7);
        let rows: Vec<u64> = some.runs(0..20).into_iter().flatten().collect();
        assert!(rows.iter().zip(0..).all(|(row, index)| (3 + 5 * index..8 + 5 * index).contains(row)), "{rows:?}");
        assert_eq!(some.runs(4..9).into_iter().flatten().collect::<Vec<_>>(), rows[4..9]);
        assert_eq!(Picked::sample(3..103, 1000, 7).runs(0..100), one(3..103));
    }
}
