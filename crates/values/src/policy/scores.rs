//! What fixes the probabilities of a policy.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::naturals::Naturals;

/// What fixes the probabilities P of a policy: exact weights, or logits.
///
/// Weights give P exactly, as rational numbers; logits are exact binary numbers, but
/// P = softmax(z) is in general irrational.
#[derive(Clone, Debug, PartialEq)]
pub enum Scores {
    /// P_i = n_i / sum n: non-negative integers of which at least one is positive.
    Integers(Naturals),
    /// P_i proportional to `numerators_i / denominators_i`, with unrelated denominators.
    Rationals {
        /// One per action, at least one of them positive.
        numerators: Naturals,
        /// One per action, all positive.
        denominators: Naturals,
    },
    /// P = softmax(z). Every z_i is finite or `-inf`, which marks a masked action of probability 0;
    /// at least one is finite.
    Logits(Vec<f64>),
}

impl Scores {
    /// Number of actions K.
    pub fn len(&self) -> usize {
        match self {
            Scores::Integers(weights) => weights.len(),
            Scores::Rationals { numerators, .. } => numerators.len(),
            Scores::Logits(logits) => logits.len(),
        }
    }

    /// Whether there are no actions (never so in a policy).
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether action `i` (0-based) has probability exactly 0.
    ///
    /// # Panics
    ///
    /// If `i` is not below `len()`.
    pub fn is_zero(&self, i: usize) -> bool {
        match self {
            Scores::Integers(weights) => weights.is_zero(i),
            Scores::Rationals { numerators, .. } => numerators.is_zero(i),
            Scores::Logits(logits) => logits[i] == f64::NEG_INFINITY,
        }
    }

    /// Which of the actions `i` and `j` (0-based) is the more probable, decided exactly.
    ///
    /// ```
    /// use logitlab_values::policy::{Naturals, Scores};
    ///
    /// let third_and_half = Scores::Rationals {
    ///     numerators: Naturals::from_u64s(vec![1, 1]),
    ///     denominators: Naturals::from_u64s(vec![3, 2]),
    /// };
    /// assert!(third_and_half.compare(0, 1).is_lt());
    /// ```
    ///
    /// # Panics
    ///
    /// If `i` or `j` is not below `len()`.
    pub fn compare(&self, i: usize, j: usize) -> Ordering {
        match self {
            Scores::Integers(weights) => weights.compare(i, j),
            Scores::Rationals { numerators, denominators } => {
                product(numerators.entry(i), denominators.entry(j), numerators.entry(j), denominators.entry(i))
            }
            // 0 and -0 are one score
            Scores::Logits(logits) => logits[i].partial_cmp(&logits[j]).expect("logits are numbers"),
        }
    }

    /// The most probable action (0-based), the first among equals.
    ///
    /// # Panics
    ///
    /// If there are no actions.
    pub fn largest(&self) -> usize {
        self.first_extreme(Ordering::Greater)
    }

    /// The least probable action (0-based), the first among equals; it may have probability 0.
    ///
    /// # Panics
    ///
    /// If there are no actions.
    pub fn smallest(&self) -> usize {
        self.first_extreme(Ordering::Less)
    }

    fn first_extreme(&self, wanted: Ordering) -> usize {
        (0..self.len())
            .reduce(|best, i| if self.compare(i, best) == wanted { i } else { best })
            .expect("a policy has at least one action")
    }
}

/// Compares a * b with c * d.
fn product(a: &[u64], b: &[u64], c: &[u64], d: &[u64]) -> Ordering {
    if let (&[a], &[b], &[c], &[d]) = (a, b, c, d) {
        return (u128::from(a) * u128::from(b)).cmp(&(u128::from(c) * u128::from(d)));
    }
    (big(a) * big(b)).cmp(&(big(c) * big(d)))
}

/// The integer of little-endian limbs.
pub(super) fn big(limbs: &[u64]) -> BigUint {
    BigUint::new(limbs.iter().flat_map(|&limb| [limb as u32, (limb >> 32) as u32]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_are_the_first_among_equals() {
        let weights = Scores::Integers(Naturals::from_u64s(vec![3, 0, 7, 0, 7]));
        assert_eq!((weights.largest(), weights.smallest()), (2, 1));
        let logits = Scores::Logits(vec![0.0, f64::NEG_INFINITY, -0.0, f64::NEG_INFINITY]);
        assert_eq!((logits.largest(), logits.smallest()), (0, 1));
        assert!(logits.is_zero(1) && !logits.is_zero(0));
    }

    #[test]
    fn wide_rationals_compare_by_cross_multiplication() {
        // 2^64 / 3 against 2^64 / 2 and 1 / 1
        let scores = Scores::Rationals {
            numerators: Naturals::new(2, vec![0, 1, 0, 1, 1, 0]),
            denominators: Naturals::new(2, vec![3, 0, 2, 0, 1, 0]),
        };
        assert_eq!((scores.largest(), scores.smallest()), (1, 2));
    }
}
