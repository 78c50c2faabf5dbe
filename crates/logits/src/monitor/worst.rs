//! The worst rows, in an order in which no two different ones are equal.

use std::cmp::Ordering;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::stats::merge::Merge;

/// So many rows are kept.
const KEPT: usize = 5;

/// A row whose claimed number is certainly wrong.
#[derive(Clone, Copy, Debug)]
pub struct Ranked {
    /// The error, at least and at most: in nats, or relative.
    pub error: [f64; 2],
    /// What its caller calls it.
    pub id: i64,
    /// The chosen action, from 0.
    pub action: u64,
    /// What is claimed.
    pub claimed: f64,
    /// The true number, at least and at most.
    pub truth: [f64; 2],
}

impl Ranked {
    /// All of it as whole numbers.
    fn bits(&self) -> (i64, u64, u64, [u64; 2], [u64; 2]) {
        let of = |ends: [f64; 2]| ends.map(f64::to_bits);
        (self.id, self.action, self.claimed.to_bits(), of(self.truth), of(self.error))
    }

    /// The larger error first, then the smaller id, then whatever differs.
    fn order(&self, other: &Ranked) -> Ordering {
        other.error[0].total_cmp(&self.error[0]).then_with(|| self.bits().cmp(&other.bits()))
    }
}

/// The same row; NaN is the same as itself.
impl PartialEq for Ranked {
    fn eq(&self, other: &Ranked) -> bool {
        self.bits() == other.bits()
    }
}

/// As whole numbers, since JSON has neither NaN nor infinities.
impl Serialize for Ranked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.bits().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Ranked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ranked, D::Error> {
        let (id, action, claimed, truth, error) = Deserialize::deserialize(deserializer)?;
        let of = |ends: [u64; 2]| ends.map(f64::from_bits);
        Ok(Ranked { id, action, claimed: f64::from_bits(claimed), truth: of(truth), error: of(error) })
    }
}

/// The worst rows, the worst first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Worst(Vec<Ranked>);

impl Worst {
    /// Keeps a row if it is among the worst.
    pub fn add(&mut self, row: Ranked) {
        let place = self.0.partition_point(|kept| kept.order(&row).is_le());
        if place < KEPT {
            self.0.insert(place, row);
            self.0.truncate(KEPT);
        }
    }

    /// Those that are kept.
    pub fn rows(&self) -> &[Ranked] {
        &self.0
    }
}

impl Merge for Worst {
    fn merge(&mut self, later: Worst) {
        later.0.into_iter().for_each(|row| self.add(row));
    }
}

/// In whatever order they stand, and no more than are kept.
impl<'de> Deserialize<'de> for Worst {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Worst, D::Error> {
        let mut worst = Worst::default();
        Vec::deserialize(deserializer)?.into_iter().for_each(|row| worst.add(row));
        Ok(worst)
    }
}
