//! The two extremes: every action alike, and one action only.

use crate::policy::generator::{Choice, Generator};
use crate::policy::naturals::Naturals;
use crate::policy::scores::Scores;

/// `uniform`: every weight is 1.
pub const UNIFORM: Generator = Generator {
    name: "uniform",
    summary: "P = 1/K for every action",
    own_keys: &[],
    choice: Choice::Drawn,
    words: |_| 1,
    make: |params, _| Scores::Integers(Naturals::from_u64s(vec![1; params.actions])),
};

/// `one-hot`: one weight is 1, the others are 0.
pub const ONE_HOT: Generator = Generator {
    name: "one-hot",
    summary: "P = 1 for one random action, 0 for the others",
    own_keys: &[],
    choice: Choice::Drawn,
    words: |_| 1,
    make: |params, rng| {
        let mut weights = vec![0; params.actions];
        weights[rng.index(params.actions)] = 1;
        Scores::Integers(Naturals::from_u64s(weights))
    },
};
