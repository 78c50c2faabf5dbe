//! Random positive integer weights.

use crate::policy::generator::{Choice, Generator, Params};
use crate::policy::key::bits;
use crate::policy::naturals::Naturals;
use crate::policy::random::Rng;
use crate::policy::scores::Scores;

/// `integers`: weights uniform in 1 <= n < 2^bits.
pub const GENERATOR: Generator = Generator {
    name: "integers",
    summary: "uniform integer weights 1 <= n < 2^bits over their sum",
    own_keys: &[bits(64)],
    choice: Choice::Drawn,
    words: |params| params.integer("bits").div_ceil(64),
    make: |params, rng| Scores::Integers(positive(params, rng)),
};

/// One weight per action, exactly uniform in 1 <= n < 2^bits.
pub fn positive(params: &Params<'_>, rng: &mut Rng) -> Naturals {
    let bits = params.integer("bits");
    let width = bits.div_ceil(64) as usize;
    let top = u64::MAX >> (64 * width as u64 - bits);
    let mut weights = Naturals::zeros(width, params.actions);
    rng.fill(weights.limbs_mut());
    for weight in weights.iter_mut() {
        weight[width - 1] &= top;
        // by rejection: what remains is uniform over the positive values
        while weight.iter().all(|&limb| limb == 0) {
            rng.fill(weight);
            weight[width - 1] &= top;
        }
    }
    weights
}
