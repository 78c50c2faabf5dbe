//! Random rational weights.

use crate::policy::generator::{Choice, Generator};
use crate::policy::generators::integers::positive;
use crate::policy::key::bits;
use crate::policy::scores::Scores;

/// `rationals`: numerators and denominators independent and uniform in 1 <= n < 2^bits.
pub const GENERATOR: Generator = Generator {
    name: "rationals",
    summary: "weights a/b with independent uniform 1 <= a, b < 2^bits",
    own_keys: &[bits(64)],
    choice: Choice::Drawn,
    words: |params| 2 * params.integer("bits").div_ceil(64),
    make: |params, rng| Scores::Rationals { numerators: positive(params, rng), denominators: positive(params, rng) },
};
