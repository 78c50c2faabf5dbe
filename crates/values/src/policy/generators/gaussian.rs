//! Gaussian logits.

use crate::arith::Decimal;
use crate::policy::generator::{Choice, Generator, Params};
use crate::policy::key::scale;
use crate::policy::random::Rng;
use crate::policy::scores::Scores;

/// `gaussian`: independent Gaussian logits.
pub const GENERATOR: Generator = Generator {
    name: "gaussian",
    summary: "Gaussian logits of standard deviation scale",
    own_keys: &[scale(Decimal::new(1, 0), "standard deviation of a logit")],
    choice: Choice::Drawn,
    words: |_| 1,
    make: |params, rng| Scores::Logits(logits(params, rng)),
};

/// One Gaussian logit of standard deviation `scale` per action.
pub fn logits(params: &Params<'_>, rng: &mut Rng) -> Vec<f64> {
    let scale = params.decimal("scale").to_f64();
    (0..params.actions).map(|_| scale * rng.gaussian()).collect()
}
