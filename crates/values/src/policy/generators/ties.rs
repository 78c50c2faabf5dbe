//! Many actions of equal probability.

use crate::policy::generator::{Choice, Generator};
use crate::policy::naturals::Naturals;
use crate::policy::scores::Scores;

/// `ties`: integer weights of at most three distinct values below 2^16, with the largest at
/// least twice (for K >= 2).
pub const GENERATOR: Generator = Generator {
    name: "ties",
    summary: "integer weights of at most three distinct values, the largest at least twice",
    own_keys: &[],
    choice: Choice::Drawn,
    words: |_| 1,
    make: |params, rng| {
        let values: [u64; 3] = std::array::from_fn(|_| 1 + rng.below(0xffff));
        let mut weights: Vec<u64> = (0..params.actions).map(|_| values[rng.index(3)]).collect();
        if params.actions > 1 {
            let first = rng.index(params.actions);
            let second = (first + 1 + rng.index(params.actions - 1)) % params.actions;
            let largest = weights.iter().copied().fold(0, u64::max);
            (weights[first], weights[second]) = (largest, largest);
        }
        Scores::Integers(Naturals::from_u64s(weights))
    },
};
