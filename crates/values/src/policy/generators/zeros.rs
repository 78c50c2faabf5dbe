//! Many actions of probability zero.

use crate::policy::generator::{Choice, Generator};
use crate::policy::generators::integers::positive;
use crate::policy::key::bits;
use crate::policy::scores::Scores;

/// `zeros`: integer weights, each of which is 0 with probability 1/2, but for one random action's.
pub const GENERATOR: Generator = Generator {
    name: "zeros",
    summary: "integer weights of which about half are 0, at least one positive",
    own_keys: &[bits(64)],
    choice: Choice::Drawn,
    words: |params| params.integer("bits").div_ceil(64),
    make: |params, rng| {
        let kept = rng.index(params.actions);
        let mut weights = positive(params, rng);
        for (i, weight) in weights.iter_mut().enumerate() {
            if rng.bits(1) == 0 && i != kept {
                weight.fill(0);
            }
        }
        Scores::Integers(weights)
    },
};
