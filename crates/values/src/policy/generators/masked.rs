//! Logits of which some are minus infinity.

use crate::arith::Decimal;
use crate::policy::generator::{Choice, Generator};
use crate::policy::generators::gaussian::logits;
use crate::policy::key::scale;
use crate::policy::scores::Scores;

/// `masked`: Gaussian logits, each replaced by -inf with probability 1/4, but for one random action's.
pub const GENERATOR: Generator = Generator {
    name: "masked",
    summary: "Gaussian logits of which about a quarter are -inf, at least one finite",
    own_keys: &[scale(Decimal::new(1, 0), "standard deviation of a finite logit")],
    choice: Choice::Drawn,
    words: |_| 1,
    make: |params, rng| {
        let kept = rng.index(params.actions);
        let mut logits = logits(params, rng);
        for (i, logit) in logits.iter_mut().enumerate() {
            if rng.bits(2) == 0 && i != kept {
                *logit = f64::NEG_INFINITY;
            }
        }
        Scores::Logits(logits)
    },
};
