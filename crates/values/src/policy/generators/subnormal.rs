//! Logits too small for a normal floating-point number.

use crate::policy::generator::{Choice, Generator};
use crate::policy::random::Rng;
use crate::policy::scores::Scores;

/// `subnormal`: logits +-m * 2^-1074 with 1 <= m < 2^52, every bit length of m equally often.
pub const GENERATOR: Generator = Generator {
    name: "subnormal",
    summary: "logits that are subnormal numbers, multiples of 2^-1074 = 5e-324",
    own_keys: &[],
    choice: Choice::Drawn,
    words: |_| 1,
    make: |params, rng| Scores::Logits((0..params.actions).map(|_| logit(rng)).collect()),
};

fn logit(rng: &mut Rng) -> f64 {
    let length = 1 + rng.index(52) as u32;
    let sign = rng.bits(1) << 63;
    // the bits of a subnormal are its multiple of 2^-1074
    f64::from_bits(sign | rng.of_length(length))
}
